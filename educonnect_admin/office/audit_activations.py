"""Who is in and who is not: accounts by state for classes, schools, academies (R-64)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import accumulate

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from educonnect_admin.domain.academies import academy_by_code
from educonnect_admin.domain.activations import (
    COMMON_ZONE,
    ActiveDay,
    Audit,
    Figures,
    GroupedBy,
    Standing,
)
from educonnect_admin.domain.errors import UnknownAcademy
from educonnect_admin.domain.levels import rank_of_class
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.schools import School
from educonnect_admin.queries.activation_days import activations_by_day
from educonnect_admin.queries.activations import (
    read_whole_tables,
    standings,
    time_zones,
)
from educonnect_admin.queries.kept_figures import keeps_figures, kept_days, kept_standings
from educonnect_admin.queries.schools import school_by_uai


def audit_activations(
    session: Session,
    *,
    uai: str | None = None,
    academy: str | None = None,
    by: GroupedBy = GroupedBy.CLASS,
    now: datetime,
) -> Audit:
    """Count the accounts of a school, of an academy, or of everybody.

    Args:
        session: A reading session, which sees one moment throughout.
        uai: Only this school.
        academy: Only this academy, by its code.
        by: What a row is.
        now: The moment of the audit.

    Raises:
        InvalidUAI, UnknownSchool, UnknownAcademy: nothing bears this number.

    Rule: R-64.
    """
    schools = schools_asked_for(session, uai, academy)
    zones = time_zones(session, schools)
    zone = zones[0] if len(zones) == 1 else COMMON_ZONE
    # One school is soon counted; of more, PostgreSQL keeps figures, but not by class.
    keeps = uai is None and keeps_figures(session)
    if uai is None:
        read_whole_tables(session)
    count = kept_standings if keeps and by is not GroupedBy.CLASS else standings
    found = count(session, schools, by, now)
    by_day = kept_days if keeps else activations_by_day
    school = school_by_uai(session, uai) if uai is not None else None
    return Audit(
        total=_total(found),
        rows=_rows(found),
        by=by,
        days=_with_totals(by_day(session, schools, zone)),
        at=now,
        time_zone=zone,
        uai=school.uai if school else None,
        school=school.name if school else None,
        academy=academy,
    )


def _total(standings: Iterable[Standing]) -> Figures:
    """Count everybody once, in how many groups soever."""
    total = Figures()
    for standing in standings:
        total.add(standing._replace(accounts=standing.once))
    return total


def schools_asked_for(
    session: Session, uai: str | None, academy: str | None
) -> ColumnElement[bool]:
    """Return the condition on `School` that an audit is about.

    Raises:
        InvalidUAI, UnknownSchool, UnknownAcademy: nothing bears this number.
    """
    if academy is not None and academy_by_code(academy) is None:
        raise UnknownAcademy(academy)
    asked = School.academy_code == academy if academy is not None else true()
    if uai is not None:
        asked = asked & (School.id == school_by_uai(session, uai).id)
    return asked


def _rows(standings: Iterable[Standing]) -> list[Figures]:
    rows: dict[tuple[str | None, str, str | None], Figures] = defaultdict(Figures)
    for standing in standings:
        row = rows[standing.academy, standing.uai, standing.class_label]
        row.academy, row.class_label = standing.academy, standing.class_label
        row.uai, row.school, row.town = standing.uai, standing.school, standing.town
        row.add(standing)
    return sorted(rows.values(), key=_place)


def _place(row: Figures) -> tuple[str, str, str, bool, int, str]:
    """Return what sorts a row: names as French does, classes from the youngest to the eldest."""
    label = row.class_label or ""
    school, without_class = name_key(row.school), row.class_label is None
    return row.academy or "", school, row.uai, without_class, rank_of_class(label), name_key(label)


def _with_totals(days: list[tuple[date, int]]) -> list[ActiveDay]:
    totals = accumulate(number for _, number in days)
    return [
        ActiveDay(day, number, total) for (day, number), total in zip(days, totals, strict=True)
    ]
