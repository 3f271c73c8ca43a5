"""Numbers of 64 bits on PostgreSQL for what never stops coming; SQLite has them already."""

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


def _widen() -> None:
    """Rewrite each table once; its sequence must go on beyond 32 bits too."""
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
