"""Who gets a letter, and all that it will show, in the order of the satchel (R-10 to R-13)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, Select, bindparam, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.letters import Letter, Who
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School, SchoolClass
from educonnect_admin.queries.among import among


class Round(NamedTuple):
    """One round of letters: by which school, whose, in which class, at what moment."""

    school_id: int
    who: Who
    only_class_id: int | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ChildShown:
    """A child of the account as a letter shows it."""

    pupil_id: int
    given_name: str
    surname: str
    birth_date: date
    sort_key: tuple[str, str]
    school_id: int
    school_name: str
    class_id: int | None
    class_label: str | None

    def __repr__(self) -> str:
        return f"ChildShown(pupil_id={self.pupil_id})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Subject:
    """One letter to make. Two equal subjects would print the same page."""

    account_id: int
    identifier: str
    state: AccountState
    guardian_id: int
    civility: Civility | None
    given_name: str
    surname: str
    street: str | None
    postcode: str | None
    city: str | None
    country: str | None
    carrier: ChildShown
    children: tuple[ChildShown, ...]

    def __repr__(self) -> str:
        return f"Subject(account_id={self.account_id})"

    @property
    def satchel_key(self) -> tuple[tuple[str, str], int, str, int]:
        """The order of the satchel inside a class: the pupil, then the guardian."""
        return (self.carrier.sort_key, self.carrier.pupil_id, self.identifier, self.account_id)


def classes_and_levels(
    session: Session, school_id: int
) -> list[tuple[int | None, str | None, frozenset[str]]]:
    """Return the classes that have pupils now, in no order: id, label, the pupils' levels.

    `None` stands for pupils without a class.
    """
    rows = session.execute(
        select(Enrolment.class_id, SchoolClass.label, Enrolment.level)
        .distinct()
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Enrolment.school_id == school_id, Enrolment.ended_on.is_(None))
    )
    levels: dict[tuple[int | None, str | None], set[str]] = defaultdict(set)
    for class_id, label, level in rows:
        levels[class_id, label] |= {level} if level else set()
    return [(class_id, label, frozenset(found)) for (class_id, label), found in levels.items()]


def subjects_of_class(session: Session, order: Round, class_id: int | None) -> list[Subject]:
    """Return the letters that the pupils of one class carry, in satchel order.

    A letter travels with the eldest child enrolled in the issuing school, or in the class
    asked for: an account with children in several classes is a subject of one only (R-13).
    """
    with_a_child = _accounts_with_a_child(in_a_class=class_id is not None)
    asked = {"school_id": order.school_id, "class_id": class_id}
    found = _subjects(session, order, session.scalars(with_a_child, asked).all())
    mine = [subject for subject in found if subject.carrier.class_id == class_id]
    return sorted(mine, key=lambda subject: subject.satchel_key)


def subjects_of_accounts(
    session: Session, order: Round, account_ids: Sequence[int]
) -> dict[int, Subject]:
    """Return the same subjects read again, by account; who is no longer one is missing."""
    return {one.account_id: one for one in _subjects(session, order, account_ids)}


_STATES = {
    Who.NEW: (AccountState.NOT_NOTIFIED,),
    Who.EXPIRED: (AccountState.NOTIFIED,),
    Who.PENDING: (AccountState.EMAIL_PENDING,),
    Who.RESEND: (
        AccountState.NOT_NOTIFIED,
        AccountState.NOTIFIED,
        AccountState.EMAIL_PENDING,
        AccountState.ACTIVE,
    ),
    Who.REMIND: (AccountState.ACTIVE,),
}


@lru_cache
def _rows_query() -> Executable:
    """Return the query behind a letter: one row for each record and child of an account.

    Built once: putting together a statement of this size costs more than running it.
    """
    return (
        select(*_COLUMNS)
        .join(Guardian, Guardian.account_id == Account.id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Pupil, Pupil.id == Guardianship.pupil_id)
        .join(
            Enrolment,
            (Enrolment.pupil_id == Pupil.id) & (Enrolment.school_id == Guardian.school_id),
        )
        .join(School, School.id == Enrolment.school_id)
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(
            among(Account.id, "account_ids"),
            Account.state.in_(bindparam("states", expanding=True)),
            Guardianship.ended_on.is_(None),
            Guardianship.legal.is_(True),
            Enrolment.ended_on.is_(None),
        )
        .order_by(Account.id, Guardian.id, Pupil.id)
    )


_COLUMNS = (
    Account.id.label("account_id"),
    Account.identifier,
    Account.state,
    (Account.email.is_not(None) & Account.email_confirmed_at.is_not(None)).label("confirmed"),
    Account.email_bounced_at.is_not(None).label("bounces"),
    Guardian.id.label("guardian_id"),
    Guardian.school_id.label("record_school_id"),
    Guardian.civility,
    Guardian.given_name,
    Guardian.family_name,
    Guardian.usage_name,
    Guardian.street,
    Guardian.postcode,
    Guardian.city,
    Guardian.country,
    Pupil.id.label("pupil_id"),
    Pupil.given_name.label("child_given_name"),
    Pupil.family_name.label("child_family_name"),
    Pupil.usage_name.label("child_usage_name"),
    Pupil.family_key,
    Pupil.given_key,
    Pupil.birth_date,
    Enrolment.school_id,
    School.name.label("school_name"),
    Enrolment.class_id,
    SchoolClass.label.label("class_label"),
)


@lru_cache
def _accounts_with_a_child(*, in_a_class: bool) -> Select[int | None]:
    """Return the query for the accounts that answer for a child of a class.

    Apart from the rows behind their letters: joined to them, PostgreSQL was seen to go through
    every account of the academy instead of those of the class.
    """
    in_class = (
        Enrolment.class_id == bindparam("class_id") if in_a_class else Enrolment.class_id.is_(None)
    )
    return (
        select(Guardian.account_id)
        .distinct()
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .where(
            Guardian.school_id == bindparam("school_id"),
            Guardian.account_id.is_not(None),
            Guardianship.ended_on.is_(None),
            Guardianship.legal.is_(True),
            Enrolment.school_id == bindparam("school_id"),
            Enrolment.ended_on.is_(None),
            in_class,
        )
    )


def _subjects(session: Session, order: Round, account_ids: Sequence[int | None]) -> list[Subject]:
    groups: dict[int, list[Any]] = defaultdict(list)
    asked = {"account_ids": account_ids, "states": _STATES[order.who]}
    for row in session.execute(_rows_query(), asked):
        if _may_be_written_to(order.who, row):
            groups[row.account_id].append(row)
    if order.who is Who.EXPIRED:
        for account_id in _accounts_with_live_letter(session, groups, order.now):
            del groups[account_id]
    subjects = (_subject(order, group) for group in groups.values())
    return [subject for subject in subjects if subject is not None]


def _may_be_written_to(who: Who, row: Any) -> bool:
    """An active account gets a letter without a confirmed e-mail, a reminder with one (R-13).

    Where that one bounces, no link to another password arrives: a letter may. Whoever
    reminds a whole school counts those apart.
    """
    if row.state is not AccountState.ACTIVE:
        return True
    if who is Who.REMIND:
        return bool(row.confirmed)
    return bool(row.bounces or not row.confirmed)


def _accounts_with_live_letter(
    session: Session, account_ids: Iterable[int], now: datetime
) -> set[int]:
    """A letter lives by the clock of the school that issued it, whichever that is (R-11)."""
    rows = session.execute(
        select(Letter.account_id, Letter.last_day, School.time_zone)
        .join(School, School.id == Letter.school_id)
        .where(Letter.account_id.in_(list(account_ids)), Letter.ended_at.is_(None))
    )
    return {account for account, last_day, zone in rows if day_in(zone, now) <= last_day}


def _subject(order: Round, rows: Sequence[Any]) -> Subject | None:
    """Gather the rows of one account; nothing if no child can carry its letter."""
    # A child enrolled in two schools stands in two rows: the issuing school's own comes last.
    ours_last = sorted(rows, key=lambda row: row.record_school_id == order.school_id)
    children = {row.pupil_id: _child(row) for row in ours_last}
    shown = tuple(sorted(children.values(), key=_eldest_first))
    carriers = [child for child in shown if _may_carry(order, child)]
    records = [row for row in rows if row.record_school_id == order.school_id]
    if not carriers or not records:
        return None
    record = records[0]
    return Subject(
        account_id=record.account_id,
        identifier=record.identifier,
        state=record.state,
        guardian_id=record.guardian_id,
        civility=record.civility,
        given_name=record.given_name,
        surname=record.usage_name or record.family_name,
        street=record.street,
        postcode=record.postcode,
        city=record.city,
        country=record.country,
        carrier=carriers[0],
        children=shown,
    )


def _child(row: Any) -> ChildShown:
    return ChildShown(
        pupil_id=row.pupil_id,
        given_name=row.child_given_name,
        surname=row.child_usage_name or row.child_family_name,
        birth_date=row.birth_date,
        sort_key=(row.family_key, row.given_key),
        school_id=row.school_id,
        school_name=row.school_name,
        class_id=row.class_id,
        class_label=row.class_label,
    )


def _eldest_first(child: ChildShown) -> tuple[date, tuple[str, str], int]:
    return (child.birth_date, child.sort_key, child.pupil_id)


def _may_carry(order: Round, child: ChildShown) -> bool:
    return child.school_id == order.school_id and order.only_class_id in (None, child.class_id)
