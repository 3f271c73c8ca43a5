"""Writing many rows: the same on both databases, whatever way each of them writes."""

from datetime import date, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DataError, IntegrityError, StatementError

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.people import Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.queries.bulk import insert_numbered, insert_rows, update_rows
from educonnect_admin.queries.copying import Row
from tests.conftest import NOW

_ODD = 'Le\tGall\\N \n"D\'Arc", €, é 🎈 \\.'


def _school(services: Services) -> int:
    with services.transaction() as session:
        school = School(uai="0140070A", name="Charlemagne")
        session.add(school)
        session.flush()
        return school.id


def _guardian(school_id: int, name: str = "Durand", **facts: object) -> Row:
    row: Row = {"school_id": school_id, "family_name": name, "given_name": "Léa"}
    return row | {"family_key": name.lower()[:10], "given_key": "lea"} | facts


def test_no_column_has_a_default_of_pythons() -> None:
    """COPY would leave it out: what a row does not say is the database's to say."""
    columns = [column for table in METADATA.tables.values() for column in table.columns]

    assert [str(column) for column in columns if column.default is not None] == []


def test_rows_come_in_as_they_are(services: Services) -> None:
    """Signs that mean something to a file, nothing at all, moments, enums, server's defaults."""
    school_id = _school(services)
    elsewhere = NOW.astimezone(timezone(timedelta(hours=11)))
    with services.transaction() as session:
        (guardian, plain) = insert_numbered(
            session, Guardian, [_guardian(school_id, _ODD, email=None, street=""),
                                _guardian(school_id, "Martin", email="a@b.fr", street=None)],
        )  # fmt: skip
        insert_numbered(
            session, Account,
            [{"identifier": "lea.durand", "state": AccountState.ACTIVE, "created_at": elsewhere}],
        )  # fmt: skip

    with services.reading() as session:
        one, other = session.get_one(Guardian, guardian), session.get_one(Guardian, plain)
        assert (one.family_name, one.email, one.street) == (_ODD, None, "")
        assert (other.email, other.street) == ("a@b.fr", None)
        account = session.scalars(select(Account)).one()
        assert (account.state, account.created_at) == (AccountState.ACTIVE, NOW)
        assert account.closed_without_child is False
        words = session.scalars(text("SELECT word FROM name_words")).all()
        assert {"martin", "lea"} <= set(words)


def test_numbers_follow_the_order_of_the_rows_and_go_on(services: Services) -> None:
    """The next row by any other way gets the next number."""
    school_id = _school(services)
    with services.transaction() as session:
        ids = insert_numbered(session, Guardian, [_guardian(school_id, f"N{n}") for n in range(50)])
        rows = session.execute(select(Guardian.id, Guardian.family_name)).all()
        names = {number: name for number, name in rows}  # noqa: C416 - a row is no pair to mypy
        assert [names[n] for n in ids] == [f"N{n}" for n in range(50)]
        late = Guardian(school_id=school_id, family_name="X", given_name="Y")
        session.add(late)
        session.flush()
        assert late.id == ids[-1] + 1
        assert insert_numbered(session, Guardian, []) == []


def test_what_a_constraint_refuses_is_the_same_error(services: Services) -> None:
    """The whole transaction is lost, and the connection serves again."""
    school_id = _school(services)
    with pytest.raises(IntegrityError), services.transaction() as session:
        insert_rows(session, Guardian, [_guardian(school_id), _guardian(404)])
    twice = [{"identifier": "x", "state": AccountState.ACTIVE, "created_at": NOW}] * 2
    with pytest.raises(IntegrityError), services.transaction() as session:
        insert_numbered(session, Account, twice)
    naive_refused = pytest.raises((ValueError, StatementError), match="naive")
    naive = [twice[0] | {"created_at": NOW.replace(tzinfo=None)}]
    with naive_refused, services.transaction() as session:
        insert_numbered(session, Account, naive)

    with services.reading() as session:
        assert session.scalars(select(Guardian)).all() == []
        assert session.scalars(select(Account)).all() == []


def test_rows_are_updated_by_their_key(services: Services) -> None:
    """One field or several, also to nothing; the last word counts; the others stay."""
    school_id = _school(services)
    with services.transaction() as session:
        one, two, three = insert_numbered(
            session, Guardian, [_guardian(school_id, mobile="+33611111111") for _ in range(3)]
        )
        update_rows(
            session,
            Guardian,
            [
                {"id": three, "email": _ODD, "mobile": None},
                {"id": one, "email": "first"},
                {"id": one, "email": "last"},
                {"id": two},
            ],
        )
        seen = {row.id: (row.email, row.mobile) for row in session.scalars(select(Guardian))}

    assert seen == {
        one: ("last", "+33611111111"), two: (None, "+33611111111"), three: (_ODD, None),
    }  # fmt: skip


def test_rows_of_a_double_key_are_updated(services: Services) -> None:
    """Dates, truths and codes keep their types."""
    school_id = _school(services)
    day = date(2026, 9, 1)
    pupil = {"family_name": "D", "given_name": "L", "family_key": "d", "given_key": "l"}
    with services.transaction() as session:
        (guardian,) = insert_numbered(session, Guardian, [_guardian(school_id)])
        pupils = insert_numbered(session, Pupil, [pupil | {"birth_date": day}] * 2)
        ends = [{"guardian_id": guardian, "pupil_id": one} for one in pupils]
        insert_rows(
            session, Guardianship, [end | {"legal": True, "started_on": day} for end in ends]
        )
        update_rows(session, Guardianship, [ends[1] | {"legal": False, "ended_on": day}])
        seen = session.execute(
            select(Guardianship.pupil_id, Guardianship.legal, Guardianship.ended_on)
        ).all()

    assert {tuple(row) for row in seen} == {(pupils[0], True, None), (pupils[1], False, day)}


def test_a_text_too_long_is_refused_not_cut(services: Services) -> None:
    """PostgreSQL would cut it in a cast; SQLite knows no length."""
    if services.engine.dialect.name == "sqlite":
        pytest.skip("no lengths there")
    school_id = _school(services)
    with services.transaction() as session:
        (guardian,) = insert_numbered(session, Guardian, [_guardian(school_id)])
    with pytest.raises(DataError), services.transaction() as session:
        update_rows(session, Guardian, [{"id": guardian, "mobile": "0" * 21}])
    with pytest.raises(DataError), services.transaction() as session:
        insert_rows(session, Guardian, [_guardian(school_id, mobile="0" * 21)])
