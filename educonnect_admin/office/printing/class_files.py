"""The classes of a school in the order of the levels, and the names of their files."""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from educonnect_admin.domain.levels import level_rank
from educonnect_admin.domain.names import name_key, to_ascii
from educonnect_admin.queries.subjects import classes_and_levels

BATCHES = "lot-"
"""What the names of all files of all batches begin with."""
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")


def batch_prefix(batch_id: int) -> str:
    """Return what the names of all files of a batch begin with."""
    return f"{BATCHES}{batch_id:06d}"


@dataclass(frozen=True, slots=True)
class ClassToPrint:
    """A class, and its place among the classes of the school."""

    id: int | None
    label: str | None
    position: int
    levels: str

    def file_name(self, batch_id: int, what: str) -> str:
        """Return a file name: batch, place, levels (`lot-000012-03-CE1-CE2-courriers.pdf`).

        Levels, not the label: a label often is the name of the teacher (R-66).
        """
        parts = (batch_prefix(batch_id), f"{self.position:02d}", self.levels, what)
        return "-".join(part for part in parts if part) + ".pdf"


def classes_to_print(session: Session, school_id: int) -> list[ClassToPrint]:
    """Return the classes that have pupils, from the youngest to the eldest."""
    found = [
        (class_id, label, sorted(levels, key=level_rank))
        for class_id, label, levels in classes_and_levels(session, school_id)
    ]
    found.sort(key=lambda row: (row[0] is None, _rank(row[2]), name_key(row[1] or ""), row[0] or 0))
    return [
        ClassToPrint(class_id, label, position, _for_a_name(levels))
        for position, (class_id, label, levels) in enumerate(found, start=1)
    ]


def _rank(levels: list[str]) -> int:
    return level_rank(levels[0]) if levels else level_rank(None)


def _for_a_name(levels: list[str]) -> str:
    parts = (_NOT_IN_A_NAME.sub("", to_ascii(level)).upper()[:8] for level in levels)
    return "-".join(part for part in parts if part)[:24]
