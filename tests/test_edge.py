"""The composition root: opening, strictness, transactions, locks."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, select, text

from educonnect_admin import databases, migrations
from educonnect_admin.domain.accounts import IdentifierSeries
from educonnect_admin.domain.database_trouble import DatabaseTrouble
from educonnect_admin.domain.errors import (
    BadDatabaseAddress,
    DatabaseUnavailable,
    KeyFileNotSet,
    MissingKeyFile,
    NoDatabase,
    OutdatedDatabase,
    WrongKey,
)
from educonnect_admin.domain.metadata import BESIDE_PREFIX, KEPT_TABLES, METADATA
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.opening import foresee_office, open_office, open_services
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.support.postgres import new_database


def test_opening_an_office_twice_changes_nothing(settings: Settings) -> None:
    """`init` is safe to repeat: the same key, the same single office."""
    open_office(settings, NOW).close()
    key = (settings.secret_key_file or Path()).read_text(encoding="utf-8")

    services = open_office(settings, NOW)

    with services.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM offices")) == 1
        assert session.scalar(text("SELECT count(*) FROM trail_entries")) == 1
    services.close()
    assert (settings.secret_key_file or Path()).read_text(encoding="utf-8") == key


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
def test_the_migrations_make_what_the_classes_say(services: Services) -> None:
    """No table, column or index exists in the code alone or in the database alone."""
    sqlite = services.engine.dialect.name == "sqlite"

    def is_here(_: object, name: str | None, kind: str, *rest: object) -> bool:
        """The index of pg_trgm has no twin on SQLite: there the virtual table does it."""
        return not (sqlite and (kind, name) == ("index", "ix_name_words_trigrams"))

    options = {"include_name": _is_ours, "include_object": is_here}
    with services.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    beside = name in KEPT_TABLES or str(name).startswith(BESIDE_PREFIX)
    return kind != "table" or not beside


def test_head_is_the_last_migration() -> None:
    """The revision this version checks for is that of the last file."""
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert scripts.get_current_head() == migrations.HEAD


def test_database_and_key_are_for_their_owner_alone(sqlite_services: Services) -> None:
    """The SQLite file, its log and the key file are mode 600."""
    database = Path(sqlite_services.settings.database_url)
    with sqlite_services.transaction() as session:
        session.add(School(uai="0140070A", name="Charlemagne"))

    files = [*database.parent.glob("educonnect.sqlite*"), sqlite_services.keyring.path]

    assert len(files) >= 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files if file.is_file()} == {0o600}


def test_a_missing_database_is_refused(sqlite_settings: Settings) -> None:
    """Nothing but `init` makes a database."""
    with pytest.raises(NoDatabase):
        open_services(sqlite_settings)

    assert not Path(sqlite_settings.database_url).exists()


def test_another_key_is_refused(services: Services, tmp_path: Path) -> None:
    """A database opens with the key file it was made with, and no other."""
    other = services.settings.model_copy(update={"secret_key_file": tmp_path / "other.key"})

    with pytest.raises(MissingKeyFile):
        open_services(other)
    with pytest.raises(MissingKeyFile):
        open_office(other, NOW)
    (tmp_path / "elsewhere").mkdir()
    stranger = Settings(
        database_url=str(tmp_path / "elsewhere" / "db.sqlite"),
        secret_key_file=tmp_path / "other.key",
    )
    open_office(stranger, NOW).close()
    with pytest.raises(WrongKey):
        open_services(other)
    with pytest.raises(WrongKey):
        open_office(other, NOW)


def test_a_newer_schema_is_refused(services: Services) -> None:
    """A database made by a later version is left alone, by every command and by `init`."""
    with services.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(OutdatedDatabase):
        open_services(services.settings)
    with pytest.raises(OutdatedDatabase):
        open_office(services.settings, NOW)


@pytest.mark.parametrize(
    "address",
    ["mysql://x/y", "sqlite://", "http://[", "sqlite:///:memory:", "postgresql://h:x\x062/b"],
)
def test_other_databases_are_refused(address: str, tmp_path: Path) -> None:
    """SQLite in a file and PostgreSQL are what there is."""
    settings = Settings(database_url=address, secret_key_file=tmp_path / "k")

    with pytest.raises(BadDatabaseAddress):
        open_services(settings)


def test_a_server_without_the_place_of_a_key_file_is_a_refusal_of_its_own() -> None:
    """It says nothing of the address, which may be right."""
    with pytest.raises(KeyFileNotSet):
        open_office(Settings(database_url="postgresql://alice@localhost/base"), NOW)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("bureau.sqlite", "bureau.sqlite"),
        ("postgresql://a@h/b?host=/tmp/s", "postgresql://a@h/b?host=/tmp/s"),
        ("postgresql://a:secret@h/b", "postgresql://a:***@h/b"),
        ("postgresql://a:se@cret@h:5432/b", "postgresql://a:***@h:5432/b"),
        ("postgresql://h/b?user=a&password=secret&x=1", "postgresql://h/b?user=a&password=***&x=1"),
    ],
)
def test_an_address_is_shown_as_it_was_typed_without_its_password(typed: str, told: str) -> None:
    """What people compare with what they typed must look like it."""
    assert databases.shown(typed) == told


def test_a_dry_run_meets_the_key_that_is_missing(tmp_path: Path) -> None:
    """What it foresees is what would happen: a database whose key is gone is not opened."""
    settings = Settings(database_url=str(tmp_path / "b.sqlite"), hashing="cheap-for-tests")
    services = open_office(settings, NOW)
    services.close()
    assert foresee_office(settings, must_exist=False)[0]
    services.keyring.path.unlink()

    with pytest.raises(MissingKeyFile):
        foresee_office(settings, must_exist=False)


def test_eight_threads_counting_end_at_eight(services: Services) -> None:
    """A counter read, then written, loses nothing: SQLite is strict, PostgreSQL locks rows."""
    with services.transaction() as session:
        session.add(IdentifierSeries(stem_digest="x", highest=0))

    def add_one(_: int) -> None:
        with services.transaction() as session:
            series = session.scalars(select(IdentifierSeries).with_for_update()).one()
            series.highest += 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_one, range(8)))

    with services.reading() as session:
        assert session.scalars(select(IdentifierSeries.highest)).one() == 8


def test_a_dry_run_keeps_nothing(services: Services) -> None:
    """What a dry run wrote is forgotten, after the constraints have spoken."""
    with services.transaction(dry_run=True) as session:
        session.add(School(uai="0140070A", name="Charlemagne"))

    with services.reading() as session:
        assert session.scalars(select(School)).all() == []


def test_a_lock_has_one_holder(services: Services) -> None:
    """The second to ask is told at once, and gets it after the first has let go."""
    with services.lock("school-1") as first, services.lock("school-1") as second:
        assert (first, second) == (True, False)
        with services.lock("school-2") as other:
            assert other

    with services.lock("school-1") as again:
        assert again


def test_foreign_keys_are_enforced(services: Services) -> None:
    """A row that points nowhere is refused, on SQLite too."""
    from sqlalchemy.exc import IntegrityError

    from educonnect_admin.domain.schools import SchoolClass

    with pytest.raises(IntegrityError), services.transaction() as session:
        session.add(SchoolClass(school_id=404, label="CP"))


def _full(services: Services) -> None:
    with services.engine.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
    event.listen(
        services.engine,
        "connect",
        lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages}").close(),
    )
    services.engine.dispose()
    with services.transaction() as session:
        session.execute(text("CREATE TABLE big AS SELECT randomblob(10000000) AS bytes"))


def _not_a_database(services: Services) -> None:
    services.engine.dispose()
    Path(services.settings.database_url).write_bytes(b"x" * 4096)
    with services.reading() as session:
        session.execute(text("SELECT 1 FROM schools"))


def _busy(services: Services) -> None:
    with services.transaction() as first, services.transaction() as second:
        first.execute(text("SELECT 1"))
        second.execute(text("SELECT 1"))


@pytest.mark.parametrize(
    ("accident", "trouble"),
    [
        (_full, DatabaseTrouble.FULL),
        (_not_a_database, DatabaseTrouble.NOT_A_DATABASE),
        (_busy, DatabaseTrouble.BUSY),
    ],
)
def test_an_accident_of_sqlite_is_told_as_what_it_is(
    sqlite_services: Services,
    monkeypatch: pytest.MonkeyPatch,
    accident: Callable[[Services], None],
    trouble: DatabaseTrouble,
) -> None:
    """Disk full, not a database, busy: each has its own code."""
    monkeypatch.setattr("educonnect_admin.databases._BUSY_SECONDS", 0)
    with pytest.raises(DatabaseUnavailable) as refused:
        accident(sqlite_services)

    assert refused.value.trouble is trouble


def test_a_writer_goes_on_as_soon_as_another_office_lets_go(sqlite_services: Services) -> None:
    """Two offices on one file, as two processes are: the second write comes after the first."""
    other = open_services(sqlite_services.settings)
    order: list[str] = []

    def write_second() -> None:
        with other.transaction() as session:
            session.execute(text("SELECT 1"))
            order.append("second")

    with ThreadPoolExecutor(1) as threads:
        with sqlite_services.transaction() as session:
            session.execute(text("SELECT 1"))
            waiting = threads.submit(write_second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.05)
            order.append("first")
        waiting.result(timeout=10)

    assert order == ["first", "second"]
    with other.engine.connect() as connection:  # SQLite's own patience is as it was
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 30_000
    other.close()


def test_a_server_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    """PostgreSQL gives no code to that, and its sentence is not quoted."""
    settings = Settings(
        database_url="postgresql://postgres@/office?host=/nowhere", secret_key_file=tmp_path / "k"
    )

    with pytest.raises(DatabaseUnavailable) as refused:
        open_services(settings)

    assert refused.value.trouble is DatabaseTrouble.UNREACHABLE


def _cut(services: Services) -> None:
    with services.transaction() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        with services.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        session.execute(text("SELECT 1"))


def test_a_connection_cut_by_the_server_is_told_as_lost(
    tmp_path: Path, postgres_socket: str
) -> None:
    """The backend is terminated in the middle of a transaction."""
    settings = Settings(
        database_url=new_database(postgres_socket), secret_key_file=tmp_path / "secret.key"
    )
    office = open_office(settings, NOW)

    with pytest.raises(DatabaseUnavailable) as refused:
        _cut(office)

    assert refused.value.trouble is DatabaseTrouble.LOST
    office.close()
