"""Who is in and who is not: accounts by state for classes, schools, academies (R-64)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from educonnect_admin.domain.academies import academy_by_code
from educonnect_admin.domain.accounts import AccountState, Journey
from educonnect_admin.domain.errors import UnknownAcademy
from educonnect_admin.domain.schools import School
from educonnect_admin.queries.activations import (
    Standing,
    standings_by_class,
    standings_by_school,
    standings_overall,
)
from educonnect_admin.queries.schools import school_by_uai


class GroupedBy(StrEnum):
    """What a row of the audit is."""

    CLASS = "class"
    SCHOOL = "school"


@dataclass(slots=True)
class Figures:
    """The accounts of one group.

    `notified` counts every account in that state; `notification_expired` those of them
    whose letters are all over (R-1).
    """

    school: str = ""
    uai: str = ""
    class_label: str | None = None
    accounts: int = 0
    letters: int = 0
    notification_expired: int = 0
    by_state: dict[AccountState, int] = field(
        default_factory=lambda: dict.fromkeys(AccountState, 0)
    )
    by_journey: dict[Journey, int] = field(default_factory=lambda: dict.fromkeys(Journey, 0))

    @property
    def active(self) -> int:
        """How many accounts are active."""
        return self.by_state[AccountState.ACTIVE]

    @property
    def rate(self) -> float:
        """The share of active accounts, from 0 to 1; 0 where there is no account."""
        return round(self.active / self.accounts, 4) if self.accounts else 0.0

    def add(self, standing: Standing) -> None:
        """Count the accounts of one standing in."""
        self.accounts += standing.accounts
        self.by_state[standing.state] += standing.accounts
        if standing.journey is not None:
            self.by_journey[standing.journey] += standing.accounts
        if standing.has_letter:
            self.letters += standing.accounts
        elif standing.state is AccountState.NOTIFIED:
            self.notification_expired += standing.accounts


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole, where every account counts once, and its rows, by class or by school."""

    total: Figures
    rows: Sequence[Figures]


def audit_activations(
    session: Session,
    *,
    uai: str | None = None,
    academy: str | None = None,
    by: GroupedBy = GroupedBy.CLASS,
    now: datetime,
) -> Audit:
    """Count the accounts of a school, of an academy, or of everybody.

    Raises:
        InvalidUAI, UnknownSchool, UnknownAcademy: nothing bears this number.

    Rule: R-64.
    """
    schools = _schools(session, uai, academy)
    total = Figures()
    for standing in standings_overall(session, schools, now):
        total.add(standing)
    count = standings_by_class if by is GroupedBy.CLASS else standings_by_school
    return Audit(total, _rows(count(session, schools, now)))


def _schools(session: Session, uai: str | None, academy: str | None) -> ColumnElement[bool]:
    if uai is not None:
        return School.id == school_by_uai(session, uai).id
    if academy is None:
        return true()
    if academy_by_code(academy) is None:
        raise UnknownAcademy(academy)
    return School.academy_code == academy


def _rows(standings: Iterable[Standing]) -> list[Figures]:
    rows: dict[tuple[str, str | None], Figures] = defaultdict(Figures)
    for standing in standings:
        row = rows[standing.uai, standing.class_label]
        row.uai, row.school, row.class_label = standing.uai, standing.school, standing.class_label
        row.add(standing)
    return list(rows.values())
