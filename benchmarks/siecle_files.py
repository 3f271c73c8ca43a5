"""Made-up exports of SIECLE, as long as wanted: a pair of pupils and guardians, of one collège.

The people are those of the other measurements; what stands around their names is as long as in
the real exports. Half of the links are of each generation, every tenth household has a third
adult who is no legal guardian, the eldest of every twentieth has left.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from benchmarks.french_names import Named
from benchmarks.households import SEED, Household, classes
from benchmarks.siecle_texts import (
    HEAD,
    HOME,
    NEW_LINK,
    OLD_LINK,
    OPTIONS,
    PERSON,
    PUPIL,
    STRUCTURE,
)

UAI = "0140070A"
PUPILS, GUARDIANS = "ElevesSansAdresses.xml", "ResponsablesAvecAdresses.xml"
_FORMATIONS = ("10010012110", "10110001110", "10210001110", "10310019110")
_MANY = 10_000_000
_SAMPLE = 200
_LEAVE = 20


class Town(NamedTuple):
    """The households of an export and what they come to."""

    households: list[Household]
    pupils: int
    left: int
    guardians: int
    links: int


def town_of(households: int, seed: int = SEED) -> Town:
    """Draw so many households."""
    drawn = (one for members in classes(_MANY, seed) for one in members)
    found = list(islice(drawn, households))
    pupils = sum(len(one.children) for one in found)
    adults = [_adults(one, at) for at, one in enumerate(found)]
    links = sum(len(some) * len(one.children) for some, one in zip(adults, found, strict=True))
    return Town(found, pupils, len(found[::_LEAVE]), sum(map(len, adults)), links)


def households_for(megabytes: float) -> int:
    """Return how many households fill a pair of files of so many millions of bytes."""
    some = town_of(_SAMPLE)
    size = sum(len(text) for part in (_pupils_file, _guardians_file) for text in part(some))
    return int(_SAMPLE * megabytes * 1e6 / size)


def write_pair(folder: Path, town: Town) -> tuple[Path, Path]:
    """Write both files, as SIECLE does: what its encoding lacks becomes a question mark."""
    return (
        _write(folder / PUPILS, _pupils_file(town)),
        _write(folder / GUARDIANS, _guardians_file(town)),
    )


def _write(path: Path, texts: Iterable[str]) -> Path:
    with path.open("w", encoding="iso-8859-15", errors="replace", newline="") as file:
        file.writelines(texts)
    return path


def _pupils_file(town: Town) -> Iterator[str]:
    yield HEAD.format(root="BEE_ELEVES", version="3.0", uai=UAI)
    for section, text in (("ELEVES", PUPIL), ("OPTIONS", OPTIONS), ("STRUCTURES", STRUCTURE)):
        yield from _section(section, town, partial(_children, text))
    yield "    <BOURSES />\n    <ADRESSES>\n    </ADRESSES>\n  </DONNEES>\n</BEE_ELEVES>\n"


def _guardians_file(town: Town) -> Iterator[str]:
    yield HEAD.format(root="BEE_RESPONSABLES", version="2.1", uai=UAI)
    yield from _section("PERSONNES", town, _persons)
    yield from _section("RESPONSABLES", town, _links)
    yield from _section("ADRESSES", town, _home)
    yield "  </DONNEES>\n</BEE_RESPONSABLES>\n"


def _section(
    tag: str, town: Town, write: Callable[[int, Household], Iterable[str]]
) -> Iterator[str]:
    yield f"    <{tag}>\n"
    for at, household in enumerate(town.households):
        yield from write(at, household)
    yield f"    </{tag}>\n"


def _number(at: int, place: int) -> int:
    return 10 * at + place + 1


def _adults(household: Household, at: int) -> tuple[Named, ...]:
    """Return the adults; every tenth household has one more, who is no legal guardian."""
    other = household.adults[0]._replace(given="Dominique", family="AUTRE")
    return (*household.adults, other) if at % 10 == 0 else household.adults


def _children(text: str, at: int, household: Household) -> Iterator[str]:
    for place, child in enumerate(household.children):
        number = _number(at, place)
        level = (at + place) % len(_FORMATIONS)
        left = "        <DATE_SORTIE>01/11/2026</DATE_SORTIE>\n"
        yield text.format(
            number=1_000_000 + number,
            place=number,
            ine=f"{number:09d}AB",
            family=escape(child.family),
            given=escape(child.given),
            day=1 + number % 28,
            month=1 + number % 12,
            year=2015 - level,
            left=left if at % _LEAVE == place == 0 else "",
            sex=2 if child.woman else 1,
            formation=_FORMATIONS[level],
            label=f"{6 - level}{chr(65 + at % 8)}",
        )


def _persons(at: int, household: Household) -> Iterator[str]:
    for place, adult in enumerate(_adults(household, at)):
        yield PERSON.format(
            number=_number(at, place),
            civility="MME" if adult.woman else "M.",
            long_civility="MADAME" if adult.woman else "MONSIEUR",
            family=escape(adult.family),
            given=escape(adult.given),
            mobile=f"+336{_number(at, place):08d}",
            email=f"parent{_number(at, place)}@exemple.fr",
            home=500_000 + at,
        )


def _links(at: int, household: Household) -> Iterator[str]:
    for child in range(len(household.children)):
        for place, adult in enumerate(_adults(household, at)):
            is_legal = place < len(household.adults)
            yield (OLD_LINK, NEW_LINK)[at % 2].format(
                child=1_000_000 + _number(at, child),
                person=_number(at, place),
                rank=place + 1 if is_legal else 0,
                level=1 if is_legal else 3,
                kinship=10 if adult.woman else 20,
                old_kinship=1,
            )


def _home(at: int, household: Household) -> Iterator[str]:
    yield HOME.format(
        home=500_000 + at,
        street=escape(household.street),
        postcode=household.postcode,
        city=escape(household.city),
    )
