"""Taking the files of a made-up town into an office, and telling right from wrong afterwards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import combinations
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.filling import uai
from benchmarks.matching.clerks import Clerks, Files
from educonnect_admin.domain.people import Guardian, ReviewItem, ReviewKind
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.office.import_roster import import_roster
from educonnect_admin.office.importing.roster_plan import RosterPlan, Verdict
from educonnect_admin.rosters.rows import FileKind, Reading

_START = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
Pair = tuple[int, int]


@dataclass(slots=True)
class Counted:
    """How many of some pairs were right, wrong, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Return the share of what was put together that belongs together."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Return the share of what belongs together that was put together."""
        return self.right / max(1, self.right + self.missed)

    def add(self, found: Iterable[Pair], true: Iterable[Pair]) -> None:
        """Count what was found against what is true."""
        told, there = set(found), set(true)
        self.right += len(told & there)
        self.wrong += len(told - there)
        self.missed += len(there - told)


class Measured(NamedTuple):
    """What the automatic merges and the proposals are worth.

    `in_file`: rows of one file put together. `to_database`: rows that met a record again.
    `across`: records held by one account. `proposals`: what was proposed, against all pairs
    of records of one person that no account joins. `together`: joined or proposed, against
    all pairs of records of one person.
    """

    in_file: Counted
    to_database: Counted
    across: Counted
    proposals: Counted
    together: Counted


@dataclass(slots=True)
class Office:
    """An office that takes files in, and remembers whom each record is really about."""

    services: Services
    person_of: dict[int, int] = field(default_factory=dict)
    in_file: Counted = field(default_factory=Counted)
    to_database: Counted = field(default_factory=Counted)
    _years: int = 0

    def open_schools(self, number: int) -> None:
        """Add so many schools."""
        with self.services.transaction() as session:
            session.add_all(School(uai=uai(n + 1), name=f"École {n + 1}") for n in range(number))

    def take(self, clerks: Clerks) -> None:
        """Take in what the schools export this year, and open the accounts."""
        now = _START.replace(year=_START.year + self._years)
        self._years += 1
        author = self.services.author(now)
        for place, files in sorted(clerks.export().items()):
            with self.services.transaction() as session:
                plan = import_roster(
                    session, uai(place + 1), _readings(files), author, accept_departures=True
                )
                self._judge(session, plan, files)
        with self.services.transaction() as session:
            for school in session.scalars(select(School).order_by(School.id)):
                generate_accounts(
                    session,
                    school,
                    stem_digest=self.services.keyring.stem_digest,
                    author=author,
                )

    def _judge(self, session: Session, plan: RosterPlan, files: Files) -> None:
        """Compare what an import decided with the truth, and learn whose the new records are."""
        whose = {line: row.person for line, row in enumerate(files.guardians, start=2)}
        known = select(Guardian.id).where(Guardian.school_id == plan.school_id)
        fresh = iter(sorted(set(session.scalars(known)) - self.person_of.keys()))
        here = {self.person_of[n] for n in session.scalars(known) if n in self.person_of}
        together: list[Pair] = []
        for decision in plan.guardians:
            lines = [place.line for place in decision.places]
            together += combinations(sorted(lines), 2)
            person = whose[lines[0]]
            if decision.verdict is Verdict.NEW:
                self.person_of[next(fresh)] = person
                self.to_database.missed += person in here
            elif self.person_of[decision.guardian_id or 0] == person:
                self.to_database.right += 1
            else:
                self.to_database.wrong += 1
        self.in_file.add(together, pairs_of(whose))

    def measured(self) -> Measured:
        """Return what all that was put together is worth, by now."""
        true = pairs_of(self.person_of)
        with self.services.reading() as session:
            rows = session.execute(select(Guardian.id, Guardian.account_id)).all()
            accounts = {record: account for record, account in rows if account is not None}
            joined = pairs_of(accounts)
            items = session.execute(
                select(ReviewItem.guardian_id, ReviewItem.other_guardian_id).where(
                    ReviewItem.kind == ReviewKind.MERGE_PROPOSAL, ReviewItem.resolved_at.is_(None)
                )
            )
            proposed = {(one or 0, other or 0) for one, other in items}
        across, proposals, together = Counted(), Counted(), Counted()
        across.add(joined, true)
        proposals.add(proposed, true - joined)
        together.add(joined | proposed, true)
        return Measured(self.in_file, self.to_database, across, proposals, together)


def pairs_of(groups: Mapping[int, object]) -> set[Pair]:
    """Return the pairs of keys of one value, the lower one first."""
    members: dict[object, list[int]] = defaultdict(list)
    for key, value in sorted(groups.items(), key=itemgetter(0)):
        members[value].append(key)
    return {pair for keys in members.values() for pair in combinations(keys, 2)}


def _readings(files: Files) -> list[Reading]:
    pupils = tuple(replace(row, line=line) for line, row in enumerate(files.pupils, start=2))
    guardians = tuple(
        replace(row.row, line=line) for line, row in enumerate(files.guardians, start=2)
    )
    reading = Reading(
        path=Path("eleves.csv"),
        sha256="0" * 64,
        format="onde-2017",
        encoding="utf-8",
        kind=FileKind.PUPILS,
        headings={},
        rows=len(pupils),
        pupils=pupils,
    )
    return [
        reading,
        replace(
            reading,
            path=Path("responsables.csv"),
            kind=FileKind.GUARDIANS,
            rows=len(guardians),
            pupils=(),
            guardians=guardians,
        ),
    ]
