"""Everything that is known of a person, for that person (GDPR, article 15)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.desk_errors import UnknownGuardian
from educonnect_admin.domain.numbers import LONGEST_NUMBER
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.personal_data import PersonData
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.accounts import account_by_identifier
from educonnect_admin.queries.person_data import places_of_person, rows_of_person
from educonnect_admin.queries.trail import append_to_trail


def export_person(session: Session, typed: str, author: Author) -> PersonData:
    """Return everything about a person, and tell the trail that it was given out.

    All records of the account are one person's (R-8), whichever was asked for. What is a secret,
    or another person's, is not in it (`domain.personal_data`).

    Args:
        session: An open transaction.
        typed: The number of a guardian's record, or the identifier of an account.
        author: Who asks, and when.

    Raises:
        UnknownGuardian, UnknownAccount: there is no such record, no such account.

    Rules: R-63, R-66.
    """
    record = _record(session, typed)
    account = session.get(Account, record.account_id) if record.account_id else None
    rows = rows_of_person(session, record.id, record.account_id)
    zone = str(session.scalar(select(School.time_zone).where(School.id == record.school_id)))
    schools, classes = places_of_person(session, rows)
    append_to_trail(
        session,
        author,
        [
            Happening(
                TrailKind.PERSON_EXPORTED,
                school_id=school_id,
                account_id=record.account_id,
                guardian_id=record.id,
            )
            for school_id in sorted({row["school_id"] for row in rows["guardians"]})
        ],
    )
    return PersonData(
        guardian_id=record.id,
        account_id=record.account_id,
        identifier=account.identifier if account else None,
        at=author.now,
        time_zone=zone,
        tables=rows,
        schools=schools,
        classes=classes,
    )


def _record(session: Session, typed: str) -> Guardian:
    if typed.strip().isdecimal() and len(typed.strip()) <= LONGEST_NUMBER:
        found = session.get(Guardian, int(typed))
        if found is None:
            raise UnknownGuardian(int(typed))
        return found
    account = account_by_identifier(session, typed)
    first = select(Guardian).where(Guardian.account_id == account.id).order_by(Guardian.id)
    record = session.scalars(first.limit(1)).first()
    if record is None:
        # A regrouped account: its records, and so the person, are with another one.
        raise UnknownGuardian(account.id)
    return record
