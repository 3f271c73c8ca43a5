"""The questions of the queue that somebody is about to answer, held still."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.people import Guardian, ReviewItem
from educonnect_admin.queries.accounts import schools_of_account
from educonnect_admin.queries.held_schools import hold_schools


def items_of(session: Session, numbers: Sequence[int]) -> list[ReviewItem]:
    """Return questions by their numbers, in their order, as they are now."""
    query = select(ReviewItem).where(ReviewItem.id.in_(numbers)).order_by(ReviewItem.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def records_of(items: Iterable[ReviewItem]) -> list[int]:
    """Return the records that questions are about, in order."""
    found = (n for item in items for n in (item.guardian_id, item.other_guardian_id))
    return sorted({n for n in found if n is not None})


def hold_items(session: Session, items: Sequence[ReviewItem]) -> list[ReviewItem]:
    """Hold the schools that questions concern, and return the questions as they are then.

    Those that ask, those of the records, and those whose records the accounts hold: imports
    and the desk hold their schools first, and nobody waits both ways.
    """
    rows = session.execute(
        select(Guardian.school_id, Guardian.account_id).where(Guardian.id.in_(records_of(items)))
    ).all()
    schools = {item.school_id for item in items} | {row.school_id for row in rows}
    for account_id in {row.account_id for row in rows} - {None}:
        schools.update(schools_of_account(session, account_id or 0))
    hold_schools(session, schools)
    return items_of(session, [item.id for item in items])


def same_questions(session: Session, item: ReviewItem) -> list[ReviewItem]:
    """Return a question with its likes: two imports at once may have asked the same."""
    if item.other_guardian_id is None:
        return [item]
    query = select(ReviewItem).where(
        ReviewItem.guardian_id == item.guardian_id,
        ReviewItem.other_guardian_id == item.other_guardian_id,
        ReviewItem.kind == item.kind,
    )
    return list(session.scalars(query.order_by(ReviewItem.id)))


_IN_USE = (
    AccountState.ACTIVE,
    AccountState.EMAIL_PENDING,
    AccountState.NOTIFIED,
    AccountState.NOT_NOTIFIED,
)
"""States, those first that a holder would miss most."""


def first_in_use(session: Session, accounts: Sequence[Account]) -> list[Account]:
    """Return accounts, the one first that serves most: by state, then by its first letter."""
    first_letters = {
        account.id: session.scalar(
            select(Letter.created_at)
            .where(Letter.account_id == account.id)
            .order_by(Letter.created_at)
            .limit(1)
        )
        for account in accounts
    }
    return sorted(
        accounts,
        key=lambda account: (
            _IN_USE.index(account.state) if account.state in _IN_USE else len(_IN_USE),
            first_letters[account.id] or account.created_at,
            account.id,
        ),
    )
