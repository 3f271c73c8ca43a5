"""What every mapped class shares: names of constraints, aware moments, coded enums."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    MomentDecorator = TypeDecorator[datetime]
else:
    MomentDecorator = TypeDecorator

E = TypeVar("E", bound=StrEnum)

ENDLESS = BigInteger().with_variant(Integer, "sqlite")
"""Numbers of what is written at each log-in, message or act, some of it millions of times a day.

32 bits would be used up within years, by rows long gone. SQLite counts to 64 bits by itself,
and only for what it calls an integer.
"""


class Base(DeclarativeBase):
    """The root of the mapped classes; constraints get the names that migrations use."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(MomentDecorator):
    """An instant: aware in Python, UTC at rest, the same on SQLite and PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def coded(codes: type[E]) -> Enum:
    """Return the column type of an enum: its values as plain text, checked in Python."""
    return Enum(
        codes,
        native_enum=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )
