"""How commands speak: tables for people, plain text in a pipe, one JSON object for programs."""

import json as json_library
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import Any, TextIO

import typer


class Speech:
    """One command's way of speaking.

    With `json`, standard output carries one JSON object and nothing else: all that is for
    people goes to standard error. `quiet` drops what is neither a result nor a warning.
    """

    def __init__(self, *, json: bool, quiet: bool) -> None:
        self.json = json
        self.quiet = quiet

    @property
    def watched(self) -> bool:
        """Whether somebody sees a progress bar."""
        return not self.quiet and sys.stderr.isatty()

    def say(self, text: str = "") -> None:
        """Tell a person something; not heard with `--quiet`."""
        if not self.quiet:
            typer.echo(_laid_out(text, sys.stderr if self.json else sys.stdout), err=self.json)

    def prepare(self) -> None:
        """Tell whoever looks at a terminal that something goes on before there is any to show."""
        if self.watched:
            typer.echo("Préparation…", err=True)

    def show(self, text: str) -> None:
        """Show a result to a person, `--quiet` or not; a program reads `result` instead."""
        if not self.json:
            typer.echo(_laid_out(text, sys.stdout))

    def warn(self, text: str) -> None:
        """Tell a person something that must be heard, on standard error."""
        typer.echo(_laid_out(text, sys.stderr), err=True)

    def result(self, data: Mapping[str, Any]) -> None:
        """Give the result to a program; nothing without `--json`."""
        if self.json:
            typer.echo(json_library.dumps(data, ensure_ascii=False, default=str))

    def stream(self, key: str, items: Iterable[object], rest: Mapping[str, Any]) -> None:
        """Give a program one object with a list too long for memory, then what else there is."""
        if not self.json:
            return
        typer.echo(f"{{{json_library.dumps(key)}: [", nl=False)
        for number, item in enumerate(items):
            text = json_library.dumps(item, ensure_ascii=False, default=str)
            typer.echo(f", {text}" if number else text, nl=False)
        tail = json_library.dumps(rest, ensure_ascii=False, default=str)[1:]
        typer.echo(f"], {tail}" if rest else "]}")

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[object]], title: str = ""
    ) -> None:
        """Show a table: drawn on a terminal, plain columns in a pipe."""
        if self.json or not rows:
            return
        texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
        if sys.stdout.isatty():
            _draw(headings, texts, title, right_aligned=_numeric_columns(rows))
        else:
            _write_plain(headings, texts, title)

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show a progress bar on a terminal; give what moves it on by so many."""
        if total <= 0 or not self.watched:
            yield lambda _: None
            return
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            task = bars.add_task(label, total=total)
            yield lambda done: bars.advance(task, done)


def _laid_out(text: str, out: TextIO) -> str:
    """Break long lines between words on a terminal; a pipe gets them whole."""
    return wrapped(text, get_terminal_size().columns) if out.isatty() else text


def wrapped(text: str, columns: int, hanging: int = 4) -> str:
    """Break long lines between words; what follows of one is set in by so many signs."""
    width = max(columns, _NARROWEST)
    # A French sign keeps to the word before it.
    kept = re.sub(r" (?=[;:?!»→])", "\u00a0", text)
    lines = (
        textwrap.wrap(
            line.lstrip(),
            width,
            initial_indent=line[: len(line) - len(line.lstrip())],
            subsequent_indent=line[: len(line) - len(line.lstrip())] + " " * hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in kept.splitlines()
    )
    return "\n".join("\n".join(wrapped) for wrapped in lines)


_NARROWEST = 40


def _numeric_columns(rows: Sequence[Sequence[object]]) -> set[int]:
    return {
        column
        for column in range(len(rows[0]))
        if all(isinstance(row[column], int | float | None) for row in rows)
    }


def _draw(
    headings: Sequence[str], rows: Sequence[Sequence[str]], title: str, right_aligned: set[int]
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left")
    for number, heading in enumerate(headings):
        # Folded where it is too wide, never cut: an identifier is there to be copied.
        side: Any = "right" if number in right_aligned else "left"
        table.add_column(heading, justify=side, overflow="fold")
    for row in rows:
        # Text, not markup: a name with brackets stays a name.
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def _write_plain(
    headings: Sequence[str], rows: Sequence[Sequence[str]], title: str, out: TextIO | None = None
) -> None:
    if title:
        typer.echo(title, file=out)
    for line in plain_columns(headings, rows):
        typer.echo(line, file=out)


def plain_columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table as lines of text: columns, no drawing."""
    lines = [list(headings), *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def counted(number: int, one: str, several: str | None = None) -> str:
    """Return a number with its noun: `1 courrier`, `12 courriers`."""
    noun = one if number < 2 else (several or f"{one}s")
    return f"{number:,} {noun}".replace(",", "\u202f")


def percent(share: float) -> str:
    """Return a share from 0 to 1 as French writes it: `87 %`."""
    return f"{share * 100:.0f}\u00a0%"
