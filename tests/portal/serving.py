"""The portal as a process of its own, asked over a real socket."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

import httpx2 as httpx

from educonnect_admin.settings import Settings


@dataclass
class Served:
    """A portal that is open.

    Attributes:
        url: where.
        process: the one that was started; it may have others below it.
        log: what it wrote on standard error, once it has stopped.
    """

    url: str
    process: subprocess.Popen[bytes]
    stderr: IO[str]
    log: str = ""

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask for a page."""
        return httpx.get(f"{self.url}{path}", timeout=30, **options)

    def stop(self, stop: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, by itself as systemd does, and return how it ended."""
        self.process.send_signal(stop)
        return self.ended()

    def ended(self) -> int:
        """Return how it ended, once it has."""
        code = self.process.wait(timeout=60)
        self.stderr.seek(0)
        self.log = self.stderr.read()
        return code


def free_port() -> int:
    """Return a port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables under which another process works at the same office."""
    kept = {name: value for name, value in os.environ.items() if "EDUCONNECT_" not in name}
    return kept | {
        "EDUCONNECT_DATABASE_URL": settings.database_url,
        "EDUCONNECT_SECRET_KEY_FILE": str(settings.secret_key_file),
        "EDUCONNECT_HASHING": settings.hashing,
        "EDUCONNECT_OPERATOR": settings.operator,
    }


@contextmanager
def served(settings: Settings, *options: str, **variables: str) -> Iterator[Served]:
    """Open a portal, give it once it answers, and stop it."""
    port = free_port()
    command = [sys.executable, "-m", "educonnect_admin", "portal", "serve", "--port", str(port)]
    with TemporaryFile("w+", encoding="utf-8") as stderr:  # a pipe nobody empties would stop it
        process = subprocess.Popen(
            [*command, *options], env=environment(settings) | variables,
            stdout=subprocess.DEVNULL, stderr=stderr,
        )  # fmt: skip
        portal = Served(f"http://127.0.0.1:{port}", process, stderr)
        try:
            _wait_for(portal)
            yield portal
        finally:
            if process.returncode is None:
                portal.stop()


def _wait_for(portal: Served) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            httpx.get(f"{portal.url}/sante", timeout=30)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"exit {portal.stop()}: {portal.log}")
