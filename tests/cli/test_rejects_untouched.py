"""Whatever two rosters clash, the rows given back, untouched, change nobody (R-60)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from educonnect_admin.cli.rejects import write_rejects
from educonnect_admin.domain.errors import NothingAccepted
from educonnect_admin.domain.trail import Author
from educonnect_admin.edge import Services
from educonnect_admin.office.apply_plan import apply_plan
from educonnect_admin.office.import_roster import plan_import
from educonnect_admin.office.importing.dangers import Consent
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.rosters.read import read_files
from educonnect_admin.rosters.rows import Reading
from tests.cli.rejecting import GUARDIANS, PUPILS
from tests.conftest import NOW
from tests.support.families import UAI, Town

TABLES = ("pupils", "enrolments", "guardians", "guardianships", "review_items", "trail_entries")
NAMES = st.sampled_from(["Roy", "ROY", "Petit"])
GIVEN = st.sampled_from(["Alice", "Aline", ""])
DAYS = st.sampled_from(["14/03/2018", "15/03/2018", "", "31/02/2018"])
NUMBERS = st.sampled_from(["", "", "0113014881M", "123456789AB"])
CLASSES = st.sampled_from(["CP A", "CE1 B", ""])
PUPIL = st.builds(
    lambda name, usage, given, day, ine, label: (
        f"{name};{usage};{given};{day};F;{ine};;;CP;{label}\n"
    ),
    NAMES, st.sampled_from(["", "", "Blanc"]), GIVEN, DAYS, NUMBERS, CLASSES,
)  # fmt: skip
GUARDIAN = st.builds(
    lambda given, mobile, name, child, label: (
        f"Mme;ROY;{given};;;{mobile};{name};{child};{label}\n"
    ),
    st.sampled_from(["Dominique", "Jeanne", ""]), st.sampled_from(["", "0601020304"]), NAMES, GIVEN,
    CLASSES,
)  # fmt: skip
ROSTER = st.tuples(
    st.lists(PUPIL, min_size=1, max_size=5),
    st.lists(PUPIL, max_size=2),
    st.lists(GUARDIAN, max_size=3),
)
CONSENT = Consent(departures=True, moves=True)


def written(folder: Path, roster: Sequence[list[str]]) -> list[Path]:
    """Write the files of a school that have rows."""
    paths = []
    for name, headings, rows in zip("abc", (PUPILS, PUPILS, GUARDIANS), roster, strict=True):
        path = folder / f"{name}.csv"
        path.write_text(headings + "".join(rows), encoding="utf-8")
        if rows:
            paths.append(path)
    return paths


def read(paths: Sequence[Path]) -> list[Reading]:
    """Read files; those that are byte for byte the same, once."""
    return read_files(list({path.read_bytes(): path for path in paths}.values()), today=NOW.date())


def take(session: Session, author: Author, readings: Sequence[Reading]) -> RosterPlan:
    """Import; when every row is refused, only plan."""
    plan = plan_import(session, UAI, readings, author)
    try:
        apply_plan(session, plan, author, CONSENT)
    except NothingAccepted:
        assert not plan.accepted
    return plan


def everything(session: Session) -> list[list[Any]]:
    """Return all that an import writes."""
    return [list(session.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2"))) for name in TABLES]


def test_refused_rows_given_back_untouched_change_nobody(
    sqlite_services: Services, tmp_path: Path
) -> None:
    """After any two rosters: the same rows are refused again, nobody and no question changes."""
    town = Town(sqlite_services)
    author = town.services.author(NOW)
    path = tmp_path / "refus.xlsx"

    @settings(max_examples=40, deadline=None, phases=(Phase.reuse, Phase.generate, Phase.shrink))
    @given(first=ROSTER, second=ROSTER)
    def promise(first: Sequence[list[str]], second: Sequence[list[str]]) -> None:
        note(f"{first}\n{second}")
        path.unlink(missing_ok=True)
        with town.services.transaction(dry_run=True) as session:
            take(session, author, read(written(tmp_path, first)))
            readings = read(written(tmp_path, second))
            plan = take(session, author, readings)
            rejects = write_rejects(path, plan, readings)
            assert rejects.rows == plan.refused
            if rejects.path is None:
                return
            before = everything(session)

            again = take(session, author, read([path]))

            assert again.refused == plan.refused
            assert everything(session) == before

    promise()
