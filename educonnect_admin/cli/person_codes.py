"""The codes in a person's own data, in French: `data export` hands no code to anybody."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from educonnect_admin.cli.mail_words import STATES, reason_words
from educonnect_admin.cli.state_words import state_words
from educonnect_admin.cli.trail_words import (
    KIND_WORDS,
    code_words,
    details_words,
    end_words,
    field_words,
    message_words,
)
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.mail_links import LinkEnd, LinkKind
from educonnect_admin.domain.setbacks import SetbackKind, TryKind
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.domain.visits import Entry

_CIVILITIES = {Civility.MADAM: "Mme", Civility.SIR: "M."}
_ENTRIES = {
    Entry.TEMPORARY: "le mot de passe d'un courrier",
    Entry.PASSWORD: "votre mot de passe",
    Entry.SMS: "un code par SMS",
    Entry.FRANCECONNECT: "FranceConnect",
}
_LINKS = {
    LinkKind.ACTIVATION: "confirmation de l'adresse mail",
    LinkKind.EMAIL_CHANGE: "confirmation d'une autre adresse mail",
    LinkKind.PASSWORD_RESET: "nouveau mot de passe",
}
_LINK_ENDS = {LinkEnd.USED: "utilisé", LinkEnd.REPLACED: "remplacé ou devenu inutile"}
_TRIES = {
    TryKind.LOG_IN: "mot de passe",
    TryKind.BIRTH_DATE: "date de naissance d'un enfant",
    TryKind.DEVICE: "mot de passe, depuis un navigateur connu",
    TryKind.ADDRESS: "mots de passe depuis une adresse du réseau",
    TryKind.GUESS: "noms ou identifiants depuis une adresse du réseau",
    TryKind.MOBILE_HOUR: "codes envoyés à un mobile en une heure",
    TryKind.MOBILE_DAY: "codes envoyés à un mobile en un jour",
    TryKind.SMS_HOUR: "codes envoyés par le service en une heure",
    TryKind.SMS_DAY: "codes envoyés par le service en un jour",
    TryKind.MAIL: "mails demandés",
}
_SETBACKS = {
    SetbackKind.MOBILE_UNKNOWN: "le mobile saisi n'est pas celui que l'école connaît",
    SetbackKind.HOMONYMS: "plusieurs personnes portent ces noms et ce mobile",
}


_WORDS: Mapping[tuple[str, str], Callable[[Any], str]] = {
    ("accounts", "state"): state_words,
    ("accounts", "journey"): partial(code_words, "journey"),
    ("accounts", "former_state"): state_words,
    ("guardians", "civility"): _CIVILITIES.__getitem__,
    ("guardian_corrections", "field"): field_words,
    ("letters", "former_state"): state_words,
    ("letters", "end"): end_words,
    ("messages", "kind"): message_words,
    ("messages", "channel"): partial(code_words, "channel"),
    ("messages", "state"): STATES.__getitem__,
    ("messages", "error"): reason_words,
    ("mail_links", "kind"): _LINKS.__getitem__,
    ("mail_links", "end"): _LINK_ENDS.__getitem__,
    ("visits", "entry"): _ENTRIES.__getitem__,
    ("try_counts", "kind"): _TRIES.__getitem__,
    ("setbacks", "kind"): _SETBACKS.__getitem__,
    ("review_items", "kind"): partial(code_words, "asked"),
    ("review_items", "resolution"): partial(code_words, "answer"),
    ("trail_entries", "kind"): lambda code: KIND_WORDS[TrailKind(code)],
    ("trail_entries", "details"): details_words,
}


def in_words(table: str, column: str, value: Any) -> Any:
    """Return a value as its person reads it; what is no code, as it stands.

    Args:
        table: A table of `PERSONAL`.
        column: A column of it.
        value: What the export holds there, never empty.
    """
    words = _WORDS.get((table, column))
    return words(value) if words is not None else value
