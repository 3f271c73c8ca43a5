"""Who takes which letter home, class by class (R-12, R-13)."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.letters import BatchFile, Letter
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School, SchoolClass


class SlipRow(NamedTuple):
    """One guardian of one pupil of a class, and the letter that lives for their account."""

    pupil_id: int
    pupil_given_name: str
    pupil_surname: str
    civility: Civility | None
    given_name: str
    surname: str
    state: AccountState
    batch_id: int | None
    created_at: datetime | None
    last_day: date | None
    time_zone: str | None
    carrier_id: int | None
    carrier_given_name: str | None
    carrier_surname: str | None
    carrier_class: str | None

    def __repr__(self) -> str:
        return f"SlipRow(pupil_id={self.pupil_id})"


def slip_of_class(session: Session, school_id: int, class_id: int | None) -> Sequence[SlipRow]:
    """Return the guardians with an account of the pupils of a class, in satchel order."""
    query = _slip_query(in_a_class=class_id is not None)
    rows = session.execute(query, {"school_id": school_id, "class_id": class_id})
    return [SlipRow._make(row) for row in rows]


_CARRIER, _ITS_ENROLMENT = aliased(Pupil), aliased(Enrolment)
_ITS_CLASS, _ISSUER = aliased(SchoolClass), aliased(School)
_COLUMNS = (
    Pupil.id,
    Pupil.given_name,
    func.coalesce(Pupil.usage_name, Pupil.family_name),
    Guardian.civility,
    Guardian.given_name,
    func.coalesce(Guardian.usage_name, Guardian.family_name),
    Account.state,
    BatchFile.batch_id,
    Letter.created_at,
    Letter.last_day,
    _ISSUER.time_zone,
    _CARRIER.id,
    _CARRIER.given_name,
    func.coalesce(_CARRIER.usage_name, _CARRIER.family_name),
    _ITS_CLASS.label,
)


@lru_cache
def _slip_query(*, in_a_class: bool) -> Executable:
    """Return the query behind a slip, built once: that costs more than running it."""
    in_class = (
        Enrolment.class_id == bindparam("class_id") if in_a_class else Enrolment.class_id.is_(None)
    )
    query: Executable = (
        _with_live_letter(
            select(*_COLUMNS)
            .join(Enrolment, Enrolment.pupil_id == Pupil.id)
            .join(Guardianship, Guardianship.pupil_id == Pupil.id)
            .join(Guardian, Guardian.id == Guardianship.guardian_id)
            .join(Account, Account.id == Guardian.account_id)
        )
        .where(
            Enrolment.school_id == bindparam("school_id"),
            Enrolment.ended_on.is_(None),
            in_class,
            Guardian.school_id == bindparam("school_id"),
            Guardianship.ended_on.is_(None),
            Guardianship.legal.is_(True),
        )
        .order_by(Pupil.family_key, Pupil.given_key, Pupil.id, Account.identifier)
    )
    return query


def _with_live_letter(query: Any) -> Any:  # a Select, whatever its columns
    """Join the letter that lives for an account, the child who carries it and its class."""
    return (
        query.outerjoin(Letter, (Letter.account_id == Account.id) & Letter.ended_at.is_(None))
        .outerjoin(_ISSUER, _ISSUER.id == Letter.school_id)
        .outerjoin(BatchFile, BatchFile.id == Letter.file_id)
        .outerjoin(_CARRIER, _CARRIER.id == Letter.carrier_id)
        .outerjoin(
            _ITS_ENROLMENT,
            (_ITS_ENROLMENT.pupil_id == _CARRIER.id)
            & (_ITS_ENROLMENT.school_id == Letter.school_id)
            & _ITS_ENROLMENT.ended_on.is_(None),
        )
        .outerjoin(_ITS_CLASS, _ITS_CLASS.id == _ITS_ENROLMENT.class_id)
    )
