"""The end of the journeys that activate at once: by SMS, by FranceConnect (R-34, R-41)."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.parents.means import Means
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.ending import end_letters_of
from educonnect_admin.queries.regroup import regroup
from educonnect_admin.queries.visits import end_visits_of


def activate(
    session: Session,
    means: Means,
    account: Account,
    journey: Journey,
    others: Sequence[Account] = (),
) -> list[Happening]:
    """Make an account active; its letter is used up, its holder's other accounts join it.

    Visits that began before are over: whoever began them has not given these proofs.

    Args:
        session: The transaction that holds all the accounts (`queries.regroup.hold_accounts`).
        means: Of the request.
        account: Neither active, closed nor regrouped.
        journey: By which the proofs were given.
        others: The same person's other accounts, neither active nor ended (R-7): their
            children were listed, and their birth dates given.

    Returns:
        What the trail is to be told, last in the transaction.

    Rules: R-7, R-8, R-11, R-34, R-41, R-63.
    """
    account.state, account.journey = AccountState.ACTIVE, journey
    account.activated_at = account.sessions_void_at = means.now
    ended = end_letters_of(session, account.id, LetterEnd.USED, author=means.author)
    session.flush()  # what follows is plain statements
    # One that began a moment ago, under another password, is younger than this request.
    end_visits_of(session, account.id)
    moved = [regroup(session, account, other, author=means.author) for other in others]
    return [
        *ended,
        *(one for regrouped in moved for one in regrouped.happenings),
        *told(session, TrailKind.ACCOUNT_ACTIVATED, account.id, {"journey": journey}),
    ]
