"""The collège of the samples: what SIECLE exports of it, in both generations of links."""

from dataclasses import replace
from pathlib import Path

from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.rosters.read import read_file, read_files
from educonnect_admin.rosters.rows import GuardianRow, PupilRow
from tests.rosters.files import SAMPLES, TODAY, codes, is_whole

COLLEGE = SAMPLES / "college-simone-veil"
FILES = [
    COLLEGE / name
    for name in (
        "ExportXML_ElevesSansAdresses.zip",
        "ResponsablesAvecAdresses.xml",
        "Structures.xml",
        "Nomenclature.xml",
    )
]
BEFORE_2018 = COLLEGE / "avant-2018" / "ResponsablesAvecAdresses.xml"


def _pupils(*files: Path) -> dict[str, PupilRow]:
    return {one.given_name: one for one in read_files(files, today=TODAY)[0].pupils}


def _guardians(path: Path = FILES[1]) -> dict[str, GuardianRow]:
    return {
        f"{one.given_name} {one.family_name}": one for one in read_file(path, today=TODAY).guardians
    }


def test_what_the_college_holds() -> None:
    """Counts, encoding, the school's number, and the remarks that were put there."""
    pupils, guardians = read_files(FILES, today=TODAY)
    assert (pupils.rows, pupils.left_out, pupils.refused, guardians.rows) == (48, 2, 0, 80)
    assert pupils.along == ("Structures.xml", "Nomenclature.xml")
    for reading in (pupils, guardians):
        assert (reading.format, reading.encoding) == ("siecle", "ISO-8859-15")
        assert reading.school == parse_uai("0599903U")
        assert is_whole(reading)
    assert sorted(code for _, code in codes(pupils)) == ["left_out", "left_out", "odd_name"]
    assert sorted(code for _, code in codes(guardians)) == ["no_child", "odd_name"]


def test_levels_come_from_formations_and_where_they_lack_from_the_files_along() -> None:
    """The class is called by its code, with or without them."""
    alone, helped = _pupils(FILES[0]), _pupils(*FILES)
    assert {name_key(one.class_label or "") for one in alone.values()} == {"6a", "5a", "4a", "3a"}
    assert (alone["Sidonie"].level, alone["Justin"].level) == (None, None)
    assert (helped["Sidonie"].level, helped["Justin"].level) == ("3E", "4E")
    assert all(one.level == f"{(one.class_label or '')[0]}E" for one in helped.values())
    without = {name: replace(one, level=None) for name, one in helped.items()}
    assert without == {name: replace(one, level=None) for name, one in alone.items()}


def test_legal_and_not_in_both_generations() -> None:
    """The same people, the same rights; only the newer links tell the kinship."""
    new, old = _guardians(), _guardians(BEFORE_2018)
    assert new.keys() == old.keys()
    for name, guardian in new.items():
        legal = [(child.source_id, child.legal) for child in guardian.children]
        assert legal == [(child.source_id, child.legal) for child in old[name].children]
        assert {child.kinship for child in old[name].children} <= {None}
    not_legal = {
        name for name, one in new.items() if not all(child.legal for child in one.children)
    }
    assert not_legal == {"Odette VASSEUR", "Yves CORDIER"}
    assert [child.legal for child in new["Yves CORDIER"].children] == [False, True]


def test_two_mothers_and_one_contact() -> None:
    """Two legal guardians of kinship 10, who share a mobile and an e-mail."""
    both = [_guardians()[name] for name in ("Sabine LACOMBE", "Diane ROCHETTE")]
    assert len({(one.mobile, one.email) for one in both}) == 1
    assert {(child.kinship, child.legal) for one in both for child in one.children} == {
        ("10", True)
    }


def test_the_parents_of_the_other_schools() -> None:
    """Nathalie and Hervé FONTAINE are who they are in Charlemagne's file, as R-7 compares."""

    def who(path: Path) -> set[tuple[str, str | None, str | None]]:
        return {
            (name_key(one.given_name), one.email, one.mobile)
            for one in read_file(path, today=TODAY).guardians
            if one.family_name == "FONTAINE"
        }

    assert who(FILES[1]) == who(SAMPLES / "ecole-charlemagne" / "CSVExtraction-responsables.csv")
