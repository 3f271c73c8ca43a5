"""Letters one by one, each with whose it is and where it stands today (R-11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.letters import BatchFile, Letter, LetterEnd
from educonnect_admin.domain.people import Enrolment, Guardian, Pupil
from educonnect_admin.domain.schools import School, SchoolClass

LIVE = "live"
"""What a letter is while nothing has ended it; else the value of its `LetterEnd`."""

_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which letters: of a school, of a class, in a state, ending within so many days.

    `expiring` counts from the school's own day, 0 being today, and means live letters.
    """

    school_id: int | None = None
    class_id: int | None = None
    state: str | None = None
    expiring: int | None = None


class ListedLetter(NamedTuple):
    """A letter, its holder, the child who carried it."""

    number: str
    identifier: str
    civility: Civility | None
    given_name: str
    surname: str
    uai: str
    class_label: str | None
    carrier_given_name: str
    carrier_surname: str
    created_on: date
    last_day: date
    days_left: int | None
    state: str
    batch_id: int | None
    by_mail: bool

    def __repr__(self) -> str:
        return f"ListedLetter(state={self.state!r})"


class Falling(NamedTuple):
    """How many live letters end on one day, and how many holders the school can reach."""

    last_day: date
    letters: int
    reachable: int


_BY_NAME = (
    func.coalesce(Guardian.usage_key, Guardian.family_key),
    Guardian.given_key,
    Account.identifier,
)
"""As a list of people is read: by surname, then given name."""


def letters_wanted(session: Session, wanted: Wanted, now: datetime) -> Iterator[ListedLetter]:
    """Give letters, the first to end first inside each school, read by pages.

    Args:
        session: An open session, for as long as letters are taken.
        wanted: Which.
        now: The moment that decides what is live, whatever cron has done.
    """
    state = _state(session, now)
    query = (
        _joined(select(*_COLUMNS, state.label("state")))
        .where(*_conditions(session, wanted, state, now))
        .order_by(School.uai, Letter.last_day, SchoolClass.label, *_BY_NAME, Letter.id)
        .execution_options(yield_per=_PAGE)
    )
    for row in session.execute(query):
        yield _listed(row, now)


def count_letters(session: Session, wanted: Wanted, now: datetime) -> dict[str, int]:
    """Return how many letters are wanted, by state."""
    state = _state(session, now)
    named = state.label("state")
    rows = session.execute(
        _joined(select(named, func.count().label("letters")))
        .where(*_conditions(session, wanted, state, now))
        .group_by(named)
    )
    return {row.state: row.letters for row in rows}


def letters_falling(session: Session, wanted: Wanted, now: datetime) -> list[Falling]:
    """Return how many of the letters wanted end on which day, the first day first."""
    known = case((Guardian.email.is_not(None) | Guardian.mobile.is_not(None), 1), else_=0)
    rows = session.execute(
        _joined(select(Letter.last_day, func.count(), func.sum(known)))
        .where(*_conditions(session, wanted, _state(session, now), now))
        .group_by(Letter.last_day)
        .order_by(Letter.last_day)
    )
    return [Falling(day, letters, int(reachable)) for day, letters, reachable in rows]


_CARRIER, _ITS_ENROLMENT = aliased(Pupil), aliased(Enrolment)
_COLUMNS = (
    Letter.number,
    Letter.created_at,
    Letter.last_day,
    Letter.file_id,
    BatchFile.batch_id,
    Account.identifier,
    Guardian.civility,
    Guardian.given_name,
    func.coalesce(Guardian.usage_name, Guardian.family_name).label("surname"),
    School.uai,
    School.time_zone,
    SchoolClass.label.label("class_label"),
    _CARRIER.given_name.label("carrier_given_name"),
    func.coalesce(_CARRIER.usage_name, _CARRIER.family_name).label("carrier_surname"),
)


def _joined(query: Any) -> Any:  # a Select, whatever its columns
    """Join a letter's holder, school, file, and the class of the child who carried it."""
    return (
        query.select_from(Letter)
        .join(Account, Account.id == Letter.account_id)
        .join(Guardian, Guardian.id == Letter.guardian_id)
        .join(School, School.id == Letter.school_id)
        .join(_CARRIER, _CARRIER.id == Letter.carrier_id)
        .outerjoin(BatchFile, BatchFile.id == Letter.file_id)
        .outerjoin(
            _ITS_ENROLMENT,
            (_ITS_ENROLMENT.pupil_id == _CARRIER.id)
            & (_ITS_ENROLMENT.school_id == Letter.school_id)
            & _ITS_ENROLMENT.ended_on.is_(None),
        )
        .outerjoin(SchoolClass, SchoolClass.id == _ITS_ENROLMENT.class_id)
    )


def _state(session: Session, now: datetime) -> ColumnElement[str]:
    """Return what a letter is today by the clock of its school: live, or how it ended."""
    return case(
        (Letter.ended_at.is_not(None), cast(Letter.end, String)),
        (_ends_within(session, now, first=0, last=None), literal(LIVE)),
        else_=literal(LetterEnd.EXPIRED.value),
    )


def _ends_within(
    session: Session, now: datetime, *, first: int, last: int | None
) -> ColumnElement[bool]:
    """Tell whether a last day is so many days away, each school counting from its own day."""
    zones = session.scalars(select(School.time_zone).distinct()).all()
    return or_(false(), *(_within(zone, day_in(zone, now), first, last) for zone in sorted(zones)))


def _within(zone: str, today: date, first: int, last: int | None) -> ColumnElement[bool]:
    bounds = [School.time_zone == zone, Letter.last_day >= today + timedelta(days=first)]
    if last is not None:
        bounds.append(Letter.last_day <= today + timedelta(days=last))
    return and_(*bounds)


def _conditions(
    session: Session, wanted: Wanted, state: ColumnElement[str], now: datetime
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.school_id is not None:
        conditions.append(Letter.school_id == wanted.school_id)
    if wanted.class_id is not None:
        conditions.append(_ITS_ENROLMENT.class_id == wanted.class_id)
    if wanted.state is not None:
        conditions.append(state == wanted.state)
    if wanted.expiring is not None:
        conditions.append(Letter.ended_at.is_(None))
        conditions.append(_ends_within(session, now, first=0, last=wanted.expiring))
    return conditions


def _listed(row: Any, now: datetime) -> ListedLetter:
    today = day_in(row.time_zone, now)
    return ListedLetter(
        number=row.number,
        identifier=row.identifier,
        civility=row.civility,
        given_name=row.given_name,
        surname=row.surname,
        uai=row.uai,
        class_label=row.class_label,
        carrier_given_name=row.carrier_given_name,
        carrier_surname=row.carrier_surname,
        created_on=day_in(row.time_zone, row.created_at),
        last_day=row.last_day,
        days_left=(row.last_day - today).days if row.state == LIVE else None,
        state=row.state,
        batch_id=row.batch_id,
        by_mail=row.file_id is None,
    )
