"""An office filled as rosters would have filled it: schools, classes, pupils, guardians.

No account: opening them belongs to what is measured. Rows go in by Core, with numbers of our
own, for an empty database.
"""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import Insert, insert, text
from sqlalchemy.orm import Session

from benchmarks.french_names import Named
from benchmarks.households import (
    CITY,
    LETTERS_A_CLASS,
    SCHOOL_NAME,
    SEED,
    Household,
    civility_of,
    class_label,
    classes,
)
from educonnect_admin.domain.base import Base
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School, SchoolClass
from educonnect_admin.domain.uai import check_letter
from educonnect_admin.edge import Services

_START = date(2026, 9, 1)
_PAGE = 5_000
_TABLES: tuple[type[Base], ...] = (
    School, SchoolClass, Pupil, Enrolment, Guardian, Guardianship,
)  # fmt: skip


def fill(services: Services, letters: int, *, school_size: int, seed: int = SEED) -> None:
    """Fill an empty office until it holds guardians for so many letters.

    Args:
        services: The office.
        letters: How many guardians answer for a child; each gets one letter.
        school_size: Letters a school, a multiple of 25 unless it is a single school.
        seed: Who they are.
    """
    town = _Town()
    with services.transaction() as session:
        for place, households in enumerate(classes(letters, seed)):
            in_school = place % max(1, school_size // LETTERS_A_CLASS)
            if place == 0 or in_school == 0:
                town.open_school()
            town.open_class(in_school)
            for household in households:
                town.settle(household)
            town.write(session, at_least=_PAGE)
        town.write(session)
        if session.get_bind().dialect.name == "postgresql":
            # As autovacuum does within a minute; until then, PostgreSQL plans in the dark.
            session.execute(text("ANALYZE pupils, enrolments, guardians, guardianships"))


def uai(number: int) -> str:
    """Return the number of a made-up school; of Calvados, so that all share an academy."""
    digits = f"014{number:04d}"
    return digits + check_letter(digits)


class _Town:
    """Rows waiting to be written, and the numbers given so far."""

    def __init__(self) -> None:
        self._rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in _TABLES}
        self._numbers = {table: count(1) for table in _TABLES}
        self._school = 0
        self._classes: list[tuple[int, str]] = []

    def open_school(self) -> None:
        """Open the next school."""
        self._classes = []
        number = next(self._numbers[School])
        school = School(uai=uai(number), name=SCHOOL_NAME)
        self._school = self._add(
            School,
            number,
            uai=school.uai,
            name=school.name,
            city=CITY,
            academy_code=school.academy_code,
            time_zone=school.time_zone,
        )

    def open_class(self, place: int) -> None:
        """Open a class of the school."""
        level, label = class_label(place)
        number = next(self._numbers[SchoolClass])
        self._add(SchoolClass, number, school_id=self._school, label=label)
        self._classes.append((number, level))

    def settle(self, household: Household) -> None:
        """Let a household in: the eldest child in this class, a second one in that before."""
        rooms = (self._classes[-1], self._classes[max(0, len(self._classes) - 2)])
        pupils = [
            self._enrol(child, room, born_in=2014 + 2 * place)
            for place, (child, room) in enumerate(zip(household.children, rooms, strict=False))
        ]
        for adult in household.adults:
            self._answer(self._register(adult, household), pupils)

    def _enrol(self, child: Named, room: tuple[int, str], born_in: int) -> int:
        number = self._add(
            Pupil,
            next(self._numbers[Pupil]),
            family_name=child.family,
            given_name=child.given,
            family_key=name_key(child.family),
            given_key=name_key(child.given),
            birth_date=_birthday(born_in, len(self._rows[Pupil])),
        )
        self._add(
            Enrolment,
            next(self._numbers[Enrolment]),
            pupil_id=number,
            school_id=self._school,
            class_id=room[0],
            level=room[1],
            started_on=_START,
        )
        return number

    def _register(self, adult: Named, household: Household) -> int:
        number = next(self._numbers[Guardian])
        return self._add(
            Guardian,
            number,
            school_id=self._school,
            civility=civility_of(adult),
            family_name=adult.family,
            given_name=adult.given,
            family_key=name_key(adult.family),
            given_key=name_key(adult.given),
            email=f"parent{number}@example.fr",
            mobile=f"+336{number:08d}",
            street=household.street,
            postcode=household.postcode,
            city=household.city,
        )

    def _answer(self, guardian: int, pupils: list[int]) -> None:
        self._rows[Guardianship] += [
            {"guardian_id": guardian, "pupil_id": pupil, "legal": True, "started_on": _START}
            for pupil in pupils
        ]

    def _add(self, table: type[Base], number: int, **facts: Any) -> int:
        self._rows[table].append({"id": number, **facts})
        return number

    def write(self, session: Session, at_least: int = 0) -> None:
        """Write what waits, if it is much."""
        if len(self._rows[Guardian]) < at_least:
            return
        for statement, rows in self._waiting():
            session.connection().execute(statement, rows)

    def _waiting(self) -> Iterator[tuple[Insert, list[dict[str, Any]]]]:
        for table, rows in self._rows.items():
            if rows:
                yield insert(table), rows
                self._rows[table] = []


def _birthday(year: int, number: int) -> date:
    return date(year, 1 + number % 12, 1 + number % 28)
