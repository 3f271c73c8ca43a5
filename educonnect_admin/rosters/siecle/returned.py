"""Rows of SIECLE on a sheet that was given back for correction: its headings are the tags.

So everything that a document says of a person, numbers and links included, goes and comes back.
"""

from collections.abc import Iterator, Sequence

from educonnect_admin.rosters.headings import REJECTS
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.rows import FileKind
from educonnect_admin.rosters.siecle import guardians, pupils

LEVEL_TAG = "NIVEAU"
"""No tag of SIECLE: what was worked out from formation and class."""
_PUPIL = {
    **{tag: column.field for column in pupils.COLUMNS for tag in column.tags},
    LEVEL_TAG: "level",
}
_GUARDIAN = {tag: column.field for column in guardians.COLUMNS for tag in column.tags}
_CHILD = {tag: column.field for column in guardians.CHILD for tag in column.tags}
_PUPIL_NUMBER, _GUARDIAN_NUMBER = "ELEVE_ID", "PERSONNE_ID"
TECHNICAL = frozenset(
    {"source_id", "address", "formation", *(f"child_{column.field}" for column in guardians.CHILD)}
)
"""Fields that say nothing to people."""


def sheet_headings(headings: Sequence[str]) -> tuple[str, ...]:
    """Return the tags that head a table of SIECLE, none of them empty."""
    return tuple(heading or LEVEL_TAG for heading in headings)


def fields_of(headings: Sequence[str]) -> list[str]:
    """Return the field under each tag; those of a child begin with `child_`."""
    if _GUARDIAN_NUMBER not in headings:
        return [_PUPIL.get(heading, "") for heading in headings]
    return [
        _GUARDIAN.get(heading) or (f"child_{_CHILD[heading]}" if heading in _CHILD else "")
        for heading in headings
    ]


def returned_layout(headings: Sequence[str]) -> Layout | None:
    """Return where the fields of such a sheet stand, nothing if its headings are no tags."""
    tags = tuple(heading.strip() for heading in headings)
    while tags and not tags[-1]:
        tags = tags[:-1]
    if not {_PUPIL_NUMBER, "PRENOM"} <= set(tags):
        return None
    fields = fields_of(tags)
    columns = {
        field: at
        for at, field in reversed(list(enumerate(fields)))
        if field and not field.startswith("child_")
    }
    used = {at: field for at, field in enumerate(fields) if field}
    if _GUARDIAN_NUMBER in tags:
        blocks = tuple(_blocks(fields))
        return Layout(FileKind.GUARDIANS, REJECTS, tags, columns, blocks, used)
    if "class_label" in columns:
        columns["state"] = columns["class_label"]
    return Layout(FileKind.PUPILS, REJECTS, tags, columns, (), used)


def _blocks(fields: Sequence[str]) -> Iterator[dict[str, int]]:
    """Yield the columns of each child, which begin with its number."""
    starts = [at for at, field in enumerate(fields) if field == "child_source_id"]
    for at in starts:
        names = [field.removeprefix("child_") for field in fields[at : at + len(guardians.CHILD)]]
        yield {name: at + number for number, name in enumerate(names)}
