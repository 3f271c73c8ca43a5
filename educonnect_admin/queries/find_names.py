"""Names that are written like what was typed, among all those of the database."""

from collections.abc import Collection

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from educonnect_admin.domain.vocabulary import NameWord

_MOST_PARAMETERS = 5_000
_MOST_WORDS = 120
_LEAST_SHARE = "0.2"
"""Trigrams in common, as a share: two slips in a name of seven letters leave a fifth."""
_TRIGRAM = 3

_LIKE_ON_SQLITE = text(
    """
    SELECT name_words.word FROM name_trigrams JOIN name_words ON name_words.id = name_trigrams.rowid
    WHERE name_trigrams MATCH :match ORDER BY name_trigrams.rank LIMIT :most
    """
)
_LIKE_ON_POSTGRESQL = text(
    """
    SELECT word FROM name_words WHERE word % :word
    ORDER BY similarity(word, :word) DESC, word LIMIT :most
    """
)
_WITHIN_ON_SQLITE = text(
    """
    SELECT name_words.word FROM name_trigrams JOIN name_words ON name_words.id = name_trigrams.rowid
    WHERE name_trigrams MATCH :match ORDER BY length(name_words.word), name_words.word LIMIT :most
    """
)
_WITHIN_ON_POSTGRESQL = text(
    """
    SELECT word FROM name_words WHERE word LIKE :pattern ORDER BY length(word), word LIMIT :most
    """
)


def known_words(session: Session, words: Collection[str]) -> set[str]:
    """Return those of some folded words that somebody bears as a name."""
    asked = sorted(words)
    return {
        found
        for start in range(0, len(asked), _MOST_PARAMETERS)
        for found in session.scalars(
            select(NameWord.word).where(NameWord.word.in_(asked[start : start + _MOST_PARAMETERS]))
        )
    }


def words_like(session: Session, word: str) -> set[str]:
    """Return names that share trigrams with a folded word, the most alike of them.

    Args:
        session: An open session.
        word: Folded letters and digits only, at least three.
    """
    if _on_sqlite(session):
        padded = f"  {word} "
        starts = range(len(padded) - _TRIGRAM + 1)
        trigrams = dict.fromkeys(padded[start : start + _TRIGRAM] for start in starts)
        match = " OR ".join(f'"{trigram}"' for trigram in trigrams)
        return _words(session, _LIKE_ON_SQLITE, match=match)
    session.execute(text("SELECT set_config('pg_trgm.similarity_threshold', :share, true)"),
                    {"share": _LEAST_SHARE})  # fmt: skip
    return _words(session, _LIKE_ON_POSTGRESQL, word=word)


def words_holding(session: Session, word: str) -> set[str]:
    """Return names that hold a folded word whole, the shortest of them.

    Args:
        session: An open session.
        word: Folded letters and digits only, at least three.
    """
    if _on_sqlite(session):
        return _words(session, _WITHIN_ON_SQLITE, match=f'"{word}"')
    return _words(session, _WITHIN_ON_POSTGRESQL, pattern=f"%{word}%")


def _words(session: Session, query: TextClause, **asked: str) -> set[str]:
    return set(session.scalars(query, {**asked, "most": _MOST_WORDS}))


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
