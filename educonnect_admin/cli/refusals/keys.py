"""Refusals about the keys of the office."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED, UNAVAILABLE
from educonnect_admin.cli.key_words import needs_sentence
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import key_errors as keys
from educonnect_admin.domain.errors import EduConnectError

KEYS: Mapping[type[EduConnectError], Words] = {
    keys.MissingKey: Words(
        UNAVAILABLE,
        lambda error: (
            f"Le fichier de clé {error.path} est une copie trop ancienne : la clé {error.key_id}, "
            "dont cette base a besoin, y manque. Remettez en place le fichier le plus récent."
        ),
    ),
    keys.KeysBusy: Words(
        REFUSED,
        lambda _: "Une autre commande change les clés en ce moment. Réessayez quand elle a fini.",
    ),
    keys.KeysNeeded: Words(
        REFUSED,
        lambda error: (
            f"Une ancienne clé sert encore : {needs_sentence(error.counts, error.until)}. Aucune "
            "clé n'a été oubliée."
        ),
    ),
}
