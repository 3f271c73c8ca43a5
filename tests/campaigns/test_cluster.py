"""A Dask cluster that goes away, or is not the one that was meant."""

from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings
from tests.campaigns.academy import assert_nothing_printed_is_wrong, assert_whole, found_academy
from tests.campaigns.cluster import cluster
from tests.campaigns.night import campaign_of, environment, night, wait_until
from tests.campaigns.watched import WatchedDatabase
from tests.conftest import NOW
from tests.support.postgres import new_database

SCHOOLS, LETTERS = 5, 9
FEW_SECONDS = {"EDUCONNECT_CAMPAIGN_PATIENCE": "3"}


@pytest.mark.slow
def test_a_scheduler_lost_for_good_ends_the_campaign(
    postgres_office: Services, tmp_path: Path
) -> None:
    """Exit 5 with words; resumed without a cluster, every letter is there once."""
    found_academy(postgres_office, SCHOOLS, LETTERS)
    settings = postgres_office.settings
    output = tmp_path / "out"
    watched = WatchedDatabase(settings.database_url)
    with cluster(environment(settings), tmp_path / "cluster", workers=1) as dask:
        command = campaign_of(output, "--dask", dask.address)
        with night(command, settings, tmp_path / "said", **FEW_SECONDS) as running:
            wait_until(lambda: watched.progress().files >= 4)
            dask.lose_for_good()
            assert running.code() == 5, running.err
            assert f"Le cluster Dask {dask.address} ne peut pas servir" in running.err
            assert running.out["left"]
            assert running.out["stopped"]
            running.assert_left_nobody()
    watched.close()
    with night(campaign_of(output, "--workers", "1"), settings, tmp_path / "again") as running:
        assert running.code() == 0, running.err
    assert_whole(postgres_office, output, SCHOOLS * LETTERS)
    # All is done: a cluster that is away is no trouble any more.
    with night(command, settings, tmp_path / "third") as running:
        assert running.code() == 0, running.err


@pytest.mark.slow
def test_a_cluster_of_another_office_prints_nothing(
    postgres_office: Services,
    postgres_socket: str,
    postgres_template: str,
    tmp_path: Path,
) -> None:
    """Exit 3, and which machine is set for another database or key."""
    found_academy(postgres_office, 2, 3)
    other = Settings(
        database_url=new_database(postgres_socket, postgres_template),
        secret_key_file=tmp_path / "other.key",
        operator="bob",
        hashing="cheap-for-tests",
    )
    open_office(other, NOW).close()
    output = tmp_path / "out"
    with cluster(environment(other), tmp_path / "cluster", workers=1) as dask:
        command = campaign_of(output, "--dask", dask.address)
        with night(command, postgres_office.settings, tmp_path / "said") as running:
            assert running.code() == 3, running.err
            assert "est réglé pour une autre base ou une autre clé" in running.err
    assert list(output.rglob("*.pdf")) == []
    assert_nothing_printed_is_wrong(postgres_office, output)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["everybody", "workers"])
def test_machines_without_the_program_are_told(
    postgres_office: Services, tmp_path: Path, who: str
) -> None:
    """Exit 5, and that the program is to be installed there; nothing is printed."""
    found_academy(postgres_office, 2, 3)
    fake = tmp_path / "fake" / "educonnect_admin"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text("raise ModuleNotFoundError('educonnect_admin')\n")
    without = environment(postgres_office.settings, PYTHONPATH=str(fake.parent))
    scheduler = without if who == "everybody" else None
    output = tmp_path / "out"
    environ = environment(postgres_office.settings)
    with cluster(
        environ, tmp_path / "cluster", workers=1, scheduler=scheduler, worker=without
    ) as dask:
        command = campaign_of(output, "--dask", dask.address)
        with night(command, postgres_office.settings, tmp_path / "said", **FEW_SECONDS) as running:
            assert running.code() == 5, running.err
            assert "educonnect-admin n'y est pas installé" in running.err
    assert list(output.rglob("*.pdf")) == []


@pytest.mark.slow
def test_an_address_where_nobody_answers_is_told(postgres_office: Services, tmp_path: Path) -> None:
    """Exit 5 within the time of one connection, and nothing is begun."""
    found_academy(postgres_office, 1, 3)
    command = campaign_of(tmp_path / "out", "--dask", "tcp://127.0.0.1:9")
    with night(command, postgres_office.settings, tmp_path / "said") as running:
        assert running.code(60) == 5, running.err
        assert "personne ne répond à cette adresse" in running.err
    assert list(tmp_path.rglob("*.pdf")) == []
