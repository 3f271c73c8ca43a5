"""Any sequence of rosters and corrections keeps the promises of an import (R-7, R-60, R-61)."""

import os
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.office.any_roster.desk import Rosters
from tests.support.postgres import drop_database, new_database


def stories(number: int, steps: int) -> settings:
    """Return so many stories of so many steps, the same at each run."""
    return settings(
        max_examples=number,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def tell(services: Services, number: int, steps: int) -> Counter[str]:
    """Tell stories in one office, and return how much happened in them."""
    happened: Counter[str] = Counter()

    class Story(Rosters):
        depth = happened

        def office(self) -> Services:
            return services

    run_state_machine_as_test(Story, settings=stories(number, steps))
    if os.environ.get("ROSTERS_DEPTH"):
        sys.stderr.writelines(f"{name}: {times}\n" for name, times in sorted(happened.items()))
    return happened


MUST_HAPPEN = (
    "MassDeparture",
    "MassMove",
    "PlanOutdated",
    "accounts joined",
    "accounts opened",
    "answered merge_proposal different",
    "answered merge_proposal same",
    "asked ambiguous_link new",
    "corrected contacts",
    "corrected dates",
    "departed",
    "files of another school",
    "links ended",
    "moved",
    "refused rows",
    "returned",
)
"""Stories in which nothing happens would prove nothing."""


@pytest.mark.slow
def test_any_sequence_of_rosters_keeps_the_promises(sqlite_services: Services) -> None:
    """On SQLite; the same stories at each run, and much happens in them."""
    happened = tell(sqlite_services, 30, 50)

    assert [what for what in MUST_HAPPEN if not happened[what]] == []


@pytest.mark.slow
def test_nor_does_the_other_database_break_them(
    postgres_socket: str, postgres_template: str, sqlite_settings: Settings
) -> None:
    """A few of them on PostgreSQL."""
    url = new_database(postgres_socket, postgres_template)
    services = open_office(sqlite_settings.model_copy(update={"database_url": url}), NOW)
    try:
        assert tell(services, 5, 40)["imports"]
    finally:
        services.close()
        drop_database(postgres_socket, url)
