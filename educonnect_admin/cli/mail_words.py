"""Messages in French: what they are, how they stand, why they failed and what to do."""

import re
from typing import TYPE_CHECKING

from educonnect_admin.cli.refusals.mail import TEMPLATE_REASONS

if TYPE_CHECKING:
    from pathlib import Path

    from educonnect_admin.domain.mail_errors import BadMailTemplate
    from educonnect_admin.office.mailing.end_message import Ended
    from educonnect_admin.queries.outbox_list import ListedMessage

KINDS = {
    "letter": "Courrier",
    "reminder": "Rappel",
    "child_added": "Enfant ajouté",
    "activation_code": "Code par SMS",
    "email_to_confirm": "Adresse mail à confirmer",
    "email_change": "Nouvelle adresse mail à confirmer",
    "email_change_told": "Changement d'adresse mail annoncé",
    "identifiers": "Identifiant oublié",
    "password_reset": "Mot de passe à réinitialiser",
    "password_changed": "Changement de mot de passe annoncé",
    "franceconnect_linked": "Lien avec FranceConnect annoncé",
}

STATES = {
    "waiting": "en attente",
    "claimed": "en cours d'envoi",
    "sent": "envoyé",
    "failed": "en échec",
    "cancelled": "annulé",
}

REASONS = {
    "connection_lost": "la connexion au serveur de messagerie a été coupée",
    "bad_reply": "la réponse du serveur de messagerie est incompréhensible",
    "no_smtputf8": "le serveur de messagerie n'accepte pas les adresses mail avec accents",
    "too_late": "il aurait fallu l'envoyer plus tôt : il n'est plus valable",
    "too_often": "chaque envoi s'est interrompu",
    "worker_died": "l'envoi a été interrompu",
    "account_over": "le compte est fermé ou regroupé",
    "letter_over": "le courrier qu'il apporte n'est plus valable",
    "unreadable": "son contenu ne peut plus être lu (base modifiée)",
    "missing_key": "sa clé manque dans le fichier de clé",
    "template": "le modèle de message n'est pas utilisable",
    "bad_address": "l'adresse mail n'en est pas une",
    "sms_connection_lost": "la connexion à la passerelle SMS a été coupée ; il est peut-être parti",
    "sms_timeout": "la passerelle SMS n'a pas répondu à temps ; il est peut-être parti",
    "sms_bad_reply": "la réponse de la passerelle SMS est illisible ; il est peut-être parti",
    "ovh.invalid_receiver": "la passerelle SMS refuse ce numéro",
}

_SMS_ANSWER = re.compile(r"(?:http|ovh)\.(\d{3})")
_REPLY = re.compile(r"smtp\.(\d{3})(?:\.(\d\.\d+\.\d+))?")


def reason_words(code: str | None) -> str:
    """Return why a message was not sent; the numbers of a mail server stay for its master."""
    found = _REPLY.fullmatch(code or "")
    if found is None and (answer := _SMS_ANSWER.fullmatch(code or "")):
        return f"la passerelle SMS répond {answer[1]}"
    if found is None:
        return REASONS.get(code or "", "raison inconnue")
    numbers = " ".join(part for part in found.groups() if part)
    if found[1].startswith("4"):
        return f"le serveur de messagerie demande d'attendre ({numbers})"
    if found[2] in {"5.1.7", "5.1.8"}:
        return f"le serveur de messagerie refuse l'expéditeur EDUCONNECT_MAIL_FROM ({numbers})"
    if (found[2] or "").startswith("5.1."):
        return f"le serveur de messagerie ne connaît pas cette adresse ({numbers})"
    return f"le serveur de messagerie refuse ce message ({numbers})"


def trouble_sentence(ended: "Ended") -> str:
    """Return the line about a message that failed or may be double, and what to do."""
    whose = f" pour {ended.identifier}" if ended.identifier else ""
    name = f"Message n° {ended.message_id} ({_small(KINDS[ended.kind])}{whose})"
    if ended.state == "sent":
        return (
            f"{name} : envoyé, peut-être deux fois (un envoi avait été interrompu). "
            "C'est deux fois le même : rien à faire."
        )
    if ended.state == "waiting":
        return f"{name} : il attend, {reason_words(ended.error)}. {_what_to_do(ended)}"
    return f"{name} : échec, {reason_words(ended.error)}. {_what_to_do(ended)}"


def _small(words: str) -> str:
    return words[0].lower() + words[1:]


def _what_to_do(ended: "Ended") -> str:
    if ended.error == "template":
        return "Corrigez-le ou retirez-le (docs/templates.fr.md) : le message partira ensuite."
    if ended.kind == "activation_code":
        return "Le responsable peut demander un autre code."
    if ended.kind != "letter" or ended.identifier is None:
        return "Vérifiez l'adresse mail auprès de la famille."
    again = f"educonnect-admin letters resend {ended.identifier} --output DOSSIER --reason MOTIF"
    if ended.voided:
        return f"Son mot de passe n'est pas parti et ne vaut plus. Refaites un courrier : {again}"
    if ended.maybe_double:
        return f"Il est peut-être arrivé : demandez au responsable. Sinon : {again}"
    return f"Voyez : educonnect-admin accounts explain {ended.identifier}"


def template_problem(bad: "BadMailTemplate") -> str:
    """Return what is wrong with a template of a message: which file, which line, what."""
    where = f"mail/{bad.template}, ligne {bad.line}" if bad.line else f"mail/{bad.template}"
    return f"{where} : {TEMPLATE_REASONS.get(bad.why, bad.why)} (docs/templates.fr.md)."


def folder_sentence(folder: "Path") -> str:
    """Return what is to be told where mails only go to a folder: nobody is written to."""
    return (
        "Aucun serveur de messagerie n'est réglé : les mails sont seulement rangés dans le dossier "
        f"{folder}, personne ne les reçoit. Pour écrire aux familles, réglez "
        "EDUCONNECT_SMTP_HOST et EDUCONNECT_MAIL_FROM (docs/settings.fr.md)."
    )


def standing(message: "ListedMessage") -> str:
    """Return how a listed message stands."""
    words = STATES[message.state]
    return f"{words}, peut-être double" if message.maybe_double else words
