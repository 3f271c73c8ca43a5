"""Who holds an account, as the first of its records names them."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.people import Guardian


class Holder(NamedTuple):
    """A person as pages and mails address them; `surname` is the usage name if there is one."""

    civility: Civility | None
    given_name: str
    surname: str

    def __repr__(self) -> str:
        return "Holder()"


def holder_of(session: Session, account_id: int) -> Holder | None:
    """Return who holds an account; None if no record is left with it."""
    row = session.execute(
        select(Guardian.civility, Guardian.given_name, Guardian.usage_name, Guardian.family_name)
        .where(Guardian.account_id == account_id)
        .order_by(Guardian.id)
        .limit(1)
    ).one_or_none()
    return Holder(row[0], row[1], row[2] or row[3]) if row else None
