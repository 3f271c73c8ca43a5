"""What the tests of `explain` and of the chase share: accounts, and what befalls them."""

from educonnect_admin.edge import Services
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.queries.schools import school_by_uai
from tests.conftest import NOW
from tests.support.households import CHARLEMAGNE


def generate(services: Services, uai: str = CHARLEMAGNE) -> None:
    """Open the accounts of a school."""
    with services.transaction() as session:
        generate_accounts(
            session,
            school_by_uai(session, uai),
            class_id=None,
            stem_digest=services.keyring.stem_digest,
            author=services.author(NOW),
        )
