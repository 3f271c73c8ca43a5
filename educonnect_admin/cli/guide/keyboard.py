"""A person in front of a real terminal: lines that fit it, a pause before any scrolls away.

Plain text throughout, read aloud as it stands; only where the terminal is known to have them,
bold headings and a bar that moves.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import ceil, inf
from shutil import get_terminal_size

import typer

from educonnect_admin.cli.guide.person import Person, WantsOut
from educonnect_admin.cli.speech import Speech, wrapped

_HANGING = 3
"""How far the item of a list is set in below its number."""
_MOST_BEFORE = 4
"""More lines than that are read before something new begins."""
_LEFT = 4
"""Lines that stay free for a question: an empty one, two of choices, the question itself."""


class Keyboard(Person):
    """Reads standard input, which must be a terminal, and writes standard output."""

    def __init__(self) -> None:
        self._plain = is_plain()
        self._seen = 0
        """How many lines were shown since the last answer."""
        self._ends_blank = False
        if not self._plain:
            _let_them_edit()

    def tell(self, text: str = "") -> None:
        """Say something, broken between words; pause when the screen is full."""
        for paragraph in text.split("\n"):
            hanging = _HANGING if paragraph.startswith(" ") else 0
            lines = wrapped(paragraph, self._columns, hanging).split("\n")
            self._make_room(len(lines))
            for line in lines:
                self.show(line)

    def show(self, line: str) -> None:
        """Show a line as it stands."""
        if line or not self._ends_blank:
            rows = max(1, ceil(len(line) / self._columns))
            self._make_room(rows)
            typer.echo(line)
            self._seen += rows
            self._ends_blank = not line

    def _make_room(self, rows: int) -> None:
        if self._seen and self._seen + rows > self._most_rows:
            self._let_them_read()

    def _let_them_read(self) -> None:
        if not self._ends_blank:
            typer.echo()
        self.pause()

    @property
    def _most_rows(self) -> float:
        """How many lines may be shown before a pause; in a pipe nothing scrolls away."""
        return get_terminal_size().lines - _LEFT if sys.stdout.isatty() else inf

    def offer(self, choices: str) -> None:
        """Say what may be typed, on the lines kept free for it."""
        if not self._ends_blank:
            typer.echo()
        typer.echo(wrapped(choices, self._columns, 0))

    def head(self, text: str) -> None:
        """Say what comes now, between two empty lines, on a screen of its own."""
        if sys.stdout.isatty() and self._seen > _MOST_BEFORE:
            self._let_them_read()
        self.tell()
        self.show(text if self._plain else typer.style(text, bold=True))
        self.tell()

    def hear(self, prompt: str) -> str:
        """Return the next line they type.

        Raises:
            WantsOut: Ctrl-D, or the terminal has gone.
        """
        self._seen, self._ends_blank = 0, False
        try:
            answer = input(prompt)
        except EOFError:
            typer.echo()
            raise WantsOut from None
        self.tell()
        return answer

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """Move a bar; in plain text, say every quarter of the way."""
        if self._plain:
            yield _Quarters(label, total).moved
            return
        with Speech(json=False, quiet=False).progress(label, total) as moved:
            yield moved

    @property
    def _columns(self) -> int:
        return get_terminal_size().columns


class _Quarters:
    def __init__(self, label: str, total: int) -> None:
        self._label = label
        self._total = total
        self._done = 0

    def moved(self, by: int) -> None:
        before, self._done = self._done, self._done + by
        if self._total > 0 and before * 4 // self._total < self._done * 4 // self._total:
            typer.echo(f"{self._label} : {self._done} sur {self._total}")


def is_plain() -> bool:
    """Tell whether bare text is wanted: `NO_COLOR`, a dumb terminal, a pipe."""
    kind = os.environ.get("TERM", "" if os.name == "posix" else "windows")
    return bool(os.environ.get("NO_COLOR")) or kind in {"", "dumb"} or not sys.stdout.isatty()


def _let_them_edit() -> None:
    """Let the arrow keys move in what is typed; nothing typed is kept for later."""
    with suppress(ImportError, AttributeError):
        import readline

        readline.set_auto_history(False)
