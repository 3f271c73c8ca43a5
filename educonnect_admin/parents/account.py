"""«Mon compte»: what an account tells its holder of itself (§4, R-42)."""

from dataclasses import dataclass

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.visits import Entry
from educonnect_admin.parents.home import HomeSchool, schools_with_children
from educonnect_admin.parents.means import Means
from educonnect_admin.queries.holders import holder_of
from educonnect_admin.queries.visits import Visitor
from educonnect_admin.queries.wards import wards_of


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AccountSheet:
    """What stands under «Mes informations».

    Attributes:
        name: given name and surname of the holder; empty if no school has a record any more.
        identifier: nothing in a visit by FranceConnect, which shows it no more than it
            changes the password (R-42).
        email: the address that mails go to, confirmed or not.
        bounces: whether its mail server refuses our messages.
        pending_email: another one, whose link is still to be followed (R-53).
    """

    name: str
    identifier: str | None
    email: str | None
    is_confirmed: bool
    bounces: bool
    pending_email: str | None

    def __repr__(self) -> str:
        return "AccountSheet()"


def sheet_of(means: Means, visitor: Visitor) -> AccountSheet:
    """Return what the account of a visit tells its holder."""
    with means.reading() as session:
        account = session.get_one(Account, visitor.account_id)
        holder = holder_of(session, account.id)
        return AccountSheet(
            name=f"{holder.given_name} {holder.surname}" if holder else "",
            identifier=account.identifier if owns_password(visitor) else None,
            email=account.email,
            is_confirmed=account.confirmed_email is not None,
            bounces=account.email_bounced_at is not None,
            pending_email=account.pending_email,
        )


def owns_password(visitor: Visitor) -> bool:
    """Tell whether identifier and password may be shown and changed in this visit (R-42)."""
    return visitor.entry is not Entry.FRANCECONNECT


def children_of(means: Means, visitor: Visitor) -> tuple[HomeSchool, ...]:
    """Return the children of an account, by school."""
    with means.reading() as session:
        return schools_with_children(wards_of(session, visitor.account_id or 0))
