"""What is loaded before a command says anything; `benchmarks.starting` tells the seconds."""

import os
import pty
import re
import subprocess
import sys
from threading import Thread
from typing import IO

HEAVY = {
    "alembic", "argon2", "distributed", "jinja2", "numpy", "openpyxl", "pandas", "phonenumbers",
    "psycopg", "python_calamine", "reportlab", "segno", "sqlalchemy", "starlette",
}  # fmt: skip
"""Packages that only what uses them may load: each would make every command wait."""

PRODUCT = (sys.executable, "-X", "importtime", "-m", "educonnect_admin")
LOADED = re.compile(r"^import time: .*\| +([\w.]+)$", re.MULTILINE)


def packages(told: str) -> set[str]:
    """Return the packages of which Python tells that it loaded something."""
    return {name.partition(".")[0] for name in LOADED.findall(told)}


def loaded_by_help() -> set[str]:
    """Return what `--help` loads, as a real process."""
    done = subprocess.run([*PRODUCT, "--help"], capture_output=True, text=True, check=True)
    return packages(done.stderr)


def loaded_by_first_question() -> set[str]:
    """Return what the guide loads until it asks, on a terminal of its own."""
    ours, theirs = pty.openpty()
    told: list[str] = []
    command = [*PRODUCT, "guide"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(theirs)
        assert process.stderr is not None
        reader = Thread(target=_keep, args=(process.stderr, told))
        reader.start()
        said = b""
        while b"Commencer ? [o] : " not in said:
            said += os.read(ours, 65_536)
        process.kill()
        reader.join()
    os.close(ours)
    return packages(told[0])


def _keep(stream: IO[str], told: list[str]) -> None:
    told.append(stream.read())


def test_the_help_loads_nothing_heavy() -> None:
    """Not even pydantic, which Typer needs as soon as a command has an argument."""
    loaded = loaded_by_help()

    assert {"educonnect_admin", "typer"} <= loaded
    assert loaded & {*HEAVY, "pydantic"} == set()


def test_the_first_question_loads_nothing_heavy() -> None:
    """The guide greets at once, and loads the rest while one reads."""
    loaded = loaded_by_first_question()

    assert {"educonnect_admin", "typer"} <= loaded
    assert loaded & HEAVY == set()
