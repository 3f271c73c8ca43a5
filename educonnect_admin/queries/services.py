"""The services of the portal, as the office has set them (R-51)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.services import Service


def services_in_order(session: Session) -> list[Service]:
    """Return every service, in the order in which they were added."""
    return list(session.scalars(select(Service).order_by(Service.id)))


def service_of_code(session: Session, code: str) -> Service | None:
    """Return the service of a code, its row held until the transaction ends."""
    return session.scalar(select(Service).where(Service.code == code).with_for_update())
