"""Whatever small families a school has, an import keeps its promises (R-60)."""

from dataclasses import asdict
from datetime import date
from typing import Any

from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.errors import NothingAccepted
from educonnect_admin.domain.trail import Author
from educonnect_admin.edge import Services
from educonnect_admin.office.import_roster import import_roster
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.rosters.rows import ChildMention, GuardianRow, PupilRow, Reading
from tests.conftest import NOW
from tests.support.families import UAI, Town, child, file_of, guardian, pupil

Roster = tuple[list[PupilRow], list[GuardianRow]]

GIVEN = st.sampled_from(["Alice", "Aline", "Bob", "BOB"])
FAMILY = st.sampled_from(["Martin", "N'Diaye", "NDIAYE"])
DAYS = st.sampled_from([date(2018, 3, 14), date(2018, 4, 15)])
CLASSES = st.sampled_from(["CP A", "CE1", None])

PUPILS = st.builds(
    pupil,
    GIVEN,
    FAMILY,
    DAYS,
    ine=st.sampled_from([None, None, "0113014881M", "123456789AB"]),
    class_label=CLASSES,
    usage_name=st.sampled_from([None, None, "Roux"]),
)
CHILDREN = st.builds(child, GIVEN, FAMILY, CLASSES)
GUARDIANS = st.builds(
    lambda given, family, children, **facts: guardian(given, family, *children, **facts),
    st.sampled_from(["Dominique", "Jean"]),
    FAMILY,
    st.lists(CHILDREN, max_size=2),
    civility=st.sampled_from([Civility.MADAM, Civility.SIR, None]),
    email=st.sampled_from([None, "a@x.fr", "b@x.fr"]),
    mobile=st.sampled_from([None, "+33612345678"]),
    street=st.sampled_from([None, "1 rue A"]),
)


def as_the_reader_gives(rows: list[PupilRow]) -> list[PupilRow]:
    """Drop the rows that the reader refuses inside one file."""
    kept: list[PupilRow] = []
    for row in rows:
        if not any(_clash(row, other) for other in kept):
            kept.append(row)
    return kept


def _clash(row: PupilRow, other: PupilRow) -> bool:
    if row.ine and other.ine:
        return row.ine == other.ine
    one, two = (child(r.given_name, r.family_name) for r in (row, other))
    return row.birth_date == other.birth_date and _folded(one) == _folded(two)


def _folded(mention: ChildMention) -> tuple[str, str]:
    return mention.given_name.lower(), mention.family_name.lower().replace("'", "")


def unrepeated(rows: list[GuardianRow]) -> list[GuardianRow]:
    """Drop the rows that repeat another word for word, as the reader does."""
    return list(dict.fromkeys(rows))


FILES = st.tuples(
    st.lists(PUPILS, min_size=1, max_size=5).map(as_the_reader_gives),
    st.lists(GUARDIANS, max_size=5).map(unrepeated),
)


def readings(files: Roster) -> list[Reading]:
    """Return the files that have rows."""
    return [file_of(*rows) for rows in files if rows]


def nobody_is_lost(plan: RosterPlan) -> bool:
    """Tell whether every row was accepted, refused or held with a question."""
    told = {decision.place for decision in plan.pupils}
    told |= {place for decision in plan.guardians for place in decision.places}
    told_about = {(place.file, place.line) for place in told}
    told_about |= {(p.file, p.problem.line) for p in plan.problems if p.problem.refuses}
    told_about |= {(place.file, place.line) for q in plan.questions for place in q.places}
    rows = {(at, line) for at, file in enumerate(plan.files) for line in range(2, file.rows + 2)}
    return told_about >= rows


def everything(session: Session) -> list[list[Any]]:
    """Return all that an import writes."""
    tables = ("pupils", "enrolments", "guardians", "guardianships", "review_items", "trail_entries")
    return [list(session.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2"))) for name in tables]


def take(session: Session, author: Author, files: Roster) -> RosterPlan | None:
    """Import; nothing when every row is refused."""
    note(repr([[asdict(row) for row in rows] for rows in files]))
    try:
        plan = import_roster(session, UAI, readings(files), author, accept_departures=True)
    except NothingAccepted:
        return None
    assert nobody_is_lost(plan)
    return plan


def test_a_second_identical_import_is_empty(sqlite_services: Services) -> None:
    """After any two rosters, the last one again changes nothing and loses nobody."""
    town = Town(sqlite_services)
    author = town.services.author(NOW)

    @settings(max_examples=100, deadline=None, phases=(Phase.reuse, Phase.generate, Phase.shrink))
    @given(first=FILES, second=FILES)
    def promise(first: Roster, second: Roster) -> None:
        # Rolled back after each example: an office a time would take all day.
        with town.services.transaction(dry_run=True) as session:
            take(session, author, first)
            take(session, author, second)
            before = everything(session)

            again = take(session, author, second)

            assert again is None or not again.changes_something
            assert everything(session) == before
            assert_sound(session)

    promise()


def assert_sound(session: Session) -> None:
    """Nobody is enrolled twice in a school, no number is two pupils'."""
    enrolled = list(
        session.execute(text("SELECT pupil_id, school_id FROM enrolments WHERE ended_on IS NULL"))
    )
    assert len(enrolled) == len(set(enrolled))
    numbers = list(session.scalars(text("SELECT ine FROM pupils WHERE ine IS NOT NULL")))
    assert len(numbers) == len(set(numbers))
