"""The passwords of an account's letters, which its holder must not keep (R-4)."""

from educonnect_admin.domain.passwords import as_printed, is_well_formed
from educonnect_admin.gateways.hashing import owner_of_letter
from educonnect_admin.parents.means import Means
from educonnect_admin.queries.kept_hashes import kept_hashes


def is_of_a_letter(means: Means, account_id: int, password: str) -> bool:
    """Tell whether it is the password of a letter that the account had, however it is typed.

    It hashes: not to be asked inside a transaction.
    """
    printed = as_printed(password)
    if not is_well_formed(printed):
        return False
    with means.reading() as session:
        kept = kept_hashes(session, account_id)
    return any(
        means.vault.accepts(sealed, printed, owner_of_letter(number)) for number, sealed in kept
    )
