"""An office whose parents are all active and may all log in, each with a visit in hand."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.filling import fill
from benchmarks.measuring import cores
from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.services import Service
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services, clock
from educonnect_admin.gateways.hashing import owner_of_account
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.parents.coming_in import come_in

PASSWORD = "Parent2026"
"""Of people who do not exist."""


def fill_with_parents(office: Services, number: int) -> tuple[list[str], list[str]]:
    """Fill an empty office; return the identifiers, and the tokens of as many visits."""
    fill(office, number, school_size=number)
    with office.transaction() as session:
        school = session.scalars(select(School)).one()
        author = office.author(clock())
        generate_accounts(session, school, stem_digest=office.keyring.stem_digest, author=author)
        session.add(Service(code="livret", label="Livret Scolaire", url="https://livret.test/"))
    with office.reading() as session:
        numbers = list(session.scalars(select(Account.id).order_by(Account.id)))

    def seal(account_id: int) -> bytes:
        return office.vault.seal(PASSWORD, owner_of_account(account_id))

    with ThreadPoolExecutor(cores()) as threads:
        sealed = dict(zip(numbers, threads.map(seal, numbers), strict=True))
    with office.transaction() as session:
        accounts = list(session.scalars(select(Account).order_by(Account.id)))
        tokens = [_activate(office, session, one, sealed[one.id]) for one in accounts]
        identifiers = [one.identifier for one in accounts]
    with office.engine.connect() as connection:
        # As the server does by itself within a minute; plans made in the dark are others.
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    return identifiers, tokens


def _activate(office: Services, session: Session, account: Account, sealed: bytes) -> str:
    now = clock()
    account.state, account.journey, account.activated_at = AccountState.ACTIVE, Journey.LETTER, now
    account.email = f"parent{account.id}@example.fr"
    account.email_confirmed_at = account.password_set_at = now
    account.password_hash = sealed
    return come_in(session, office.means(now), account, Entry.PASSWORD)
