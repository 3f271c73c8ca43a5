"""The figures of a plan: the files it was made from, and how many people it moves."""

from dataclasses import dataclass

from educonnect_admin.rosters.rows import FileKind, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """One of the files the plan was made from."""

    name: str
    sha256: str
    kind: FileKind
    format: str
    encoding: str
    rows: int
    refused: int
    left_out: int
    repeated: int
    is_partial: bool = False

    @classmethod
    def of(cls, reading: Reading) -> "PlannedFile":
        """Return what a plan keeps of a file that was read."""
        return cls(
            name=reading.label,
            sha256=reading.sha256,
            kind=reading.kind,
            format=reading.format,
            encoding=reading.encoding,
            rows=reading.rows,
            refused=reading.refused,
            left_out=reading.left_out,
            repeated=reading.repeated,
            is_partial=reading.is_partial,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Who is as they were, and is only counted: pupils, guardians, the rows of both."""

    pupils: int = 0
    guardians: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Heads:
    """How many pupils, guardians and links."""

    pupils: int
    guardians: int
    links: int
