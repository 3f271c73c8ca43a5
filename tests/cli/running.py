"""Running the command line in this process, as a terminal would, and reading what it answers."""

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from educonnect_admin.cli import main
from educonnect_admin.cli.application import app
from educonnect_admin.stops import STOPS

ENGLISH = (
    "Usage error", "Missing", "No such", "Try ", "Error", "Invalid", "Got unexpected", "required",
    "default", "Show this", "Commands", "Arguments:", "does not", "Options:", "unexpected",
    "Traceback", "expected",
)  # fmt: skip
"""Words of the library that no French person should meet."""


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Return the one JSON object that standard output holds, nothing before or after it."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        assert self.out == json.dumps(value, ensure_ascii=False) + "\n"
        return value

    @property
    def all(self) -> str:
        """Return everything it said."""
        return self.out + self.err


class Terminal:
    """Runs commands one after the other."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Answer:
        """Run one command."""
        self._capsys.readouterr()
        former = {stop: signal.getsignal(stop) for stop in STOPS}
        try:
            with pytest.raises(SystemExit) as left:
                main(list(arguments))
        finally:
            for stop, handler in former.items():
                signal.signal(stop, handler)
        said = self._capsys.readouterr()
        code = left.value.code
        assert isinstance(code, int)
        return Answer(code, said.out, said.err)


@dataclass(frozen=True)
class Node:
    """A command or group of commands as the tree knows it."""

    path: tuple[str, ...]
    command: Any

    @property
    def is_group(self) -> bool:
        """Whether other commands stand under it."""
        return bool(getattr(self.command, "commands", None)) or not self.path

    @property
    def takes_any_number(self) -> bool:
        """Whether it takes as many arguments as one likes: `roster read FILE…`."""
        return any(argument.nargs == -1 for argument in self.command.params)

    @property
    def takes(self) -> set[str]:
        """Return the options it takes, as typed."""
        return {option for one in self.command.params for option in one.opts if "-" in option}


def tree() -> list[Node]:
    """Return every group and command, the root first."""
    from typer.main import get_command

    return list(_walk((), get_command(app)))


def _walk(path: tuple[str, ...], command: Any) -> Iterator[Node]:
    yield Node(path, command)
    if isinstance(command, TyperGroup):
        context = typer.Context(command)
        for name in command.list_commands(context):
            yield from _walk((*path, name), command.get_command(context, name))


def leaves() -> list[Node]:
    """Return the commands that do something, a group that does so by itself included."""
    return [
        node
        for node in tree()
        if not hasattr(node.command, "commands") or node.command.invoke_without_command
    ]
