"""The files of every school of a small academy, as the schools would send them."""

from collections import Counter
from pathlib import Path

from sqlalchemy import select

from educonnect_admin.domain.people import Enrolment
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from tests.rosters.files import GUARDIANS, PUPILS, guardian, pupil, text


def write_rosters(folder: Path, uais: list[str], pupils: int) -> Path:
    """Write a folder for each school: so many pupils, a guardian each."""
    for place, uai in enumerate(uais):
        own = folder / uai
        own.mkdir(parents=True)
        names = [_word(place, number) for number in range(pupils)]
        (own / "eleves.csv").write_text(text(PUPILS, *(pupil(family=name) for name in names)))
        rows = (
            guardian(family=name, children=f";{name};Alice;CE1 B", email=f"{name}@example.fr")
            for name in names
        )
        (own / "responsables.csv").write_text(text(GUARDIANS, *rows))
    return folder


def _word(*numbers: int) -> str:
    # In letters: digits are no part of a name.
    return "Q".join("".join(chr(ord("A") + int(digit)) for digit in str(one)) for one in numbers)


def imports_of(folder: Path, *options: str) -> list[str]:
    """Return the command line of a campaign of imports."""
    return ["roster", "import-all", str(folder), "--json", *options]


def pupils_by_school(services: Services) -> dict[str, int]:
    """Return how many pupils are enrolled in each school that has any."""
    with services.reading() as session:
        query = select(School.uai).join(Enrolment, Enrolment.school_id == School.id)
        return dict(Counter(session.scalars(query.where(Enrolment.ended_on.is_(None)))))
