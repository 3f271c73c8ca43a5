"""Why a parent can't get in: the reasons, and which of several is the main one (R-56, R-64)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from educonnect_admin.domain.accounts import AccountState


class Trouble(StrEnum):
    """The reasons, the weightiest first: this order decides which one is the main reason.

    An account that is over beats everything, then a lock: while it lasts nothing is looked
    at. Then having no child, which makes every journey pointless. Then what was seen to
    refuse this parent these days, and what blocks the next step of the journey that the
    account is in. Weaknesses come last: they explain nothing alone.
    """

    CLOSED = "closed"
    CLOSED_WITHOUT_CHILD = "closed_without_child"
    """By no one: no child was left for 90 days; the return of one opens it again (R-62)."""
    REGROUPED = "regrouped"

    LOCKED = "locked"
    BIRTH_DATE_LOCKED = "birth_date_locked"

    NO_CHILD = "no_child"
    NO_LEGAL_LINK = "no_legal_link"

    BIRTH_DATE_REFUSED = "birth_date_refused"
    MOBILE_REFUSED = "mobile_refused"
    """The mobile typed on the SMS journey is not the one that the school has (R-31)."""
    HOMONYMS_REFUSED = "homonyms_refused"

    LETTER_MAIL_FAILED = "letter_mail_failed"
    LETTER_MAIL_RETRIED = "letter_mail_retried"
    LETTER_MAIL_WAITING = "letter_mail_waiting"
    LETTER_UNPUBLISHED = "letter_unpublished"
    LETTER_VOID = "letter_void"
    LETTER_WITHDRAWN = "letter_withdrawn"
    """It ended with a closing or regrouping that was undone since (R-8)."""
    LETTER_EXPIRED = "letter_expired"
    LETTER_SUPERSEDED = "letter_superseded"
    NEVER_NOTIFIED = "never_notified"
    LETTER_LIVE = "letter_live"

    EMAIL_BOUNCES = "email_bounces"
    EMAIL_MISSING = "email_missing"
    """The account waits for an address to be confirmed, and has none."""
    EMAIL_UNCONFIRMED = "email_unconfirmed"
    EMAIL_CHANGE_PENDING = "email_change_pending"
    NO_CONFIRMED_EMAIL = "no_confirmed_email"
    """Active by SMS or FranceConnect: a lost password can't be sent anywhere (R-55)."""
    ACTIVE = "active"

    LETTER_USED = "letter_used"
    WRONG_PASSWORDS = "wrong_passwords"
    SECOND_ACCOUNT = "second_account"
    HOMONYMS = "homonyms"
    SCHOOL_MOBILE_MISSING = "school_mobile_missing"
    SCHOOL_EMAIL_MISSING = "school_email_missing"


_RANKS = {trouble: rank for rank, trouble in enumerate(Trouble)}

_ASKED_ONCE = frozenset(
    {
        Trouble.BIRTH_DATE_LOCKED,
        Trouble.BIRTH_DATE_REFUSED,
        Trouble.MOBILE_REFUSED,
        Trouble.HOMONYMS_REFUSED,
    }
)
_BEYOND = frozenset({AccountState.EMAIL_PENDING, AccountState.ACTIVE})


def weight(trouble: Trouble, state: AccountState) -> tuple[bool, int]:
    """Return what sorts the troubles of an account, the main one first.

    Birth dates and mobiles are asked before the activation: once it is done, having failed
    at them keeps nobody out of the account and only counts as a weakness.
    """
    return (trouble in _ASKED_ONCE and state in _BEYOND, _RANKS[trouble])


Fact = str | int | bool | date | datetime | list[int] | list[str] | None


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """One reason, and its facts: days, ids, counts and codes; never a word for people.

    Facts that several reasons have bear the same name: `since`, `until`, `failures`, `pupil`
    and `pupils` (ids), `guardians` (ids), `letter` (id), `batch`, `uai`, `closes_on`.
    """

    trouble: Trouble
    facts: Mapping[str, Fact]

    def __repr__(self) -> str:
        return f"Finding({self.trouble!s})"
