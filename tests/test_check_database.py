"""`database check`: each thing that can be wrong with a database is planted, and found."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin.check_database import check_database
from educonnect_admin.domain.findings import Finding, FindingCode
from educonnect_admin.edge import Services, clock
from educonnect_admin.migrations import HEAD
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.opening import open_office
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.support.households import CHARLEMAGNE, DUPONTS, add_families, add_school
from tests.support.postgres import new_database

Sql = Callable[[str], None]
_LETTER = (
    "INSERT INTO letters (id, number, account_id, school_id, guardian_id, carrier_id,"
    " former_state, created_at, last_day, password_hash) VALUES ({0}, 'n{0}', 1, 1, 1, 1,"
    " 'not_notified', '2026-11-20 08:00:00', '2027-02-20', {1})"
)


def found(settings: Settings) -> dict[FindingCode, Finding]:
    """Return what is found, but for what holds of every server of the tests."""
    findings = check_database(settings, clock()).findings
    return {one.code: one for one in findings if one.code is not FindingCode.UNSAFE_SETTING}


@pytest.fixture
def people(services: Services) -> Services:
    """An office with a family, whose accounts are open and not notified."""
    with services.transaction() as session:
        add_families(session, add_school(session, author=services.author(NOW)), [DUPONTS])
        school = school_by_uai(session, CHARLEMAGNE)
        digest = services.keyring.stem_digest
        generate_accounts(session, school, stem_digest=digest, author=services.author(NOW))
    return services


def test_an_office_in_good_order_has_nothing_to_tell(people: Services, run_sql: Sql) -> None:
    """Not even a letter that lives, with its hash, for an account that is notified."""
    run_sql("UPDATE accounts SET state = 'notified'")
    run_sql(_LETTER.format(1, "'00'"))

    assert found(people.settings) == {}
    assert check_database(people.settings, clock()).schema == people.schema_version()


def test_letters_that_contradict_their_accounts_are_counted(people: Services, run_sql: Sql) -> None:
    """Living and not notified; living without a hash; two for one account."""
    run_sql("DROP INDEX uq_letters_live_account")
    run_sql(_LETTER.format(1, "'00'"))
    run_sql(_LETTER.format(2, "NULL"))

    found_there = found(people.settings)

    assert found_there[FindingCode.LIVE_BUT_NOT_NOTIFIED].number == 2
    assert found_there[FindingCode.LIVE_WITHOUT_HASH].number == 1
    assert found_there[FindingCode.TWO_LIVE_LETTERS].number == 1
    assert found_there[FindingCode.MISSING_PARTS].names == ("index uq_letters_live_account",)


def test_files_of_finished_batches_that_are_not_settled_are_counted(
    people: Services, run_sql: Sql
) -> None:
    """A batch that still runs may have some."""
    for number, state in ((1, "running"), (2, "finished")):
        run_sql(
            "INSERT INTO batches (id, school_id, who, operator, state, started_at, host, folder)"
            f" VALUES ({number}, 1, 'new', 'alice', '{state}', '2026-11-20 08:00:00', 'h', '/f')"
        )
        run_sql(
            "INSERT INTO batch_files (batch_id, name, state, letters)"
            f" VALUES ({number}, 'f', 'committed', 1)"
        )

    assert found(people.settings) == {
        FindingCode.UNSETTLED_FILES: Finding(FindingCode.UNSETTLED_FILES, 1)
    }


def test_what_the_migrations_made_and_is_gone_is_named(services: Services, run_sql: Sql) -> None:
    """A trigger that guards the trail, a column, a table."""
    sqlite = services.engine.dialect.name == "sqlite"
    trigger = "trail_entries_no_update" if sqlite else "trail_entries_no_truncate"
    run_sql(f"DROP TRIGGER {trigger}" + (" ON trail_entries" if not sqlite else ""))
    run_sql("ALTER TABLE enrolments DROP COLUMN source_id")
    run_sql("DROP TABLE last_imports")

    assert found(services.settings)[FindingCode.MISSING_PARTS].names == (
        "column enrolments.source_id",
        "table last_imports",
        f"trigger {trigger}",
    )


def test_another_schema_is_named_and_not_looked_into(services: Services, run_sql: Sql) -> None:
    """An older or newer database is told as such."""
    run_sql("UPDATE alembic_version SET version_num = '0001'")

    outdated = found(services.settings)[FindingCode.OUTDATED_SCHEMA]

    assert outdated.names == ("0001", services.schema_version().replace("0001", HEAD))


def test_the_key_is_looked_at(services: Services, tmp_path: Path) -> None:
    """Open to others, damaged, another office's, gone."""
    key = services.keyring.path
    mine = key.read_text(encoding="utf-8")
    key.chmod(0o644)
    assert set(found(services.settings)) == {FindingCode.OPEN_TO_OTHERS}
    key.chmod(0o600)
    key.write_text("{}", encoding="utf-8")
    assert set(found(services.settings)) == {FindingCode.DAMAGED_KEY}
    stranger = Settings(database_url=str(tmp_path / "other.sqlite"))
    open_office(stranger, NOW).close()
    key.write_bytes((tmp_path / "other.sqlite.key").read_bytes())
    assert set(found(services.settings)) == {FindingCode.WRONG_KEY}
    key.unlink()
    assert set(found(services.settings)) == {FindingCode.MISSING_KEY}
    key.write_text(mine, encoding="utf-8")
    assert set(found(services.settings)) <= {FindingCode.OPEN_TO_OTHERS}


def test_an_sqlite_file_is_looked_at(
    sqlite_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open to others; a row that points nowhere; hardly any space."""
    path = Path(sqlite_services.settings.database_url)
    path.chmod(0o644)
    with sqlite_services.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("INSERT INTO school_classes (school_id, label) VALUES (404, 'CP')")
        driver.execute("PRAGMA foreign_keys = ON")
    monkeypatch.setattr("educonnect_admin.queries.file_health._LEAST_SPACE", 2**60)

    there = found(sqlite_services.settings)

    assert there[FindingCode.OPEN_TO_OTHERS].names == (str(path),)
    assert there[FindingCode.ORPHANS] == Finding(FindingCode.ORPHANS, 1, ("school_classes",))
    assert FindingCode.LITTLE_SPACE in there
    assert len(there) == 3


def test_where_modes_say_nothing_nothing_is_said_of_them(
    sqlite_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows lets every file look open to all: no advice that nobody can follow."""
    Path(sqlite_services.settings.database_url).chmod(0o644)
    monkeypatch.setattr("educonnect_admin.queries.file_health._HAS_MODES", False)

    assert found(sqlite_services.settings) == {}


def test_what_a_killed_command_left_is_found(services: Services) -> None:
    """A restore leaves everybody's data under another name, a change of key its keys."""
    url = services.engine.url
    files = [Path(str(url.database))] if url.get_backend_name() == "sqlite" else []
    parts = [
        path.with_name(f"{path.name}.part{end}")
        for path in [*files, services.keyring.path]
        for end in ("", "-wal", "-shm")
    ]
    for part in parts:
        part.write_bytes(b"")

    there = found(services.settings)

    assert there[FindingCode.LEFT_BEHIND].names == tuple(map(str, parts))
    assert not there[FindingCode.LEFT_BEHIND].is_broken


def test_a_damaged_sqlite_file_is_found_out(sqlite_services: Services) -> None:
    """An index that no longer says what its table says."""
    with sqlite_services.transaction() as session:
        add_school(session, author=sqlite_services.author(NOW))
    sqlite_services.close()
    with sqlite_services.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        root = driver.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_schools_academy_code'"
        ).fetchone()[0]
        size = driver.execute("PRAGMA page_size").fetchone()[0]
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sqlite_services.close()
    path = Path(sqlite_services.settings.database_url)
    content = bytearray(path.read_bytes())
    start = (root - 1) * size
    content[start : start + size] = (
        bytes([0x0A, 0, 0, 0, 0]) + size.to_bytes(2, "big") + bytes(size - 7)
    )
    path.write_bytes(content)

    assert FindingCode.DAMAGED in found(sqlite_services.settings)


@pytest.fixture
def office(postgres_office: Services) -> Services:
    """An office on PostgreSQL."""
    return postgres_office


def _do(office: Services, *statements: str) -> None:
    with office.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_server_that_may_lose_what_is_printed_is_broken(office: Services) -> None:
    """The server of the tests keeps no promise of the disk: R-14 asks for it."""
    health = check_database(office.settings, clock())

    (unsafe,) = [one for one in health.findings if one.code is FindingCode.UNSAFE_SETTING]
    assert unsafe.names == ("fsync", "full_page_writes", "synchronous_commit")
    assert health.is_broken


def test_what_wears_out_on_a_server_is_found(
    office: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that failed to build, numbers near their end, an idle transaction, the clock."""
    _do(
        office,
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_pupils_ine'::regclass",
        "SELECT setval('letters_id_seq', 2000000000)",
    )
    monkeypatch.setattr("educonnect_admin.queries.server_health._MOST_IDLE", 0)
    with office.engine.begin() as idle:
        idle.execute(text("SELECT 1"))
        findings = check_database(office.settings, clock() + timedelta(hours=1)).findings
    _do(
        office,
        "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'ix_pupils_ine'::regclass",
    )

    there = {one.code: one for one in findings}
    assert there[FindingCode.INVALID_INDEX].names == ("ix_pupils_ine",)
    assert there[FindingCode.NUMBERS_RUN_OUT].names == ("letters_id_seq",)
    assert there[FindingCode.IDLE_IN_TRANSACTION].number == 1
    assert there[FindingCode.CLOCKS_DIFFER].number in range(3590, 3611)


def test_a_table_that_nobody_counted_and_dead_rows_are_found(
    tmp_path: Path, postgres_socket: str, postgres_template: str
) -> None:
    """Without counts the planner is in the dark; dead rows are read with the others."""
    settings = Settings(
        database_url=new_database(postgres_socket, postgres_template),
        secret_key_file=tmp_path / "secret.key",
    )
    office = open_office(settings, NOW)
    words = "INSERT INTO name_words (word) SELECT 'n' || n FROM generate_series(1, 12000) AS n"
    _do(office, "ALTER TABLE name_words SET (autovacuum_enabled = off)", words)
    _do(office, "UPDATE name_words SET word = word || 'x'", "SELECT pg_stat_force_next_flush()")

    there = found(settings)
    office.close()

    assert there[FindingCode.NOT_ANALYZED].names == ("name_words",)
    assert there[FindingCode.DEAD_ROWS].names == ("name_words",)


def test_a_server_without_trigrams_is_broken(
    tmp_path: Path, postgres_socket: str, postgres_template: str
) -> None:
    """Nobody can be found there; the index that leans on it is gone as well."""
    settings = Settings(
        database_url=new_database(postgres_socket, postgres_template),
        secret_key_file=tmp_path / "secret.key",
    )
    office = open_office(settings, NOW)
    _do(office, "DROP EXTENSION pg_trgm CASCADE")
    office.close()

    there = found(settings)

    assert set(there) == {FindingCode.NO_TRIGRAMS, FindingCode.MISSING_PARTS}
    assert there[FindingCode.MISSING_PARTS].names == ("index ix_name_words_trigrams",)
