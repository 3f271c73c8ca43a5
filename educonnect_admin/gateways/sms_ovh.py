"""SMS by OVHcloud, whose own library signs each request (R-32)."""

from configparser import ConfigParser
from configparser import Error as BadConfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from educonnect_admin.domain.mail_errors import SmsUnavailable
from educonnect_admin.gateways.outcomes import SENT, Fate, Outcome
from educonnect_admin.gateways.sms_access import (
    ANSWER_SECONDS,
    BAD_ANSWER,
    CONNECT_SECONDS,
    CONNECTION_LOST,
    SmsWhy,
    secret_text,
)

NAME = "OVHcloud"
BAD_NUMBER = "ovh.invalid_receiver"
_SECTION = "ovh"
_KEYS = ("endpoint", "application_key", "application_secret", "consumer_key")
_NOT_OURS = {
    401: SmsWhy.CREDENTIALS,
    402: SmsWhy.CREDIT,
    403: SmsWhy.CREDENTIALS,
    404: SmsWhy.ADDRESS,
    460: SmsWhy.ADDRESS,
}
_MINUTES = 30
"""Beyond, the telephone network gives the SMS up: the code in it is over (R-32)."""


@dataclass(frozen=True, kw_only=True)
class OvhSms:
    """An SMS account at OVHcloud.

    Attributes:
        service: the name of the SMS account, as `sms-ab12345-1`.
        credentials_file: a section `[ovh]` with `endpoint`, `application_key`,
            `application_secret` and `consumer_key`; read anew for each SMS.
        sender: a name that OVHcloud has approved; without one, a short number of theirs.
        answer_seconds: how long each answer may take.
    """

    service: str
    credentials_file: Path
    sender: str | None = None
    answer_seconds: float = ANSWER_SECONDS

    def send(self, to: str, text: str, reference: str) -> Outcome:
        """Hand over one SMS.

        Raises:
            SmsUnavailable: no SMS can leave now; this one did not.
        """
        client = self._client()
        job: dict[str, object] = {
            "receivers": [to],
            "message": text,
            "charset": "UTF-8",
            "coding": "7bit",
            "noStopClause": True,
            "priority": "high",
            "tag": reference[:20],
            "validityPeriod": _MINUTES,
        }
        job |= {"sender": self.sender} if self.sender else {"senderForResponse": True}
        return _sent(client, f"/sms/{quote(self.service, safe='')}/jobs", job)

    def _client(self) -> Any:
        """Return a client that has reached the service once: it has asked what time it is."""
        import ovh
        from ovh.exceptions import APIError

        try:
            client = ovh.Client(**self._keys(), timeout=(CONNECT_SECONDS, self.answer_seconds))
            _ = client.time_delta
        except (APIError, AttributeError, TypeError, ValueError):
            raise SmsUnavailable(NAME, SmsWhy.UNREACHABLE) from None
        return client

    def _keys(self) -> dict[str, str]:
        from ovh.client import ENDPOINTS

        config = ConfigParser(interpolation=None)
        try:
            config.read_string(secret_text(self.credentials_file, NAME))
            keys = {name: config[_SECTION][name].strip() for name in _KEYS}
        except (BadConfig, KeyError):
            raise SmsUnavailable(NAME, SmsWhy.SECRETS_FILE) from None
        if keys["endpoint"] not in ENDPOINTS or not all(keys.values()):
            raise SmsUnavailable(NAME, SmsWhy.SECRETS_FILE)
        return keys


def _sent(client: Any, path: str, job: dict[str, object]) -> Outcome:
    """Post the one job, and say what its answer means: what may have left is UNKNOWN."""
    from ovh.exceptions import APIError, HTTPError

    try:
        answer = client.post(path, **job)
    except HTTPError:
        return Outcome(Fate.UNKNOWN, CONNECTION_LOST)
    except APIError as error:
        return _judged(getattr(error.response, "status_code", 0))
    except AttributeError:  # an error told in JSON that is no object
        return Outcome(Fate.UNKNOWN, BAD_ANSWER)
    return _taken(answer)


def _judged(status: int) -> Outcome:
    """Return what a refusal means; 0 is an answer that could not be read."""
    if status in _NOT_OURS:
        raise SmsUnavailable(NAME, _NOT_OURS[status])
    if status in {429, 503}:
        return Outcome(Fate.DEFERRED, f"ovh.{status}")
    if 400 <= status < 500:
        return Outcome(Fate.REFUSED, f"ovh.{status}")
    return Outcome(Fate.UNKNOWN, f"ovh.{status}" if status else BAD_ANSWER)


def _taken(answer: Any) -> Outcome:
    """Return what OVHcloud made of the only receiver."""
    if not isinstance(answer, dict):
        return Outcome(Fate.UNKNOWN, BAD_ANSWER)
    if answer.get("validReceivers"):
        return SENT
    if answer.get("invalidReceivers"):
        return Outcome(Fate.REFUSED, BAD_NUMBER)
    return Outcome(Fate.UNKNOWN, BAD_ANSWER)
