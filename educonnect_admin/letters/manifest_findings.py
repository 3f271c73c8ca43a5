"""What may be at fault in a folder that is compared with its manifest."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Fault(StrEnum):
    """What is not as the manifest says."""

    NOT_FINISHED = "not_finished"
    """A school that the campaign began, or did not come to list: it is to be resumed."""
    SCHOOL_GONE = "school_gone"
    """A school's whole folder, its manifest too: nobody erases that by printing."""
    MISSING = "missing"
    NO_MANIFEST = "no_manifest"
    """Files are there, and nothing says any more which they should be."""
    ALTERED = "altered"
    BAD_MANIFEST = "bad_manifest"
    """The manifest of a school is not the one that its campaign knows, or none at all."""
    REPLACED = "replaced"
    """A link, a folder or a device bears the name of a file."""
    UNLISTED = "unlisted"
    UNFINISHED = "unfinished"
    """A `.part`: what a killed run left, passwords and all."""
    LINK = "link"
    WIDE = "wide"
    """Others than its owner may open it; its content is not at fault."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where, from the folder that was looked at, and how many files it stands for."""

    fault: Fault
    path: Path
    files: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found in a folder.

    Attributes:
        schools: how many folders of schools were listed or found.
        intact: files that are there, unaltered, from the folder that was looked at.
        letters: how many these hold.
        findings: all that is at fault, in the order of the folders.
    """

    schools: int
    intact: Sequence[Path]
    letters: int
    findings: Sequence[Finding]

    def found(self, *faults: Fault) -> list[Finding]:
        """Return the findings of these kinds."""
        return [one for one in self.findings if one.fault in faults]

    @property
    def gone(self) -> int:
        """How many listed files are no longer in the folder of a school that still is there."""
        return sum(one.files for one in self.found(Fault.MISSING))

    def is_whole(self, *, printed: bool = False) -> bool:
        """Tell whether all is there and unaltered.

        Args:
            printed: letters are erased once they are printed, manifests are not: a file that is
                gone is no fault, a school that is gone still is.
        """
        forgiven = {Fault.WIDE, Fault.MISSING} if printed else {Fault.WIDE}
        return all(one.fault in forgiven for one in self.findings)
