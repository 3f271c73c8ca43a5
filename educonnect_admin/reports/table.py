"""The table of an audit and its key figures, in French: every rendering reads these (R-64)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from educonnect_admin.domain.academies import academy_by_code
from educonnect_admin.domain.accounts import AccountState, Journey
from educonnect_admin.domain.activations import (
    EXPIRING_DAYS,
    Audit,
    Figures,
    GroupedBy,
    Step,
)

Value = str | int | float


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    """From 0 to 1, shown as a percentage."""


class Column(NamedTuple):
    """One column of the table: its heading, how it is written, what it means."""

    heading: str
    kind: Kind
    value: Callable[[Figures], Value]
    meaning: str


def _state(heading: str, state: AccountState, meaning: str) -> Column:
    return Column(heading, Kind.NUMBER, lambda row: row.by_state[state], meaning)


def _journey(heading: str, journey: Journey, meaning: str) -> Column:
    return Column(heading, Kind.NUMBER, lambda row: row.by_journey[journey], meaning)


def academy_name(code: str | None) -> str:
    """Return the name of an academy, or its code if nobody knows it."""
    academy = academy_by_code(code or "")
    return academy.name if academy else (code or "")


_UAI = Column("UAI", Kind.TEXT, lambda row: row.uai, "Numéro de l'école.")
_SCHOOL = Column("École", Kind.TEXT, lambda row: row.school, "Nom de l'école.")
_CLASS = Column(
    "Classe", Kind.TEXT, lambda row: row.class_label or "Sans classe",
    "Un responsable compte dans chaque classe où il a un enfant.",
)  # fmt: skip
_ACADEMY = Column(
    "Académie", Kind.TEXT, lambda row: academy_name(row.academy),
    "Un responsable compte dans chaque académie où il a un enfant.",
)  # fmt: skip
_PLACES = {
    GroupedBy.CLASS: (_UAI, _SCHOOL, _CLASS),
    GroupedBy.SCHOOL: (_UAI, _SCHOOL),
    GroupedBy.ACADEMY: (_ACADEMY,),
}

STATES = (
    _state("Non notifiés", AccountState.NOT_NOTIFIED, "Aucun courrier ne leur a été fait."),
    _state("Notifiés", AccountState.NOTIFIED, "Un courrier leur a été fait, rien n'est activé."),
    _state(
        "Mail à confirmer", AccountState.EMAIL_PENDING,
        "Mot de passe choisi ; le lien reçu par mail n'a pas encore été suivi.",
    ),
    _state("Activés", AccountState.ACTIVE, "Le compte sert."),
)  # fmt: skip
"""The states that lead to an active account, in the order of a life."""

_FIGURES = (
    Column("Comptes", Kind.NUMBER, lambda row: row.accounts, "Responsables qui ont un compte."),
    *STATES[:2],
    Column(
        "Notification expirée", Kind.NUMBER, lambda row: row.notification_expired,
        "Parmi les notifiés : plus aucun courrier valable, il en faut un nouveau.",
    ),
    *STATES[2:],
    Column("Taux", Kind.SHARE, lambda row: row.rate, "Part des comptes qui sont activés."),
    _journey("Par courrier", Journey.LETTER, "Activés avec le courrier de l'école."),
    _journey("Par SMS", Journey.SMS, "Activés par un code reçu sur le mobile."),
    _journey("Par FranceConnect", Journey.FRANCECONNECT, "Activés par FranceConnect."),
    Column(
        "Courriers valables", Kind.NUMBER, lambda row: row.letters,
        "Courriers dont le mot de passe provisoire sert encore.",
    ),
    Column(
        f"Expirent sous {EXPIRING_DAYS} jours", Kind.NUMBER, lambda row: row.expiring,
        f"Parmi les courriers valables : dernier jour dans {EXPIRING_DAYS} jours au plus.",
    ),
    Column(
        "Mails refusés", Kind.NUMBER, lambda row: row.bounced,
        "Comptes dont l'adresse refuse nos messages, ou dont le dernier n'a pas pu être remis.",
    ),
    _state("Regroupés", AccountState.REGROUPED, "Réunis à un autre compte."),
    _state("Fermés", AccountState.CLOSED, "Ne servent plus."),
)  # fmt: skip

_RATE_AT = next(n for n, one in enumerate(_FIGURES) if one.kind is Kind.SHARE)
STATE_FIGURES, OTHER_FIGURES = _FIGURES[: _RATE_AT + 1], _FIGURES[_RATE_AT + 1 :]
"""The figures in two parts, for a page that is not as wide as a sheet: up to the rate, the rest."""

STEP_WORDS = {
    Step.ACCOUNTS: "Comptes",
    Step.NOTIFIED: "Notifiés",
    Step.PASSWORD_CHOSEN: "Mot de passe choisi",
    Step.ACTIVE: "Activés",
}
STEP_MEANINGS = {
    Step.ACCOUNTS: "Tous les comptes.",
    Step.NOTIFIED: "Ont reçu un courrier, ou sont entrés sans lui.",
    Step.PASSWORD_CHOSEN: "Ont fait l'activation, par courrier, SMS ou FranceConnect.",
    Step.ACTIVE: "Ont aussi confirmé leur adresse, là où il le faut : le compte sert.",
}


def columns(by: GroupedBy) -> Sequence[Column]:
    """Return the columns of the table: the place, then the figures."""
    return (*_PLACES[by], *_FIGURES)


def places(by: GroupedBy) -> Sequence[Column]:
    """Return the columns that say which group a row is."""
    return _PLACES[by]


def figures() -> Sequence[Column]:
    """Return the columns that are figures; of the whole, they are the key figures."""
    return _FIGURES


def label_of(row: Figures, by: GroupedBy, *, one_school: bool) -> str:
    """Return what a row is called in a picture."""
    if by is GroupedBy.ACADEMY:
        return academy_name(row.academy)
    if by is GroupedBy.SCHOOL:
        return row.school
    label = str(_CLASS.value(row))
    return label if one_school else f"{label} – {row.school}"


MOST_CHARTED = 20


def most_to_do(audit: Audit) -> Sequence[tuple[str, Figures]]:
    """Return the groups to draw: all of them, or those where most accounts are not active."""
    rows = list(audit.rows)
    if len(rows) > MOST_CHARTED:
        rows.sort(key=lambda row: row.active - row.accounts)
    one_school = len({row.uai for row in rows}) < 2
    return [(label_of(row, audit.by, one_school=one_school), row) for row in rows[:MOST_CHARTED]]


TITLE = "Bilan des activations EduConnect"


def scope_of(audit: Audit) -> str:
    """Return what the audit is about: a school, an academy, or all schools."""
    if audit.school is not None:
        return f"{audit.school} ({audit.uai})"
    if audit.academy is not None:
        return f"Académie : {academy_name(audit.academy)}"
    return "Toutes les écoles"


def local(audit: Audit) -> datetime:
    """Return the moment of the audit, where its schools are."""
    return audit.at.astimezone(ZoneInfo(audit.time_zone))


def date_of(audit: Audit) -> str:
    """Return when the audit was made: `23/11/2026 à 18:30`."""
    return local(audit).strftime("%d/%m/%Y à %H:%M")


def written(value: Value, kind: Kind) -> str:
    """Return a value as a French reader expects it: `1 234`, `23,7 %`."""
    if kind is Kind.SHARE:
        return f"{float(value) * 100:.1f}\u00a0%".replace(".", ",")
    if kind is Kind.NUMBER:
        return f"{int(value):,}".replace(",", "\u202f")
    return str(value)
