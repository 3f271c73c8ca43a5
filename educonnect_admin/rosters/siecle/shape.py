"""From elements to the rows of a table: which tag gives which field, and on which line it is.

The readers of pupils and of guardians then judge these rows as they judge those of a CSV.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.rows import FileKind
from educonnect_admin.rosters.siecle import SIECLE
from educonnect_admin.rosters.siecle.exports import HEADER
from educonnect_admin.rosters.siecle.streaming import Element, XmlStream

_MANY_TAGS = 500
_LONGEST_NUMBER = 20


class Column(NamedTuple):
    """A field and the tags that may hold it, the first one filled counts; no tag: worked out."""

    field: str
    tags: tuple[str, ...] = ()


class Seen:
    """What was met on the way: the number of the school, and the tags of records."""

    def __init__(self) -> None:
        self.school: str | None = None
        self._tags: dict[str, None] = {}

    def records(self, stream: XmlStream) -> Iterator[Element]:
        """Yield the records of a document but its header, which is kept here."""
        for record in stream.records():
            if record.tag == HEADER:
                self.school = record.value("UAJ").upper()[:_LONGEST_NUMBER] or None
            else:
                yield record

    def note(self, record: Element) -> None:
        """Remember the tags of a record."""
        if len(self._tags) > _MANY_TAGS:
            return
        for tag in (*record.attributes, *(part.tag for part in record.parts)):
            self._tags.setdefault(tag)

    def heading(self, column: Column) -> str:
        """Return the tag under which the file holds a field, empty for what is worked out."""
        met = [tag for tag in column.tags if tag in self._tags]
        return (met or [*column.tags, ""])[0]

    def layout(
        self, kind: FileKind, columns: Sequence[Column], child: Sequence[Column] = ()
    ) -> Layout:
        """Return what the rows of these columns are, tags for headings.

        Args:
            kind: Whom the rows list.
            columns: Those of a row.
            child: Those of a child, which may come again to the right of the others.
        """
        names = {column.field: at for at, column in enumerate(columns)}
        block = {column.field: len(columns) + at for at, column in enumerate(child)}
        headings = tuple(map(self.heading, (*columns, *child)))
        return Layout(kind, SIECLE, headings, names, (block,) if block else ())

    def headings(self, columns: Iterable[Column]) -> dict[str, str]:
        """Return each tag that was met with the field it was taken for, empty when unused."""
        fields = {tag: column.field for column in columns for tag in column.tags}
        return {tag: fields.get(tag, "") for tag in self._tags}


def cells(element: Element, columns: Iterable[Column]) -> list[str]:
    """Return what an element says under some columns."""
    return [element.value(*column.tags) for column in columns]


def lines_of(lines: Sequence[int]) -> Sequence[int]:
    """Return a line for each row, no line twice: a row is known by it.

    An export may be one single line; rows are then counted, from 1.
    """
    if len(set(lines)) == len(lines):
        return lines
    return range(1, len(lines) + 1)
