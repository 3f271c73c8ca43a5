"""What the office itself has written, and anybody may have changed since."""

import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from educonnect_admin.backups.frames import DATA, FOOT, TABLE, FrameWriter
from educonnect_admin.backups.heads import BackupFoot, BackupHead
from educonnect_admin.backups.locking import Passphrase, new_lock
from educonnect_admin.backups.read import SEAL_USE, read_backup
from educonnect_admin.domain.backup_errors import (
    BackupOfAnotherKey,
    DamagedBackup,
    WrongPassphrase,
)
from educonnect_admin.domain.errors import BadPlan, DamagedKeyFile, MissingKeyFile
from educonnect_admin.domain.manifest_errors import BadManifest
from educonnect_admin.domain.trail import Author
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.hashing import Cost
from educonnect_admin.gateways.keys import Keyring, TrailPen, create_keyring, read_keyring
from educonnect_admin.gateways.sealing import KeyringSealer
from educonnect_admin.letters.manifest import (
    CampaignManifest,
    campaign_manifest,
    listed_school,
    school_manifest,
)
from educonnect_admin.letters.manifest_reading import read_manifest
from educonnect_admin.office.importing.plan_file import open_plan, plan_of, seal_plan
from educonnect_admin.office.importing.roster_plan import RosterPlan
from tests.conftest import NOW
from tests.fuzz.target import Read, Target
from tests.support.households import CHARLEMAGNE
from tests.support.manifests import school_line

_JSON = (
    b"null", b"true", b"-1", b"1e400", b"NaN", b'""', b"{}", b"[]", b'"\\ud800"', b'"\\u0000"',
    b'"a":', b",",
)  # fmt: skip
_PLAN = RosterPlan(
    school_id=1, today=NOW.date(), files=(), classes=("CP A",), pupils=(), departures=(),
    guardians=(), links=(), questions=(), answered=(), problems=(), unchanged_links=0,
    departed_guardians=0, enrolled=0, covered_links=0,
)  # fmt: skip


@contextmanager
def _author() -> Iterator[Author]:
    """Give somebody whose key nobody else has: what another one sealed is forged."""
    with tempfile.TemporaryDirectory() as folder:
        chance = SystemChance()
        pen = TrailPen(create_keyring(Path(folder) / "key", chance), chance)
        yield Author("alice", NOW, pen)


def _plan_files() -> Iterator[bytes]:
    with _author() as author:
        yield seal_plan(_PLAN, CHARLEMAGNE, "0" * 64, author)


@contextmanager
def _plans() -> Iterator[Read]:
    """No plan that another office has sealed is ever opened; what one says is read strictly."""
    with _author() as author:

        def read(data: bytes) -> None:
            with suppress(ValueError):
                plan_of(data.partition(b"\n")[2])
            open_plan(Path("plan"), data, author)
            raise AssertionError("a plan that we did not seal was opened")

        yield read


def _manifests() -> Iterator[bytes]:
    school = school_manifest(school_line(), NOW)
    yield school
    listed = listed_school(school_line(), school)
    yield campaign_manifest(
        CampaignManifest(academy="70", made_at=NOW, schools=[listed], beside=["bilan.xlsx"])
    )


@contextmanager
def _read_manifests() -> Iterator[Read]:
    def read(data: bytes) -> None:
        read_manifest(data, Path("manifeste.json"))

    yield read


def _key_files() -> Iterator[bytes]:
    secret = "A" * 43 + "="
    keys = [{"id": "k1", "secret": secret}, {"id": "k2", "secret": secret}]
    yield json.dumps({"naming": secret, "keys": keys}).encode()


@contextmanager
def _read_keys() -> Iterator[Read]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "key"

        def read(data: bytes) -> None:
            path.write_bytes(data)
            read_keyring(path).derived("trail")

        yield read


def _seals() -> Iterator[bytes]:
    yield b"k1:" + bytes(40)
    yield b"k1:" + bytes(12)


@contextmanager
def _open_seals() -> Iterator[Read]:
    """Cookies, visits, the outbox, the last import: nothing forged is ever opened."""
    with tempfile.TemporaryDirectory() as folder:
        chance = SystemChance()
        keyring = create_keyring(Path(folder) / "key", chance)
        sealer = KeyringSealer(keyring, chance, "device")

        def read(data: bytes) -> None:
            opened = sealer.open(data, "device")
            raise AssertionError(f"a forged seal was opened: {opened!r}")

        yield read


_PHRASE = Passphrase("huit mots que personne ne devine")
_PART = b"\n--\n"
"""Between the pieces of a backup's content, as a case of the fuzzer gives them."""


def _backup_key() -> Keyring:
    """Return a key file that is the same each time: seeds are made in another process."""
    folder = Path(tempfile.mkdtemp())
    path = folder / "key"
    path.write_bytes(next(_key_files()))
    try:
        return read_keyring(path)
    finally:
        path.unlink()
        folder.rmdir()


def _head(keyring: Keyring, *, locked: bool) -> tuple[BackupHead, bytes | None]:
    cheap = Cost(memory_kib=64, passes=1, lanes=1)
    lock, key = new_lock(_PHRASE, SystemChance(), cheap) if locked else (None, None)
    head = BackupHead(
        product="1", made_at=NOW.isoformat(), database="sqlite", schema="0001",
        office=keyring.fingerprint(), key_id=keyring.current, lock=lock,
    )  # fmt: skip
    return head, key


def _backup(keyring: Keyring, *, locked: bool) -> bytes:
    head, key = _head(keyring, locked=locked)
    file = io.BytesIO()
    writer = FrameWriter(file, head, key)
    writer.write(TABLE, json.dumps({"table": "pupils"}).encode())
    writer.write(DATA, b"1\tKevin\n2\tLina\n")
    foot = BackupFoot(
        content=writer.digest(), entries=0, heads={}, rows={"pupils": 2}, sequences={"pupils": 2}
    ).text()
    seal = keyring.lasting_digest(SEAL_USE, foot)
    writer.write(FOOT, json.dumps({"foot": foot, "seal": seal}).encode())
    return file.getvalue()


def _backups() -> Iterator[bytes]:
    keyring = _backup_key()
    yield _backup(keyring, locked=False)
    yield _backup(keyring, locked=True)
    yield _PART.join([
        TABLE + b'{"table": "pupils"}', DATA + b"1\tKevin\n",
        FOOT + b'{"foot": "{\\"content\\": \\"\\", \\"entries\\": 0}", "seal": "00"}',
    ])  # fmt: skip


def _framed(content: bytes, keyring: Keyring) -> bytes:
    """Put a case into frames whose sums are right: else nothing behind the sums is ever read."""
    head, key = _head(keyring, locked=False)
    file = io.BytesIO()
    writer = FrameWriter(file, head, key)
    for part in content.split(_PART):
        writer.write(part[:1] or DATA, part[1:])
    return file.getvalue()


@contextmanager
def _read_backups() -> Iterator[Read]:
    """A backup is the one that was written, or it is refused."""
    keyring = _backup_key()
    refused = (DamagedBackup, WrongPassphrase, BackupOfAnotherKey)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "backup"

        def read(data: bytes) -> None:
            path.write_bytes(_framed(data, keyring))
            with suppress(*refused):
                raise AssertionError(f"opened: {read_backup(path, keyring)!r}")
            path.write_bytes(data)
            found = read_backup(path, keyring, ask=lambda: _PHRASE)
            assert found.foot.rows == {"pupils": 2}, "a forged backup was opened"

        yield read


PAPERS = (
    Target(name="plans", what="files of plans, and what a plan says", seeds=_plan_files,
           open=_plans, refusals=(BadPlan,), words=_JSON),
    Target(name="manifests", what="manifests of folders and campaigns", seeds=_manifests,
           open=_read_manifests, refusals=(BadManifest,), words=_JSON),
    Target(name="keys", what="key files", seeds=_key_files, open=_read_keys,
           refusals=(DamagedKeyFile, MissingKeyFile), words=_JSON),
    Target(name="backups", what="backups, as files and frame by frame", seeds=_backups,
           open=_read_backups, refusals=(DamagedBackup, WrongPassphrase, BackupOfAnotherKey),
           words=(*_JSON, _PART, TABLE, DATA, FOOT)),
    Target(name="seals", what="sealed cookies, visits, messages", seeds=_seals, open=_open_seals,
           refusals=(KeyError, ValueError), words=(b"k1", b":", b"k2")),
)  # fmt: skip
