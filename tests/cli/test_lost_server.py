"""PostgreSQL goes away in the middle of a command: exit 5, nothing half-done, then all is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from educonnect_admin.edge import Services
from educonnect_admin.opening import open_services
from educonnect_admin.settings import Settings
from tests.cli.running import Terminal
from tests.cli.test_roster import CHARLEMAGNE, SAMPLES, sample
from tests.support.pdf import letters_under
from tests.support.postgres import KeptDatabase, cut_connections, restart_server

Strike = Callable[[], None]
IMPORT = ("roster", "import", *sample("ecole-charlemagne"), "--school", CHARLEMAGNE, "--json")
GENERATE = ("accounts", "generate", "--school", CHARLEMAGNE, "--json")
ISSUE = ("letters", "issue", "--school", CHARLEMAGNE, "--output", "out", "--json")


@pytest.fixture
def bureau(
    run: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept_database: KeptDatabase
) -> Terminal:
    """An office on PostgreSQL with the schools of the samples."""
    monkeypatch.setenv("EDUCONNECT_DATABASE_URL", kept_database.emptied())
    monkeypatch.setenv("EDUCONNECT_SECRET_KEY_FILE", str(tmp_path / "secret.key"))
    assert run("init").code == 0
    assert run("schools", "import", str(SAMPLES / "ecoles.csv")).code == 0
    return run


@pytest.fixture(params=["cut", "restarted"])
def strike(request: pytest.FixtureRequest, bureau: Terminal, postgres_socket: str) -> Strike:
    """What happens to the server: our sessions are terminated, or it is stopped and started."""
    if request.param == "cut":
        return lambda: cut_connections(Settings().database_url, postgres_socket)
    return lambda: restart_server(postgres_socket)


@contextmanager
def striking_at(strike: Strike, statement: str) -> Iterator[list[str]]:
    """Strike once, as soon as a statement that begins so is about to be asked."""
    struck: list[str] = []

    def look(_c: Any, _k: Any, asked: str, *_: Any) -> None:
        if asked.startswith(statement) and not struck:
            struck.append(asked)
            strike()

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield struck
    finally:
        event.remove(Engine, "before_cursor_execute", look)


@contextmanager
def at_the_desk() -> Iterator[Services]:
    """Give the office, as another program would open it."""
    services = open_services(Settings())
    yield services
    services.close()


def _count(table: str) -> int:
    with at_the_desk() as services, services.reading() as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def _refused(bureau: Terminal, strike: Strike, statement: str, command: tuple[str, ...]) -> None:
    with striking_at(strike, statement) as struck:
        answer = bureau(*command)
    assert struck
    assert (answer.code, answer.out) == (5, "")
    assert "a été perdue en route" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("statement", ["ANALYZE", "UPDATE trail_heads"])
def test_an_import_that_loses_its_server_has_written_nothing(
    bureau: Terminal, strike: Strike, statement: str
) -> None:
    """Behind the rows, or at the very end: the same files then go in whole."""
    _refused(bureau, strike, statement, IMPORT)

    assert [_count(table) for table in ("pupils", "guardians", "guardianships")] == [0, 0, 0]
    again = bureau(*IMPORT)
    assert (again.code, again.json["new"]["pupils"]) == (0, 135)


@pytest.mark.parametrize("statement", ["INSERT INTO identifier_series", "UPDATE trail_heads"])
def test_accounts_are_opened_all_or_none(bureau: Terminal, strike: Strike, statement: str) -> None:
    """No account, no number taken; the same command then opens them all."""
    bureau(*IMPORT)

    _refused(bureau, strike, statement, GENERATE)

    assert [_count(table) for table in ("accounts", "identifier_series")] == [0, 0]
    again = bureau(*GENERATE)
    assert (again.code, again.json["created"]) == (0, _count("accounts"))


@pytest.mark.parametrize(
    "statement", ["SELECT pg_try_advisory_lock", "INSERT INTO batch_files", "UPDATE batch_files"]
)
def test_letters_that_lose_their_server_are_issued_by_the_next_run(
    bureau: Terminal, strike: Strike, statement: str, tmp_path: Path
) -> None:
    """While it begins, plans, or stores passwords: every account then has one live letter."""
    bureau(*IMPORT)

    _refused(bureau, strike, statement, ISSUE)

    again = bureau(*ISSUE)
    assert again.code == 0
    accounts = _count("accounts")
    assert _count("letters WHERE ended_at IS NULL") == accounts
    assert len(list(letters_under(tmp_path / "out"))) == accounts
    assert _count("batch_files WHERE state IN ('planned', 'committed')") == 0
    assert list((tmp_path / "out").rglob("*.part")) == []
