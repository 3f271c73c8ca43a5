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
    SELECT asked.word, alike.word FROM unnest(string_to_array(:words, ' ')) AS asked (word),
    LATERAL (
        SELECT word FROM name_words WHERE word % asked.word
        ORDER BY similarity(word, asked.word) DESC, word LIMIT :most
    ) AS alike
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
    SELECT asked.word, longer.word FROM unnest(string_to_array(:words, ' ')) AS asked (word),
    LATERAL (
        SELECT word FROM name_words WHERE word LIKE '%' || asked.word || '%'
        ORDER BY length(word), word LIMIT :most
    ) AS longer
    """
)
_KNOWN_ON_POSTGRESQL = text(
    """
    SELECT name_words.word FROM unnest(string_to_array(:words, ' ')) AS asked (word)
    JOIN name_words ON name_words.word = asked.word
    """
)
_BY_INDEX_ON_POSTGRESQL = text(
    "SELECT set_config(name, 'off', true), set_config('pg_trgm.similarity_threshold', :share, true)"
    " FROM (VALUES ('jit'), ('enable_seqscan'), ('enable_hashjoin'), ('enable_mergejoin'),"
    " ('enable_bitmapscan')) AS settings (name)"
)
_BY_BITMAP_ON_POSTGRESQL = text("SELECT set_config('enable_bitmapscan', :value, true)")
"""How PostgreSQL reads an index of trigrams; for whole names it would take it too, slowly."""


def go_by_indexes(session: Session) -> None:
    """Let PostgreSQL plan what follows by its plain indexes, until the transaction ends.

    It takes the hundreds of near names for thousands of people each, and would rather read
    everybody and compile the question first: ten times slower (measured).
    """
    if not _on_sqlite(session):
        session.execute(_BY_INDEX_ON_POSTGRESQL, {"share": _LEAST_SHARE})


def known_words(session: Session, words: Collection[str]) -> set[str]:
    """Return those of some folded words that somebody bears as a name."""
    asked = sorted(words)
    if not _on_sqlite(session):
        return set(session.scalars(_KNOWN_ON_POSTGRESQL, {"words": " ".join(asked)}))
    return {
        found
        for start in range(0, len(asked), _MOST_PARAMETERS)
        for found in session.scalars(
            select(NameWord.word).where(NameWord.word.in_(asked[start : start + _MOST_PARAMETERS]))
        )
    }


def words_like(session: Session, words: Collection[str]) -> dict[str, set[str]]:
    """Return for each of some folded words the names that share most trigrams with it.

    Args:
        session: An open session, that goes by indexes.
        words: Folded letters and digits only, at least three in each.
    """
    if not _on_sqlite(session):
        return _by_trigrams(session, _LIKE_ON_POSTGRESQL, words)
    return {word: _matching(session, _LIKE_ON_SQLITE, _trigrams(word)) for word in words}


def words_holding(session: Session, words: Collection[str]) -> dict[str, set[str]]:
    """Return for each of some folded words the names that hold it whole, the shortest of them.

    Args:
        session: An open session, that goes by indexes.
        words: Folded letters and digits only, at least three in each.
    """
    if not _on_sqlite(session):
        return _by_trigrams(session, _WITHIN_ON_POSTGRESQL, words)
    return {word: _matching(session, _WITHIN_ON_SQLITE, f'"{word}"') for word in words}


def _trigrams(word: str) -> str:
    padded = f"  {word} "
    starts = range(len(padded) - _TRIGRAM + 1)
    trigrams = dict.fromkeys(padded[start : start + _TRIGRAM] for start in starts)
    return " OR ".join(f'"{trigram}"' for trigram in trigrams)


def _matching(session: Session, query: TextClause, match: str) -> set[str]:
    return set(session.scalars(query, {"match": match, "most": _MOST_WORDS}))


def _by_trigrams(
    session: Session, query: TextClause, words: Collection[str]
) -> dict[str, set[str]]:
    """Ask for all words at once: of many short questions, asking is what takes time."""
    found: dict[str, set[str]] = {word: set() for word in words}
    if not words:
        return found
    session.execute(_BY_BITMAP_ON_POSTGRESQL, {"value": "on"})
    for word, name in session.execute(query, {"words": " ".join(words), "most": _MOST_WORDS}):
        found[word].add(name)
    session.execute(_BY_BITMAP_ON_POSTGRESQL, {"value": "off"})
    return found


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
