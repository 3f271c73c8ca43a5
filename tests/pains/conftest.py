"""The bureau of these tests: the real command line, on each of the two databases."""

import os
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from tests.cli.running import Terminal
from tests.pains.bureau import Bureau


def _seated(
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    folder: Path,
) -> Bureau:
    for name in [name for name in os.environ if name.startswith("EDUCONNECT_")]:
        monkeypatch.delenv(name)
    told = services.settings
    monkeypatch.setenv("EDUCONNECT_DATABASE_URL", told.database_url)
    monkeypatch.setenv("EDUCONNECT_SECRET_KEY_FILE", str(told.secret_key_file))
    monkeypatch.setenv("EDUCONNECT_OPERATOR", told.operator)
    monkeypatch.setenv("EDUCONNECT_HASHING", told.hashing)
    exports = folder / "exports"
    exports.mkdir()
    monkeypatch.chdir(folder)
    return Bureau(services, Terminal(capsys), exports)


@pytest.fixture
def bureau(
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Bureau:
    """A director's bureau, on each database."""
    return _seated(services, monkeypatch, capsys, tmp_path)


@pytest.fixture
def desk(
    sqlite_services: Services,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Bureau:
    """The same on SQLite, for what no database can see."""
    return _seated(sqlite_services, monkeypatch, capsys, tmp_path)
