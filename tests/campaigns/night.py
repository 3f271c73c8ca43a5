"""A campaign as a process of its own, with the processes that it starts in turn."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from educonnect_admin.settings import Settings
from tests.support.house import ROOT

PATIENCE_SECONDS = 120
"""How long a test waits for what must happen; a hang is a failure, not a wait for ever."""


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """Return the environment of a program that works at the office of these settings."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("EDUCONNECT_")}
    return {
        **inherited,
        "EDUCONNECT_DATABASE_URL": settings.database_url,
        "EDUCONNECT_SECRET_KEY_FILE": str(settings.secret_key_file),
        "EDUCONNECT_OPERATOR": "alice",
        "EDUCONNECT_HASHING": "cheap-for-tests",
        "PYTHONPATH": str(ROOT),
        **more,
    }


class Night:
    """One run of a command; its processes are a session of their own."""

    def __init__(self, arguments: list[str], environ: Mapping[str, str], said: Path) -> None:
        said.mkdir(exist_ok=True)
        self._out, self._err = said / "out", said / "err"
        # To files: an orphan that keeps a pipe open would keep its reader waiting.
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "educonnect_admin", *arguments],
                env=dict(environ), stdout=out, stderr=err, start_new_session=True,
            )  # fmt: skip

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.process.poll() is not None

    def code(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Wait for its end and return its exit code; a signal is negative."""
        return self.process.wait(seconds)

    @property
    def out(self) -> dict[str, Any]:
        """What it told a program."""
        value = json.loads(self._out.read_text())
        assert isinstance(value, dict)
        return value

    @property
    def err(self) -> str:
        """What it told a person; never a traceback."""
        text = self._err.read_text()
        assert "Traceback" not in text, text
        return text

    def workers(self) -> list[int]:
        """Return the processes that do its tasks."""
        return [
            number
            for number in self.processes()
            if number != self.process.pid and b"spawn_main" in _command(number)
        ]

    def processes(self) -> list[int]:
        """Return every process of its session that still runs."""
        return [number for number, session in _sessions() if session == self.process.pid]

    def interrupt(self, signal_number: int = signal.SIGINT) -> None:
        """Type Ctrl-C: every process of the terminal hears it."""
        os.killpg(self.process.pid, signal_number)

    def kill(self) -> None:
        """End whatever still runs."""
        for number in self.processes():
            _kill(number)
        self.process.wait()

    def assert_left_nobody(self, seconds: float = 10) -> None:
        """Fail if a process of its own outlives it by more than this."""
        wait_until(lambda: not self.processes(), seconds)


@contextmanager
def night(arguments: list[str], settings: Settings, said: Path, **more: str) -> Iterator[Night]:
    """Run a command beside the test; nothing of it outlives the block."""
    running = Night(arguments, environment(settings, **more), said)
    try:
        yield running
    finally:
        running.kill()


def campaign_of(output: Path, *options: str, academy: str = "09") -> list[str]:
    """Return the command line of a campaign of letters."""
    return ["letters", "campaign", "--academy", academy, "--output", str(output), "--json",
            *options]  # fmt: skip


def wait_until(is_so: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something; fail if it does not come."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


def journal_of(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of the log of a campaign; every one must be whole."""
    path = folder / "journal.jsonl"
    text = path.read_text() if path.exists() else ""
    assert not text or text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def _sessions() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (facts := _facts(int(entry.name))):
            state, session = facts[0], int(facts[3])
            if state not in "ZX":
                yield int(entry.name), session


def _facts(number: int) -> list[str]:
    """Return what /proc tells of a process after its name, which may hold anything."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _command(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b""


def _kill(number: int) -> None:
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        return
