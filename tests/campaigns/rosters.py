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
    return write_rosters_that_share(folder, uais, pupils=pupils, shared=0)


def write_rosters_that_share(folder: Path, uais: list[str], *, pupils: int, shared: int) -> Path:
    """Write the same; so many of the children of each school, and their parents, are in all."""
    for place, uai in enumerate(uais):
        own = folder / uai
        own.mkdir(parents=True)
        people = [(0 if number < shared else 1 + place, number) for number in range(pupils)]
        (own / "eleves.csv").write_text(text(PUPILS, *map(_pupil, people)))
        (own / "responsables.csv").write_text(text(GUARDIANS, *map(_guardian, people)))
    return folder


def _pupil(who: tuple[int, int]) -> str:
    place, number = who
    return pupil(family=_word(*who), ine=f"{place:03}{number:06}AA")


def _guardian(who: tuple[int, int]) -> str:
    place, number = who
    name = _word(*who)
    return guardian(
        family=name,
        children=f";{name};Alice;CE1 B",
        email=f"{name}@example.fr".lower(),
        mobile=f"06{place:02}{number:06}",
    )


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
