"""A real terminal of 80 columns and 24 lines, in which somebody types: tmux holds the screen."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.house import ROOT

COLUMNS, LINES = 80, 24
PATIENCE = 60
"""Seconds that an answer may take on a busy machine."""
_END = re.compile(r"^FIN (\d+)$", re.MULTILINE)
PAUSE = "Entrée pour la suite"
_CHOICES = "q : arrêter"


def questions_in(lines: Sequence[str]) -> list[int]:
    """Return the places of the lines on which the guide waited for an answer."""
    return [
        at
        for at, (above, line) in enumerate(zip(["", *lines], lines, strict=False))
        if line.startswith(PAUSE) or (_CHOICES in above and not above.startswith(PAUSE))
    ]


class Terminal:
    """One program in a terminal of its own, and the person in front of it."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "tmux"
        self._raw = folder / "raw"

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], cwd: Path) -> None:
        """Run the product's command line in the terminal; its exit code is shown at the end."""
        program = [sys.executable, "-m", "educonnect_admin", *arguments]
        # It waits for a key, so that not a byte of it is missed; Ctrl-C is not for the shell.
        script = 'trap : INT; read go; "$@"; echo "FIN $?"; sleep 600'
        words = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
        self._tmux(
            "-f", os.devnull, "new-session", "-d", "-x", str(COLUMNS), "-y", str(LINES),
            "-c", str(cwd), *words, "sh", "-c", script, "sh", *program,
            ";", "set-option", "-g", "history-limit", "5000",
            ";", "set-option", "-g", "status", "off",
        )  # fmt: skip
        self._tmux("pipe-pane", "-o", f"cat >'{self._raw}'")
        self._tmux("send-keys", "Enter")
        self._wait(0)

    def type(self, answer: str) -> None:
        """Type an answer, press Enter, and wait for the next question."""
        before = self._asked()
        if answer:
            self._tmux("send-keys", "-l", answer)
        self._tmux("send-keys", "Enter")
        self._wait(before)

    def press(self, key: str) -> None:
        """Press a key (`C-c`) and wait for what comes of it."""
        before = self._asked()
        self._tmux("send-keys", key)
        self._wait(before)

    @property
    def screen(self) -> list[str]:
        """Return the lines on the screen now."""
        return self._capture()

    @property
    def everything(self) -> list[str]:
        """Return every line since the beginning, those broken by the terminal as one."""
        return self._capture("-J", "-S", "-")

    @property
    def raw(self) -> bytes:
        """Return every byte that the program wrote."""
        return self._raw.read_bytes()

    @property
    def question(self) -> str:
        """Return the line that waits for an answer."""
        lines = [line for line in self.screen if line]
        return lines[-1] if lines else ""

    @property
    def code(self) -> int | None:
        """Return the exit code; nothing while the program runs."""
        found = _END.search("\n".join(self.screen))
        return int(found[1]) if found else None

    def stop(self) -> None:
        """End the terminal and all that runs in it, if it ever began."""
        with suppress(subprocess.CalledProcessError):
            self._tmux("kill-server")

    def _asked(self) -> int:
        return len(questions_in(self.everything))

    def _wait(self, before: int) -> None:
        for _ in range(PATIENCE * 20):
            if self.code is not None:
                return
            if self._asked() > before and self._waits():
                return
            time.sleep(0.05)
        raise AssertionError("\n".join(self.screen))

    def _waits(self) -> bool:
        """Tell whether the cursor stands behind a question; behind a told line it is below."""
        return self._tmux("display-message", "-p", "#{cursor_x}").strip() != "0" and (
            self.question.endswith(" :")
        )

    def _capture(self, *options: str) -> list[str]:
        shown = self._tmux("capture-pane", "-p", *options)
        return shown.replace("\u00a0", " ").rstrip("\n").split("\n")

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(self._socket), *words], capture_output=True, text=True, check=True
        )
        return done.stdout


@contextmanager
def terminal(
    folder: Path, *arguments: str, environment: Mapping[str, str], cwd: Path
) -> Iterator[Terminal]:
    """Give a terminal in which the command runs.

    Args:
        folder: A short path, where the terminal keeps its socket.
        arguments: What is typed after the name of the program.
        environment: All of it, the paths of this checkout apart.
        cwd: Where it is typed.
    """
    kept = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }
    with TemporaryDirectory(dir=folder, prefix="tmux-") as own:
        screen = Terminal(Path(own))
        try:
            screen.start(arguments, {**kept, **environment}, cwd)
            yield screen
        finally:
            screen.stop()
