"""Fixtures of campaigns: an office on PostgreSQL that other processes can open too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.support.postgres import KeptDatabase


@pytest.fixture
def postgres_settings(kept_database: KeptDatabase, tmp_path: Path) -> Settings:
    """The settings of an office on PostgreSQL."""
    return Settings(
        database_url=kept_database.emptied(),
        secret_key_file=tmp_path / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
    )


@pytest.fixture
def postgres_office(postgres_settings: Settings) -> Iterator[Services]:
    """An open office on PostgreSQL, empty."""
    office = open_office(postgres_settings, NOW)
    yield office
    office.close()
