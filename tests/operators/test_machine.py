"""What the machine runs by itself runs under logins of its own, and of no more rights (R-65)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from educonnect_admin import edge
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.operators import Role
from educonnect_admin.domain.service_rights import SERVICES
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.domain.visibility import RULES, hidden_columns
from educonnect_admin.edge import Services
from educonnect_admin.office.manage_operators import Asked, set_operator
from educonnect_admin.opening import open_office, open_services
from educonnect_admin.parents.tidy_up import tidy_up
from educonnect_admin.queries.trail import append_to_trail
from tests.cli.running import Answer, Terminal
from tests.office.leaving import CLOSING, JULY, SEPTEMBER, Years, noon
from tests.operators.conftest import TerminalOf, new_settings
from tests.portal.browser import Browser, words
from tests.portal.holders import OWN, TEMPORARY, Holders
from tests.portal.outgoing import queued
from tests.support.families import pupil
from tests.support.outbox import queue, queue_letter
from tests.test_deploy import TASKS


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Services]:
    """An office of the owner, with the operators that the files of `deploy` name."""
    opened = open_office(new_settings(request, tmp_path), noon(SEPTEMBER))
    with opened.transaction() as session:
        for one in (
            Asked("cron", Role.CRON, everything=True),
            Asked("portail", Role.PORTAL, everything=True),
        ):
            set_operator(session, one, owner=None, author=opened.author(noon(SEPTEMBER)))
    yield opened
    opened.close()


def own_address(office: Services, name: str) -> str:
    """Return the address of the office under an operator's own login."""
    url = office.engine.url
    if url.get_backend_name() != "postgresql":
        return office.settings.database_url
    return url.set(drivername="postgresql", username=name).render_as_string(hide_password=False)


@pytest.fixture
def run(office: Services, terminal_of: TerminalOf, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal as the timers have it: what `educonnect.env` and `cron.env` say."""
    terminal = terminal_of(office)
    monkeypatch.setenv("EDUCONNECT_DATABASE_URL", own_address(office, "cron"))
    monkeypatch.setenv("EDUCONNECT_OPERATOR", "cron")
    return terminal


def _years(office: Services) -> Years:
    """Return two schools whose trails begin as they must."""
    years = Years(office)
    numbers = [number for (number,) in years.rows("SELECT id FROM schools ORDER BY id")]
    with office.transaction() as session:
        told = [Happening(TrailKind.SCHOOL_ADDED, school_id=one) for one in numbers]
        append_to_trail(session, office.author(noon(SEPTEMBER)), told)
    return years


def all_tasks(office: Services, run: Terminal) -> dict[str, Answer]:
    """Run every task of `deploy/tasks`, in the order of a night; as the owner what is his."""
    order = ("expire", "mail", "recover", "leavers", "purge", "trail", "figures")
    assert set(order) == set(TASKS)
    with pytest.MonkeyPatch.context() as environment:
        done = {task: run(*TASKS[task], "--json") for task in order if task != "purge"}
        environment.setenv("EDUCONNECT_DATABASE_URL", office.settings.database_url)
        environment.setenv("EDUCONNECT_OPERATOR", "")
        return {**done, "purge": run(*TASKS["purge"], "--json")}


def test_every_task_does_its_work_under_the_name_that_runs_it(
    office: Services, run: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter is over, a mail leaves, an account is closed, a family goes, the trail is whole."""
    years = _years(office)
    years.begin("Alice")
    (record,) = years.rows("SELECT min(id) FROM guardians")[0]
    queue_letter(office, record, "j@x.fr", now=noon(SEPTEMBER))
    years.take_rows(JULY, [pupil("Zoé", "Personne")], [])
    queue(office, "zoe@example.fr", now=noon(CLOSING))

    monkeypatch.setattr(edge, "clock", lambda: noon(CLOSING))
    first = all_tasks(office, run)
    monkeypatch.setattr(edge, "clock", lambda: noon(CLOSING) + timedelta(days=100))
    last = all_tasks(office, run)

    assert {task: answer.err for task, answer in last.items() if answer.code} == {}
    assert {one.code for task, one in first.items() if task != "mail"} == {0}
    assert (first["expire"].json["expired"], first["expire"].json["cleared"]) == (1, 1)
    assert first["mail"].json["sent"] == 1
    assert first["leavers"].json["closed"] == 1
    purged = [one["purge"].json for one in (first, last)]
    assert [sum(one[what] for one in purged) for what in ("accounts", "pupils")] == [1, 1]
    assert last["trail"].json["verified"] is True
    assert years.rows("SELECT count(*) FROM guardians")[0][0] == 0
    names = {name for (name,) in years.rows("SELECT operator FROM trail_entries WHERE chain > 0")}
    assert "cron" in names


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_a_parent_comes_in_by_letter_under_the_login_of_the_portal(
    office: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the letter's password to the open account: no right is missing on the way."""
    monkeypatch.setattr(Services, "deliver", lambda *_: None)
    holders = Holders(office)
    holders.issued_on = edge.clock().date()
    account = holders.notified()
    own = office.settings.model_copy(
        update={"database_url": own_address(office, "portail"), "operator": "portail"}
    )
    portal = open_services(own)
    browser = Browser(portal)
    dates = {
        f"date_{holders.pupil(name)}_jour": day
        for name, day in {"Enzo": "4/3/2020", "Léa": "06/05/2016"}.items()
    }
    form = {"mot_de_passe": OWN, "mot_de_passe_confirmation": OWN, **dates}
    mail = {"email": "celine@example.fr", "email_confirmation": "celine@example.fr"}

    began = browser.post("/connexion", identifiant="celine.dupont", mot_de_passe=TEMPORARY)
    asked = browser.post("/activation", **form, **mail)
    [(_, _, values)] = queued(office, MessageKind.EMAIL_TO_CONFIRM)
    done = browser.follow(browser.post(re.sub(r"^https?://[^/]+", "", str(values["link"]))))
    came = browser.post("/connexion", identifiant="celine.dupont", mot_de_passe=OWN)
    home = browser.get("/accueil")
    tidied = tidy_up(portal.transaction, portal.lock, edge.clock() + timedelta(days=200))
    portal.close()

    assert began.headers["location"] == "/bienvenue"
    assert asked.headers["location"] == "/activation/verifier"
    assert "Votre compte est activé" in words(done)
    assert came.headers["location"] == "/accueil"
    assert home.status_code == 200
    assert holders.state(account) == "active"
    assert tidied


def _statements_of_others(role: Role) -> Iterator[str]:
    """Yield a statement for whatever a service has no business with."""
    rights = SERVICES[role]
    for table in RULES:
        change, columns = rights.change(table), METADATA.tables[table].columns
        yield f"TRUNCATE {table}"
        yield f"ALTER TABLE {table} RENAME TO x"
        if not change.removes:
            yield f"DELETE FROM {table}"
        if not change.adds:
            yield f"INSERT INTO {table} DEFAULT VALUES"
        held = {"id"} if table in rights.holds else set()
        for name in {one.name for one in columns} - {*change.columns, *held}:
            yield f'UPDATE {table} SET "{name}" = NULL'
        if table not in rights.reads:
            yield f"SELECT 1 FROM {table}"
        for name in hidden_columns(table, role):
            yield f'SELECT "{name}" FROM {table}'
    yield "COPY accounts TO PROGRAM 'true'"
    yield "CREATE ROLE intruder"


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("name", "role", "other"), [("portail", Role.PORTAL, "cron"), ("cron", Role.CRON, "portail")]
)
def test_the_login_of_a_service_is_refused_all_else(
    office: Services, name: str, role: Role, other: str
) -> None:
    """With the database in hands, without the product: tables, columns and verbs of others."""
    url = office.engine.url.set(drivername="postgresql", username=name)
    with psycopg.connect(url.render_as_string(hide_password=False)) as session:
        for statement in (*_statements_of_others(role), f"SET ROLE {other}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), session.transaction():
                session.execute(statement)
        names = session.execute("SELECT name FROM operators").fetchall()

    assert names == [(name,)], "itself, and no other"
