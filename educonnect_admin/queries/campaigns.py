"""What a campaign asks of the database: which schools, what is left to print, what stands."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Batch, BatchFile, BatchState, FileState, Letter, Who
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship
from educonnect_admin.domain.schools import School, SchoolClass

_CHUNK = 5_000


class CampaignSchool(NamedTuple):
    """A school of a campaign."""

    id: int
    uai: str
    name: str
    city: str | None

    def __repr__(self) -> str:
        return f"CampaignSchool(uai={self.uai!r})"


def schools_of_academy(session: Session, academy: str) -> list[CampaignSchool]:
    """Return the schools of an academy, by number."""
    return _schools(session, School.academy_code == academy)


def schools_of_list(session: Session, uais: Collection[str]) -> list[CampaignSchool]:
    """Return those of these schools that are known, by number."""
    ordered = sorted(set(uais))
    return [
        school
        for start in range(0, len(ordered), _CHUNK)
        for school in _schools(session, School.uai.in_(ordered[start : start + _CHUNK]))
    ]


def all_schools(session: Session) -> list[CampaignSchool]:
    """Return every school of the office, by number."""
    return _schools(session, true())


def _schools(session: Session, asked: ColumnElement[bool]) -> list[CampaignSchool]:
    query = select(School.id, School.uai, School.name, School.city).where(asked)
    return [CampaignSchool._make(row) for row in session.execute(query.order_by(School.uai))]


def letters_to_make(session: Session, who: Who, now: datetime) -> dict[int, int]:
    """Return about how many letters each school has to make, schools without any left out.

    Rather too many than too few: a parent of two schools counts in both, a letter in its last
    hours counts as over. What is really made is asked school by school.
    """
    query = (
        select(Guardian.school_id, func.count(Guardian.id.distinct()))
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(
            Enrolment,
            (Enrolment.pupil_id == Guardianship.pupil_id)
            & (Enrolment.school_id == Guardian.school_id),
        )
        .outerjoin(Account, Account.id == Guardian.account_id)
        .where(
            Guardianship.ended_on.is_(None),
            Guardianship.legal.is_(True),
            Enrolment.ended_on.is_(None),
            _to_be_notified(who, now),
        )
        .group_by(Guardian.school_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _to_be_notified(who: Who, now: datetime) -> ColumnElement[bool]:
    if who is Who.NEW:
        return or_(Account.id.is_(None), Account.state == AccountState.NOT_NOTIFIED)
    if who is Who.PENDING:
        return Account.state == AccountState.EMAIL_PENDING
    # From one end of the world to the other the day differs by one.
    tomorrow = now.date() + timedelta(days=1)
    live = select(Letter.id).where(
        Letter.account_id == Account.id, Letter.ended_at.is_(None), Letter.last_day >= tomorrow
    )
    return (Account.state == AccountState.NOTIFIED) & ~live.exists()


def schools_left_open(session: Session) -> set[int]:
    """Return the schools in which a killed run left a batch that nobody has settled."""
    unsettled = select(BatchFile.batch_id).where(
        BatchFile.state.in_([FileState.PLANNED, FileState.COMMITTED])
    )
    query = select(Batch.school_id).where(
        (Batch.state == BatchState.RUNNING) | Batch.id.in_(unsettled)
    )
    return set(session.scalars(query))


def published_under(session: Session, folder: Path) -> dict[str, set[str]]:
    """Return the names of the class files that were published under a campaign's folder, by UAI."""
    query = (
        select(School.uai, BatchFile.name)
        .join(Batch, Batch.school_id == School.id)
        .join(BatchFile, BatchFile.batch_id == Batch.id)
        .where(
            Batch.folder.startswith(f"{folder}/", autoescape=True),
            BatchFile.state == FileState.PUBLISHED,
        )
    )
    names: dict[str, set[str]] = {}
    for uai, name in session.execute(query):
        names.setdefault(uai, set()).add(name)
    return names


class StandingFile(NamedTuple):
    """A class file that was published."""

    batch_id: int
    name: str
    class_label: str | None
    letters: int
    sha256: str
    last_day: date | None


def standing_files(session: Session, uai: str, folder: Path) -> Iterator[StandingFile]:
    """Return the class files of a school that were published into a folder, oldest first."""
    last_day = (
        select(func.min(Letter.last_day)).where(Letter.file_id == BatchFile.id).scalar_subquery()
    )
    query = (
        select(
            BatchFile.batch_id,
            BatchFile.name,
            SchoolClass.label,
            BatchFile.letters,
            BatchFile.sha256,
            last_day,
        )
        .join(Batch, Batch.id == BatchFile.batch_id)
        .join(School, School.id == Batch.school_id)
        .outerjoin(SchoolClass, SchoolClass.id == BatchFile.class_id)
        .where(
            School.uai == uai,
            Batch.folder == str(folder),
            BatchFile.state == FileState.PUBLISHED,
        )
        .order_by(BatchFile.batch_id, BatchFile.name)
    )
    return map(StandingFile._make, session.execute(query))
