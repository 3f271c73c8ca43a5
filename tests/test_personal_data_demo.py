"""The demo office before and after: what a family is given, what is left of it, field by field."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from educonnect_admin.databases import empty_journal
from educonnect_admin.domain.desk_errors import UnknownGuardian
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.personal_data import PERSONAL, WITHHELD, PersonData
from educonnect_admin.edge import Services, clock
from educonnect_admin.office.export_person import export_person
from educonnect_admin.office.purge_people import purge_people
from educonnect_admin.opening import open_services
from educonnect_admin.queries.trail_check import check_chains
from educonnect_admin.settings import Settings
from tests.support.house import ROOT
from tests.support.tables import difference, every_row

pytestmark = pytest.mark.slow

_ONLY_CHILD = """
    SELECT min(g.pupil_id) FROM guardianships AS g
    WHERE g.guardian_id IN (SELECT guardian_id FROM guardianships GROUP BY 1 HAVING count(*) = 1)
    GROUP BY g.pupil_id
    HAVING count(*) = 2 AND count(*) = (
        SELECT count(*) FROM guardianships AS all_of WHERE all_of.pupil_id = g.pupil_id)
    ORDER BY g.pupil_id LIMIT 1
"""
"""A child with two guardians who have no other."""


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The office of `make demo`, made by its own script; its hashes are cheap."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    program = tmp_path / "bin" / "educonnect-admin"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\nexport EDUCONNECT_HASHING=cheap-for-tests\n"
        f'exec "{sys.executable}" -m educonnect_admin "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o700)
    done = subprocess.run(
        ["sh", "data/demo.sh", str(program.parent)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    monkeypatch.setenv("EDUCONNECT_HASHING", "cheap-for-tests")
    services = open_services(Settings(database_url=str(tmp_path / "demo" / "educonnect.sqlite")))
    yield services
    services.close()


def test_must_show_5_export_and_purge_field_by_field(demo: Services) -> None:
    """A family leaves; after 90 days its rows are gone, every other field is what it was."""
    file = Path(str(demo.engine.url.database))
    with demo.reading() as session:
        child = session.scalar(text(_ONLY_CHILD))
        parents = session.scalars(
            text("SELECT guardian_id FROM guardianships WHERE pupil_id = :child"), {"child": child}
        ).all()
    with demo.transaction() as session:
        given = [export_person(session, str(one), demo.author(clock())) for one in parents]
    _assert_given_is_what_the_rows_hold(demo, given)
    said = [json.dumps(one.tables, ensure_ascii=False) for one in given]
    mine, others = given[0].tables["guardians"][0], given[1].tables["guardians"][0]
    assert mine["given_name"] in said[0]
    assert mine["given_name"] not in said[1].replace(others["given_name"], "")
    with demo.transaction() as session:
        session.execute(
            text("UPDATE enrolments SET ended_on = :day WHERE pupil_id = :child"),
            {"day": clock().date().isoformat(), "child": child},
        )
    before = every_row(file)
    soon = demo.author(clock() + timedelta(days=88))
    late = demo.author(clock() + timedelta(days=92))

    assert purge_people(demo.transaction, soon).people == 0
    done = purge_people(demo.transaction, late)
    empty_journal(demo.engine)

    after = every_row(file)
    told = difference(before, after)
    assert (done.people, done.accounts, done.pupils, done.letters) == (3, 2, 1, 2)
    assert {name: len(keys) for name, keys in told.removed.items() if name != "name_words"} == {
        "accounts": 2, "guardians": 2, "guardianships": 2, "pupils": 1, "enrolments": 1,
        "letters": 2,
    }  # fmt: skip
    assert told.changed.keys() <= {"trail_heads"}
    assert {name: len(keys) for name, keys in told.added.items()} == {
        "trail_entries": 3, "used_numbers": 4,
    }  # fmt: skip
    assert told.removed["guardians"] == set(parents)
    for one in ("email", "mobile"):
        if mine[one]:
            assert mine[one].encode() not in file.read_bytes()
    _assert_trail_and_strangers(demo, str(parents[0]))


def _assert_given_is_what_the_rows_hold(demo: Services, given: Sequence[PersonData]) -> None:
    """Every field of every row that was given is that of the database, none is left out."""
    for one in given:
        assert list(one.tables) == list(PERSONAL)
        for name in ("accounts", "guardians", "pupils", "letters", "enrolments"):
            table = METADATA.tables[name]
            kept = {column.name for column in table.columns if (name, column.name) not in WITHHELD}
            for row in one.tables[name]:
                with demo.reading() as session:
                    query = select(table).where(table.c.id == row["id"])
                    stored = session.execute(query).mappings().one()
                assert row.keys() == kept, name
                assert all(row[field] == _written(stored[field]) for field in kept), name


def _written(stored: object) -> object:
    return stored.isoformat() if isinstance(stored, date | datetime) else stored


def _assert_trail_and_strangers(demo: Services, former: str) -> None:
    """The chains verify, and whoever asks for the former number is told that nobody bears it."""
    with demo.reading() as session:
        pen = demo.author(clock()).pen
        assert [chain for chain in check_chains(session, pen) if chain.broken] == []
    with pytest.raises(UnknownGuardian), demo.transaction() as session:
        export_person(session, former, demo.author(clock()))
