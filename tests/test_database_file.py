"""The file of an SQLite office, before SQLite has it."""

import os
from pathlib import Path

import pytest

from educonnect_admin import databases
from educonnect_admin.domain.errors import UnwritableFolder


def test_a_database_file_that_is_there_is_not_opened_by_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing it would let go of the locks that SQLite holds for this process."""
    path = tmp_path / "office.sqlite"
    path.touch()

    def opened(*_: object) -> int:
        raise AssertionError("opened")

    monkeypatch.setattr(os, "open", opened)

    databases.create_file(databases.parse_address(str(path)))


def test_a_place_that_may_not_be_looked_at_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words, as one that may not be written."""

    def closed(_: Path) -> bool:
        raise PermissionError(13, "closed")

    monkeypatch.setattr(Path, "exists", closed)

    with pytest.raises(UnwritableFolder):
        databases.create_file(databases.parse_address(str(tmp_path / "office.sqlite")))
