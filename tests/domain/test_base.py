"""What every mapped class shares: aware moments, enums kept as plain text."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.exc import StatementError

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.base import Moment, coded
from educonnect_admin.edge import Services

PARIS = timezone(timedelta(hours=2))


def test_a_naive_moment_is_refused() -> None:
    """A time without its zone could mean two instants."""
    with pytest.raises(ValueError, match="naive"):
        Moment().process_bind_param(datetime(2026, 10, 1), SQLiteDialect())  # noqa: DTZ001


@pytest.mark.parametrize("kind", [SQLiteDialect, PGDialect])
def test_nothing_stays_nothing(kind: Any) -> None:
    """An empty moment is empty both ways."""
    assert Moment().process_bind_param(None, kind()) is None
    assert Moment().process_result_value(None, kind()) is None


def test_a_moment_comes_back_as_the_same_instant(services: Services) -> None:
    """Told in summer time, kept and returned in universal time, on both databases."""
    told = datetime(2026, 7, 1, 10, 0, tzinfo=PARIS)
    with services.transaction() as session:
        session.add(Account(identifier="celine.dupont", created_at=told))

    with services.reading() as session:
        found = session.scalars(select(Account.created_at)).one()

    assert found == told
    assert (found.tzinfo, found.hour) == (UTC, 8)


def test_an_enum_is_kept_as_its_word(services: Services) -> None:
    """A person who reads the table sees `not_notified`; a word that is none is refused."""
    with services.transaction() as session:
        session.add(
            Account(identifier="celine.dupont", created_at=datetime(2026, 7, 1, tzinfo=UTC))
        )

    with services.reading() as session:
        assert session.scalar(text("SELECT state FROM accounts")) == "not_notified"
        assert session.scalars(select(Account)).one().state is AccountState.NOT_NOTIFIED
    with pytest.raises(StatementError), services.transaction() as session:
        session.scalars(select(Account)).one().state = "asleep"  # type: ignore[assignment]


def test_every_code_fits_its_column() -> None:
    """The longest word of an enum is shorter than what the column holds."""
    assert max(len(state.value) for state in AccountState) <= (coded(AccountState).length or 0)
