"""What is to be seen of two accounts before they become one (R-8, R-50)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School, SchoolClass


class SideRecord(NamedTuple):
    """A school's record of the holder, with the children of whom it answers there."""

    id: int
    school_id: int
    school_name: str
    civility: Civility | None
    family_name: str
    usage_name: str | None
    given_name: str
    email: str | None
    mobile: str | None
    street: str | None
    postcode: str | None
    children: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"SideRecord(id={self.id})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Side:
    """One of the two accounts, and every record it holds."""

    identifier: str
    state: AccountState
    records: tuple[SideRecord, ...]

    def __repr__(self) -> str:
        return f"Side(state={self.state!s})"


def side_of(session: Session, account: Account) -> Side:
    """Return an account as it is laid beside another one."""
    children = _children(session, account.id)
    rows = session.execute(
        select(
            Guardian.id,
            Guardian.school_id,
            School.name,
            Guardian.civility,
            Guardian.family_name,
            Guardian.usage_name,
            Guardian.given_name,
            Guardian.email,
            Guardian.mobile,
            Guardian.street,
            Guardian.postcode,
        )
        .join(School, School.id == Guardian.school_id)
        .where(Guardian.account_id == account.id)
        .order_by(Guardian.school_id, Guardian.id)
    )
    return Side(
        identifier=account.identifier,
        state=account.state,
        records=tuple(SideRecord(*row, tuple(children[row.id])) for row in rows),
    )


def _children(session: Session, account_id: int) -> dict[int, list[str]]:
    """Return the children by record, as `Léa DUPONT (CM2)`; the class is that of its school."""
    rows: Any = session.execute(
        select(
            Guardian.id, Pupil.given_name, Pupil.usage_name, Pupil.family_name, SchoolClass.label
        )
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Pupil, Pupil.id == Guardianship.pupil_id)
        .outerjoin(
            Enrolment,
            (Enrolment.pupil_id == Pupil.id)
            & (Enrolment.school_id == Guardian.school_id)
            & Enrolment.ended_on.is_(None),
        )
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Guardian.account_id == account_id, Guardianship.ended_on.is_(None))
        .order_by(Guardian.id, Pupil.family_name, Pupil.given_name, Pupil.id)
    )
    children: dict[int, list[str]] = defaultdict(list)
    for record, given, usage, family, label in rows:
        name = f"{given} {usage or family}"
        children[record].append(f"{name} ({label})" if label else name)
    return children
