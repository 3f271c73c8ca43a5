"""A database that is restarted, or stopped for good, in the middle of a night."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings
from tests.campaigns.academy import assert_whole, found_academy
from tests.campaigns.night import Night, campaign_of, journal_of, night, wait_until
from tests.campaigns.rosters import imports_of, pupils_by_school, write_rosters
from tests.campaigns.watched import WatchedDatabase
from tests.conftest import NOW
from tests.support.postgres import new_database, running_server, start_server, stop_server
from tests.support.schema import migrate

SCHOOLS, LETTERS = 5, 9
PUPILS = 40


@pytest.fixture(scope="module")
def own_socket() -> Iterator[str]:
    """A server that nobody else works at: it is stopped and started."""
    with running_server() as socket:
        yield socket


@pytest.fixture
def own_office(own_socket: str, tmp_path: Path) -> Iterator[Services]:
    """An office on that server, empty."""
    url = new_database(own_socket)
    migrate(url)
    settings = Settings(
        database_url=url,
        secret_key_file=tmp_path / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
    )
    office = open_office(settings, NOW)
    yield office
    office.close()


@contextmanager
def stopped_when(
    office: Services, socket: str, running: Night, is_time: Callable[[WatchedDatabase], bool]
) -> Iterator[None]:
    """Stop the server in the middle of a command; it is started again at the end of the block."""
    watched = WatchedDatabase(office.settings.database_url)
    try:
        wait_until(lambda: running.ended or is_time(watched))
    finally:
        watched.close()
    assert not running.ended
    stop_server(socket)
    try:
        yield
    finally:
        start_server(socket)


def half_printed(watched: WatchedDatabase) -> bool:
    """Some class files are begun, not all."""
    return watched.progress().files >= 4


@pytest.mark.slow
def test_a_restarted_database_is_waited_for(
    own_office: Services, own_socket: str, tmp_path: Path
) -> None:
    """The campaign says that it waits, and completes by itself: exit 0, every letter once."""
    found_academy(own_office, SCHOOLS, LETTERS)
    output = tmp_path / "out"
    command = campaign_of(output, "--workers", "2")
    with night(command, own_office.settings, tmp_path / "said") as running:
        with stopped_when(own_office, own_socket, running, half_printed):
            wait_until(lambda: any(line["event"] == "paused" for line in journal_of(output)))
        assert running.code() == 0, running.err
        running.assert_left_nobody()
    own_office.engine.dispose()
    assert_whole(own_office, output, SCHOOLS * LETTERS)


@pytest.mark.slow
def test_a_database_that_stays_away_ends_the_campaign(
    own_office: Services, own_socket: str, tmp_path: Path
) -> None:
    """Exit 5 with words when patience is over; the same command completes it later."""
    found_academy(own_office, SCHOOLS, LETTERS)
    output = tmp_path / "out"
    command = campaign_of(output, "--workers", "2")
    patience = {"EDUCONNECT_CAMPAIGN_PATIENCE": "3"}
    with night(command, own_office.settings, tmp_path / "said", **patience) as running:
        with stopped_when(own_office, own_socket, running, half_printed):
            assert running.code() == 5, running.err
        assert "Campagne arrêtée." in running.err
        assert "base" in running.err
        assert running.out["left"]
        assert running.out["stopped"]
        running.assert_left_nobody()
    with night(command, own_office.settings, tmp_path / "again") as running:
        assert running.code() == 0, running.err
    own_office.engine.dispose()
    assert_whole(own_office, output, SCHOOLS * LETTERS)


@pytest.mark.slow
def test_a_database_that_is_away_from_the_start_is_told_at_once(
    own_office: Services, own_socket: str, tmp_path: Path
) -> None:
    """Exit 5, without waiting and without a folder, for letters and imports alike."""
    write_rosters(tmp_path / "rosters", found_academy(own_office, 1, 0), PUPILS)
    stop_server(own_socket)
    try:
        for number, command in enumerate(
            (campaign_of(tmp_path / "out"), imports_of(tmp_path / "rosters"))
        ):
            began = time.monotonic()
            with night(command, own_office.settings, tmp_path / f"said-{number}") as running:
                assert running.code() == 5, running.err
                assert "base" in running.err
            assert time.monotonic() - began < 30
        assert not (tmp_path / "out").exists()
    finally:
        start_server(own_socket)


@pytest.mark.slow
def test_an_import_waits_for_a_restarted_database(
    own_office: Services, own_socket: str, tmp_path: Path
) -> None:
    """A school is imported whole or not at all; in the end all are, each once."""
    uais = found_academy(own_office, SCHOOLS, 0)
    rosters = write_rosters(tmp_path / "rosters", uais, PUPILS)
    command = imports_of(rosters, "--workers", "1", "--report", str(tmp_path / "report"))
    with night(command, own_office.settings, tmp_path / "said") as running:
        with stopped_when(own_office, own_socket, running, lambda _: _done(tmp_path / "report")):
            wait_until(
                lambda: any(line["event"] == "paused" for line in journal_of(tmp_path / "report"))
            )
        assert running.code() == 0, running.err
        running.assert_left_nobody()
    own_office.engine.dispose()
    assert pupils_by_school(own_office) == dict.fromkeys(uais, PUPILS)


@pytest.mark.slow
def test_an_import_that_is_given_up_has_imported_whole_schools(
    own_office: Services, own_socket: str, tmp_path: Path
) -> None:
    """Exit 5 with words; nothing half-imported; the same command imports what is missing."""
    uais = found_academy(own_office, SCHOOLS, 0)
    rosters = write_rosters(tmp_path / "rosters", uais, PUPILS)
    report = tmp_path / "report"
    command = imports_of(rosters, "--workers", "1", "--report", str(report))
    patience = {"EDUCONNECT_CAMPAIGN_PATIENCE": "2"}
    with night(command, own_office.settings, tmp_path / "said", **patience) as running:
        with stopped_when(own_office, own_socket, running, lambda _: _done(report)):
            assert running.code() == 5, running.err
        assert "Campagne arrêtée." in running.err
        running.assert_left_nobody()
    own_office.engine.dispose()
    half = pupils_by_school(own_office)
    assert set(half.values()) <= {PUPILS}
    assert 0 < len(half) < SCHOOLS
    with night(command, own_office.settings, tmp_path / "again") as running:
        assert running.code() == 0, running.err
        assert running.out["done"] == SCHOOLS
    assert pupils_by_school(own_office) == dict.fromkeys(uais, PUPILS)


def _done(report: Path) -> bool:
    return any(line["event"] == "school" for line in journal_of(report))
