"""The changes of the desk from the command line: words, JSON, exit codes (cli.md)."""

from datetime import date, timedelta
from io import StringIO

import pytest
from sqlalchemy import text

from educonnect_admin.domain.setbacks import TryCount, TryKind
from educonnect_admin.edge import Services, clock
from tests.cli.running import Answer, Terminal
from tests.support.households import (
    CHARLEMAGNE,
    MARIE_CURIE,
    MOREAUS,
    Family,
    Parent,
    add_families,
    add_school,
)

WHY = ("--reason", "appel du 12")
CELINE, JEAN = "celine.dupont", "jean.dupont"
NADIA = Family(
    (Parent(given_name="Nadia", family_name="MOREAU", email="nadia@example.fr"),), MOREAUS.children
)


@pytest.fixture
def desk(run: Terminal, office: Services) -> Services:
    """The office, every guardian with an account; Nadia has one at each of two schools."""
    with office.transaction() as session:
        add_families(session, add_school(session, MARIE_CURIE, "École Marie Curie"), [NADIA])
    for school in (CHARLEMAGNE, MARIE_CURIE):
        assert run("accounts", "generate", "--school", school).code == 0
    return office


def locked(office: Services) -> None:
    """Let Céline have failed ten times."""
    with office.transaction() as session:
        account = session.scalar(text(f"SELECT id FROM accounts WHERE identifier = '{CELINE}'"))
        count = TryCount(
            kind=TryKind.LOG_IN, subject=f"account:{account}", first_at=clock(), account_id=account
        )
        count.failures, count.locked_until = 10, clock() + timedelta(hours=1)
        session.add(count)


def said(answer: Answer) -> str:
    """Return what a person reads, the warning about cheap hashes apart."""
    return "\n".join(line for line in answer.all.splitlines() if "cheap" not in line)


def trail(office: Services) -> int:
    """Return how long the trail is."""
    with office.reading() as session:
        return int(session.scalar(text("SELECT count(*) FROM trail_entries")) or 0)


def test_unlock_says_what_it_lifted_then_that_nothing_is_left(
    run: Terminal, desk: Services
) -> None:
    """Exit 0 both times; the second one writes nothing."""
    locked(desk)

    first = run("accounts", "unlock", CELINE.upper(), *WHY, "--json")
    before = trail(desk)
    second = run("accounts", "unlock", CELINE, *WHY)

    assert (first.code, first.json["changed"], first.json["state"]) == (0, True, "not_notified")
    assert first.json["lifted"][0]["failures"] == 10
    assert second.code == 0
    assert "rien à lever" in said(second)
    assert trail(desk) == before


@pytest.mark.parametrize(
    "command",
    [
        ("accounts", "unlock", CELINE),
        ("accounts", "close", CELINE),
        ("accounts", "regroup", "nadia.moreau", "nadia.moreau1", "--yes"),
        ("pupils", "correct-birth-date", "1", "03/04/2020"),
        ("guardians", "correct", "1", "--email", "celine@example.fr"),
    ],
    ids=" ".join,
)
def test_a_rehearsal_says_the_same_and_writes_nothing(
    run: Terminal, desk: Services, command: tuple[str, ...]
) -> None:
    """`--dry-run` gives the JSON of the change itself, `dry_run` apart."""
    locked(desk)
    before = trail(desk)

    rehearsed = run(*command, *WHY, "--dry-run", "--json")
    assert trail(desk) == before
    done = run(*command, *WHY, "--json")

    assert (rehearsed.code, done.code) == (0, 0)
    assert "Essai" in rehearsed.err
    assert {**rehearsed.json, "dry_run": False} == done.json
    assert trail(desk) > before


def test_a_change_without_a_reason_is_a_mistake_of_usage(run: Terminal, desk: Services) -> None:
    """Exit 2: none, or an empty one."""
    assert run("accounts", "close", CELINE).code == 2
    assert run("accounts", "close", CELINE, "--reason", " ").code == 2


def test_closing_and_reopening(run: Terminal, desk: Services) -> None:
    """There and back; what is open can't be reopened."""
    closed = run("accounts", "close", CELINE, *WHY)
    again = run("accounts", "close", CELINE, *WHY, "--json")
    refused = run("accounts", "unlock", CELINE, *WHY)
    reopened = run("accounts", "reopen", CELINE, *WHY, "--json")
    open_already = run("accounts", "reopen", CELINE, *WHY)

    assert f"educonnect-admin accounts reopen {CELINE}" in said(closed)
    assert (again.code, again.json["changed"]) == (0, False)
    assert (refused.code, "accounts reopen" in refused.err) == (3, True)
    assert (reopened.json["state"], reopened.json["changed"]) == ("not_notified", True)
    assert (open_already.code, "pas fermé" in open_already.err) == (3, True)


def test_a_dry_run_foresees_a_regrouping_of_two_people_and_warns(
    run: Terminal, desk: Services
) -> None:
    """Nobody has looked yet: it says what differs, and what a yes would do; nothing is done."""
    foreseen = run("accounts", "regroup", CELINE, JEAN, *WHY, "--dry-run")

    assert foreseen.code == 0
    assert "ATTENTION : ce qui diffère" in foreseen.err
    assert "une même école" in foreseen.err
    assert run("accounts", "regroup", CELINE, JEAN, *WHY).code == 3


def test_regrouping_and_undoing(run: Terminal, desk: Services) -> None:
    """Both are shown, without a contact of either; then one account is left, and given back."""
    shown = run("accounts", "regroup", "nadia.moreau", "nadia.moreau1", *WHY)
    done = run("accounts", "regroup", "nadia.moreau", "nadia.moreau1", *WHY, "--yes")
    ended = run("accounts", "close", "nadia.moreau1", *WHY)
    undone = run("accounts", "undo-regroup", "nadia.moreau1", *WHY, "--json")
    nothing = run("accounts", "undo-regroup", "nadia.moreau1", *WHY)

    assert done.code == 0
    assert (shown.code, "École Marie Curie" in shown.out) == (3, True)
    assert "nadia@example.fr" not in shown.all + done.all
    assert "accounts undo-regroup nadia.moreau1" in said(done)
    assert (ended.code, "regroupé dans nadia.moreau" in ended.err) == (3, True)
    assert undone.json["identifier"] == "nadia.moreau1"
    assert (undone.json["state"], undone.json["records"]) == ("not_notified", 1)
    assert nothing.code == 3


def test_two_people_need_somebody_who_looked(run: Terminal, desk: Services) -> None:
    """Exit 3 for a program that did not say `--yes`; nothing is written."""
    before = trail(desk)

    refused = run("accounts", "regroup", CELINE, JEAN, *WHY)

    assert refused.code == 3
    assert "le prénom diffère, la civilité diffère et une même école" in refused.err
    assert "--yes" in refused.err
    assert trail(desk) == before
    looked = run("accounts", "regroup", CELINE, JEAN, *WHY, "--yes", "--json")
    assert looked.json["differences"] == ["given_name", "civility", "same_school"]


def test_a_corrected_birth_date_is_not_shown(run: Terminal, desk: Services) -> None:
    """Neither the wrong one nor the right one, to a person or a program."""
    told = run("pupils", "correct-birth-date", "1", "03/04/2020", *WHY)
    again = run("pupils", "correct-birth-date", "1", "2020-04-03", *WHY, "--json")
    unlikely = run("pupils", "correct-birth-date", "1", "03/04/1986", *WHY)
    refused = run("pupils", "correct-birth-date", "1", "03/04/20", *WHY)

    assert told.code == 0
    assert "Enzo DUPONT" in told.out
    assert "2020" not in told.all
    assert (again.code, again.json["changed"], again.json["pupil"]) == (0, False, 1)
    assert (unlikely.code, "1986" in unlikely.all) == (4, False)
    assert (refused.code, "quatre chiffres" in refused.err) == (3, True)
    with desk.reading() as session:
        born = session.scalar(text("SELECT birth_date FROM pupils WHERE id = 1"))
    assert str(born) == str(date(1986, 4, 3))


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ((), 2, "rien à corriger"),
        (("--email", ""), 2, "--email"),
        (("--email", "a@x.fr", "--no-email"), 2, "ne vont pas ensemble"),
        (("--address", "1 rue A, 59000 Lille", "--city", "Caen"), 2, "ne vont pas ensemble"),
        (("--email", "celine"), 3, "adresse mail"),
        (("--mobile", "0231000000"), 3, "ligne fixe"),
        (("--address", "chez moi"), 3, "12 rue des Lilas"),
        (("--mobile", "0760000000", "--postcode", "99"), 4, "code postal"),
    ],
)
def test_what_is_typed_wrong_is_told(
    run: Terminal, desk: Services, options: tuple[str, ...], code: int, words: str
) -> None:
    """2 for a command that makes no sense, 3 for a value that can't be, 4 for a doubtful one."""
    before = trail(desk)

    answer = run("guardians", "correct", "1", *options, *WHY)

    assert answer.code == code
    assert words in said(answer)
    assert (trail(desk) > before) == (code == 4)


@pytest.mark.parametrize(
    ("typed", "street"),
    [
        ("12, rue des Lilas, 59000 Lille", "12, rue des Lilas"),
        ("Bât. C 12 rue des Lilas 59000 Lille Cedex", "Bât. C 12 rue des Lilas"),
    ],
)
def test_an_address_is_typed_in_one_go(
    run: Terminal, desk: Services, typed: str, street: str
) -> None:
    """Street, postcode, city; the commas of the street are its own."""
    answer = run("guardians", "correct", "1", "--address", typed, *WHY, "--json")

    assert answer.json["fields"] == ["street", "postcode", "city"]
    with desk.reading() as session:
        assert session.scalar(text("SELECT street FROM guardians WHERE id = 1")) == street


def test_an_unknown_person_is_refused(run: Terminal, desk: Services) -> None:
    """Exit 3, with the command that finds them."""
    for command in (
        ("accounts", "unlock", "nobody"),
        ("accounts", "undo-regroup", "nobody"),
        ("pupils", "correct-birth-date", "999", "03/04/2020"),
        ("guardians", "correct", "999", "--no-email"),
    ):
        assert run(*command, *WHY).code == 3


def test_an_account_is_not_regrouped_into_itself(run: Terminal, desk: Services) -> None:
    """Refused before anything is compared; capitals don't hide it."""
    refused = run("accounts", "regroup", "nadia.moreau", "Nadia.MOREAU", *WHY)

    assert (refused.code, refused.out) == (3, "")


def test_who_sends_the_answer_into_a_pipe_is_asked_all_the_same(
    run: Terminal, desk: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question goes where the person reads; a "no" changes nothing."""

    class Keyboard(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Keyboard("n\n"))

    refused = run("accounts", "close", "nadia.moreau", *WHY)

    assert refused.code == 3
    assert "Continuer ? [o/N]" in refused.err
    assert run("accounts", "show", "nadia.moreau", "--json").json["state"] == "not_notified"
