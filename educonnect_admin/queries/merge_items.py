"""The proposals of the queue that two records may be one person's (R-7)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.people import Guardian, ReviewItem, ReviewKind, ReviewResolution
from educonnect_admin.queries.merge_records import among

_ONE, _OTHER = aliased(Guardian), aliased(Guardian)
_IS_PROPOSAL = ReviewItem.kind == ReviewKind.MERGE_PROPOSAL

Pair = tuple[int, int]


class MergeItem(NamedTuple):
    """A proposal ever made; `details` is what it was made with."""

    id: int
    is_open: bool
    resolution: ReviewResolution | None
    details: str

    def __repr__(self) -> str:
        return f"MergeItem(id={self.id})"


def items_about(session: Session, records: Collection[int]) -> dict[Pair, MergeItem]:
    """Return the proposals ever made about some records, by their pair, the lower number first."""
    rows = session.execute(
        select(
            ReviewItem.guardian_id,
            ReviewItem.other_guardian_id,
            ReviewItem.id,
            ReviewItem.resolved_at,
            ReviewItem.resolution,
            ReviewItem.details,
        )
        .where(_IS_PROPOSAL, _names(records))
        .order_by(ReviewItem.id)
    )
    return {
        (row.guardian_id, row.other_guardian_id): MergeItem(
            row.id, row.resolved_at is None, row.resolution, row.details
        )
        for row in rows
    }


def pairs_answered(
    session: Session, records: Collection[int], resolution: ReviewResolution
) -> set[Pair]:
    """Return the pairs about some records that somebody has answered so."""
    rows = session.execute(
        select(ReviewItem.guardian_id, ReviewItem.other_guardian_id).where(
            _IS_PROPOSAL,
            ReviewItem.resolution == resolution,
            or_(ReviewItem.guardian_id.in_(records), ReviewItem.other_guardian_id.in_(records)),
        )
    )
    return {(one, other) for one, other in rows if one is not None and other is not None}


def one_person_as_said(session: Session, record: int) -> set[int]:
    """Return the records that are one person's with this one: said so, or in one account."""
    found, new = {record}, {record}
    while new:
        said = pairs_answered(session, new, ReviewResolution.SAME_PERSON)
        accounts = set(accounts_holding(session, new).values())
        held = session.scalars(select(Guardian.id).where(Guardian.account_id.in_(accounts)))
        new = {*held, *(one for pair in said for one in pair)} - found
        found |= new
    return found


def said_two_people(session: Session, records: Collection[int]) -> list[int]:
    """Return the questions by which some of these records were said to be two people's."""
    return list(
        session.scalars(
            select(ReviewItem.id)
            .where(
                _IS_PROPOSAL,
                ReviewItem.resolution == ReviewResolution.TWO_PEOPLE,
                ReviewItem.guardian_id.in_(records),
                ReviewItem.other_guardian_id.in_(records),
            )
            .order_by(ReviewItem.id)
        )
    )


def accounts_holding(session: Session, records: Collection[int]) -> dict[int, int]:
    """Return the account of each of some records that has one."""
    rows = session.execute(
        select(Guardian.id, Guardian.account_id).where(
            Guardian.id.in_(records), Guardian.account_id.is_not(None)
        )
    )
    return {record: account for record, account in rows if account is not None}


def _names(records: Collection[int]) -> ColumnElement[bool]:
    return or_(among(ReviewItem.guardian_id, records), among(ReviewItem.other_guardian_id, records))


def close_joined(session: Session, account_ids: Iterable[int], now: datetime) -> None:
    """Close the open proposals about records that one of these accounts holds both of."""
    joined = _joined(account_ids).where(ReviewItem.resolved_at.is_(None))
    _resolve(session, joined, now)


def forget_joined(session: Session, account_id: int, records: Collection[int]) -> None:
    """Forget who said that some records are one person's with others of an account they leave.

    To be called while the account still holds them all; they may be proposed again.
    """
    joined = _joined([account_id]).where(
        ReviewItem.resolution == ReviewResolution.SAME_PERSON, _names(records)
    )
    _resolve(session, joined)


def _joined(account_ids: Iterable[int]) -> Select[int]:
    return (
        select(ReviewItem.id)
        .join(_ONE, _ONE.id == ReviewItem.guardian_id)
        .join(_OTHER, _OTHER.id == ReviewItem.other_guardian_id)
        .where(
            _IS_PROPOSAL,
            _ONE.account_id == _OTHER.account_id,
            _ONE.account_id.in_(set(account_ids)),
        )
    )


def _resolve(session: Session, items: Select[int], now: datetime | None = None) -> None:
    """Let what happened answer some questions, in the order of their numbers.

    Two writers then never wait for each other both ways.
    """
    values = {"resolution": ReviewResolution.ANSWERED} | ({"resolved_at": now} if now else {})
    for item_id in sorted(session.scalars(items)):
        session.execute(
            update(ReviewItem)
            .where(ReviewItem.id == item_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )
