"""How far a campaign has come, as its database tells it: where to strike, and what was hit."""

from dataclasses import dataclass
from enum import StrEnum

import psycopg
from psycopg.rows import TupleRow

from tests.support.postgres import KEEPER, name_of


class Hit(StrEnum):
    """At which moment of a campaign something was killed."""

    BEFORE = "before"
    """No batch of this run was begun."""
    DURING = "during"
    AFTER = "after"
    """Every letter was out: manifests and the report were being written."""
    MISSED = "missed"
    """The campaign was over, or nobody was there to be killed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many batches and class files were begun, how many are open, how many letters are out."""

    batches: int
    files: int
    open_batches: int
    unpublished: int
    letters: int


_PROGRESS = """
    SELECT (SELECT count(*) FROM batches), count(*),
           (SELECT count(*) FROM batches WHERE state = 'running'),
           count(*) FILTER (WHERE state IN ('planned', 'committed')),
           coalesce(sum(letters) FILTER (WHERE state = 'published'), 0)
    FROM batch_files
"""
_ONE_BACKEND = f"""
    SELECT pg_terminate_backend(pid) FROM (
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type =
            'client backend' AND application_name <> '{KEEPER}'
        ORDER BY random() LIMIT 1
    ) AS one
"""


class WatchedDatabase:
    """A connection beside those of the campaign."""

    def __init__(self, url: str) -> None:
        socket = url.rpartition("host=")[2]
        self._session: psycopg.Connection[TupleRow] = psycopg.connect(
            f"host={socket} user=postgres dbname={name_of(url)}", autocommit=True
        )

    def progress(self) -> Progress:
        """Return how far it is."""
        row = self._session.execute(_PROGRESS).fetchone()
        assert row is not None
        return Progress(*map(int, row))

    def end_one_connection(self) -> bool:
        """Cut off somebody; False if nobody was connected."""
        return self._session.execute(_ONE_BACKEND).fetchone() is not None

    def close(self) -> None:
        """Leave."""
        self._session.close()
