"""Names, identifiers and addresses tried from one place: so many wrong ones an hour (R-6)."""

from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.queries.reserved_tries import Subject

_ADDRESS = "guess-address"


def guess_from(means: Means, client: Client) -> Subject:
    """Return what counts the wrong guesses of one network address, which others may share.

    One count for every page that tells whether somebody is known: trying each in turn gains
    nothing (R-30, R-54, R-55).
    """
    return Subject(kind=TryKind.GUESS, name=means.digests.lasting(_ADDRESS, client.address))
