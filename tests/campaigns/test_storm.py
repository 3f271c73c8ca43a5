"""Campaigns that are killed at random moments and resumed: nothing printed twice, nothing lost.

`EDUCONNECT_TEST_STORMS` says how many storms there are; a hundred take about half an hour.
"""

import os
import random  # noqa: TID251 - where to strike; nothing secret comes of it
from collections import Counter
from pathlib import Path

import pytest

from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings
from tests.campaigns.cluster import Cluster, cluster
from tests.campaigns.night import environment
from tests.campaigns.storm import DASK_KINDS, LOCAL_KINDS, Storm, Struck
from tests.campaigns.watched import Hit
from tests.conftest import NOW
from tests.support.postgres import KeptDatabase

STORMS = int(os.environ.get("EDUCONNECT_TEST_STORMS", "5"))
"""How many storms, of all kinds together."""
SEED = int(os.environ.get("EDUCONNECT_TEST_STORM_SEED", "6"))
_ON_DASK = 3
"""One storm in so many is over a cluster."""


def _rage(
    kept: KeptDatabase, folder: Path, kinds: tuple[str, ...], storms: int, cluster: Cluster | None
) -> list[Struck]:
    struck = []
    for number in range(storms):
        chance = random.Random(f"{SEED} {kinds} {number}")
        settings = _settings(kept, folder)
        office = open_office(settings, NOW)
        try:
            own = folder / f"storm-{number}"
            own.mkdir()
            struck.append(Storm(office, own, chance, cluster).rage(kinds[number % len(kinds)]))
        finally:
            office.close()
        _tell(struck[-1])
    return struck


def _settings(kept: KeptDatabase, folder: Path) -> Settings:
    return Settings(
        database_url=kept.emptied(),
        secret_key_file=folder / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
    )


def _tell(struck: Struck) -> None:
    """Write down what happened, for whoever runs a hundred."""
    path = os.environ.get("EDUCONNECT_TEST_STORM_LOG")
    if path:
        with Path(path).open("a") as log:
            log.write(f"{struck.kind} {struck.seconds:.1f} s {struck.codes} "
                      f"{[str(hit) for hit in struck.hits]}\n")  # fmt: skip


def _assert_some_hit(struck: list[Struck]) -> None:
    hits = Counter(hit for storm in struck for hit in storm.hits)
    assert hits[Hit.DURING] > hits[Hit.MISSED], hits


@pytest.mark.slow
def test_a_campaign_of_local_workers_survives_any_kill(
    kept_database: KeptDatabase, tmp_path: Path
) -> None:
    """A worker, the leader or a connection is killed at any moment; the resumed night is whole."""
    storms = STORMS - STORMS // _ON_DASK
    _assert_some_hit(_rage(kept_database, tmp_path, LOCAL_KINDS, storms, None))


@pytest.mark.slow
def test_a_campaign_of_a_cluster_survives_any_kill(
    kept_database: KeptDatabase, tmp_path: Path
) -> None:
    """A scheduler, a worker of the cluster or the leader is killed; the resumed night is whole."""
    settings = _settings(kept_database, tmp_path)
    with cluster(environment(settings), tmp_path / "cluster") as running:
        _assert_some_hit(_rage(kept_database, tmp_path, DASK_KINDS, STORMS // _ON_DASK, running))
