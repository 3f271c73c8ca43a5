"""What an operator gets at with the database in hands, whatever the product would say (R-65).

On PostgreSQL a login of his own, without the product; on SQLite what the product shows him.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.rows import TupleRow
from sqlalchemy import text

from educonnect_admin.domain.metadata import KEPT_TABLES, METADATA
from educonnect_admin.domain.operator_errors import BeyondScope
from educonnect_admin.domain.trail import HOLDER
from educonnect_admin.domain.visibility import RULES, SECRETS
from tests.operators.conftest import Opened, TwoSchools
from tests.operators.test_seen import hidden
from tests.support.two_schools import SCOPED, key_of

SERVER = pytest.mark.parametrize("schools", ["postgresql"], indirect=True)
NOBODYS = {"accounts", "pupils", "name_words"}
"""A new row of these is nobody's until something else hangs on it."""


@contextmanager
def logged_in(schools: TwoSchools, name: str) -> Iterator[psycopg.Connection[TupleRow]]:
    """Give a session of the server under an operator's own login; nothing of it is kept."""
    url = schools.office.engine.url.set(drivername="postgresql", username=name)
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        yield connection
        connection.rollback()


def quoted(values: tuple[object, ...]) -> str:
    """Return the key of a row as SQL."""
    return "(" + ", ".join(f"'{one}'" for one in values) + ")"


def theirs(schools: TwoSchools, table: str) -> str:
    """Return the condition that a row is the other school's."""
    keys = ", ".join(quoted(key) for key in sorted(schools.there[table], key=repr))
    return f"({key_of(table)}) IN ({keys})"


@SERVER
def test_every_table_of_the_schema_is_closed(schools: TwoSchools) -> None:
    """Whatever a migration adds shows nothing to operators until somebody says who sees it."""
    with schools.office.reading() as session:
        found = session.execute(
            text(
                "SELECT relname, relrowsecurity FROM pg_class WHERE relkind IN ('r', 'p', 'm', 'v')"
                " AND relnamespace = 'public'::regnamespace"
            )
        )
        closed = {row[0]: row[1] for row in found}

    assert closed.pop("alembic_version") is False
    assert closed.pop("my_schools") is False
    assert set(closed) == set(RULES) | KEPT_TABLES
    assert all(closed.values())


@SERVER
@pytest.mark.parametrize("name", SCOPED)
def test_a_login_of_the_server_reads_no_row_of_the_other_school(
    schools: TwoSchools, name: str
) -> None:
    """In any table, by `SELECT`, by `COPY`, or by a table's statistics."""
    with logged_in(schools, name) as session:
        for table in sorted(RULES.keys() - hidden(name)):
            if not schools.there[table]:
                continue
            found = session.execute(f"SELECT count(*) FROM {table} WHERE {theirs(schools, table)}")
            expected = 1 if table == "identifier_series" and name in {"dora", "rita"} else 0
            assert [bool(row[0]) for row in found] == [bool(expected)], table
        for table in sorted(hidden(name)):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), session.transaction():
                session.execute(f"SELECT 1 FROM {table}")
        for statement in (
            "SET row_security = off; SELECT id FROM pupils",
            "SET ROLE portal",
            "SET SESSION AUTHORIZATION postgres",
            "ALTER TABLE pupils DISABLE ROW LEVEL SECURITY",
            "CREATE OR REPLACE VIEW my_schools AS SELECT id FROM schools",
            "UPDATE operators SET everything = true",
            "INSERT INTO operator_schools VALUES (1, 2)",
            "TRUNCATE pupils CASCADE",
            *(
                f"SELECT {one} FROM {table}"
                for table, columns in SECRETS.items()
                for one in columns
            ),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), session.transaction():
                session.execute(statement)


@SERVER
@pytest.mark.parametrize("name", SCOPED)
def test_a_login_of_the_server_changes_no_row_of_the_other_school(
    schools: TwoSchools, name: str
) -> None:
    """In any table: not changed, not removed, and none added that would hang on it."""
    with logged_in(schools, name) as session:
        for table in sorted(RULES):
            if not schools.there[table]:
                continue
            where, column = theirs(schools, table), METADATA.tables[table].columns.keys()[-1]
            for statement in (
                f'UPDATE {table} SET "{column}" = "{column}" WHERE {where}',
                f"DELETE FROM {table} WHERE {where}",
            ):
                _assert_no_row(session, statement, but=table == "identifier_series")
            if table not in NOBODYS | {"identifier_series"}:
                _assert_refused(schools, session, table)


def _assert_no_row(session: psycopg.Connection[TupleRow], statement: str, *, but: bool) -> None:
    try:
        with session.transaction(force_rollback=True):
            assert but or session.execute(statement).rowcount == 0, statement
    except psycopg.errors.InsufficientPrivilege:
        return


def _assert_refused(schools: TwoSchools, session: psycopg.Connection[TupleRow], table: str) -> None:
    """Try to add a row like one of the other school's."""
    with schools.office.reading() as owner:
        row = (
            owner.execute(text(f"SELECT * FROM {table} WHERE {theirs(schools, table)} LIMIT 1"))
            .one()
            ._mapping
        )
    names = [name for name in row if name != "id"]
    values = [row[name] for name in names]
    marks = ", ".join(["%s"] * len(names))
    columns = ", ".join(f'"{name}"' for name in names)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), session.transaction():
        session.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


@SERVER
def test_tables_of_the_operators_own_fool_no_rule(schools: TwoSchools) -> None:
    """Everybody may make temporary ones, which come first: the rules ask those of the office."""
    own = {one: min(schools.here[one])[0] for one in ("guardians", "pupils")}
    with logged_in(schools, "dora") as session:
        for table in ("accounts", "pupils", "regroupings"):
            session.execute(f"CREATE TEMP TABLE {table} (id bigint)")
            session.execute(
                f"INSERT INTO pg_temp.{table} VALUES (%s)", [min(schools.there[table])[0]]
            )
        for statement in (
            f"UPDATE guardians SET account_id = {min(schools.there['accounts'])[0]}"
            f" WHERE id = {own['guardians']}",
            f"UPDATE enrolments SET pupil_id = {min(schools.there['pupils'])[0]}"
            f" WHERE pupil_id = {own['pupils']}",
            f"INSERT INTO regrouped_records VALUES"
            f" ({min(schools.there['regroupings'])[0]}, {own['guardians']})",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), session.transaction():
                session.execute(statement)


@pytest.fixture
def tried(schools: TwoSchools, opened: Opened) -> Callable[..., str]:
    """What a statement meets, the director's at first: `refused`, or how many rows; not kept."""

    def attempt(statement: str, name: str = "dora") -> str:
        try:
            with opened(name).transaction(dry_run=True) as session:
                return str(session.connection().execute(text(statement)).rowcount)
        except BeyondScope:
            return "refused"

    return attempt


def test_nothing_of_the_other_school_is_drawn_over(
    schools: TwoSchools, tried: Callable[[str], str]
) -> None:
    """Whoever could hang his own row on a child or an account of theirs would read them next."""
    pupil, account = (min(schools.there[one])[0] for one in ("pupils", "accounts"))
    own = {one: min(schools.here[one])[0] for one in ("pupils", "accounts", "guardians", "schools")}
    label = min(schools.here["school_classes"])[0]

    for statement in (
        f"INSERT INTO enrolments (pupil_id, school_id, class_id, started_on)"
        f" VALUES ({pupil}, {own['schools']}, {label}, '2026-09-01')",
        f"UPDATE enrolments SET pupil_id = {pupil} WHERE pupil_id = {own['pupils']}",
        f"INSERT INTO guardianships (guardian_id, pupil_id, legal, started_on)"
        f" VALUES ({own['guardians']}, {pupil}, true, '2026-09-01')",
        f"UPDATE guardians SET account_id = {account} WHERE id = {own['guardians']}",
        f"UPDATE guardians SET school_id = {min(schools.there['schools'])[0]}"
        f" WHERE id = {own['guardians']}",
        f"INSERT INTO regroupings (principal_id, other_id, regrouped_at)"
        f" VALUES ({own['accounts']}, {account}, '2026-11-23 08:00')",
        f"INSERT INTO setbacks (kind, account_id, happened_at)"
        f" VALUES ('homonyms', {account}, '2026-11-23 08:00')",
        f"UPDATE setbacks SET account_id = {account}",
        f"UPDATE schools SET name = 'Notre école' WHERE id = {own['schools']}",
        "INSERT INTO trail_entries (chain, sequence, happened_at, operator, kind, details, key_id,"
        " previous, digest) VALUES (0, 999, '2026-11-23 08:00', 'rita', 'school.added', '{}', 'k',"
        " 'p', 'd')",
    ):
        assert tried(statement) == "refused", statement


def signed(name: str, chain: object) -> str:
    """Return the statement that adds an entry under a name."""
    return (
        "INSERT INTO trail_entries (chain, sequence, happened_at, operator, kind, details, key_id,"
        f" previous, digest) VALUES ({chain}, 999, '2026-11-23 08:00', '{name}', 'school.added',"
        " '{}', 'k', 'p', 'd')"
    )


@pytest.mark.parametrize("name", ["dora", "helena", "cron", "portal"])
def test_nobody_signs_for_another(
    schools: TwoSchools, tried: Callable[..., str], name: str
) -> None:
    """Not those who see every school either; what holders do is told by the portal alone."""
    own = min(schools.here["schools"])[0]
    for chain in (0, own):
        assert tried(signed(name, chain), name) == "1"
        assert tried(signed("rita", chain), name) == "refused"
        assert tried(signed(HOLDER, chain), name) == ("1" if name == "portal" else "refused")


@SERVER
@pytest.mark.parametrize("name", ["helena", "cron", "portal"])
def test_a_login_that_sees_every_school_signs_with_its_own_name(
    schools: TwoSchools, name: str
) -> None:
    """In `psql`, without the product, whose key this does not ask for."""
    with logged_in(schools, name) as session:
        session.execute(signed(name, 0))
        with pytest.raises(psycopg.errors.InsufficientPrivilege), session.transaction():
            session.execute(signed("rita", 0))


def test_nothing_of_the_own_school_is_turned_towards_theirs(
    schools: TwoSchools, tried: Callable[[str], str]
) -> None:
    """A letter whose password one has drawn, moved to their account, would open it."""
    account, school, regrouping = (
        min(schools.there[one])[0] for one in ("accounts", "schools", "regroupings")
    )
    own = {one: min(schools.here[one])[0] for one in ("letters", "messages", "regroupings")}

    for statement in (
        f"UPDATE letters SET account_id = {account} WHERE id = {own['letters']}",
        f"UPDATE letters SET school_id = {school} WHERE id = {own['letters']}",
        f"UPDATE messages SET account_id = {account} WHERE id = {own['messages']}",
        f"UPDATE messages SET school_id = {school} WHERE id = {own['messages']}",
        f"UPDATE regroupings SET other_id = {account} WHERE id = {own['regroupings']}",
        f"UPDATE regroupings SET principal_id = {account} WHERE id = {own['regroupings']}",
        f"UPDATE regrouped_records SET regrouping_id = {regrouping}",
        f"UPDATE mail_links SET account_id = {account}",
        f"INSERT INTO messages (reference, kind, channel, account_id, school_id, state,"
        f" created_at, due_at, attempts, maybe_double) SELECT 'new', kind, channel, {account},"
        f" school_id, state, created_at, due_at, 0, maybe_double FROM messages"
        f" WHERE id = {own['messages']}",
        f"INSERT INTO messages (reference, kind, channel, account_id, school_id, state,"
        f" created_at, due_at, attempts, maybe_double) SELECT 'new', kind, channel, account_id,"
        f" {school}, state, created_at, due_at, 0, maybe_double FROM messages"
        f" WHERE id = {own['messages']}",
    ):
        assert tried(statement) == "refused", statement


def test_a_statement_without_a_condition_stays_at_home(
    schools: TwoSchools, tried: Callable[[str], str]
) -> None:
    """It changes what the director sees, and not one row more."""
    assert tried("UPDATE pupils SET birth_date = birth_date") == str(len(schools.here["pupils"]))
    assert tried("DELETE FROM try_counts") == str(len(schools.here["try_counts"]))
    assert tried("UPDATE accounts SET state = state") == str(len(schools.here["accounts"]))
    assert tried("DELETE FROM trail_heads") == "refused"


REMOVED_BY_COMMANDS = {"try_counts", "guardian_corrections"}
"""What `accounts unlock` and `guardians correct` take away."""


@pytest.mark.parametrize("name", [*SCOPED, "helena", "cron"])
def test_nobody_but_the_owner_removes_people_or_changes_a_school(
    schools: TwoSchools, tried: Callable[..., str], name: str
) -> None:
    """Not of the own school either: whoever leaves is marked so, and purged by the owner (R-62)."""
    for table in {table for table, rows in schools.here.items() if rows} - REMOVED_BY_COMMANDS:
        assert tried(f"DELETE FROM {table}", name) == "refused", table
    for change in ("name = 'x'", "id = id + 1000", "academy_code = '01'"):
        assert tried(f"UPDATE schools SET {change}", name) == "refused", change


def test_the_portal_holds_schools_and_changes_none(tried: Callable[..., str]) -> None:
    """What `FOR UPDATE` asks for leads to nothing."""
    assert tried("UPDATE schools SET id = id + 1000", "portal") == "refused"


@pytest.mark.parametrize("name", [*SCOPED, "helena", "cron"])
def test_no_operator_gives_what_opens_an_account_in_use(
    tried: Callable[..., str], name: str
) -> None:
    """A password, a confirmed address, a link, a FranceConnect identity of the operator's own."""
    for statement in (
        "UPDATE accounts SET password_hash = 'own'",
        "UPDATE accounts SET email = 'me@example.org', password_hash = NULL",
        "UPDATE accounts SET email_confirmed_at = '2026-11-23 08:00'",
        "UPDATE accounts SET pending_email = 'me@example.org'",
        "UPDATE accounts SET franceconnect_digest = 'mine'",
        "UPDATE accounts SET identifier = 'mine'",
        "UPDATE letters SET password_hash = 'own'",
        "UPDATE messages SET sealed = 'own'",
        "UPDATE mail_links SET token_digest = 'mine'",
        "UPDATE trail_heads SET count = 0",
        "INSERT INTO mail_links (kind, account_id, token_digest, email, request_number, created_at,"
        " expires_at) SELECT 'password_reset', id, 'mine', 'me@example.org', 'x',"
        " '2026-11-23 08:00', '2027-11-23 08:00' FROM accounts",
        "INSERT INTO accounts (identifier, state, created_at, closed_without_child, password_hash)"
        " VALUES ('mine', 'active', '2026-11-23 08:00', false, 'own')",
        "INSERT INTO visits (token_digest, began_at, seen_at)"
        " VALUES ('mine', '2026-11-23 08:00', '2026-11-23 08:00')",
    ):
        assert tried(statement, name) == "refused", statement


def test_the_desk_takes_a_password_away(schools: TwoSchools, tried: Callable[..., str]) -> None:
    """As a new letter does for an account whose holder can't get in any more (R-13)."""
    accounts = str(len(schools.here["accounts"]))

    assert tried("UPDATE accounts SET password_hash = NULL, email = NULL") == accounts
    assert tried("UPDATE letters SET password_hash = NULL") == str(len(schools.here["letters"]))


def test_a_number_of_homonyms_is_never_lowered(
    schools: TwoSchools, tried: Callable[..., str]
) -> None:
    """They are common to all schools: who lowered one would stop the next accounts (R-2)."""
    series = str(len(schools.here["identifier_series"] | schools.there["identifier_series"]))

    for name in ("dora", "rita"):
        assert tried("UPDATE identifier_series SET highest = highest + 1", name) == series
        assert tried("UPDATE identifier_series SET highest = highest - 1", name) == "refused"
        assert tried("UPDATE identifier_series SET stem_digest = 'x'", name) == "refused"
    assert tried("UPDATE name_words SET word = 'x'") == "refused"
