"""Another password, chosen by whoever knows the present one (§4.1.2, R-52)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.holder_passwords import PasswordFault, password_fault
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.gateways.hashing import owner_of_account
from educonnect_admin.parents.account import owns_password
from educonnect_admin.parents.change_email import give_up
from educonnect_admin.parents.coming_in import stay_in
from educonnect_admin.parents.known_browsers import remember_browser
from educonnect_admin.parents.letter_passwords import is_of_a_letter
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.notices import tell_holder
from educonnect_admin.parents.prove_password import (
    ProofVerdict,
    accept_proof,
    prove_password,
)
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.links import cancel_waiting, end_links
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.visits import Visitor, end_visits_of


class ChangeVerdict(StrEnum):
    """What asking for another password came to."""

    CHANGED = "changed"
    WRONG = "wrong"
    """The present one is another; or it was wrong too often for now (R-6)."""
    LOCKED = "locked"
    """Too often wrong, in a browser that is known and therefore told (R-9)."""
    TOO_MANY = "too_many"
    SAME = "same"
    """The new one is the present one."""
    NOT_HERE = "not_here"
    """A visit by FranceConnect changes no password (R-42)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChange:
    """The verdict, and what comes of it.

    Attributes:
        token: with which this visit goes on.
        device: the cookie by which this browser, and no other, is still known (R-9).
        until: until when nothing is tried.
        email_dropped: whether a change of address was waiting, which is over now.
    """

    verdict: ChangeVerdict
    token: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)
    until: datetime | None = None
    email_dropped: bool = False


def new_password_fault(means: Means, visitor: Visitor, password: str) -> PasswordFault | None:
    """Return what is wrong with a new password, before the present one is tried (R-4)."""
    fault = password_fault(password, identifier=visitor.identifier or "")
    if fault is None and is_of_a_letter(means, visitor.account_id or 0, password):
        return PasswordFault.IS_TEMPORARY
    return fault


def change_password(
    means: Means, client: Client, visitor: Visitor, *, current: str, password: str
) -> PasswordChange:
    """Change the password of the account of a visit; every other visit of it is over.

    A change of address that waits is over too: whoever asked for it may be whom the holder
    wants to shut out.

    Args:
        means: Of the request.
        client: Where it comes from.
        visitor: Who is in.
        current: The present password, as typed: tried as at a log-in, under its limits.
        password: The new one, in which `new_password_fault` finds nothing.

    Rules: R-6, R-42, R-52, R-63.
    """
    if not owns_password(visitor):
        return PasswordChange(verdict=ChangeVerdict.NOT_HERE)
    proof = prove_password(means, client, visitor.identifier or "", current)
    if proof.verdict is not ProofVerdict.OWN:
        return PasswordChange(
            verdict=_REFUSED.get(proof.verdict, ChangeVerdict.WRONG), until=proof.until
        )
    owner = owner_of_account(visitor.account_id or 0)
    sealed = None if password == current else means.vault.seal(password, owner)
    with means.transaction() as session:
        account = accept_proof(session, means, proof)
        if account is None or account.id != visitor.account_id:
            return PasswordChange(verdict=ChangeVerdict.WRONG)
        if sealed is None:
            return PasswordChange(verdict=ChangeVerdict.SAME)
        account.password_hash, account.password_set_at = sealed, means.now
        waiting = account.pending_email is not None
        token = _shut_out_others(session, means, account, visitor)
        append_to_trail(session, means.author, _told(session, means, account))
        return PasswordChange(
            verdict=ChangeVerdict.CHANGED,
            token=token,
            device=remember_browser(means, client, account),
            email_dropped=waiting,
        )


_REFUSED = {
    ProofVerdict.LOCKED: ChangeVerdict.LOCKED,
    ProofVerdict.TOO_MANY: ChangeVerdict.TOO_MANY,
}


def _shut_out_others(session: Session, means: Means, account: Account, visitor: Visitor) -> str:
    account.sessions_void_at = means.now
    token = stay_in(session, means, visitor)
    end_visits_of(session, account.id, but=visitor.visit_id)
    end_links(session, account.id, LinkKind.PASSWORD_RESET, means.now)
    cancel_waiting(session, account.id, MessageKind.PASSWORD_RESET, means.now)
    give_up(session, means, account)
    return token


def _told(session: Session, means: Means, account: Account) -> list[Happening]:
    happenings = told(session, TrailKind.PASSWORD_CHANGED, account.id)
    if account.confirmed_email is None:
        return happenings
    kind, to = MessageKind.PASSWORD_CHANGED, account.confirmed_email
    return [*happenings, tell_holder(session, means, account.id, kind, to)]
