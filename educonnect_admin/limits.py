"""The limits of the portal, from the settings (R-6)."""

from datetime import timedelta

from educonnect_admin.domain.throttling import DAY, HOUR, Limit, Limits
from educonnect_admin.settings import Settings

_AT_ONCE = timedelta(0)
_MAILS_AN_HOUR = 5


def limits_of(settings: Settings) -> Limits:
    """Return every limit as this office has set it."""
    passwords = Limit(
        window=DAY,
        most=settings.log_ins_a_day,
        delay_after=settings.log_in_delay_after,
        lock_after=settings.log_in_lock_after,
        lock=timedelta(minutes=settings.log_in_lock_minutes),
    )
    return Limits(
        log_in=passwords,
        device=passwords,
        network=_in(HOUR, settings.address_failures_an_hour),
        guess=_in(HOUR, settings.guesses_an_hour),
        birth_date=Limit(window=DAY, most=settings.birth_date_tries_a_day, lock=DAY),
        mobile_hour=_in(HOUR, settings.codes_an_hour),
        mobile_day=_in(DAY, settings.codes_a_day),
        sms_hour=_in(HOUR, settings.sms_an_hour),
        sms_day=_in(DAY, settings.sms_a_day),
        mail=_in(HOUR, _MAILS_AN_HOUR),
        code_tries=settings.code_tries,
        birth_date_tries=settings.birth_date_tries,
    )


def _in(window: timedelta, most: int) -> Limit:
    """Return a limit that only counts: so many in a window, then none until it is over."""
    return Limit(window=window, most=most, lock=_AT_ONCE)
