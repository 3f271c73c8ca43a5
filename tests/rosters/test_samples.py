"""The sample schools: the same people in every shape, and the families they are there for."""

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.rosters.read import read_file
from educonnect_admin.rosters.rows import GuardianRow, PupilRow, Reading
from tests.rosters.files import SAMPLES, TODAY, codes, is_whole, read_bytes, xlsx

CHARLEMAGNE = SAMPLES / "ecole-charlemagne"
CURIE = SAMPLES / "ecole-marie-curie"
PUPILS, GUARDIANS = "CSVExtraction-eleves.csv", "CSVExtraction-responsables.csv"
FILES = [
    (school, name, encoding)
    for school, encoding in ((CHARLEMAGNE, "cp1252"), (CURIE, "utf-8-sig"))
    for name in (PUPILS, GUARDIANS)
]
Rows = list[list[str]]


def _read(path: Path) -> Reading:
    return read_file(path, today=TODAY)


def _people(reading: Reading) -> list[PupilRow | GuardianRow]:
    found = [replace(pupil, line=0) for pupil in reading.pupils]
    return [*found, *(replace(guardian, line=0) for guardian in reading.guardians)]


def _rows(path: Path, encoding: str) -> Rows:
    content = path.read_bytes().decode(encoding).replace("\r\n", "\n")
    return list(csv.reader(io.StringIO(content), delimiter=";"))


def _bare(rows: Rows, encoding: str, end: str) -> bytes:
    """Rows without quotes; no cell of the samples needs any."""
    return "".join(";".join(row) + end for row in rows).encode(encoding)


def _quoted(rows: Rows, encoding: str, separator: str) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    return file.getvalue().encode(encoding)


def _with_dates(rows: Rows) -> bytes:
    """A workbook in which birth dates are dates and numbers are numbers."""

    def cell(value: str) -> object:
        day, _, rest = value.partition("/")
        if rest.count("/") == 1:
            month, year = rest.split("/")
            return date(int(year), int(month), int(day))
        if value.count("-") == 2 and value[:2] == "20":
            return date.fromisoformat(value)
        return int(value) if value.isdecimal() and len(value) in {5, 10} else value

    return xlsx([[cell(value) for value in row] for row in rows])


SHAPES: list[Callable[[Rows], bytes]] = [
    lambda rows: _bare(rows, "utf-8", "\n"),
    lambda rows: _bare(rows, "utf-8-sig", "\r\n"),
    lambda rows: _bare(rows, "utf-16", "\r\n"),
    lambda rows: _bare(rows, "utf-8", "\r"),
    lambda rows: _quoted(rows, "utf-8", ";"),
    lambda rows: _quoted(rows, "utf-8-sig", ","),
    lambda rows: _quoted(rows, "utf-8", "\t"),
    xlsx,
    _with_dates,
]
IN_CP1252: list[Callable[[Rows], bytes]] = [
    lambda rows: _bare(rows, "cp1252", "\n"),
    lambda rows: _bare(rows, "cp1252", "\r\n"),
    lambda rows: _quoted(rows, "cp1252", ";"),
]


@pytest.mark.parametrize(("school", "name", "encoding"), FILES)
def test_the_same_people_in_every_shape(
    tmp_path: Path, school: Path, name: str, encoding: str
) -> None:
    """UTF-8 and UTF-16, quoted and not, three separators, three line ends, two workbooks."""
    expected = _people(_read(school / name))
    rows = _rows(school / name, encoding)
    for shape in SHAPES:
        assert _people(read_bytes(tmp_path, shape(rows))) == expected


@pytest.mark.parametrize(("school", "name", "encoding"), FILES)
def test_the_same_people_in_cp1252(tmp_path: Path, school: Path, name: str, encoding: str) -> None:
    """Every row that cp1252 can write; the others are the NGUYỄN family, no more."""
    rows = _rows(school / name, encoding)
    fit = [
        row
        for row in rows
        if ";".join(row).encode("cp1252", "ignore").decode("cp1252") == ";".join(row)
    ]
    left = [row for row in rows if row not in fit]
    assert all("NGUYỄN" in row for row in left)
    assert len(left) == (1 if school is CURIE else 0)
    expected = _people(read_bytes(tmp_path, _bare(fit, "utf-8", "\n")))
    for shape in IN_CP1252:
        assert _people(read_bytes(tmp_path, shape(fit))) == expected


def test_what_the_two_schools_hold() -> None:
    """Generation, encoding, counts, and the remarks that were put there."""
    found = [_read(school / name) for school, name, _ in FILES]
    assert [(reading.format, reading.encoding) for reading in found] == [
        ("onde-2017", "cp1252"),
        ("onde-2017", "cp1252"),
        ("be1d-quoted", "utf-8-sig"),
        ("be1d-quoted", "utf-8-sig"),
    ]
    assert [(reading.rows, reading.refused) for reading in found] == [
        (135, 0),
        (225, 0),
        (113, 0),
        (212, 0),
    ]
    assert all(is_whole(reading) for reading in found)
    assert [sorted(code for _, code in codes(reading)) for reading in found] == [
        ["bad_ine"],
        ["bad_email", "bad_mobile"],
        [],
        ["bad_mobile", "no_child", "unusual_mobile"],
    ]
    assert [len(reading.footer_lines) for reading in found] == [1, 1, 0, 0]


def test_the_schools_have_true_numbers() -> None:
    """`ecoles.csv` lists both with UAIs whose letter is right."""
    with (SAMPLES / "ecoles.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [parse_uai(row["UAI"]) for row in rows] == ["0599901S", "0599902T"]
    assert list(rows[0]) == ["UAI", "Nom", "Ville", "Courriel", "Téléphone"]


def _guardians(school: Path, family: str) -> list[GuardianRow]:
    found = _read(school / GUARDIANS).guardians
    return [one for one in found if family in {one.family_name, one.usage_name}]


def _pupils(school: Path, family: str) -> list[PupilRow]:
    return [one for one in _read(school / PUPILS).pupils if one.family_name == family]


def test_twins_and_homonyms() -> None:
    """Twins share a date and a class; the two Emma MARTIN share all but a date."""
    first, second = _pupils(CHARLEMAGNE, "LAMBERT")
    assert (first.birth_date, first.class_label) == (second.birth_date, second.class_label)
    emmas = [one for one in _pupils(CHARLEMAGNE, "MARTIN") if one.given_name == "Emma"]
    assert {one.class_label for one in emmas} == {"CP A"}
    assert len({one.birth_date for one in emmas}) == 2


def test_father_and_son_and_couples() -> None:
    """Two Jean DUPONT with two mobiles; couples with one mobile and one e-mail."""
    fathers = _guardians(CHARLEMAGNE, "DUPONT")
    assert {one.given_name for one in fathers} == {"Jean"}
    assert len({one.mobile for one in fathers}) == 2
    for school, family, size in ((CHARLEMAGNE, "PETIT", 2), (CURIE, "VIDALIN", 1)):
        couple = _guardians(school, family)
        assert len(couple) == size
        assert len({(one.mobile, one.email) for one in couple}) == 1


def test_families_of_many() -> None:
    """Four children in one school; three classes; both schools."""
    (mother,) = _guardians(CHARLEMAGNE, "TRAORÉ")
    assert len(mother.children) == 4
    (florence, _) = _guardians(CHARLEMAGNE, "ROUSSEAU")
    assert len({child.class_label for child in florence.children}) == 3
    for family in ("FONTAINE", "NGUYEN"):
        here, there = (
            {
                (name_key(one.family_name), name_key(one.given_name), one.email, one.mobile)
                for one in _read(school / GUARDIANS).guardians
                if name_key(one.family_name) == family.lower()
            }
            for school in (CHARLEMAGNE, CURIE)
        )
        assert here == there


def test_names_and_numbers_come_through() -> None:
    """Ligatures, apostrophes, the longest name, overseas and shortened numbers."""
    for family in ("N'DIAYE", "D’ANGELO", "ŒUVRARD"):
        assert len(_guardians(CHARLEMAGNE, family)) == 1
    assert len(_guardians(CURIE, "NGUYỄN")) == 1
    payets = {one.given_name: one.mobile for one in _guardians(CHARLEMAGNE, "PAYET")}
    assert payets["Marie-Josée"] == "+262692123456"
    assert _guardians(CHARLEMAGNE, "KOWALSKI")[0].mobile == "+33612402303"
    assert _guardians(CHARLEMAGNE, "LENOIR")[0].mobile is None
    father = next(one for one in _guardians(CHARLEMAGNE, "MOREAU") if one.given_name == "Olivier")
    assert father.postcode == "01000"


def test_the_kind_of_ulis_is_nowhere() -> None:
    """Curie's file names it; nothing that is read does (R-66)."""
    pupils, guardians = _read(CURIE / PUPILS).pupils, _read(CURIE / GUARDIANS).guardians
    assert {one.class_label for one in pupils if one.level == "ULIS"} == {"ULIS"}
    labels = {child.class_label for one in guardians for child in one.children}
    assert "ULIS" in labels
    assert not any("TSA" in label for label in labels if label)


def test_the_generator_gives_these_very_bytes(tmp_path: Path) -> None:
    """The committed samples are what the script writes, except a README and what zlib packs."""
    script = SAMPLES.parent / "make_samples.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, timeout=60)
    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    kept = {path.relative_to(SAMPLES) for path in SAMPLES.rglob("*") if path.is_file()}
    assert kept - made == {Path("README.md")}
    for path in made:
        if path.name != "bombe.xlsx":
            assert (tmp_path / path).read_bytes() == (SAMPLES / path).read_bytes()
