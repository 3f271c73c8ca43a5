"""How long to wait, in words: what a limit says to whoever has met it (R-6)."""

from datetime import datetime
from math import ceil

_MINUTE, _HOUR = 60, 3600
_MINUTES_OF_AN_HOUR = 60


def wait_words(now: datetime, until: datetime | None) -> str:
    """Return «dans 5 minutes», «dans 2 heures»: rounded up, so that it is true."""
    if until is None:
        return "dans quelques minutes"
    seconds = max(1.0, (until - now).total_seconds())
    minutes = ceil(seconds / _MINUTE)
    if minutes < _MINUTES_OF_AN_HOUR:
        return f"dans {_counted(minutes, 'minute')}"
    return f"dans {_counted(ceil(seconds / _HOUR), 'heure')}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'s' if number > 1 else ''}"
