"""Following a guide word by word: every command it shows is run, every answer compared.

A guide is a Markdown page whose `console` blocks hold `$ command` lines and what a terminal of
80 columns answers. `…` stands for what changes from one machine to another. A comment
`<!-- day: 2026-11-23 18:00 -->` says when the following blocks are typed, a minute apart. A
question is answered by yes, or by no where the command ends with `# non`.

`python -m tests.support.guides docs/helpdesk.fr.md` writes the real answers into the page.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from educonnect_admin.domain.passwords import SIGNS
from tests.support.house import ROOT

COLUMNS, LINES = 80, 24
_BLOCK = re.compile(r"<!-- day: (?P<day>[^>]+?) -->|^```console\n(?P<body>.*?)^```", re.M | re.S)
_QUESTION = b"[o/N] "
_NUMBER = re.compile(
    rf"\b(?:[{SIGNS}]{{4}}-){{2}}[{SIGNS}]{{4}}\b|\b[{SIGNS}]{{12}}\b|\b[0-9a-f]{{64}}\b"
)
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass
class Step:
    """A command of a guide, when it is typed, and what the page says it answers."""

    command: str
    day: str
    told: list[str] = field(default_factory=list)


def steps_of(text: str) -> list[Step]:
    """Return the commands of a page, in their order."""
    return [step for body, day in _blocks(text) for step in _steps(body, day)]


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    day = "2026-11-23 18:00"
    for found in _BLOCK.finditer(text):
        if found["day"]:
            day = found["day"]
        else:
            yield found["body"], day


def _steps(body: str, day: str) -> list[Step]:
    steps: list[Step] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            steps.append(Step(line[2:], day))
        elif steps:
            steps[-1].told.append(line)
    for step in steps:
        while step.told and not step.told[-1]:
            step.told.pop()
    return steps


class Office:
    """A fresh machine with nothing but the samples, and a terminal in front of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._day, self._minutes = "", 0
        (folder / "data").symlink_to(ROOT / "data")
        names = ("PATH", "LANG", "HOME", "PYTHONPATH")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        self._environment = {
            **kept,
            "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}",
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "XDG_DATA_HOME": str(folder / "donnees"),
            "EDUCONNECT_OPERATOR": "camille",
            "EDUCONNECT_WORKERS": "2",
        }

    def answer(self, step: Step) -> list[str]:
        """Type a command and return the lines that the terminal shows."""
        self._minutes = self._minutes + 1 if step.day == self._day else 0
        self._day = step.day
        moment = datetime.fromisoformat(step.day) + timedelta(minutes=self._minutes)
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        process = subprocess.Popen(
            ["faketime", f"{moment:%Y-%m-%d %H:%M:%S}", "bash", "-c", step.command],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=self._folder,
            env={**self._environment, "TZ": "Europe/Paris"}, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        said = _conversation(ours, b"n\n" if step.command.endswith("# non") else b"o\n")
        os.close(ours)
        process.wait()
        return _seen(said.decode("utf-8", "replace"))

    def elided(self, lines: list[str]) -> list[str]:
        """Return what a page shows of an answer: what changes from run to run is `…`."""
        return [_NUMBER.sub("…", line.replace(str(self._folder), "…")) for line in lines]


def _conversation(terminal: int, reply: bytes) -> bytes:
    """Return what was said, a question answered as the reader would."""
    said = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            return said  # the last program has let go of the terminal
        if not piece:
            return said
        said += piece
        if said.endswith(_QUESTION):
            os.write(terminal, reply)


def _seen(said: str) -> list[str]:
    """Return what stays on the screen: a progress bar has erased itself."""
    lines = []
    for raw in said.replace("\r\n", "\n").split("\n"):
        line = _ESCAPES.sub("", raw.rsplit("\r", 1)[-1]).rstrip()
        lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def agrees(told: list[str], seen: list[str]) -> bool:
    """Tell whether an answer is what the page says; `…` in the page stands for anything."""
    pattern = "\n".join(re.escape(line).replace("…", ".*") for line in told)
    return re.fullmatch(pattern, "\n".join(seen)) is not None


def follow(page: Path) -> Iterator[tuple[Step, list[str]]]:
    """Run a guide on a fresh office; yield each step and what was really seen."""
    # A path of the same length everywhere: lines break at the same places.
    with TemporaryDirectory(prefix="ec-", dir="/tmp") as folder:
        office = Office(Path(folder))
        for step in steps_of(page.read_text(encoding="utf-8")):
            yield step, office.elided(office.answer(step))


def written(page: Path) -> str:
    """Return the page with the real answers; lines told with `…` stay where they still agree."""
    answers = iter([seen if not agrees(step.told, seen) else step.told
                    for step, seen in follow(page)])  # fmt: skip

    def rewrite(found: re.Match[str]) -> str:
        if found["day"]:
            return found[0]
        parts = [
            "\n".join([f"$ {step.command}", *next(answers)]) for step in _steps(found["body"], "")
        ]
        return "```console\n" + "\n\n".join(parts) + "\n```"

    return _BLOCK.sub(rewrite, page.read_text(encoding="utf-8"))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(written(path), encoding="utf-8")
