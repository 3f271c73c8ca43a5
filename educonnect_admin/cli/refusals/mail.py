"""Refusals of what leaves by mail or SMS."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED, UNAVAILABLE, USAGE
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import mail_errors as mail
from educonnect_admin.domain.errors import EduConnectError

_SERVER = {
    "host": "ce nom de serveur n'existe pas",
    "closed": "il ne répond pas, ou raccroche",
    "timeout": "il met trop de temps à répondre",
    "no_tls": "il ne propose pas de chiffrement STARTTLS",
    "tls": "le chiffrement échoue ; est-ce le bon port, la bonne EDUCONNECT_SMTP_SECURITY ?",
    "certificate": "son certificat n'est pas valable pour ce nom ; voyez EDUCONNECT_MAIL_CA_FILE",
    "no_auth": "il ne propose pas de s'identifier par un mot de passe",
    "credentials": "il refuse l'utilisateur ou le mot de passe",
    "sender": "il refuse l'expéditeur EDUCONNECT_MAIL_FROM, ou que nous envoyions des mails",
    "busy": "il refuse les connexions en ce moment",
    "password_file": "le fichier EDUCONNECT_SMTP_PASSWORD_FILE est vide ou ne peut pas être lu",
    "ca_file": "le fichier EDUCONNECT_MAIL_CA_FILE manque ou ne contient pas de certificat",
}

TEMPLATE_REASONS: Mapping[str, str] = {
    "syntax": "une faute d'écriture",
    "unknown_variable": "une variable inconnue",
    "forbidden": "quelque chose qui n'est pas permis dans un modèle",
    "missing_file": "le fichier manque",
    "encoding": "le fichier n'est pas en UTF-8",
    "too_long": "le texte est trop long",
    "gsm": "un signe que les SMS n'ont pas",
    "values": "une date illisible",
    "unknown_file": "ce fichier ne remplace aucun des nôtres",
}


_SMS = {
    "unreachable": "elle ne répond pas",
    "certificate": "son certificat n'est pas valable pour ce nom",
    "credentials": "elle refuse nos identifiants",
    "credit": "il n'y a plus de crédit",
    "address": "l'adresse ou le compte SMS indiqué n'existe pas",
    "secrets_file": (
        "le fichier de ses identifiants est illisible, mal écrit, ou lisible par d'autres que son "
        "propriétaire (mode 600)"
    ),
}


def _sms(error: mail.SmsUnavailable) -> str:
    return (
        f"La passerelle SMS {error.host} ne peut pas être utilisée : "
        f"{_SMS.get(error.why, error.why)}. Les codes attendent, le temps qu'ils sont valables. "
        "Voyez docs/settings.fr.md."
    )


def _server(error: mail.MailUnavailable) -> str:
    return (
        f"Le serveur de messagerie {error.host} ne peut pas être utilisé : "
        f"{_SERVER.get(error.why, error.why)}. Aucun message n'est perdu : ils attendent, "
        "relancez plus tard. Voyez docs/settings.fr.md."
    )


MAIL: Mapping[type[EduConnectError], Words] = {
    mail.MailUnavailable: Words(UNAVAILABLE, _server),
    mail.SmsUnavailable: Words(UNAVAILABLE, _sms),
    mail.MailNotSet: Words(
        USAGE,
        lambda _: (
            "Aucune messagerie n'est réglée : indiquez EDUCONNECT_SMTP_HOST, ou un dossier par "
            "EDUCONNECT_MAIL_FOLDER. Voyez docs/settings.fr.md."
        ),
    ),
    mail.MissingMessageKey: Words(
        UNAVAILABLE,
        lambda e: (
            f"Il manque une clé dans le fichier de clé {e.path} : est-ce une copie trop ancienne ? "
            "Sans elle, des messages en attente ne peuvent pas être lus. Aucun n'est perdu : "
            "remettez en place le dernier fichier de clé, ils partiront."
        ),
    ),
    mail.BadMailTemplate: Words(
        REFUSED,
        lambda e: (
            f"Le modèle de message {e.template} n'est pas utilisable"
            + (f", ligne {e.line}" if e.line else "")
            + f" : {TEMPLATE_REASONS.get(e.why, e.why)}. Corrigez-le ou retirez-le : celui "
            "d'origine servira."
        ),
    ),
}
