"""The seam to the commands that go through all schools, and what came of each school."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.night.watching import Server, Watched, watch

PRODUCT = (sys.executable, "-m", "educonnect_admin")
_ACCOUNTS = (sys.executable, "-m", "benchmarks.night.accounts")


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
    """Where the commands work: the server, the settings, who does campaigns (`--workers 2`)."""

    server: Server
    settings: dict[str, str]
    crew: tuple[str, ...]

    @property
    def address(self) -> str:
        """The address of the database."""
        return self.settings["EDUCONNECT_DATABASE_URL"]

    def run(self, *arguments: str) -> Watched:
        """Run a command of the product."""
        return watch([*PRODUCT, *arguments], self.server, **self.settings)

    def import_all(self, rosters: Path, report: Path) -> Campaign:
        """Import the folders of all schools, by `roster import-all`."""
        asked = ("roster", "import-all", str(rosters), "--report", str(report))
        return self._campaign(report, "rows", *asked)

    def print_letters(self, uais: Sequence[str], output: Path) -> Campaign:
        """Print the letters of these schools, by `letters campaign`."""
        output.mkdir(parents=True)
        schools = output.with_suffix(".txt")
        schools.write_text("\n".join(uais), encoding="utf-8")
        asked = ("letters", "campaign", "--schools", str(schools), "--output", str(output))
        return self._campaign(output, "letters", *asked)

    def open_accounts(self) -> Campaign:
        """Open the accounts of all schools, one after the other in one process."""
        cost = watch(_ACCOUNTS, self.server, **self.settings)
        done = [SchoolDone(**json.loads(line)) for line in cost.said.splitlines()]
        return Campaign(cost, done)

    def _campaign(self, folder: Path, counted: str, *arguments: str) -> Campaign:
        cost = self.run(*arguments, *self.crew, "--json")
        told = json.loads(cost.said)
        if told["failed"] or told["left"]:
            raise RuntimeError(f"{arguments[:2]}: {told['failures'][:3]}, {told['left']} left")
        return Campaign(cost, list(_settled(folder, counted)))


def _settled(folder: Path, counted: str) -> Iterator[SchoolDone]:
    """Give the schools of a log, in the order in which they came out."""
    for line in (folder / "journal.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        if told["event"] == "school":
            yield SchoolDone(told["uai"], told["seconds"], told.get(counted, 0))
