"""Opening an office: its database, its key file, the one row that ties them together."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, select, text

from educonnect_admin import databases
from educonnect_admin.confining import acting_operator, confine, refuse_operators
from educonnect_admin.database_troubles import database_words
from educonnect_admin.domain.errors import KeyFileNotSet, NoDatabase, OutdatedDatabase, WrongKey
from educonnect_admin.domain.key_errors import MissingKey
from educonnect_admin.domain.offices import ONLY, Office
from educonnect_admin.domain.trail import OFFICE_CHAIN, Happening, TrailHead, TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.keys import Keyring, create_keyring, read_keyring
from educonnect_admin.migrations import HEAD, upgrade
from educonnect_admin.queries.operators import has_operators
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.settings import Settings

if TYPE_CHECKING:
    from educonnect_admin.office.keeping_keys.key_room import KeyRoom


def open_services(settings: Settings, *, led: bool = False) -> Services:
    """Open an existing office, as far as whoever acts sees it (R-65).

    Args:
        settings: Where, and who acts.
        led: A worker of a campaign that the owner leads, who has been asked who they are.

    Raises:
        UnknownOperator: there are operators, and it is none of them.
        NoDatabase: `init` was never run here.
        OutdatedDatabase: the schema is another version's.
        MissingKeyFile, DamagedKeyFile, WrongKey: the secrets are not those of this office.
        MissingKey: the key file is an older copy.
        DatabaseUnavailable: the database can't be reached.
    """
    url = databases.parse_address(settings.database_url)
    databases.refuse_missing_file(url)
    engine = databases.make_engine(url)
    try:
        shown = databases.shown(settings.database_url)
        with database_words(shown), engine.connect() as connection:
            fingerprint, key_id = _checked_key(connection)
            acting = acting_operator(connection, settings, led=led)
        path = key_path(settings)
        keyring = read_keyring(path)
        if keyring.fingerprint() != fingerprint:
            raise WrongKey(path)
        _refuse_older_file(keyring, key_id)
    except BaseException:
        engine.dispose()
        raise
    if acting is not None:
        confine(engine, acting)
        settings = settings.model_copy(update={"operator": acting.name})
    return Services(settings, engine, keyring, SystemChance(), acting)


def _refuse_older_file(keyring: Keyring, key_id: str | None) -> None:
    """Refuse an older copy of the key file: what the newest key sealed would seem wrong.

    Parents would be told that their password is false.
    """
    if key_id is not None and key_id not in keyring.keys:
        raise MissingKey(keyring.path, key_id)


def _checked_key(connection: Connection) -> tuple[str, str | None]:
    found = databases.schema_version(connection)
    if found is None:
        raise NoDatabase
    if found != HEAD:
        raise OutdatedDatabase(found, HEAD)
    fingerprint = str(connection.scalar(text("SELECT key_fingerprint FROM offices")))
    return fingerprint, newest_key(connection)


def newest_key(connection: Connection) -> str | None:
    """Return the id of the key that last wrote of the office: each new key does at once."""
    of_office = select(TrailHead.key_id).where(TrailHead.chain == OFFICE_CHAIN)
    return connection.scalar(of_office)


def key_room(services: Services, now: datetime) -> "KeyRoom":
    """Return the means of whoever keeps the keys of an open office."""
    # Lazily, as all that needs tables which most commands never look at: each takes its time.
    from educonnect_admin.office.keeping_keys.key_room import KeyRoom

    return KeyRoom(
        transaction=services.transaction,
        reading=services.reading,
        lock=services.lock,
        keyring=services.keyring,
        chance=services.chance,
        author=lambda: services.author(now),
        now=now,
    )


def key_path(settings: Settings) -> Path:
    """Return where the key file lies: where the settings say, else beside the SQLite file.

    Raises:
        KeyFileNotSet: PostgreSQL has no "beside", so the setting is compulsory there.
    """
    if settings.secret_key_file is not None:
        return settings.secret_key_file
    url = databases.parse_address(settings.database_url)
    if url.get_backend_name() == "postgresql":
        raise KeyFileNotSet
    return databases.beside(url, ".key")


def foresee_office(settings: Settings, *, must_exist: bool) -> tuple[str | None, str]:
    """Return the schema that is there (nothing where there is no database) and ours.

    Raises:
        NoDatabase: there is none, and there must be one.
        OwnerOnly, UnknownOperator: it is not the owner of what is there.
        WrongKey, MissingKeyFile, DamagedKeyFile: a database is there, its key is not.
        DatabaseUnavailable: it can't be reached.
    """
    url = databases.parse_address(settings.database_url)
    known = found = None
    try:
        databases.refuse_missing_file(url)
        known, found = _what_is_there(databases.make_engine(url), settings)
    except NoDatabase:
        if must_exist:
            raise
    path = key_path(settings)
    if known and known != read_keyring(path).fingerprint():
        raise WrongKey(path)
    if must_exist and found is None:
        raise NoDatabase
    return found, HEAD


def _what_is_there(engine: Engine, settings: Settings) -> tuple[str | None, str | None]:
    """Return the fingerprint of the key and the schema, and leave no connection behind."""
    try:
        with database_words(databases.shown(settings.database_url)):
            known = _known_fingerprint(engine, settings)
            with engine.connect() as connection:
                return known, databases.schema_version(connection)
    finally:
        engine.dispose()


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
        OwnerOnly, UnknownOperator: it is not the owner of what is there.
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
        with database_words(databases.shown(settings.database_url)):
            known = _known_fingerprint(engine, settings)
            keyring = read_keyring(path) if known or path.exists() else create_keyring(path, chance)
            if known and known != keyring.fingerprint():
                raise WrongKey(path)
            upgrade(engine)
            with engine.connect() as connection:
                _refuse_older_file(keyring, newest_key(connection))
    except BaseException:
        engine.dispose()
        raise
    services = Services(settings, engine, keyring, chance)
    _register_office(services, now)
    _renew_rights(services)
    return services


def _known_fingerprint(engine: Engine, settings: Settings) -> str | None:
    with engine.connect() as connection:
        if databases.schema_version(connection) is None:
            return None
        refuse_operators(connection, settings)
        found = connection.scalar(text("SELECT key_fingerprint FROM offices"))
        return None if found is None else str(found)


def _renew_rights(services: Services) -> None:
    """Make what operators may do anew: an upgrade may have brought tables of its own.

    And their roles, where a backup was restored on a server that does not know them.
    """
    from educonnect_admin.queries.server_rights import let_in

    with services.transaction() as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql" and has_operators(connection):
            let_in(connection)


def _register_office(services: Services, now: datetime) -> None:
    with services.transaction() as session:
        if session.get(Office, ONLY) is None:
            session.add(Office(key_fingerprint=services.keyring.fingerprint(), opened_at=now))
            append_to_trail(session, services.author(now), [Happening(TrailKind.OFFICE_OPENED)])
