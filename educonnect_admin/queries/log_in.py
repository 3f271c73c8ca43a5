"""What a log-in is checked against: an account, its holder's password, its last letters."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, undefer

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.schools import School

MOST_LETTERS = 3
"""The last ones count: an older document was replaced twice at least."""

# Made once: building it costs more than running it.
_SECRETS = (
    select(Account, Letter, School.time_zone)
    .outerjoin(Letter, (Letter.account_id == Account.id) & Letter.password_hash.is_not(None))
    .outerjoin(School, School.id == Letter.school_id)
    .where(Account.identifier == bindparam("of_identifier"))
    .order_by(Letter.id.desc())
    .limit(MOST_LETTERS)
    .options(undefer(Account.password_hash), undefer(Letter.password_hash))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSecret:
    """The password of a letter; `end` says why it is over, nothing while it works (R-11)."""

    letter_id: int
    number: str
    end: LetterEnd | None
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSecrets:
    """The passwords of an account: its holder's own, and those of its last letters."""

    account_id: int
    state: AccountState
    own: bytes | None = field(repr=False)
    own_set_at: datetime | None
    letters: tuple[LetterSecret, ...]


def secrets_of(session: Session, identifier: str, now: datetime) -> AccountSecrets | None:
    """Return what an identifier is checked against, None if no account bears it.

    One statement, whether there is such an account or not.

    Args:
        session: An open session; reading is enough.
        identifier: As it was given (`domain.identifiers.as_given`).
        now: The moment; letters end at midnight of the school that issued them.
    """
    rows = session.execute(_SECRETS, {"of_identifier": identifier}).all()
    if not rows:
        return None
    account = rows[0][0]
    found: list[tuple[Letter | None, str]] = [(letter, zone) for _, letter, zone in rows]
    return AccountSecrets(
        account_id=account.id,
        state=account.state,
        own=account.password_hash,
        own_set_at=account.password_set_at,
        letters=tuple(
            LetterSecret(
                letter_id=letter.id,
                number=letter.number,
                end=end_of(letter, time_zone, now),
                sealed=letter.password_hash,
            )
            for letter, time_zone in found
            if letter is not None and letter.password_hash is not None
        ),
    )


def end_of(letter: Letter, time_zone: str, now: datetime) -> LetterEnd | None:
    """Return why a letter is over, whatever cron has done; None while it lives (R-11)."""
    if letter.is_live(day_in(time_zone, now)):
        return None
    return letter.end or LetterEnd.EXPIRED


def letter_of_number(session: Session, number: str) -> tuple[Letter, str, Account] | None:
    """Return a letter, the time zone of its school and its account, by the letter's number."""
    row = session.execute(
        select(Letter, School.time_zone, Account)
        .join(School, School.id == Letter.school_id)
        .join(Account, Account.id == Letter.account_id)
        .where(Letter.number == number)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def letter_of_id(session: Session, letter_id: int) -> tuple[Letter, str] | None:
    """Return a letter as the database has it now, and the time zone of its school."""
    row = session.execute(
        select(Letter, School.time_zone)
        .join(School, School.id == Letter.school_id)
        .where(Letter.id == letter_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def known_email(session: Session, account_id: int) -> str | None:
    """Return the address of an account, or else the one that a school knows its holder by."""
    return session.scalar(
        select(func.coalesce(Account.email, Guardian.email))
        .select_from(Account)
        .outerjoin(Guardian, (Guardian.account_id == Account.id) & Guardian.email.is_not(None))
        .where(Account.id == account_id)
        .order_by(Guardian.id)
        .limit(1)
    )
