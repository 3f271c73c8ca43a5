"""Schools and their classes."""

from zoneinfo import available_timezones

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain.academies import Academy, academy_by_code, time_zone_of_department
from educonnect_admin.domain.base import Base
from educonnect_admin.domain.errors import UnknownTimeZone
from educonnect_admin.domain.names import tidy
from educonnect_admin.domain.uai import academy_of, department_of, parse_uai


class School(Base):
    """A school or établissement, known by its UAI.

    The academy and the time zone come from the UAI; a school that lives by another clock
    than its department (the Marquesas) is told its own.
    """

    __tablename__ = "schools"

    id: Mapped[int] = mapped_column(primary_key=True)
    uai: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str | None] = mapped_column(String(40))
    city: Mapped[str | None] = mapped_column(String(100))
    academy_code: Mapped[str] = mapped_column(String(2), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(20))
    time_zone: Mapped[str] = mapped_column(String(64))

    def __init__(self, *, uai: str, name: str) -> None:
        """Register a school.

        Raises:
            InvalidUAI: the number does not carry its check letter.
        """
        self.uai = parse_uai(uai)
        self.name = tidy(name)
        academy = academy_of(self.uai)
        assert academy is not None, "parse_uai refuses unknown departments"  # noqa: S101
        self.academy_code = academy.code
        self.time_zone = time_zone_of_department(department_of(self.uai))

    @property
    def academy(self) -> Academy:
        """The academy this school belongs to."""
        academy = academy_by_code(self.academy_code)
        assert academy is not None, "only known codes are stored"  # noqa: S101
        return academy

    def live_in(self, time_zone: str) -> None:
        """Set the time zone whose midnight ends the letters of this school (R-11).

        Raises:
            UnknownTimeZone: it is not a name of the IANA database.
        """
        if time_zone not in available_timezones():
            raise UnknownTimeZone(time_zone)
        self.time_zone = time_zone


class SchoolClass(Base):
    """A class (division) of a school; the level of a pupil is another thing."""

    __tablename__ = "school_classes"
    __table_args__ = (UniqueConstraint("school_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    label: Mapped[str] = mapped_column(String(100))

    def __init__(self, *, school_id: int, label: str) -> None:
        self.school_id = school_id
        self.label = tidy(label)
