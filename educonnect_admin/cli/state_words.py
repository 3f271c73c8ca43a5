"""The state of an account in French, apart: what only shows it need not know the whole trail."""

from collections.abc import Mapping

from educonnect_admin.domain.accounts import AccountState

STATE_WORDS: Mapping[str, str] = {
    AccountState.NOT_NOTIFIED: "non notifié",
    AccountState.NOTIFIED: "notifié et non activé",
    AccountState.EMAIL_PENDING: "adresse mail non confirmée",
    AccountState.ACTIVE: "activé",
    AccountState.REGROUPED: "ne sera plus utilisable",
    AccountState.CLOSED: "fermé",
}


def state_words(state: str, *, expired: bool = False) -> str:
    """Return the state of an account in the words of the guide (R-1).

    Args:
        state: A value of `AccountState`.
        expired: It is notified and every letter of it is over.
    """
    if expired and state == AccountState.NOTIFIED:
        return "notification expirée"
    return STATE_WORDS[state]
