"""Logging in with an identifier and a password: the holder's own, or a letter's (R-20, R-23)."""

from dataclasses import dataclass, field
from datetime import datetime

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.visits import Entry
from educonnect_admin.parents.coming_in import come_in
from educonnect_admin.parents.known_browsers import remember_browser
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.prove_password import (
    Proof,
    ProofVerdict,
    accept_proof,
    prove_password,
)
from educonnect_admin.queries.visits import Visitor, end_visit


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """What a log-in came to.

    Attributes:
        token: of the visit that begins, if somebody came in.
        device: the cookie by which this browser is known from now on (R-9).
        confirmed: whether the account has a confirmed address.
        end: why the letter is over.
        until: from when on something may be tried again.
    """

    verdict: ProofVerdict
    token: str | None = field(default=None, repr=False)
    device: str | None = field(default=None, repr=False)
    state: AccountState | None = None
    confirmed: bool = False
    end: LetterEnd | None = None
    until: datetime | None = None


def log_in(
    means: Means, client: Client, former: Visitor | None, *, identifier: str, password: str
) -> LogIn:
    """Open an account to whoever knows its identifier and password.

    A letter's password opens nothing but the activation (R-20); an account whose address is
    not confirmed, nothing but its confirmation (R-23).

    Args:
        means: Of the request.
        client: Where it comes from.
        former: The visit that this browser has had so far, which is over then.
        identifier: As it was typed.
        password: As it was typed.

    Rules: R-6, R-9, R-11, R-20, R-23.
    """
    proof = prove_password(means, client, identifier, password)
    if proof.verdict in (ProofVerdict.OWN, ProofVerdict.LETTER):
        return _come_in(means, client, former, proof)
    return LogIn(verdict=proof.verdict, state=proof.state, end=proof.end, until=proof.until)


def leave(means: Means, visitor: Visitor) -> None:
    """End a visit; what it remembered is gone."""
    with means.transaction() as session:
        end_visit(session, visitor.visit_id)


def _come_in(means: Means, client: Client, former: Visitor | None, proof: Proof) -> LogIn:
    is_own = proof.verdict is ProofVerdict.OWN
    with means.transaction() as session:
        account = accept_proof(session, means, proof)
        if account is None:
            return LogIn(verdict=ProofVerdict.WRONG)
        token = come_in(
            session,
            means,
            account,
            Entry.PASSWORD if is_own else Entry.TEMPORARY,
            former=former,
            letter_id=proof.letter_id,
        )
        # A letter passes through many hands: it makes no browser known.
        device = remember_browser(means, client, account) if is_own else None
        return LogIn(
            verdict=proof.verdict,
            token=token,
            device=device,
            state=account.state,
            confirmed=account.confirmed_email is not None,
        )
