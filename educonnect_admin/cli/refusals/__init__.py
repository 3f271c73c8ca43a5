"""Every refusal of the product with its French sentence and its exit code."""

from collections.abc import Mapping

from educonnect_admin.cli.refusals.backups import BACKUPS
from educonnect_admin.cli.refusals.campaigns import CAMPAIGNS
from educonnect_admin.cli.refusals.changes import CHANGES
from educonnect_admin.cli.refusals.desk import DESK
from educonnect_admin.cli.refusals.files import FILES
from educonnect_admin.cli.refusals.keys import KEYS
from educonnect_admin.cli.refusals.mail import MAIL
from educonnect_admin.cli.refusals.manifests import MANIFESTS
from educonnect_admin.cli.refusals.office import OFFICE
from educonnect_admin.cli.refusals.operators import OPERATORS
from educonnect_admin.cli.refusals.passphrases import PASSPHRASES
from educonnect_admin.cli.refusals.portal import PORTAL
from educonnect_admin.cli.refusals.review import REVIEW
from educonnect_admin.cli.refusals.words import Words, remedy, system_words
from educonnect_admin.domain.errors import EduConnectError

__all__ = ["WORDS", "Words", "remedy", "system_words"]

WORDS: Mapping[type[EduConnectError], Words] = {
    **OFFICE,
    **BACKUPS,
    **DESK,
    **CHANGES,
    **CAMPAIGNS,
    **REVIEW,
    **MAIL,
    **KEYS,
    **FILES,
    **MANIFESTS,
    **PASSPHRASES,
    **PORTAL,
    **OPERATORS,
}
