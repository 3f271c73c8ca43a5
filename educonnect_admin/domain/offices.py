"""The office itself: the one row that ties a database to its key file."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain.base import Base, Moment

ONLY = 1


class Office(Base):
    """The office whose database this is; `key_fingerprint` recognises its key file."""

    __tablename__ = "offices"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_fingerprint: Mapped[str] = mapped_column(String(32))
    opened_at: Mapped[datetime] = mapped_column(Moment)

    def __init__(self, *, key_fingerprint: str, opened_at: datetime) -> None:
        self.id = ONLY
        self.key_fingerprint = key_fingerprint
        self.opened_at = opened_at
