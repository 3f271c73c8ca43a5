"""Who is to be chased, and why each is stuck: one reason an account (R-64)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from educonnect_admin.domain.access import AccessFacts, ChildFacts
from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.troubles import Fact, Trouble
from educonnect_admin.office.judge_access import findings_of
from educonnect_admin.queries.access_facts import access_facts
from educonnect_admin.queries.stuck import Place, places_of_inactive_accounts

PAGE = 1000
"""How many accounts are judged at once: seven statements a page."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Stuck:
    """An account that is not active yet, as the list of a class shows it.

    Attributes:
        class_label: the class of the eldest child enrolled in the schools asked for.
        children: all of the account's enrolled children, eldest first, whatever the school.
        reason: the main reason; `accounts explain` gives the same one first.
        since: the day from which it holds, in the school's own time zone, where known.
        until: the last day of the letter, or the day on which a lock ends.
        email: the account's own address, or else the one that the school knows.
        mobile: the one that the school knows.
    """

    account_id: int
    identifier: str
    state: AccountState
    guardian_id: int
    given_name: str
    surname: str
    uai: str
    school: str
    class_label: str | None
    children: Sequence[ChildFacts]
    reason: Trouble
    since: date | None
    until: date | None
    email: str | None
    mobile: str | None

    def __repr__(self) -> str:
        return f"Stuck(account_id={self.account_id})"


def stuck_accounts(
    session: Session, schools: ColumnElement[bool], now: datetime
) -> Iterator[Stuck]:
    """Yield the accounts of some schools that are not active yet, each once, and why.

    In the order of schools, classes and pupils. Memory does not grow with their number.

    Args:
        session: An open session; reading is enough.
        schools: A condition on `School`; `true()` for all.
        now: The moment.

    Rule: R-64.
    """
    places_to_come = places_of_inactive_accounts(session, schools)
    while places := list(islice(places_to_come, PAGE)):
        known = access_facts(session, [place.account_id for place in places])
        for place in places:
            yield _stuck(place, known[place.account_id], now)


def _stuck(place: Place, facts: AccessFacts, now: datetime) -> Stuck:
    main = findings_of(facts, now)[0]
    record = next(one for one in facts.records if one.guardian_id == place.guardian_id)
    children = {child.pupil_id: child for child in reversed(facts.wards)}
    return Stuck(
        account_id=place.account_id,
        identifier=facts.holder.identifier,
        state=facts.holder.state,
        guardian_id=place.guardian_id,
        given_name=record.given_name,
        surname=record.surname,
        uai=place.uai,
        school=place.school,
        class_label=place.class_label,
        children=tuple(reversed(children.values())),
        reason=main.trouble,
        since=_day(main.facts.get("since"), place.time_zone),
        until=_day(main.facts.get("until"), place.time_zone),
        email=facts.holder.email or record.email,
        mobile=record.mobile,
    )


def _day(moment: Fact, time_zone: str) -> date | None:
    if isinstance(moment, datetime):
        return day_in(time_zone, moment)
    return moment if isinstance(moment, date) else None
