"""What a slip says of a letter that does not travel in this pupil's satchel."""

from datetime import date

from educonnect_admin.domain.accounts import AccountState

_STATES = {
    AccountState.NOT_NOTIFIED: "pas de courrier dans ce lot",
    AccountState.NOTIFIED: "notification expirée",
    AccountState.EMAIL_PENDING: "adresse mail à confirmer",
    AccountState.ACTIVE: "compte activé",
    AccountState.REGROUPED: "compte regroupé",
    AccountState.CLOSED: "compte fermé",
}


def carried_by(name: str, class_label: str | None) -> str:
    """Say that the letter goes home with a brother or sister (R-13)."""
    return f"remis à {name}" + (f", classe {class_label}" if class_label else "")


def already_notified(on: date) -> str:
    """Say that a letter of an earlier batch, or of another school, is still good (R-12)."""
    return f"déjà notifié le {on:%d/%m/%Y}"


def no_letter(state: AccountState) -> str:
    """Say why an account has no live letter."""
    return _STATES[state]
