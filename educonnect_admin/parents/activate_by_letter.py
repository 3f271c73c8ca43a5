"""The screen «Activation du compte»: password, address, birth dates (R-20, R-21, R-22)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.passwords import as_printed, is_well_formed
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.gateways.hashing import owner_of_account, owner_of_letter
from educonnect_admin.parents.birth_dates import DatesJudged, DatesVerdict, judge_dates
from educonnect_admin.parents.coming_in import begin_journey
from educonnect_admin.parents.mail_links import send_link
from educonnect_admin.parents.means import Means
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.ending import end_letters_of
from educonnect_admin.queries.log_in import end_of, known_email, letter_of_id
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.visits import (
    Visitor,
    end_visit,
    end_visits_of,
    held_memory,
    remember,
    visitor_of,
)
from educonnect_admin.queries.wards import Ward, wards_of

SENT_TO = "sent_to"
"""What the visit that follows remembers: the address that the mail goes to."""
_TRIES = "letter_tries"


class ActivationVerdict(StrEnum):
    """What the activation came to."""

    DONE = "done"
    WRONG_DATE = "wrong_date"
    CHANGED = "changed"
    """The children are no longer those whose dates were typed."""
    CLOSED = "closed"
    """Birth dates were tried too often for a day."""
    OVER = "over"
    """Too often on this journey, which is over."""
    NO_CHILD = "no_child"
    LETTER_OVER = "letter_over"
    IS_TEMPORARY = "is_temporary"
    """The new password is the letter's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated:
    """The verdict; until when the way is closed; why the letter is over; the next visit."""

    verdict: ActivationVerdict
    until: datetime | None = None
    end: LetterEnd | None = None
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a holder asks for: a password (R-4) and an address (R-20), both well-formed."""

    password: str = field(repr=False)
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationSheet:
    """What the screen shows: the children, the address that the school knows.

    Attributes:
        end: why the letter is over meanwhile; then nobody is shown.
    """

    children: tuple[Ward, ...] = ()
    email: str | None = field(default=None, repr=False)
    end: LetterEnd | None = None


def sheet_of(means: Means, visitor: Visitor) -> ActivationSheet:
    """Return what the activation screen shows."""
    account_id = visitor.account_id or 0
    with means.reading() as session:
        found = letter_of_id(session, visitor.letter_id or 0)
        end = end_of(*found, means.now) if found else LetterEnd.VOID
        if end is not None:
            return ActivationSheet(end=end)
        return ActivationSheet(
            children=tuple(wards_of(session, account_id)),
            email=known_email(session, account_id),
        )


def activate_by_letter(
    means: Means, visitor: Visitor, wish: Wish, typed: Mapping[int, date | None]
) -> Activated:
    """Take the proofs and the wishes of whoever came in by a letter.

    The letter is used up; nothing is open before the link of the mail has been followed.

    Args:
        means: Of the request.
        visitor: Who came in by the letter.
        wish: Password and address.
        typed: The birth date of each child that the page has shown, by the child's id.

    Rules: R-6, R-11, R-20, R-21, R-22, R-63.
    """
    if _is_temporary(means, visitor, wish.password):
        return Activated(verdict=ActivationVerdict.IS_TEMPORARY)
    account_id = visitor.account_id or 0
    sealed = means.vault.seal(wish.password, owner_of_account(account_id))
    with means.transaction() as session:
        [account] = locked_accounts(session, [account_id])
        end = _end_now(session, means, visitor)
        if end is not None:
            return Activated(verdict=ActivationVerdict.LETTER_OVER, end=end)
        wards = wards_of(session, account.id)
        if wards and {ward.pupil_id for ward in wards} != typed.keys():
            return Activated(verdict=ActivationVerdict.CHANGED)
        memory = held_memory(session, means.sealer, visitor)
        judged = judge_dates(session, means, account.id, wards, typed)
        if judged.verdict is not DatesVerdict.RIGHT:
            return _refused(session, means, visitor, memory, judged)
        _keep(session, means, account, sealed, wish.email)
        token = begin_journey(session, means, {SENT_TO: wish.email})
    return Activated(verdict=ActivationVerdict.DONE, token=token)


def _is_temporary(means: Means, visitor: Visitor, password: str) -> bool:
    """Tell whether a new password is the one that is printed on the letter (R-4)."""
    printed = as_printed(password)
    if not is_well_formed(printed):
        return False
    with means.reading() as session:
        found = letter_of_id(session, visitor.letter_id or 0)
        sealed = found[0].password_hash if found else None
        owner = owner_of_letter(found[0].number) if found else ""
    return sealed is not None and means.vault.accepts(sealed, printed, owner)


def _end_now(session: Session, means: Means, visitor: Visitor) -> LetterEnd | None:
    """Return why the letter no longer opens the account, which is held; None if it does."""
    found = letter_of_id(session, visitor.letter_id or 0)
    end = end_of(*found, means.now) if found else LetterEnd.VOID
    if end is None and visitor_of(session, [visitor.token_digest], means.now) is None:
        return LetterEnd.USED
    return end


def _refused(
    session: Session,
    means: Means,
    visitor: Visitor,
    memory: Mapping[str, object],
    judged: DatesJudged,
) -> Activated:
    """Count a wrong date for this journey too, and end the journey after so many (R-6)."""
    if judged.verdict is DatesVerdict.NO_CHILD:
        return Activated(verdict=ActivationVerdict.NO_CHILD)
    known = memory.get(_TRIES)
    tries = (known if isinstance(known, int) else 0) + 1
    is_over = tries >= means.limits.birth_date_tries
    if is_over:
        end_visit(session, visitor.visit_id)
    else:
        kept = {**memory, _TRIES: tries}
        remember(session, means.sealer, visitor.visit_id, visitor.token_digest, kept)
    if judged.verdict is DatesVerdict.CLOSED:
        return Activated(verdict=ActivationVerdict.CLOSED, until=judged.until)
    verdict = ActivationVerdict.OVER if is_over else ActivationVerdict.WRONG_DATE
    return Activated(verdict=verdict)


def _keep(session: Session, means: Means, account: Account, sealed: bytes, email: str) -> None:
    """Write down what was chosen; the letter is used up, the link is on its way."""
    account.password_hash, account.password_set_at = sealed, means.now
    account.email, account.email_confirmed_at, account.email_bounced_at = email, None, None
    account.state = AccountState.EMAIL_PENDING
    session.flush()  # what follows is plain statements
    end_visits_of(session, account.id)
    ended = end_letters_of(session, account.id, LetterEnd.USED, author=means.author)
    sent = send_link(session, means, account, LinkKind.ACTIVATION, email)
    details = {"journey": Journey.LETTER}
    proved = told(session, TrailKind.ACCOUNT_ACTIVATED, account.id, details)
    given = told(session, TrailKind.EMAIL_GIVEN, account.id)
    append_to_trail(session, means.author, [*ended, *proved, *given, sent])
