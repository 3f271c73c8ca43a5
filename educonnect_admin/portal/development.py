"""Development only: every mail and SMS of the folder on a page, and the guard before it."""

from collections.abc import Sequence

from educonnect_admin.domain.portal_errors import DevelopmentRefused
from educonnect_admin.settings import Settings, is_loopback


def is_wanted(settings: Settings) -> bool:
    """Tell whether the pages are asked for and nothing real leaves this office."""
    return settings.portal_development and _in_earnest(settings) is None


def refuse_if_open(settings: Settings, host: str, proxies: Sequence[str]) -> None:
    """Refuse to show everybody's messages where somebody else could look.

    Raises:
        DevelopmentRefused: asked for, on an address that is not this machine's alone, behind a
            proxy, or with a real mail server or SMS.
    """
    if not settings.portal_development:
        return
    if not is_loopback(host):
        raise DevelopmentRefused("host")
    if proxies:
        raise DevelopmentRefused("proxy")
    why = _in_earnest(settings)
    if why is not None:
        raise DevelopmentRefused(why)


def _in_earnest(settings: Settings) -> str | None:
    if settings.smtp_host is not None:
        return "mail"
    return "sms" if settings.sms_gateway != "folder" else None
