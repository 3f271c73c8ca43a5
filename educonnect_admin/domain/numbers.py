"""Numbers that were given once and are never given again, though their rows are gone."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain.base import Base


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
