"""A moment as the office reads it: by the clock of metropolitan France, whatever the machine's."""

from datetime import datetime

ZONE = "Europe/Paris"
"""Where no school says otherwise."""


def in_paris(moment: datetime, form: str = "%d/%m/%Y à %H:%M") -> str:
    """Return a moment, aware, as it is written for people.

    Args:
        moment: The moment.
        form: How much of it, as `strftime` takes it.
    """
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(ZONE)).strftime(form)
