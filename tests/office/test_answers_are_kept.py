"""Whatever rosters come before and after, what somebody answered of two records stands (R-7)."""

from typing import Any

from hypothesis import Phase, given, settings
from sqlalchemy import text
from sqlalchemy.orm import Session

from educonnect_admin.domain.desk_errors import ContradictsAnswers
from educonnect_admin.domain.errors import NothingAccepted
from educonnect_admin.domain.trail import Author
from educonnect_admin.edge import Services
from educonnect_admin.office.answering.answers import Answer, AnswerKind
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.office.import_roster import import_roster
from educonnect_admin.office.resolve_questions import resolve_questions
from educonnect_admin.queries.schools import school_by_uai
from tests.conftest import NOW
from tests.office.test_roster_invariants import FILES, Roster, readings
from tests.support.families import OTHER_UAI, UAI, Town


def take(session: Session, author: Author, uai: str, files: Roster) -> None:
    """Import into one of the two schools, whatever leaves or moves."""
    try:
        import_roster(
            session, uai, readings(files), author, accept_departures=True, accept_moves=True
        )
    except NothingAccepted:
        return


def items(session: Session, condition: str) -> list[Any]:
    """Return (number, records, resolution) of the proposals of a kind."""
    return list(
        session.execute(
            text(
                "SELECT id, guardian_id, other_guardian_id, resolution FROM review_items"
                f" WHERE kind = 'merge_proposal' AND {condition} ORDER BY id"
            )
        )
    )


def generate(session: Session, author: Author, services: Services, uai: str) -> None:
    """Open the accounts of a school."""
    generate_accounts(
        session,
        school_by_uai(session, uai),
        stem_digest=services.keyring.stem_digest,
        author=author,
    )


def test_two_people_stay_two_and_one_stays_one(sqlite_services: Services) -> None:
    """After any rosters: a «no» is never asked again nor joined, a «yes» is one account."""
    town = Town(sqlite_services)
    author = town.services.author(NOW)
    answers = {AnswerKind.DIFFERENT: 0, AnswerKind.SAME: 0}

    # The same at each run: both answers must come up, or nothing was proved.
    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate, Phase.shrink),
    )
    @given(here=FILES, there=FILES, later=FILES)
    def promise(here: Roster, there: Roster, later: Roster) -> None:
        with town.services.transaction(dry_run=True) as session:
            take(session, author, UAI, here)
            take(session, author, OTHER_UAI, there)
            for number, *_ in items(session, "resolved_at IS NULL")[::2]:
                says = Answer(AnswerKind.DIFFERENT)
                resolve_questions(session, [number], says, reason="vu", author=author)
            said_no = items(session, "resolution = 'two_people'")
            answers[AnswerKind.DIFFERENT] += len(said_no)

            take(session, author, UAI, later)
            take(session, author, OTHER_UAI, later)
            generate(session, author, town.services, UAI)
            generate(session, author, town.services, OTHER_UAI)

            assert items(session, "resolution = 'two_people'") == said_no
            held = dict(
                tuple(row) for row in session.execute(text("SELECT id, account_id FROM guardians"))
            )
            for _, one, other, _ in said_no:
                assert held[one] is None or held[one] != held[other]
            for number, one, other, _ in items(session, "resolved_at IS NULL")[:1]:
                says = Answer(AnswerKind.SAME)
                try:
                    resolve_questions(session, [number], says, reason="vu", author=author)
                except ContradictsAnswers:
                    return
                accounts = session.execute(
                    text(f"SELECT account_id FROM guardians WHERE id IN ({one}, {other})")
                )
                assert len(set(accounts.scalars())) == 1
                answers[AnswerKind.SAME] += 1

    promise()
    assert min(answers.values()) > 0
