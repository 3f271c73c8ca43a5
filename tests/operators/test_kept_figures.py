"""Whose figures an operator gets of those that PostgreSQL keeps, program or not (R-65)."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import TupleRow

from educonnect_admin.domain.activations import GroupedBy
from educonnect_admin.domain.metadata import KEPT_TABLES
from educonnect_admin.domain.schools import School
from educonnect_admin.office.audit_activations import audit_activations
from educonnect_admin.office.keep_figures import keep_figures
from educonnect_admin.queries.activations import standings
from tests.conftest import NOW
from tests.operators.conftest import Opened, TwoSchools
from tests.operators.test_bare_session import SERVER, logged_in
from tests.support.two_schools import SCOPED, TEAM

_SEEN = (
    "SELECT school_id, sum(accounts) FROM seen_standings() GROUP BY school_id ORDER BY 1",
    "SELECT school_id, sum(accounts) FROM seen_days() GROUP BY school_id ORDER BY 1",
)
_TRIGGERS = (
    "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef"
    " AND prorettype = 'trigger'::regtype ORDER BY 1"
)
_SHARED = (
    "INSERT INTO guardians (school_id, account_id, family_name, given_name, family_key, given_key)"
    " SELECT 2, account_id, 'X', 'Y', 'x', 'y' FROM guardians WHERE school_id = 1"
    " AND account_id IS NOT NULL ORDER BY id LIMIT 1",
    "INSERT INTO guardianships (guardian_id, pupil_id, legal, started_on)"
    " SELECT max(id), (SELECT min(pupil_id) FROM enrolments WHERE school_id = 2), true,"
    " '2026-09-01' FROM guardians",
)


@pytest.fixture
def owner(schools: TwoSchools) -> Iterator[psycopg.Connection[TupleRow]]:
    """A session of the owner's, of which nothing is kept."""
    with logged_in(schools, "postgres") as session:
        yield session


@SERVER
@pytest.mark.parametrize("name", TEAM)
def test_a_login_sees_no_table_of_figures(schools: TwoSchools, name: str) -> None:
    """Nor the marks: they are the owner's, and no grant opens them by mistake."""
    for table in sorted(KEPT_TABLES):
        for statement in (f"SELECT * FROM {table}", f"DELETE FROM {table}"):
            refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
            with logged_in(schools, name) as session, refused:
                session.execute(statement)


@SERVER
def test_a_login_is_given_the_figures_of_its_schools(
    schools: TwoSchools, owner: psycopg.Connection[TupleRow]
) -> None:
    """Whether they are kept or marked; the same where the owner works under a name."""
    for kept in (False, True):
        if kept:
            with schools.office.transaction() as session:
                keep_figures(session, every=True)
        whole = owner.execute(_SEEN[0]).fetchall()
        assert [school for school, _ in whole] == [1, 2]
        for name, asked in TEAM.items():
            owner.execute(f"SET ROLE {name}")
            under_a_name = owner.execute(_SEEN[0]).fetchall()
            owner.execute("RESET ROLE")
            with logged_in(schools, name) as own:
                assert own.execute(_SEEN[0]).fetchall() == under_a_name
                assert {school for school, _ in own.execute(_SEEN[1])} <= {1, 2}
            assert under_a_name == (whole if asked.everything else whole[:1]), name
        owner.rollback()


@SERVER
def test_an_account_of_two_schools_counts_in_the_one_that_is_seen(
    owner: psycopg.Connection[TupleRow],
) -> None:
    """Once there, and nothing tells that it is held elsewhere too."""
    before = owner.execute(_SEEN[0]).fetchall()
    for statement in _SHARED:
        owner.execute(statement)
    after = owner.execute(_SEEN[0]).fetchall()
    owner.execute("SET ROLE dora")
    seen = owner.execute("SELECT part, school_id FROM seen_standings()").fetchall()
    mine = owner.execute(_SEEN[0]).fetchall()

    assert [number for _, number in after] == [before[0][1], before[1][1] + 1]
    assert mine == before[:1]
    assert {school for _, school in seen} == {1}
    assert len({part for part, _ in seen}) == len(seen)


@SERVER
def test_a_login_that_is_no_operator_is_given_nothing(
    schools: TwoSchools, owner: psycopg.Connection[TupleRow]
) -> None:
    """Every login of a server may call a function; this one looks who asks."""
    owner.execute("CREATE ROLE passer_by LOGIN")
    owner.execute("SET ROLE passer_by")
    assert [owner.execute(one).fetchall() for one in _SEEN] == [[], []]
    for look in ("account_is_free", "pupil_is_free", "records_of_account", "places_of_pupil"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), owner.transaction():
            owner.execute(f"SELECT {look}(1)")
    assert owner.execute("SELECT recount_schools(true)").fetchone() == (0,)


@SERVER
def test_nobody_hangs_a_trigger_of_the_owners_on_a_table_of_his(
    schools: TwoSchools, owner: psycopg.Connection[TupleRow]
) -> None:
    """It works as the owner: a cast of a type that somebody made would do so too."""
    names = owner.execute(_TRIGGERS).fetchall()
    assert len(names) == 17
    with logged_in(schools, SCOPED[0]) as session:
        session.execute("CREATE TEMPORARY TABLE mine (id integer)")
        for (name,) in names:
            refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
            with refused, session.transaction():
                session.execute(
                    f"CREATE TRIGGER own AFTER INSERT ON mine REFERENCING NEW TABLE AS new_rows"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION {name}"
                )


@SERVER
@pytest.mark.parametrize("name", SCOPED)
def test_an_audit_is_what_the_rows_in_sight_give(
    schools: TwoSchools, opened: Opened, name: str
) -> None:
    """The figures that are kept, beside a count of what the policies show."""
    with schools.office.transaction() as session:
        keep_figures(session)
    with opened(name).reading() as session:
        audit = audit_activations(session, by=GroupedBy.SCHOOL, now=NOW)
        counted = standings(session, School.id > 0, GroupedBy.SCHOOL, NOW)

    assert audit.total.accounts == sum(one.once for one in counted) > 0
    assert audit.total.letters == sum(one.once for one in counted if one.has_letter)
    assert {row.uai for row in audit.rows} == {one.uai for one in counted}
