"""Make a backup: one moment of the whole database, closed, read again, then given its name."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from educonnect_admin import __version__, databases
from educonnect_admin.backups.frames import CHUNK, DATA, FOOT, TABLE, FrameWriter
from educonnect_admin.backups.heads import BackupFoot, BackupHead
from educonnect_admin.backups.locking import EARNEST, Passphrase, new_lock
from educonnect_admin.backups.read import SEAL_USE, ReadBackup, read_backup
from educonnect_admin.backups.sqlite_copy import momentary_copy, still_engine
from educonnect_admin.backups.table_copy import (
    TableReader,
    described,
    last_numbers,
    tables_in_order,
    write_one_way,
)
from educonnect_admin.domain.backup_errors import BackupRunning
from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.domain.trail import Happening, TrailEntry, TrailHead, TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import Cost
from educonnect_admin.office.printing.letter_folder import part_of, remove_part
from educonnect_admin.office.written_files import free_path, publish
from educonnect_admin.queries.trail import append_to_trail

LOCK = "database-backup"


class _Content(NamedTuple):
    """What was written between head and foot."""

    entries: int
    heads: dict[str, tuple[int, str]]
    rows: dict[str, int]
    sequences: dict[str, int]


def back_up(
    services: Services,
    path: Path,
    now: datetime,
    passphrase: Passphrase | None = None,
    cost: Cost = EARNEST,
) -> ReadBackup:
    """Write the whole database, as it is at one moment, to a new file; others go on writing.

    The file is mode 600 and bears its name only once it was read again, to its end, from the
    disk. The key file is not in it.

    Args:
        services: The office.
        path: The file; nothing may bear its name.
        now: The moment of the command.
        passphrase: Encrypts it.
        cost: What a guess at the passphrase costs.

    Raises:
        FileExists, UnwritableFolder: it can't be written there.
        BackupRunning: another one is being made.
        DatabaseUnavailable: the database can't be read, or is damaged.

    Rules: R-5, R-63.
    """
    path = free_path(path)
    with services.lock(LOCK) as held:
        if not held:
            raise BackupRunning
        lock, key = (None, None) if passphrase is None else new_lock(
            passphrase, services.chance, cost
        )  # fmt: skip
        head = BackupHead(
            product=__version__,
            made_at=now.isoformat(),
            database=services.engine.dialect.name,
            schema=services.schema_version(),
            office=services.keyring.fingerprint(),
            key_id=services.keyring.current,
            lock=lock,
        )
        with _removed_unless_whole(path):
            _write(services, path, head, key)
            made = read_backup(part_of(path), services.keyring, key=key)
            publish(path)
    _tell(services, made, now)
    return replace(made, path=path)


@contextmanager
def _removed_unless_whole(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        remove_part(path)
        raise


def _write(services: Services, path: Path, head: BackupHead, key: bytes | None) -> None:
    try:
        remove_part(path)
        descriptor = os.open(part_of(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            _write_frames(services, file, head, key)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UnwritableFolder(path.parent, error.errno) from error


def _write_frames(services: Services, file: BinaryIO, head: BackupHead, key: bytes | None) -> None:
    writer = FrameWriter(file, head, key)
    sqlite = head.database == "sqlite"
    content = (_write_file if sqlite else _write_tables)(services, writer)
    foot = BackupFoot(content=writer.digest(), **content._asdict()).text()
    seal = services.keyring.lasting_digest(SEAL_USE, foot)
    writer.write(FOOT, json.dumps({"foot": foot, "seal": seal}).encode())


def _write_file(services: Services, writer: FrameWriter) -> _Content:
    url = services.engine.url
    with momentary_copy(Path(str(url.database)), databases.beside(url, ".copy")) as copy:
        engine = still_engine(copy)
        with Session(engine) as session:
            content = _Content(*_trail(session), rows={}, sequences={})
        engine.dispose()
        with copy.open("rb") as pages:
            for chunk in iter(partial(pages.read, CHUNK), b""):
                writer.write(DATA, chunk)
    return content


def _write_tables(services: Services, writer: FrameWriter) -> _Content:
    rows: dict[str, int] = {}
    with services.reading() as session:
        write_one_way(session)
        entries, heads = _trail(session)
        for table in tables_in_order():
            writer.write(TABLE, described(table))
            reader = TableReader(session, table)
            for chunk in _chunks(reader.blocks()):
                writer.write(DATA, chunk)
            rows[table.name] = reader.rows
        # Last: a number given meanwhile may be left out, none may be given twice.
        sequences = last_numbers(session)
    return _Content(entries, heads, rows, sequences)


def _chunks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Gather small blocks, so that a frame is worth its overhead."""
    waiting = bytearray()
    for block in blocks:
        waiting += block
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting)


def _trail(session: Session) -> tuple[int, dict[str, tuple[int, str]]]:
    heads = session.execute(select(TrailHead.chain, TrailHead.count, TrailHead.digest))
    entries = session.scalar(select(func.count()).select_from(TrailEntry)) or 0
    return entries, {str(chain): (count, digest) for chain, count, digest in heads}


def _tell(services: Services, made: ReadBackup, now: datetime) -> None:
    """Tell the trail that everything about everybody now lies in another file too."""
    details: dict[str, str | int] = {
        "encrypted": int(made.head.lock is not None),
        "sha256": made.sha256,
    }
    happening = Happening(TrailKind.DATABASE_BACKED_UP, details=details)
    with services.transaction() as session:
        append_to_trail(session, services.author(now), [happening])
