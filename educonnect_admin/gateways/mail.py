"""Handing mails to a server by SMTP: encrypted, checked, one connection for many mails."""

import smtplib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Protocol

from educonnect_admin.domain.mail_errors import MailUnavailable
from educonnect_admin.gateways.outcomes import BAD_REPLY, Fate, Outcome, reply_outcome
from educonnect_admin.gateways.smtp_access import SmtpAccess, Why, connected

CONNECT_TRIES = 3

CONNECTION_LOST = "connection_lost"
NO_SMTPUTF8 = "no_smtputf8"


class MailLine(Protocol):
    """A connection to a mail server, opened when the first mail needs it."""

    def open(self) -> None:
        """Make sure that a mail can be handed over.

        Raises:
            MailUnavailable, UnwritableFolder: none can.
        """
        ...

    def send(self, message: EmailMessage, sender: str, to: str) -> Outcome:
        """Hand over one mail, from one address to one address.

        Raises:
            MailUnavailable, UnwritableFolder: none can be handed over; this one was not.
        """
        ...


class MailGateway(Protocol):
    """What mails leave by."""

    def connect(self) -> AbstractContextManager[MailLine]:
        """Give a line for as many mails as one likes; nothing is opened yet."""
        ...


@dataclass(frozen=True)
class SmtpServer:
    """A mail server."""

    access: SmtpAccess

    @contextmanager
    def connect(self) -> Iterator["SmtpLine"]:
        """Give a line to this server, and close it in the end."""
        line = SmtpLine(self.access)
        try:
            yield line
        finally:
            line.close()


class SmtpLine:
    """One connection at a time; a broken one is replaced when the next mail needs it."""

    def __init__(self, access: SmtpAccess) -> None:
        self._access = access
        self._smtp: smtplib.SMTP | None = None
        self._used = False

    def open(self) -> None:
        """Connect, encrypt, log in; nothing if that is done.

        A server that hangs up is tried again at once, a few times.

        Raises:
            MailUnavailable: `why` is one of `Why`.
        """
        for tries_left in reversed(range(CONNECT_TRIES)):
            if self._smtp is not None:
                return
            try:
                self._smtp, self._used = connected(self._access), False
            except MailUnavailable as trouble:
                if trouble.why != Why.CLOSED or not tries_left:
                    raise

    def send(self, message: EmailMessage, sender: str, to: str) -> Outcome:
        """Hand over one mail.

        A connection that the server closed while it was idle is opened again; nothing had
        been said of this mail.

        Raises:
            MailUnavailable: no connection can be had, or this sender is refused.
        """
        content, international = _on_the_wire(message)
        idle = self._smtp is not None and self._used
        self.open()
        try:
            outcome = self._try(content, sender, to, international=international)
            if outcome.code == CONNECTION_LOST and outcome.fate is Fate.DEFERRED and idle:
                self.open()
                outcome = self._try(content, sender, to, international=international)
        except BaseException:
            self._drop()
            raise
        return outcome

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._drop()

    def _try(self, content: bytes, sender: str, to: str, *, international: bool) -> Outcome:
        """Say MAIL, RCPT, DATA; from the 354 on, a lost connection leaves the fate unknown."""
        smtp = self._smtp
        assert smtp is not None  # noqa: S101 - `open` came before
        self._used = True
        lost = Fate.DEFERRED
        try:
            if refused := self._envelope(smtp, sender, to, international=international):
                return refused
            number, said = smtp.docmd("DATA")
            if number != 354:
                return self._after(_before_the_mail(number, said))
            lost = Fate.UNKNOWN
            smtp.send(_dotted(content))
            return self._after(_final(*self._last_reply(smtp)))
        except (smtplib.SMTPException, OSError):
            self._drop()
            return Outcome(lost, CONNECTION_LOST)

    def _last_reply(self, smtp: smtplib.SMTP) -> tuple[int, bytes]:
        """Wait for the answer to the whole mail; the server may check it at length."""
        if smtp.sock is None:
            raise smtplib.SMTPServerDisconnected
        smtp.sock.settimeout(self._access.last_reply_timeout)
        reply = smtp.getreply()
        if smtp.sock is not None:
            smtp.sock.settimeout(self._access.timeout)
        return reply

    def _envelope(
        self, smtp: smtplib.SMTP, sender: str, to: str, *, international: bool
    ) -> Outcome | None:
        options = ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []
        if international:
            if not smtp.has_extn("smtputf8"):
                return Outcome(Fate.REFUSED, NO_SMTPUTF8)
            options.append("SMTPUTF8")
        number, said = smtp.mail(sender, options)
        if 500 <= number < 600:
            # Not this mail's fault: every other would be refused too, for ever.
            raise MailUnavailable(self._access.host, Why.SENDER)
        outcome = reply_outcome(number, said)
        if outcome.fate is Fate.SENT:
            outcome = _of_the_recipient(*smtp.rcpt(to))
        return None if outcome.fate is Fate.SENT else self._after(outcome)

    def _after(self, outcome: Outcome) -> Outcome:
        """Make the connection ready for the next mail; 421 says that it is closing."""
        smtp = self._smtp
        if smtp is None or (outcome.code or "").startswith("smtp.421"):
            self._drop()
        elif outcome.fate is not Fate.SENT:
            try:
                smtp.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()
        if smtp is not None:
            smtp.command_encoding = "ascii"
        return outcome

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _of_the_recipient(number: int, said: bytes) -> Outcome:
    """Return what the answer to an address means.

    A refusal for reasons of policy (5.7.x: relaying, a blocklist) speaks of us more often
    than of the address: a wrong setting must not give up every letter at once.
    """
    outcome = reply_outcome(number, said)
    policy = (outcome.code or "").startswith(f"smtp.{number}.5.7.")
    return Outcome(Fate.DEFERRED, outcome.code) if policy else outcome


def _before_the_mail(number: int, said: bytes) -> Outcome:
    """Return what a refusal to listen means; a "yes" that is none is no "sent"."""
    outcome = reply_outcome(number, said)
    return Outcome(Fate.DEFERRED, BAD_REPLY) if outcome.fate is Fate.SENT else outcome


def _final(number: int, said: bytes) -> Outcome:
    """Return what the last reply means; one that is no reply leaves the fate unknown."""
    if not 200 <= number < 600 or 300 <= number < 400:
        return Outcome(Fate.UNKNOWN, BAD_REPLY)
    return reply_outcome(number, said)


def _on_the_wire(message: EmailMessage) -> tuple[bytes, bool]:
    """Return the bytes of a mail, and whether its headers need SMTPUTF8."""
    headers = [message[name] for name in ("From", "To", "Reply-To") if name in message]
    international = not all(
        one.addr_spec.isascii() for header in headers for one in header.addresses
    )
    return message.as_bytes(policy=SMTPUTF8 if international else SMTP), international


def _dotted(content: bytes) -> bytes:
    """Return a mail as DATA takes it: lines of dots doubled, the end marked."""
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    return b"\r\n".join(b"." + one if one.startswith(b".") else one for one in lines) + b"\r\n.\r\n"
