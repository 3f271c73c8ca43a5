"""Signing in with FranceConnect: there, back, linked once, straight in ever after (R-40–R-42)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.domain.visits import Entry
from educonnect_admin.gateways.franceconnect import (
    UNAVAILABLE,
    FranceConnect,
    FranceConnectRefused,
    Proved,
    Refusal,
)
from educonnect_admin.letters.naming import addressed
from educonnect_admin.parents.activation import activate
from educonnect_admin.parents.coming_in import begin_journey, come_in
from educonnect_admin.parents.franceconnect_names import ARRIVAL, is_named
from educonnect_admin.parents.means import Means
from educonnect_admin.parents.proofs import Way, current_proof, finished_proof
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.accounts import schools_of_account
from educonnect_admin.queries.franceconnect import (
    account_linked,
    unlink_others,
    use_up_visit,
    was_closed,
)
from educonnect_admin.queries.holders import holder_of
from educonnect_admin.queries.outbox import Outgoing
from educonnect_admin.queries.regroup import hold_accounts, regroup
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.visits import Visitor, end_visits_of, recall

CALLBACK = "/franceconnect/retour"
FAREWELL = "/franceconnect/deconnexion"

_DEPARTURE = "franceconnect_departure"
_USE = "franceconnect"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Departed:
    """Where to go, and the visit that waits for the answer; or why not."""

    address: str = ""
    token: str = ""
    refusal: Refusal | None = None

    def __repr__(self) -> str:
        return f"Departed({self.refusal})"


class Verdict(StrEnum):
    """What coming back from the provider came to."""

    IN = "in"
    """Linked before: straight in."""
    PROOFS = "proofs"
    """Known to the provider, not to us yet: mobile, code, children."""
    CLOSED = "closed"
    """The account that was linked is closed; another may be found by the proofs."""
    NO_NAME = "no_name"
    """The provider gives no name to look for."""
    ABANDONED = "abandoned"
    NO_DEPARTURE = "no_departure"
    """This browser did not leave from here, or so long ago that its visit is over."""
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Arrived:
    """The verdict; the visit that goes on, if one does; why nothing was believed."""

    verdict: Verdict
    token: str | None = None
    refusal: Refusal | None = None

    def __repr__(self) -> str:
        return f"Arrived({self.verdict!s}, {self.refusal})"


def depart(means: Means, former: Visitor | None) -> Departed:
    """Begin the visit that waits for the provider's answer, and say where to go.

    Rule: R-40.
    """
    provider = _provider(means)
    try:
        departure = provider.depart(means.portal_url + CALLBACK, means.now)
    except FranceConnectRefused as refused:
        return Departed(refusal=refused.refusal)
    kept = {"state": departure.state, "nonce": departure.nonce, "verifier": departure.verifier}
    with means.transaction() as session:
        token = begin_journey(session, means, {_DEPARTURE: kept}, former)
    return Departed(address=departure.address, token=token)


def arrive(means: Means, visitor: Visitor | None, query: Mapping[str, str]) -> Arrived:
    """Take an answer of the provider, which is used up whatever comes of it.

    Args:
        means: Of the request.
        visitor: Who comes back; only the visit that left may.
        query: What stands behind the `?`.

    Rules: R-40, R-41.
    """
    departure = _departure(means, visitor)
    state = query.get("state", "")
    if visitor is None or departure is None:
        return Arrived(verdict=Verdict.NO_DEPARTURE)
    if not hmac.compare_digest(state.encode(), departure["state"].encode()):
        return Arrived(verdict=Verdict.NO_DEPARTURE)
    with means.transaction() as session:
        if not use_up_visit(session, visitor.visit_id, visitor.token_digest):
            return Arrived(verdict=Verdict.NO_DEPARTURE)
    try:
        proved = _provider(means).arrive(
            query,
            nonce=departure["nonce"],
            verifier=departure["verifier"],
            callback=means.portal_url + CALLBACK,
            now=means.now,
        )
    except FranceConnectRefused as refused:
        return _refused(refused.refusal)
    return _welcomed(means, proved)


def finish(means: Means, visitor: Visitor) -> str | None:
    """Link the account whose proofs were given, activate it if need be, and come in.

    Args:
        means: Of the request.
        visitor: Whose visit remembers the identity, and the code and birth dates given.

    Returns:
        The token of the visit of the holder; None if the proofs no longer stand.

    Rules: R-7, R-41, R-63.
    """
    try:
        return _finished(means, visitor)
    except IntegrityError:
        # The same person has linked another account in this very moment, in another browser:
        # the second time it is seen, and let go of.
        return _finished(means, visitor)


def _finished(means: Means, visitor: Visitor) -> str | None:
    seen = current_proof(means, visitor)
    identity = recall(means.sealer, visitor).get(ARRIVAL)
    if seen is None or not isinstance(identity, dict) or not identity.get("digest"):
        return None
    with means.transaction() as session:
        held = hold_accounts(session, seen.account_ids)
        proof = finished_proof(session, means, visitor)
        if proof is None or proof.way is not Way.FRANCECONNECT:
            return None
        if proof.account_ids != seen.account_ids:
            return None
        account, *others = (held[one] for one in proof.account_ids)
        happenings = _activated(session, means, account, others)
        happenings += _linked(session, means, account, str(identity["digest"]))
        kept = {ARRIVAL: {"id_token": identity["id_token"]}}
        token = come_in(session, means, account, Entry.FRANCECONNECT, former=visitor, memory=kept)
        append_to_trail(session, means.author, happenings)
        return token


def logout_address(means: Means, visitor: Visitor) -> str | None:
    """Return where the visit at the provider ends too; None if none was begun there.

    To be asked before our own visit is ended; it may need the network, so outside of a
    transaction.

    Rule: R-40.
    """
    identity = recall(means.sealer, visitor).get(ARRIVAL)
    if means.franceconnect is None or not isinstance(identity, dict):
        return None
    return means.franceconnect.farewell(
        str(identity["id_token"]), means.portal_url + FAREWELL, means.now
    )


def _provider(means: Means) -> FranceConnect:
    assert means.franceconnect is not None, "not offered, so not asked for"  # noqa: S101
    return means.franceconnect


def _departure(means: Means, visitor: Visitor | None) -> dict[str, str] | None:
    kept = recall(means.sealer, visitor).get(_DEPARTURE)
    return {name: str(value) for name, value in kept.items()} if isinstance(kept, dict) else None


def _refused(refusal: Refusal) -> Arrived:
    if refusal is Refusal.ABANDONED:
        return Arrived(verdict=Verdict.ABANDONED)
    verdict = Verdict.UNAVAILABLE if refusal in UNAVAILABLE else Verdict.REFUSED
    return Arrived(verdict=verdict, refusal=refusal)


def _welcomed(means: Means, proved: Proved) -> Arrived:
    identity = proved.identity
    issuer = _provider(means).issuer
    digest = means.digests.lasting(_USE, f"{issuer}\n{identity.subject}")
    with means.transaction() as session:
        account = account_linked(session, digest)
        if account is not None and account.state is AccountState.ACTIVE:
            kept = {ARRIVAL: {"id_token": proved.id_token}}
            token = come_in(session, means, account, Entry.FRANCECONNECT, memory=kept)
            return Arrived(verdict=Verdict.IN, token=token)
        named = is_named(identity)
        remembered = _remembered(proved, digest if named else "")
        token = begin_journey(session, means, {ARRIVAL: remembered})
        if not named:
            return Arrived(verdict=Verdict.NO_NAME, token=token)
        closed = account is None and was_closed(session, digest)
        return Arrived(verdict=Verdict.CLOSED if closed else Verdict.PROOFS, token=token)


def _remembered(proved: Proved, digest: str) -> dict[str, object]:
    identity = proved.identity
    return {
        "digest": digest,
        "id_token": proved.id_token,
        "family_name": identity.family_name,
        "given_names": list(identity.given_names),
        "usage_name": identity.usage_name,
    }


def _activated(
    session: Session, means: Means, account: Account, others: list[Account]
) -> list[Happening]:
    if account.state is not AccountState.ACTIVE:
        return activate(session, means, account, Journey.FRANCECONNECT, others)
    session.flush()  # what follows is plain statements
    moved = [regroup(session, account, other, author=means.author) for other in others]
    return [happening for one in moved for happening in one.happenings]


def _linked(session: Session, means: Means, account: Account, digest: str) -> list[Happening]:
    former = account.franceconnect_digest
    is_replaced = former is not None and former != digest
    if former == digest:
        return []
    if is_replaced:
        account.sessions_void_at = means.now
        end_visits_of(session, account.id)
    unlink_others(session, digest, account.id)
    account.franceconnect_digest, account.franceconnect_at = digest, means.now
    details = {"replaced": 1} if is_replaced else {}
    happenings = told(session, TrailKind.FRANCECONNECT_LINKED, account.id, details)
    if account.confirmed_email is not None:
        happenings.append(_announced(session, means, account, account.confirmed_email))
    return happenings


def _announced(session: Session, means: Means, account: Account, to: str) -> Happening:
    """Tell the holder by mail, who may not be the one who was here."""
    holder = holder_of(session, account.id)
    schools = schools_of_account(session, account.id)
    outgoing = Outgoing(
        kind=MessageKind.FRANCECONNECT_LINKED,
        to=to,
        values={
            "holder": addressed(*holder) if holder else "",
            "portal_url": means.portal_url,
        },
        account_id=account.id,
        school_id=schools[0] if schools else None,
    )
    return means.post(session, outgoing)
