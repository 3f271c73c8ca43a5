"""One account on one screen: who, whose children, in what state, by which letters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import AccountState, Journey
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.queries.account_sheet import (
    LetterLine,
    MessageLine,
    RecordDetails,
    RegroupingLine,
    letter_lines,
    locked_until,
    record_details,
    regroupings_of,
    unsent_messages,
)
from educonnect_admin.queries.accounts import account_by_identifier
from educonnect_admin.queries.leavers import day_of_closing
from educonnect_admin.queries.person_cards import ChildCard, child_cards
from educonnect_admin.queries.trail_list import TrailLine, trail_page

MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AccountSheet:
    """Everything about an account that the desk may see; never a birth date, which is a proof.

    Attributes:
        expired: it is notified, and every letter of it is over (R-1).
        closed_without_child: it was closed because no child was left; one that comes back
            opens it again (R-62).
        closes_on: it has no child, and is to be closed on that day if none returns (R-62).
        since: since when it is in this state, as far as is known.
        timeline: the oldest first; what several schools were told stands once.
    """

    identifier: str
    state: AccountState
    expired: bool
    closed_without_child: bool
    closes_on: date | None
    since: datetime
    journey: Journey | None
    created_at: datetime
    last_login_at: datetime | None
    email: str | None
    email_confirmed_at: datetime | None
    email_bounced_at: datetime | None
    pending_email: str | None
    franceconnect_at: datetime | None
    locked_until: datetime | None
    records: Sequence[RecordDetails]
    children: Sequence[ChildCard]
    letters: Sequence[LetterLine]
    messages: Sequence[MessageLine]
    regroupings: Sequence[RegroupingLine]
    timeline: Sequence[TrailLine]

    def __repr__(self) -> str:
        return f"AccountSheet(state={self.state!s})"


def show_account(session: Session, identifier: str, *, now: datetime) -> AccountSheet:
    """Return the sheet of an account.

    Raises:
        UnknownAccount: no account bears this identifier.

    Rules: R-1, R-62, R-66.
    """
    account = account_by_identifier(session, identifier)
    records = record_details(session, account.id)
    letters = letter_lines(session, account.id)
    timeline = _once(reversed(trail_page(session, account_id=account.id, limit=_READ).lines))
    return AccountSheet(
        identifier=account.identifier,
        state=account.state,
        expired=account.state is AccountState.NOTIFIED
        and not any(lives(letter, now) for letter in letters),
        closed_without_child=account.may_return,
        closes_on=day_of_closing(session, account.id, now),
        since=_since(account.state, timeline)
        or account.ended_at
        or account.activated_at
        or account.created_at,
        journey=account.journey,
        created_at=account.created_at,
        last_login_at=account.last_login_at,
        email=account.email,
        email_confirmed_at=account.email_confirmed_at,
        email_bounced_at=account.email_bounced_at,
        pending_email=account.pending_email,
        franceconnect_at=account.franceconnect_at,
        locked_until=locked_until(session, account.id, now),
        records=records,
        children=_each_once(records, child_cards(session, [record.id for record in records])),
        letters=letters,
        messages=unsent_messages(session, account.id),
        regroupings=regroupings_of(session, account.id),
        timeline=timeline[-MOST_ENTRIES:],
    )


_READ = 3 * MOST_ENTRIES


def lives(letter: LetterLine, now: datetime) -> bool:
    """Tell whether the temporary password of a letter works at this moment (R-11)."""
    return letter.ended_at is None and day_in(letter.time_zone, now) <= letter.last_day


_BEGINS = {
    AccountState.NOT_NOTIFIED: ("account.opened", "account.reopened"),
    AccountState.NOTIFIED: ("letter.issued", "account.reset", "account.reopened"),
    AccountState.CLOSED: ("account.closed",),
    AccountState.REGROUPED: ("account.regrouped",),
}
"""Which entries begin a state; the others are known by a moment of the account itself."""


def _since(state: AccountState, timeline: Sequence[TrailLine]) -> datetime | None:
    kinds = _BEGINS.get(state, ())
    moments = [line.happened_at for line in timeline if line.kind in kinds]
    return moments[-1] if moments else None


def _once(lines: Iterable[TrailLine]) -> list[TrailLine]:
    """Keep one of the entries that tell several schools the same (R-63)."""
    found: dict[object, TrailLine] = {}
    for line in lines:
        told = (
            line.happened_at, line.kind, line.guardian_id, line.pupil_id, line.letter_id,
            tuple(sorted(line.details.items())), line.reason,
        )  # fmt: skip
        found.setdefault(told, line)
    return list(found.values())


def _each_once(
    records: Sequence[RecordDetails], children: Sequence[ChildCard]
) -> tuple[ChildCard, ...]:
    """Return each child once, as the school of the record has it."""
    schools = {record.id: record.uai for record in records}
    chosen: dict[int, ChildCard] = {}
    for child in children:
        if child.id not in chosen or child.uai == schools[child.guardian_id]:
            chosen[child.id] = child
    return tuple(chosen.values())
