"""The seam to the commands that go through all schools, and what came of each school."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.night.watching import Server, Watched, watch

PRODUCT = (sys.executable, "-m", "educonnect_admin")
_ONE_BY_ONE = (sys.executable, "-m", "benchmarks.night.one_by_one")


@dataclass(frozen=True, slots=True)
class SchoolDone:
    """A school: how long it took, and how many rows or letters it had."""

    uai: str
    seconds: float
    number: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a command over many schools cost, and each school of it."""

    cost: Watched
    schools: Sequence[SchoolDone]

    @property
    def number(self) -> int:
        """All rows or letters."""
        return sum(school.number for school in self.schools)


@dataclass(frozen=True, slots=True)
class Office:
    """Where the commands work: the server, the settings, how many processes."""

    server: Server
    settings: dict[str, str]
    workers: int

    def run(self, *arguments: str) -> Watched:
        """Run a command of the product."""
        return watch([*PRODUCT, *arguments], self.server, **self.settings)

    def import_all(self, rosters: Path) -> Campaign:
        """Import the folders of all schools, in the order of their numbers."""
        return self._one_by_one("import", str(rosters))

    def print_letters(self, uais: Sequence[str], output: Path) -> Campaign:
        """Print the letters of these schools."""
        return self._one_by_one("letters", str(output), *uais)

    def open_accounts(self) -> Campaign:
        """Open the accounts of all schools."""
        return self._one_by_one("accounts")

    def _one_by_one(self, *arguments: str) -> Campaign:
        cost = watch([*_ONE_BY_ONE, *arguments], self.server, **self.settings)
        done = [SchoolDone(**json.loads(line)) for line in cost.said.splitlines()]
        return Campaign(cost, done)
