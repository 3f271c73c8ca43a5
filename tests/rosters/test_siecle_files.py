"""Files of SIECLE as they lie on a disk: XML or zip, several at once, those without people."""

from pathlib import Path

import pytest

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.read import read_data, read_file, read_files, read_parts, read_table
from educonnect_admin.rosters.rows import FileKind
from tests.rosters.files import TODAY, codes
from tests.rosters.siecle import (
    ENCODING,
    document,
    eleve,
    guardians,
    in_class,
    link,
    nomenclature,
    personne,
    pupils,
    read,
    structures,
    zipped,
)

DOSSIERSCO = Path(__file__).parent / "dossiersco"
PUPILS = pupils(eleve(), structures=in_class("101", "6A"))
GUARDIANS = guardians(personne(), links=link())


def write(folder: Path, **files: bytes) -> list[Path]:
    """Write files under names that tell nothing."""
    paths = []
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        paths.append(path)
    return paths


def reason(*paths: Path) -> tuple[str, int | None, str]:
    """Why they are refused."""
    with pytest.raises(UnreadableFile) as caught:
        read_files(paths, today=TODAY)
    return caught.value.reason, caught.value.line, caught.value.path.name


def test_the_samples_of_dossiersco() -> None:
    """Pupils of a collège and three guardians; two mothers of one pupil."""
    (pupil,) = read_file(
        DOSSIERSCO / "eleves_avec_adresse_avec_double_structure.xml", today=TODAY
    ).pupils
    assert (pupil.source_id, pupil.ine, pupil.class_label, pupil.level) == (
        "1541944", "070876696HA", "301", "3E",
    )  # fmt: skip
    reading = read_file(DOSSIERSCO / "responsables_avec_adresses_simple.xml", today=TODAY)
    assert [one.source_id for one in reading.guardians] == ["209401", "209406", "209400"]
    assert [[child.source_id for child in one.children] for one in reading.guardians] == [
        ["610308"], ["610308"], ["610305"],
    ]  # fmt: skip
    assert all(child.legal and child.kinship == "10" for child in reading.guardians[0].children)
    assert {one.street for one in reading.guardians} == {"18 RUE DES HOMMETS\nMEZIDON CANON"}
    assert (reading.problems, reading.school) == ((), "0140070A")


def test_the_sample_that_is_ill_formed_is_refused_with_its_line() -> None:
    """STRICTURES_ELEVE on line 134 is closed as STRUCTURES_ELEVE on line 139."""
    assert reason(DOSSIERSCO / "eleves_avec_adresse_simple.xml")[:2] == ("ill_formed_xml", 139)


def test_a_zip_is_read_as_what_it_holds(tmp_path: Path) -> None:
    """One member or several, in folders or not, whatever their names."""
    (one, both) = write(
        tmp_path,
        one=zipped({"ElevesSansAdresses.xml": PUPILS}),
        both=zipped({"x/a": PUPILS, "b.txt": GUARDIANS, "__MACOSX/x/._a": b"\0", "x/": b""}),
    )
    (alone,) = read_parts(one, today=TODAY)
    assert (alone.part, len(alone.pupils)) == ("", 1)
    first, second = read_parts(both, today=TODAY)
    assert [(part.kind, part.part) for part in (first, second)] == [
        (FileKind.PUPILS, "x/a"),
        (FileKind.GUARDIANS, "b.txt"),
    ]
    assert first.label == f"{both} [x/a]"
    assert read_table(both, "b.txt").headings[0] == "PERSONNE_ID"
    assert read_data(both, both.read_bytes(), today=TODAY) == [first, second]


def test_a_fault_in_a_zip_names_the_member(tmp_path: Path) -> None:
    """Of several, which one, and on which line."""
    bad = GUARDIANS.replace(b"</PERSONNES>", b"</PERSONNE>")
    line = bad[: bad.index(b"</PERSONNES") if b"</PERSONNES" in bad else None].count(b"\n")
    (path,) = write(tmp_path, zip=zipped({"a.xml": PUPILS, "b.xml": bad}))
    assert reason(path)[0::2] == ("ill_formed_xml", "b.xml")
    assert reason(path)[1] in range(2, line + 2)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"liste.csv": b"Nom;Prenom\n"}, "zip_archive"),
        ({"eleves.zip": zipped({"a.xml": PUPILS})}, "zip_archive"),
        ({"page.xml": b"<?xml version='1.0'?><Workbook/>"}, "xml"),
    ],
)
def test_a_zip_of_something_else_is_to_be_opened_by_hand(
    tmp_path: Path, other: dict[str, bytes], expected: str
) -> None:
    """Nothing of it is passed over in silence."""
    (path,) = write(tmp_path, zip=zipped({"a.xml": PUPILS, **other}))
    assert reason(path)[0] == expected


def test_files_without_people_give_levels(tmp_path: Path) -> None:
    """The formation's level, else the class's; none for a formation known to have none."""
    data = pupils(
        eleve("101", CODE_MEF="24733403310"),
        eleve("102", PRENOM="Bob", CODE_MEF=""),
        eleve("103", PRENOM="Charlie", CODE_MEF="24100000000"),
        structures=in_class("101", "2P") + in_class("102", "3A") + in_class("103", "6MIX"),
    )
    names = nomenclature(("24733403310", "2NDE PRO CUISINE"), ("24100000000", "1CAP2"))
    divisions = structures(("3A", "10310019110"), ("6MIX", "10010012110"))
    paths = write(tmp_path, n=names, p=data, s=divisions)
    (reading,) = read_files(paths, today=TODAY)
    assert [(one.level, one.class_label) for one in reading.pupils] == [
        ("2DE", "2P"), ("3E", "3A"), (None, "6MIX"),
    ]  # fmt: skip
    assert reading.along == ("n", "s")
    (alone,) = read_files(paths[1:2], today=TODAY)
    assert [one.level for one in alone.pupils] == [None, None, None]
    assert [one.class_label for one in alone.pupils] == ["2P", "3A", "6MIX"]
    assert alone.along == ()


def test_a_class_of_two_levels_gives_none(tmp_path: Path) -> None:
    """Which of them is the pupil's is not guessed."""
    both = structures(("MIX", "10310019110")).replace(
        b"</MEFS_APPARTENANCE>",
        b"<MEF_APPARTENANCE><CODE_MEF>10210001110</CODE_MEF></MEF_APPARTENANCE></MEFS_APPARTENANCE>",
    )
    data = pupils(eleve(CODE_MEF=""), structures=in_class("101", "MIX"))
    (reading,) = read_files(write(tmp_path, p=data, s=both), today=TODAY)
    assert reading.pupils[0].level is None


def test_everything_in_one_zip(tmp_path: Path) -> None:
    """As a director downloads it: two parts with people, the rest read along."""
    members = {
        "ElevesSansAdresses.xml": pupils(eleve(CODE_MEF=""), structures=in_class("101", "3A")),
        "ResponsablesAvecAdresses.xml": GUARDIANS,
        "Structures.xml": structures(("3A", "10310019110")),
        "Nomenclature.xml": nomenclature(("10310019110", "3EME")),
        "Communs.xml": document("BEE_COMMUNS", "<X/>"),
        "Geographique.xml": document("BEE_GEOGRAPHIQUES", "<X/>"),
    }
    (path,) = write(tmp_path, zip=zipped(members))
    for found in (read_files([path], today=TODAY), read_data(path, path.read_bytes(), today=TODAY)):
        eleves, responsables = found
        assert eleves.pupils[0].level == "3E"
        assert eleves.along == tuple(list(members)[2:])
        assert (responsables.along, len(responsables.guardians)) == ((), 1)


def test_a_file_without_people_alone_or_of_another_school_is_refused(tmp_path: Path) -> None:
    """It would do nothing, or harm."""
    mine, theirs, people = write(
        tmp_path,
        mine=structures(("3A", "10310019110")),
        theirs=structures(("3A", "10310019110"), uai="0752387M"),
        people=PUPILS,
    )
    assert reason(mine)[0::2] == ("nobody_in_siecle", "mine")
    assert reason(people, theirs)[0::2] == ("other_school", "theirs")
    assert len(read_files([people, mine], today=TODAY)) == 1


def test_the_same_file_twice(tmp_path: Path) -> None:
    """Under two names, with people or without."""
    for data in (PUPILS, structures(("3A", "10310019110"))):
        one, two, people = write(tmp_path, one=data, two=data, people=GUARDIANS)
        assert reason(people, one, two)[0::2] == ("repeated_file", "two")


def test_an_export_and_the_zip_it_came_in(tmp_path: Path) -> None:
    """The same pupils twice, as they lie side by side after a download."""
    zip_, xml = write(tmp_path, zip=zipped({"ElevesSansAdresses.xml": PUPILS}), xml=PUPILS)
    assert reason(zip_, xml)[0::2] == ("repeated_file", "xml")
    (twice,) = write(tmp_path, twice=zipped({"a.xml": PUPILS, "b.xml": PUPILS}))
    assert reason(twice)[0::2] == ("repeated_file", "b.xml")


def test_nobody_in_it(tmp_path: Path) -> None:
    """A whole export of no one, and one cut before anybody."""
    (path,) = write(tmp_path, empty=pupils())
    assert reason(path)[0] == "nobody"


@pytest.mark.parametrize("encoding", ["ISO-8859-15", "ISO-8859-1", "windows-1252", "UTF-8"])
def test_the_declared_encoding_is_honoured(encoding: str) -> None:
    """Accents come through in each."""
    data = pupils(eleve(PRENOM="Élève-Noël"), structures=in_class("101", "6A"), encoding=encoding)
    reading = read(data)
    assert (reading.pupils[0].given_name, reading.encoding) == ("Élève-Noël", encoding)


def test_the_ligature_of_iso_8859_15() -> None:
    """What Latin-1 lacks: œ, Ÿ, €."""
    (found,) = read(pupils(eleve(NOM_DE_FAMILLE="ŒUVRARD", PRENOM="Loÿs Ÿ"))).pupils
    assert (found.family_name, found.given_name) == ("ŒUVRARD", "Loÿs Ÿ")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_saved_again_in_utf8_keeps_its_accents(mark: bytes) -> None:
    """Whatever its first line still declares."""
    data = pupils(eleve(PRENOM="Hélène")).decode(ENCODING).encode()
    reading = read(mark + data)
    assert (reading.pupils[0].given_name, reading.encoding) == ("Hélène", "UTF-8")


def test_an_export_on_one_line_loses_nobody() -> None:
    """Rows are then known by their place."""
    one = pupils(eleve("101"), eleve("102", PRENOM=""), eleve("103", PRENOM="")).replace(b"\n", b"")
    reading = read(one)
    assert (reading.rows, reading.refused, len(reading.pupils)) == (3, 2, 1)
    assert (2, "no_given_name") in codes(reading)


def test_tags_are_told_with_what_they_were_taken_for() -> None:
    """Those that were met, used or not; none that was not."""
    data = pupils(eleve(DOUBLEMENT="0"), structures=in_class("101", "6A"))
    assert read(data).headings == {
        "ELEVE_ID": "source_id",
        "ELENOET": "",
        "NOM_DE_FAMILLE": "family_name",
        "PRENOM": "given_name",
        "DATE_NAISS": "birth_date",
        "CODE_MEF": "formation",
        "DOUBLEMENT": "",
        "CODE_STRUCTURE": "class_label",
        "TYPE_STRUCTURE": "class_label",
    }
