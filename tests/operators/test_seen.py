"""What an operator sees through the product, table by table, on both databases (R-65)."""

import pytest
from sqlalchemy import select, text

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.operator_errors import BeyondScope, UnknownOperator
from educonnect_admin.domain.visibility import RULES, SECRETS, reads
from educonnect_admin.edge import Services
from educonnect_admin.opening import open_services
from tests.operators.conftest import Opened, TwoSchools
from tests.support.two_schools import SCOPED, TEAM, every_key

SHARED = {"offices", "services", "used_numbers"}
"""Of no school."""
OF_TEAM = {"operators", "operator_schools"}
DIGESTS = {"identifier_series"}
"""Digests under the key, numbers: one series may serve several schools."""


def hidden(name: str) -> set[str]:
    """Return the tables that are not for the role of an operator at all."""
    return {table for table in RULES if not reads(table, TEAM[name].role)}


def test_every_table_has_its_rule() -> None:
    """A table that is added is somebody's: who sees it must be said; secrets are columns."""
    assert set(RULES) == set(METADATA.tables)
    for table, columns in SECRETS.items():
        assert set(columns) <= set(METADATA.tables[table].columns.keys())


def test_every_table_is_tried(schools: TwoSchools) -> None:
    """Both schools have rows everywhere: an empty table would prove nothing."""
    untried = {table for table in RULES if not (schools.here[table] and schools.there[table])}

    assert untried == SHARED | OF_TEAM


@pytest.mark.parametrize("name", SCOPED)
def test_all_of_the_own_school_and_nothing_of_the_other(
    schools: TwoSchools, opened: Opened, name: str
) -> None:
    """In each table the rows that came with the school, and none of those that came after."""
    seen = every_key(opened(name), RULES.keys() - hidden(name))

    for table in seen.keys() - OF_TEAM - SHARED - DIGESTS:
        assert seen[table] == schools.here[table] - _of_the_office(schools, table), table
    assert len(seen["operators"]) == 1


def _of_the_office(schools: TwoSchools, table: str) -> set[tuple[object, ...]]:
    """Return what the owner wrote in the chain that is no school's."""
    column = {"trail_entries": "id", "trail_reasons": "entry_id"}.get(table)
    if column is None:
        return set()
    with schools.office.reading() as session:
        entry = "SELECT id FROM trail_entries WHERE chain = 0"
        rows = session.execute(text(f"SELECT {column} FROM {table} WHERE {column} IN ({entry})"))
        return {tuple(row) for row in rows}


@pytest.mark.parametrize("name", [name for name in TEAM if name not in SCOPED])
def test_who_sees_every_school_sees_every_row(
    schools: TwoSchools, opened: Opened, name: str
) -> None:
    """But for the tables that are not for the role at all."""
    tables = RULES.keys() - hidden(name) - OF_TEAM

    assert len(every_key(opened(name), ["operators"])["operators"]) == 1, "himself"
    assert every_key(opened(name), tables) == every_key(schools.office, tables)


@pytest.mark.parametrize("name", TEAM)
def test_secrets_are_read_by_whom_needs_them_alone(opened: Opened, name: str) -> None:
    """SQLite shows nothing in their place, PostgreSQL refuses the question."""
    for table, columns in SECRETS.items():
        for column, readers in columns.items():
            expected = TEAM[name].role in readers
            assert _reads(opened(name), table, column) is expected, (table, column)


def _reads(services: Services, table: str, column: str) -> bool:
    try:
        with services.reading() as session:
            found = session.scalars(text(f"SELECT {column} FROM {table}")).all()
    except BeyondScope:
        return False
    return any(one is not None for one in found)


def test_whoever_reads_no_hash_works_with_the_account_all_the_same(opened: Opened) -> None:
    """It is loaded without, and may be wiped."""
    with opened("hugo").transaction(dry_run=True) as session:
        account = session.scalars(select(Account).order_by(Account.id)).first()
        assert account is not None
        account.password_hash = None


def test_a_name_that_is_nobodys_is_refused(schools: TwoSchools) -> None:
    """Once there are operators; under the owner's own name everything opens."""
    nobody = schools.office.settings.model_copy(update={"operator": "nadia"})

    with pytest.raises(UnknownOperator):
        open_services(nobody)
