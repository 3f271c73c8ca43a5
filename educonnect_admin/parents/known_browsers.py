"""Browsers that have logged in before: a cookie that only we can read (R-9).

Guesses from elsewhere lock an account, never a browser that has already opened it. A new
password makes every other browser a stranger: whoever had the former one may have had many.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.delays import BROWSER_KNOWN
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.queries.reserved_tries import Subject

_OWNER = "device"
_MOST_ACCOUNTS = 8
"""In one browser: a cookie has four thousand signs at most."""
_LONGEST = 4000


class _Acquaintance(NamedTuple):
    until: int
    password: int
    """When the password was set by which the browser came in."""

    def __repr__(self) -> str:
        return "_Acquaintance()"


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """What a browser proves: its opaque mark, and until when it knows which accounts."""

    mark: str = field(repr=False)
    accounts: Mapping[int, _Acquaintance] = field(repr=False)

    def knows(self, account_id: int, password_set_at: datetime | None, now: datetime) -> bool:
        """Tell whether somebody has come in here by the present password, not too long ago."""
        found = self.accounts.get(account_id)
        if found is None or found.password != _second(password_set_at):
            return False
        return found.until > now.timestamp()


def browser_of(means: Means, client: Client) -> KnownBrowser | None:
    """Return what the cookie of a browser proves; nothing if it is not ours, or forged."""
    if client.device is None or len(client.device) > _LONGEST:
        return None
    try:
        sealed = urlsafe_b64decode(client.device.encode("ascii"))
        found = json.loads(means.sealer.open(sealed, _OWNER))
        accounts = {
            int(account_id): _Acquaintance(int(until), int(password))
            for account_id, until, password in found["accounts"]
        }
        return KnownBrowser(str(found["mark"]), accounts)
    except (KeyError, TypeError, ValueError):
        return None


def known_subject(browser: KnownBrowser, account_id: int) -> Subject:
    """Return what counts the wrong passwords of one browser for one account."""
    return Subject(
        kind=TryKind.DEVICE, name=f"{browser.mark}/account:{account_id}", account_id=account_id
    )


def remember_browser(means: Means, client: Client, account: Account) -> str:
    """Return the cookie by which this browser is known from now on, for this account too.

    To be given to whoever has proved to hold the account, and by each new password.
    """
    browser = browser_of(means, client)
    mark = browser.mark if browser else means.chance.salt().hex()
    others = browser.accounts.items() if browser else ()
    kept = [(one, *known) for one, known in others if one != account.id]
    until = _second(means.now + BROWSER_KNOWN)
    latest = (account.id, until, _second(account.password_set_at))
    content = {"mark": mark, "accounts": [latest, *kept][:_MOST_ACCOUNTS]}
    sealed = means.sealer.close(json.dumps(content, separators=(",", ":")).encode(), _OWNER)
    return urlsafe_b64encode(sealed).decode("ascii")


def _second(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0
