"""A school year in files: two schools, the families in them, what each import is to say."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from educonnect_admin.domain.trail import Author
from educonnect_admin.edge import Services
from educonnect_admin.office.close_leavers import LeaversClosed, close_leavers
from educonnect_admin.office.generate_accounts import Generated, generate_accounts
from educonnect_admin.office.import_roster import import_roster
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.trail_check import first_broken_entry
from educonnect_admin.rosters.read import read_files
from tests.conftest import NOW
from tests.support.families import UAI, Town

_PUPILS = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE; Cycle;Niveau;Libellé classe"
)
_GUARDIANS = (
    "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;"
    "Adresse responsable;CP responsable;Commune responsable;Pays;Courriel;Téléphone portable"
    + ";Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"
    * 3
)


@dataclass(frozen=True)
class Kid:
    """A pupil as the school's software holds it."""

    given: str
    family: str
    born: date
    level: str
    class_: str
    ine: str = ""

    @property
    def row(self) -> str:
        """The pupil's row in ONDE."""
        return (
            f"{self.family};;{self.given};{self.born:%d/%m/%Y};F;{self.ine};;"
            f"{self.level};{self.class_}"
        )


@dataclass(frozen=True)
class Parent:
    """A guardian and the given names of the children."""

    civility: str
    given: str
    family: str
    email: str
    mobile: str
    kids: tuple[Kid, ...]
    usage: str = ""

    @property
    def row(self) -> str:
        """The guardian's row in ONDE."""
        children = "".join(f";;{kid.family};{kid.given};{kid.class_}" for kid in self.kids)
        return (
            f"{self.civility};{self.usage};{self.family};{self.given};1 rue Pasteur;59000;Lille;"
            f"FRANCE;{self.email};{self.mobile}{children}{';' * (12 - 4 * len(self.kids))}"
        )


@dataclass
class Roster:
    """What the software of a school holds; families come as a whole."""

    kids: dict[str, Kid] = field(default_factory=dict)
    parents: list[Parent] = field(default_factory=list)

    def settle(self, parents: Sequence[Parent], *kids: Kid) -> None:
        """Add a family."""
        self.kids |= {kid.given: kid for kid in kids}
        self.parents += [replace(parent, kids=kids) for parent in parents]

    def move(self, given: str, level: str, class_: str) -> None:
        """Put a pupil into another class."""
        self.become(replace(self.kids[given], level=level, class_=class_))

    def become(self, kid: Kid) -> None:
        """Replace a pupil, in the rows of the parents too."""
        self.kids[kid.given] = kid
        self.parents = [
            replace(p, kids=tuple(kid if k.given == kid.given else k for k in p.kids))
            for p in self.parents
        ]

    def join(self, kid: Kid, *mothers_and_fathers: str) -> None:
        """Add a brother or sister to the parents of these given names."""
        self.kids[kid.given] = kid
        self.parents = [
            replace(p, kids=(*p.kids, kid)) if p.given in mothers_and_fathers else p
            for p in self.parents
        ]

    def leave(self, *given: str) -> None:
        """Take pupils out; a parent without any child left goes too."""
        for name in given:
            del self.kids[name]
        kept = [
            replace(p, kids=tuple(k for k in p.kids if k.given in self.kids)) for p in self.parents
        ]
        self.parents = [parent for parent in kept if parent.kids]

    def write(self, folder: Path, *classes: str) -> list[Path]:
        """Write both files, of some classes or of all, as ONDE does: cp1252."""
        kids = [k for k in self.kids.values() if not classes or k.class_ in classes]
        parents = [p for p in self.parents if any(k in kids for k in p.kids)]
        pupils, guardians = folder / "CSVExtraction.csv", folder / "CSVExtraction(1).csv"
        for path, head, rows in (
            (pupils, _PUPILS, [kid.row for kid in kids]),
            (guardians, _GUARDIANS, [parent.row for parent in parents]),
        ):
            text = "".join(f"{line}\r\n" for line in (head, *rows))
            path.write_bytes(text.encode("cp1252"))
        return [pupils, guardians]


class SchoolYear(Town):
    """Two schools, their files, and the days that pass."""

    def __init__(self, services: Services, folder: Path) -> None:
        """Register both schools."""
        super().__init__(services)
        self.folder = folder
        self.given: dict[str, int] = {}

    def author_on(self, day: date) -> Author:
        """Return who acts at noon of a day."""
        return self.services.author(datetime.combine(day, time(11), UTC))

    def take_files(
        self, day: date, paths: Sequence[Path], uai: str = UAI, *, sure: bool = False
    ) -> RosterPlan:
        """Import files on a day, then open the accounts that lack."""
        return self._take(day, paths, uai, accept_departures=sure)

    def take_files_whole(
        self, day: date, paths: Sequence[Path], *, sure: bool = False
    ) -> RosterPlan:
        """Import files that are the whole school: a class that is not in them has left."""
        return self._take(day, paths, UAI, accept_departures=sure, whole_school=True)

    def _take(self, day: date, paths: Sequence[Path], uai: str, **said: Any) -> RosterPlan:
        readings = read_files(paths, today=day)
        with self.services.transaction() as session:
            plan = import_roster(session, uai, readings, self.author_on(day), **said)
        self.open_accounts(day, uai)
        self.check()
        return plan

    def open_accounts(self, day: date, uai: str = UAI) -> Generated:
        """Open an account for whoever has none."""
        with self.services.transaction() as session:
            return generate_accounts(
                session,
                school_by_uai(session, uai, lock=True),
                stem_digest=self.services.keyring.stem_digest,
                author=self.author_on(day),
            )

    def close_leavers(self, day: date) -> LeaversClosed:
        """Let cron pass on a day."""
        return close_leavers(partial(self.services.transaction), self.author_on(day))

    def enrolled(self, uai: str = UAI) -> dict[str, str]:
        """Return the class of each pupil enrolled in a school, by given name."""
        return dict(
            self.rows(
                "SELECT p.given_name, c.label FROM enrolments e JOIN pupils p ON p.id = e.pupil_id"
                " JOIN school_classes c ON c.id = e.class_id JOIN schools s ON s.id = e.school_id"
                f" WHERE e.ended_on IS NULL AND s.uai = '{uai}'"
            )
        )

    def children_of(self, identifier: str) -> set[str]:
        """Return the children that the holder of an account sees today."""
        rows = self.rows(
            "SELECT p.given_name FROM accounts a JOIN guardians g ON g.account_id = a.id"
            " JOIN guardianships l ON l.guardian_id = g.id AND l.ended_on IS NULL AND l.legal"
            " JOIN pupils p ON p.id = l.pupil_id JOIN enrolments e ON e.pupil_id = p.id"
            " AND e.school_id = g.school_id AND e.ended_on IS NULL"
            f" WHERE a.identifier = '{identifier}'"
        )
        return {row[0] for row in rows}

    def state_of(self, identifier: str) -> str:
        """Return the state of an account."""
        return str(self.rows(f"SELECT state FROM accounts WHERE identifier = '{identifier}'")[0][0])

    def identifiers(self) -> set[str]:
        """Return every identifier there is."""
        return {row[0] for row in self.rows("SELECT identifier FROM accounts")}

    def check(self) -> None:
        """Nobody is doubled, no identifier changes hands, the trail holds."""
        people = self.rows(
            "SELECT school_id, family_key, given_key, count(*) FROM guardians"
            " GROUP BY school_id, family_key, given_key, email HAVING count(*) > 1"
        )
        assert people == []
        enrolled = self.rows(
            "SELECT pupil_id, school_id FROM enrolments WHERE ended_on IS NULL"
            " GROUP BY pupil_id, school_id HAVING count(*) > 1"
        )
        assert enrolled == []
        now = dict(self.rows("SELECT identifier, id FROM accounts"))
        assert all(now[identifier] == number for identifier, number in self.given.items())
        self.given = now
        pen = self.services.author(NOW).pen
        with self.services.reading() as session:
            for (chain,) in self.rows("SELECT chain FROM trail_heads"):
                assert first_broken_entry(session, pen, chain) is None
