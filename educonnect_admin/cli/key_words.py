"""The keys of the office in French: what they are, and what still needs them."""

from collections.abc import Mapping
from datetime import datetime

from educonnect_admin.cli.moments import in_paris
from educonnect_admin.cli.speech import counted

SEALED_WORDS: Mapping[str, tuple[str, str]] = {
    "letters": ("mot de passe de courrier", "mots de passe de courriers"),
    "accounts": ("mot de passe de compte", "mots de passe de comptes"),
    "messages": ("message à envoyer", "messages à envoyer"),
    "imports": ("rapport d'import", "rapports d'import"),
    "visits": ("visite du portail", "visites du portail"),
    "heads": ("chaîne du journal", "chaînes du journal"),
    "links": ("lien envoyé par mail", "liens envoyés par mail"),
    "codes": ("code envoyé par SMS", "codes envoyés par SMS"),
}
ROLE_WORDS: Mapping[str, str] = {
    "current": "en service",
    "upcoming": "préparée",
    "older": "ancienne, ouvre encore",
    "retired": "oubliée, vérifie seulement le journal",
}


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Return counts with their nouns: `3 liens envoyés par mail, 1 visite du portail`."""
    return ", ".join(
        counted(number, *SEALED_WORDS[name]) for name, number in counts.items() if number
    )


def needs_sentence(counts: Mapping[str, int], until: datetime | None) -> str:
    """Return what still needs an older key, and until when."""
    told = {name: number for name, number in counts.items() if name != "recent"}
    parts = [counts_in_words(told)] if told else []
    if "recent" in counts:
        parts.append("la clé a changé il y a moins d'une heure, des travaux peuvent durer encore")
    end = f" (jusqu'au {in_paris(until)} au plus tard)" if until else ""
    return " ; ".join(parts) + end
