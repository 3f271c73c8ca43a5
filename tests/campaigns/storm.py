"""A storm: a campaign struck at a random moment, resumed by the same command until it is done."""

import os
import random  # noqa: TID251 - where to strike; nothing secret comes of it
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from educonnect_admin.edge import Services
from tests.campaigns.academy import ACADEMY, CLASS_SIZE, assert_whole, found_academy
from tests.campaigns.cluster import Cluster
from tests.campaigns.night import Night, campaign_of, journal_of, night, wait_until
from tests.campaigns.watched import Hit, Progress, WatchedDatabase

LOCAL_KINDS = ("worker", "parent", "backend")
DASK_KINDS = ("scheduler", "dask-worker", "parent-of-dask")
MOST_RUNS = 12
_LIKELY_AGAIN = 0.3
_LONGEST_NAP, _A_SECOND = 0.06, 1.0


@dataclass(slots=True)
class Struck:
    """What a storm did: which kind, at which moments, how many runs and seconds it took."""

    kind: str
    hits: list[Hit] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    seconds: float = 0.0


class Storm:
    """One storm over a small academy."""

    def __init__(
        self, services: Services, folder: Path, chance: random.Random, cluster: Cluster | None
    ) -> None:
        self._services = services
        self._folder = folder
        self._chance = chance
        self._cluster = cluster
        self._schools = chance.randint(4, 6)
        self._letters = chance.randint(6, 12)
        found_academy(services, self._schools, self._letters)

    def rage(self, kind: str) -> Struck:
        """Strike, resume until all is done, and see that nothing is lost or wrong (R-14)."""
        began = time.monotonic()
        struck = Struck(kind)
        watched = WatchedDatabase(self._services.settings.database_url)
        try:
            while 0 not in struck.codes:
                assert len(struck.codes) < MOST_RUNS, struck
                is_struck = not struck.hits or self._chance.random() < _LIKELY_AGAIN
                self._run(struck, watched, is_struck=is_struck)
        finally:
            watched.close()
        assert_whole(self._services, self._output, self._schools * self._letters)
        assert journal_of(self._output)[-1]["event"] == "ended"
        struck.seconds = time.monotonic() - began
        return struck

    @property
    def _output(self) -> Path:
        return self._folder / "out"

    def _run(self, struck: Struck, watched: WatchedDatabase, *, is_struck: bool) -> None:
        options = ["--workers", "2"] if self._cluster is None else ["--dask", self._cluster.address]
        command = campaign_of(self._output, *options, academy=ACADEMY)
        said = self._folder / f"said-{len(struck.codes)}"
        with night(command, self._services.settings, said) as running:
            if is_struck:
                struck.hits.append(self._strike(struck.kind, running, watched))
            struck.codes.append(running.code())
            if struck.kind != "parent" or struck.hits[-1] is Hit.MISSED:
                assert running.err
            running.assert_left_nobody()

    def _strike(self, kind: str, running: Night, watched: WatchedDatabase) -> Hit:
        """Wait for a random moment, look how far the campaign is, and kill."""
        self._wait_for_a_moment(running, watched)
        progress = watched.progress()
        if running.ended or not self._kills(kind, running, watched)():
            return Hit.MISSED
        if self._all_out(progress):
            return Hit.AFTER
        return Hit.DURING if progress.batches else Hit.BEFORE

    def _all_out(self, progress: Progress) -> bool:
        is_open = progress.unpublished or progress.open_batches
        return progress.files >= self._files and not is_open

    @property
    def _files(self) -> int:
        return self._schools * -(-self._letters // CLASS_SIZE)

    def _wait_for_a_moment(self, running: Night, watched: WatchedDatabase) -> None:
        mark = self._chance.randint(0, self._files + 2)
        had = len(journal_of(self._output))

        def has_come() -> bool:
            if mark == 0:
                return len(journal_of(self._output)) > had  # it has begun, no worker is there yet
            progress = watched.progress()
            return progress.files >= mark or self._all_out(progress)

        wait_until(lambda: running.ended or has_come())
        is_between = 0 < mark <= self._files
        time.sleep(self._chance.random() * (_LONGEST_NAP if is_between else _A_SECOND))

    def _kills(self, kind: str, running: Night, watched: WatchedDatabase) -> Callable[[], bool]:
        cluster = self._cluster
        if kind == "backend":
            return watched.end_one_connection
        if kind == "worker":
            return lambda: self._kill_one_of(running.workers())
        if cluster is None or kind == "parent-of-dask":
            return lambda: self._kill_one_of([running.process.pid])
        if kind == "scheduler":
            return cluster.kill_scheduler
        return lambda: cluster.kill_worker(self._chance)

    def _kill_one_of(self, numbers: list[int]) -> bool:
        if not numbers:
            return False
        try:
            os.kill(self._chance.choice(numbers), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True
