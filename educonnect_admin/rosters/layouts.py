"""Where the fields of a file stand: whom it lists, which column holds what."""

from dataclasses import dataclass, field

from educonnect_admin.domain.civility import Civility
from educonnect_admin.rosters.rows import FileKind

SIECLE_TABLE = "siecle-table"
"""SIECLE's extraction for a spreadsheet: both degrees write it, the second one mostly."""


@dataclass(frozen=True, slots=True)
class GuardianBlock:
    """The columns of one guardian beside a pupil; what the heading says of every one of them.

    `legal` is there where a heading says so, as «Resp. légal 1» does.
    """

    layout: "Layout"
    civility: Civility | None = None
    kinship: str | None = None
    legal: bool | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field of a file stands: column numbers from 0, blocks in order."""

    kind: FileKind
    format: str
    headings: tuple[str, ...]
    columns: dict[str, int]
    children: tuple[dict[str, int], ...] = ()
    used: dict[int, str] = field(default_factory=dict)
    guardians: tuple[GuardianBlock, ...] = ()

    def mapping(self) -> dict[str, str]:
        """Return each heading as it stands in the file with the field it was taken for."""
        found: dict[str, str] = {}
        for index, heading in enumerate(self.headings):
            found[heading] = found.get(heading) or self.used.get(index, "")
        found.pop("", None)
        return found
