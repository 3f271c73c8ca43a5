"""`letters shred`: our files and no others, made unreadable, told in the trail, once."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.office import shred_letters
from educonnect_admin.office.printing.destroy_file import destroy
from tests.cli.running import Terminal

SCHOOL = ("--school", "0140070A")


@pytest.fixture
def folder(run: Terminal, office: Services) -> Path:
    """Letters of the school, printed."""
    assert run("letters", "issue", *SCHOOL, "--output", "out").code == 0
    return Path("out")


def told(run: Terminal) -> list[str]:
    """Return the kinds of entries that tell of a destroyed file."""
    entries = run("audit", "trail", "--json").json["entries"]
    return [one["kind"] for one in entries if one["kind"] == "batch.file_shredded"]


def test_our_files_go_and_nothing_else(run: Terminal, folder: Path) -> None:
    """Letters and slips; not the secretary's own files, whatever their names."""
    printed = sorted(folder.glob("*.pdf"))
    others = {
        folder / "notes.pdf": b"%PDF-1.7 mine",
        folder / "lot-000999-01-CE1-courriers.pdf": b"%PDF-1.7 another office's",
        folder / "lot-000001.txt": b"a list",
    }
    for path, content in others.items():
        path.write_bytes(content)

    rehearsed = run("letters", "shred", "out", "--dry-run", "--json")
    assert sorted(folder.glob("lot-000001-*.pdf")) == printed
    answer = run("letters", "shred", "out", "--json")

    assert rehearsed.json["files"] == answer.json["files"]
    assert answer.code == 0
    assert sorted(Path(one["path"]).name for one in answer.json["files"]) == [
        one.name for one in printed
    ]
    assert {path: path.read_bytes() for path in folder.iterdir()} == others
    assert len(told(run)) == len(printed)
    assert run("audit", "trail", "--verify").code == 0


def test_it_is_overwritten_before_it_goes(run: Terminal, folder: Path) -> None:
    """Whoever holds the file open, as an undelete would, reads nothing of it."""
    held = [path.open("rb") for path in sorted(folder.glob("*.pdf"))]

    said = run("letters", "shred", "out", "--yes")

    contents = [file.read() for file in held]
    for file in held:
        file.close()
    assert all(contents)
    assert {byte for content in contents for byte in content} == {0}
    assert "SSD" in said.out


def test_done_again_there_is_nothing_to_do(run: Terminal, folder: Path) -> None:
    """Exit 0, nothing more in the trail."""
    assert run("letters", "shred", "out").code == 0
    before = told(run)

    again = run("letters", "shred", "out", "--json")

    assert (again.code, again.json["files"]) == (0, [])
    assert told(run) == before


def test_letters_are_known_wherever_they_were_moved(run: Terminal, folder: Path) -> None:
    """By what they hold: on a stick, under another name, in a folder below."""
    [letters, *_] = sorted(folder.glob("*-courriers.pdf"))
    copy = Path("stick") / "lettres" / "CE1 à imprimer.PDF"
    copy.parent.mkdir(parents=True)
    shutil.copy(letters, copy)

    answer = run("letters", "shred", "stick", "--json").json

    assert [one["path"] for one in answer["files"]] == [str(copy.absolute())]
    assert not copy.exists()
    assert letters.exists()


def test_an_altered_file_is_left_and_told(run: Terminal, folder: Path) -> None:
    """Somebody added a note to it: it is not ours to destroy (exit 4)."""
    [letters, *_] = sorted(folder.glob("*-courriers.pdf"))
    with letters.open("ab") as file:
        file.write(b"% a note")

    answer = run("letters", "shred", "out", "--json")

    assert answer.code == 4
    assert answer.json["left"] == [str(letters.absolute())]
    assert letters.exists()


def test_links_are_not_followed(run: Terminal, folder: Path) -> None:
    """A link to a folder or to a file of letters leads nowhere."""
    [letters, *_] = sorted(folder.glob("*-courriers.pdf"))
    Path("trap").mkdir()
    Path("trap/folder").symlink_to(folder.absolute())
    Path("trap/one.pdf").symlink_to(letters.absolute())

    answer = run("letters", "shred", "trap", "--json")

    assert (answer.code, answer.json["files"]) == (0, [])
    assert letters.exists()


def test_a_folder_that_is_not_there_is_refused(run: Terminal, office: Services) -> None:
    """Exit 3, rather than a quiet «nothing to do» for a name mistyped."""
    answer = run("letters", "shred", "nowhere")

    assert (answer.code, answer.out) == (3, "")
    assert "nowhere" in answer.err


def test_the_passwords_go_on_working(run: Terminal, folder: Path) -> None:
    """The letter is in the satchel: only the file is gone."""
    before = run("letters", "list", "--state", "live", "--json").json

    run("letters", "shred", "out")

    assert run("letters", "list", "--state", "live", "--json").json == before
    assert before["letters"]


class _Closed:
    """The system's `open`, for whom some files are closed; tests may run as the superuser."""

    def __init__(self, mode: int, *paths: Path) -> None:
        self._open, self._mode = os.open, mode
        self._paths = {path.absolute() for path in paths}

    def __call__(self, path: Path | str, flags: int, *more: Any, **named: Any) -> int:
        wants = os.W_OK if flags & (os.O_RDWR | os.O_WRONLY) else os.R_OK
        if wants & ~self._mode and Path(path).absolute() in self._paths:
            raise PermissionError(errno.EACCES, "closed", str(path))
        return self._open(path, flags, *more, **named)


def test_what_may_not_be_read_is_told(
    run: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 4, with its name: never «nothing to destroy» over letters that are still there."""
    closed = [path.absolute() for path in sorted(folder.glob("*.pdf"))]
    monkeypatch.setattr(os, "open", _Closed(0, *closed))

    answer = run("letters", "shred", "out")
    counted = run("letters", "shred", "out", "--json")

    assert (answer.code, counted.code) == (4, 4)
    assert "rien à détruire" not in answer.out
    assert all(str(path) in answer.err for path in closed)
    assert counted.json["left"] == [str(path) for path in closed]


def test_a_folder_that_may_not_be_listed_is_told(
    run: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever lies in it may be letters: exit 4."""
    (folder / "closed").mkdir()
    listed = os.scandir

    def scandir(path: str) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "closed", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    answer = run("letters", "shred", "out", "--json")

    assert answer.code == 4
    assert answer.json["left"] == [str((folder / "closed").absolute())]
    assert answer.json["files"]


def test_what_may_not_be_destroyed_is_told_and_the_others_go(
    run: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file is for reading only: exit 4 names it."""
    [first, *others] = sorted(folder.glob("*.pdf"))
    monkeypatch.setattr(os, "open", _Closed(os.R_OK, first))

    answer = run("letters", "shred", "out", "--json")

    assert answer.code == 4
    assert answer.json["left"] == [str(first.absolute())]
    assert len(told(run)) == len(others)
    assert list(folder.glob("*.pdf")) == [first]


def test_a_pipe_is_not_waited_for(run: Terminal, folder: Path) -> None:
    """Something that bears the name of a PDF and is none is left alone."""
    os.mkfifo(folder / "pipe.pdf")

    assert run("letters", "shred", "out").code == 0


def test_a_crash_hides_no_loss(
    run: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trail knew of every file before the first was touched."""

    def destroyed_and_crashed(path: Path, digest: str) -> bool:
        destroy(path, digest)
        raise RuntimeError("the power went out")

    printed = len(list(folder.glob("*.pdf")))
    monkeypatch.setattr(shred_letters, "destroy", destroyed_and_crashed)

    assert run("letters", "shred", "out").code == 1

    assert len(list(folder.glob("*.pdf"))) == printed - 1
    entries = run("audit", "trail", "--json").json["entries"]
    assert sum(one["kind"] == "batch.file_condemned" for one in entries) == printed
    assert told(run) == []


@pytest.mark.parametrize("sticky", [False, True])
def test_what_may_be_written_but_not_removed_is_left_whole(
    run: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch, sticky: bool
) -> None:
    """In a closed folder, or another's file in everybody's: not emptied and then called left."""
    before = {path: path.read_bytes() for path in sorted(folder.iterdir())}
    if sticky:
        folder.chmod(0o1777)
        monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    else:
        monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != folder.absolute())

    answer = run("letters", "shred", "out", "--json")

    assert (answer.code, answer.json["files"], told(run)) == (4, [], [])
    assert {path: path.read_bytes() for path in sorted(folder.iterdir())} == before


@pytest.mark.parametrize("left", [0, 500])
def test_a_killed_destruction_is_finished(run: Terminal, folder: Path, left: int) -> None:
    """Zeros, or zeros before what was still to be overwritten, under the name that we gave."""
    [letters, *_] = sorted(folder.glob("*-courriers.pdf"))
    printed = run("letters", "shred", "out", "--dry-run", "--json").json["files"]
    [number] = [one["letters"] for one in printed if one["path"] == str(letters.absolute())]
    content = letters.read_bytes()
    letters.write_bytes(bytes(len(content) - left) + content[len(content) - left :])

    answer = run("letters", "shred", "out", "--json")

    assert answer.code == 0
    assert [(one["path"], one["letters"]) for one in answer.json["files"]] == [
        (one["path"], one["letters"]) for one in printed
    ]
    assert number
    assert not letters.exists()
    assert len(told(run)) == len(printed)


def test_what_changes_meanwhile_is_left_and_told(
    run: Terminal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the destruction somebody has put something else there."""
    [letters, *_] = sorted(folder.glob("*-courriers.pdf"))

    def changed(path: Path, digest: str) -> bool:
        if path == letters.absolute():
            path.write_bytes(b"mine")
        return destroy(path, digest)

    monkeypatch.setattr(shred_letters, "destroy", changed)
    answer = run("letters", "shred", "out", "--json")

    assert (answer.code, answer.json["left"]) == (4, [str(letters.absolute())])
    assert letters.read_bytes() == b"mine"


@pytest.mark.parametrize("digits", [10, 18, 30])
def test_no_number_in_a_name_is_too_long(run: Terminal, folder: Path, digits: int) -> None:
    """A name that looks like ours, of a batch that no database holds, stays what it is."""
    stray = folder / f"lot-{'9' * digits}-01-CE1-courriers.pdf"
    stray.write_bytes(b"%PDF-1.7")

    assert run("letters", "shred", "out").code == 0
    assert list(folder.iterdir()) == [stray]
