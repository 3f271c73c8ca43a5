"""Pupils, guardians as each school knows them, and what ties them together (R-8)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain import accounts, schools  # noqa: F401 - where its keys lead
from educonnect_admin.domain.base import Base, Moment, coded
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import name_key

_OPEN = text("ended_on IS NULL")


class Pupil(Base):
    """A pupil, whatever the school; enrolments say where and when.

    `source_birth_date` is the last value that the school's file gave, when the desk has
    corrected `birth_date`: either meets the pupil again (R-61).
    """

    __tablename__ = "pupils"
    __table_args__ = (
        Index("ix_pupils_names", "family_key", "given_key"),
        Index("ix_pupils_usage", "usage_key", "given_key"),
        Index("ix_pupils_given", "given_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ine: Mapped[str | None] = mapped_column(String(11), index=True)
    family_name: Mapped[str] = mapped_column(String(100))
    usage_name: Mapped[str | None] = mapped_column(String(100))
    given_name: Mapped[str] = mapped_column(String(100))
    family_key: Mapped[str] = mapped_column(String(300))
    given_key: Mapped[str] = mapped_column(String(300))
    usage_key: Mapped[str | None] = mapped_column(String(300))
    birth_date: Mapped[date]
    source_birth_date: Mapped[date | None]

    def __init__(
        self,
        *,
        family_name: str,
        usage_name: str | None,
        given_name: str,
        birth_date: date,
        ine: str | None,
    ) -> None:
        self.family_name = family_name
        self.usage_name = usage_name
        self.given_name = given_name
        self.family_key = name_key(family_name)
        self.given_key = name_key(given_name)
        self.usage_key = name_key(usage_name) if usage_name else None
        self.birth_date = birth_date
        self.ine = ine

    def __repr__(self) -> str:
        return f"Pupil(id={self.id})"


class Enrolment(Base):
    """A pupil in a school and class, from a day to a day; open while `ended_on` is empty.

    `source_id` is the number by which the school's software knows the pupil (ELEVE_ID in
    SIECLE): its file of guardians points at pupils by it and gives no name.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        Index(
            "uq_enrolments_open",
            "pupil_id",
            "school_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_enrolments_school", "school_id", "class_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupils.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_classes.id"))
    level: Mapped[str | None] = mapped_column(String(20))
    source_id: Mapped[str | None] = mapped_column(String(40))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    def __init__(
        self,
        *,
        pupil_id: int,
        school_id: int,
        class_id: int | None,
        level: str | None,
        started_on: date,
    ) -> None:
        self.pupil_id = pupil_id
        self.school_id = school_id
        self.class_id = class_id
        self.level = level
        self.started_on = started_on


class Guardian(Base):
    """One school's record of a guardian: each school knows its own address and mobile.

    Two schools that know one person hold two records; an account may gather them.
    `source_id` is the number by which the school's software knows the person (PERSONNE_ID
    in SIECLE).
    """

    __tablename__ = "guardians"
    __table_args__ = (
        Index("ix_guardians_school_names", "school_id", "family_key", "given_key"),
        Index("ix_guardians_names", "family_key", "given_key", "email"),
        Index("ix_guardians_usage", "usage_key", "given_key"),
        # With what tells bearers of one given name apart: where they live, how they are called.
        Index("ix_guardians_given", "given_key", "postcode", "family_key"),
        Index("ix_guardians_email", func.lower("email")),
        Index("ix_guardians_street", func.lower("street")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    source_id: Mapped[str | None] = mapped_column(String(40))
    civility: Mapped[Civility | None] = mapped_column(coded(Civility))
    family_name: Mapped[str] = mapped_column(String(100))
    usage_name: Mapped[str | None] = mapped_column(String(100))
    given_name: Mapped[str] = mapped_column(String(100))
    family_key: Mapped[str] = mapped_column(String(300))
    given_key: Mapped[str] = mapped_column(String(300))
    usage_key: Mapped[str | None] = mapped_column(String(300))
    email: Mapped[str | None] = mapped_column(String(254))
    mobile: Mapped[str | None] = mapped_column(String(20), index=True)
    street: Mapped[str | None] = mapped_column(Text)
    postcode: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(100))
    country: Mapped[str | None] = mapped_column(String(100))

    def __init__(self, *, school_id: int, family_name: str, given_name: str) -> None:
        self.school_id = school_id
        self.family_name = family_name
        self.given_name = given_name
        self.family_key = name_key(family_name)
        self.given_key = name_key(given_name)

    def __repr__(self) -> str:
        return f"Guardian(id={self.id})"


class GuardianCorrection(Base):
    """A contact that the desk corrected, beside what the school's file said (R-61).

    The corrected value stands, whatever the file says, until the file agrees with it;
    `source_value` is what the file said last. An address is corrected as a whole, field by
    field: half of one and half of another would be nobody's.
    """

    __tablename__ = "guardian_corrections"

    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardians.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(20), primary_key=True)
    source_value: Mapped[str | None] = mapped_column(Text)
    corrected_at: Mapped[datetime] = mapped_column(Moment)

    def __init__(
        self, *, guardian_id: int, field: str, source_value: str | None, corrected_at: datetime
    ) -> None:
        self.guardian_id = guardian_id
        self.field = field
        self.source_value = source_value
        self.corrected_at = corrected_at

    def __repr__(self) -> str:
        return f"GuardianCorrection(guardian_id={self.guardian_id})"


class Guardianship(Base):
    """That a guardian's record answers for a pupil; open while `ended_on` is empty.

    `kinship` is the two-digit code of SIECLE where the file has one; `legal` tells who may
    have an account (in ONDE every guardian, R-60).
    """

    __tablename__ = "guardianships"

    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardians.id"), primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupils.id"), primary_key=True, index=True)
    kinship: Mapped[str | None] = mapped_column(String(2))
    legal: Mapped[bool]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    def __init__(self, *, guardian_id: int, pupil_id: int, legal: bool, started_on: date) -> None:
        self.guardian_id = guardian_id
        self.pupil_id = pupil_id
        self.legal = legal
        self.started_on = started_on


class ReviewKind(StrEnum):
    """What a question of the queue is about."""

    AMBIGUOUS_LINK = "ambiguous_link"
    """The file names a child whose name several pupils bear."""
    AMBIGUOUS_GUARDIAN = "ambiguous_guardian"
    """Several records could be the guardian the file speaks of."""
    NO_CHILD = "no_child"
    """None of the children of a guardian is a pupil of the school."""
    MERGE_PROPOSAL = "merge_proposal"
    """Two records may be one person, and no rule may say so (R-7)."""


class ReviewResolution(StrEnum):
    """How a question of the queue ended."""

    ANSWERED = "answered"
    """A later file no longer raised it; it opens again if another one does."""
    LINKED = "linked"
    """The child is the pupil that somebody named."""
    NOBODY = "nobody"
    """The child is none of the pupils."""
    KNOWN_RECORD = "known_record"
    """The guardian is the record that somebody named."""
    NEW_RECORD = "new_record"
    """The guardian is somebody whom the school has no record of yet."""
    SAME_PERSON = "same_person"
    """The two records are one person: they are held by one account."""
    TWO_PEOPLE = "two_people"
    """The two records are two people: never proposed again."""


class ReviewItem(Base):
    """A question for a person: a link that no rule may guess, a guardian without a child.

    `subject` makes the question the same when the same file comes again; `details` is JSON
    and holds personal data: it is shown on demand and never logged. `guardian_id` and
    `other_guardian_id` are the two records of a proposal to merge; `answer_id` is the pupil
    or the record that somebody chose.
    """

    __tablename__ = "review_items"
    __table_args__ = (
        Index("uq_review_items_subject", "school_id", "subject", unique=True),
        Index("ix_review_items_guardian_id", "guardian_id"),
        Index("ix_review_items_other_guardian_id", "other_guardian_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    kind: Mapped[ReviewKind] = mapped_column(coded(ReviewKind))
    subject: Mapped[str] = mapped_column(String(64))
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("guardians.id"))
    other_guardian_id: Mapped[int | None] = mapped_column(ForeignKey("guardians.id"))
    answer_id: Mapped[int | None]
    details: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    resolution: Mapped[ReviewResolution | None] = mapped_column(coded(ReviewResolution))

    def __init__(
        self,
        *,
        school_id: int,
        kind: ReviewKind,
        subject: str,
        guardian_id: int | None,
        details: str,
        asked_at: datetime,
    ) -> None:
        self.school_id = school_id
        self.kind = kind
        self.subject = subject
        self.guardian_id = guardian_id
        self.details = details
        self.asked_at = asked_at

    def __repr__(self) -> str:
        return f"ReviewItem(id={self.id}, kind={self.kind!s})"
