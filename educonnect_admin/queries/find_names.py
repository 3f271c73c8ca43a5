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


_KNOWN_ON_POSTGRESQL = text(
    """
    SELECT name_words.word FROM unnest(CAST(:words AS varchar[])) AS asked (word)
    JOIN name_words ON name_words.word = asked.word
    """
)
_SET_ON_POSTGRESQL = text(
    "SELECT set_config(name, :value, true) FROM unnest(CAST(:names AS text[])) AS names (name)"
)
_NOT_BY_INDEX = ("jit", "enable_seqscan", "enable_hashjoin", "enable_mergejoin")
_BY_BITMAP = "enable_bitmapscan"
"""How PostgreSQL reads an index of trigrams; for whole names it would take it too, slowly."""


def go_by_indexes(session: Session) -> None:
    """Let PostgreSQL plan what follows by its plain indexes, until the transaction ends.

    It takes the hundreds of near names for thousands of people each, and would rather read
    everybody and compile the question first: ten times slower (measured).
    """
    if not _on_sqlite(session):
        _set(session, "off", *_NOT_BY_INDEX, _BY_BITMAP)


def _set(session: Session, value: str, *names: str) -> None:
    session.execute(_SET_ON_POSTGRESQL, {"value": value, "names": list(names)})


def known_words(session: Session, words: Collection[str]) -> set[str]:
    """Return those of some folded words that somebody bears as a name."""
    asked = sorted(words)
    if not _on_sqlite(session):
        return set(session.scalars(_KNOWN_ON_POSTGRESQL, {"words": asked}))
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
    _set(session, _LEAST_SHARE, "pg_trgm.similarity_threshold")
    return _by_trigrams(session, _LIKE_ON_POSTGRESQL, word=word)


def words_holding(session: Session, word: str) -> set[str]:
    """Return names that hold a folded word whole, the shortest of them.

    Args:
        session: An open session.
        word: Folded letters and digits only, at least three.
    """
    if _on_sqlite(session):
        return _words(session, _WITHIN_ON_SQLITE, match=f'"{word}"')
    return _by_trigrams(session, _WITHIN_ON_POSTGRESQL, pattern=f"%{word}%")


def _by_trigrams(session: Session, query: TextClause, **asked: str) -> set[str]:
    _set(session, "on", _BY_BITMAP)
    words = _words(session, query, **asked)
    _set(session, "off", _BY_BITMAP)
    return words


def _words(session: Session, query: TextClause, **asked: str) -> set[str]:
    return set(session.scalars(query, {**asked, "most": _MOST_WORDS}))


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
