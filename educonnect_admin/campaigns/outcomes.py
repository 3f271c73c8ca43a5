"""What a task says of its school when it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from educonnect_admin.domain.campaigns import Figure, FileMade, RowNote, SchoolState
from educonnect_admin.domain.errors import EduConnectError

WORTH_A_LOOK = (
    Figure.UNPRINTABLE, Figure.TO_REISSUE, Figure.WAITING, Figure.REFUSED, Figure.KEPT,
    Figure.OPEN_FOLDER, Figure.NO_PUPILS_FILE,
)  # fmt: skip
"""Figures which somebody should look at where they are not nought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one school came out; it travels between processes, so it holds ids and codes only.

    Attributes:
        uai: the school.
        figures: what this run counted.
        files: all that stands in the school's folder, of this run and of those before.
        error: why it failed, or nothing.
        notes: rows of its files that were refused or are to be checked.
        reasons: how many rows were refused for each reason, by its code.
        is_doubled: several files of pupils name the same ones.
        elsewhere: the hosts on which earlier runs left something that only they can settle.
        seconds: how long it took.
        worker: who did it, as host and number of the process.
    """

    uai: str
    figures: Mapping[Figure, int] = field(default_factory=dict)
    files: Sequence[FileMade] = ()
    error: EduConnectError | None = None
    notes: Sequence[RowNote] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)
    is_doubled: bool = False
    elsewhere: Sequence[str] = ()
    seconds: float = 0.0
    worker: str = ""

    @property
    def state(self) -> SchoolState:
        """How the school came out."""
        if self.error is not None:
            return SchoolState.FAILED
        if self.elsewhere or any(self.figures.get(figure) for figure in WORTH_A_LOOK):
            return SchoolState.REMARKS
        return SchoolState.DONE
