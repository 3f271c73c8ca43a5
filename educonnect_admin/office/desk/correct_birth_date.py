"""Correct a birth date that the school's file has wrong (R-61)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.desk_errors import BadBirthDate
from educonnect_admin.domain.people import Pupil
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.held_schools import hold_schools, schools_of_pupil
from educonnect_admin.queries.pupils import pupil_by_ine_or_id
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.tries import forget_birth_date_tries, identifiers_of
from educonnect_admin.queries.whole_accounts import is_enrolled_elsewhere
from educonnect_admin.rosters.dates import is_unlikely_pupil, parse_date
from educonnect_admin.rosters.problems import ProblemCode

_CLOCK = "Europe/Paris"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Redated:
    """What a correction did; the dates themselves are not told.

    Attributes:
        pupil_id: the pupil.
        name: given and family name, for a person to check.
        changed: the date in force was another one.
        agrees: the school's file said this date all along: no correction is left.
        unlikely: a school should look at such an age.
        may_retry: identifiers of those who had typed a date in vain for this child.
    """

    pupil_id: int
    name: str
    changed: bool
    agrees: bool = False
    unlikely: bool = False
    may_retry: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Redated(pupil_id={self.pupil_id}, changed={self.changed})"


def typed_birth_date(text: str, author: Author) -> date:
    """Return the birth date that somebody typed, `2011-03-04` or `04/03/2011`.

    Raises:
        BadBirthDate: there is no such day, the century is missing, or it is to come.
    """
    found = parse_date(text.strip())
    if isinstance(found, ProblemCode):
        raise BadBirthDate(found)
    if found > day_in(_CLOCK, author.now):
        raise BadBirthDate(ProblemCode.FUTURE_BIRTH_DATE)
    return found


def correct_birth_date(
    session: Session, asked: str, born: date, *, reason: str, author: Author
) -> Redated:
    """Correct the birth date of one pupil; the parent's next try counts from zero.

    What the school's file says is kept beside, so that the file meets the pupil again and
    does not undo the correction. Correcting back to it forgets that there was one. Nobody
    else is touched: a twin is another pupil.

    Args:
        session: An open transaction.
        asked: The INE or the number of the pupil, as typed.
        born: The right date.
        reason: Why, for the trail.
        author: Who asks, and when.

    Raises:
        UnknownPupil: nobody bears this number.
        AmbiguousPupil: several pupils share this INE.

    Rules: R-6, R-61, R-63.
    """
    pupil = pupil_by_ine_or_id(session, asked)
    schools = schools_of_pupil(session, pupil.id)
    hold_schools(session, schools)
    pupil = pupil_by_ine_or_id(session, str(pupil.id), lock=True)
    name = f"{pupil.given_name} {pupil.usage_name or pupil.family_name}"
    if pupil.birth_date == born:
        return Redated(pupil_id=pupil.id, name=name, changed=False)
    source = pupil.source_birth_date or pupil.birth_date
    pupil.birth_date = born
    pupil.source_birth_date = None if born == source else source
    tries = forget_birth_date_tries(session, pupil.id)
    append_to_trail(session, author, _entries(session, pupil, schools, reason))
    return Redated(
        pupil_id=pupil.id,
        name=name,
        changed=True,
        agrees=pupil.source_birth_date is None,
        unlikely=is_unlikely_pupil(born, day_in(_CLOCK, author.now)),
        may_retry=identifiers_of(session, [count.account_id for count in tries]),
    )


def _entries(
    session: Session, pupil: Pupil, schools: dict[int, bool], reason: str
) -> list[Happening]:
    """Tell every school where the pupil is enrolled; if none, those where it was.

    One that is out of sight is told in the office's chain, as of an account (`told_of`).
    """
    present = [school_id for school_id, is_enrolled in schools.items() if is_enrolled]
    told: list[int | None] = [*(present or schools)]
    if is_enrolled_elsewhere(session, pupil.id):
        told.append(None)
    return [
        Happening(
            TrailKind.BIRTH_DATE_CORRECTED, school_id=school_id, pupil_id=pupil.id, reason=reason
        )
        for school_id in told or (None,)
    ]
