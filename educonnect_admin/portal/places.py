"""Where each visitor belongs, and who may open which door."""

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.visits import Entry
from educonnect_admin.portal.visit import Door
from educonnect_admin.queries.visits import Visitor

LOG_IN = "/connexion"
WELCOME = "/bienvenue"
PENDING_EMAIL = "/adresse-mail"
HOME = "/accueil"
EXPIRED = "/session-expiree"


def place_of(visitor: Visitor | None) -> str:
    """Return the page where a visitor belongs when none was asked for that they may see."""
    if visitor is None or visitor.account_id is None:
        return LOG_IN
    if visitor.entry is Entry.TEMPORARY:
        return WELCOME
    return PENDING_EMAIL if visitor.state is AccountState.EMAIL_PENDING else HOME


def may_open(door: Door, visitor: Visitor | None) -> bool:
    """Tell whether a page is open to a visitor."""
    match door:
        case Door.ANYBODY:
            return True
        case Door.TRAVELLER:
            return visitor is not None
        case Door.LETTER:
            return visitor is not None and visitor.entry is Entry.TEMPORARY
        case Door.PENDING:
            return visitor is not None and visitor.state in _MAY_STILL_CONFIRM and _is_own(visitor)
        case Door.HOLDER:
            return visitor is not None and visitor.is_in


_MAY_STILL_CONFIRM = {AccountState.EMAIL_PENDING, AccountState.ACTIVE}


def _is_own(visitor: Visitor) -> bool:
    return visitor.entry is not Entry.TEMPORARY
