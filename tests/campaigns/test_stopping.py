"""Ctrl-C and the end of a service: what is begun is finished, and nothing outlives it."""

import signal
import time
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.letters.manifest_checking import verify_folder
from educonnect_admin.stops import STOPS
from tests.campaigns.academy import (
    assert_nothing_printed_is_wrong,
    assert_whole,
    found_academy,
)
from tests.campaigns.night import campaign_of, journal_of, night, wait_until
from tests.campaigns.watched import WatchedDatabase

SCHOOLS, LETTERS = 6, 12


def progress(office: Services) -> WatchedDatabase:
    """Return what tells how far it is."""
    return WatchedDatabase(office.settings.database_url)


@pytest.mark.slow
@pytest.mark.usefixtures("hangup_is_heard")
@pytest.mark.parametrize("stop", STOPS)
def test_a_stop_lets_the_schools_in_hand_be_finished(
    postgres_office: Services, tmp_path: Path, stop: signal.Signals
) -> None:
    """Every process hears it; no batch is left open, report and manifest are there, exit 130."""
    found_academy(postgres_office, SCHOOLS, LETTERS)
    output = tmp_path / "out"
    command = campaign_of(output, "--workers", "1")
    watched = progress(postgres_office)
    with night(command, postgres_office.settings, tmp_path / "said") as running:
        wait_until(lambda: watched.progress().files >= 2)
        running.interrupt(stop)
        assert running.code() == 130, running.err
        assert running.err.count("Interrompu") == 1
        assert "les écoles commencées ont été finies" in running.err
        assert running.out["left"] == SCHOOLS - running.out["done"] > 0
        assert running.out["failed"] == 0
        running.assert_left_nobody()
    found = watched.progress()
    watched.close()
    assert not found.open_batches
    assert not found.unpublished
    assert_nothing_printed_is_wrong(postgres_office, output)
    assert verify_folder(output).findings == []
    assert [line["event"] for line in journal_of(output)][-1] == "ended"
    assert "a demandé son arrêt" in (output / "bilan.html").read_text()
    with night(command, postgres_office.settings, tmp_path / "again") as running:
        assert running.code() == 0, running.err
    assert_whole(postgres_office, output, SCHOOLS * LETTERS)


@pytest.mark.slow
def test_a_stop_while_workers_start_ends_none_of_them(
    postgres_office: Services, tmp_path: Path
) -> None:
    """A worker that is still starting hears no Ctrl-C: nothing is lost, nothing more begun."""
    found_academy(postgres_office, 3, 3)
    output = tmp_path / "out"
    command = campaign_of(output, "--workers", "1")
    with night(command, postgres_office.settings, tmp_path / "said") as running:
        wait_until(running.workers)
        running.interrupt()
        assert running.code() == 130, running.err
        assert running.out["done"] + running.out["left"] == 3
        running.assert_left_nobody()
    assert not [line for line in journal_of(output) if line["event"] == "again"]
    assert_nothing_printed_is_wrong(postgres_office, output)


@pytest.mark.slow
def test_a_second_ctrl_c_ends_it_at_once(postgres_office: Services, tmp_path: Path) -> None:
    """Nobody is waited for, nobody is left, and the next run finds everything mendable."""
    found_academy(postgres_office, 2, 60)
    output = tmp_path / "out"
    command = campaign_of(output, "--workers", "2")
    watched = progress(postgres_office)
    slow = {"EDUCONNECT_HASHING": "owasp"}
    with night(command, postgres_office.settings, tmp_path / "said", **slow) as running:
        wait_until(lambda: watched.progress().files)
        running.interrupt()
        wait_until(lambda: any(line["event"] == "stopping" for line in journal_of(output)))
        running.interrupt()
        began = time.monotonic()
        assert running.code() == 130, running.err
        assert time.monotonic() - began < 30
        running.assert_left_nobody()
        assert "ont été finies" not in running.err
        assert running.out["left"] == 2
    assert watched.progress().open_batches
    watched.close()
    with night(command, postgres_office.settings, tmp_path / "again") as running:
        assert running.code() in {0, 4}, running.err
    with night(command, postgres_office.settings, tmp_path / "third") as running:
        assert running.code() == 0, running.err
    assert_whole(postgres_office, output, 120)
