"""XLS to rows, hostile ones included."""

import struct
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters import old_workbooks
from educonnect_admin.rosters.compound_files import CompoundFile, file_of_one
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.read import read_data, read_parts
from educonnect_admin.rosters.rows import FileKind
from tests.rosters.files import TODAY, is_whole, read_bytes

XLS = Path(__file__).parent / "data" / "ecole.xls"


def _stream() -> bytes:
    found = CompoundFile(XLS.read_bytes()).stream("Workbook")
    assert found
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Where each record stands, of which kind, how long."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, size
        at += 4 + size


def _with(kind: int, body: bytes, *, before: int) -> bytes:
    """The workbook with one record more, before the first of another kind."""
    stream = _stream()
    at = next(at for at, found, _ in _records(stream) if found == before)
    record = struct.pack("<HH", kind, len(body)) + body
    return file_of_one("Workbook", stream[:at] + record + stream[at:]).getvalue()


def _reason(folder: Path, data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(folder, data)
    return caught.value.reason


def test_what_libreoffice_saves_is_read() -> None:
    """Both sheets, dates as dates, zeros put back; the hidden sheet told."""
    pupils, guardians = read_parts(XLS, today=TODAY)
    assert (pupils.encoding, pupils.kind, guardians.kind) == (
        "xls",
        FileKind.PUPILS,
        FileKind.GUARDIANS,
    )
    assert [row.birth_date for row in pupils.pupils] == [date(2018, 9, 3), date(2018, 10, 3)]
    (bob,) = guardians.guardians
    assert (bob.mobile, bob.postcode) == ("+33612345678", "01000")
    assert [sheet.name for sheet in pupils.skipped] == ["Anciens"]


def test_what_goes_in_alone_comes_out_the_same() -> None:
    """Long streams and short ones, through our own file of one."""
    for size in (1, 4095, 4096, 5_000_000):
        stream = bytes(range(256)) * (size // 256 + 1)
        found = CompoundFile(file_of_one("Book", stream[:size]).getvalue()).stream("BOOK")
        assert found is not None
        assert found[:size] == stream[:size]
        assert not found[size:].strip(b"\0")


def test_a_locked_workbook_is_told(tmp_path: Path) -> None:
    """By the record that says so."""
    assert _reason(tmp_path, _with(0x2F, bytes(54), before=0x22)) == "protected_workbook"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (0x0203, struct.pack("<HHHd", 65_535, 255, 0, 1.0)),
        (0xBD, struct.pack("<HHHIH", 65_535, 0, 0, 0, 255)),
        (0x0200, struct.pack("<IIHHH", 0, 65_536, 0, 16_384, 0)),
    ],
)
def test_a_sheet_that_reaches_too_far(tmp_path: Path, kind: int, body: bytes) -> None:
    """By a cell in the last corner, a row of cells, or its own word."""
    assert _reason(tmp_path, _with(kind, body, before=0x0208)) == "too_many_cells"


def test_a_long_text_that_many_cells_share_is_a_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each cell would get its own copy: the sum is counted first."""
    stream = _stream()
    assert old_workbooks.old_workbook(XLS.read_bytes())
    texts = sum(1 for _, kind, _ in _records(stream) if kind == 0xFD)
    assert texts > 20
    monkeypatch.setattr(old_workbooks, "MAX_UNPACKED", 100)
    assert _reason(tmp_path, XLS.read_bytes()) == "zip_bomb"


def test_shared_texts_are_measured_across_blocks() -> None:
    """One goes on in the next block, which says anew how wide its letters are."""
    head = struct.pack("<II", 2, 2) + struct.pack("<HB", 3, 0) + b"abc"
    cut = struct.pack("<HB", 4, 0) + b"de"
    blocks = [head + cut, b"\1" + "fg".encode("utf-16-le")]
    assert list(old_workbooks._lengths(blocks)) == [3, 4]


def test_numbers_are_no_dates_where_days_count_from_1904() -> None:
    """By the record that says so."""
    _, serials = old_workbooks.old_workbook(XLS.read_bytes())
    assert serials
    stream = bytearray(_stream())
    at = next(at for at, kind, _ in _records(bytes(stream)) if kind == 0x22)
    stream[at + 4] = 1
    _, serials = old_workbooks.old_workbook(file_of_one("Workbook", bytes(stream)).getvalue())
    assert not serials


def test_sectors_that_go_round_in_circles_end(tmp_path: Path) -> None:
    """The parser would follow them until no memory is left."""
    data = bytearray(XLS.read_bytes())
    (first,) = struct.unpack_from("<I", data, 76)
    table = (first + 1) * 512
    for at in range(128):
        struct.pack_into("<I", data, table + 4 * at, at)
    assert _reason(tmp_path, bytes(data)) == "damaged_workbook"
    with pytest.raises(Unreadable):
        CompoundFile(bytes(data[:600]))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), max_size=6))
def test_a_damaged_workbook_is_read_or_refused(wounds: list[tuple[int, bytes]]) -> None:
    """Bytes overwritten anywhere, in the file system or in the sheets, never break the reader."""
    whole = XLS.read_bytes()
    for base in (whole, file_of_one("Workbook", _stream()).getvalue()):
        data = bytearray(base)
        for at, wound in wounds:
            start = at % len(data)
            data[start : start + len(wound)] = wound
        try:
            readings = read_data(Path("any.xls"), bytes(data), today=TODAY)
        except UnreadableFile as error:
            UnreadableReason(error.reason)
            continue
        assert all(is_whole(reading) for reading in readings)
