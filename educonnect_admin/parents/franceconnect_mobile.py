"""Whose mobile it is: the account of somebody whom FranceConnect has named (R-41)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.parents.claiming import Claim, Claimant, ClaimVerdict, find_claim
from educonnect_admin.parents.franceconnect_names import ARRIVAL, claimant_of, identity_of
from educonnect_admin.parents.guesses import guess_from
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.proofs import Proof, Way, begin_proof
from educonnect_admin.parents.sms_proof import SendVerdict
from educonnect_admin.queries.reserved_tries import give_back, reserve_try
from educonnect_admin.queries.visits import Visitor, recall


class MobileVerdict(StrEnum):
    """What a mobile that was typed leads to."""

    SENT = "sent"
    UNKNOWN = "unknown"
    """No school has it for somebody of these names."""
    HOMONYMS = "homonyms"
    """Several people of these names share it."""
    TOO_MANY_CODES = "too_many_codes"
    TOO_OFTEN = "too_often"
    """Tried too often from this network address."""
    NOBODY = "nobody"
    """The visit has not come back from FranceConnect."""


@dataclass(frozen=True, slots=True, repr=False)
class MobileAsked:
    """The verdict; until when nothing is looked at, or the token of the visit that goes on."""

    verdict: MobileVerdict
    until: datetime | None = None
    token: str | None = None

    def __repr__(self) -> str:
        return f"MobileAsked({self.verdict!s})"


_LEADS_NOWHERE = {
    ClaimVerdict.UNKNOWN: MobileVerdict.UNKNOWN,
    ClaimVerdict.HOMONYMS: MobileVerdict.HOMONYMS,
}


def ask_mobile(means: Means, visitor: Visitor, client: Client, mobile: str) -> MobileAsked:
    """Look for whoever bears the names and this mobile, and send them a code.

    An account that is active already is found too: the same proofs link it (§2.2.3.2, §5.2).

    Args:
        means: Of the request.
        visitor: Who came back from FranceConnect.
        client: Where from; a guess counts for it, unless a code left.
        mobile: E.164.

    Rules: R-6, R-31, R-32, R-41.
    """
    identity = identity_of(means, visitor)
    if identity is None:
        return MobileAsked(MobileVerdict.NOBODY)
    claimant = claimant_of(identity, mobile)
    guess = guess_from(means, client)
    with means.transaction() as session:
        reserved = reserve_try(session, guess, means.limits.guess, means.now)
        if not reserved.allowed:
            return MobileAsked(MobileVerdict.TOO_OFTEN, reserved.locked_until)
        claim = find_claim(session, means, claimant)
        if claim.verdict in _LEADS_NOWHERE:
            return MobileAsked(_LEADS_NOWHERE[claim.verdict])
        give_back(session, guess)
        return _sent(session, means, visitor, claimant, claim)


def _sent(
    session: Session, means: Means, visitor: Visitor, claimant: Claimant, claim: Claim
) -> MobileAsked:
    proof = Proof.begun(Way.FRANCECONNECT, claimant, claim)
    memory = {ARRIVAL: recall(means.sealer, visitor)[ARRIVAL]}
    sent, token = begin_proof(session, means, proof, former=visitor, memory=memory)
    if sent.verdict is SendVerdict.TOO_MANY:
        return MobileAsked(MobileVerdict.TOO_MANY_CODES, sent.until)
    return MobileAsked(MobileVerdict.SENT, token=token)
