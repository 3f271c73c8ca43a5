"""A look at the health of an office, even of one that no command can open any more."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from educonnect_admin import databases
from educonnect_admin.confining import refuse_operators
from educonnect_admin.database_troubles import database_words
from educonnect_admin.domain.errors import DamagedKeyFile, MissingKeyFile, NoDatabase
from educonnect_admin.domain.findings import Finding, FindingCode, Health
from educonnect_admin.domain.trail import TrailHead
from educonnect_admin.gateways.keys import read_keyring
from educonnect_admin.migrations import HEAD
from educonnect_admin.opening import key_path, newest_key
from educonnect_admin.queries.file_health import file_findings, left_behind, open_to_others
from educonnect_admin.queries.health import (
    clock_findings,
    contradictions,
    figure_findings,
    missing_parts,
)
from educonnect_admin.queries.server_health import server_findings
from educonnect_admin.settings import Settings

_BLINDING = {FindingCode.OUTDATED_SCHEMA, FindingCode.MISSING_PARTS}
"""What figures are counted from may not be there."""


def check_database(settings: Settings, now: datetime) -> Health:
    """Look at everything that can be wrong with a database; nothing is changed.

    Args:
        settings: Which office.
        now: The moment by this machine's clock, to compare with the server's and with what was
            written last.

    Raises:
        NoDatabase: there is none.
        OwnerOnly, UnknownOperator: it is not the owner who asks.
        DatabaseUnavailable: it can't be reached, or is no database at all.
    """
    url = databases.parse_address(settings.database_url)
    path = key_path(settings)
    databases.refuse_missing_file(url)
    engine = databases.make_engine(url)
    try:
        with (
            database_words(),
            Session(engine.execution_options(**databases.READ_ONLY)) as session,
        ):
            schema = databases.schema_version(session.connection())
            if schema is None:
                raise NoDatabase
            refuse_operators(session.connection(), settings)
            is_file = engine.dialect.name == "sqlite"
            files = [Path(str(url.database))] if is_file else []
            beside = file_findings(session, *files) if is_file else server_findings(session, now)
            found = [*_of_office(session, schema, now), *_of_key(session, path), *beside]
            if not {one.code for one in found} & _BLINDING:
                found += figure_findings(session)
            found += [*open_to_others(*_passphrase_files(settings)), *left_behind(*files, path)]
    finally:
        engine.dispose()
    return Health(schema, found)


def _of_office(session: Session, schema: str, now: datetime) -> Iterator[Finding]:
    if schema != HEAD:
        # What else would be found is what the missing steps are for.
        yield Finding(FindingCode.OUTDATED_SCHEMA, names=(schema, HEAD))
        return
    missing = list(missing_parts(session))
    yield from missing
    if not any(name.startswith(("table", "column")) for one in missing for name in one.names):
        yield from contradictions(session)
        yield from clock_findings(session, now)


def _of_key(session: Session, path: Path) -> Iterator[Finding]:
    try:
        keyring = read_keyring(path)
    except MissingKeyFile:
        yield Finding(FindingCode.MISSING_KEY, names=(str(path),))
        return
    except DamagedKeyFile:
        yield Finding(FindingCode.DAMAGED_KEY, names=(str(path),))
        return
    if keyring.fingerprint() != session.scalar(text("SELECT key_fingerprint FROM offices")):
        yield Finding(FindingCode.WRONG_KEY, names=(str(path),))
    newest = _newest_key(session)
    if newest is not None and newest not in keyring.keys:
        yield Finding(FindingCode.OLDER_KEY_FILE, names=(str(path), newest))
    yield from open_to_others(path)


def _passphrase_files(settings: Settings) -> list[Path]:
    files = (settings.backup_passphrase_file, settings.letters_passphrase_file)
    return list(dict.fromkeys(file for file in files if file is not None))


def _newest_key(session: Session) -> str | None:
    connection = session.connection()
    has_trail = inspect(connection).has_table(TrailHead.__tablename__)
    return newest_key(connection) if has_trail else None
