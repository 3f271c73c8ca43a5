"""Accounts gathered into one, and what it takes to undo that (R-8, R-50)."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain import accounts, people  # noqa: F401 - where its keys lead
from educonnect_admin.domain.base import Base, Moment


class Regrouping(Base):
    """That the records of one account went to another; undone once `undone_at` is set.

    The other account keeps its password and e-mail, dormant, and its `former_state`.
    """

    __tablename__ = "regroupings"

    id: Mapped[int] = mapped_column(primary_key=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    regrouped_at: Mapped[datetime] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    def __init__(self, *, principal_id: int, other_id: int, regrouped_at: datetime) -> None:
        self.principal_id = principal_id
        self.other_id = other_id
        self.regrouped_at = regrouped_at


class RegroupedRecord(Base):
    """A record that a regrouping moved, so that undoing moves back that one and no other."""

    __tablename__ = "regrouped_records"

    regrouping_id: Mapped[int] = mapped_column(ForeignKey("regroupings.id"), primary_key=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardians.id"), primary_key=True)

    def __init__(self, *, regrouping_id: int, guardian_id: int) -> None:
        self.regrouping_id = regrouping_id
        self.guardian_id = guardian_id
