"""The two proofs of the journeys by SMS and by FranceConnect: a code, every birth date.

What the journey has in hand lies in the visit, under `proof`. Each step looks at it anew, and
at the database: in between a mobile may have been corrected, a child added, an account
activated by its letter. A step that no longer stands answers None: the way begins anew.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from educonnect_admin.parents.birth_dates import DatesVerdict, judge_dates
from educonnect_admin.parents.claiming import Claim, Claimant, ClaimVerdict, look_for
from educonnect_admin.parents.coming_in import TOKEN_USE, begin_journey
from educonnect_admin.parents.means import Means
from educonnect_admin.parents.sms_proof import (
    CodeSent,
    CodeVerdict,
    SendVerdict,
    check_code,
    send_code,
)
from educonnect_admin.queries.visits import (
    Visitor,
    end_visit,
    held_memory,
    recall,
    remember,
    visitor_of,
)
from educonnect_admin.queries.wards import Ward, wards_of

PROOF = "proof"


class Way(StrEnum):
    """Which journey asks for the proofs."""

    SMS = "sms"
    FRANCECONNECT = "franceconnect"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Proof:
    """How far a journey is.

    Attributes:
        account_id: the account that is to be opened.
        other_ids: the same person's other accounts, which are to join it (R-7).
        mobile, given_keys, surname_keys: what the account was found by.
        name: given name and surname, as the page greets.
        has_code: the right code was typed.
        children: the children whose birth dates were given, once they were right.
        tries: how often a date was wrong on this journey (R-6).
    """

    way: Way
    account_id: int
    other_ids: tuple[int, ...]
    guardian_id: int
    school_id: int
    name: str
    mobile: str
    given_keys: tuple[str, ...]
    surname_keys: tuple[str, ...]
    has_code: bool = False
    children: tuple[int, ...] = ()
    tries: int = 0

    @classmethod
    def begun(cls, way: Way, claimant: Claimant, claim: Claim) -> "Proof":
        """Return the proof of an account that was just claimed."""
        return cls(
            way=way,
            account_id=claim.account_id,
            other_ids=claim.other_ids,
            guardian_id=claim.guardian_id,
            school_id=claim.school_id,
            name=claim.name,
            mobile=claimant.mobile,
            given_keys=claimant.given_keys,
            surname_keys=claimant.surname_keys,
        )

    @property
    def claimant(self) -> Claimant:
        """Who claims the account."""
        return Claimant(
            given_keys=self.given_keys, surname_keys=self.surname_keys, mobile=self.mobile
        )

    @property
    def account_ids(self) -> tuple[int, ...]:
        """The account and those that are to join it."""
        return (self.account_id, *self.other_ids)

    def __repr__(self) -> str:
        return f"Proof({self.way!s}, account_id={self.account_id})"


def proof_in(memory: Mapping[str, object]) -> Proof | None:
    """Return the proof that a visit remembers, if there is one."""
    found = memory.get(PROOF)
    if not isinstance(found, dict):
        return None
    lists: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in found.items()
    }
    return Proof(**{**lists, "way": Way(lists["way"])})


def stands(session: Session, proof: Proof) -> bool:
    """Tell whether the account would still be found as it was when the journey began.

    By FranceConnect, an account that is active by now is still its holder's (R-41).
    """
    claim = look_for(session, proof.claimant)
    same = (claim.account_id, claim.other_ids) == (proof.account_id, proof.other_ids)
    open_to = {ClaimVerdict.FREE}
    if proof.way is Way.FRANCECONNECT:
        open_to.add(ClaimVerdict.ACTIVE)
    return same and claim.verdict in open_to


def begin_proof(
    session: Session,
    means: Means,
    proof: Proof,
    *,
    former: Visitor | None,
    memory: Mapping[str, object] | None = None,
) -> tuple[CodeSent, str | None]:
    """Send the first code, on a new visit; the browser's former one is over.

    Args:
        session: The transaction of the journey; nothing may follow.
        means: Of the request.
        proof: What is in hand.
        former: The visit that led here.
        memory: What else the new visit remembers.

    Returns:
        Whether it was sent, and the token of the new visit if so.
    """
    token = begin_journey(session, means, {**(memory or {}), PROOF: asdict(proof)})
    visitor = visitor_of(session, means.digests.known(TOKEN_USE, token), means.now)
    assert visitor is not None, "the visit has just begun"  # noqa: S101
    sent = _send(session, means, visitor, proof)
    if sent.verdict is not SendVerdict.SENT:
        end_visit(session, visitor.visit_id)
        return sent, None
    if former is not None:
        end_visit(session, former.visit_id)
    return sent, token


def current_proof(means: Means, visitor: Visitor) -> Proof | None:
    """Return what a journey has in hand, as long as it stands."""
    proof = proof_in(recall(means.sealer, visitor))
    if proof is None:
        return None
    with means.reading() as session:
        return proof if stands(session, proof) else None


def send_another(means: Means, visitor: Visitor) -> CodeSent | None:
    """Send another code, «Je n'ai pas reçu de code d'activation par SMS» (R-32)."""
    with means.transaction() as session:
        _, proof = _held(session, means, visitor)
        if proof is None or proof.has_code:
            return None
        return _send(session, means, visitor, proof)


def give_code(means: Means, visitor: Visitor, typed: str) -> CodeVerdict | None:
    """Take the code that was typed (R-32)."""
    with means.transaction() as session:
        memory, proof = _held(session, means, visitor)
        if proof is None:
            return None
        if proof.has_code:
            return CodeVerdict.RIGHT  # the button was pressed twice
        verdict = check_code(session, means, visitor, typed)
        if verdict is CodeVerdict.RIGHT:
            _note(session, means, visitor, memory, replace(proof, has_code=True))
        return verdict


def children_to_prove(means: Means, proof: Proof) -> list[Ward]:
    """Return the children whose birth dates are asked for (R-33)."""
    with means.reading() as session:
        return wards_of(session, *proof.account_ids)


class GivenVerdict(StrEnum):
    """What became of the birth dates that were typed."""

    RIGHT = "right"
    WRONG = "wrong"
    CLOSED = "closed"
    """Tried too often for a day, on whatever journey."""
    OVER = "over"
    """Tried too often on this journey, which is over."""
    CHANGED = "changed"
    """The children are others than the page has shown: nothing was looked at."""
    NO_CHILD = "no_child"
    """The account, which is active, has no child enrolled any more."""


@dataclass(frozen=True, slots=True)
class DatesGiven:
    """The verdict, and until when the way is closed."""

    verdict: GivenVerdict
    until: datetime | None = None


def give_dates(
    means: Means, visitor: Visitor, typed: Mapping[int, date | None]
) -> DatesGiven | None:
    """Take the birth dates that were typed, of the children that the page has shown (R-33)."""
    with means.transaction() as session:
        memory, proof = _held(session, means, visitor)
        if proof is None or not proof.has_code:
            return None
        wards = wards_of(session, *proof.account_ids)
        if {ward.pupil_id for ward in wards} != typed.keys():
            return DatesGiven(GivenVerdict.CHANGED)
        if not wards:
            return DatesGiven(GivenVerdict.NO_CHILD)
        judged = judge_dates(session, means, proof.account_id, wards, typed)
        if judged.verdict is DatesVerdict.RIGHT:
            proved = tuple(sorted(typed))
            _note(session, means, visitor, memory, replace(proof, children=proved))
            return DatesGiven(GivenVerdict.RIGHT)
        tries = proof.tries + 1
        if tries >= means.limits.birth_date_tries:
            end_visit(session, visitor.visit_id)
        else:
            _note(session, means, visitor, memory, replace(proof, tries=tries, children=()))
        if judged.verdict is DatesVerdict.CLOSED:
            return DatesGiven(GivenVerdict.CLOSED, judged.until)
        is_over = tries >= means.limits.birth_date_tries
        return DatesGiven(GivenVerdict.OVER if is_over else GivenVerdict.WRONG)


def finished_proof(session: Session, means: Means, visitor: Visitor) -> Proof | None:
    """Return a proof that is complete at this moment, for the journey to end on.

    To be called by the transaction that holds the accounts: what it says stays true in it.
    """
    _, proof = _held(session, means, visitor)
    return proof if proof is not None and is_complete(session, proof) else None


def is_complete(session: Session, proof: Proof) -> bool:
    """Tell whether the code and the birth date of each of today's children were given."""
    wards = wards_of(session, *proof.account_ids)
    is_whole = {ward.pupil_id for ward in wards} == set(proof.children)
    return proof.has_code and bool(wards) and is_whole


def _held(
    session: Session, means: Means, visitor: Visitor
) -> tuple[dict[str, object], Proof | None]:
    memory = held_memory(session, means.sealer, visitor)
    proof = proof_in(memory)
    return memory, proof if proof is not None and stands(session, proof) else None


def _note(
    session: Session, means: Means, visitor: Visitor, memory: Mapping[str, object], proof: Proof
) -> None:
    kept = {**memory, PROOF: asdict(proof)}
    remember(session, means.sealer, visitor.visit_id, visitor.token_digest, kept)


def _send(session: Session, means: Means, visitor: Visitor, proof: Proof) -> CodeSent:
    return send_code(
        session,
        means,
        visitor,
        mobile=proof.mobile,
        account_id=proof.account_id,
        guardian_id=proof.guardian_id,
        school_id=proof.school_id,
    )
