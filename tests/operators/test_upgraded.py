"""An upgrade that brings a table: the operators of before see their part of it, and no more."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select, text

from educonnect_admin import opening
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.operators import Role
from educonnect_admin.domain.schools import School, SchoolClass
from educonnect_admin.domain.visibility import RULES
from educonnect_admin.edge import Services
from educonnect_admin.office.manage_operators import Asked, remove_operator, set_operator
from educonnect_admin.opening import open_office, open_services
from educonnect_admin.queries import server_rights
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.support.households import add_school
from tests.support.postgres import new_database
from tests.support.two_schools import HERE, THERE

ROSE = "rose-upgraded"
NEW = SchoolClass.__tablename__


@pytest.fixture
def settings(
    postgres_socket: str, postgres_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """An office of two schools and a director of one, by a program that knew no classes."""
    address = new_database(postgres_socket, postgres_template)
    settings = Settings(
        database_url=address, secret_key_file=tmp_path / "secret.key", hashing="cheap-for-tests"
    )
    office = open_office(settings, NOW)
    author = office.author(NOW)
    with monkeypatch.context() as before, office.transaction() as session:
        rules = {table: rule for table, rule in RULES.items() if table != NEW}
        before.setattr(server_rights, "RULES", rules)
        for uai in (HERE, THERE):
            add_school(session, uai, f"École {uai}", author=author)
        asked = Asked(ROSE, Role.DIRECTOR, (HERE,))
        set_operator(session, asked, owner=None, author=author)
    office.close()
    return settings


def _brings_classes(engine: Engine) -> None:
    """Stand for a migration: a table that no role knows, with a class of each school."""
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {NEW} CASCADE"))
        METADATA.tables[NEW].create(connection)
        schools = connection.scalars(select(School.id)).all()
        rows = [{"school_id": one, "label": "CP"} for one in schools]
        connection.execute(insert(SchoolClass), rows)


def _classes(office: Services) -> int | None:
    try:
        with office.reading() as session:
            return session.scalar(select(func.count()).select_from(SchoolClass))
    finally:
        office.close()


def test_who_was_there_before_sees_their_part_of_a_new_table(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`database upgrade` makes policies and grants anew: the director reads one class of two."""
    monkeypatch.setattr(opening, "upgrade", _brings_classes)
    office = open_office(settings, NOW, must_exist=True)

    rose = open_services(settings.model_copy(update={"operator": ROSE}))
    assert (_classes(rose), _classes(office)) == (1, 2)

    office = open_services(settings)
    with office.transaction() as session:  # roles are the server's, not the database's
        remove_operator(session, ROSE, author=office.author(NOW), reason="fin")
    office.close()
