"""Rosters made by hand for tests: rows as the readers return them, and a school to take them."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.office.import_roster import import_roster
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.rosters.rows import ChildMention, FileKind, GuardianRow, PupilRow, Reading
from tests.conftest import NOW

UAI = "0140070A"
OTHER_UAI = "0752387M"
BORN = date(2018, 3, 14)


def pupil(given: str, family: str, born: date = BORN, **facts: Any) -> PupilRow:
    """Return the row of a pupil, in CP unless told otherwise."""
    row = PupilRow(
        line=0,
        family_name=family,
        usage_name=None,
        given_name=given,
        birth_date=born,
        ine=None,
        level="CP",
        class_label="CP A",
    )
    return replace(row, **facts)


def child(given: str, family: str, label: str | None = None, **facts: Any) -> ChildMention:
    """Return how a guardian's row names a child."""
    mention = ChildMention(
        family_name=family,
        usage_name=None,
        given_name=given,
        class_label=label,
        birth_date=None,
    )
    return replace(mention, **facts)


def guardian(given: str, family: str, *children: ChildMention, **facts: Any) -> GuardianRow:
    """Return the row of a guardian, without contacts unless told otherwise."""
    row = GuardianRow(
        line=0,
        civility=Civility.MADAM,
        family_name=family,
        usage_name=None,
        given_name=given,
        email=None,
        mobile=None,
        street=None,
        postcode=None,
        city=None,
        country=None,
        children=children,
    )
    return replace(row, **facts)


def file_of(*rows: PupilRow | GuardianRow, name: str = "file.csv", **facts: Any) -> Reading:
    """Return a file of pupils or of guardians, its rows on lines 2, 3, 4 and so on."""
    pupils = tuple(
        replace(row, line=line)
        for line, row in enumerate(rows, start=2)
        if isinstance(row, PupilRow)
    )
    guardians = tuple(
        replace(row, line=line)
        for line, row in enumerate(rows, start=2)
        if isinstance(row, GuardianRow)
    )
    reading = Reading(
        path=Path(name),
        sha256=name.encode().hex().ljust(64, "0")[:64],
        format="onde-2017",
        encoding="utf-8",
        kind=FileKind.GUARDIANS if guardians else FileKind.PUPILS,
        headings={},
        rows=len(rows),
        pupils=pupils,
        guardians=guardians,
    )
    return replace(reading, **facts)


class Town:
    """An office with two schools, and what tests ask of it."""

    def __init__(self, services: Services) -> None:
        self.services = services
        with services.transaction() as session:
            session.add(School(uai=UAI, name="École Charlemagne"))
            session.add(School(uai=OTHER_UAI, name="École Jeanne-Villepreux"))

    def take(self, *readings: Reading, uai: str = UAI, **options: Any) -> RosterPlan:
        """Import files."""
        dry_run = options.pop("dry_run", False)
        with self.services.transaction(dry_run=dry_run) as session:
            return import_roster(session, uai, readings, self.services.author(NOW), **options)

    def rows(self, query: str) -> list[Any]:
        """Return the rows of a query, each of which equals a tuple."""
        with self.services.reading() as session:
            return list(session.execute(text(query)).all())

    def count(self, query: str) -> int:
        """Return how many rows a query such as `pupils WHERE …` has."""
        return int(self.rows(f"SELECT count(*) FROM {query}")[0][0])

    def do(self, statement: str) -> None:
        """Change the database as the desk would."""
        with self.services.engine.begin() as connection:
            connection.execute(text(statement))

    def links(self) -> set[tuple[str, str]]:
        """Return the open links, as given names of guardian and child."""
        return {
            (row[0], row[1])
            for row in self.rows(
                "SELECT g.given_name, p.given_name FROM guardianships l"
                " JOIN guardians g ON g.id = l.guardian_id"
                " JOIN pupils p ON p.id = l.pupil_id WHERE l.ended_on IS NULL"
            )
        }

    def everything(self) -> dict[str, list[Any]]:
        """Return all that an import writes, to see that a second one writes nothing."""
        keys = {"guardianships": "guardian_id, pupil_id"}
        tables = (
            "school_classes", "pupils", "enrolments", "guardians", "guardianships",
            "review_items", "trail_entries",
        )  # fmt: skip
        return {
            table: self.rows(f"SELECT * FROM {table} ORDER BY {keys.get(table, 'id')}")
            for table in tables
        }
