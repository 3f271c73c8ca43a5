"""Any bytes, any tree: an export of SIECLE is read or refused, and nobody in it is lost."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.problems import UnreadableReason
from educonnect_admin.rosters.read import read_data
from educonnect_admin.rosters.rows import Reading
from tests.rosters.files import TODAY, is_whole
from tests.rosters.siecle import eleve, guardians, in_class, link, personne, pupils, zipped

PUPILS = pupils(eleve(), structures=in_class("101", "6A"))
QUICK = settings(max_examples=100, deadline=None)


def survives(data: bytes) -> list[Reading]:
    """Read or refused, and nobody lost."""
    try:
        readings = read_data(Path("any.xml"), data, today=TODAY)
    except UnreadableFile as error:
        UnreadableReason(error.reason)
        return []
    for reading in readings:
        assert is_whole(reading)
        lines = [one.line for one in reading.pupils] + [one.line for one in reading.guardians]
        assert len(set(lines)) == len(lines)
    return readings


GOOD = [
    PUPILS,
    guardians(personne(ADRESSE_ID="501"), links=link()),
    zipped({"a.xml": PUPILS, "b.xml": guardians(personne(), links=link())}),
]


@QUICK
@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.integers(0, 3_000), st.binary(min_size=1, max_size=6)), max_size=5),
)
def test_any_bytes_changed(good: bytes, changes: list[tuple[int, bytes]]) -> None:
    """A byte here and there, in XML and in zip: read or refused."""
    data = bytearray(good)
    for at, new in changes:
        data[at % len(data) : at % len(data) + len(new)] = new
    survives(bytes(data))


@QUICK
@given(st.binary(max_size=300), st.sampled_from([b"<?xml ", b"<BEE_ELEVES>", b"PK\x03\x04"]))
def test_any_bytes_after_a_promising_start(rest: bytes, start: bytes) -> None:
    """Whatever follows."""
    survives(start + rest)


@QUICK
@given(st.integers(0, 100), st.integers(0, 100))
def test_a_cut_anywhere(left: int, right: int) -> None:
    """The beginning or the end of a good file or archive."""
    for good in GOOD:
        survives(good[len(good) * left // 100 : len(good) - len(good) * right // 100])


TAGS = st.sampled_from(
    ["BEE_ELEVES", "PARAMETRES", "DONNEES", "ELEVES", "ELEVE", "STRUCTURES", "STRUCTURES_ELEVE",
     "STRUCTURE", "CODE_STRUCTURE", "TYPE_STRUCTURE", "PERSONNES", "PERSONNE", "RESPONSABLES",
     "RESPONSABLE_ELEVE", "ADRESSES", "ADRESSE", "ELEVE_ID", "PERSONNE_ID", "PRENOM", "NOM",
     "NOM_DE_FAMILLE", "DATE_NAISS", "DATE_SORTIE", "NIVEAU_RESPONSABILITE", "UAJ", "AUTRE"]
)  # fmt: skip
TEXTS = st.sampled_from(["", "101", "901", "D", "6A", "Inactifs", "Alice", "03/09/2014", "1", "?"])


def _element(tag: str, number: str, inside: list[str]) -> str:
    return f"<{tag} ELEVE_ID='{number}' PERSONNE_ID='{number}'>{''.join(inside)}</{tag}>\n"


TREES = st.recursive(
    TEXTS,
    lambda inside: st.builds(_element, TAGS, TEXTS, st.lists(inside, max_size=5)),
    max_leaves=30,
)
FIELDS = st.builds(_element, TAGS, TEXTS, st.lists(TEXTS, max_size=1))
RECORDS = st.builds(
    _element,
    st.sampled_from(
        ["ELEVE", "STRUCTURES_ELEVE", "PERSONNE", "RESPONSABLE_ELEVE", "ADRESSE", "DIVISION", "MEF"]
    ),
    TEXTS,
    st.lists(FIELDS, max_size=8),
)
SECTIONS = st.builds(
    _element,
    st.sampled_from(["ELEVES", "STRUCTURES", "PERSONNES", "RESPONSABLES", "ADRESSES"]),
    TEXTS,
    st.lists(st.one_of(RECORDS, TREES), max_size=6),
)
ROOTS = st.sampled_from(["BEE_ELEVES", "BEE_RESPONSABLES", "BEE_STRUCTURES", "BEE_AUTRE", "X"])


@settings(QUICK, max_examples=60)
@given(ROOTS, st.lists(SECTIONS, max_size=5), st.booleans())
def test_any_tree(root: str, sections: list[str], on_one_line: bool) -> None:
    """Any elements in any order, at home or not: read or refused, and nobody lost."""
    text = f"<?xml version='1.0'?>\n<{root}><DONNEES>{''.join(sections)}</DONNEES></{root}>"
    if on_one_line:
        text = text.replace("\n", "")
    for reading in survives(text.encode()):
        named = "<ELEVE " if root == "BEE_ELEVES" else "<PERSONNE "
        assert reading.rows <= text.count(named)
