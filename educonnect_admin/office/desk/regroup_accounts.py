"""Regroup the accounts of one person, and undo it (R-8, R-50)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.desk_errors import (
    DifferentPeople,
    NotRegrouped,
    SameAccount,
    UndoLaterFirst,
)
from educonnect_admin.domain.operator_errors import HeldElsewhere
from educonnect_admin.domain.regroupings import Regrouping
from educonnect_admin.domain.trail import Author, TrailKind
from educonnect_admin.office.desk.compare_people import compare_sides
from educonnect_admin.office.propose_merges import propose_merges
from educonnect_admin.queries.accounts import account_by_identifier, schools_of_account
from educonnect_admin.queries.ending import Ended
from educonnect_admin.queries.franceconnect import drop_link_taken
from educonnect_admin.queries.merge_items import forget_joined
from educonnect_admin.queries.regroup import hold_accounts, regroup
from educonnect_admin.queries.regroupings import (
    later_account,
    move_records,
    records_to_give_back,
    refuse_ended,
    standing_regrouping,
)
from educonnect_admin.queries.sides import side_of
from educonnect_admin.queries.telling import told_in, told_of
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.whole_accounts import keeps_records


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Regrouped:
    """What a regrouping, or undoing one, did; `identifier` is the account that stays.

    `state` is that of the account that stays, `other_state` that of the other one.
    """

    identifier: str
    state: AccountState
    other: str
    other_state: AccountState
    records: int
    differences: tuple[str, ...] = ()
    ended: Ended = field(default_factory=Ended)

    @property
    def changed(self) -> bool:
        """What can't be done is refused; the rest always changes something."""
        return True

    def __repr__(self) -> str:
        return f"Regrouped(records={self.records})"


def regroup_accounts(
    session: Session,
    principal: str,
    other: str,
    *,
    reason: str,
    author: Author,
    looked: bool = False,
) -> Regrouped:
    """Move the records of an account to another one of the same person.

    The other account keeps its password and e-mail, dormant; its letter, its waiting
    messages and its sessions are over. The letter of the principal one stays.

    Args:
        session: An open transaction.
        principal: The identifier of the account that stays.
        other: The identifier of the account whose records move.
        reason: Why, for the trail.
        author: Who asks, and when.
        looked: Somebody has seen both and says that they are one person.

    Raises:
        UnknownAccount: no account bears one of the identifiers.
        SameAccount: they are one account.
        AccountEnded: one of them is closed or regrouped.
        DifferentPeople: the records tell two people, and nobody has `looked`.
        HeldElsewhere: a record of the other account is in a school out of sight (R-65).

    Rules: R-7, R-8, R-63.
    """
    kept, gone = _held(session, principal, other)
    for account in (kept, gone):
        refuse_ended(session, account)
    seen = compare_sides(side_of(session, kept), side_of(session, gone))
    if seen.two_people and not looked:
        raise DifferentPeople(kept.identifier, gone.identifier, seen.two_people)
    moved = regroup(session, kept, gone, author=author, reason=reason)
    append_to_trail(session, author, moved.happenings)
    return _told(kept, gone, moved.records, differences=seen.different, ended=moved.ended)


def _held(session: Session, principal: str, other: str) -> tuple[Account, Account]:
    """Return both accounts, locked in the order of their ids, after their schools."""
    kept, gone = (account_by_identifier(session, typed) for typed in (principal, other))
    if kept.id == gone.id:
        raise SameAccount(kept.identifier)
    hold_accounts(session, [kept.id, gone.id])
    return kept, gone


def undo_regrouping(session: Session, other: str, *, reason: str, author: Author) -> Regrouped:
    """Give an account back the records that were moved and are still where they were put.

    It is again what it was; a letter that the regrouping ended stays ended, and a FranceConnect
    link that the holder has given to another account since stays there (R-41).

    Args:
        session: An open transaction.
        other: The identifier of the account that was regrouped into another one.
        reason: Why, for the trail.
        author: Who asks, and when.

    Raises:
        UnknownAccount: no account bears this identifier.
        NotRegrouped: it was not regrouped, or that was undone.
        UndoLaterFirst: its principal account was regrouped since, or took another one in.
        HeldElsewhere: a record to give back is in a school out of sight (R-65).

    Rules: R-8 (in reverse order only), R-63.
    """
    gone = account_by_identifier(session, other)
    regrouping = _to_undo(session, gone)
    kept = session.get_one(Account, regrouping.principal_id)
    hold_accounts(session, [kept.id, gone.id])
    regrouping = _to_undo(session, gone)
    _refuse_out_of_order(session, kept, gone, regrouping)
    records = records_to_give_back(session, regrouping)
    before = schools_of_account(session, kept.id)
    regrouping.undone_at = author.now
    drop_link_taken(session, gone)
    gone.resume()
    forget_joined(session, kept.id, records)
    move_records(session, records, gone.id)
    if keeps_records(session, regrouping.id):
        raise HeldElsewhere(gone.identifier)
    mine = schools_of_account(session, gone.id)
    if mine:
        propose_merges(session, mine[0], records, author.now)
    kind = TrailKind.REGROUPING_UNDONE
    everywhere = told_of(session, kept.id, {*before, *mine})
    append_to_trail(
        session,
        author,
        [
            *told_in(mine, kind, gone.id, reason, {"principal": kept.id, "state": gone.state}),
            *told_in(
                everywhere, kind, kept.id, reason, {"other": gone.id, "records": len(records)}
            ),
        ],
    )
    return _told(kept, gone, records)


def _to_undo(session: Session, gone: Account) -> Regrouping:
    regrouping = standing_regrouping(session, gone.id)
    if regrouping is None or gone.state is not AccountState.REGROUPED:
        raise NotRegrouped(gone.identifier)
    return regrouping


def _refuse_out_of_order(
    session: Session, kept: Account, gone: Account, regrouping: Regrouping
) -> None:
    if kept.state is AccountState.REGROUPED:
        raise UndoLaterFirst(gone.identifier, kept.identifier)
    later = later_account(session, regrouping)
    if later is not None:
        raise UndoLaterFirst(gone.identifier, later)


def _told(
    kept: Account,
    gone: Account,
    records: Sequence[int],
    *,
    differences: tuple[str, ...] = (),
    ended: Ended | None = None,
) -> Regrouped:
    return Regrouped(
        identifier=kept.identifier,
        state=kept.state,
        other=gone.identifier,
        other_state=gone.state,
        records=len(records),
        differences=differences,
        ended=ended or Ended(),
    )
