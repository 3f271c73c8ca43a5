"""People by what is theirs alone, or their household's: identifier, e-mail, mobile, INE."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.people import Guardian, Guardianship, Pupil

_MOST = 500


class Reached(NamedTuple):
    """Accounts, and records of guardians, that something leads to."""

    account_ids: list[int]
    guardian_ids: list[int]


def accounts_of_identifiers(session: Session, identifiers: Collection[str]) -> dict[int, str]:
    """Return the accounts that bear one of these identifiers, with the identifier."""
    rows = session.execute(
        select(Account.id, Account.identifier)
        .where(Account.identifier.in_(identifiers))
        .order_by(Account.identifier)
        .limit(_MOST)
    )
    return {row.id: row.identifier for row in rows}


def identifiers_of(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    """Return the identifiers of some accounts."""
    rows = session.execute(
        select(Account.id, Account.identifier).where(Account.id.in_(account_ids))
    )
    return {row.id: row.identifier for row in rows}


def reached_by_email(session: Session, email: str) -> Reached:
    """Return who is written to at an address, in whatever case it was typed."""
    wanted = email.lower()
    return Reached(
        list(
            session.scalars(
                select(Account.id)
                .where(func.lower(Account.email) == wanted)
                .order_by(Account.id)
                .limit(_MOST)
            )
        ),
        list(
            session.scalars(
                select(Guardian.id)
                .where(func.lower(Guardian.email) == wanted)
                .order_by(Guardian.id)
                .limit(_MOST)
            )
        ),
    )


def reached_by_mobile(session: Session, mobile: str) -> Reached:
    """Return whose records hold a mobile, in E.164."""
    found = session.scalars(
        select(Guardian.id).where(Guardian.mobile == mobile).order_by(Guardian.id).limit(_MOST)
    )
    return Reached([], list(found))


def guardians_of_pupils(session: Session, pupil_ids: Collection[int]) -> list[int]:
    """Return the records of the guardians who answer for some pupils now."""
    found = session.scalars(
        select(Guardianship.guardian_id)
        .where(Guardianship.pupil_id.in_(pupil_ids), Guardianship.ended_on.is_(None))
        .distinct()
        .order_by(Guardianship.guardian_id)
    )
    return list(found)


def pupils_of_guardians(session: Session, reached: Reached) -> list[int]:
    """Return the pupils for whom records, or those of accounts, answer now."""
    found = session.scalars(
        select(Guardianship.pupil_id)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(
            Guardian.id.in_(reached.guardian_ids) | Guardian.account_id.in_(reached.account_ids),
            Guardianship.ended_on.is_(None),
        )
        .distinct()
        .order_by(Guardianship.pupil_id)
    )
    return list(found)


def pupils_of_ine(session: Session, ine: str) -> list[int]:
    """Return the pupils who bear an INE; several, if a file was wrong."""
    return list(session.scalars(select(Pupil.id).where(Pupil.ine == ine).order_by(Pupil.id)))
