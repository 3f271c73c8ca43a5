"""`--encrypt`: closed from the first byte on the disk, with a passphrase that stands nowhere."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from educonnect_admin.edge import Services
from educonnect_admin.office.printing import write_slips
from tests.cli.running import Terminal

PHRASE = "agrafe moulin tilleul sept"
ISSUE = ("letters", "issue", "--school", "0140070A", "--output", "out", "--encrypt")


@pytest.fixture
def phrase_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file that holds the passphrase, as cron needs one."""
    file = tmp_path / "phrase"
    file.write_text(f"{PHRASE}\nnot this\n", encoding="utf-8")
    monkeypatch.setenv("EDUCONNECT_LETTERS_PASSPHRASE_FILE", str(file))
    return file


def opened(path: Path, phrase: str = PHRASE) -> bool:
    """Tell whether a file opens with a passphrase, and with no other."""
    reader = pypdf.PdfReader(path)
    return reader.is_encrypted and not reader.decrypt("") and bool(reader.decrypt(phrase))


def test_letters_and_slips_are_closed(run: Terminal, office: Services, phrase_file: Path) -> None:
    """Every file of the batch, the slips that name children too; the phrase is told nowhere."""
    answer = run(*ISSUE, "--json")

    files = sorted(Path("out").iterdir())
    assert answer.code == 0
    assert len(files) == len(answer.json["files"]) + len(answer.json["slips"]) >= 4
    assert all(opened(path) for path in files)
    assert PHRASE not in answer.all
    assert "la phrase de passe sera demandée" in answer.err


def test_one_letter_is_closed(run: Terminal, office: Services, phrase_file: Path) -> None:
    """`resend` on paper; by mail there is no file to close (exit 2)."""
    assert run("accounts", "generate", "--school", "0140070A").code == 0
    why = ("--reason", "perdu")

    paper = run("letters", "resend", "celine.dupont", *why, "--output", "x", "--encrypt", "--json")
    mail = run("letters", "resend", "celine.dupont", *why, "--email", "--encrypt")

    assert opened(Path(paper.json["files"][0]["path"]))
    assert "la phrase de passe sera demandée" in paper.err
    assert mail.code == 2


def test_without_a_terminal_or_a_file_it_is_refused(run: Terminal, office: Services) -> None:
    """Exit 2 and what to do; no password was drawn, no account opened."""
    answer = run(*ISSUE)

    assert (answer.code, answer.out) == (2, "")
    assert "EDUCONNECT_LETTERS_PASSPHRASE_FILE" in answer.err
    assert not Path("out").exists()
    assert run("audit", "activations", "--json").json["accounts"] == 0


@pytest.mark.parametrize("phrase", ["trop court", "x" * 128, "avec\ttabulation", " commence mal !"])
def test_a_phrase_that_will_not_do(
    run: Terminal, office: Services, phrase_file: Path, phrase: str
) -> None:
    """Exit 2, never quoted."""
    phrase_file.write_text(phrase, encoding="utf-8")

    answer = run(*ISSUE)

    assert (answer.code, answer.out) == (2, "")
    assert phrase.strip() not in answer.err


def test_a_phrase_file_that_is_gone(run: Terminal, office: Services, phrase_file: Path) -> None:
    """Exit 2: the setting is named."""
    phrase_file.unlink()

    answer = run(*ISSUE)

    assert answer.code == 2
    assert "EDUCONNECT_LETTERS_PASSPHRASE_FILE" in answer.err


@pytest.mark.parametrize(("second", "code"), [(PHRASE, 0), ("agrafe moulin tilleul six", 2)])
def test_it_is_typed_twice_and_not_shown(office: Services, second: str, code: int) -> None:
    """On a terminal of its own: asked twice, without echo, refused where they differ."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "educonnect_admin", *ISSUE]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    for question, typed in ((b"moins) : ", PHRASE), (b"fois : ", second)):
        while question not in shown:
            shown += os.read(ours, 65_536)
        os.write(ours, typed.encode() + b"\n")
        lines = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        assert PHRASE.encode() not in lines
    try:
        while block := os.read(ours, 65_536):
            shown += block
    except OSError:  # how Linux tells that nobody is at the other end any more
        pass
    os.close(ours)

    assert process.wait(timeout=120) == code
    assert PHRASE.encode() not in shown
    assert Path("out").exists() is (code == 0)
    if code == 0:
        assert all(opened(path) for path in Path("out").iterdir())


def test_slips_of_a_closed_batch_are_not_recovered_in_clear(
    run: Terminal, office: Services, phrase_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the slips: they wait for the passphrase; new letters don't wait for them."""
    with monkeypatch.context() as killed:
        killed.setattr(write_slips, "write_part", _die)
        assert run(*ISSUE).code == 130
    assert not list(Path("out").glob("*bordereau*"))

    in_clear = run("letters", "recover", "--json")
    meanwhile = run("letters", "issue", "--school", "0140070A", "--output", "out")
    closed = run("letters", "recover", "--encrypt", "--json")

    assert (in_clear.code, len(in_clear.json["locked"])) == (4, 1)
    assert "letters recover --encrypt" in in_clear.err
    assert meanwhile.code == 0
    assert (closed.code, closed.json["locked"]) == (0, [])
    slips = sorted(Path("out").glob("*bordereau.pdf"))
    assert len(slips) == len(closed.json["slips"]) > 0
    assert all(opened(path) for path in slips)


def _die(*_: object) -> str:
    raise KeyboardInterrupt


def test_a_synchronised_folder_is_spoken_of_unless_it_is_closed(
    run: Terminal, office: Services, phrase_file: Path
) -> None:
    """A copy of what is closed says nothing; exit codes are the same."""
    plain = run("letters", "issue", "--school", "0140070A", "--output", "OneDrive/x", "--dry-run")
    closed = run(*ISSUE[:4], "--output", "OneDrive/x", "--encrypt", "--dry-run")

    assert (plain.code, closed.code) == (0, 0)
    assert "OneDrive" in plain.err
    assert re.search(r"Attention : .* synchronisé \(OneDrive\)", plain.err)
    assert "OneDrive" not in closed.err
