"""What a school imported last, so that the same files need no second reading (R-60)."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain import schools  # noqa: F401 - where its keys lead
from educonnect_admin.domain.base import Base, Moment


class LastImport(Base):
    """The last roster of a school: from what, onto what, and what is said of it again.

    Attributes:
        request: the digest of the files and of how they were to be taken.
        basis: the digest of what the database said of the school right afterwards.
        sealed: what the report repeats, refusals and remarks, sealed: it quotes cells.
    """

    __tablename__ = "last_imports"

    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True)
    request: Mapped[str] = mapped_column(String(64))
    basis: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    imported_at: Mapped[datetime] = mapped_column(Moment)

    def __init__(self, *, school_id: int) -> None:
        self.school_id = school_id

    def __repr__(self) -> str:
        return f"LastImport(school_id={self.school_id})"


def owner_of_import(school_id: int) -> str:
    """Return the name under which the report of a school's last import is sealed."""
    return f"last-import:{school_id}"
