"""The services that the portal offers for a child, by level (R-51)."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain.base import Base
from educonnect_admin.domain.levels import LEVELS, level_rank


class Service(Base):
    """An online service: what parents read, where it is, for which levels.

    Attributes:
        code: what the office calls it.
        first_level, last_level: both included, as they are written; both empty for all.
    """

    __tablename__ = "services"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    label: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(Text)
    first_level: Mapped[str | None] = mapped_column(String(20))
    last_level: Mapped[str | None] = mapped_column(String(20))

    def __init__(self, *, code: str, label: str, url: str) -> None:
        self.code = code
        self.label = label
        self.url = url

    @property
    def title(self) -> str:
        """What the link says: «Livret Scolaire (CP - 3e)», as the guide writes it (R-51)."""
        levels = " - ".join(dict.fromkeys(n for n in (self.first_level, self.last_level) if n))
        # A label that ends with its own parentheses has said so already.
        return f"{self.label} ({levels})" if levels and not self.label.endswith(")") else self.label

    def is_open_to(self, level: str | None) -> bool:
        """Tell whether a child of this level may use it; an unknown level only what all may."""
        if self.first_level is None or self.last_level is None:
            return True
        rank = level_rank(level)
        known = rank < len(LEVELS)
        return known and level_rank(self.first_level) <= rank <= level_rank(self.last_level)
