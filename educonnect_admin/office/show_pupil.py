"""One pupil on one screen: names, birth date, enrolments, who answers for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.queries.person_cards import accounts_with_live_letter
from educonnect_admin.queries.pupil_sheet import (
    EnrolmentLine,
    GuardianLine,
    enrolment_lines,
    guardian_lines,
)
from educonnect_admin.queries.pupils import pupil_by_ine_or_id


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PupilSheet:
    """A pupil as the desk sees it.

    Attributes:
        corrected: the birth date was corrected at the desk, and the source disagrees (R-61).
        expired: the accounts that are notified and whose letters are all over (R-1).
    """

    id: int
    ine: str | None
    family_name: str
    usage_name: str | None
    given_name: str
    birth_date: date
    corrected: bool
    enrolments: Sequence[EnrolmentLine]
    guardians: Sequence[GuardianLine]
    expired: frozenset[int]

    def __repr__(self) -> str:
        return f"PupilSheet(id={self.id})"


def show_pupil(session: Session, ine_or_id: str, *, now: datetime) -> PupilSheet:
    """Return the sheet of a pupil.

    Raises:
        UnknownPupil: nobody bears this INE or number.
        AmbiguousPupil: several pupils share this INE.

    Rules: R-61, R-66.
    """
    pupil = pupil_by_ine_or_id(session, ine_or_id)
    guardians = guardian_lines(session, pupil.id)
    notified = [
        one.account_id
        for one in guardians
        if one.account_id is not None and one.state is AccountState.NOTIFIED
    ]
    live = accounts_with_live_letter(session, notified, now) if notified else set()
    return PupilSheet(
        id=pupil.id,
        ine=pupil.ine,
        family_name=pupil.family_name,
        usage_name=pupil.usage_name,
        given_name=pupil.given_name,
        birth_date=pupil.birth_date,
        corrected=pupil.source_birth_date is not None,
        enrolments=enrolment_lines(session, pupil.id),
        guardians=guardians,
        expired=frozenset(notified) - live,
    )
