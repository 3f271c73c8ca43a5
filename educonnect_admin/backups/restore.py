"""Put a backup into an empty place, then look whether everything in it holds."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL, Connection, Engine, func, select
from sqlalchemy.orm import Session

from educonnect_admin import databases
from educonnect_admin.backups.frames import TABLE
from educonnect_admin.backups.locking import Passphrase
from educonnect_admin.backups.place import COMPANIONS, held_place
from educonnect_admin.backups.read import ReadBackup, read_backup
from educonnect_admin.backups.sqlite_copy import refuse_damaged, still_engine
from educonnect_admin.backups.table_copy import go_on_after, write_one_way, write_table
from educonnect_admin.check_database import check_database
from educonnect_admin.confining import refuse_operators
from educonnect_admin.domain.backup_errors import BackupOfAnotherKind, PlaceNotEmpty
from educonnect_admin.domain.errors import FileExists, OutdatedDatabase, UnwritableFolder
from educonnect_admin.domain.findings import Health
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.domain.trail_breaks import KeptHead
from educonnect_admin.edge import Services
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.keys import read_keyring
from educonnect_admin.migrations import HEAD, knows, upgrade, upgrade_within
from educonnect_admin.office.printing.letter_folder import part_of, publish_part
from educonnect_admin.office.verify_trail import TrailVerdict
from educonnect_admin.opening import key_path, open_services
from educonnect_admin.queries.operators import has_operators
from educonnect_admin.queries.server_rights import let_in
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.trail_check import check_chains
from educonnect_admin.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and how it is.

    Attributes:
        backup: what was read.
        trail: every chain, followed to its end and compared with the heads in the backup.
        letters: how many letters live.
        lost: how many of them no key of the key file opens: they don't work (R-14).
        health: what `database check` finds.
        shut_out: whether the server refused to let the operators in (R-65).
    """

    backup: ReadBackup
    trail: TrailVerdict
    letters: int
    lost: int
    health: Health
    shut_out: bool

    @property
    def is_sound(self) -> bool:
        """Whether the trail verifies, every live letter works and nothing is broken."""
        return not (self.trail.broken or self.lost or self.health.is_broken)


class Foreseen(NamedTuple):
    """What a restore would do: the backup, and whether the server would shut the operators out."""

    backup: ReadBackup
    shut_out: bool


class _Put(NamedTuple):
    """What was put back, before anybody has looked at it."""

    backup: ReadBackup
    shut_out: bool
    trail: TrailVerdict


def foresee_restore(
    settings: Settings, path: Path, ask: Callable[[], Passphrase], now: datetime
) -> Foreseen:
    """Read a backup to its end and put it into this place, then undo that: nothing stays.

    Args:
        settings: The place: the address of the database and the key file.
        path: The backup.
        ask: Gives the passphrase of an encrypted one.
        now: The moment of the command.

    Raises:
        As `restore`.
    """
    put = _put_back(settings, path, ask, now, dry_run=True)
    return Foreseen(put.backup, put.shut_out)


def restore(
    settings: Settings, path: Path, ask: Callable[[], Passphrase], now: datetime
) -> Restored:
    """Put a backup into an empty place: all of it, or nothing; then check what is there.

    One of an earlier version is brought up to date. The trail is told in the same breath: a
    kill never leaves a database that was restored and does not say so.

    Args:
        settings: The place; the key file must lie there already.
        path: The backup.
        ask: Gives the passphrase of an encrypted one.
        now: The moment of the command.

    Raises:
        MissingKeyFile, DamagedKeyFile, BackupOfAnotherKey: the key file is not the one needed.
        DamagedBackup, WrongPassphrase: it can't be read to its end.
        BackupOfAnotherKind, OutdatedDatabase: it does not go into this database.
        PlaceNotEmpty, RestoreRunning: something is there already, or on its way there.
        UnwritableFolder: there is no room.
        OwnerOnly, UnknownOperator: there are operators in it, and it is not the owner's name.
        DatabaseUnavailable: the server can't be reached.

    Rules: R-14, R-63, R-65.
    """
    backup, shut_out, trail = _put_back(settings, path, ask, now)
    services = open_services(settings)
    try:
        letters, lost = _letters(services)
    finally:
        services.close()
    return Restored(backup, trail, letters, lost, check_database(settings, now), shut_out)


def _put_back(
    settings: Settings,
    path: Path,
    ask: Callable[[], Passphrase],
    now: datetime,
    *,
    dry_run: bool = False,
) -> _Put:
    keyring = read_keyring(key_path(settings))
    with held_place(settings) as engine:
        backup = read_backup(path, keyring, ask=ask)
        if backup.head.database != engine.dialect.name:
            raise BackupOfAnotherKind(path, backup.head.database)
        if not knows(backup.head.schema):
            raise OutdatedDatabase(None, HEAD)
        if backup.head.database == "sqlite":
            part = databases.make_engine(_address_of_part(settings))
            services = Services(settings, part, keyring, SystemChance())
            return _put_file(services, backup, now, dry_run=dry_run)
        services = Services(settings, engine, keyring, SystemChance())
        return _put_tables(services, backup, now, dry_run=dry_run)


def _put_file(services: Services, backup: ReadBackup, now: datetime, *, dry_run: bool) -> _Put:
    """Make it whole under another name; `services` are those of the file of this name."""
    path = Path(str(databases.parse_address(services.settings.database_url).database))
    try:
        _write_part(path, backup)
        _bring_up_to_date(services.engine, backup.head.schema)
        _refuse_operators_in(part_of(path), services.settings)
        with services.transaction() as session:
            trail = _told(session, services, backup, now)
        databases.empty_journal(services.engine)
        services.close()
        if not dry_run:
            publish_part(path)
        return _Put(backup, shut_out=False, trail=trail)
    except FileExists:
        raise PlaceNotEmpty from None
    except OSError as error:
        raise UnwritableFolder(path.parent, error.errno) from error
    finally:
        services.close()
        with suppress(OSError):
            _remove_part(path)


def _address_of_part(settings: Settings) -> URL:
    path = Path(str(databases.parse_address(settings.database_url).database))
    return URL.create("sqlite", database=str(part_of(path)))


def _remove_part(path: Path) -> None:
    for suffix in COMPANIONS:
        Path(f"{part_of(path)}{suffix}").unlink(missing_ok=True)


def _write_part(path: Path, backup: ReadBackup) -> None:
    part = part_of(path)
    _remove_part(path)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for _, content in backup.frames():
            file.write(content)
        file.flush()
        os.fsync(file.fileno())
    refuse_damaged(part)


def _bring_up_to_date(engine: Engine, schema: str) -> None:
    """Do it before the file has its name: a step that fails, or a kill, leaves nothing there."""
    if schema != HEAD:
        upgrade(engine)
        databases.empty_journal(engine)
        engine.dispose()


def _refuse_operators_in(part: Path, settings: Settings) -> None:
    """Refuse before the file has its name what would be refused when it is opened."""
    engine = still_engine(part)
    try:
        with engine.connect() as connection:
            refuse_operators(connection, settings)
    finally:
        engine.dispose()


def _put_tables(services: Services, backup: ReadBackup, now: datetime, *, dry_run: bool) -> _Put:
    """Make schema and rows in one transaction: a server that goes away leaves nothing."""
    with services.transaction(founding=True, dry_run=dry_run) as session:
        upgrade_within(session.connection(), backup.head.schema)
        write_one_way(session)
        frames = iter(backup.frames())
        for description, blocks in _by_table(frames):
            write_table(session, description, blocks)
        go_on_after(session, backup.foot.sequences)
        connection = session.connection()
        upgrade_within(connection)
        refuse_operators(connection, services.settings)
        connection.exec_driver_sql("ANALYZE")
        trail = _told(session, services, backup, now)
        return _Put(backup, shut_out=not _let_in(connection), trail=trail)


def _let_in(connection: Connection) -> bool:
    """Make roles, policies and grants of the operators: a backup has none of the server's.

    A server that refuses does not undo the rest: whoever owns the office can work already.
    """
    return not has_operators(connection) or databases.is_let(connection, let_in)


def _by_table(
    frames: Iterator[tuple[bytes, bytes]],
) -> Iterator[tuple[bytes, Iterator[bytes]]]:
    """Yield each table's description and its blocks, to be taken before the next table."""
    description = b""
    for is_table, members in groupby(frames, key=lambda frame: frame[0] == TABLE):
        contents = (content for _, content in members)
        if is_table:
            # Tables without rows follow each other; there is nothing to insert in them.
            *_, description = contents
        else:
            yield description, contents


def _told(session: Session, services: Services, backup: ReadBackup, now: datetime) -> TrailVerdict:
    """Follow every chain as it was, and tell of the restoring unless one is broken."""
    kept = {int(chain): KeptHead(*head) for chain, head in backup.foot.heads.items()}
    author = services.author(now)
    trail = TrailVerdict(list(check_chains(session, author.pen, kept=kept)))
    if not trail.broken:
        details = {"sha256": backup.sha256}
        happening = Happening(TrailKind.DATABASE_RESTORED, details=details)
        append_to_trail(session, author, [happening])
    return trail


def _letters(services: Services) -> tuple[int, int]:
    """Return how many letters live, and how many of them no key of ours opens."""
    hashes = select(Letter.password_hash).where(Letter.ended_at.is_(None))
    with services.reading() as session:
        live = session.scalar(select(func.count()).select_from(hashes.subquery())) or 0
        lost = sum(
            sealed is None
            or sealed.partition(b":")[0].decode("ascii", "replace") not in services.keyring.keys
            for sealed in session.scalars(hashes.execution_options(yield_per=1000))
        )
    return live, lost
