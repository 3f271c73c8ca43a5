"""Refusals of whoever opens the portal."""

import errno
from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import UNAVAILABLE, USAGE
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import portal_errors as portal
from educonnect_admin.domain.errors import EduConnectError

_SYSTEM = {
    errno.EADDRINUSE: "ce port est déjà pris, peut-être par un portail déjà ouvert",
    errno.EADDRNOTAVAIL: "cette machine n'a pas cette adresse",
    errno.EACCES: "les ports au-dessous de 1024 sont réservés au système",
}
_DEVELOPMENT = {
    "host": "le portail serait ouvert à d'autres que cette machine ; --host 127.0.0.1",
    "proxy": "un serveur mandataire est réglé ; retirez EDUCONNECT_TRUSTED_PROXIES ou --proxy",
    "mail": "un vrai serveur de messagerie est réglé ; retirez EDUCONNECT_SMTP_HOST",
    "sms": "de vrais SMS partiraient ; retirez EDUCONNECT_SMS_GATEWAY",
}

PORTAL: Mapping[type[EduConnectError], Words] = {
    portal.CannotListen: Words(
        UNAVAILABLE,
        lambda e: (
            f"Le portail ne peut pas écouter sur {e.host}, port {e.port} : "
            f"{_SYSTEM.get(e.why, 'cette adresse est inutilisable')}. "
            "Choisissez avec --host et --port."
        ),
    ),
    portal.PortalFailed: Words(
        UNAVAILABLE,
        lambda _: (
            "Un processus du portail n'a pas pu commencer : le portail s'est arrêté. "
            "La raison est écrite juste au-dessus ou dans son journal."
        ),
    ),
    portal.DevelopmentRefused: Words(
        USAGE,
        lambda e: (
            "EDUCONNECT_PORTAL_DEVELOPMENT montre les messages de tout le monde : refusé, car "
            f"{_DEVELOPMENT[e.why]}."
        ),
    ),
}
