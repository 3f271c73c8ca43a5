"""Two schools of two academies that share nobody, every table filled for each; their operators."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, select, text, update

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.operators import Role
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.office.manage_operators import Asked, set_operator
from educonnect_admin.queries.trail import append_to_trail
from tests.conftest import NOW
from tests.support.households import (
    CHARLEMAGNE,
    DUPONTS,
    MARIE_CURIE,
    MOREAUS,
    Child,
    Family,
    Parent,
    add_families,
    add_school,
)

HERE, THERE = CHARLEMAGNE, MARIE_CURIE
"""The school of the operators below, and the one that is out of their sight."""

OURS = (DUPONTS, MOREAUS)
THEIRS = (
    Family(
        (
            Parent(given_name="Awa", family_name="ZINSOUVI", email="awa@example.org"),
            Parent(given_name="Moussa", family_name="QUENUMBO", mobile="+33698765432"),
        ),
        (
            Child(
                given_name="Fatou",
                family_name="KPADONOUX",
                born=date(2015, 6, 7),
                class_label="6e B",
                level="6e",
            ),
        ),
    ),
)
TEAM: Mapping[str, Asked] = {
    one.name: one
    for one in (
        Asked("dora", Role.DIRECTOR, (HERE,)),
        Asked("rita", Role.RECTORATE, academy_code="70"),
        Asked("hugo", Role.HELPDESK, (HERE,)),
        Asked("hana", Role.HELPDESK, academy_code="70"),
        Asked("helena", Role.HELPDESK, everything=True),
        Asked("cron", Role.CRON, everything=True),
        Asked("portal", Role.PORTAL, everything=True),
    )
}
SCOPED = tuple(name for name, asked in TEAM.items() if not asked.everything)
"""Those who see one school of the two."""

Keys = dict[str, set[tuple[object, ...]]]
"""Table to the keys of its rows."""


def key_of(table: str) -> str:
    """Return the columns of a table's key, with commas."""
    return ", ".join(column.name for column in METADATA.tables[table].primary_key)


def every_key(services: Services, tables: Iterable[str]) -> Keys:
    """Return the key of every row that an office shows."""
    with services.reading() as session:
        return {
            table: {
                tuple(row) for row in session.execute(text(f"SELECT {key_of(table)} FROM {table}"))
            }
            for table in tables
        }


def register_team(office: Services) -> None:
    """Register the operators, as the owner."""
    with office.transaction() as session:
        for asked in TEAM.values():
            set_operator(session, asked, owner=None, author=office.author(NOW))


def fill_school(office: Services, uai: str, families: Iterable[Family]) -> None:
    """Add a school, its families and their accounts, and a row of whatever else there is."""
    author = office.author(NOW)
    with office.transaction() as session:
        add_school(session, uai, f"École {uai}", author=author)
        school = session.scalars(select(School).where(School.uai == uai)).one()
        add_families(session, school.id, families)
        generate_accounts(session, school, stem_digest=office.keyring.stem_digest, author=author)
        told = Happening(TrailKind.GUARDIAN_CORRECTED, school_id=school.id, reason="vu hier")
        append_to_trail(session, author, [told])
        one, other = session.execute(
            select(Guardian.id, Guardian.account_id)
            .where(Guardian.school_id == school.id)
            .order_by(Guardian.id)
            .limit(2)
        ).all()
        carrier = session.scalar(
            text("SELECT min(pupil_id) FROM enrolments WHERE school_id = :one"), {"one": school.id}
        )
        rows = _rows(school.id, one, other, carrier)
        for table, row in rows.items():
            session.execute(insert(METADATA.tables[table]).values(row))
        # Regrouped: the record has moved.
        session.execute(
            update(Guardian).where(Guardian.id == other.id).values(account_id=one.account_id)
        )
        session.execute(
            update(Account).where(Account.id == one.account_id).values(password_hash=b"own")
        )


def _rows(school: int, one: Any, two: Any, carrier: int | None) -> dict[str, dict[str, object]]:
    """Return a row of each table that nothing above fills; its number is the school's."""
    guardian, account = one
    other, other_account = two
    tag = f"{school:032}"
    of_account = {"id": school, "account_id": account}
    return {
        "batches": {
            "id": school, "school_id": school, "who": "new", "operator": "alice",
            "state": "finished", "started_at": NOW, "host": "h", "folder": "/f",
        },
        "batch_files": {
            "id": school, "batch_id": school, "name": "lot.pdf", "state": "published", "letters": 1,
        },
        "letters": {
            **of_account, "number": f"BCDF{school:08}", "school_id": school, "file_id": school,
            "guardian_id": guardian, "carrier_id": carrier, "former_state": "not_notified",
            "created_at": NOW, "last_day": date(2027, 2, 23), "password_hash": b"hash",
        },
        "messages": {
            **of_account, "reference": tag, "kind": "reminder", "channel": "mail",
            "school_id": school, "sealed": b"sealed", "state": "failed", "created_at": NOW,
            "due_at": NOW, "attempts": 1, "maybe_double": False, "ended_at": NOW,
        },
        "mail_links": {
            **of_account, "kind": "email_change", "token_digest": tag, "email": "a@example.fr",
            "request_number": "BCDF2345", "created_at": NOW, "expires_at": NOW,
        },
        "setbacks": {**of_account, "kind": "homonyms", "happened_at": NOW},
        "try_counts": {
            **of_account, "kind": "log_in", "subject": tag, "failures": 10, "first_at": NOW,
            "last_at": NOW,
        },
        "visits": {
            **of_account, "token_digest": tag, "began_at": NOW, "seen_at": NOW, "sealed": b"x",
        },
        "sms_codes": {
            "id": school, "visit_id": school, "code_digest": tag, "created_at": NOW,
            "expires_at": NOW, "failures": 0,
        },
        "last_imports": {
            "school_id": school, "request": tag, "basis": tag, "sealed": b"x", "imported_at": NOW,
        },
        "review_items": {
            "id": school, "school_id": school, "kind": "merge_proposal", "subject": tag,
            "guardian_id": guardian, "details": "{}", "asked_at": NOW,
        },
        "guardian_corrections": {
            "guardian_id": guardian, "field": "email", "corrected_at": NOW,
        },
        "regroupings": {
            "id": school, "principal_id": account, "other_id": other_account, "regrouped_at": NOW,
        },
        "regrouped_records": {"regrouping_id": school, "guardian_id": other},
    }  # fmt: skip
