"""A list of schools to work at: their numbers, one a line, or somewhere in a table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from educonnect_admin.domain.errors import InvalidUAI
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.rosters.decode import decode
from educonnect_admin.rosters.problems import Unreadable
from educonnect_admin.rosters.read import load, read_table, unreadable
from educonnect_admin.rosters.workbooks import is_container

_CELLS = re.compile(r"[;,\t]")


@dataclass(frozen=True, slots=True)
class ListedSchools:
    """The numbers of a list, each once, in its order; the lines that hold none, from 1."""

    uais: tuple[str, ...]
    without: tuple[int, ...]


def read_list(path: Path) -> ListedSchools:
    """Read the numbers of a text, a CSV file or a workbook; a heading and `# remarks` are none.

    A first line that holds a figure is no heading: its number is a wrong one.

    Raises:
        UnreadableFile: nothing at all can be taken from it.
    """
    uais: dict[str, None] = {}
    without = []
    for place, (line, cells) in enumerate(_rows(path)):
        found = next(filter(None, map(_uai, cells)), None)
        if found:
            uais[found] = None
        elif any(map(_says_something if place else _has_figure, cells)):
            without.append(line)
    return ListedSchools(tuple(uais), tuple(without))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        data = load(path)
        if is_container(data):
            table = read_table(path)
            yield table.heading_line, list(table.headings)
            yield from zip(table.lines, map(list, table.rows), strict=True)
            return
        text, _ = decode(data)
    except Unreadable as found:
        raise unreadable(path, found) from None
    for line, words in enumerate(text.splitlines(), start=1):
        told = words.partition("#")[0]
        if told.strip():
            yield line, _CELLS.split(told)


def _says_something(cell: str) -> bool:
    return bool(cell.strip())


def _has_figure(cell: str) -> bool:
    return any(map(str.isdigit, cell))


def _uai(cell: str) -> str | None:
    try:
        return parse_uai(cell.strip().strip('"'))
    except InvalidUAI:
        return None
