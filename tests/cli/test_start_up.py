"""What is loaded before a command says anything; `benchmarks.starting` tells the seconds."""

import os
import pty
import re
import subprocess
import sys
from threading import Thread
from typing import IO

import pytest

from educonnect_admin.cli.growing import GROUPS

HEAVY = {
    "alembic", "argon2", "distributed", "jinja2", "numpy", "openpyxl", "pandas", "phonenumbers",
    "psycopg", "python_calamine", "reportlab", "segno", "sqlalchemy", "starlette",
}  # fmt: skip
"""Packages that only what uses them may load: each would make every command wait."""

UNASKED = {
    "alembic", "argon2", "distributed", "jinja2", "numpy", "openpyxl", "pandas", "psycopg",
    "python_calamine", "reportlab", "rich", "segno", "starlette",
}  # fmt: skip
"""What no command needs that only looks at an SQLite file."""

UNLOOKED_AT = {
    f"educonnect_admin.domain.{name}"
    for name in ("imports", "mail_links", "metadata", "services", "setbacks", "sms_codes", "visits")
}
"""Tables that searches and lists never look at, and the module that maps them all."""

PRODUCT = (sys.executable, "-X", "importtime", "-m", "educonnect_admin")
LOADED = re.compile(r"^import time: .*\| +([\w.]+)$", re.MULTILINE)


def packages(told: str) -> set[str]:
    """Return the packages of which Python tells that it loaded something."""
    return {name.partition(".")[0] for name in LOADED.findall(told)}


def loaded_by(*arguments: str, environment: dict[str, str] | None = None) -> set[str]:
    """Return the modules that a command loads, as a real process."""
    command = [*PRODUCT, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return set(LOADED.findall(done.stderr))


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


def test_a_command_loads_its_own_group_alone() -> None:
    """To build the others takes longer than to answer."""
    groups = {f"educonnect_admin.cli.{name}" for name in GROUPS}

    audit = loaded_by("audit", "--help")

    assert "educonnect_admin.cli.trail" in audit
    assert audit & groups <= {"educonnect_admin.cli.audit"}
    assert loaded_by("--version") & groups == set()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the variables of an office with nobody in it."""
    path = tmp_path_factory.mktemp("office") / "office.sqlite"
    variables = {**os.environ, "EDUCONNECT_DATABASE_URL": str(path)}
    subprocess.run([*PRODUCT, "init"], env=variables, capture_output=True, check=True)
    return variables


@pytest.mark.parametrize(
    "command", [("accounts", "find", "martin"), ("letters", "list"), ("audit", "activations")]
)
def test_a_question_loads_what_it_looks_at(
    command: tuple[str, ...], office: dict[str, str]
) -> None:
    """Neither what makes letters, nor tables of other commands: each mapped class takes time."""
    loaded = loaded_by(*command, "--json", environment=office)

    assert "educonnect_admin.domain.people" in loaded
    assert loaded & UNLOOKED_AT == set()
    assert {name.partition(".")[0] for name in loaded} & UNASKED == set()


def test_nobody_looks_for_cycles_while_a_command_is_loaded() -> None:
    """Nor at the end of the process: modules make most values, and there is nothing to find."""
    program = (
        "import atexit, gc\n"
        "from educonnect_admin.cli import main\n"
        "looks = []\n"
        "atexit.register(lambda: print(len(looks), gc.get_freeze_count() > 10_000))\n"
        "gc.collect()\n"
        "gc.callbacks.append(lambda *_: looks.append(1))\n"
        "main(['letters', 'issue', '--help'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "0 True"
