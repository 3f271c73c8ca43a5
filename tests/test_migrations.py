"""A database of an earlier version comes up to date with what it holds."""

from sqlalchemy import text

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
