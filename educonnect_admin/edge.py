"""The composition root: engine, transactions, clock, and the real outside world."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from educonnect_admin import databases
from educonnect_admin.domain.errors import (
    DatabaseUnavailable,
    NoDatabase,
    OutdatedDatabase,
    WrongKey,
)
from educonnect_admin.domain.offices import ONLY, Office
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.gateways.chance import Chance, SystemChance
from educonnect_admin.gateways.hashing import CHEAP, OWASP, Argon2Vault, PasswordVault
from educonnect_admin.gateways.keys import Keyring, TrailPen, create_keyring, read_keyring
from educonnect_admin.migrations import HEAD, upgrade
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.settings import Settings

if TYPE_CHECKING:
    from educonnect_admin.office.printing.print_room import PrintRoom


def clock() -> datetime:
    """Return the present moment, aware; read once a command or request (house rule 4)."""
    return datetime.now(UTC)  # noqa: TID251 - the one clock of the product


def available_cores() -> int:
    """Return how many cores this process may use; fewer than the machine has, in a container."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Services:
    """What use cases are given: a database, secrets, chance."""

    settings: Settings
    engine: Engine
    keyring: Keyring
    chance: Chance

    @cached_property
    def vault(self) -> PasswordVault:
        """What hashes and checks passwords, at the cost the settings ask for."""
        cost = OWASP if self.settings.hashing == "owasp" else CHEAP
        return Argon2Vault(self.keyring, self.chance, cost)

    def author(self, now: datetime) -> Author:
        """Return who acts, for the trail."""
        return Author(self.settings.operator, now, TrailPen(self.keyring, self.chance))

    @contextmanager
    def transaction(self, *, dry_run: bool = False) -> Iterator[Session]:
        """Commit what the block did, or nothing; a dry run keeps nothing.

        Raises:
            DatabaseUnavailable: the database was lost, or refuses to work.
        """
        with (
            _database_words(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin() as transaction,
        ):
            yield session
            if dry_run:
                session.flush()  # let the constraints speak before forgetting
                transaction.rollback()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads: on SQLite it does not hold writers up."""
        reader = self.engine.execution_options(**databases.READ_ONLY)
        with _database_words(), Session(reader) as session, session.begin():
            yield session

    @contextmanager
    def lock(self, name: str) -> Iterator[bool]:
        """Hold a lock that dies with its process; give False if another one holds it."""
        with _database_words(), databases.exclusive(self.engine, name) as held:
            yield held

    def print_room(self, now: datetime) -> "PrintRoom":
        """Return the means of one run of printing.

        Raises:
            BadTemplate: a letter template, ours or the office's, can't be used.
        """
        # Lazily: a PDF press is heavy, and few commands print.
        from educonnect_admin.letters.press import LetterPress
        from educonnect_admin.office.printing.print_room import PrintRoom

        return PrintRoom(
            transaction=self.transaction,
            dry_transaction=partial(self.transaction, dry_run=True),
            reading=self.reading,
            lock=self.lock,
            vault=self.vault,
            chance=self.chance,
            press=LetterPress(self.settings.templates_dir),
            stem_digest=self.keyring.stem_digest,
            portal_url=self.settings.portal_url.rstrip("/"),
            host=gethostname(),
            workers=self.settings.workers or available_cores(),
            author=self.author(now),
        )

    def schema_version(self) -> str:
        """Return the revision of the schema, as the database tells it."""
        with _database_words(), self.engine.connect() as connection:
            return databases.schema_version(connection) or ""

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


@contextmanager
def _database_words() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, sqlite3.DatabaseError) as error:
        # The driver's own error comes from the pragmas: the file is no database.
        raise DatabaseUnavailable from error
    except DBAPIError as error:
        if error.connection_invalidated or type(error) is DatabaseError:
            raise DatabaseUnavailable from error
        raise


def open_services(settings: Settings) -> Services:
    """Open an existing office.

    Raises:
        NoDatabase: `init` was never run here.
        OutdatedDatabase: the schema is another version's.
        MissingKeyFile, DamagedKeyFile, WrongKey: the secrets are not those of this office.
        DatabaseUnavailable: the database can't be reached.
    """
    url = databases.parse_address(settings.database_url)
    databases.refuse_missing_file(url)
    engine = databases.make_engine(url)
    try:
        with _database_words():
            fingerprint = _checked_fingerprint(engine)
        path = key_path(settings)
        keyring = read_keyring(path)
        if keyring.fingerprint() != fingerprint:
            raise WrongKey(path)
    except BaseException:
        engine.dispose()
        raise
    return Services(settings, engine, keyring, SystemChance())


def _checked_fingerprint(engine: Engine) -> str:
    with engine.connect() as connection:
        found = databases.schema_version(connection)
        if found is None:
            raise NoDatabase
        if found != HEAD:
            raise OutdatedDatabase(found, HEAD)
        return str(connection.scalar(text("SELECT key_fingerprint FROM offices")))


def key_path(settings: Settings) -> Path:
    """Return where the key file lies: where the settings say, else beside the SQLite file.

    Raises:
        BadDatabaseAddress: PostgreSQL has no "beside", so the setting is compulsory there.
    """
    if settings.secret_key_file is not None:
        return settings.secret_key_file
    return databases.beside(databases.parse_address(settings.database_url), ".key")


def foresee_office(settings: Settings, *, must_exist: bool) -> tuple[str | None, str]:
    """Return the schema that is there (nothing where there is no database) and ours.

    Raises:
        NoDatabase: there is none, and there must be one.
        DatabaseUnavailable: it can't be reached.
    """
    url = databases.parse_address(settings.database_url)
    key_path(settings)
    found = None
    try:
        databases.refuse_missing_file(url)
        engine = databases.make_engine(url)
        with _database_words(), engine.connect() as connection:
            found = databases.schema_version(connection)
        engine.dispose()
    except NoDatabase:
        if must_exist:
            raise
    if must_exist and found is None:
        raise NoDatabase
    return found, HEAD


def open_office(settings: Settings, now: datetime, *, must_exist: bool = False) -> Services:
    """Make the office, or bring it up to date: key file, database, schema. Safe to repeat.

    The key comes first: a database without its key could never be opened again, a key
    without a database is only a file.

    Args:
        settings: Where.
        now: The moment of the command.
        must_exist: Only bring an existing office up to date.

    Raises:
        NoDatabase: there is none, and there must be one.
        WrongKey, MissingKeyFile, DamagedKeyFile: a database is there, its key is not.
        OutdatedDatabase: the database was made by a newer version.
        UnwritableFolder, DatabaseUnavailable: it can't be made there.
    """
    if must_exist:
        foresee_office(settings, must_exist=True)
    url = databases.parse_address(settings.database_url)
    path = key_path(settings)
    chance = SystemChance()
    databases.create_file(url)
    engine = databases.make_engine(url)
    try:
        with _database_words():
            known = _known_fingerprint(engine)
            keyring = read_keyring(path) if known or path.exists() else create_keyring(path, chance)
            if known and known != keyring.fingerprint():
                raise WrongKey(path)
            upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    services = Services(settings, engine, keyring, chance)
    _register_office(services, now)
    return services


def _known_fingerprint(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if databases.schema_version(connection) is None:
            return None
        found = connection.scalar(text("SELECT key_fingerprint FROM offices"))
        return None if found is None else str(found)


def _register_office(services: Services, now: datetime) -> None:
    with services.transaction() as session:
        if session.get(Office, ONLY) is None:
            session.add(Office(key_fingerprint=services.keyring.fingerprint(), opened_at=now))
            append_to_trail(session, services.author(now), [Happening(TrailKind.OFFICE_OPENED)])
