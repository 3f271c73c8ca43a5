"""An office where the desk works: two schools, the three families, accounts, letters, messages."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.messages import Channel, MessageKind
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.people import Guardian, Guardianship, Pupil
from educonnect_admin.domain.setbacks import TryCount, TryKind
from educonnect_admin.edge import Services
from educonnect_admin.queries.outbox import Outgoing, put_in_outbox
from educonnect_admin.queries.trail_check import first_broken_entry
from tests.conftest import NOW
from tests.support.households import CHARLEMAGNE, FAMILIES, MARIE_CURIE, add_families, add_school

ISSUED = date(2026, 11, 2)


class Office:
    """The three families at Charlemagne, and an empty second school."""

    def __init__(self, services: Services) -> None:
        self.services = services
        with services.transaction() as session:
            self.school = add_school(session, CHARLEMAGNE)
            self.other_school = add_school(session, MARIE_CURIE, "École Marie Curie")
            add_families(session, self.school, FAMILIES)

    def record(self, given_name: str, school: int | None = None) -> int:
        """Return the number of the record of somebody."""
        with self.services.reading() as session:
            return session.scalars(
                select(Guardian.id).where(
                    Guardian.given_name == given_name,
                    Guardian.school_id == (school or self.school),
                )
            ).one()

    def pupil(self, given_name: str) -> int:
        """Return the number of a pupil."""
        with self.services.reading() as session:
            return session.scalars(select(Pupil.id).where(Pupil.given_name == given_name)).one()

    def second_record(self, whose: str, **facts: Any) -> int:
        """Add the record that the other school has of a person, as the first one says it."""
        with self.services.transaction() as session:
            known = session.get_one(Guardian, self.record(whose))
            twin = Guardian(
                school_id=self.other_school,
                family_name=facts.pop("family_name", known.family_name),
                given_name=facts.pop("given_name", known.given_name),
            )
            for name in ("civility", "usage_name", "email", "mobile"):
                setattr(twin, name, facts.get(name, getattr(known, name)))
            twin.usage_key = name_key(twin.usage_name) if twin.usage_name else None
            session.add(twin)
            session.flush()
            return twin.id

    def account(
        self,
        identifier: str,
        *records: int,
        state: AccountState = AccountState.NOTIFIED,
        **facts: Any,
    ) -> int:
        """Open an account for some records."""
        with self.services.transaction() as session:
            account = Account(identifier=identifier, created_at=NOW)
            account.state = state
            for name, value in facts.items():
                setattr(account, name, value)
            session.add(account)
            session.flush()
            for record in records:
                session.get_one(Guardian, record).account_id = account.id
            return account.id

    def letter(self, account_id: int, created_on: date = ISSUED) -> int:
        """Give an account a letter."""
        with self.services.transaction() as session:
            record = session.scalars(
                select(Guardian).where(Guardian.account_id == account_id).order_by(Guardian.id)
            ).first()
            assert record
            letter = Letter(
                number=f"L{account_id:011}",
                account_id=account_id,
                school_id=record.school_id,
                guardian_id=record.id,
                carrier_id=self.pupil("Enzo"),
                former_state=AccountState.NOT_NOTIFIED,
                created_at=NOW,
                created_on=created_on,
                password_hash=b"sealed",
            )
            session.add(letter)
            session.flush()
            return letter.id

    def message(self, account_id: int, guardian_id: int | None = None, **facts: Any) -> int:
        """Let a message of an account wait, claimed if `claim` says by whom."""
        with self.services.transaction() as session:
            message = put_in_outbox(
                session,
                self.services.postbox,
                Outgoing(
                    kind=MessageKind.LETTER,
                    to="someone@example.fr",
                    values={"password": "BUNZ57DM"},
                    channel=Channel.MAIL,
                    account_id=account_id,
                    guardian_id=guardian_id,
                ),
                NOW,
            )
            for name, value in facts.items():
                setattr(message, name, value)
            session.flush()
            return message.id

    def tries(
        self,
        account_id: int,
        kind: TryKind = TryKind.LOG_IN,
        *,
        pupil_id: int | None = None,
        failures: int = 10,
        locked_until: datetime | None = None,
    ) -> None:
        """Let somebody have failed."""
        subject = f"account:{account_id}" + (f"/pupil:{pupil_id}" if pupil_id else "")
        with self.services.transaction() as session:
            count = TryCount(
                kind=kind,
                subject=subject,
                first_at=NOW,
                account_id=account_id,
                pupil_id=pupil_id,
            )
            count.failures, count.locked_until = failures, locked_until
            session.add(count)

    def answer_for(self, record: int, pupil: int) -> None:
        """Link a record and a child."""
        with self.services.transaction() as session:
            session.add(
                Guardianship(
                    guardian_id=record, pupil_id=pupil, legal=True, started_on=date(2026, 9, 1)
                )
            )

    def rows(self, query: str) -> list[Any]:
        """Return the rows of a query, each of which equals a tuple."""
        with self.services.reading() as session:
            return list(session.execute(text(query)).all())

    def one(self, query: str) -> Any:
        """Return the only value of a query."""
        ((value,),) = self.rows(query)
        return value

    def state(self, account_id: int) -> Any:
        """Return the state of an account."""
        return self.one(f"SELECT state FROM accounts WHERE id = {account_id}")

    def trail(self, *kinds: str) -> list[Any]:
        """Return (chain, account, details) of the entries of some kinds, in order."""
        wanted = ", ".join(f"'{kind}'" for kind in kinds)
        return self.rows(
            "SELECT chain, account_id, details FROM trail_entries"
            f" WHERE kind IN ({wanted}) ORDER BY id"
        )

    def is_sound(self, chains: Sequence[int]) -> bool:
        """Tell whether chains verify."""
        pen = self.services.author(NOW).pen
        with self.services.reading() as session:
            return all(first_broken_entry(session, pen, chain) is None for chain in chains)
