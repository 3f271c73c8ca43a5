"""Fixtures of every test: an office on SQLite, the same on PostgreSQL, a fixed moment."""

import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.opening import key_path, open_office, open_services
from educonnect_admin.settings import Settings
from tests.support.postgres import KeptDatabase, name_of, new_database, running_server
from tests.support.schema import copy_file, migrate

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """A PostgreSQL server of our own, for the whole run."""
    with running_server() as socket:
        yield socket


@pytest.fixture(scope="session")
def postgres_template(postgres_socket: str) -> str:
    """A database of the present schema, to be copied: migrating takes four times as long."""
    url = new_database(postgres_socket)
    migrate(url)
    return name_of(url)


@pytest.fixture(scope="session")
def kept_database(postgres_socket: str, postgres_template: str) -> Iterator[KeptDatabase]:
    """The database of one test after the other."""
    kept = KeptDatabase(postgres_socket, postgres_template)
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as an SQLite file."""
    path = tmp_path_factory.mktemp("template") / "schema.sqlite"
    migrate(str(path))
    return path


@pytest.fixture(scope="session")
def new_office(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Settings:
    """The settings of an office as `init` leaves it; it is copied, never worked in."""
    folder = tmp_path_factory.mktemp("new_office")
    made = Settings(
        database_url=str(folder / "office.sqlite"),
        secret_key_file=folder / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
    )
    copy_file(sqlite_template, Path(made.database_url))
    open_office(made, NOW).close()
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any schema, on each of the two."""
    if request.param == "sqlite":
        return str(tmp_path / "empty.sqlite")
    return new_database(request.getfixturevalue("postgres_socket"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, on each of the two; PostgreSQL's has its schema already."""
    if request.param == "sqlite":
        return str(tmp_path / "office" / "educonnect.sqlite")
    kept: KeptDatabase = request.getfixturevalue("kept_database")
    return kept.emptied()


def _elsewhere(office: Settings, address: str, folder: Path) -> Settings:
    """Return the settings of a test office: cheap hashes, its own key file."""
    # Copied: reading the environment again costs each test ten milliseconds.
    places = {"database_url": address, "secret_key_file": folder / "secret.key"}
    return office.model_copy(update=places)


@pytest.fixture
def settings(new_office: Settings, database_url: str, tmp_path: Path) -> Settings:
    """The settings of an office on each of the two databases."""
    return _elsewhere(new_office, database_url, tmp_path)


@pytest.fixture
def services(
    settings: Settings, new_office: Settings, request: pytest.FixtureRequest
) -> Iterator[Services]:
    """An open office, empty."""
    copy_file(key_path(new_office), key_path(settings))
    if "://" in settings.database_url:
        kept: KeptDatabase = request.getfixturevalue("kept_database")
        kept.bring("new office", lambda: open_office(settings, NOW).close())
    else:
        copy_file(Path(new_office.database_url), Path(settings.database_url))
    office = open_services(settings)
    yield office
    office.close()


@pytest.fixture
def postgres_settings(kept_database: KeptDatabase, tmp_path: Path) -> Settings:
    """The settings of an office on PostgreSQL."""
    return Settings(
        database_url=kept_database.emptied(),
        secret_key_file=tmp_path / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
    )


@pytest.fixture
def postgres_office(postgres_settings: Settings) -> Iterator[Services]:
    """An open office on PostgreSQL, empty."""
    office = open_office(postgres_settings, NOW)
    yield office
    office.close()


@pytest.fixture
def sqlite_settings(new_office: Settings, tmp_path: Path) -> Settings:
    """The settings of an SQLite office, for what does not depend on the database."""
    address = str(tmp_path / "office" / "educonnect.sqlite")
    return _elsewhere(new_office, address, tmp_path)


@pytest.fixture
def sqlite_services(sqlite_settings: Settings, new_office: Settings) -> Iterator[Services]:
    """An open SQLite office, empty."""
    copy_file(key_path(new_office), key_path(sqlite_settings))
    copy_file(Path(new_office.database_url), Path(sqlite_settings.database_url))
    office = open_services(sqlite_settings)
    yield office
    office.close()


@pytest.fixture
def run_sql(services: Services) -> Callable[[str], None]:
    """Run a bare statement, as an intruder with the database in hands would."""

    def run(statement: str) -> None:
        with services.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    return run


@pytest.fixture
def hangup_is_heard() -> Iterator[None]:
    """Let what is started hear the end of its terminal, though the tests run under `nohup`."""
    former = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, former)
