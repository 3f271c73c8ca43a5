"""What a database says of its own health: is all there that the migrations made, does it agree?"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, inspect, select, text
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.findings import Finding, FindingCode
from educonnect_admin.domain.letters import Batch, BatchFile, BatchState, FileState, Letter
from educonnect_admin.domain.metadata import BESIDE_PREFIX, KEPT_TABLES, METADATA
from educonnect_admin.domain.trail import TrailEntry
from educonnect_admin.queries.figure_check import wrong_figures

_CLOCKS_APART = timedelta(minutes=5)
"""Between two machines that write in one database; more is a clock that was set back."""
TRIGRAMS_INDEX = "ix_name_words_trigrams"
_TRIGGERS_ON_POSTGRESQL = {
    "trail_entries_no_change", "trail_entries_no_truncate",
    *(f"{table}_learn_{what}" for table in ("guardians", "pupils") for what in ("new", "changed")),
    *(
        f"{table}_touch_{verb}"
        for table in ("letters", "messages", "guardians", "guardianships", "enrolments")
        for verb in ("insert", "update", "delete")
    ),
    "accounts_touch_update", "schools_touch_update",
}  # fmt: skip
_TRIGGERS_ON_SQLITE = {
    "trail_entries_no_update", "trail_entries_no_delete", "trail_entries_no_replace",
    "name_words_to_trigrams",
    *(
        f"{table}_{column}_{event}"
        for table in ("guardians", "pupils")
        for column in ("family_key", "given_key", "usage_key")
        for event in ("learnt", "relearnt")
    ),
}  # fmt: skip
_FIRING = {
    "postgresql": text(
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    ),
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
}
_INDEXES = {
    "postgresql": text("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"),
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'index'"),
}


def missing_parts(session: Session) -> Iterator[Finding]:
    """Name the tables, columns, indexes, keys and triggers that should be there and are not."""
    missing = (*_missing_tables(session), *_missing_beside(session))
    if missing:
        yield Finding(FindingCode.MISSING_PARTS, len(missing), tuple(sorted(missing)))


def _missing_tables(session: Session) -> Iterator[str]:
    look = inspect(session.connection())
    columns, keys = look.get_multi_columns(), look.get_multi_foreign_keys()
    for name, table in METADATA.tables.items():
        if (None, name) not in columns:
            yield f"table {name}"
            continue
        there = {column["name"] for column in columns[None, name]}
        yield from (f"column {name}.{one.name}" for one in table.columns if one.name not in there)
        tied = {(*key["constrained_columns"], key["referred_table"]) for key in keys[None, name]}
        for key in table.foreign_key_constraints:
            if (*key.column_keys, key.referred_table.name) not in tied:
                yield f"key {name}.{', '.join(key.column_keys)}"


def _missing_beside(session: Session) -> Iterator[str]:
    dialect = session.get_bind().dialect.name
    sqlite = dialect == "sqlite"
    triggers = _TRIGGERS_ON_SQLITE if sqlite else _TRIGGERS_ON_POSTGRESQL
    yield from (f"trigger {one}" for one in triggers - set(session.scalars(_FIRING[dialect])))
    indexes = {str(one.name) for table in METADATA.tables.values() for one in table.indexes}
    if sqlite:
        indexes.discard(TRIGRAMS_INDEX)
    beside = (BESIDE_PREFIX,) if sqlite else KEPT_TABLES
    look = inspect(session.connection())
    yield from (f"table {one}" for one in beside if not look.has_table(one))
    yield from (f"index {one}" for one in indexes - set(session.scalars(_INDEXES[dialect])))


def clock_findings(session: Session, now: datetime) -> Iterator[Finding]:
    """Tell of a clock that stands before the last entry of the trail: it was set back since."""
    last = session.scalar(select(TrailEntry.happened_at).order_by(TrailEntry.id.desc()).limit(1))
    if last is not None and last - now > _CLOCKS_APART:
        yield Finding(FindingCode.CLOCK_SET_BACK, (last - now) // timedelta(minutes=1))


def figure_findings(session: Session) -> Iterator[Finding]:
    """Name the schools whose figures are kept, and not those of the moment (R-64)."""
    if wrong := tuple(wrong_figures(session)):
        yield Finding(FindingCode.WRONG_FIGURES, len(wrong), wrong)


def contradictions(session: Session) -> Iterator[Finding]:
    """Count the letters and files that say something else than what they belong to (R-12, R-14)."""
    live = Letter.ended_at.is_(None)
    several = select(Letter.account_id).where(live).group_by(Letter.account_id)
    for code, query in _CONTRADICTIONS.items():
        yield from _counted(session, code, query)
    twice = select(func.count()).select_from(several.having(func.count() > 1).subquery())
    yield from _counted(session, FindingCode.TWO_LIVE_LETTERS, twice)


def _counted(session: Session, code: FindingCode, query: Select[int]) -> Iterator[Finding]:
    if number := session.scalar(query):
        yield Finding(code, number)


def _letters(*conditions: ColumnElement[bool]) -> Select[int]:
    return (
        select(func.count())
        .select_from(Letter)
        .join(Account, Account.id == Letter.account_id)
        .where(Letter.ended_at.is_(None), *conditions)
    )


_CONTRADICTIONS: Mapping[FindingCode, Any] = {
    FindingCode.LIVE_BUT_NOT_NOTIFIED: _letters(Account.state == AccountState.NOT_NOTIFIED),
    FindingCode.LIVE_WITHOUT_HASH: _letters(Letter.password_hash.is_(None)),
    FindingCode.UNSETTLED_FILES: (
        select(func.count())
        .select_from(BatchFile)
        .join(Batch, Batch.id == BatchFile.batch_id)
        .where(
            Batch.state != BatchState.RUNNING,
            BatchFile.state.in_([FileState.PLANNED, FileState.COMMITTED]),
        )
    ),
}
