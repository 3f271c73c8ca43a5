"""Answers to the questions of the queue: which there are, what each is for, what it did."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from educonnect_admin.domain.people import ReviewKind, ReviewResolution


class AnswerKind(StrEnum):
    """What somebody may answer."""

    PUPIL = "pupil"
    """The child is this pupil."""
    NONE = "none"
    """The child is none of the school's pupils."""
    RECORD = "record"
    """The guardian is this record."""
    NEW = "new"
    """The guardian is somebody whom the school has no record of."""
    SAME = "same"
    """The two records are one person's."""
    DIFFERENT = "different"
    """The two records are two people's."""
    REOPEN = "reopen"
    """No answer at all: what was answered is taken back."""


FITTING = {
    ReviewKind.AMBIGUOUS_LINK: {AnswerKind.PUPIL, AnswerKind.NONE},
    ReviewKind.NO_CHILD: {AnswerKind.PUPIL, AnswerKind.NONE},
    ReviewKind.AMBIGUOUS_GUARDIAN: {AnswerKind.RECORD, AnswerKind.NEW},
    ReviewKind.MERGE_PROPOSAL: {AnswerKind.SAME, AnswerKind.DIFFERENT},
}
RESOLUTIONS = {
    AnswerKind.PUPIL: ReviewResolution.LINKED,
    AnswerKind.NONE: ReviewResolution.NOBODY,
    AnswerKind.RECORD: ReviewResolution.KNOWN_RECORD,
    AnswerKind.NEW: ReviewResolution.NEW_RECORD,
    AnswerKind.SAME: ReviewResolution.SAME_PERSON,
    AnswerKind.DIFFERENT: ReviewResolution.TWO_PEOPLE,
}


TO_TAKE_BACK = frozenset(RESOLUTIONS.values()) - {ReviewResolution.LINKED}
"""What may be taken back: it is remembered and has done nothing yet. A link stays."""


class Answer(NamedTuple):
    """An answer; `value` is the pupil or record chosen, or the account to keep, as typed."""

    kind: AnswerKind
    value: str | None = None

    def __repr__(self) -> str:
        return f"Answer({self.kind!s})"


class Effect(NamedTuple):
    """What an answer did at once.

    `pupil` and `guardian` are names for the person who answers. `identifier` is the account
    that holds both records, `other` the one that is over because of it.
    """

    answer_id: int | None = None
    guardian: str | None = None
    pupil: str | None = None
    linked: bool = False
    identifier: str | None = None
    other: str | None = None

    def __repr__(self) -> str:
        return f"Effect(answer_id={self.answer_id}, linked={self.linked})"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredQuestion:
    """A question, and what came of it; without resolution it waits again."""

    number: int
    kind: ReviewKind
    resolution: ReviewResolution | None
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Questions that were answered together."""

    questions: tuple[AnsweredQuestion, ...]

    @property
    def changed(self) -> bool:
        """A question that can't be answered is refused; an answer always changes something."""
        return True
