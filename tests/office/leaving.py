"""What the tests of leavers share: schools over the years, who leaves, who comes back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.gateways.hashing import owner_of_account
from educonnect_admin.office.apply_plan import apply_plan
from educonnect_admin.office.close_leavers import LeaversClosed, close_leavers
from educonnect_admin.office.generate_accounts import Generated, generate_accounts
from educonnect_admin.office.import_roster import plan_import
from educonnect_admin.office.importing.announce_children import Announcer
from educonnect_admin.office.importing.dangers import Consent
from educonnect_admin.parents.log_in import log_in
from educonnect_admin.parents.prove_password import ProofVerdict
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.trail_check import first_broken_entry
from educonnect_admin.rosters.rows import GuardianRow
from tests.parents.portal_office import HOME
from tests.support.families import UAI, Town, child, file_of, guardian, pupil

SEPTEMBER, JULY = date(2026, 9, 1), date(2027, 7, 3)
CLOSING = date(2027, 10, 1)
"""90 days after the July in which everybody leaves."""

CONTACTS: dict[str, Any] = {"email": "j@x.fr", "mobile": "+33612345678", "civility": None}
OWN = "marronnier5"
JEANNE = "jeanne.martin"


def noon(day: date) -> datetime:
    """Return the middle of a day, when every school of the country is in that day."""
    return datetime.combine(day, time(11), UTC)


def mother(*children: str, **facts: Any) -> GuardianRow:
    """Return Jeanne Martin, whose children bear her name."""
    mentions = [child(name, "Martin") for name in children]
    return guardian("Jeanne", "Martin", *mentions, **{**CONTACTS, **facts})


class Years(Town):
    """Two schools, and what befalls them on any day."""

    def take_in(self, day: date, *children: str, uai: str = UAI, **facts: Any) -> int:
        """Import a school that has these children of Jeanne's, and one of nobody's.

        Returns:
            How many accounts were opened again.
        """
        rows = [*(pupil(name, "Martin") for name in children), pupil("Zoé", "Personne")]
        return self.take_rows(day, rows, [mother(*children, **facts)] if children else [], uai)

    def take_rows(
        self, day: date, pupils: Sequence[Any], guardians: Sequence[Any], uai: str = UAI
    ) -> int:
        """Import a whole school on a day."""
        readings = [file_of(*pupils), *([file_of(*guardians)] if guardians else [])]
        author = self.services.author(noon(day))
        announcer = Announcer(self.services.postbox, "https://portail.test")
        with self.services.transaction() as session:
            plan = plan_import(session, uai, readings, author, whole_school=True)
            return apply_plan(
                session, plan, author, Consent(departures=True, moves=True), announcer=announcer
            )

    def generate(self, day: date, uai: str = UAI) -> Generated:
        """Open the accounts of a school."""
        with self.services.transaction() as session:
            return generate_accounts(
                session,
                school_by_uai(session, uai, lock=True),
                stem_digest=self.services.keyring.stem_digest,
                author=self.services.author(noon(day)),
            )

    def begin(self, *children: str, uai: str = UAI) -> None:
        """Let Jeanne have children in a school, and an account."""
        self.take_in(SEPTEMBER, *children, uai=uai)
        self.generate(SEPTEMBER, uai)

    def activate(self, **columns: Any) -> None:
        """Let Jeanne choose a password, in whatever state that leaves her account."""
        (account_id,) = self.rows("SELECT id FROM accounts WHERE identifier = 'jeanne.martin'")[0]
        sealed = self.services.vault.seal(OWN, owner_of_account(account_id))
        with self.services.transaction() as session:
            account = session.get_one(Account, account_id)
            account.state, account.password_hash = AccountState.ACTIVE, sealed
            for name, value in columns.items():
                setattr(account, name, value)

    def close(self, at: date | datetime, *, dry_run: bool = False, **options: Any) -> LeaversClosed:
        """Close what is to be closed at a moment, as cron does."""
        now = at if isinstance(at, datetime) else noon(at)
        transaction = partial(self.services.transaction, dry_run=dry_run)
        return close_leavers(transaction, self.services.author(now), **options)

    def accounts(self) -> dict[str, str]:
        """Return every account and its state."""
        return dict(self.rows("SELECT identifier, state FROM accounts"))

    def log_in(self, day: date) -> ProofVerdict:
        """Tell what Jeanne's own password opens."""
        means = self.services.means(noon(day))
        return log_in(means, HOME, None, identifier=JEANNE, password=OWN).verdict

    def trail(self, kind: str) -> list[Any]:
        """Return (chain, details) of the entries of a kind, in order."""
        return self.rows(
            f"SELECT chain, details FROM trail_entries WHERE kind = '{kind}' ORDER BY id"
        )

    def is_sound(self) -> bool:
        """Tell whether every chain of the trail verifies."""
        pen = self.services.author(noon(SEPTEMBER)).pen
        chains = [chain for (chain,) in self.rows("SELECT DISTINCT chain FROM trail_entries")]
        with self.services.reading() as session:
            return all(first_broken_entry(session, pen, chain) is None for chain in chains)
