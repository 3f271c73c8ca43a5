"""From a kind of message and its values to a mail or an SMS, the same bytes every time."""

from collections.abc import Mapping
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from educonnect_admin.domain.mail_errors import BadMailTemplate
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.messages.gsm import LONGEST, septets
from educonnect_admin.messages.sender import Sender
from educonnect_admin.messages.templates import TOO_LONG, MailTemplates
from educonnect_admin.messages.values import readable

GSM = "gsm"
SMS_KINDS = frozenset({MessageKind.ACTIVATION_CODE})


class BadAddress(ValueError):
    """No mail can bear this address."""


class MessagePress:
    """Sets messages from templates: an office's own first, ours behind."""

    def __init__(self, templates_dir: Path | None) -> None:
        self._templates = MailTemplates(templates_dir)

    def mail(
        self,
        kind: MessageKind,
        to: str,
        values: Mapping[str, object],
        *,
        reference: str,
        created_at: datetime,
        sender: Sender,
    ) -> EmailMessage:
        """Return a mail: text and HTML, in French, the same bytes at every attempt.

        Args:
            kind: Whose templates.
            to: The one address it goes to.
            values: What the templates are filled with.
            reference: What the Message-ID is made of; opaque.
            created_at: The date the mail bears.
            sender: Whom it comes from.

        Raises:
            BadMailTemplate: a template can't be used, or not with these values.
            BadAddress: no mail can go to this address, or come from the sender's.
        """
        subject, text, html = self._parts(kind, values)
        recipient, author = parsed_address(to), parsed_address(sender.address, sender.name)
        message = EmailMessage(policy=SMTP)
        message["From"] = author
        message["To"] = recipient
        if sender.reply_to:
            message["Reply-To"] = parsed_address(sender.reply_to)
        message["Subject"] = subject
        message["Date"] = created_at
        message["Message-ID"] = f"<{reference}@{author.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(text, cte="quoted-printable")
        message.add_alternative(html, subtype="html", cte="quoted-printable")
        for part in message.walk():
            part["Content-Language"] = "fr"
        # A boundary drawn at each attempt would make each attempt another message.
        message.set_boundary(f"=_{reference}")
        return message

    def sms(self, kind: MessageKind, values: Mapping[str, object]) -> str:
        """Return the text of an SMS: one message, of signs that every telephone has.

        Lines stay lines, without the empty ones: a telephone looks for the address of the page
        that awaits the code in the last of them.

        Raises:
            BadMailTemplate: it can't be used, has other signs (`gsm`) or is `too_long`.
        """
        name = f"{kind}/text.j2"
        rendered = self._templates.render(name, self._readable(name, values))
        lines = (" ".join(line.split()) for line in rendered.splitlines())
        text = "\n".join(line for line in lines if line)
        length = septets(text)
        if length is None:
            raise BadMailTemplate(name, GSM)
        if length > LONGEST:
            raise BadMailTemplate(name, TOO_LONG)
        return text

    def check(self, kind: MessageKind, values: Mapping[str, object]) -> None:
        """Refuse templates that could not make this message.

        Raises:
            BadMailTemplate: one of them can't be used, or not with these values.
        """
        if kind in SMS_KINDS:
            self.sms(kind, values)
        else:
            self._parts(kind, values)

    def _parts(self, kind: MessageKind, values: Mapping[str, object]) -> tuple[str, str, str]:
        ready = self._readable(f"{kind}/text.j2", values)
        subject, text, html = (
            self._templates.render(f"{kind}/{part}.j2", ready)
            for part in ("subject", "text", "html")
        )
        return " ".join(subject.split()), text.strip() + "\n", html.strip() + "\n"

    @staticmethod
    def _readable(name: str, values: Mapping[str, object]) -> dict[str, object]:
        try:
            return readable(values)
        except (TypeError, ValueError):
            raise BadMailTemplate(name, "values") from None


def parsed_address(address: str, name: str = "") -> Address:
    """Return an address as headers bear it; its domain as the mail system writes it.

    Raises:
        BadAddress: it is none: no `@`, spaces, line breaks, a domain that can't be.
    """
    local, at, domain = address.rpartition("@")
    unreadable = any(sign.isspace() or not sign.isprintable() for sign in address)
    if not (local and at and domain) or unreadable or set(address) & set('<>,;:"()[]\\'):
        raise BadAddress
    try:
        return Address(name, username=local, domain=domain.encode("idna").decode("ascii"))
    except (UnicodeError, HeaderParseError, ValueError):
        raise BadAddress from None
