"""An office and a program of another day: refused clearly, whoever is at work already."""

from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin import databases
from educonnect_admin.domain.errors import OutdatedDatabase
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.migrations import HEAD, upgrade
from tests.cli.running import Terminal
from tests.portal.browser import Browser
from tests.support.households import CHARLEMAGNE

NEWER = "9999"


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal before the office."""
    return Terminal(capsys)


def _bring_up(services: Services) -> None:
    """Leave the database as a newer program's upgrade would."""
    with services.engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{NEWER}'"))


def _options(services: Services) -> list[str]:
    return ["--database", services.settings.database_url]


@pytest.mark.parametrize(
    "command",
    [["init"], ["database", "upgrade"], ["schools", "list"], ["letters", "expire"],
     ["schools", "add", CHARLEMAGNE, "Charlemagne"]],
)  # fmt: skip
def test_an_office_newer_than_the_program_is_refused(
    services: Services, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """Exit 5, both versions named, what to do said, nothing changed."""
    monkeypatch.setenv("EDUCONNECT_SECRET_KEY_FILE", str(services.keyring.path))
    _bring_up(services)

    answer = terminal(*_options(services), *command)

    assert answer.code == 5
    for word in (NEWER, HEAD, "plus récent", "Rien n'a été écrit", "sauvegarde"):
        assert word in answer.err
    with services.reading() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == NEWER
        assert session.scalar(text("SELECT count(*) FROM schools")) == 0


def test_an_older_office_is_told_how_to_come_up(
    empty_database_url: str, tmp_path: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 5 and the command; which then works."""
    monkeypatch.setenv("EDUCONNECT_SECRET_KEY_FILE", str(tmp_path / "secret.key"))
    url = databases.parse_address(empty_database_url)
    databases.create_file(url)
    engine = databases.make_engine(url)
    upgrade(engine, "0001")
    engine.dispose()
    options = ["--database", empty_database_url]

    refused = terminal(*options, "schools", "list")

    assert refused.code == 5
    assert "0001" in refused.err
    assert "database upgrade" in refused.err
    assert terminal(*options, "database", "upgrade").code == 0
    assert terminal(*options, "schools", "list").code == 0


def test_who_was_at_work_before_writes_no_more(services: Services) -> None:
    """An older program left running beside a newer one: its next transaction is refused."""
    with services.transaction() as session:
        session.add(School(uai=CHARLEMAGNE, name="Charlemagne"))

    _bring_up(services)

    with pytest.raises(OutdatedDatabase) as caught, services.transaction() as session:
        session.add(School(uai="0752387M", name="Curie"))
    assert (caught.value.found, caught.value.expected) == (NEWER, HEAD)
    with services.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM schools")) == 1


def test_an_older_portal_closes(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    """Parents see the page of a service that will be back, its administrator why."""
    browser = Browser(services)
    _bring_up(services)

    answer = browser.post("/connexion", identifiant="celine.dupont", mot_de_passe="tilleul7")

    assert answer.status_code == 503
    assert "another version" in caplog.text
