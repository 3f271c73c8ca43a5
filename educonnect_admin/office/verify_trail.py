"""Follow the chains of the trail, and compare them with heads that were noted elsewhere (R-63)."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import FIRST_DIGEST, OFFICE_CHAIN, Pen, TrailEntry
from educonnect_admin.domain.trail_breaks import Break, BreakCause, ChainReport, KeptHead
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.trail_check import check_chains

NOWHERE = -1
"""Stands for the chain of a school that is not in the database."""


class TrailVerdict(NamedTuple):
    """Every chain that was followed, in the order of their numbers."""

    chains: Sequence[ChainReport]

    @property
    def broken(self) -> Sequence[ChainReport]:
        """The chains that don't verify."""
        return [chain for chain in self.chains if chain.broken is not None]

    @property
    def entries(self) -> int:
        """How many entries verify."""
        return sum(chain.count for chain in self.chains)


def verify_trail(
    session: Session,
    pen: Pen,
    *,
    uai: str | None = None,
    kept: Mapping[str | None, KeptHead] | None = None,
    moved: Callable[[int], None] = lambda _: None,
) -> TrailVerdict:
    """Follow every chain, or that of one school, and say where each breaks first.

    Args:
        session: A reading session, which sees one moment throughout.
        pen: Whose key sealed the entries.
        uai: Only this school.
        kept: Heads noted earlier, by UAI, that of the office under nothing. A database that
            was put back to an older day verifies in itself; these tell.
        moved: Told how many entries were followed, page by page.

    Raises:
        InvalidUAI, UnknownSchool: no school bears this number.
    """
    school_id = school_by_uai(session, uai).id if uai is not None else None
    known, missing = _by_chain(session, kept or {}, school_id)
    reports = check_chains(session, pen, school_id=school_id, kept=known, moved=moved)
    return TrailVerdict([*reports, *(_vanished(one) for one in missing)])


def _by_chain(
    session: Session, kept: Mapping[str | None, KeptHead], only: int | None
) -> tuple[dict[int, KeptHead], list[str]]:
    """Return the noted heads by chain, and the schools that are no longer there."""
    schools = session.execute(select(School.uai, School.id))
    ids: dict[str | None, int] = {None: OFFICE_CHAIN, **{row[0]: row[1] for row in schools}}
    known = {ids[uai]: head for uai, head in kept.items() if uai in ids}
    missing = [uai for uai in kept if uai not in ids and uai is not None]
    return known, [] if only is not None else missing


def _vanished(uai: str) -> ChainReport:
    return ChainReport(NOWHERE, uai, 0, FIRST_DIGEST, Break(1, BreakCause.GONE))


def number_of_entries(session: Session, uai: str | None = None) -> int:
    """Return how many entries there are to follow.

    Raises:
        InvalidUAI, UnknownSchool: no school bears this number.
    """
    query = select(func.count()).select_from(TrailEntry)
    if uai is not None:
        query = query.where(TrailEntry.chain == school_by_uai(session, uai).id)
    return session.scalar(query) or 0
