"""What the machine runs by itself runs under logins of its own, and of no more rights (R-65)."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from educonnect_admin import edge
from educonnect_admin.domain.operators import Role
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.office.manage_operators import Asked, set_operator
from educonnect_admin.opening import open_office
from educonnect_admin.queries.trail import append_to_trail
from tests.cli.running import Answer, Terminal
from tests.office.leaving import CLOSING, JULY, SEPTEMBER, Years, noon
from tests.operators.conftest import new_settings
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
def run(
    office: Services,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Terminal:
    """A terminal as the timers have it: what `educonnect.env` and `cron.env` say."""
    for name in [name for name in os.environ if name.startswith("EDUCONNECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("EDUCONNECT_DATABASE_URL", own_address(office, "cron"))
    monkeypatch.setenv("EDUCONNECT_OPERATOR", "cron")
    monkeypatch.setenv("EDUCONNECT_SECRET_KEY_FILE", str(office.keyring.path))
    monkeypatch.setenv("EDUCONNECT_HASHING", "cheap-for-tests")
    monkeypatch.setenv("EDUCONNECT_MAIL_FOLDER", str(tmp_path / "mails"))
    return Terminal(capsys)


def _years(office: Services) -> Years:
    """Return two schools whose trails begin as they must."""
    years = Years(office)
    numbers = [number for (number,) in years.rows("SELECT id FROM schools ORDER BY id")]
    with office.transaction() as session:
        told = [Happening(TrailKind.SCHOOL_ADDED, school_id=one) for one in numbers]
        append_to_trail(session, office.author(noon(SEPTEMBER)), told)
    return years


def all_tasks(run: Terminal) -> dict[str, Answer]:
    """Run every task of `deploy/tasks`, in the order of a night."""
    order = ("expire", "mail", "recover", "leavers", "purge", "trail")
    assert set(order) == set(TASKS)
    return {task: run(*TASKS[task], "--json") for task in order}


def test_every_task_does_its_work_as_cron(
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
    first = all_tasks(run)
    monkeypatch.setattr(edge, "clock", lambda: noon(CLOSING) + timedelta(days=100))
    last = all_tasks(run)

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
