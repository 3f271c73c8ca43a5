"""The words that people are found by: every name of the database, once, folded."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from educonnect_admin.domain.base import Base


class NameWord(Base):
    """A folded name (`name_key`) that somebody bears or bore, as family, usage or given name.

    Half a million people share some fifty thousand names: a misspelt one is looked for
    among the names, by trigrams, and people by the names that were found. On SQLite the
    trigrams are those of the virtual table `name_trigrams`, on PostgreSQL of an index by
    `pg_trgm`. Triggers on pupils and guardians fill the table.

    A word may stand twice: two imports at once that meet the same new name don't wait for
    each other. Whoever reads takes each word once.
    """

    __tablename__ = "name_words"
    __table_args__ = (
        Index("ix_name_words_word", "word"),
        Index(
            "ix_name_words_trigrams",
            "word",
            postgresql_using="gin",
            postgresql_ops={"word": "gin_trgm_ops"},
        ).ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(300))

    def __repr__(self) -> str:
        return f"NameWord(id={self.id})"
