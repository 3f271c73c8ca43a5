"""What a PostgreSQL server says of itself: what it keeps, what it promises, what wears out."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from educonnect_admin.domain.findings import Finding, FindingCode

OLDEST_SERVER = 15
"""The first version whose planner and triggers were tried."""
_MOST_SKEW = 5
"""Seconds between the server's clock and this machine's."""
_MOST_IDLE = 10
"""Minutes that a session may hold a transaction open without asking anything."""

_FACTS = text(
    """
    SELECT current_setting('server_version_num')::int / 10000 AS version,
        pg_encoding_to_char(encoding) AS encoding,
        EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm') AS trigrams,
        clock_timestamp() AS now
    FROM pg_database WHERE datname = current_database()
    """
)
_INVALID = text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1")
# Without these a power cut may lose passwords that are on paper already.
_UNSAFE = text(
    """
    SELECT name FROM pg_settings WHERE setting = 'off'
    AND name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name
    """
)
_NOT_ANALYZED = text(
    """
    SELECT relname FROM pg_stat_user_tables
    WHERE n_live_tup > 1000 AND coalesce(last_analyze, last_autoanalyze) IS NULL ORDER BY relname
    """
)
_DEAD_ROWS = text(
    """
    SELECT relname FROM pg_stat_user_tables
    WHERE n_dead_tup > 10000 AND n_dead_tup > n_live_tup / 2 ORDER BY relname
    """
)
_IDLE = text(
    """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND state LIKE 'idle in transaction%'
    AND state_change < clock_timestamp() - make_interval(mins => :most)
    """
)
_RUN_OUT = text(
    """
    SELECT sequencename FROM pg_sequences
    WHERE schemaname = current_schema() AND last_value > max_value / 5 * 4 ORDER BY sequencename
    """
)
# An address is only there where the session came by a network.
_IN_CLEAR = text(
    """
    SELECT NOT s.ssl AND host(a.client_addr) NOT IN ('127.0.0.1', '::1')
    FROM pg_stat_activity AS a JOIN pg_stat_ssl AS s USING (pid)
    WHERE a.pid = pg_backend_pid() AND a.client_addr IS NOT NULL
    """
)
_NAMED = (
    (FindingCode.INVALID_INDEX, _INVALID),
    (FindingCode.UNSAFE_SETTING, _UNSAFE),
    (FindingCode.NOT_ANALYZED, _NOT_ANALYZED),
    (FindingCode.DEAD_ROWS, _DEAD_ROWS),
    (FindingCode.NUMBERS_RUN_OUT, _RUN_OUT),
)


def server_findings(session: Session, now: datetime) -> Iterator[Finding]:
    """Say what is wrong, or wears out, on the server of this session.

    Args:
        session: An open session on PostgreSQL.
        now: The moment by the clock of this machine.
    """
    facts = session.execute(_FACTS).one()
    yield from _about(facts, now)
    for code, query in _NAMED:
        if names := tuple(session.scalars(query)):
            yield Finding(code, len(names), names)
    if idle := session.scalar(_IDLE, {"most": _MOST_IDLE}):
        yield Finding(FindingCode.IDLE_IN_TRANSACTION, idle)
    if session.scalar(_IN_CLEAR):
        yield Finding(FindingCode.IN_CLEAR)


def _about(facts: Any, now: datetime) -> Iterator[Finding]:
    if facts.version < OLDEST_SERVER:
        yield Finding(FindingCode.OLD_SERVER, facts.version)
    if facts.encoding != "UTF8":
        yield Finding(FindingCode.NOT_UTF8, names=(facts.encoding,))
    if not facts.trigrams:
        yield Finding(FindingCode.NO_TRIGRAMS)
    skew = abs((facts.now - now).total_seconds())
    if skew > _MOST_SKEW:
        yield Finding(FindingCode.CLOCKS_DIFFER, round(skew))
