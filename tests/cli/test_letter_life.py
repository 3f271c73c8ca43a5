"""The life of a letter from the command line, by a clock that is really moved (R-11)."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from educonnect_admin import edge
from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in, last_day_of_letter
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.uai import check_letter
from educonnect_admin.edge import Services
from educonnect_admin.office import issue_letters, resend_letter
from educonnect_admin.office.printing import print_class
from tests.cli.running import Terminal
from tests.support.households import CHARLEMAGNE, MOREAUS, NGUYENS, add_families, add_school
from tests.support.pdf import letters_under

PARIS, MARTINIQUE = (digits + check_letter(digits) for digits in ("0752387", "9720001"))
ISSUE = ("letters", "issue", "--school", CHARLEMAGNE, "--output", "out")
KEYS = {
    "number", "identifier", "guardian", "school", "class", "carrier", "created_on", "last_day",
    "days_left", "state", "delivery", "batch",
}  # fmt: skip

At = Callable[..., dict[str, Any]]


@pytest.fixture
def at(services: Services, tmp_path: Path) -> At:
    """Run the real program at a moment (UTC), on either database, and read its JSON."""
    environment = {
        **{name: value for name, value in os.environ.items() if "EDUCONNECT" not in name},
        "TZ": "UTC",
        "EDUCONNECT_DATABASE_URL": services.settings.database_url,
        "EDUCONNECT_SECRET_KEY_FILE": str(tmp_path / "secret.key"),
        "EDUCONNECT_OPERATOR": "cron",
        "EDUCONNECT_HASHING": "cheap-for-tests",
    }

    def run(moment: str, *arguments: str) -> dict[str, Any]:
        done = subprocess.run(
            ["faketime", moment, sys.executable, "-m", "educonnect_admin", *arguments, "--json"],
            check=False, capture_output=True, text=True, env=environment, cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    return run


def states(told: dict[str, Any]) -> dict[str, str]:
    """Return the state of each letter by its school."""
    return {letter["school"]: letter["state"] for letter in told["letters"]}


def test_by_a_moved_clock_letters_live_to_their_schools_own_midnight(
    services: Services, at: At
) -> None:
    """15 October 23:30 UTC is the 16th in Paris and the 15th in Martinique; each lives its day."""
    with services.transaction() as session:
        for uai, family in ((PARIS, MOREAUS), (MARTINIQUE, NGUYENS)):
            add_families(session, add_school(session, uai, uai), [family])
    issued = {
        uai: at("2026-10-15 23:30:00", "letters", "issue", "--school", uai, "--output", uai)
        for uai in (PARIS, MARTINIQUE)
    }

    assert {uai: one["last_day"] for uai, one in issued.items()} == {
        PARIS: "2027-01-16", MARTINIQUE: "2027-01-15",
    }  # fmt: skip
    # Midnight in Martinique is 4:00 UTC, in Paris 23:00.
    on_the_last = at("2027-01-16 03:59:00", "letters", "list")
    assert states(on_the_last) == {PARIS: "live", MARTINIQUE: "live"}
    assert {one["days_left"] for one in on_the_last["letters"]} == {0}
    over = at("2027-01-16 04:00:30", "letters", "list")
    assert states(over) == {PARIS: "live", MARTINIQUE: "expired"}
    assert at("2027-01-16 22:59:00", "letters", "expire") == {
        "expired": 1,
        "cleared": 0,
        "busy": False,
    }
    assert at("2027-01-16 23:00:30", "letters", "expire") == {
        "expired": 2,
        "cleared": 0,
        "busy": False,
    }
    with services.reading() as session:
        assert set(session.scalars(select(Letter.ended_at))) == {
            datetime(2027, 1, 16, 4, tzinfo=UTC), datetime(2027, 1, 16, 23, tzinfo=UTC),
        }  # fmt: skip


def test_by_a_moved_clock_a_short_month_ends_on_its_last_day(services: Services, at: At) -> None:
    """30 November → 28 February: alive that day, over the next, made again on demand."""
    with services.transaction() as session:
        add_families(session, add_school(session, PARIS, "Paris"), [NGUYENS])
    school = ("--school", PARIS)

    told = at("2026-11-30 12:00:00", "letters", "issue", *school, "--output", "a")
    again = ("letters", "issue", *school, "--who", "expired", "--output", "b")

    assert told["last_day"] == "2027-02-28"
    assert at("2027-02-28 22:59:00", "letters", "expire") == {
        "expired": 0,
        "cleared": 0,
        "busy": False,
    }
    assert at("2027-02-28 22:59:00", *again)["letters"] == 0
    assert at("2027-02-28 23:00:30", *again)["letters"] == 1
    assert at("2027-02-28 23:00:30", "letters", "list", "--state", "live")["by_state"] == {
        "live": 1
    }


# ------------------------------------------------------------------ what programs read


def test_what_a_program_reads_of_a_list(run: Terminal, office: Services) -> None:
    """Each letter with its keys, in one object that was written letter by letter."""
    run(*ISSUE)

    told = run("letters", "list", "--school", CHARLEMAGNE, "--json").json

    assert [set(letter) for letter in told["letters"]] == [KEYS] * 5
    assert told["by_state"] == {"live": 5}
    (karim,) = [one for one in told["letters"] if one["identifier"] == "karim.moreau"]
    assert (karim["guardian"], karim["carrier"], karim["class"]) == (
        "M. Karim MOREAU", "Sami MOREAU", "CE1",
    )  # fmt: skip
    assert (karim["delivery"], karim["batch"]) == ("paper", 1)
    last = date.fromisoformat(karim["last_day"]) - date.fromisoformat(karim["created_on"])
    assert karim["days_left"] == last.days
    assert run("letters", "list", "--class", "CE1", "--school", CHARLEMAGNE, "--json").json[
        "by_state"
    ] == {"live": 2}


def test_an_empty_list_is_one_object_too(run: Terminal, office: Services) -> None:
    """No letter yet: an empty list, and «Aucun courrier» for a person."""
    assert run("letters", "list", "--json").json == {
        "letters": [], "by_state": {}, "forecast": [],
    }  # fmt: skip
    assert "Aucun courrier." in run("letters", "list").out


def test_a_list_by_state(run: Terminal, office: Services) -> None:
    """Expired without cron, used, superseded, closed: each is found under its name."""
    run(*ISSUE)
    with office.transaction() as session:
        ids = session.scalars(select(Letter.id).order_by(Letter.id)).all()
        session.execute(update(Letter).where(Letter.id == ids[0]).values(last_day=date(2020, 1, 1)))
        for id_, end in zip(ids[1:], (LetterEnd.USED, LetterEnd.CLOSED), strict=False):
            session.execute(
                update(Letter).where(Letter.id == id_).values(ended_at=office_now(), end=end)
            )

    def count(state: str) -> int:
        told = run("letters", "list", "--state", state, "--json").json
        assert {letter["state"] for letter in told["letters"]} <= {state}
        return len(told["letters"])

    assert [count(state) for state in ("live", "expired", "used", "closed", "superseded")] == [
        2, 1, 1, 1, 0,
    ]  # fmt: skip
    shown = run("letters", "list").out
    assert "5 courriers : 2 en cours, 1 échu, 1 utilisé, 1 fermé." in shown


def office_now() -> datetime:
    """Return a moment that is past."""
    return datetime(2026, 1, 1, tzinfo=UTC)


def test_a_forecast_says_when_and_what_to_do(run: Terminal, office: Services) -> None:
    """How many end on which day, who can be reached, and the command for the day after."""
    run(*ISSUE)

    soon = run("letters", "list", "--school", CHARLEMAGNE, "--expiring", "15")
    told = run("letters", "list", "--expiring", "100", "--json").json
    later = run("letters", "list", "--school", CHARLEMAGNE, "--expiring", "100")

    assert "Aucun courrier en cours n'arrive à échéance" in soon.out
    (day,) = told["forecast"]
    assert (day["letters"], day["reachable"]) == (5, 2)
    assert day["last_day"] == told["letters"][0]["last_day"]
    assert f"letters issue --school {CHARLEMAGNE} --who expired" in later.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "--class", "CE1"], "Il manque l'option --school."),
        (["list", "--expiring", "3", "--state", "used"], "--state"),
        (["list", "--expiring", "-1"], "--expiring"),
        (["list", "--state", "zz"], "--state : «zz» n'est pas possible ici"),
        (["resend", "a.b", "--reason", "x"], "Il manque l'option --output ou --email."),
        (["resend", "a.b", "--reason", "x", "--email", "--output", "o"], "Argument en trop"),
        (["resend", "a.b", "--email"], "Il manque l'option --reason."),
    ],
)
def test_what_does_not_go_together_is_told(
    run: Terminal, office: Services, arguments: list[str], words: str
) -> None:
    """Exit 2, one French sentence."""
    answer = run("letters", *arguments)

    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err


def test_a_table_fits_eighty_columns(
    run: Terminal, office: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A director's window: no line is wider; a wider window shows the child and the batch."""
    run(*ISSUE)
    monkeypatch.setenv("COLUMNS", "80")

    narrow = run("letters", "list", "--school", CHARLEMAGNE).out
    monkeypatch.setenv("COLUMNS", "120")
    wide = run("letters", "list", "--school", CHARLEMAGNE).out

    assert max(len(line) for line in narrow.splitlines()) <= 80
    assert "Porté par" not in narrow
    assert re.search(r"Sami MOREAU +lot 1", wide)


# ------------------------------------------------------------------ resend, expire, remind


def test_a_resend_on_paper(run: Terminal, office: Services, tmp_path: Path) -> None:
    """Batch and file for a program, where it lies for a person; the password on the page only."""
    run(*ISSUE)
    resend = ("letters", "resend", "Karim.Moreau ", "--reason", "Perdu", "--output", "again")

    told = run(*resend, "--json").json
    shown = run(*resend)

    assert (told["batch"], told["identifier"], told["school"]) == (2, "karim.moreau", CHARLEMAGNE)
    (file,) = told["files"]
    assert Path(file["path"]).parent == tmp_path / "again"
    assert (file["letters"], file["class"], told["reminder"]) == (1, "CE1", False)
    assert "À remettre à Sami MOREAU, classe CE1." in shown.out
    assert "Le mot de passe d'avant ne marche plus." in shown.out
    for page in letters_under(tmp_path / "again"):
        assert page.password not in shown.all + json.dumps(told)


def test_a_resend_by_mail_shows_the_address_to_check(run: Terminal, office: Services) -> None:
    """In full: the desk reads it to the parent on the phone; and how the message leaves."""
    run(*ISSUE)
    resend = ("letters", "resend", "celine.dupont", "--reason", "Perdu", "--email")

    told = run(*resend, "--json").json
    shown = run(*resend)

    assert (told["mailed_to"], told["batch"], told["reminder"]) == (
        "dupont@example.fr", None, False,
    )  # fmt: skip
    assert "dupont@example.fr" in shown.out
    assert "educonnect-admin mail deliver" in shown.out
    # Nobody was asked, somebody is told: the other parent reads this address too.
    assert told["shared_with"] == 1
    assert "1 autre compte ou fiche a cette adresse" in shown.err
    # There is no server here: whoever believes that it leaves waits for ever.
    assert "personne ne les reçoit" in shown.err


class HesitatingDesk:
    """A person at a terminal who answers yes, after something has happened."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self._meanwhile = meanwhile

    def isatty(self) -> bool:
        """Be a terminal."""
        return True

    def readline(self) -> str:
        """Hesitate, then agree."""
        self._meanwhile()
        return "o\n"


@pytest.mark.parametrize("how", [("--output", "again"), ("--email",)])
def test_a_resend_happens_when_the_desk_has_agreed(
    run: Terminal, office: Services, monkeypatch: pytest.MonkeyPatch, how: tuple[str, ...]
) -> None:
    """Not when it was asked: past midnight the letter bears the day on which it is made."""
    run(*ISSUE)
    begun = edge.clock()
    agreed = begun + timedelta(days=2)
    moments = [begun]
    monkeypatch.setattr(edge, "clock", lambda: moments[-1])
    monkeypatch.setattr(sys, "stdin", HesitatingDesk(lambda: moments.append(agreed)))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)

    answer = run("letters", "resend", "celine.dupont", "--reason", "Perdu", *how)

    assert answer.code == 0, answer.err
    with office.reading() as session:
        former, new = session.scalars(
            select(Letter)
            .join(Account, Account.id == Letter.account_id)
            .where(Account.identifier == "celine.dupont")
            .order_by(Letter.id)
        )
        assert former.ended_at == new.created_at == agreed
        assert new.last_day == last_day_of_letter(day_in("Europe/Paris", agreed))


def test_letters_that_a_resend_had_to_take_back_are_told(
    run: Terminal, office: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed run whose pages are gone: refused if it was theirs, told in any case."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(print_class, "settle_committed", die)
        patched.setattr(issue_letters, "recover_school", lambda *_: None)
        assert run(*ISSUE).code == 130
    for part in (tmp_path / "out").glob("*.part"):
        part.unlink()

    answer = run("letters", "resend", "karim.moreau", "--reason", "Perdu", "--output", "again")

    assert answer.code == 3
    assert "rien n'a été fait pour lui" in answer.err
    told = next(line for line in answer.err.splitlines() if "À imprimer de nouveau" in line)
    assert "nadia.moreau" in told


@pytest.mark.parametrize("how", [("--output", "again"), ("--email",)])
def test_a_resend_after_a_lost_page_of_others_is_a_remark(
    run: Terminal,
    office: Services,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: tuple[str, ...],
) -> None:
    """Exit 4 and `to_reissue`, as `letters issue` says it."""
    run(*ISSUE)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    resend = ("letters", "resend", "--reason", "Perdu")
    with monkeypatch.context() as patched:
        patched.setattr(print_class, "settle_committed", die)
        patched.setattr(resend_letter, "recover_school", lambda *_: None)
        assert run(*resend, "karim.moreau", "--output", "lost").code == 130
    for part in (tmp_path / "lost").glob("*.part"):
        part.unlink()

    answer = run(*resend, "celine.dupont", *how, "--json")

    assert (answer.code, answer.json["to_reissue"]) == (4, ["karim.moreau"])
    assert "À imprimer de nouveau" in answer.err


@pytest.mark.parametrize("how", [("--output", "again"), ("--email",)])
def test_a_dry_resend_draws_and_writes_nothing(
    run: Terminal, office: Services, tmp_path: Path, how: tuple[str, ...]
) -> None:
    """It shows whose letter, what will no longer work, where the new one goes."""
    run(*ISSUE)
    resend = ("letters", "resend", "celine.dupont", "--reason", "Perdu", *how, "--dry-run")

    told = run(*resend, "--json").json
    shown = run(*resend).out

    assert (told["dry_run"], told["batch"]) == (True, None)
    assert "Mme Céline DUPONT" in shown
    assert "ne marchera plus" in shown
    assert ("1 autre compte ou fiche a cette adresse" in shown) is (how == ("--email",))
    with office.reading() as session:
        assert set(session.scalars(select(Letter.end))) == {None}
    assert not (tmp_path / "again").exists()


def test_a_confirmed_account_is_refused_paper_and_sent_a_reminder(
    run: Terminal, office: Services
) -> None:
    """Exit 3 with the command that helps; that command then works."""
    run(*ISSUE)
    with office.transaction() as session:
        session.execute(
            update(Account)
            .where(Account.identifier == "celine.dupont")
            .values(
                state=AccountState.ACTIVE, email="c@example.org", email_confirmed_at=office_now()
            )
        )
    resend = ("letters", "resend", "celine.dupont", "--reason", "Perdu")

    refused = run(*resend, "--output", "again")
    told = run(*resend, "--email", "--json").json

    assert refused.code == 3
    assert "letters resend celine.dupont --email" in refused.err
    assert (told["reminder"], told["mailed_to"], told["last_day"]) == (
        True, "c@example.org", None,
    )  # fmt: skip
    assert run("letters", "remind", "--school", CHARLEMAGNE, "--json").json == {
        "reminded": 0, "without_address": 0, "recently_reminded": 1, "bouncing": 0,
    }  # fmt: skip


def test_expire_says_one_line_to_cron(run: Terminal, office: Services) -> None:
    """One line on standard output, nothing with `--quiet`; a dry run says that it is one."""
    run(*ISSUE)
    with office.transaction() as session:
        session.execute(update(Letter).values(last_day=date(2020, 1, 1)))

    dry = run("letters", "expire", "--dry-run", "--json").json
    done = run("letters", "expire")
    again = run("--quiet", "letters", "expire")

    assert dry == {"expired": 5, "cleared": 5, "busy": False, "dry_run": True}
    assert done.out == "5 courriers échus clos, 5 mots de passe hachés effacés.\n"
    assert (again.code, again.out) == (0, "")


def test_the_last_day_asked_for_is_within(run: Terminal, office: Services) -> None:
    """`--expiring N`: what ends in N days is listed, what ends the day after is not."""
    run(*ISSUE)
    listed = run("letters", "list", "--json").json["letters"]
    (days,) = {one["days_left"] for one in listed}

    def ending_within(number: int) -> int:
        return len(run("letters", "list", "--expiring", str(number), "--json").json["letters"])

    assert ending_within(days) == len(listed) > 0
    assert ending_within(days - 1) == 0


@pytest.mark.parametrize(
    ("command", "lock"),
    [
        (("letters", "expire"), "letters-expire"),
        (("accounts", "close-leavers"), "accounts-close-leavers"),
    ],
)
def test_a_task_of_the_night_leaves_at_once_while_its_twin_is_at_work(
    run: Terminal, office: Services, command: tuple[str, str], lock: str
) -> None:
    """It says so and exits 0; a dry run looks all the same; later it has its turn."""
    with office.lock(lock):
        answer = run(*command, "--json")
        foreseen = run(*command, "--json", "--dry-run")

    assert (answer.code, answer.json["busy"]) == (0, True)
    assert "La même tâche tourne déjà" in answer.err
    assert (foreseen.code, foreseen.json["busy"]) == (0, False)
    assert run(*command, "--json").json["busy"] is False
