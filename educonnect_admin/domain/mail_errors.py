"""The refusals of what leaves by mail or SMS."""

from pathlib import Path

from educonnect_admin.domain.errors import EduConnectError


class MailUnavailable(EduConnectError):
    """The mail server can't be reached or used; `why` is a code of `gateways.mail`."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(host, why)
        self.host = host
        self.why = why


class SmsUnavailable(MailUnavailable):
    """No SMS can leave; `host` is the gateway, `why` a code of `gateways.sms_access`."""


class MailNotSet(EduConnectError):
    """No mail server and no folder is set, and there is no place of its own to fall back on."""


class MissingMessageKey(EduConnectError):
    """A waiting message was sealed with a key that the key file no longer holds."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class BadMailTemplate(EduConnectError):
    """A mail template can't be used; `line` counts from 1 when known."""

    def __init__(self, template: str, why: str, *, line: int | None = None) -> None:
        super().__init__(template, why)
        self.template = template
        self.why = why
        self.line = line
