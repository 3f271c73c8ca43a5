"""What the database knows of a school when a roster is compared with it (R-60).

One query a question, whatever the size of the school; plain values come back, nothing mapped.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.people import (
    Enrolment,
    Guardian,
    GuardianCorrection,
    Guardianship,
    Pupil,
    ReviewItem,
    ReviewKind,
    ReviewResolution,
)
from educonnect_admin.domain.schools import School, SchoolClass

# Under the number of parameters that one statement may carry, on both databases.
_CHUNK = 5_000


class KnownPupil(NamedTuple):
    """A pupil who is or was in a school; `enrolment_id` is the open enrolment there."""

    id: int
    ine: str | None
    family_name: str
    usage_name: str | None
    given_name: str
    birth_date: date
    source_birth_date: date | None
    enrolment_id: int | None = None
    class_label: str | None = None
    level: str | None = None
    source_id: str | None = None

    def __repr__(self) -> str:
        return f"KnownPupil(id={self.id})"

    @property
    def birth_dates(self) -> tuple[date, ...]:
        """The dates by which the pupil is met: the one in force and the source's (R-61)."""
        if self.source_birth_date is None:
            return (self.birth_date,)
        return self.birth_date, self.source_birth_date


class KnownGuardian(NamedTuple):
    """A school's record of a guardian.

    `sources` is what the file said last of the contacts that the desk has corrected: either
    meets the record again (R-61).
    """

    id: int
    civility: Civility | None
    family_name: str
    usage_name: str | None
    given_name: str
    email: str | None
    mobile: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str | None
    account_id: int | None
    source_id: str | None = None
    sources: Mapping[str, str | None] = MappingProxyType({})

    def __repr__(self) -> str:
        return f"KnownGuardian(id={self.id})"

    @property
    def as_the_file_says(self) -> "KnownGuardian":
        """The record with its contacts as they were before the desk corrected them."""
        return self._replace(**dict(self.sources)) if self.sources else self  # type: ignore[arg-type]


class Bond(NamedTuple):
    """What a guardian is to a child: a legal one or not, and the code of kinship if known."""

    legal: bool
    kinship: str | None


class KnownLinks(NamedTuple):
    """The pupils that each record answers for, those it used to, and in what way."""

    open: dict[int, set[int]]
    ended: set[tuple[int, int]]
    bonds: dict[tuple[int, int], Bond]


class KnownItem(NamedTuple):
    """A question of the queue, asked by an earlier import; `answer_id` is what was chosen."""

    id: int
    guardian_id: int | None
    is_open: bool
    resolution: ReviewResolution | None
    answer_id: int | None = None


def pupils_of_school(session: Session, school_id: int) -> list[KnownPupil]:
    """Return everybody who is or was in a school, each with the open or last enrolment."""
    rows = session.execute(
        _PUPILS.add_columns(
            Enrolment.id,
            Enrolment.ended_on,
            SchoolClass.label,
            Enrolment.level,
            Enrolment.source_id,
        )
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Enrolment.school_id == school_id)
        .order_by(Pupil.id, Enrolment.ended_on.is_(None), Enrolment.id)
    )
    known: dict[int, KnownPupil] = {}
    for *facts, enrolment_id, ended_on, label, level, source_id in rows:
        last = (enrolment_id if ended_on is None else None, label, level, source_id)
        pupil = KnownPupil._make((*facts, *last))
        known[pupil.id] = pupil
    return list(known.values())


_PUPILS = select(
    Pupil.id,
    Pupil.ine,
    Pupil.family_name,
    Pupil.usage_name,
    Pupil.given_name,
    Pupil.birth_date,
    Pupil.source_birth_date,
)


def pupils_by_ine(session: Session, ines: Collection[str]) -> dict[str, list[KnownPupil]]:
    """Return the pupils of any school who bear one of these numbers."""
    found: dict[str, list[KnownPupil]] = defaultdict(list)
    for chunk in _chunks(sorted(ines)):
        for row in session.execute(_PUPILS.where(Pupil.ine.in_(chunk)).order_by(Pupil.id)):
            pupil = KnownPupil(*row)
            found[pupil.ine or ""].append(pupil)
    return found


def guardians_of_school(session: Session, school_id: int) -> list[KnownGuardian]:
    """Return a school's records of guardians, in the order they came in."""
    rows = session.execute(
        select(
            Guardian.id,
            Guardian.civility,
            Guardian.family_name,
            Guardian.usage_name,
            Guardian.given_name,
            Guardian.email,
            Guardian.mobile,
            Guardian.street,
            Guardian.postcode,
            Guardian.city,
            Guardian.country,
            Guardian.account_id,
            Guardian.source_id,
        )
        .where(Guardian.school_id == school_id)
        .order_by(Guardian.id)
    )
    sources = _sources_of_corrections(session, school_id)
    return [KnownGuardian._make((*row, sources.get(row.id, _NO_SOURCES))) for row in rows]


_NO_SOURCES: Mapping[str, str | None] = MappingProxyType({})


def _sources_of_corrections(session: Session, school_id: int) -> dict[int, dict[str, str | None]]:
    rows = session.execute(
        select(
            GuardianCorrection.guardian_id,
            GuardianCorrection.field,
            GuardianCorrection.source_value,
        )
        .join(Guardian, Guardian.id == GuardianCorrection.guardian_id)
        .where(Guardian.school_id == school_id)
    )
    sources: dict[int, dict[str, str | None]] = defaultdict(dict)
    for guardian_id, field, value in rows:
        sources[guardian_id][field] = value
    return sources


def links_of_school(session: Session, school_id: int) -> KnownLinks:
    """Return which pupils the records of a school answer for, now or formerly."""
    rows = session.execute(
        select(
            Guardianship.guardian_id,
            Guardianship.pupil_id,
            Guardianship.ended_on,
            Guardianship.legal,
            Guardianship.kinship,
        )
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(Guardian.school_id == school_id)
    )
    links = KnownLinks(defaultdict(set), set(), {})
    for guardian_id, pupil_id, ended_on, legal, kinship in rows:
        links.bonds[guardian_id, pupil_id] = Bond(legal, kinship)
        if ended_on is None:
            links.open[guardian_id].add(pupil_id)
        else:
            links.ended.add((guardian_id, pupil_id))
    return links


def classes_of_school(session: Session, school_id: int) -> dict[str, int]:
    """Return the classes of a school by label."""
    rows = session.execute(
        select(SchoolClass.label, SchoolClass.id)
        .where(SchoolClass.school_id == school_id)
        .order_by(SchoolClass.id)
    )
    return {row.label: row.id for row in rows}


def questions_of_school(session: Session, school_id: int) -> dict[str, KnownItem]:
    """Return the questions that files ever raised about a school, by subject."""
    rows = session.execute(
        select(
            ReviewItem.subject,
            ReviewItem.id,
            ReviewItem.guardian_id,
            ReviewItem.resolved_at,
            ReviewItem.resolution,
            ReviewItem.answer_id,
        ).where(ReviewItem.school_id == school_id, ReviewItem.kind != ReviewKind.MERGE_PROPOSAL)
    )
    return {
        subject: KnownItem(item_id, guardian_id, resolved_at is None, resolution, answer_id)
        for subject, item_id, guardian_id, resolved_at, resolution, answer_id in rows
    }


def active_accounts_of(session: Session, guardian_ids: Collection[int]) -> dict[int, int]:
    """Return the accounts, by record, that are active: their holders see a child at once (R-8)."""
    found: dict[int, int] = {}
    ids = sorted(guardian_ids)
    for start in range(0, len(ids), _CHUNK):
        rows = session.execute(
            select(Guardian.id, Account.id)
            .join(Account, Account.id == Guardian.account_id)
            .where(
                Guardian.id.in_(ids[start : start + _CHUNK]),
                Account.state == AccountState.ACTIVE,
            )
        )
        found.update((guardian_id, account_id) for guardian_id, account_id in rows)
    return found


def schools_of_pupils(session: Session, pupil_ids: Collection[int]) -> dict[int, str]:
    """Return the school, by its UAI, in which each pupil is enrolled, or was enrolled last."""
    found: dict[int, str] = {}
    ids = sorted(pupil_ids)
    for start in range(0, len(ids), _CHUNK):
        rows = session.execute(
            select(Enrolment.pupil_id, School.uai)
            .join(School, School.id == Enrolment.school_id)
            .where(Enrolment.pupil_id.in_(ids[start : start + _CHUNK]))
            .order_by(Enrolment.ended_on.is_(None), Enrolment.ended_on, Enrolment.id)
        )
        found.update((pupil_id, uai) for pupil_id, uai in rows)
    return found


def _chunks(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
