"""Codes sent by SMS: thirty minutes, five tries, once (R-6, R-32)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain import visits  # noqa: F401 - where its keys lead
from educonnect_admin.domain.base import ENDLESS, Base, Moment
from educonnect_admin.domain.delays import CODE_LIFE


class SmsCode(Base):
    """One code, for the visit that asked for it; only a keyed digest of it is kept (R-5).

    Attributes:
        failures: how often another code was typed.
        ended_at: when it was used, or replaced by a newer one.
    """

    __tablename__ = "sms_codes"

    id: Mapped[int] = mapped_column(ENDLESS, primary_key=True)
    visit_id: Mapped[int] = mapped_column(
        ENDLESS, ForeignKey("visits.id", ondelete="CASCADE"), index=True
    )
    code_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    failures: Mapped[int]
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    def __init__(self, *, visit_id: int, code_digest: str, created_at: datetime) -> None:
        self.visit_id = visit_id
        self.code_digest = code_digest
        self.created_at = created_at
        self.expires_at = created_at + CODE_LIFE
        self.failures = 0

    def is_live(self, now: datetime) -> bool:
        """Tell whether it may still be typed, the number of tries apart."""
        return self.ended_at is None and now < self.expires_at

    def __repr__(self) -> str:
        return f"SmsCode(id={self.id})"
