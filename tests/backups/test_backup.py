"""A backup under load is one moment of the office, and becomes that office elsewhere."""

import os
import signal
import stat
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin.backups.locking import Passphrase
from educonnect_admin.backups.make import LOCK, back_up
from educonnect_admin.backups.restore import Restored, restore
from educonnect_admin.backups.table_copy import last_numbers
from educonnect_admin.domain.backup_errors import BackupRunning
from educonnect_admin.domain.errors import FileExists
from educonnect_admin.domain.findings import FindingCode
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import CHEAP
from educonnect_admin.office.verify_trail import verify_trail
from educonnect_admin.opening import open_services
from educonnect_admin.queries.file_health import left_behind
from educonnect_admin.queries.trail_list import trail_page
from tests.backups.busy import at_work, working_letters, written
from tests.backups.places import elsewhere
from tests.conftest import NOW
from tests.office.printing import issue
from tests.office.resending import letters_of
from tests.support.households import FAMILIES, add_families, add_school
from tests.support.pdf import letters_under

ODD = "tab\there \\N 'é' \\.\nanother line\\"
PASSPHRASE = Passphrase("quatre mots sans rapport")


def broken(done: Restored) -> set[FindingCode]:
    """Return what is broken in what was restored; the server of the tests is hasty, that apart."""
    assert (done.trail.broken, done.lost) == ([], 0)
    found = {finding.code for finding in done.health.findings if finding.is_broken}
    return found - {FindingCode.UNSAFE_SETTING}


def never() -> Passphrase:
    """Stand for a passphrase that nobody is asked for."""
    raise AssertionError


@pytest.fixture
def printed(services: Services, tmp_path: Path) -> Path:
    """The folder of the letters of an office that has printed for everybody."""
    with services.transaction() as session:
        add_families(session, add_school(session, author=services.author(NOW)), FAMILIES)
    issue(services, tmp_path / "out")
    return tmp_path / "out"


def test_must_show_2_a_backup_under_load_is_an_office_elsewhere(
    services: Services, printed: Path, tmp_path: Path
) -> None:
    """While letters are printed and parents log in; elsewhere each live letter opens, to the last.

    The trail verifies to the heads of that moment, and the office goes on from there.
    """
    (celine,) = [one for one in letters_under(printed) if one.identifier == "celine.dupont"]
    start = written(services)
    with at_work(services, printed, celine):
        _until_both_grow(services, start)
        made = back_up(services, tmp_path / "b" / "nuit.edu", NOW, PASSPHRASE, CHEAP)
        _until_both_grow(services, written(services))

    settings = elsewhere(services, tmp_path / "elsewhere")
    done = restore(settings, made.path, lambda: PASSPHRASE, NOW)

    assert broken(done) == set()
    assert done.trail.entries == made.foot.entries
    assert (done.letters, done.lost) == (5, 0)
    other = open_services(settings)
    try:
        assert working_letters(other, printed) == [True] * 5
        assert all(mine > its for mine, its in zip(written(services), written(other), strict=True))
        assert letters_of(other)[-1].id < letters_of(services)[-1].id + 1
    finally:
        other.close()


def _until_both_grow(services: Services, from_here: tuple[int, int]) -> None:
    for _ in range(600):
        if all(now > then for now, then in zip(written(services), from_here, strict=True)):
            return
        time.sleep(0.05)
    raise AssertionError("the other processes do not write")


def _contents(services: Services) -> dict[str, list[str]]:
    with services.engine.connect() as connection:
        return {
            name: sorted(str(row) for row in connection.execute(text(f"SELECT * FROM {name}")))
            for name in METADATA.tables
        }


@pytest.mark.usefixtures("printed")
def test_a_kill_as_soon_as_it_has_its_name_leaves_the_trail_told(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry goes where the rows go: there is no moment with the rows and without it."""
    made = back_up(services, tmp_path / "b.edu", NOW)
    settings = elsewhere(services, tmp_path / "elsewhere")

    def killed(_: object) -> Services:
        raise KeyboardInterrupt

    monkeypatch.setattr("educonnect_admin.backups.restore.open_services", killed)
    with pytest.raises(KeyboardInterrupt):
        restore(settings, made.path, never, NOW)

    other = open_services(settings)
    with other.reading() as session:
        told = trail_page(session, limit=1).lines[0]
        verdict = verify_trail(session, other.author(NOW).pen)
    other.close()
    assert (told.kind, told.operator) == ("database.restored", "bob")
    assert told.details == {"sha256": made.sha256}
    assert not verdict.broken


def test_what_a_kill_before_it_has_its_name_leaves_is_found_and_in_nobodys_way(
    sqlite_services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told, not yet named: SQLite's journal of the provisional file lies there too, in clear."""
    made = back_up(sqlite_services, tmp_path / "b.edu", NOW)
    settings = elsewhere(sqlite_services, tmp_path / "elsewhere")
    file = Path(settings.database_url)
    monkeypatch.setattr(
        "educonnect_admin.databases.empty_journal", lambda _: os.kill(os.getpid(), signal.SIGKILL)
    )
    if not (child := os.fork()):
        restore(settings, made.path, never, NOW)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    monkeypatch.undo()

    (there,) = left_behind(file)
    assert set(there.names) == {str(one) for one in file.parent.glob("*.part*")}
    assert f"{file}.part-wal" in there.names
    assert not file.exists()
    assert broken(restore(settings, made.path, never, NOW)) == set()
    assert list(left_behind(file)) == []


def test_every_row_comes_back_and_numbers_go_on(
    services: Services, printed: Path, tmp_path: Path
) -> None:
    """Table by table the same, whatever signs are in it; each table counts on from where it was."""
    with services.transaction() as session:
        session.execute(text("UPDATE guardians SET street = :street WHERE id = 1"), {"street": ODD})
    made = back_up(services, tmp_path / "b.edu", NOW)
    before = _contents(services)
    settings = elsewhere(services, tmp_path / "elsewhere")

    restore(settings, made.path, never, NOW)

    other = open_services(settings)
    after = _contents(other)
    if services.engine.dialect.name == "postgresql":
        with other.reading() as session:
            numbers = last_numbers(session)
        # Its own entry apart, which tells of the restoring.
        assert numbers.pop("trail_entries") == made.foot.sequences["trail_entries"] + 1
        assert numbers.items() <= made.foot.sequences.items()
    other.close()
    told = {name for name in before if before[name] != after[name]}
    assert told == {"trail_entries", "trail_heads"}  # each has told of its own part of it


def test_a_backup_is_for_its_owner_alone_and_replaces_nothing(
    services: Services, tmp_path: Path
) -> None:
    """Mode 600 whatever the umask, nothing provisional left, in a folder made for it."""
    umask = os.umask(0)
    try:
        made = back_up(services, tmp_path / "b" / "one.edu", NOW)
    finally:
        os.umask(umask)
    with pytest.raises(FileExists):
        back_up(services, made.path, NOW)

    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert [path.name for path in made.path.parent.iterdir()] == ["one.edu"]
    assert not list(tmp_path.rglob("*.copy"))


def test_nothing_of_anybody_nor_the_key_is_readable_in_an_encrypted_one(
    services: Services, printed: Path, tmp_path: Path
) -> None:
    """A stolen copy tells its date, version and size; the same copy in clear tells the names."""
    clear = back_up(services, tmp_path / "clear.edu", NOW).path.read_bytes()
    closed = back_up(services, tmp_path / "closed.edu", NOW, PASSPHRASE, CHEAP).path.read_bytes()

    for told in (b"celine.dupont", b"Beaucour", b"dupont@example.fr"):
        assert told in clear
        assert told not in closed
    for key in (services.keyring.naming, *services.keyring.keys.values()):
        assert key not in clear
        assert key.hex().encode() not in clear


def test_the_trail_tells_of_each_copy_of_everybody(services: Services, tmp_path: Path) -> None:
    """Who took it and whether it is encrypted; the digest is that of the file."""
    made = back_up(services, tmp_path / "b.edu", NOW, PASSPHRASE, CHEAP)

    with services.reading() as session:
        page = trail_page(session, limit=1)
    (line,) = page.lines
    assert (line.kind, line.operator) == (TrailKind.DATABASE_BACKED_UP, "alice")
    assert line.details == {"encrypted": 1, "sha256": made.sha256}


def test_two_backups_at_once_are_refused(services: Services, tmp_path: Path) -> None:
    """The second one would take the copy of the first."""
    with services.lock(LOCK), pytest.raises(BackupRunning):
        back_up(services, tmp_path / "b.edu", NOW)

    assert not (tmp_path / "b.edu").exists()
