"""A crew of processes: it is renewed after a loss, and ends when it is to end."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from educonnect_admin.campaigns.crews import LocalCrew
from educonnect_admin.campaigns.workplace import Recalled
from educonnect_admin.settings import Settings
from educonnect_admin.stops import STOPS
from tests.campaigns.night import wait_until
from tests.campaigns.tasks import die, number_of, sleep, what_stops


@pytest.fixture
def crew(sqlite_settings: Settings) -> Iterator[LocalCrew]:
    """A crew of one; nobody of it outlives the test."""
    crew = LocalCrew(sqlite_settings, 1)
    yield crew
    crew.close(at_once=True)


def is_there(number: int) -> bool:
    """Tell whether a process runs."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_a_crew_that_lost_its_worker_is_another_one_after(crew: LocalCrew) -> None:
    """The error says so; the next task is done by somebody else; none hears what stops a leader."""
    first = crew.submit(number_of, None).result()
    error = crew.submit(die, None).exception()
    assert error is not None
    assert crew.lost(error)
    assert crew.lost_all(error)
    assert not crew.lost(ValueError())
    crew.renew()
    assert crew.submit(number_of, None).result() != first
    assert crew.submit(what_stops, None).result() == [True] * len(STOPS)


@pytest.mark.slow
def test_a_crew_whose_idle_worker_was_killed_still_ends(crew: LocalCrew) -> None:
    """Nobody waits for ever for those who are left and hear no polite word."""
    number = crew.submit(number_of, None).result()
    os.kill(number, signal.SIGKILL)
    began = time.monotonic()
    crew.close()
    assert time.monotonic() - began < 30
    wait_until(lambda: not is_there(number), 5)


@pytest.mark.slow
def test_a_crew_that_is_to_end_at_once_does_not_finish(crew: LocalCrew) -> None:
    """What is in hand is given up."""
    number = crew.submit(number_of, None).result()
    crew.submit(sleep, 60)
    began = time.monotonic()
    crew.close(at_once=True)
    assert time.monotonic() - began < 10
    wait_until(lambda: not is_there(number), 5)


@pytest.mark.slow
def test_a_crew_that_is_recalled_ends_what_it_began_and_begins_nothing(crew: LocalCrew) -> None:
    """What waits for the worker comes back undone, which no pool would do of itself."""
    crew.submit(number_of, None).result()
    begun, waiting = crew.submit(sleep, 1), crew.submit(number_of, None)
    wait_until(waiting.running, 5)  # as the pool calls it, once it is on its way
    crew.recall()
    assert begun.exception() is None
    assert isinstance(waiting.exception(), Recalled)
    assert not crew.lost(Recalled())
