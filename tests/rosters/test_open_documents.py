"""ODS to rows, hostile ones included."""

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.problems import UnreadableReason
from educonnect_admin.rosters.read import read_data, read_parts
from educonnect_admin.rosters.rows import FileKind
from tests.rosters.files import (
    ODS,
    PUPILS,
    TODAY,
    codes,
    is_whole,
    ods,
    ods_cell,
    ods_row,
    pupil,
    read_bytes,
    zipped,
)

DATA = Path(__file__).parent / "data"
HEADINGS = ods_row(*PUPILS.split(";"))
ALICE = ods_row(*pupil().split(";"))


def _reason(folder: Path, data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(folder, data)
    return caught.value.reason


def test_what_libreoffice_saves_is_read() -> None:
    """Both sheets, dates as dates, zeros put back; the hidden sheet told."""
    pupils, guardians = read_parts(DATA / "ecole.ods", today=TODAY)
    assert (pupils.encoding, pupils.kind, guardians.kind) == (
        "ods",
        FileKind.PUPILS,
        FileKind.GUARDIANS,
    )
    assert [row.birth_date for row in pupils.pupils] == [date(2018, 9, 3), date(2018, 10, 3)]
    (bob,) = guardians.guardians
    assert (bob.mobile, bob.postcode) == ("+33612345678", "01000")
    assert [sheet.name for sheet in pupils.skipped] == ["Anciens"]


def test_margins_of_a_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    """Every spreadsheet ends its sheets with them."""
    empty = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell'
        ' table:style-name="ce1" table:number-columns-repeated="16384"/></table:table-row>'
    )
    reading = read_bytes(tmp_path, ods([HEADINGS, ALICE, empty]))
    assert [row.line for row in reading.pupils] == [2]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([HEADINGS, ods_row("x", repeated=1_000_000)], "too_many_cells"),
        ([HEADINGS, f"<table:table-row>{ods_cell('x', 999_999_999)}</table:table-row>"],
         "too_many_cells"),
        ([HEADINGS, ods_row("", repeated=900_000), ALICE], "too_many_cells"),
        ([HEADINGS, ods_row("x" * 30_000, repeated=20_000)], "zip_bomb"),
        ([HEADINGS, ods_row("x", repeated=0)], "damaged_workbook"),
        ([HEADINGS, ALICE.replace('repeated="1"', 'repeated="-1"', 1)], "damaged_workbook"),
        ([HEADINGS, "<table:table-row>"], "damaged_workbook"),
        ([HEADINGS], "headings_only"),
        ([ods_row("Article", "Prix")], "unknown_headings"),
    ],
)  # fmt: skip
def test_cells_that_repeat_without_end(tmp_path: Path, rows: list[str], reason: str) -> None:
    """What they would come to is counted before the parser unfolds it."""
    assert _reason(tmp_path, ods(rows)) == reason


def test_a_cell_in_error_says_what_it_shows(tmp_path: Path) -> None:
    """The parser would give an empty one: nobody would know why the name is missing."""
    error = (
        '<table:table-cell office:value-type="string" office:string-value=""'
        ' calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>'
    )
    row = ALICE.replace(ods_cell("DURAND"), error)
    reading = read_bytes(tmp_path, ods([HEADINGS, row]))
    assert codes(reading) == [(2, "cell_error"), (2, "no_family_name")]
    assert reading.problems[0].value == "#REF!"


def test_numbers_are_no_dates_where_days_count_from_another_day(tmp_path: Path) -> None:
    """By the document's own word; else a bare number is a spreadsheet's count."""
    number = (
        '<table:table-cell office:value-type="float" office:value="43346">'
        "<text:p>43346</text:p></table:table-cell>"
    )
    row = ALICE.replace(ods_cell("03/09/2018"), number)
    origin = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/>'
        "</table:calculation-settings>"
    )
    (alice,) = read_bytes(tmp_path, ods([HEADINGS, row])).pupils
    assert alice.birth_date == date(2018, 9, 3)
    content = ods([HEADINGS, row])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(
        b"<office:spreadsheet>", b"<office:spreadsheet>" + origin.encode()
    )
    assert codes(read_bytes(tmp_path, zipped(parts))) == [(2, "impossible_birth_date")]


def test_locked_hostile_or_hollow_documents(tmp_path: Path) -> None:
    """Each its reason."""
    locked: dict[str, str | bytes] = {
        "mimetype": ODS,
        "META-INF/manifest.xml": "<encryption-data/>",
        "content.xml": "",
    }
    assert _reason(tmp_path, zipped(locked)) == "protected_workbook"
    for entity in ('<!DOCTYPE a [<!ENTITY b "c">]>', '<!ENTITY b "c">'):
        hostile: dict[str, str | bytes] = {
            "mimetype": ODS,
            "content.xml": f"<?xml version='1.0'?>{entity}<a/>",
        }
        assert _reason(tmp_path, zipped(hostile)) == "hostile_xml"
        wide: dict[str, str | bytes] = {
            "mimetype": ODS,
            "content.xml": f"{entity}<a/>".encode("utf-16"),
        }
        assert _reason(tmp_path, zipped(wide)) == "hostile_xml"
    assert _reason(tmp_path, zipped({"mimetype": ODS})) == "damaged_workbook"
    bomb: dict[str, str | bytes] = {"mimetype": ODS, "content.xml": b" " * 20_000_000}
    assert _reason(tmp_path, zipped(bomb, zipfile.ZIP_DEFLATED)) == "zip_bomb"


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 5000), st.sampled_from(["'", "<", ">", "&#0;", "<table:table>", "9", "/"]))
def test_a_document_of_broken_xml_is_read_or_refused(at: int, noise: str) -> None:
    """With good checksums, so that the scanner and the parser themselves meet the damage."""
    with zipfile.ZipFile(BytesIO(ods([HEADINGS, ALICE]))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    content = parts["content.xml"]
    parts["content.xml"] = content[: at % len(content)] + noise + content[at % len(content) :]
    try:
        (reading,) = read_data(Path("any.ods"), zipped(parts), today=TODAY)
    except UnreadableFile as error:
        UnreadableReason(error.reason)
        return
    assert is_whole(reading)
