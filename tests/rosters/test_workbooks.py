"""XLSX to rows, hostile ones included."""

import re
import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.compound_files import file_of_one
from tests.rosters.files import GUARDIANS, PUPILS, codes, guardian, pupil, read_bytes, xlsx

HEADINGS = PUPILS.split(";")
DAY = date(2018, 9, 3)


def _row(birth: object) -> list[object]:
    return ["DURAND", None, "Alice", birth, "F", None, "CYCLE II", "CE1", "CE1 B"]


@pytest.mark.parametrize(
    "birth",
    [
        DAY,
        datetime(2018, 9, 3),  # noqa: DTZ001 (what a spreadsheet holds has no zone)
        "03/09/2018",
        "2018-09-03",
        "\u00a003/09/2018 ",
        43346,
        "43346",
    ],
)
def test_a_date_however_the_cell_holds_it(tmp_path: Path, birth: object) -> None:
    """A real date, a text, a serial number: the same day."""
    reading = read_bytes(tmp_path, xlsx([HEADINGS, _row(birth)]), "any.name")
    assert [found.birth_date for found in reading.pupils] == [DAY]
    assert (reading.encoding, reading.format) == ("xlsx", "onde-2017")


def test_an_instant_is_no_birth_date(tmp_path: Path) -> None:
    """A date with an hour comes from another column."""
    instant = datetime(2018, 9, 3, 8, 30)  # noqa: DTZ001 (the same)
    reading = read_bytes(tmp_path, xlsx([HEADINGS, _row(instant)]))
    assert codes(reading) == [(2, "impossible_birth_date")]


def test_bare_numbers_are_refused_where_days_count_from_1904(tmp_path: Path) -> None:
    """A serial of an old Mac would be four years off: it is not guessed."""
    data = xlsx([HEADINGS, _row(43346)])
    parts = _parts(data)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<workbookPr", b'<workbookPr date1904="1"'
    )
    assert codes(read_bytes(tmp_path, _zip(parts))) == [(2, "impossible_birth_date")]


def test_headings_are_found_on_any_sheet_under_any_title(tmp_path: Path) -> None:
    """Other sheets, titles, blank rows and no-break spaces do not hide them."""
    headings: list[object] = [heading.replace(" ", "\u00a0") for heading in HEADINGS]
    rows: list[list[object]] = [["École Charlemagne"], [], headings, _row(DAY), [], _row("")]
    reading = read_bytes(tmp_path, xlsx(rows, before=["Lisez-moi", "Notes"]))
    assert [found.line for found in reading.pupils] == [4]
    assert codes(reading) == [(6, "no_birth_date")]


def test_zeros_that_a_spreadsheet_ate_are_put_back(tmp_path: Path) -> None:
    """A mobile and a postcode held as numbers are what they were."""
    row: list[object] = list(guardian(postcode="@1", mobile="@2").split(";"))
    row = [{"@1": 1000, "@2": 612345678}.get(str(cell), cell) for cell in row]
    (found,) = read_bytes(tmp_path, xlsx([GUARDIANS.split(";"), row])).guardians
    assert (found.postcode, found.mobile) == ("01000", "+33612345678")


def test_a_formula_is_read_as_its_text_or_nothing(tmp_path: Path) -> None:
    """Nothing is computed."""
    row = _row(DAY)
    row[0] = "=1+1"
    reading = read_bytes(tmp_path, xlsx([HEADINGS, row]))
    assert codes(reading) == [(2, "no_family_name")]


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(parts: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def _reason(folder: Path, data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(folder, data)
    return caught.value.reason


def test_a_bomb_is_refused_before_it_opens(tmp_path: Path) -> None:
    """By the sizes it declares, or by their sum."""
    parts = _parts(xlsx([HEADINGS, _row(DAY)]))
    bomb = {**parts, "xl/media/a.xml": b"0" * 20_000_000}
    assert _reason(tmp_path, _zip(bomb, zipfile.ZIP_DEFLATED)) == "zip_bomb"


def test_a_bomb_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    """No more is unpacked than was declared."""
    parts = _parts(xlsx([HEADINGS, _row(DAY)]))
    parts["xl/worksheets/sheet1.xml"] += b" " * 5_000_000
    data = _zip(parts, zipfile.ZIP_DEFLATED)
    true = len(parts["xl/worksheets/sheet1.xml"]).to_bytes(4, "little")
    assert true in data
    lying = data.replace(true, (1000).to_bytes(4, "little"))
    assert _reason(tmp_path, lying) == "damaged_workbook"


def _shared(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook whose texts stand apart, as spreadsheets save them."""
    parts = _parts(data)
    texts: list[bytes] = []

    def number(found: re.Match[bytes]) -> bytes:
        texts.append(found[2])
        return b'<c r="%s" t="s"><v>%d</v></c>' % (found[1], len(texts) - 1)

    inline = re.compile(rb'<c r="(\w+)" t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>', re.DOTALL)
    name = "xl/worksheets/sheet1.xml"
    parts[name] = inline.sub(number, parts[name])
    items = b"".join(b"<si><t>%s</t></si>" % text for text in texts)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="%s">%s</sst>' % (main, items)
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = b'<Relationship Id="rId99" Type="%s" Target="sharedStrings.xml"/></Relationships>' % kind
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", link)
    return parts


def test_texts_that_stand_apart_are_read(tmp_path: Path) -> None:
    """Spreadsheets keep texts in a part of their own, whatever its capitals."""
    parts = _shared(xlsx([HEADINGS, _row("03/09/2018")]))
    assert b"inlineStr" not in parts["xl/worksheets/sheet1.xml"]
    (found,) = read_bytes(tmp_path, _zip(parts)).pupils
    assert (found.family_name, found.birth_date) == ("DURAND", DAY)


def test_a_long_text_that_many_cells_share_is_a_bomb(tmp_path: Path) -> None:
    """Each cell would get its own copy: the sum is counted first."""
    parts = _shared(xlsx([HEADINGS, ["x" * 32_000]]))
    name, last = "xl/worksheets/sheet1.xml", len(HEADINGS)
    more = b'<row><c t="s"><v>%d</v></c></row>' % last * 20_000
    parts[name] = parts[name].replace(b"</sheetData>", more + b"</sheetData>")
    assert _reason(tmp_path, _zip(parts)) == "zip_bomb"
    short = b'<row><c t="s"><v>0</v></c></row>' * 20_000
    parts[name] = parts[name].replace(more, short)
    assert read_bytes(tmp_path, _zip(parts)).refused == 20_001


@pytest.mark.parametrize("corner", ["XFD1048576", "A1048576:XFD1", "ZZZZZZ9999999999"])
def test_a_cell_in_the_far_corner_costs_nothing(tmp_path: Path, corner: str) -> None:
    """The extent of a sheet is judged before anything is reserved for it."""
    parts = _parts(xlsx([HEADINGS, _row(DAY)]))
    name = "xl/worksheets/sheet1.xml"
    far = f"<row><c r='{corner}'><v>1</v></c></row></sheetData>".encode()
    parts[name] = parts[name].replace(b"</sheetData>", far)
    assert _reason(tmp_path, _zip(parts)) in {"too_many_cells", "damaged_workbook"}


def test_workbooks_of_other_kinds(tmp_path: Path) -> None:
    """Protected, older, of other offices, or no workbook at all: each its reason."""
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    assert _reason(tmp_path, ole + "EncryptedPackage".encode("utf-16-le")) == "protected_workbook"
    assert _reason(tmp_path, ole) == "damaged_workbook"
    assert _reason(tmp_path, file_of_one("WordDocument", b"x").getvalue()) == "word_document"
    assert _reason(tmp_path, file_of_one("PowerPoint Document", b"x").getvalue()) == "old_document"
    assert _reason(tmp_path, _zip({"mimetype": b"application/x", "content.xml": b""})) == (
        "open_document"
    )
    text = b"application/vnd.oasis.opendocument.text"
    assert _reason(tmp_path, _zip({"mimetype": text, "content.xml": b""})) == "word_document"
    assert _reason(tmp_path, _zip({"xl/workbook.bin": b""})) == "binary_workbook"
    assert _reason(tmp_path, _zip({"word/document.xml": b""})) == "word_document"
    assert _reason(tmp_path, _zip({"CSVExtraction.csv": pupil().encode()})) == "zip_archive"
    assert _reason(tmp_path, _zip({})) == "zip_archive"
    assert _reason(tmp_path, _zip({"xl/workbook.xml": b"<oops"})) == "damaged_workbook"


def test_a_workbook_without_a_roster(tmp_path: Path) -> None:
    """No sheet with known headings; headings alone."""
    assert _reason(tmp_path, xlsx([["Article", "Prix"], ["Cahier", 2]])) == "unknown_headings"
    assert _reason(tmp_path, xlsx([[], HEADINGS])) == "headings_only"


@pytest.mark.parametrize("birth", [2018, "2018", 19999])
def test_a_bare_year_is_no_count_of_days(tmp_path: Path, birth: object) -> None:
    """2018 days after 1899 is July 1905: no pupil, and no guess."""
    rows: list[list[object]] = [
        ["Nom", "Prénom", "Date naissance"],
        ["DURAND", "Alice", birth],
    ]
    reading = read_bytes(tmp_path, xlsx(rows), "file.xlsx")
    assert (2, "impossible_birth_date") in codes(reading)


def test_a_cell_in_error_says_what_it_shows(tmp_path: Path) -> None:
    """The parser would give an empty one: nobody would know why; an optional one is dropped."""
    parts = _parts(xlsx([HEADINGS, _row(DAY), ["PETIT", None, "Léo", DAY, "F", None, None, "x"]]))
    name = "xl/worksheets/sheet1.xml"
    for reference, shown in ((b"A2", b"#REF!"), (b"H3", b"#N/A")):
        cell = re.compile(rb'<c r="%s"[^>]*?(?:/>|>.*?</c>)' % reference, re.DOTALL)
        error = b'<c r="%s" t="e"><v>%s</v></c>' % (reference, shown)
        parts[name], times = cell.subn(error, parts[name])
        assert times == 1
    reading = read_bytes(tmp_path, _zip(parts))
    assert codes(reading) == [
        (2, "cell_error"),
        (2, "no_family_name"),
        (3, "cell_error"),
        (3, "no_class"),
    ]
    assert [problem.value for problem in reading.problems if problem.code == "cell_error"] == [
        "#REF!", "#N/A",
    ]  # fmt: skip
    assert reading.pupils[0].level is None


def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path) -> None:
    """In any of its parts: no office writes that."""
    parts = _parts(xlsx([HEADINGS, _row(DAY)]))
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        hostile = parts[name].replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)
        if b"?>" not in parts[name]:
            hostile = b'<!DOCTYPE a [<!ENTITY b "c">]>' + parts[name]
        assert _reason(tmp_path, _zip({**parts, name: hostile})) == "hostile_xml"


def test_postcodes_and_numbers_with_decimals(tmp_path: Path) -> None:
    """What a column of numbers with decimals makes of them in a CSV."""
    row = guardian(postcode="1000.0", mobile="612345678.0")
    (found,) = read_bytes(tmp_path, f"{GUARDIANS}\n{row}\n".encode()).guardians
    assert (found.postcode, found.mobile) == ("01000", "+33612345678")


def test_hidden_rows_are_read(tmp_path: Path) -> None:
    """A filter that somebody forgot hides pupils who are there."""
    parts = _parts(xlsx([HEADINGS, _row(DAY)]))
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b'<row r="2"', b'<row r="2" hidden="1"')
    assert b"hidden" in parts[name]
    assert len(read_bytes(tmp_path, _zip(parts)).pupils) == 1
