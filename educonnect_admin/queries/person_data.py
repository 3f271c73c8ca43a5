"""Everything that the database knows of a person, table by table."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship
from educonnect_admin.domain.personal_data import LEGAL_ONLY, PERSONAL, WITHHELD, Row
from educonnect_admin.domain.regroupings import Regrouping
from educonnect_admin.domain.schools import School, SchoolClass
from educonnect_admin.queries.among import among

Ids = Mapping[str, Collection[int]]
"""The numbers of accounts, guardians, pupils … that are the person's."""


def accounts_of(session: Session, account_id: int | None) -> set[int]:
    """Return an account and those that were regrouped into it: they are one person's (R-8)."""
    found = newer = set() if account_id is None else {account_id}
    while newer:
        others = session.scalars(
            select(Regrouping.other_id).where(
                among(Regrouping.principal_id, newer), Regrouping.undone_at.is_(None)
            )
        )
        newer = set(others) - found
        found = found | newer
    return found


def rows_of_person(
    session: Session, guardian_id: int, account_id: int | None
) -> dict[str, list[Row]]:
    """Return what is known of a person, by the tables of `PERSONAL`.

    Never a secret, never another guardian of the same child.

    Args:
        session: An open session; reading is enough.
        guardian_id: A record of theirs.
        account_id: The account that holds it, if any.
    """
    ids = _ids(session, guardian_id, accounts_of(session, account_id))
    legal = _legally_theirs(session, ids["guardians"])
    found: dict[str, list[Row]] = {}
    for name in PERSONAL:
        table = METADATA.tables[name]
        rows = session.execute(
            select(table).where(_theirs(table, ids)).order_by(*table.primary_key)
        )
        found[name] = [_given_out(name, dict(row), legal) for row in rows.mappings()]
        if name in {"visits", "trail_entries"}:
            ids = {**ids, name: [row["id"] for row in found[name]]}
    return found


def _ids(session: Session, guardian_id: int, accounts: set[int]) -> Ids:
    guardians = select(Guardian.id).where(
        among(Guardian.account_id, accounts) | (Guardian.id == guardian_id)
    )
    records = list(session.scalars(guardians))
    pupils = select(Guardianship.pupil_id).where(among(Guardianship.guardian_id, records))
    schools = select(Guardian.school_id).where(among(Guardian.id, records)).distinct()
    return {
        "accounts": accounts,
        "guardians": records,
        "pupils": set(session.scalars(pupils)),
        "schools": list(session.scalars(schools)),
    }


_POINTS: Mapping[str, Mapping[str, str]] = {
    **{name: {"id": name} for name in ("accounts", "guardians", "pupils")},
    "enrolments": {"pupil_id": "pupils"},
    "guardian_corrections": {"guardian_id": "guardians"},
    "guardianships": {"guardian_id": "guardians"},
    "messages": {"account_id": "accounts", "guardian_id": "guardians"},
    "regrouped_records": {"guardian_id": "guardians"},
    "regroupings": {"principal_id": "accounts", "other_id": "accounts"},
    "review_items": {"guardian_id": "guardians", "other_guardian_id": "guardians"},
    "sms_codes": {"visit_id": "visits"},
    "trail_entries": {"account_id": "accounts", "guardian_id": "guardians"},
    "trail_reasons": {"entry_id": "trail_entries"},
}
"""By which columns a table tells that a row is the person's, and whose numbers they hold."""
_BY_ACCOUNT = {"account_id": "accounts"}


def _theirs(table: Table, ids: Ids) -> ColumnElement[bool]:
    """Return which rows of a table are the person's."""
    points = _POINTS.get(table.name, _BY_ACCOUNT)
    theirs = or_(*(among(table.c[column], ids[whose]) for column, whose in points.items()))
    if table.name == Enrolment.__tablename__:
        # Only where the school knows the person: another one may be the other parent's.
        return theirs & among(table.c.school_id, ids["schools"])
    return theirs


def _legally_theirs(session: Session, records: Collection[int]) -> set[int]:
    """Return the children whom the person legally answers for today."""
    rows = session.scalars(
        select(Guardianship.pupil_id).where(
            among(Guardianship.guardian_id, records),
            Guardianship.legal,
            Guardianship.ended_on.is_(None),
        )
    )
    return set(rows)


def _given_out(table: str, row: Mapping[str, Any], legal: Collection[int]) -> Row:
    given = {
        name: _plain(value)
        for name, value in row.items()
        if (table, name) not in WITHHELD and ((table, name) not in LEGAL_ONLY or row["id"] in legal)
    }
    if table == "review_items":
        given["as_written"] = _as_written(row)
    if table == "trail_entries":
        given["details"] = json.loads(row["details"])
    return given


def _as_written(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a school's file said of the person and their children; never of a likeness."""
    details = json.loads(row["details"])
    return {name: details[name] for name in ("guardian", "children") if name in details}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def places_of_person(
    session: Session, rows: Mapping[str, Sequence[Row]]
) -> tuple[dict[int, tuple[str, str]], dict[int, str]]:
    """Return UAI and name of the schools, and the labels of the classes, that some rows name."""
    named = {row["school_id"] for table in rows.values() for row in table if row.get("school_id")}
    classes = {row["class_id"] for row in rows[Enrolment.__tablename__] if row["class_id"]}
    schools = session.execute(
        select(School.id, School.uai, School.name).where(among(School.id, named))
    )
    labels = session.execute(
        select(SchoolClass.id, SchoolClass.label).where(among(SchoolClass.id, classes))
    )
    return {row[0]: (row[1], row[2]) for row in schools}, {row[0]: row[1] for row in labels}
