"""How often something may be tried, and what a failure costs (R-6): numbers, no database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The limit of one kind of try.

    Attributes:
        window: a count falls to 0 so long after its first try.
        most: so many tries in a window; then nothing until it is over.
        delay_after: from this failure on, a delay that doubles; 0 for none.
        delay: the first of these delays.
        lock_after: from this failure on, a lock; 0 for none.
        lock: how long it lasts.
    """

    window: timedelta
    most: int
    delay_after: int = 0
    delay: timedelta = timedelta(minutes=1)
    lock_after: int = 0
    lock: timedelta = HOUR

    def locked_until(self, failures: int, first_at: datetime, now: datetime) -> datetime | None:
        """Return until when nothing is looked at, after so many failures; None if at once.

        Args:
            failures: the last one included.
            first_at: when the window began.
            now: when the last one happened.
        """
        if failures >= self.most:
            return max(first_at + self.window, now + self.lock)
        if self.lock_after and failures >= self.lock_after:
            return now + self.lock
        if self.delay_after and failures >= self.delay_after:
            doubled = 1 << (failures - self.delay_after)
            return now + self.delay * doubled
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every limit of the portal (R-6)."""

    log_in: Limit
    device: Limit
    network: Limit
    """Wrong passwords from one network address."""
    guess: Limit
    birth_date: Limit
    mobile_hour: Limit
    mobile_day: Limit
    sms_hour: Limit
    sms_day: Limit
    mail: Limit
    code_tries: int
    birth_date_tries: int
    """In one journey; `birth_date` counts them over all journeys."""
