"""An academy drawn by lot, and an audit of it that counts one account after the other."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random  # noqa: TID251 - seeded, the same cases again; nothing secret comes of it
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.activations import EXPIRING_DAYS, Figures, GroupedBy
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.messages import Channel, Message, MessageKind, MessageState
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School, SchoolClass

SCHOOLS = (
    ("0140001A", "70", "Europe/Paris"), ("0140002B", "70", "Europe/Paris"),
    ("9740001A", "28", "Indian/Reunion"), ("0140003C", "70", "America/Cayenne"),
)  # fmt: skip
_PEOPLE = 40
_START = date(2026, 9, 1)
Key = tuple[str, str, str | None]


class Drawn(NamedTuple):
    """All rows that an audit looks at, as the database holds them."""

    schools: list[Any]
    classes: list[Any]
    enrolments: list[Any]
    guardians: list[Any]
    ties: list[Any]
    accounts: list[Any]
    letters: list[Any]
    messages: list[Any]


def draw(session: Session, seed: int, now: datetime) -> None:
    """Fill an empty office by lot: whatever may be, be it never so rare."""
    lot = Random(seed)
    numbers = range(1, _PEOPLE + 1)
    half = numbers[: _PEOPLE // 2]
    _schools_and_pupils(session, lot, numbers)
    accounts = [
        {
            "id": number, "identifier": f"a.b{number}", "created_at": now,
            "state": lot.choice(list(AccountState)), "journey": lot.choice([None, *Journey]),
            "activated_at": lot.choice([None, now - timedelta(hours=lot.randrange(200))]),
            "email_bounced_at": lot.choice([None, None, now]),
        }
        for number in half
    ]  # fmt: skip
    session.execute(insert(Account), accounts)
    guardians = [
        {
            "id": number, "school_id": lot.randint(1, len(SCHOOLS)), "family_name": "X",
            "given_name": "Y", "family_key": "x", "given_key": "y",
            "account_id": lot.choice([None, *half]) if number % 2 else number // 2,
        }
        for number in numbers
    ]  # fmt: skip
    session.execute(insert(Guardian), guardians)
    pairs = {(lot.choice(numbers), lot.choice(numbers)) for _ in range(3 * _PEOPLE)}
    ties = [
        {
            "guardian_id": guardian, "pupil_id": pupil, "legal": True, "started_on": _START,
            "ended_on": lot.choice([None, None, None, now.date()]),
        }
        for guardian, pupil in sorted(pairs)
    ]  # fmt: skip
    session.execute(insert(Guardianship), ties)
    _letters_and_messages(session, lot, half, now)


def _schools_and_pupils(session: Session, lot: Random, numbers: range) -> None:
    places = range(1, len(SCHOOLS) + 1)
    schools = [
        {"id": at, "uai": uai, "name": "École", "academy_code": academy, "time_zone": zone}
        for at, (uai, academy, zone) in zip(places, SCHOOLS, strict=True)
    ]
    session.execute(insert(School), schools)
    classes = [{"id": at, "school_id": (at + 1) // 2, "label": f"CP {at}"} for at in range(1, 9)]
    session.execute(insert(SchoolClass), classes)
    pupils = [
        {
            "id": number, "family_name": "X", "given_name": "Y", "family_key": "x",
            "given_key": "y", "birth_date": date(2018, 1, 1),
        }
        for number in numbers
    ]  # fmt: skip
    session.execute(insert(Pupil), pupils)
    enrolments = [
        {
            "pupil_id": number, "school_id": place, "started_on": _START,
            "class_id": lot.choice([None, 2 * place - 1, 2 * place]),
            "ended_on": lot.choice([None, None, _START]),
        }
        for number in numbers
        for place in lot.sample(places, 2)
    ]  # fmt: skip
    session.execute(insert(Enrolment), enrolments)


def _letters_and_messages(session: Session, lot: Random, accounts: range, now: datetime) -> None:
    letters = [
        {
            "number": f"{account:05}-{at}", "account_id": account, "guardian_id": 1,
            "carrier_id": 1, "school_id": lot.randint(1, len(SCHOOLS)), "created_at": now,
            "former_state": AccountState.NOT_NOTIFIED, "ended_at": None if at else now,
            "last_day": now.date() + timedelta(days=lot.choice([-1, 0, 1, 14, 15, 16, 80])),
        }
        for account in accounts
        for at in range(lot.randrange(3))
    ]  # fmt: skip
    session.execute(insert(Letter), letters)
    messages = [
        {
            "reference": f"M{at}", "kind": MessageKind.REMINDER, "created_at": now, "due_at": now,
            "channel": lot.choice([Channel.MAIL, Channel.MAIL, Channel.SMS]), "attempts": 1,
            "account_id": lot.choice(accounts), "maybe_double": False, "ended_at": now,
            "state": lot.choice([MessageState.SENT, MessageState.FAILED]),
        }
        for at in range(len(accounts))
    ]  # fmt: skip
    session.execute(insert(Message), messages)


def drawn(session: Session) -> Drawn:
    """Read all rows back."""
    tables = (
        School, SchoolClass, Enrolment, Guardian, Guardianship, Account, Letter, Message,
    )  # fmt: skip
    return Drawn(*(list(session.execute(select(table.__table__)).all()) for table in tables))


class Counted:
    """What an audit must say of these rows, counted account by account."""

    def __init__(self, rows: Drawn, now: datetime, asked: Callable[[Any], bool]) -> None:
        self._rows, self._now = rows, now
        self._schools = {one.id: one for one in rows.schools}
        self._labels = {one.id: one.label for one in rows.classes}
        self._asked = {one.id for one in rows.schools if asked(one)}

    def rows(self, by: GroupedBy) -> dict[Key, Figures]:
        """Return the figures of each group, by academy, number of school and class."""
        found: dict[Key, Figures] = defaultdict(Figures)
        for account in self._rows.accounts:
            for key in {self._key(place, by) for place in self._places(account.id)}:
                self._add(found[key], account)
        return found

    def total(self) -> Figures:
        """Return the figures of the whole."""
        whole = Figures()
        for account in self._rows.accounts:
            if any(self._places(account.id)):
                self._add(whole, account)
        return whole

    def days(self, time_zone: str) -> dict[date, int]:
        """Return how many accounts were activated on each day."""
        return Counter(
            day_in(time_zone, account.activated_at)
            for account in self._rows.accounts
            if account.state is AccountState.ACTIVE
            and account.activated_at
            and any(self._places(account.id))
        )

    def _places(self, account_id: int) -> set[tuple[int, int | None]]:
        return {
            (record.school_id, enrolment.class_id)
            for record in self._rows.guardians
            if record.account_id == account_id and record.school_id in self._asked
            for tie in self._rows.ties
            if tie.guardian_id == record.id and tie.ended_on is None
            for enrolment in self._rows.enrolments
            if enrolment.pupil_id == tie.pupil_id
            and enrolment.school_id == record.school_id
            and enrolment.ended_on is None
        }

    def _key(self, place: tuple[int, int | None], by: GroupedBy) -> Key:
        school, class_id = self._schools[place[0]], place[1]
        if by is GroupedBy.ACADEMY:
            return school.academy_code, "", None
        label = self._labels.get(class_id or 0) if by is GroupedBy.CLASS else None
        return school.academy_code, school.uai, label

    def _add(self, figures: Figures, account: Any) -> None:
        figures.accounts += 1
        figures.by_state[account.state] += 1
        if account.journey:
            figures.by_journey[account.journey] += 1
        left = self._days_left(account.id)
        figures.letters += left is not None
        figures.expiring += left is not None and left <= EXPIRING_DAYS
        figures.notification_expired += left is None and account.state is AccountState.NOTIFIED
        figures.bounced += self._is_bounced(account)

    def _days_left(self, account_id: int) -> int | None:
        """Return the days that the live letter has to live, by the clock of its school."""
        for letter in self._rows.letters:
            if letter.account_id == account_id and letter.ended_at is None:
                today = day_in(self._schools[letter.school_id].time_zone, self._now)
                left = int((letter.last_day - today).days)
                return left if left >= 0 else None
        return None

    def _is_bounced(self, account: Any) -> bool:
        mails = [
            message.state
            for message in sorted(self._rows.messages, key=lambda one: one.id)
            if message.account_id == account.id and message.channel is Channel.MAIL
        ]
        return account.email_bounced_at is not None or mails[-1:] == [MessageState.FAILED]
