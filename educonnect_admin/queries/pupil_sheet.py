"""All that one screen tells of a pupil: where it is enrolled, who answers for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship
from educonnect_admin.domain.schools import School, SchoolClass


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentLine:
    """A school and class from a day to a day; open while `ended_on` is empty."""

    uai: str
    school: str
    class_label: str | None
    level: str | None
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GuardianLine:
    """Somebody who answers for the pupil, with the account if there is one."""

    id: int
    account_id: int | None
    family_name: str
    usage_name: str | None
    given_name: str
    uai: str
    legal: bool
    identifier: str | None
    state: AccountState | None

    def __repr__(self) -> str:
        return f"GuardianLine(id={self.id})"


def enrolment_lines(session: Session, pupil_id: int) -> Sequence[EnrolmentLine]:
    """Return where a pupil is and was enrolled, the newest first."""
    rows = session.execute(
        select(
            School.uai, School.name.label("school"), SchoolClass.label.label("class_label"),
            Enrolment.level, Enrolment.started_on, Enrolment.ended_on,
        )
        .join(School, School.id == Enrolment.school_id)
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Enrolment.pupil_id == pupil_id)
        .order_by(Enrolment.ended_on.is_not(None), Enrolment.started_on.desc(), Enrolment.id.desc())
    )  # fmt: skip
    return [EnrolmentLine(**row) for row in rows.mappings()]


def guardian_lines(session: Session, pupil_id: int) -> Sequence[GuardianLine]:
    """Return who answers for a pupil now."""
    rows = session.execute(
        select(
            Guardian.id, Guardian.account_id, Guardian.family_name, Guardian.usage_name,
            Guardian.given_name, School.uai, Guardianship.legal, Account.identifier, Account.state,
        )
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(School, School.id == Guardian.school_id)
        .outerjoin(Account, Account.id == Guardian.account_id)
        .where(Guardianship.pupil_id == pupil_id, Guardianship.ended_on.is_(None))
        .order_by(Guardian.family_key, Guardian.given_key, Guardian.id)
    )  # fmt: skip
    return [GuardianLine(**row) for row in rows.mappings()]
