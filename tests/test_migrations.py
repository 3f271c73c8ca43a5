"""A database of an earlier version comes up to date with what it holds."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from educonnect_admin import databases
from educonnect_admin.migrations import upgrade

_PEOPLE = (
    "INSERT INTO schools (id, uai, name, academy_code, time_zone)"
    " VALUES (1, '0140070A', 'Charlemagne', '05', 'Europe/Paris')",
    "INSERT INTO guardians (id, school_id, family_name, usage_name, given_name, family_key,"
    " given_key) VALUES (1, 1, 'Le Gall', 'N''Diaye', 'Zoé', 'legall', 'zoe')",
    "INSERT INTO pupils (id, family_name, given_name, family_key, given_key, birth_date)"
    " VALUES (1, 'Le Gall', 'Léo', 'legall', 'leo', '2018-03-14')",
    "INSERT INTO accounts (id, identifier, state, created_at)"
    " VALUES (1, 'zoe.ndiaye', 'notified', '2026-09-01 08:00:00')",
)


def test_the_first_schema_comes_up_to_date_with_its_people(empty_database_url: str) -> None:
    """0001 to 0002: usage names get their key, every name is known once to the search."""
    url = databases.parse_address(empty_database_url)
    databases.create_file(url)
    engine = databases.make_engine(url)
    upgrade(engine, "0001")
    with engine.begin() as connection:
        for statement in _PEOPLE:
            connection.execute(text(statement))

    upgrade(engine)

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT usage_key FROM guardians")) == "ndiaye"
        words = connection.scalars(text("SELECT word FROM name_words ORDER BY word")).all()
        assert words == ["legall", "leo", "ndiaye", "zoe"]
        assert connection.scalar(text("SELECT email FROM accounts")) is None
    engine.dispose()


def test_names_are_learnt_as_they_come_and_change(empty_database_url: str) -> None:
    """A new or changed name is known at once; a name known already is not learnt again."""
    url = databases.parse_address(empty_database_url)
    databases.create_file(url)
    engine = databases.make_engine(url)
    upgrade(engine)

    with engine.begin() as connection:
        for statement in _PEOPLE:
            connection.execute(text(statement))
        connection.execute(text("UPDATE guardians SET usage_key = 'traore', mobile = '+336'"))

    with engine.connect() as connection:
        words = connection.scalars(text("SELECT word FROM name_words ORDER BY word")).all()
        assert words == ["legall", "leo", "traore", "zoe"]
    engine.dispose()


_DAYS_WORK = (
    "INSERT INTO try_counts (id, kind, subject, account_id, failures, first_at, last_at)"
    " VALUES (7, 'password', '1', 1, 2, '2026-09-01 08:00:00', '2026-09-01 08:00:00')",
    "INSERT INTO setbacks (id, kind, account_id, happened_at)"
    " VALUES (7, 'wrong_birth_date', 1, '2026-09-01 08:00:00')",
    "INSERT INTO visits (id, token_digest, began_at, seen_at)"
    " VALUES (7, 'v', '2026-09-01 08:00:00', '2026-09-01 08:00:00')",
    "INSERT INTO sms_codes (id, visit_id, code_digest, created_at, expires_at, failures)"
    " VALUES (7, 7, 'c', '2026-09-01 08:00:00', '2026-09-01 08:30:00', 0)",
    "INSERT INTO mail_links (id, kind, account_id, token_digest, email, request_number,"
    " created_at, expires_at) VALUES (7, 'password', 1, 'l', 'z@exemple.fr', '1',"
    " '2026-09-01 08:00:00', '2026-09-01 09:00:00')",
    "INSERT INTO messages (id, reference, kind, channel, account_id, state, created_at, due_at,"
    " attempts, maybe_double) VALUES (7, 'm', 'reminder', 'mail', 1, 'waiting',"
    " '2026-09-01 08:00:00', '2026-09-01 08:00:00', 0, false)",
    "INSERT INTO trail_entries (id, chain, sequence, happened_at, operator, kind, details, key_id,"
    " previous, digest) VALUES (7, 1, 1, '2026-09-01 08:00:00', 'alice', 'account_opened', '{}',"
    " 'k', 'p', 'd')",
)
_REASON = text("INSERT INTO trail_reasons (entry_id, salt, text) VALUES (7, :salt, 'Sur demande')")
_BEYOND_32_BITS = 2**31 + 7
_NUMBERED = (
    "try_counts", "setbacks", "visits", "sms_codes", "mail_links", "messages", "trail_entries",
)  # fmt: skip


def test_numbers_go_on_beyond_32_bits(empty_database_url: str) -> None:
    """0004 to 0005: what was counted stays as it is, and the count goes on past 2^31."""
    url = databases.parse_address(empty_database_url)
    databases.create_file(url)
    engine = databases.make_engine(url)
    upgrade(engine, "0004")
    with engine.begin() as connection:
        for statement in (*_PEOPLE, *_DAYS_WORK):
            connection.execute(text(statement))
        connection.execute(_REASON, {"salt": b"0" * 16})
        if connection.dialect.name == "postgresql":
            for table in _NUMBERED:
                last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {2**31 - 1})"
                connection.execute(text(last))

    upgrade(engine)

    with engine.begin() as connection:
        for table in _NUMBERED:
            assert connection.scalar(text(f"SELECT id FROM {table}")) == 7
        assert connection.scalar(text("SELECT visit_id FROM sms_codes")) == 7
        assert connection.scalar(text("SELECT entry_id FROM trail_reasons")) == 7
        if connection.dialect.name == "postgresql":
            for table in _NUMBERED:
                number = f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))"
                assert connection.scalar(text(number)) == 2**31
        further = _DAYS_WORK[-1].replace("(7, 1, 1,", f"({_BEYOND_32_BITS}, 1, 2,")
        connection.execute(text(further))
        reason = text(str(_REASON).replace("(7,", f"({_BEYOND_32_BITS},"))
        connection.execute(reason, {"salt": b"0" * 16})
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("UPDATE trail_entries SET operator = 'bob'"))
    engine.dispose()


_ENROLLED = (
    "UPDATE guardians SET account_id = 1",
    "INSERT INTO enrolments (pupil_id, school_id, started_on) VALUES (1, 1, '2026-09-01')",
    "INSERT INTO guardianships (guardian_id, pupil_id, legal, started_on)"
    " VALUES (1, 1, true, '2026-09-01')",
)


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_figures_of_accounts_that_were_there_are_counted(empty_database_url: str) -> None:
    """0007 to 0008: every school is marked, so that nothing is missing before the first count."""
    engine = databases.make_engine(databases.parse_address(empty_database_url))
    upgrade(engine, "0007")
    with engine.begin() as connection:
        for statement in (*_PEOPLE, *_ENROLLED):
            connection.execute(text(statement))

    upgrade(engine)

    seen = text("SELECT school_id, state, accounts FROM seen_standings()")
    for counted in (1, 0):
        with engine.begin() as connection:
            assert connection.execute(seen).all() == [(1, "notified", 1)]
            assert connection.scalar(text("SELECT recount_schools(false)")) == counted
    engine.dispose()
