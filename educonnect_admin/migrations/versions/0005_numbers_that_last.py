"""Numbers of 64 bits for what never stops coming; indexes that many people ask for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_NUMBERED = (
    "try_counts", "setbacks", "visits", "sms_codes", "mail_links", "messages", "trail_entries",
)  # fmt: skip
_POINTING = (("sms_codes", "visit_id"), ("trail_reasons", "entry_id"))


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _widen()
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_letters_overdue", "letters", ["last_day"], sqlite_where=live, postgresql_where=live
    )
    for column in ("guardian_id", "other_guardian_id"):
        op.create_index(f"ix_review_items_{column}", "review_items", [column])


def _widen() -> None:
    """Rewrite each table once; its sequence must go on beyond 32 bits too.

    SQLite counts to 64 bits already.
    """
    for table in dict.fromkeys([*_NUMBERED, *(table for table, _ in _POINTING)]):
        columns = ["id"] * (table in _NUMBERED) + [c for t, c in _POINTING if t == table]
        op.execute(
            f"ALTER TABLE {table} " + ", ".join(f"ALTER {one} TYPE bigint" for one in columns)
        )
    for table in _NUMBERED:
        sequence = op.get_bind().scalar(
            sa.text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table}
        )
        op.execute(f"ALTER SEQUENCE {sequence} AS bigint")
