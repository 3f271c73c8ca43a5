"""What is not whole, not ours or not to be overwritten is refused, and leaves nothing behind."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from educonnect_admin import databases
from educonnect_admin.backups.frames import FOOT, TABLE, FrameReader, FrameWriter
from educonnect_admin.backups.heads import BackupHead, Lock
from educonnect_admin.backups.locking import Passphrase, key_of
from educonnect_admin.backups.make import back_up
from educonnect_admin.backups.read import read_backup
from educonnect_admin.backups.restore import foresee_restore, restore
from educonnect_admin.domain.backup_errors import (
    BackupDamage,
    BackupOfAnotherKey,
    BackupOfAnotherKind,
    DamagedBackup,
    PlaceNotEmpty,
    RestoreRunning,
    WrongPassphrase,
)
from educonnect_admin.domain.errors import EduConnectError, OutdatedDatabase
from educonnect_admin.edge import Services
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.hashing import CHEAP
from educonnect_admin.gateways.keys import create_keyring
from educonnect_admin.settings import Settings
from tests.backups.places import elsewhere
from tests.backups.test_backup import PASSPHRASE
from tests.conftest import NOW
from tests.support.households import FAMILIES, add_families, add_school

FAR = 10**9
WRONG = Passphrase("quatre mots sans rapports")


def ask() -> Passphrase:
    """Type the passphrase."""
    return PASSPHRASE


@pytest.fixture
def people(services: Services) -> Services:
    """An office with the three families."""
    with services.transaction() as session:
        add_families(session, add_school(session, author=services.author(NOW)), FAMILIES)
    return services


def is_empty(settings: Settings) -> bool:
    """Tell whether there is nothing at a place, the key file and the locks apart."""
    url = databases.parse_address(settings.database_url)
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database))
        there = {one.name for one in path.parent.iterdir()}
        return there <= {"other.key", "other.sqlite.locks"}
    engine = databases.make_engine(url)
    names = inspect(engine).get_table_names()
    engine.dispose()
    return not names


def _refused(settings: Settings, path: Path, who: Callable[[], Passphrase]) -> EduConnectError:
    with pytest.raises(EduConnectError) as refused:
        restore(settings, path, who, NOW)
    assert is_empty(settings)
    return refused.value


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE], ids=["clear", "encrypted"])
def test_must_show_2_a_damaged_backup_is_refused(
    people: Services, tmp_path: Path, passphrase: Passphrase | None
) -> None:
    """A flipped bit anywhere, an end cut anywhere, something behind: told, and nothing written."""
    made = back_up(people, tmp_path / "b.edu", NOW, passphrase, CHEAP)
    whole, bad = made.path.read_bytes(), tmp_path / "bad.edu"
    settings = elsewhere(people, tmp_path / "elsewhere")
    places = [*range(19, 60, 7), *range(60, len(whole), len(whole) // 40), len(whole) - 1]

    for place in places:
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        found = _damage(people, bad)
        assert found is BackupDamage.ALTERED, place
    for place in places:
        bad.write_bytes(whole[:place])
        assert _damage(people, bad) is BackupDamage.CUT, place
    bad.write_bytes(whole + b"\n")
    refused = _refused(settings, bad, ask)
    assert isinstance(refused, DamagedBackup)
    assert refused.damage is BackupDamage.ALTERED


def _damage(services: Services, path: Path) -> BackupDamage:
    with pytest.raises(DamagedBackup) as refused:
        read_backup(path, services.keyring, ask=ask)
    return refused.value.damage


def test_frames_that_changed_places_are_refused(people: Services, tmp_path: Path) -> None:
    """Each frame by itself is ours; their order is not."""
    made = back_up(people, tmp_path / "b.edu", NOW, PASSPHRASE, CHEAP)
    whole = made.path.read_bytes()
    lines = whole.split(b"\n", 2)
    head, frames = b"\n".join(lines[:2]) + b"\n", _frames(lines[2])
    assert len(frames) >= 2
    (tmp_path / "moved.edu").write_bytes(head + b"".join([frames[1], frames[0], *frames[2:]]))
    (tmp_path / "without.edu").write_bytes(head + b"".join(frames[1:]))

    assert _damage(people, tmp_path / "moved.edu") is BackupDamage.ALTERED
    assert _damage(people, tmp_path / "without.edu") is BackupDamage.ALTERED


def _frames(rest: bytes) -> list[bytes]:
    found = []
    while rest:
        length = 9 + int.from_bytes(rest[1:5], "big")
        found.append(rest[:length])
        rest = rest[length:]
    return found


def test_a_whole_but_forged_backup_is_refused(sqlite_services: Services, tmp_path: Path) -> None:
    """Content and digests agree; only the key file could have closed the foot."""
    forger = create_keyring(tmp_path / "forger.key", SystemChance())
    made = back_up(sqlite_services, tmp_path / "b.edu", NOW)
    whole = made.path.read_bytes()
    seal = sqlite_services.keyring.lasting_digest("backup", made.foot.text())
    forged = forger.lasting_digest("backup", made.foot.text())
    made.path.write_bytes(whole.replace(seal.encode(), forged.encode()))

    assert seal.encode() in whole
    assert _damage(sqlite_services, made.path) is BackupDamage.ALTERED


@pytest.mark.parametrize("kind", [TABLE, FOOT])
def test_brackets_without_end_in_a_backup_are_damage(
    kind: bytes, sqlite_services: Services, tmp_path: Path
) -> None:
    """What no parser follows to its end is refused in words like any other change."""
    made = back_up(sqlite_services, tmp_path / "b.edu", NOW)
    head = made.path.read_bytes().split(b"\n")[1]
    with made.path.open("wb") as file:
        writer = FrameWriter(file, BackupHead.of_line(head), key=None)
        writer.write(kind, b"[" * 50_000)
        if kind != FOOT:
            writer.write(FOOT, b"{}")

    assert _damage(sqlite_services, made.path) is BackupDamage.ALTERED


def test_brackets_without_end_in_a_head_are_another_format(
    sqlite_services: Services, tmp_path: Path
) -> None:
    """The head is read before anything says whose it is."""
    line = b"[" * 4000 + b"\n"
    path = tmp_path / "b.edu"
    path.write_bytes(b"EDUCONNECT-BACKUP 1 %s\n" % sha256(line).hexdigest().encode() + line)

    assert _damage(sqlite_services, path) is BackupDamage.OTHER_FORMAT


def test_a_wrong_passphrase_or_key_is_told_apart_from_damage(
    people: Services, tmp_path: Path
) -> None:
    """Each has its own refusal, and the place stays empty."""
    made = back_up(people, tmp_path / "b.edu", NOW, PASSPHRASE, CHEAP)
    settings = elsewhere(people, tmp_path / "elsewhere")

    assert isinstance(_refused(settings, made.path, lambda: WRONG), WrongPassphrase)
    assert settings.secret_key_file is not None
    settings.secret_key_file.unlink()
    create_keyring(settings.secret_key_file, SystemChance())
    assert isinstance(_refused(settings, made.path, ask), BackupOfAnotherKey)


def test_what_is_no_backup_or_of_a_later_version_is_told_so(
    sqlite_services: Services, tmp_path: Path
) -> None:
    """A letter, an empty file, a format or a schema that is not known yet."""
    settings = elsewhere(sqlite_services, tmp_path / "elsewhere")
    (tmp_path / "lettre.pdf").write_bytes(b"%PDF-1.7\n" * 9)
    (tmp_path / "vide").touch()
    made = back_up(sqlite_services, tmp_path / "b.edu", NOW)
    later = made.path.read_bytes().replace(b"BACKUP 1 ", b"BACKUP 2 ", 1)
    (tmp_path / "later.edu").write_bytes(later)

    for name, damage in (
        ("lettre.pdf", BackupDamage.NOT_A_BACKUP),
        ("vide", BackupDamage.NOT_A_BACKUP),
        ("later.edu", BackupDamage.OTHER_FORMAT),
    ):
        refused = _refused(settings, tmp_path / name, ask)
        assert isinstance(refused, DamagedBackup)
        assert refused.damage is damage


def test_a_place_with_anything_in_it_is_refused(people: Services, tmp_path: Path) -> None:
    """The office itself, and on SQLite the other half of a former file."""
    made = back_up(people, tmp_path / "b.edu", NOW)
    with pytest.raises(PlaceNotEmpty):
        restore(people.settings, made.path, ask, NOW)
    settings = elsewhere(people, tmp_path / "elsewhere")
    if "://" in settings.database_url:
        engine = databases.make_engine(databases.parse_address(settings.database_url))
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE somebody_s (id int)"))
        engine.dispose()
    else:
        Path(settings.database_url + "-wal").touch()

    with pytest.raises(PlaceNotEmpty):
        restore(settings, made.path, ask, NOW)


def test_a_backup_goes_to_its_own_kind_of_database(
    sqlite_services: Services, postgres_socket: str, tmp_path: Path
) -> None:
    """SQLite's pages are no rows for PostgreSQL."""
    from tests.support.postgres import new_database

    made = back_up(sqlite_services, tmp_path / "b.edu", NOW)
    settings = sqlite_services.settings.model_copy(
        update={"database_url": new_database(postgres_socket)}
    )

    assert isinstance(_refused(settings, made.path, ask), BackupOfAnotherKind)


def test_a_dry_run_says_that_it_would_go_and_writes_nothing(
    people: Services, tmp_path: Path
) -> None:
    """The backup is read to its end and put there, and nothing of it stays."""
    made = back_up(people, tmp_path / "b.edu", NOW)
    settings = elsewhere(people, tmp_path / "elsewhere")

    found, _ = foresee_restore(settings, made.path, ask, NOW)

    assert (found.sha256, found.foot) == (made.sha256, made.foot)
    assert is_empty(settings)
    assert not list((tmp_path / "elsewhere").glob("*.locks"))


def test_a_second_restore_to_the_same_place_is_refused(people: Services, tmp_path: Path) -> None:
    """While the passphrase of the first is typed, say; the first is whole all the same."""
    made = back_up(people, tmp_path / "b.edu", NOW, PASSPHRASE, CHEAP)
    settings = elsewhere(people, tmp_path / "elsewhere")
    refused: list[EduConnectError] = []

    def meanwhile() -> Passphrase:
        refused.append(_refused(settings, made.path, ask))
        return PASSPHRASE

    done = restore(settings, made.path, meanwhile, NOW)

    assert [type(one) for one in refused] == [RestoreRunning]
    assert done.trail.broken == []


def test_a_dry_run_leaves_no_folder(sqlite_services: Services, tmp_path: Path) -> None:
    """Those that lead to the place are gone again."""
    made = back_up(sqlite_services, tmp_path / "b.edu", NOW)
    settings = sqlite_services.settings.model_copy(
        update={
            "database_url": str(tmp_path / "far" / "away" / "db.sqlite"),
            "secret_key_file": sqlite_services.keyring.path,
        }
    )

    foresee_restore(settings, made.path, ask, NOW)

    assert not (tmp_path / "far").exists()


def test_a_schema_that_is_not_known_yet_is_refused(
    sqlite_services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer program wrote it: this one could not even say what is missing."""
    monkeypatch.setattr(Services, "schema_version", lambda _: "9999")
    made = back_up(sqlite_services, tmp_path / "b.edu", NOW)

    refused = _refused(elsewhere(sqlite_services, tmp_path / "elsewhere"), made.path, ask)
    assert isinstance(refused, OutdatedDatabase)


def test_a_head_cannot_ask_for_all_the_memory() -> None:
    """Whoever forges the cost of the passphrase stops nobody's machine."""
    lock = Lock(salt="00" * 32, memory_kib=FAR, passes=3, lanes=4, check="")

    with pytest.raises(ValueError, match="cost"):
        key_of(lock, PASSPHRASE)


def test_a_disk_that_is_full_leaves_nothing(
    people: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither half a backup, nor the copy beside the database."""
    import errno

    from educonnect_admin.backups.frames import FrameWriter
    from educonnect_admin.domain.errors import UnwritableFolder

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(FrameWriter, "write", full)
    with pytest.raises(UnwritableFolder):
        back_up(people, tmp_path / "b" / "b.edu", NOW)

    assert list((tmp_path / "b").iterdir()) == []
    assert not list(tmp_path.rglob("*.copy"))


def test_a_head_says_nothing_of_anybody(sqlite_services: Services, tmp_path: Path) -> None:
    """What stands in clear before an encrypted content: versions, a date, fingerprints."""
    made = back_up(sqlite_services, tmp_path / "b.edu", NOW, PASSPHRASE, CHEAP)

    with made.path.open("rb") as file:
        reader = FrameReader(file, made.path)
        kinds = [kind for kind, _ in reader.frames(made.key)]
    assert kinds[-1] == FOOT
    assert set(BackupHead.__dataclass_fields__) == {
        "product", "made_at", "database", "schema", "office", "key_id", "lock",
    }  # fmt: skip
