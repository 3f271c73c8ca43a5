"""The letters of a school, and what will end when (R-11)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from educonnect_admin.queries.letter_list import (
    LIVE,
    Falling,
    ListedLetter,
    Wanted,
    count_letters,
    letters_falling,
    letters_wanted,
)
from educonnect_admin.queries.schools import class_by_label, school_by_uai


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterList:
    """Letters, read as they are taken, how many of each state, and a forecast if asked for."""

    letters: Iterator[ListedLetter]
    by_state: dict[str, int]
    forecast: Sequence[Falling] = ()

    @property
    def total(self) -> int:
        """How many letters there are."""
        return sum(self.by_state.values())

    @property
    def first_day(self) -> date | None:
        """The first day on which one of the letters foreseen ends."""
        return self.forecast[0].last_day if self.forecast else None


def list_letters(
    session: Session,
    *,
    uai: str | None,
    class_label: str | None,
    state: str | None,
    expiring: int | None,
    now: datetime,
) -> LetterList:
    """Return letters, the first to end first inside each school.

    Args:
        session: An open session, for as long as letters are taken.
        uai: Only those that this school issued.
        class_label: Only those carried by pupils of this class; needs a school.
        state: Only those in this state.
        expiring: Only live ones whose last day is so many days away at most.
        now: The moment; each school counts by its own day.

    Raises:
        InvalidUAI, UnknownSchool, UnknownClass: there is nothing of this name.
    """
    school = school_by_uai(session, uai) if uai else None
    of_class = class_by_label(session, school, class_label) if school and class_label else None
    wanted = Wanted(
        school_id=school.id if school else None,
        class_id=of_class.id if of_class else None,
        state=LIVE if expiring is not None else state,
        expiring=expiring,
    )
    return LetterList(
        letters=letters_wanted(session, wanted, now),
        by_state=count_letters(session, wanted, now),
        forecast=letters_falling(session, wanted, now) if expiring is not None else (),
    )
