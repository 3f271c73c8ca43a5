"""Refusals of what leaves by mail or SMS."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED, UNAVAILABLE, USAGE
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import mail_errors as mail
from educonnect_admin.domain.errors import EduConnectError

MAIL: Mapping[type[EduConnectError], Words] = {
    mail.MailUnavailable: Words(
        UNAVAILABLE,
        lambda e: (
            f"Le serveur de messagerie {e.host} ne peut pas être utilisé ({e.why}). Aucun message "
            "n'est perdu : ils attendent, relancez plus tard. Voyez docs/settings.fr.md."
        ),
    ),
    mail.MailNotSet: Words(
        USAGE,
        lambda _: (
            "Aucune messagerie n'est réglée : indiquez EDUCONNECT_SMTP_HOST, ou un dossier par "
            "EDUCONNECT_MAIL_FOLDER. Voyez docs/settings.fr.md."
        ),
    ),
    mail.BadMailTemplate: Words(
        REFUSED,
        lambda e: (
            f"Le modèle de message {e.template} n'est pas utilisable"
            + (f", ligne {e.line}" if e.line else "")
            + f" ({e.why}). Corrigez-le ou retirez-le : celui d'origine servira."
        ),
    ),
}
