"""Any SMS gateway that takes one HTTPS request a message (R-32).

At most once: whatever may have left is never sent again. Only what the gateway has certainly
not taken (no connection, a clear refusal, «later») is tried again or given up.
"""

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from educonnect_admin.domain.mail_errors import SmsUnavailable
from educonnect_admin.domain.sms_body import FORM, JSON, filled_form, filled_json, is_json
from educonnect_admin.gateways.outcomes import SENT, Fate, Outcome
from educonnect_admin.gateways.sms_access import (
    ANSWER_SECONDS,
    BAD_ANSWER,
    CONNECT_SECONDS,
    CONNECTION_LOST,
    TIMEOUT,
    SmsWhy,
    secret_text,
)

if TYPE_CHECKING:
    import httpx2 as httpx

# At INFO it tells the address of every request: with GET the mobile and the code are in it.
logging.getLogger("httpx2").setLevel(logging.WARNING)

_LATER = frozenset({408, 425, 429, 503})
_NOT_OURS = {
    401: SmsWhy.CREDENTIALS,
    402: SmsWhy.CREDIT,
    403: SmsWhy.CREDENTIALS,
    404: SmsWhy.ADDRESS,
    405: SmsWhy.ADDRESS,
    407: SmsWhy.CREDENTIALS,
    410: SmsWhy.ADDRESS,
    415: SmsWhy.ADDRESS,
}
"""Refusals that speak of the settings: every other SMS would be refused too."""


@dataclass(frozen=True, kw_only=True)
class HttpsSms:
    """A gateway, as the settings have it.

    Attributes:
        url: `https:`; `http:` to this very machine only.
        body: the template of the request; with GET it goes behind the `?`.
        headers_file: lines `Name: value`, read anew for each SMS; they hold the secret.
        sender: whom the SMS comes from, if the gateway lets us say.
        context: what certificates are checked with; the system's unless told.
        answer_seconds: how long an answer may take.
    """

    url: str = field(repr=False)
    method: str
    body: str = field(repr=False)
    headers_file: Path | None = None
    sender: str | None = None
    context: ssl.SSLContext | None = field(default=None, repr=False)
    answer_seconds: float = ANSWER_SECONDS

    def send(self, to: str, text: str, reference: str) -> Outcome:
        """Hand over one SMS.

        Raises:
            SmsUnavailable: no SMS can leave now; this one did not.
        """
        import httpx2 as httpx

        values = {
            "to": to,
            "digits": to.removeprefix("+"),
            "text": text,
            "sender": self.sender or "",
            "reference": reference,
        }
        headers, params, content = self._request(values)
        try:
            with self._client() as client:
                answer = client.request(
                    self.method, self.url + params, headers=headers, content=content
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise SmsUnavailable(self._host, _why_not_connected(error)) from None
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.ProxyError):
            raise SmsUnavailable(self._host, SmsWhy.UNREACHABLE) from None
        except httpx.TimeoutException:
            return Outcome(Fate.UNKNOWN, TIMEOUT)
        except httpx.HTTPError:
            return Outcome(Fate.UNKNOWN, CONNECTION_LOST)
        return self._judged(answer.status_code)

    def _request(self, values: Mapping[str, str]) -> tuple[dict[str, str], str, bytes | None]:
        headers = self._headers()
        if self.method == "GET":
            mark = "&" if urlsplit(self.url).query else "?"
            return headers, mark + filled_form(self.body, values), None
        as_json = is_json(self.body)
        content = filled_json(self.body, values) if as_json else filled_form(self.body, values)
        kind = JSON if as_json else f"{FORM}; charset=utf-8"
        return {**headers, "Content-Type": kind}, "", content.encode()

    def _client(self) -> "httpx.Client":
        import httpx2 as httpx

        return httpx.Client(
            verify=self.context or ssl.create_default_context(),
            timeout=httpx.Timeout(self.answer_seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            # A proxy of the academy leads to the outside; never to this machine, and in clear.
            trust_env=self.url.startswith("https:"),
        )

    def _headers(self) -> dict[str, str]:
        if self.headers_file is None:
            return {}
        found = {}
        for line in secret_text(self.headers_file, self._host).splitlines():
            name, colon, value = line.partition(":")
            is_good = name.strip().replace("-", "").isalnum() and value.isprintable()
            if line.strip() and not (colon and is_good and line.isascii()):
                raise SmsUnavailable(self._host, SmsWhy.SECRETS_FILE)
            if line.strip():
                found[name.strip()] = value.strip()
        return found

    def _judged(self, status: int) -> Outcome:
        if 200 <= status < 300:
            return SENT
        if status in _NOT_OURS or 300 <= status < 400:
            raise SmsUnavailable(self._host, _NOT_OURS.get(status, SmsWhy.ADDRESS))
        code = f"http.{status}"
        if status in _LATER:
            return Outcome(Fate.DEFERRED, code)
        if 400 <= status < 500:
            return Outcome(Fate.REFUSED, code)
        # 500, 502, 504: it may have been handed on before something broke.
        return Outcome(Fate.UNKNOWN, code if status >= 500 else BAD_ANSWER)

    @property
    def _host(self) -> str:
        return urlsplit(self.url).hostname or ""


def _why_not_connected(error: BaseException) -> SmsWhy:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return SmsWhy.CERTIFICATE
        seen = seen.__cause__ or seen.__context__
    return SmsWhy.UNREACHABLE
