"""Figures of an audit after a night, and `database recount`, on both databases (R-64)."""

from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin.cli.check_words import finding_sentence
from educonnect_admin.domain.findings import Finding, FindingCode
from educonnect_admin.edge import Services
from tests.campaigns.academy import found_academy
from tests.campaigns.night import campaign_of
from tests.campaigns.rosters import imports_of, write_rosters
from tests.cli.running import Terminal

SERVER = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def touched(services: Services) -> int:
    """Return how many schools would have to be counted again."""
    with services.reading() as session:
        query = text("SELECT count(*) FROM touched_now()")
        return int(session.scalar(query) or 0)


@SERVER
def test_a_night_leaves_every_school_counted(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """After the imports, and after the letters; a dry run has nothing to count."""
    uais = found_academy(services, 3, 4)
    assert touched(services) == 3
    assert run(*imports_of(write_rosters(tmp_path / "rosters", uais, 5))).code == 0
    assert touched(services) == 0

    assert run(*campaign_of(tmp_path / "out", "--dry-run")).code == 0
    assert touched(services) == 0
    assert run(*campaign_of(tmp_path / "out")).code == 0
    assert touched(services) == 0

    audit = run("audit", "activations", "--by", "school", "--json").json
    assert [row["by_state"]["notified"] for row in audit["rows"]] == [9, 9, 9]


@SERVER
def test_an_audit_counts_what_has_changed_and_leaves_it_counted(
    run: Terminal, services: Services
) -> None:
    """Of more schools than one; for one school nothing need be kept."""
    found_academy(services, 2, 4)
    assert run("audit", "activations", "--school", "0090001A", "--json").code in {0, 3}
    assert touched(services) == 2

    assert run("audit", "activations", "--json").json["accounts"] == 0
    assert touched(services) == 0


def test_recount_says_how_many_schools_it_counted(run: Terminal, services: Services) -> None:
    """What has changed; again: none; with `--all` every one; a file keeps no figures."""
    found_academy(services, 2, 4)
    keeps = services.engine.dialect.name == "postgresql"

    tried = run("database", "recount", "--dry-run", "--json")
    first = run("database", "recount", "--json")
    again = run("database", "recount", "--json")
    everything = run("database", "recount", "--all")

    assert {one.code for one in (tried, first, again, everything)} == {0}
    two = 2 if keeps else 0
    assert tried.json == {"schools": two, "kept": keeps, "dry_run": True}
    assert first.json == {"schools": two, "kept": keeps}
    assert again.json == {"schools": 0, "kept": keeps}
    said = "2 écoles recomptées." if keeps else "Cette base ne garde pas de chiffres"
    assert said in everything.out


@SERVER
def test_a_check_finds_figures_that_are_wrong(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """It names the schools and the command, which makes them right."""
    uais = found_academy(services, 2, 4)
    assert run(*campaign_of(tmp_path / "out")).code == 0
    with services.transaction() as session:
        session.execute(text("UPDATE kept_standings SET accounts = 7"))

    found = [
        Finding(FindingCode(one["code"]), one["number"], tuple(one["names"]))
        for one in run("database", "check", "--json").json["findings"]
        if one["code"] == "wrong_figures"
    ]
    assert found == [Finding(FindingCode.WRONG_FIGURES, 2, tuple(sorted(uais)))]
    assert "educonnect-admin database recount --all" in finding_sentence(found[0])
    assert run("database", "recount", "--all").code == 0
    codes = {one["code"] for one in run("database", "check", "--json").json["findings"]}
    assert "wrong_figures" not in codes


@SERVER
def test_a_lost_server_takes_nothing_back_from_a_night(
    run: Terminal, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letters are printed and told: the code is theirs, the next audit counts."""
    from educonnect_admin.domain.database_trouble import DatabaseTrouble
    from educonnect_admin.domain.errors import DatabaseUnavailable
    from educonnect_admin.office import keep_figures

    def lost(*_: object, **__: object) -> None:
        raise DatabaseUnavailable(DatabaseTrouble.LOST)

    found_academy(services, 2, 4)
    with monkeypatch.context() as away:
        away.setattr(keep_figures, "keep_figures", lost)
        assert run(*campaign_of(tmp_path / "out")).code == 0

    assert touched(services) == 2
    assert run("audit", "activations", "--json").json["by_state"]["notified"] == 8
