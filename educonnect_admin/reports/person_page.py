"""A person's own data, to be read: one HTML file, or lines of text."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from educonnect_admin.domain.personal_data import PERSONAL, PersonData, Row
from educonnect_admin.reports.html import html_bytes
from educonnect_admin.reports.person_names import Names
from educonnect_admin.reports.person_words import (
    COLUMN_WORDS,
    HEADINGS,
    NAMED_WORDS,
    NESTED_WORDS,
    NOTHING_KEPT,
    NUMBERS,
    OUR_NUMBERS,
    TABLE_WORDS,
    TITLE,
)

_ISO_DAY = 10
_FRENCH_MOBILE = re.compile(r"\+33[0-9]{9}")
_PAIRS_OF_DIGITS = re.compile("..")

Spell = Callable[[str, str, Any], Any]
"""The words of a code, from its table, its column and itself; anything else as it stands."""


class Entry(NamedTuple):
    """One row: what it is called, pairs of words and value, what is empty left out.

    `numbers` are ours, and mean nothing to the person but when they write to us.
    """

    heading: str
    pairs: Sequence[tuple[str, str]]
    numbers: Sequence[str]

    @property
    def line(self) -> str:
        """The same in one line of text."""
        told = [self.heading] if self.heading else []
        told += [f"{words} : {value}" for words, value in self.pairs]
        numbers = [f"({', '.join(self.numbers)})"] if self.numbers else []
        return " ".join([" ; ".join(told), *numbers]).lstrip()


class Section(NamedTuple):
    """What one table knows."""

    title: str
    entries: Sequence[Entry]


def sections(found: PersonData, spell: Spell) -> list[Section]:
    """Return every section, the empty ones too: that nothing is known is told as well."""
    reader = _Reader(found, spell)
    return [
        Section(TABLE_WORDS[name], [reader.entry(name, row) for row in found.tables[name]])
        for name in PERSONAL
    ]


class _Reader:
    def __init__(self, found: PersonData, spell: Spell) -> None:
        self._names, self._spell = Names(found), spell
        self._zone = ZoneInfo(found.time_zone)

    def entry(self, table: str, row: Row) -> Entry:
        """Return a row as it is read."""
        kept = {name: one for name, one in row.items() if one is not None and one not in _EMPTY}
        heading = [name for name in HEADINGS[table] if name in kept and self._is_told(name, kept)]
        told = [name for name in kept if name not in heading and self._is_told(name, kept)]
        return Entry(
            " – ".join(self._written(table, name, kept[name]) for name in heading),
            [(_label(name), self._written(table, name, kept[name])) for name in told],
            [f"{COLUMN_WORDS[name]} {kept[name]}" for name in kept if name in NUMBERS],
        )

    def _is_told(self, name: str, row: Row) -> bool:
        return name not in NUMBERS or self._names.name_of(name, row[name]) is not None

    def _written(self, table: str, name: str, value: Any) -> str:
        if (known := self._names.name_of(name, value)) is not None:
            return known
        value = self._spell(table, name, value)
        if isinstance(value, bool):
            return "oui" if value else "non"
        if isinstance(value, Mapping):
            return ", ".join(
                f"{NESTED_WORDS.get(key, key)} : {_nested(one)}" for key, one in value.items()
            )
        return self._as_people_write(value) if isinstance(value, str) else str(value)

    def _as_people_write(self, text: str) -> str:
        """Return a date or a mobile as people write it; anything else as it stands."""
        if _FRENCH_MOBILE.fullmatch(text):
            return " ".join(_PAIRS_OF_DIGITS.findall(f"0{text.removeprefix('+33')}"))
        try:
            if len(text) == _ISO_DAY:
                return f"{date.fromisoformat(text):%d/%m/%Y}"
            if text[_ISO_DAY : _ISO_DAY + 1] == "T":
                return f"{datetime.fromisoformat(text).astimezone(self._zone):%d/%m/%Y à %H:%M}"
        except ValueError:
            pass
        return text


_EMPTY: tuple[Any, ...] = ("", {}, [])


def _label(name: str) -> str:
    return NAMED_WORDS.get(name) or COLUMN_WORDS[name]


def _nested(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(str(one) for one in value.values() if one)
    if isinstance(value, list):
        return " ; ".join(_nested(one) for one in value)
    return str(value)


def person_page(found: PersonData, spell: Spell) -> bytes:
    """Return the page in UTF-8; whatever anybody is called stays text."""
    all_of_them = sections(found, spell)
    values = {
        "title": TITLE,
        "date": f"{found.at.astimezone(ZoneInfo(found.time_zone)):%d/%m/%Y}",
        "identifier": found.identifier or "",
        "number": found.guardian_id,
        "sections": [one for one in all_of_them if one.entries],
        "empty": [one.title for one in all_of_them if not one.entries],
        "nothing": NOTHING_KEPT,
        "our_numbers": OUR_NUMBERS,
    }
    return html_bytes("person.html.j2", values)


def person_lines(found: PersonData, spell: Spell) -> Iterator[str]:
    """Yield the same as lines of text."""
    all_of_them = sections(found, spell)
    for section in all_of_them:
        if section.entries:
            yield section.title
            yield from (f"  {entry.line}" for entry in section.entries)
    if empty := [one.title for one in all_of_them if not one.entries]:
        yield from chain([NOTHING_KEPT], (f"  {title}" for title in empty))
