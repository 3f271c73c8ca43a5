"""The two archives that a collège exports from SIECLE, in the elements of `siecle_texts`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from benchmarks import siecle_texts as texts
from benchmarks.academy.families import Adult, Child, Family, classes_of
from benchmarks.academy.onde import born
from benchmarks.academy.schools import PaperSchool

PUPILS, GUARDIANS = "ElevesSansAdresses", "ResponsablesAvecAdresses"
_A_CLASS = 27
_LEVEL = 1
"""Of compression: harder takes longer and says nothing more."""
_FORMATIONS = ("10010012110", "10110001110", "10210001110", "10310019110")
_YEARS_AFTER_FIRST = 8


def write_siecle(folder: Path, school: PaperSchool, families: Sequence[Family]) -> None:
    """Write both archives of a school into its folder."""
    classes = classes_of(school, list(families), _A_CLASS)
    labels = {child.number: one.label for one in classes for _, child in one.members}
    head = texts.HEAD.format
    pupils = chain(
        [head(root="BEE_ELEVES", version="3.0", uai=school.uai)],
        _section("ELEVES", families, partial(_pupils, texts.PUPIL, labels)),
        _section("OPTIONS", families, partial(_pupils, texts.OPTIONS, labels)),
        _section("STRUCTURES", families, partial(_pupils, texts.STRUCTURE, labels)),
        ["    <BOURSES />\n  </DONNEES>\n</BEE_ELEVES>\n"],
    )
    guardians = chain(
        [head(root="BEE_RESPONSABLES", version="2.1", uai=school.uai)],
        _section("PERSONNES", families, _persons),
        _section("RESPONSABLES", families, _links),
        _section("ADRESSES", families, partial(_homes, school)),
        ["  </DONNEES>\n</BEE_RESPONSABLES>\n"],
    )
    _write(folder, PUPILS, pupils)
    _write(folder, GUARDIANS, guardians)


def _write(folder: Path, name: str, pieces: Iterable[str]) -> None:
    content = "".join(pieces).encode("iso-8859-15", errors="replace")
    path = folder / f"ExportXML_{name}.zip"
    with ZipFile(path, "w") as archive:
        # Without the moment of writing: the same seed, the same bytes.
        member = ZipInfo(f"{name}.xml")
        archive.writestr(member, content, ZIP_DEFLATED, _LEVEL)


def _section(
    tag: str, families: Sequence[Family], write: Callable[[Family], Iterable[str]]
) -> Iterator[str]:
    yield f"    <{tag}>\n"
    for family in families:
        yield from write(family)
    yield f"    </{tag}>\n"


def _pupils(text: str, labels: dict[int, str], family: Family) -> Iterator[str]:
    for child in family.children:
        birthday = born(child, _YEARS_AFTER_FIRST)
        yield text.format(
            number=child.number,
            place=child.number % 100_000,
            ine=child.ine,
            family=escape(child.named.family),
            given=escape(child.named.given),
            day=birthday.day,
            month=birthday.month,
            year=birthday.year,
            left="",
            sex=2 if child.named.woman else 1,
            formation=_FORMATIONS[child.level],
            label=labels[child.number],
        )


def _number(family: Family, place: int) -> int:
    return 2 * family.number + place


def _persons(family: Family) -> Iterator[str]:
    for place, adult in enumerate(family.adults):
        yield _person(_number(family, place), adult)


def _person(number: int, adult: Adult) -> str:
    return texts.PERSON.format(
        number=number,
        civility="MME" if adult.named.woman else "M.",
        long_civility="MADAME" if adult.named.woman else "MONSIEUR",
        family=escape(adult.named.family),
        given=escape(adult.named.given),
        mobile=f"+33{adult.mobile[1:]}" if adult.mobile else "",
        email=adult.email,
        home=number,
    )


def _links(family: Family) -> Iterator[str]:
    for child in family.children:
        yield from (_link(family, child, place) for place in range(len(family.adults)))


def _link(family: Family, child: Child, place: int) -> str:
    woman = family.adults[place].named.woman
    person = _number(family, place)
    return texts.NEW_LINK.format(
        child=child.number, person=person, level=1, kinship=10 if woman else 20
    )


def _homes(school: PaperSchool, family: Family) -> Iterator[str]:
    for place, adult in enumerate(family.adults):
        yield texts.HOME.format(
            home=_number(family, place),
            street=escape(adult.street),
            postcode=school.postcode,
            city=escape(school.city),
        )
