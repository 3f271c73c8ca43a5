"""Fixtures of every test: an office on SQLite, the same on PostgreSQL, a fixed moment."""

import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office
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
def kept_database(postgres_socket: str, postgres_template: str) -> KeptDatabase:
    """The database of one test after the other."""
    return KeptDatabase(postgres_socket, postgres_template)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as an SQLite file."""
    path = tmp_path_factory.mktemp("template") / "schema.sqlite"
    migrate(str(path))
    return path


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


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of a test office: cheap hashes, its own key file."""
    return Settings(
        database_url=database_url,
        secret_key_file=tmp_path / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
    )


@pytest.fixture
def services(settings: Settings, sqlite_template: Path) -> Iterator[Services]:
    """An open office, empty."""
    if "://" not in settings.database_url:
        copy_file(sqlite_template, Path(settings.database_url))
    office = open_office(settings, NOW)
    yield office
    office.close()


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    """The settings of an SQLite office, for what does not depend on the database."""
    return Settings(
        database_url=str(tmp_path / "office" / "educonnect.sqlite"),
        secret_key_file=tmp_path / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
    )


@pytest.fixture
def sqlite_services(sqlite_settings: Settings, sqlite_template: Path) -> Iterator[Services]:
    """An open SQLite office, empty."""
    copy_file(sqlite_template, Path(sqlite_settings.database_url))
    office = open_office(sqlite_settings, NOW)
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
