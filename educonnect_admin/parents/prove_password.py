"""Proving an account by identifier and password, within limits (R-6, R-9, R-11).

A try is counted before it is made: a short write that reserves it, the check outside of any
transaction, a short write with the outcome. An identifier that nobody bears is counted and
hashed like another, so that neither the answer nor its time tells whether there is an account.
Only a browser that is known (R-9) is told of a lock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import ENDED, Account, AccountState
from educonnect_admin.domain.identifiers import LONGEST, as_given
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.passwords import as_printed, is_well_formed
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.throttling import Limit
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.gateways.hashing import PasswordVault, owner_of_account, owner_of_letter
from educonnect_admin.parents.known_browsers import browser_of, known_subject
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.log_in import AccountSecrets, end_of, letter_of_id, secrets_of
from educonnect_admin.queries.reserved_tries import (
    Reserved,
    Subject,
    forget_failures,
    give_back,
    reserve_try,
)
from educonnect_admin.queries.trail import append_to_trail

_BEGUN = frozenset({AccountState.EMAIL_PENDING, AccountState.ACTIVE})
_SLOTS = 3
"""So many hashes for what looks like a letter's password, one for what does not: the number
depends on what was typed, never on the account."""


class ProofVerdict(StrEnum):
    """What an identifier and a password prove."""

    OWN = "own"
    """The holder's own password."""
    LETTER = "letter"
    """That of a letter that lives."""
    LETTER_OVER = "letter_over"
    """That of a letter that is over, which only its holder is told (R-11)."""
    ACCOUNT_OVER = "account_over"
    """The right one, of an account that is closed or was regrouped."""
    WRONG = "wrong"
    """Or too often for now, unless the browser is known; or no such account."""
    LOCKED = "locked"
    """Too often wrong in this browser, which is known and therefore told."""
    TOO_MANY = "too_many"
    """Too often wrong from this network address, whatever the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The verdict, and what the journey needs to act on it.

    Attributes:
        end: why the letter is over.
        until: from when on something may be tried again.
        sealed: what was checked, so that a change in between is noticed.
        counted: the counts of this try, in the order in which they are locked.
    """

    verdict: ProofVerdict
    account_id: int | None = None
    state: AccountState | None = None
    letter_id: int | None = None
    end: LetterEnd | None = None
    until: datetime | None = None
    sealed: bytes | None = field(default=None, repr=False)
    counted: tuple[Subject, ...] = field(default=(), repr=False)


class _Secret(NamedTuple):
    sealed: bytes
    owner: str
    typed: str
    letter_id: int | None = None
    end: LetterEnd | None = None

    def __repr__(self) -> str:
        return f"_Secret(letter_id={self.letter_id})"


def prove_password(means: Means, client: Client, identifier: str, password: str) -> Proof:
    """Check a password, if one may be checked at all.

    A right one must be accepted in the transaction that acts on it (`accept_proof`).

    Args:
        means: Of the request.
        client: Where it comes from.
        identifier: As it was typed.
        password: As it was typed; a letter's may be in lower case, with spaces (R-3).

    Rules: R-6, R-9, R-11.
    """
    given = as_given(identifier)
    with means.transaction() as session:
        known = secrets_of(session, given[: LONGEST + 1], means.now)
        counted, limit = _subjects(means, client, given, known)
        refused, reserved = _reserve(session, means, counted, limit)
    if refused is not None:
        return refused
    found = _checked(means.vault, known, password)
    if known is None or found is None:
        _tell_lock(means, counted[-1], limit, reserved)
        return Proof(verdict=ProofVerdict.WRONG)
    proof = _proof(known, found, counted)
    if proof.verdict not in (ProofVerdict.OWN, ProofVerdict.LETTER):
        _count_nothing(means, counted)
    return proof


def accept_proof(session: Session, means: Means, proof: Proof) -> Account | None:
    """Hold the account that was proved and forget its failures.

    Args:
        session: The transaction that acts on the proof.
        means: Of the request.
        proof: OWN or LETTER.

    Returns:
        The account; None if it is no longer what it was when the password was checked.
    """
    assert proof.account_id is not None, "nothing was proved"  # noqa: S101
    [account] = locked_accounts(session, [proof.account_id])
    if account.state is not proof.state or not _still_true(session, means, account, proof):
        return None
    *shared, own = proof.counted
    for subject in shared:
        give_back(session, subject)
    forget_failures(session, own)
    return account


def _still_true(session: Session, means: Means, account: Account, proof: Proof) -> bool:
    if proof.letter_id is None:
        return account.password_hash == proof.sealed
    found = letter_of_id(session, proof.letter_id)
    if found is None:
        return False
    letter, time_zone = found
    return end_of(letter, time_zone, means.now) is None and letter.password_hash == proof.sealed


def _subjects(
    means: Means, client: Client, given: str, known: AccountSecrets | None
) -> tuple[tuple[Subject, ...], Limit]:
    """Return what counts this try, in the order of locking, and the limit of the last one."""
    browser = browser_of(means, client)
    if known and browser and browser.knows(known.account_id, known.own_set_at, means.now):
        return (known_subject(browser, known.account_id),), means.limits.device
    address = Subject(
        kind=TryKind.ADDRESS, name=means.digests.lasting("log-in-address", client.address)
    )
    if known:
        name, account_id = f"account:{known.account_id}", known.account_id
    else:
        name, account_id = f"unknown:{means.digests.lasting('log-in-identifier', given)}", None
    own = Subject(kind=TryKind.LOG_IN, name=name, account_id=account_id)
    return (address, own), means.limits.log_in


def _reserve(
    session: Session, means: Means, counted: tuple[Subject, ...], limit: Limit
) -> tuple[Proof | None, Reserved]:
    """Count a try everywhere, or nowhere; return why it may not be made."""
    *shared, own = counted
    for subject in shared:
        of_all = reserve_try(session, subject, means.limits.network, means.now)
        if not of_all.allowed:
            return Proof(verdict=ProofVerdict.TOO_MANY, until=of_all.locked_until), of_all
    reserved = reserve_try(session, own, limit, means.now)
    if reserved.allowed:
        return None, reserved
    for subject in shared:
        give_back(session, subject)
    if own.kind is TryKind.DEVICE:
        return Proof(verdict=ProofVerdict.LOCKED, until=reserved.locked_until), reserved
    return Proof(verdict=ProofVerdict.WRONG), reserved


def _checked(vault: PasswordVault, known: AccountSecrets | None, password: str) -> _Secret | None:
    """Return which secret a password is, having hashed as often as for any other account."""
    printed = as_printed(password)
    slots = _SLOTS if is_well_formed(printed) else 1
    secrets = list(islice(_secrets(known, password, printed), slots)) if known else []
    for secret in secrets:
        if vault.accepts(secret.sealed, secret.typed, secret.owner):
            return secret
    for _ in range(slots - len(secrets)):
        vault.pretend(password)
    return None


def _secrets(known: AccountSecrets, password: str, printed: str) -> Iterator[_Secret]:
    """Yield what a password may be, the likeliest first.

    Once the holder has chosen a password, only that one opens the account.
    """
    has_own = known.state in _BEGUN or known.state in ENDED
    if has_own and known.own is not None:
        yield _Secret(known.own, owner_of_account(known.account_id), password)
    if not is_well_formed(printed):
        return
    for letter in known.letters:
        end = letter.end or (LetterEnd.USED if known.state in _BEGUN else None)
        owner = owner_of_letter(letter.number)
        yield _Secret(letter.sealed, owner, printed, letter.letter_id, end)


def _proof(known: AccountSecrets, found: _Secret, counted: tuple[Subject, ...]) -> Proof:
    if known.state in ENDED:
        verdict = ProofVerdict.ACCOUNT_OVER
    elif found.letter_id is None:
        verdict = ProofVerdict.OWN
    else:
        verdict = ProofVerdict.LETTER_OVER if found.end else ProofVerdict.LETTER
    return Proof(
        verdict=verdict,
        account_id=known.account_id,
        state=known.state,
        letter_id=found.letter_id,
        end=found.end,
        sealed=found.sealed,
        counted=counted,
    )


def _count_nothing(means: Means, counted: tuple[Subject, ...]) -> None:
    """Take the try back; failures before it stay, for an old letter is no way to forget them."""
    with means.transaction() as session:
        for subject in counted:
            give_back(session, subject)


def _tell_lock(means: Means, own: Subject, limit: Limit, reserved: Reserved) -> None:
    """Tell the trail of a lock that this wrong password has brought; delays are not told."""
    locks = 0 < limit.lock_after <= reserved.failures or reserved.failures >= limit.most
    if own.account_id is None or not locks:
        return
    with means.transaction() as session:
        happenings = told(session, TrailKind.ACCOUNT_LOCKED, own.account_id, {"tries": own.kind})
        append_to_trail(session, means.author, happenings)
