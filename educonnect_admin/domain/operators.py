"""Who works at the office, in which role, and how far they see (R-65)."""

import re
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain import schools  # noqa: F401 - where its keys lead
from educonnect_admin.domain.base import Base, Moment, coded

_NAME = re.compile(r"[a-z][a-z0-9._-]{0,62}", re.ASCII)


class Role(StrEnum):
    """What an operator is there for; the owner of the database is none of these."""

    DIRECTOR = "director"
    HELPDESK = "helpdesk"
    RECTORATE = "rectorate"
    CRON = "cron"
    PORTAL = "portal"


class Operator(Base):
    """An operator; on PostgreSQL the name is that of a role of the server too.

    Attributes:
        everything: sees every school; otherwise those of `academy_code`, or of
            `operator_schools`.
    """

    __tablename__ = "operators"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(63), unique=True)
    role: Mapped[Role] = mapped_column(coded(Role))
    everything: Mapped[bool]
    academy_code: Mapped[str | None] = mapped_column(String(2))
    added_at: Mapped[datetime] = mapped_column(Moment)


class OperatorSchool(Base):
    """A school that an operator sees."""

    __tablename__ = "operator_schools"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True)


class Scope(NamedTuple):
    """How far an operator sees: the numbers of some schools, or an academy, or everything."""

    school_ids: tuple[int, ...] = ()
    academy_code: str | None = None
    everything: bool = False

    def fits(self, role: Role) -> bool:
        """Tell whether a role can have this scope."""
        kinds = (bool(self.school_ids), self.academy_code is not None, self.everything)
        if sum(kinds) != 1:
            return False
        match role:
            case Role.DIRECTOR:
                return bool(self.school_ids)
            case Role.RECTORATE:
                return self.academy_code is not None
            case Role.CRON | Role.PORTAL:
                return self.everything
            case Role.HELPDESK:
                return True


class Acting(NamedTuple):
    """The operator under whose name a command runs."""

    name: str
    role: Role
    everything: bool


def is_operator_name(name: str) -> bool:
    """Tell whether a name can be that of an operator: it becomes one of the server's."""
    return _NAME.fullmatch(name) is not None and not name.startswith("pg_")
