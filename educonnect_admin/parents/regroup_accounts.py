"""Adding the children of another account to one's own: proved, shown, done (§4.3, R-50).

The proof lies in the visit, sealed, for a few minutes; what it says is looked at anew before
anything is done: the password may have been changed since, the letter may be over.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.identifiers import as_given
from educonnect_admin.domain.names import name_key
from educonnect_admin.letters.naming import addressed
from educonnect_admin.parents.account import owns_password
from educonnect_admin.parents.coming_in import note
from educonnect_admin.parents.home import HomeSchool, schools_with_children
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.prove_password import (
    Proof,
    ProofVerdict,
    accept_proof,
    prove_password,
)
from educonnect_admin.queries.holders import holder_of
from educonnect_admin.queries.log_in import end_of, letter_of_id
from educonnect_admin.queries.regroup import hold_accounts, regroup
from educonnect_admin.queries.regroupings import standing_regrouping
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.visits import Visitor, end_visits_of, recall
from educonnect_admin.queries.wards import wards_of

PROVED_FOR = timedelta(minutes=10)
"""The time to read a page; a telephone left on a table proves nothing after that."""
_KEY = "regroup"


class SearchVerdict(StrEnum):
    """What an identifier and a password led to."""

    FOUND = "found"
    WRONG = "wrong"
    """Or no such account, or too often for now (R-6)."""
    LOCKED = "locked"
    TOO_MANY = "too_many"
    ITSELF = "itself"
    CLOSED = "closed"
    REGROUPED = "regrouped"
    REGROUPED_HERE = "regrouped_here"
    """Into this very account: its children are here already."""
    LETTER_OVER = "letter_over"
    EMAIL_PENDING = "email_pending"
    NO_CHILD = "no_child"


@dataclass(frozen=True, slots=True)
class Search:
    """The verdict, and from when on something may be tried again."""

    verdict: SearchVerdict
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Gathering:
    """What is about to be done: which children, on which account, and what ends.

    Attributes:
        principal: the identifier of the account that stays; nothing in a visit by
            FranceConnect (R-42).
        other_holder: in whose name the other account is.
        is_same_name: whether that is the name of whoever is in.
    """

    principal: str | None
    other: str
    other_holder: str
    is_same_name: bool
    schools: tuple[HomeSchool, ...]

    def __repr__(self) -> str:
        return "Gathering()"


def search_account(
    means: Means, client: Client, visitor: Visitor, *, identifier: str, password: str
) -> Search:
    """Look for the account to be added, by what would open it; remember that it was proved.

    Args:
        means: Of the request.
        client: Where it comes from.
        visitor: Who is in, whose account stays.
        identifier: Of the other account, as typed.
        password: The holder's own, or that of a letter that lives, as typed.

    Rules: R-6, R-42, R-50.
    """
    if owns_password(visitor) and as_given(identifier) == visitor.identifier:
        return Search(SearchVerdict.ITSELF)
    proof = prove_password(means, client, identifier, password)
    if proof.verdict not in {ProofVerdict.OWN, ProofVerdict.LETTER}:
        return Search(_refused(means, visitor, proof), proof.until)
    with means.transaction() as session:
        account = accept_proof(session, means, proof)
        if account is None:
            return Search(SearchVerdict.WRONG)
        verdict = _judged(session, account, visitor)
        if verdict is SearchVerdict.FOUND:
            note(session, means, visitor, _KEY, _noted(proof, means.now))
        return Search(verdict)


def proved_account(means: Means, visitor: Visitor) -> Gathering | None:
    """Return what is about to be done; None if nothing is proved, or no longer is."""
    with means.reading() as session:
        proof = _proof_in(means, visitor)
        other = session.get(Account, proof.account_id) if proof else None
        if proof is None or other is None or not _still_true(session, means, other, proof):
            return None
        mine, theirs = holder_of(session, visitor.account_id or 0), holder_of(session, other.id)
        return Gathering(
            principal=visitor.identifier if owns_password(visitor) else None,
            other=other.identifier,
            other_holder=addressed(*theirs) if theirs else "",
            is_same_name=mine is not None
            and theirs is not None
            and name_key(mine.given_name) == name_key(theirs.given_name),
            schools=schools_with_children(wards_of(session, other.id)),
        )


def add_children(means: Means, visitor: Visitor) -> bool:
    """Regroup the account that was proved into that of the visit.

    Returns:
        Whether it is done, now or by the same button a moment ago; False if the proof no
        longer holds.

    Rules: R-8, R-50, R-63.
    """
    proof = _proof_in(means, visitor)
    if proof is None:
        return False
    kept_id, gone_id = visitor.account_id or 0, proof.account_id or 0
    with means.transaction() as session:
        held = hold_accounts(session, [kept_id, gone_id])
        kept, gone = held.get(kept_id), held.get(gone_id)
        if kept is None or gone is None or kept.state is not AccountState.ACTIVE:
            return False
        if _is_here_already(session, visitor, gone_id):
            return True
        if not _still_true(session, means, gone, proof):
            return False
        moved = regroup(session, kept, gone, author=means.author)
        end_visits_of(session, gone_id)
        note(session, means, visitor, _KEY, None)
        append_to_trail(session, means.author, moved.happenings)
        return True


def give_up(means: Means, visitor: Visitor) -> None:
    """Forget what was proved, «Annuler»."""
    with means.transaction() as session:
        note(session, means, visitor, _KEY, None)


def _judged(session: Session, account: Account, visitor: Visitor) -> SearchVerdict:
    if account.id == visitor.account_id:
        return SearchVerdict.ITSELF
    if account.state is AccountState.EMAIL_PENDING:
        return SearchVerdict.EMAIL_PENDING
    return SearchVerdict.FOUND if wards_of(session, account.id) else SearchVerdict.NO_CHILD


_REFUSED = {
    ProofVerdict.LOCKED: SearchVerdict.LOCKED,
    ProofVerdict.TOO_MANY: SearchVerdict.TOO_MANY,
    ProofVerdict.LETTER_OVER: SearchVerdict.LETTER_OVER,
}


def _refused(means: Means, visitor: Visitor, proof: Proof) -> SearchVerdict:
    if proof.verdict is not ProofVerdict.ACCOUNT_OVER:
        return _REFUSED.get(proof.verdict, SearchVerdict.WRONG)
    if proof.state is AccountState.CLOSED:
        return SearchVerdict.CLOSED
    with means.reading() as session:
        is_here = _is_here_already(session, visitor, proof.account_id or 0)
    return SearchVerdict.REGROUPED_HERE if is_here else SearchVerdict.REGROUPED


def _is_here_already(session: Session, visitor: Visitor, account_id: int) -> bool:
    regrouping = standing_regrouping(session, account_id)
    return regrouping is not None and regrouping.principal_id == visitor.account_id


def _noted(proof: Proof, now: datetime) -> dict[str, object]:
    return {
        "account_id": proof.account_id,
        "state": str(proof.state),
        "letter_id": proof.letter_id,
        "sealed": b64encode(proof.sealed or b"").decode(),
        "until": (now + PROVED_FOR).isoformat(),
    }


def _proof_in(means: Means, visitor: Visitor) -> Proof | None:
    found = recall(means.sealer, visitor).get(_KEY)
    if not isinstance(found, dict) or datetime.fromisoformat(found["until"]) <= means.now:
        return None
    return Proof(
        verdict=ProofVerdict.LETTER if found["letter_id"] else ProofVerdict.OWN,
        account_id=found["account_id"],
        state=AccountState(found["state"]),
        letter_id=found["letter_id"],
        sealed=b64decode(found["sealed"]),
    )


def _still_true(session: Session, means: Means, account: Account, proof: Proof) -> bool:
    """Tell whether what was proved would still open the account."""
    if account.state is not proof.state:
        return False
    if proof.letter_id is None:
        return account.password_hash == proof.sealed
    found = letter_of_id(session, proof.letter_id)
    if found is None:
        return False
    letter, time_zone = found
    return end_of(letter, time_zone, means.now) is None and letter.password_hash == proof.sealed
