"""What the SMS gateways share: why none can be used, and files of secrets."""

import stat
from enum import StrEnum
from pathlib import Path

from educonnect_admin.domain.mail_errors import SmsUnavailable

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
"""Long enough for any gateway; a parent waits for the code meanwhile."""

CONNECTION_LOST = "sms_connection_lost"
TIMEOUT = "sms_timeout"
BAD_ANSWER = "sms_bad_reply"


class SmsWhy(StrEnum):
    """Why no SMS can leave at all; `cli` has the words."""

    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    CREDENTIALS = "credentials"
    CREDIT = "credit"
    ADDRESS = "address"
    SECRETS_FILE = "secrets_file"


def secret_text(path: Path, gateway: str) -> str:
    """Return what a file of secrets holds, which nobody but its owner may read.

    Raises:
        SmsUnavailable: it can't be read, is empty, or others may read it.
    """
    try:
        is_open_to_others = bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SmsUnavailable(gateway, SmsWhy.SECRETS_FILE) from None
    if is_open_to_others or not text.strip():
        raise SmsUnavailable(gateway, SmsWhy.SECRETS_FILE)
    return text
