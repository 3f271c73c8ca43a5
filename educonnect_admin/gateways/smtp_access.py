"""Reaching a mail server: connected, encrypted, its certificate checked, logged in."""

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from educonnect_admin.domain.mail_errors import MailUnavailable

DEFAULT_PORTS = {"starttls": 587, "tls": 465, "none": 25}
TIMEOUT_SECONDS = 30.0
LAST_REPLY_SECONDS = 300.0
"""Whoever hangs up while the server still checks a whole mail gets it sent twice.

RFC 5321 (4.5.3.2.6) asks for ten minutes; five are what a run can wait for one mail.
"""


class Why(StrEnum):
    """Why a mail server can't be used; `cli` has the words."""

    HOST = "host"
    CLOSED = "closed"
    TIMEOUT = "timeout"
    NO_TLS = "no_tls"
    TLS = "tls"
    CERTIFICATE = "certificate"
    NO_AUTH = "no_auth"
    CREDENTIALS = "credentials"
    SENDER = "sender"
    BUSY = "busy"
    PASSWORD_FILE = "password_file"  # noqa: S105 - the name of a trouble
    CA_FILE = "ca_file"


@dataclass(frozen=True, kw_only=True)
class SmtpAccess:
    """How a mail server is reached, as the settings have it.

    Attributes:
        password_file: read when a connection is made, so that a changed password counts.
        ca_file: an authority that the system does not know.
        timeout: how many seconds each answer may take.
        last_reply_timeout: how many the answer to the whole mail may take.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str | None = field(default=None, repr=False)
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout: float = TIMEOUT_SECONDS
    last_reply_timeout: float = LAST_REPLY_SECONDS


def connected(access: SmtpAccess) -> smtplib.SMTP:
    """Return a connection that is encrypted and logged in."""
    context = _context(access)
    smtp = None
    try:
        smtp = _greeted(access, context)
        _log_in(smtp, access)
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnavailable(access.host, _why(error)) from error
    except UnicodeError as error:  # `mail..exemple.fr`: the resolver does not even ask
        raise MailUnavailable(access.host, Why.HOST) from error
    else:
        done, smtp = smtp, None
        return done
    finally:
        if smtp is not None:
            smtp.close()


def _greeted(access: SmtpAccess, context: ssl.SSLContext) -> smtplib.SMTP:
    if access.security == "tls":
        return smtplib.SMTP_SSL(access.host, access.port, timeout=access.timeout, context=context)
    smtp = smtplib.SMTP(access.host, access.port, timeout=access.timeout)
    if access.security == "starttls":
        try:
            smtp.starttls(context=context)
        except BaseException as error:
            smtp.close()
            if isinstance(error, (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException)):
                raise MailUnavailable(access.host, Why.NO_TLS) from error
            raise
    return smtp


def _log_in(smtp: smtplib.SMTP, access: SmtpAccess) -> None:
    smtp.ehlo_or_helo_if_needed()
    if access.user is not None:
        if not access.user.isascii():  # smtplib could not even ask
            raise MailUnavailable(access.host, Why.CREDENTIALS)
        smtp.login(access.user, _password(access))


def _password(access: SmtpAccess) -> str:
    try:
        text = (access.password_file or Path()).read_text(encoding="ascii").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text:
        raise MailUnavailable(access.host, Why.PASSWORD_FILE)
    return text


def _context(access: SmtpAccess) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=access.ca_file)
    except OSError:  # no such file, or no certificate in it
        raise MailUnavailable(access.host, Why.CA_FILE) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


_WHYS: tuple[tuple[type[BaseException], Why], ...] = (
    (ssl.SSLCertVerificationError, Why.CERTIFICATE),
    (ssl.SSLError, Why.TLS),
    (socket.gaierror, Why.HOST),
    (TimeoutError, Why.TIMEOUT),
    (smtplib.SMTPServerDisconnected, Why.CLOSED),
    (smtplib.SMTPAuthenticationError, Why.CREDENTIALS),
    (smtplib.SMTPResponseException, Why.BUSY),
    (smtplib.SMTPException, Why.NO_AUTH),
)


def _why(error: BaseException) -> Why:
    """Return why a connection could not be had."""
    cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else None
    if isinstance(cause, TimeoutError):
        return Why.TIMEOUT
    return next((why for kind, why in _WHYS if isinstance(error, kind)), Why.CLOSED)
