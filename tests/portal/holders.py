"""Accounts that somebody can log in to: letters and passwords that really work."""

from datetime import date

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import owner_of_account, owner_of_letter
from tests.conftest import NOW
from tests.office.desk.desk import Office

TEMPORARY = "BZNZ57DM"
OWN = "tilleul7"


class Holders(Office):
    """The three families, with what opens their accounts."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.issued_on = NOW.date()

    def notified(self, identifier: str = "celine.dupont", who: str = "Céline") -> int:
        """Open an account and give it a letter whose password is TEMPORARY."""
        account_id = self.account(identifier, self.record(who))
        self.give_letter(account_id)
        return account_id

    def begun(
        self,
        identifier: str = "nadia.moreau",
        who: str = "Nadia",
        *,
        state: AccountState = AccountState.ACTIVE,
        confirmed: bool = True,
        email: str | None = "nadia@example.fr",
    ) -> int:
        """Open an account whose holder has chosen OWN."""
        account_id = self.account(identifier, self.record(who), state=state, email=email)
        sealed = self.services.vault.seal(OWN, owner_of_account(account_id))
        with self.services.transaction() as session:
            account = session.get_one(Account, account_id)
            account.password_hash, account.password_set_at = sealed, NOW
            account.email_confirmed_at = NOW if confirmed else None
        return account_id

    def give_letter(
        self, account_id: int, password: str = TEMPORARY, created_on: date | None = None
    ) -> int:
        """Give an account a letter; it bears the number `L` and the id in ten digits."""
        letter_id = self.letter(account_id, created_on or self.issued_on)
        with self.services.transaction() as session:
            letter = session.get_one(Letter, letter_id)
            letter.number = f"LL{letter_id:010}"
            letter.password_hash = self.services.vault.seal(
                password, owner_of_letter(letter.number)
            )
        return letter_id

    def end_letter(self, letter_id: int, end: LetterEnd) -> None:
        """Let a letter be over."""
        with self.services.transaction() as session:
            letter = session.get_one(Letter, letter_id)
            letter.ended_at, letter.end = NOW, end

    def become(self, account_id: int, state: AccountState) -> None:
        """Put an account in a state."""
        with self.services.transaction() as session:
            session.get_one(Account, account_id).state = state
