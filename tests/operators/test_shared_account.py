"""An account that two schools share, in the hands of who sees one of them (R-8, R-65)."""

import pytest
from sqlalchemy import text

from educonnect_admin.domain.operators import Role
from educonnect_admin.edge import Services
from educonnect_admin.office.importing.reopen_returned import reopen_returned
from educonnect_admin.office.manage_operators import Asked, set_operator
from educonnect_admin.opening import open_services
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.trail import append_to_trail
from tests.cli.running import Terminal
from tests.cli.test_promises import HOLDER, WHY
from tests.conftest import NOW
from tests.operators.test_commands import as_operator, bureau, run
from tests.support.two_schools import HERE, THERE

__all__ = ["bureau", "run"]

_ENDS = (
    'SELECT "end" FROM letters WHERE account_id = (SELECT id FROM accounts WHERE identifier = :one)'
)
_MOVED = (
    "UPDATE guardians SET account_id = (SELECT id FROM accounts WHERE identifier = :one)"
    " WHERE family_name = 'ZINSOUVI'"
)


@pytest.fixture
def letters(bureau: Services, run: Terminal) -> Services:
    """The other school has a record of the account too, and gave its holder a letter."""
    with bureau.transaction() as session:
        session.execute(text(_MOVED), {"one": HOLDER})
    run("accounts", "reopen", HOLDER, *WHY)
    assert run("letters", "resend", HOLDER, "--school", THERE, *WHY, "--output", "la-bas").code == 0
    return bureau


def ends(office: Services) -> list[str | None]:
    """Return why the letters of the account are over, the newest last."""
    with office.reading() as session:
        return list(session.scalars(text(f"{_ENDS} ORDER BY id"), {"one": HOLDER}))


def last_told(office: Services, kind: str) -> tuple[object, ...]:
    """Return chain and operator of the last entry of a kind."""
    last = "SELECT chain, operator FROM trail_entries WHERE kind = :kind ORDER BY id DESC LIMIT 1"
    with office.reading() as session:
        return tuple(session.execute(text(last), {"kind": kind}).one())


def test_a_new_letter_ends_that_of_the_school_out_of_sight(
    letters: Services, run: Terminal
) -> None:
    """One password works, whichever school gave it; each tells its own trail (R-12)."""
    answer = as_operator(run, letters, "dora", "letters", "resend", HOLDER, *WHY, "--email")

    assert answer.code == 0, answer.err
    assert ends(letters)[-2:] == ["superseded", None]
    assert last_told(letters, "letter.ended") == (1, "dora")


def test_a_closed_account_has_no_letter_of_any_school(letters: Services, run: Terminal) -> None:
    """It would be live again with the account."""
    answer = as_operator(run, letters, "dora", "accounts", "close", HOLDER, *WHY)

    assert answer.code == 0, answer.err
    assert ends(letters)[-1] == "closed"
    assert last_told(letters, "letter.ended") == (1, "dora")


@pytest.fixture
def neighbour(bureau: Services) -> str:
    """The director of the other school."""
    with bureau.transaction() as session:
        asked = Asked("tess", Role.DIRECTOR, (THERE,))
        set_operator(session, asked, owner=None, author=bureau.author(NOW))
    return asked.name


def told_to(run: Terminal, office: Services, name: str, *asked: str) -> list[tuple[str, str, str]]:
    """Return kind, author and reason of what an operator reads in the trail, the newest first."""
    answer = as_operator(run, office, name, "audit", "trail", *asked, "--json")
    assert answer.code == 0, answer.err
    return [(one["kind"], one["operator"], one["reason"]) for one in answer.json["entries"]]


def test_what_one_school_does_to_an_account_is_told_the_other(
    letters: Services, run: Terminal, neighbour: str
) -> None:
    """Who did it and why, in the office's chain: nobody writes in that of a school unseen."""
    for command, kind in (("close", "account.closed"), ("reopen", "account.reopened")):
        answer = as_operator(run, letters, "dora", "accounts", command, HOLDER, *WHY)
        assert answer.code == 0, answer.err
        told = told_to(run, letters, neighbour, "--account", HOLDER)
        assert told[0] == (kind, "dora", WHY[1])
        shown = as_operator(run, letters, neighbour, "accounts", "show", HOLDER, "--json").json
        assert kind in {one["kind"] for one in shown["timeline"]}
    assert run("audit", "trail", "--verify").code == 0


_BEGUN = "UPDATE accounts SET state = 'email_pending' WHERE identifier = :one"
_WITHOUT_CHILD = (
    "UPDATE accounts SET state = 'closed', former_state = 'notified',"
    " ended_at = '2026-11-20 08:00', closed_without_child = true WHERE identifier = :one"
)


def test_a_password_that_is_taken_away_is_told_the_other(
    letters: Services, run: Terminal, neighbour: str
) -> None:
    """A new letter of one school takes what the holder had begun to choose."""
    with letters.transaction() as session:
        session.execute(text(_BEGUN), {"one": HOLDER})

    answer = as_operator(run, letters, "dora", "letters", "resend", HOLDER, *WHY, "--email")

    assert answer.code == 0, answer.err
    told = told_to(run, letters, neighbour, "--account", HOLDER)
    assert ("account.reset", "dora", WHY[1]) in told


def test_an_account_that_a_child_opens_again_is_told_of_to_the_other(
    letters: Services, run: Terminal, neighbour: str
) -> None:
    """An import of one school, in which the child is back, tells both (R-62)."""
    with letters.transaction() as session:
        session.execute(text(_WITHOUT_CHILD), {"one": HOLDER})
    theirs = open_services(letters.settings.model_copy(update={"operator": "dora"}))

    with theirs.transaction() as session:
        author, school = theirs.author(NOW), school_by_uai(session, HERE)
        append_to_trail(session, author, reopen_returned(session, school.id, author))
    theirs.close()

    told = told_to(run, letters, neighbour, "--account", HOLDER)
    assert ("account.reopened", "dora") in {one[:2] for one in told}


def test_an_account_of_one_school_is_told_of_to_nobody_else(
    bureau: Services, run: Terminal, neighbour: str
) -> None:
    """Not in the office's chain either."""
    before = told_to(run, bureau, neighbour)
    closed = as_operator(run, bureau, "dora", "accounts", "close", "karim.moreau", *WHY)
    assert closed.code == 0, closed.err

    assert told_to(run, bureau, neighbour) == before
    assert last_told(bureau, "account.closed")[0] != 0
    assert run("accounts", "reopen", "karim.moreau", *WHY).code == 0


_BOTH = (
    "INSERT INTO enrolments (pupil_id, school_id, class_id, started_on)"
    " SELECT :pupil, its.id, one.id, '2026-09-01' FROM schools AS its"
    " JOIN school_classes AS one ON one.school_id = its.id WHERE its.uai = :uai LIMIT 1"
)
_TRIED = (
    "INSERT INTO try_counts (kind, subject, account_id, pupil_id, failures, first_at, last_at,"
    " locked_until) SELECT 'birth_date', 'account:x/pupil:y', id, :pupil, 10,"
    " '2026-11-23 08:00', '2026-11-23 08:00', '2099-11-24 08:00' FROM accounts"
    " WHERE identifier = 'moussa.quenumbo'"
)


def test_a_corrected_birth_date_frees_the_parents_of_the_other_school(
    bureau: Services, run: Terminal, neighbour: str
) -> None:
    """Effective at once for each of them, named to whom sees them, told to both schools (R-61)."""
    with bureau.transaction() as session:
        pupil = session.scalar(text("SELECT id FROM pupils WHERE given_name = 'Enzo'"))
        session.execute(text(_BOTH), {"pupil": pupil, "uai": THERE})
        session.execute(text(_TRIED), {"pupil": pupil})

    correct = ("pupils", "correct-birth-date", str(pupil), "2019-03-04", *WHY)
    answer = as_operator(run, bureau, "dora", *correct)

    assert answer.code == 0, answer.err
    assert "moussa" not in answer.all
    with bureau.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM try_counts")) == 0
    assert told_to(run, bureau, neighbour)[0] == ("pupil.birth_date_corrected", "dora", WHY[1])


def records(office: Services) -> list[tuple[object, ...]]:
    """Return which account has which record."""
    with office.reading() as session:
        return [
            tuple(row)
            for row in session.execute(text("SELECT id, account_id FROM guardians ORDER BY id"))
        ]


def test_no_half_of_an_account_is_regrouped_or_given_back(letters: Services, run: Terminal) -> None:
    """The other school's record would stay with an account that is over, its child with nobody."""
    regroup = ("accounts", "regroup", "jean.dupont", HOLDER, *WHY, "--yes")
    undo = ("accounts", "undo-regroup", HOLDER, *WHY)
    before = records(letters)

    refused = as_operator(run, letters, "dora", *regroup)
    assert (refused.code, "hors de votre périmètre" in refused.err) == (3, True), refused.err
    assert records(letters) == before

    assert run(*regroup).code == 0
    joined = records(letters)
    refused = as_operator(run, letters, "dora", *undo)
    assert (refused.code, "hors de votre périmètre" in refused.err) == (3, True), refused.err
    assert records(letters) == joined

    assert run(*undo).code == 0
    assert records(letters) == before


def test_an_account_comes_back_without_a_link_that_another_bears_out_of_sight(
    bureau: Services, run: Terminal
) -> None:
    """The holder has given every proof since, in the other school: the link stays there (R-41)."""
    assert run("accounts", "close", "karim.moreau", *WHY).code == 0
    linked = "UPDATE accounts SET franceconnect_digest = 'one' WHERE identifier IN (:one, :two)"
    with bureau.transaction() as session:
        session.execute(text(linked), {"one": "karim.moreau", "two": "moussa.quenumbo"})

    answer = as_operator(run, bureau, "dora", "accounts", "reopen", "karim.moreau", *WHY)

    assert answer.code == 0, answer.err
    with bureau.reading() as session:
        bears = "SELECT identifier FROM accounts WHERE franceconnect_digest = 'one'"
        assert session.scalars(text(bears)).all() == ["moussa.quenumbo"]
