"""Registering by SMS: names and mobile, a code, every birth date, a password (R-30 to R-34)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, Journey
from educonnect_admin.domain.holder_passwords import PasswordFault, password_fault
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.passwords import as_printed
from educonnect_admin.domain.visits import Entry
from educonnect_admin.gateways.hashing import owner_of_account, owner_of_letter
from educonnect_admin.parents.activation import activate
from educonnect_admin.parents.claiming import Claim, Claimant, ClaimVerdict, find_claim
from educonnect_admin.parents.coming_in import come_in
from educonnect_admin.parents.guesses import guess_from
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.proofs import (
    Proof,
    Way,
    begin_proof,
    current_proof,
    finished_proof,
    is_complete,
)
from educonnect_admin.parents.sms_proof import SendVerdict
from educonnect_admin.queries.regroup import hold_accounts
from educonnect_admin.queries.reserved_tries import give_back, reserve_try
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.visits import Visitor


class BeginVerdict(StrEnum):
    """What names and a mobile led to."""

    SENT = "sent"
    UNKNOWN = "unknown"
    ACTIVE = "active"
    HOMONYMS = "homonyms"
    TOO_OFTEN = "too_often"
    """Too many guesses from this network address."""
    TOO_MANY_CODES = "too_many_codes"


_LEADS_NOWHERE = {
    ClaimVerdict.UNKNOWN: BeginVerdict.UNKNOWN,
    ClaimVerdict.ACTIVE: BeginVerdict.ACTIVE,
    ClaimVerdict.HOMONYMS: BeginVerdict.HOMONYMS,
}


@dataclass(frozen=True, slots=True, repr=False)
class Begun:
    """The verdict; until when it is closed, or the token of the visit that begins."""

    verdict: BeginVerdict
    until: datetime | None = None
    token: str | None = None

    def __repr__(self) -> str:
        return f"Begun({self.verdict!s})"


def begin(means: Means, client: Client, visitor: Visitor | None, claimant: Claimant) -> Begun:
    """Look for whoever registers, and send them a code.

    A guess counts for the network address it comes from, unless a code left: codes have
    limits of their own.

    Args:
        means: Of the request.
        client: Where it comes from.
        visitor: The browser's visit so far.
        claimant: Names and mobile as they were typed.

    Rules: R-6, R-30, R-31, R-32.
    """
    guess = guess_from(means, client)
    with means.transaction() as session:
        reserved = reserve_try(session, guess, means.limits.guess, means.now)
        if not reserved.allowed:
            return Begun(BeginVerdict.TOO_OFTEN, reserved.locked_until)
        claim = find_claim(session, means, claimant)
        if claim.verdict is not ClaimVerdict.FREE:
            return Begun(_LEADS_NOWHERE[claim.verdict])
        give_back(session, guess)
        return _sent(session, means, visitor, claimant, claim)


def _sent(
    session: Session, means: Means, visitor: Visitor | None, claimant: Claimant, claim: Claim
) -> Begun:
    proof = Proof.begun(Way.SMS, claimant, claim)
    sent, token = begin_proof(session, means, proof, former=visitor)
    if sent.verdict is SendVerdict.TOO_MANY:
        return Begun(BeginVerdict.TOO_MANY_CODES, sent.until)
    return Begun(BeginVerdict.SENT, token=token)


def identifier_to_note(means: Means, visitor: Visitor) -> str | None:
    """Return «mon identifiant», once every proof was given; None if the journey must go back."""
    proof = _complete_proof(means, visitor)
    if proof is None:
        return None
    with means.reading() as session:
        return session.get_one(Account, proof.account_id).identifier


def fault_of(means: Means, visitor: Visitor, password: str) -> PasswordFault | None:
    """Return what is wrong with a password (R-4), its likeness to a letter's included.

    Nothing is looked at before every proof was given: whoever knows a name and a mobile could
    try the letter's password here, past the limits of R-6.
    """
    proof = _complete_proof(means, visitor)
    if proof is None:
        return None
    with means.reading() as session:
        identifier = session.get_one(Account, proof.account_id).identifier
        letters = _letters(session, proof)
    fault = password_fault(password, identifier=identifier)
    if fault is not None:
        return fault
    printed = as_printed(password)
    if any(means.vault.accepts(sealed, printed, owner) for sealed, owner in letters):
        return PasswordFault.IS_TEMPORARY
    return None


def _complete_proof(means: Means, visitor: Visitor) -> Proof | None:
    proof = current_proof(means, visitor)
    if proof is None or proof.way is not Way.SMS:
        return None
    with means.reading() as session:
        return proof if is_complete(session, proof) else None


def _letters(session: Session, proof: Proof) -> list[tuple[bytes, str]]:
    """Return the passwords of the letters that still live, and under whose name each is sealed."""
    rows = session.execute(
        select(Letter.password_hash, Letter.number).where(
            Letter.account_id.in_(proof.account_ids),
            Letter.ended_at.is_(None),
            Letter.password_hash.is_not(None),
        )
    )
    return [(sealed, owner_of_letter(number)) for sealed, number in rows if sealed]


def finish(means: Means, visitor: Visitor, password: str) -> str | None:
    """Activate the account with the password that its holder chose, and let them in.

    Args:
        means: Of the request.
        visitor: Who has given the proofs.
        password: Without fault.

    Returns:
        The token of the visit of the holder; None if the proofs no longer stand.

    Rules: R-5, R-34.
    """
    seen = current_proof(means, visitor)
    if seen is None:
        return None
    sealed = means.vault.seal(password, owner_of_account(seen.account_id))
    with means.transaction() as session:
        accounts = hold_accounts(session, seen.account_ids)
        proof = finished_proof(session, means, visitor)
        if proof is None or proof.way is not Way.SMS or proof.account_ids != seen.account_ids:
            return None
        account, *others = (accounts[one] for one in proof.account_ids)
        account.password_hash, account.password_set_at = sealed, means.now
        happenings = activate(session, means, account, Journey.SMS, others)
        token = come_in(session, means, account, Entry.SMS, former=visitor)
        append_to_trail(session, means.author, happenings)
        return token
