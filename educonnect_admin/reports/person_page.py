"""A person's own data, to be read: one HTML file, or lines of text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from educonnect_admin.domain.personal_data import PERSONAL, PersonData, Row
from educonnect_admin.reports.html import html_bytes
from educonnect_admin.reports.person_words import (
    COLUMN_WORDS,
    NESTED_WORDS,
    NOTHING_KEPT,
    TABLE_WORDS,
    TITLE,
)

_ISO_DAY = 10

Spell = Callable[[str, str, Any], Any]
"""The words of a code, from its table, its column and itself; anything else as it stands."""


class Section(NamedTuple):
    """What one table knows: each row as pairs of words and value, what is empty left out."""

    title: str
    rows: Sequence[Sequence[tuple[str, str]]]


def sections(found: PersonData, spell: Spell) -> Iterator[Section]:
    """Yield every section, the empty ones too: that nothing is known is told as well."""
    for name in PERSONAL:
        rows = [list(_pairs(name, row, found, spell)) for row in found.tables[name]]
        yield Section(TABLE_WORDS[name], rows)


def _pairs(table: str, row: Row, found: PersonData, spell: Spell) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if value is not None and value not in ("", {}, []):
            yield COLUMN_WORDS[name], _written(name, spell(table, name, value), found)


def _written(name: str, value: Any, found: PersonData) -> str:
    if name == "school_id" and value in found.schools:
        uai, school = found.schools[value]
        return f"{school} ({uai})"
    if name == "class_id" and value in found.classes:
        return found.classes[value]
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Mapping):
        return ", ".join(
            f"{NESTED_WORDS.get(key, key)} : {_nested(one)}" for key, one in value.items()
        )
    return _moment(value) if isinstance(value, str) else str(value)


def _nested(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(str(one) for one in value.values() if one)
    if isinstance(value, list):
        return " ; ".join(_nested(one) for one in value)
    return str(value)


def _moment(text: str) -> str:
    """Return a date as people write it; anything else as it stands."""
    try:
        if len(text) == _ISO_DAY:
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        if text[_ISO_DAY : _ISO_DAY + 1] == "T":
            return f"{datetime.fromisoformat(text):%d/%m/%Y %H:%M} UTC"
    except ValueError:
        pass
    return text


def person_page(found: PersonData, spell: Spell) -> bytes:
    """Return the page in UTF-8; whatever anybody is called stays text."""
    values = {
        "title": TITLE,
        "date": f"{found.at:%d/%m/%Y}",
        "identifier": found.identifier or "",
        "number": found.guardian_id,
        "sections": list(sections(found, spell)),
        "nothing": NOTHING_KEPT,
    }
    return html_bytes("person.html.j2", values)


def person_lines(found: PersonData, spell: Spell) -> Iterator[str]:
    """Yield the same as lines of text."""
    for section in sections(found, spell):
        yield section.title
        for row in section.rows:
            yield "  " + " ; ".join(f"{words} : {value}" for words, value in row)
        if not section.rows:
            yield f"  {NOTHING_KEPT}"
