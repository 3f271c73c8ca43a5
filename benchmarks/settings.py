"""The settings of a measured office."""

from pathlib import Path
from typing import Literal, cast

from benchmarks.jobs import Order
from educonnect_admin.settings import Settings


def settings_of(order: Order) -> Settings:
    """Return the settings under which a job works."""
    return Settings(
        database_url=order.database,
        secret_key_file=Path(order.key) if order.key else None,
        operator="bench",
        hashing=cast("Literal['owasp', 'cheap-for-tests']", order.hashing),
    )
