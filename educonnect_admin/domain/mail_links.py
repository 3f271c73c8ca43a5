"""Links sent by mail: what they open, for how long, once (R-22, R-53, R-55)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain import accounts  # noqa: F401 - where its keys lead
from educonnect_admin.domain.base import ENDLESS, Base, Moment, coded
from educonnect_admin.domain.delays import CONFIRMATION_LIFE, RESET_LIFE


class LinkKind(StrEnum):
    """What following the link does."""

    ACTIVATION = "activation"
    """Confirms the address given on the activation screen: the account becomes active."""
    EMAIL_CHANGE = "email_change"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a code, not a secret


LIFE: Mapping[LinkKind, timedelta] = {
    LinkKind.ACTIVATION: CONFIRMATION_LIFE,
    LinkKind.EMAIL_CHANGE: CONFIRMATION_LIFE,
    LinkKind.PASSWORD_RESET: RESET_LIFE,
}


class LinkEnd(StrEnum):
    """Why a link does nothing any more."""

    USED = "used"
    REPLACED = "replaced"
    """A newer one was sent, or what it was for was done otherwise."""


class MailLink(Base):
    """One link; only the keyed digest of its token is kept (R-5).

    Attributes:
        email: the address it was sent to, which following it proves.
        request_number: what the mail calls the request, for the helpdesk (R-55).
    """

    __tablename__ = "mail_links"

    id: Mapped[int] = mapped_column(ENDLESS, primary_key=True)
    kind: Mapped[LinkKind] = mapped_column(coded(LinkKind))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True, deferred=True)
    email: Mapped[str] = mapped_column(String(254))
    request_number: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    end: Mapped[LinkEnd | None] = mapped_column(coded(LinkEnd))

    def __init__(
        self,
        *,
        kind: LinkKind,
        account_id: int,
        token_digest: str,
        email: str,
        request_number: str,
        created_at: datetime,
    ) -> None:
        self.kind = kind
        self.account_id = account_id
        self.token_digest = token_digest
        self.email = email
        self.request_number = request_number
        self.created_at = created_at
        self.expires_at = created_at + LIFE[kind]

    def is_live(self, now: datetime) -> bool:
        """Tell whether following it still does something."""
        return self.ended_at is None and now < self.expires_at

    def __repr__(self) -> str:
        return f"MailLink(id={self.id}, kind={self.kind!s})"
