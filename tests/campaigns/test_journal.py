"""The log of a campaign: whole lines, whatever ended the run before or fills the disk."""

import json
import stat
from pathlib import Path

import pytest

from educonnect_admin.campaigns.journal import FILE_NAME, Journal
from educonnect_admin.domain.errors import UnwritableFolder
from tests.campaigns.disks import small_disk
from tests.conftest import NOW


def journal(folder: Path) -> Journal:
    """Open the log of a folder."""
    return Journal(folder / FILE_NAME, lambda: NOW)


def events(folder: Path) -> list[str]:
    """Return what the log tells; every line must be whole."""
    text = (folder / FILE_NAME).read_text()
    assert text.endswith("\n")
    return [json.loads(line)["event"] for line in text.splitlines()]


def test_runs_follow_each_other(tmp_path: Path) -> None:
    """Nothing of a former run is lost; the file is its owner's alone."""
    for event in ("one", "two"):
        log = journal(tmp_path)
        log.note(event, uai="0140070A")
        log.close()
        assert log.is_whole
    assert events(tmp_path) == ["one", "two"]
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("half", ['{"event": "ha', '{"event": "half"}'])
def test_half_a_line_is_dropped_by_the_next_run(tmp_path: Path, half: str) -> None:
    """A line without its end would swallow the one that comes after it."""
    (tmp_path / FILE_NAME).write_text('{"event": "one"}\n' + half)
    log = journal(tmp_path)
    log.note("two")
    log.close()
    assert events(tmp_path) == ["one", "two"]


def test_a_log_of_nothing_but_half_a_line_begins_anew(tmp_path: Path) -> None:
    """It was the first."""
    (tmp_path / FILE_NAME).write_text('{"event": "o')
    log = journal(tmp_path)
    log.note("one")
    log.close()
    assert events(tmp_path) == ["one"]


def test_a_full_disk_takes_whole_lines_or_none(tmp_path: Path) -> None:
    """What it had room for of a line is taken back; the log says that it is not whole."""
    with small_disk(tmp_path / "disk", "16k") as disk:
        log = journal(disk.folder)
        for number in range(200):
            log.note("one", number=number, text="x" * 150)
        assert not log.is_whole
        size = (disk.folder / FILE_NAME).stat().st_size
        assert size > 4096
        assert set(events(disk.folder)) == {"one"}
        log.close()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the error that has words."""
    with pytest.raises(UnwritableFolder):
        journal(tmp_path / "missing")
