"""Numbers of rows: how long one can be, and those that are never given again."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain.base import Base

LONGEST_NUMBER = 18
"""Digits of a number that both databases hold; a longer one is no row's, and breaks a question."""


class UsedNumber(Base):
    """The highest number of a table when its rows were purged.

    The trail goes on speaking of purged people by their numbers (R-63): nobody else may bear
    them. PostgreSQL's sequences never go back; SQLite would take the highest that is there.
    """

    __tablename__ = "used_numbers"

    table_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    highest: Mapped[int]

    def __repr__(self) -> str:
        return "UsedNumber()"
