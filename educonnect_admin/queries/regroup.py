"""Regrouping accounts of one person: what office and parents both do, once it is decided (R-8)."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.operator_errors import HeldElsewhere
from educonnect_admin.domain.regroupings import RegroupedRecord, Regrouping
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.accounts import locked_accounts, schools_of_account
from educonnect_admin.queries.ending import Ended, end_account
from educonnect_admin.queries.held_schools import hold_schools
from educonnect_admin.queries.merge_items import close_joined
from educonnect_admin.queries.regroupings import locked_records, move_records
from educonnect_admin.queries.telling import told_in, told_of
from educonnect_admin.queries.whole_accounts import is_left_with_records


class Moved(NamedTuple):
    """What a regrouping did.

    `happenings` is all that the trail is to be told, what ended included.
    """

    records: tuple[int, ...]
    ended: Ended
    happenings: tuple[Happening, ...]


def hold_accounts(session: Session, account_ids: Sequence[int]) -> dict[int, Account]:
    """Hold accounts, and first the schools that have records in them; return them by id.

    An import holds its school while it writes records: it goes first, or we do.
    """
    hold_schools(session, {n for one in account_ids for n in schools_of_account(session, one)})
    return {account.id: account for account in locked_accounts(session, account_ids)}


def regroup(
    session: Session, kept: Account, gone: Account, *, author: Author, reason: str | None = None
) -> Moved:
    """Move the records of an account to another one; it keeps what it was, dormant.

    Its letter, its waiting messages and its visits are over; the letter of the account that
    stays is not. Whoever calls has decided that both are one person's, and tells the trail
    last.

    Args:
        session: The transaction that holds both accounts (`hold_accounts`).
        kept: The account that stays; neither closed nor regrouped.
        gone: The account whose records move; neither closed nor regrouped.
        author: Who asks, and when.
        reason: Why, for the trail; nobody asks the holder.

    Raises:
        HeldElsewhere: a record of the account that goes is in a school out of sight.

    Rules: R-8, R-50, R-63, R-65.
    """
    former = gone.state
    schools = schools_of_account(session, gone.id)
    records = locked_records(session, gone.id)
    ended = end_account(
        session, gone, AccountState.REGROUPED, LetterEnd.REGROUPED, reason=reason, author=author
    )
    _remember(session, kept, gone, records, author)
    move_records(session, records, kept.id)
    if is_left_with_records(session, gone.id):
        raise HeldElsewhere(gone.identifier)
    close_joined(session, [kept.id], author.now)
    kind = TrailKind.ACCOUNT_REGROUPED
    everywhere = told_of(session, kept.id, schools)
    happenings = [
        *ended.happenings,
        *told_in(schools, kind, gone.id, reason, {"principal": kept.id, "former": former}),
        *told_in(everywhere, kind, kept.id, reason, {"other": gone.id, "records": len(records)}),
    ]
    return Moved(tuple(records), ended, tuple(happenings))


def _remember(
    session: Session, kept: Account, gone: Account, records: Sequence[int], author: Author
) -> None:
    regrouping = Regrouping(principal_id=kept.id, other_id=gone.id, regrouped_at=author.now)
    session.add(regrouping)
    session.flush()  # its id is needed by its records
    rows = [{"regrouping_id": regrouping.id, "guardian_id": record} for record in records]
    if rows:
        session.execute(insert(RegroupedRecord), rows)
