"""Whatever the file, people or a refusal, and nobody lost in between."""

import hashlib
import os
import time
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters import read
from educonnect_admin.rosters.problems import UnreadableReason
from educonnect_admin.rosters.read import read_data, read_file, read_files, read_table
from educonnect_admin.rosters.rows import FileKind
from tests.rosters.files import (
    GUARDIANS,
    PUPILS,
    TODAY,
    guardian,
    is_whole,
    ods,
    ods_row,
    pupil,
    read_guardians,
    text,
    xlsx,
)

QUICK = settings(
    max_examples=100,
    deadline=None,
)
VALUES = st.one_of(
    st.sampled_from(
        ["", "", "DURAND", "Alice", "03/09/2018", "31/02/2014", "2018-09-03", "03/09/18", "M.",
         "123456789AB", "0612345678", "a@example.fr", "CE1", "Radiation", "Total", "3", "=1+1"]
    ),
    st.text(max_size=8),
)  # fmt: skip
ROWS = st.lists(st.lists(VALUES, max_size=16), max_size=6)
KNOWN = st.lists(
    st.sampled_from([*PUPILS.split(";"), *GUARDIANS.split(";"), *GUARDIANS.split(";")[-4:], "",
                     "Directeur", "Nom", "Prénom", "Prénom élève 2", "Autre"]),
    max_size=20,
)  # fmt: skip
FAMILIES = "Nom;Prénom;Né(e) le;Classe;Père;Nom mère;Prénom mère;Tél. mère;Date sortie"
HEADS = st.sampled_from([PUPILS, f"{PUPILS};Etat", GUARDIANS, FAMILIES])


def _survives(data: bytes) -> None:
    """Without the disk: hundreds of files rewritten in a row are slow on a busy one."""
    try:
        (reading,) = read_data(Path("any.csv"), data, today=TODAY)
    except UnreadableFile as error:
        UnreadableReason(error.reason)
        return
    assert is_whole(reading)
    assert reading.rows > 0


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No bytes make anything but an `UnreadableFile`."""
    _survives(data)


@QUICK
@given(HEADS, st.binary(max_size=300), st.sampled_from(["utf-8", "cp1252", "utf-16"]))
def test_any_bytes_under_headings(head: str, data: bytes, encoding: str) -> None:
    """Whatever follows good headings, every row is in one heap or the file is refused."""
    _survives(f"{head}\n".encode(encoding) + data)


@QUICK
@given(HEADS, ROWS)
def test_any_table_as_csv(head: str, rows: list[list[str]]) -> None:
    """Any cells under headings, quoted or not by chance."""
    data = text(head, *(";".join(row) for row in rows)).encode("utf-8", "surrogatepass")
    _survives(data)


@QUICK
@given(KNOWN, ROWS)
def test_any_headings(head: list[str], rows: list[list[str]]) -> None:
    """Known headings in any order, missing, repeated, blocks of children cut anywhere."""
    data = text(";".join(head), *(";".join(row) for row in rows)).encode("utf-8", "surrogatepass")
    _survives(data)


@settings(QUICK, max_examples=40)
@given(HEADS, ROWS)
def test_any_table_as_a_workbook(head: str, rows: list[list[str]]) -> None:
    """The same in a workbook, its signs restricted to what XML may hold."""
    cells = [["".join(filter(str.isprintable, cell)) for cell in row] for row in rows]
    _survives(xlsx([head.split(";"), *cells]))
    _survives(ods([ods_row(*row) for row in (head.split(";"), *cells)]))


@settings(QUICK, max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), max_size=6))
def test_a_damaged_workbook_is_read_or_refused(wounds: list[tuple[int, bytes]]) -> None:
    """Bytes overwritten anywhere in a workbook never break the reader."""
    data = bytearray(_stored(xlsx([PUPILS.split(";"), pupil().split(";")])))
    for at, wound in wounds:
        start = at % len(data)
        data[start : start + len(wound)] = wound
    _survives(bytes(data))


def _stored(data: bytes) -> bytes:
    """Return a workbook uncompressed, so that wounds reach its XML."""
    import zipfile

    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return file.getvalue()


@settings(QUICK, max_examples=60)
@given(st.integers(0, 3000), st.sampled_from(["'", "<", ">", "&#0;", "r='XFD9'", "</row>", "99"]))
def test_a_sheet_of_broken_xml_is_read_or_refused(at: int, noise: str) -> None:
    """With good checksums, so that the parser itself meets the damage."""
    import zipfile

    good = _stored(xlsx([PUPILS.split(";"), pupil().split(";")]))
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(good)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part = part[: at % len(part)] + noise.encode() + part[at % len(part) :]
            new.writestr(name, part)
    _survives(file.getvalue())


def test_files_that_the_disk_does_not_give(tmp_path: Path) -> None:
    """Missing, a folder, not ours to read: each its reason."""
    assert _reason(tmp_path / "nowhere.csv") == "not_found"
    assert _reason(tmp_path) == "folder"
    closed = tmp_path / "closed.csv"
    closed.write_text("a")
    closed.chmod(0)
    if not os.access(closed, os.R_OK):
        assert _reason(closed) == "not_permitted"


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound holds before anything is decoded."""
    monkeypatch.setattr(read, "MAX_BYTES", 10)
    path = tmp_path / "large.csv"
    path.write_bytes(text(PUPILS, pupil()).encode())
    assert _reason(path) == "too_large"


def _reason(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_file(path, today=TODAY)
    return caught.value.reason


def test_files_are_read_in_the_order_given(tmp_path: Path) -> None:
    """Whatever they are called; each with the digest of its bytes."""
    first, second = tmp_path / "enseignants.txt", tmp_path / "b"
    first.write_text(text(PUPILS, pupil()))
    second.write_text(text(GUARDIANS, guardian()))
    readings = read_files([first, second], today=TODAY)
    assert [reading.kind for reading in readings] == [FileKind.PUPILS, FileKind.GUARDIANS]
    assert readings[0].sha256 == hashlib.sha256(first.read_bytes()).hexdigest()


def test_a_row_can_be_shown_again_as_it_stands(tmp_path: Path) -> None:
    """Refused rows go back to the school with the cells they had."""
    path = tmp_path / "eleves.csv"
    path.write_text(text(PUPILS, pupil(), pupil(birth="31/02/2014")))
    (problem,) = read_file(path, today=TODAY).problems
    table = read_table(path)
    assert table.rows[list(table.lines).index(problem.line)][3] == "31/02/2014"
    with pytest.raises(UnreadableFile):
        read_table(tmp_path / "nowhere.csv")


def test_the_headings_are_told_with_what_they_were_taken_for(tmp_path: Path) -> None:
    """Every heading of the file, empty for those not used."""
    headings = read_guardians(tmp_path, guardian()).headings
    assert list(headings) == GUARDIANS.split(";")
    assert headings["Nom responsable"] == "family_name"
    assert headings["Prénom enfant"] == "child_given_name"


def test_twenty_thousand_rows_take_seconds_not_minutes(tmp_path: Path) -> None:
    """Reading stays linear: no pair of rows is compared."""
    rows = (
        guardian(f"DURAND{chr(97 + n % 26)}", mobile=f"06{n:08d}", email=f"a{n}@example.fr")
        for n in range(20_000)
    )
    start = time.process_time()
    reading = read_guardians(tmp_path, *rows)
    assert reading.rows == 20_000
    assert is_whole(reading)
    assert time.process_time() - start < 10


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    """Under another name too: its pupils would all be met twice."""
    first, second = tmp_path / "eleves.csv", tmp_path / "copie.csv"
    for path in (first, second):
        path.write_text(text(PUPILS, pupil()))
    with pytest.raises(UnreadableFile) as caught:
        read_files([first, second], today=TODAY)
    assert (caught.value.reason, caught.value.path) == ("repeated_file", second)
