"""Messages for tests: their values, and an outbox filled with them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import last_day_of_letter
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.messages import Channel, Message, MessageKind
from educonnect_admin.domain.people import Guardian, Guardianship
from educonnect_admin.edge import Services
from educonnect_admin.messages.sender import Sender
from educonnect_admin.office.mailing.mail_room import MailRoom
from educonnect_admin.queries.outbox import Outgoing, put_in_outbox
from tests.conftest import NOW

SENDER = Sender("ne-pas-repondre@exemple.fr")
SCHOOL = {
    "name": "École Jules-Ferry",
    "city": "Alençon",
    "phone": "02 99 00 12 34",
    "email": "ecole@exemple.fr",
}
LEO = {"name": "Léo DURAND", "school": "École Jules-Ferry", "class": "CP A"}
ZOE = {"name": "Zoé DURAND", "school": "Collège Marie Curie", "class": None}
PASSWORD = "BUNZ57DM"
LETTER: dict[str, Any] = {
    "holder": "Mme Zoé DURAND",
    "children": [LEO, ZOE],
    "school": SCHOOL,
    "identifier": "zoe.durand",
    "password": PASSWORD,
    "number": "BCDFGHJKMNPQ",
    "portal_url": "https://educonnect.exemple.fr",
    "created_on": "2026-11-23",
    "last_day": "2027-02-23",
}
_HOLDER: dict[str, Any] = {name: LETTER[name] for name in ("holder", "portal_url")}


def _link(path: str, hours: int) -> dict[str, Any]:
    """Return what every mail with a link is filled with."""
    return {
        **_HOLDER,
        "link": f"https://educonnect.exemple.fr/{path}/{'Xy7-' * 10}abc",
        "hours": hours,
        "request_number": "BCDF2345",
        "new_email": "zoe@exemple.org",
    }


VALUES: dict[MessageKind, dict[str, Any]] = {
    MessageKind.LETTER: LETTER,
    MessageKind.REMINDER: {
        name: LETTER[name] for name in ("holder", "children", "school", "portal_url", "identifier")
    },
    MessageKind.CHILD_ADDED: {
        **{name: LETTER[name] for name in ("holder", "school", "portal_url")},
        "child": LEO,
    },
    MessageKind.EMAIL_TO_CONFIRM: _link("confirmation", 72),
    MessageKind.EMAIL_CHANGE: _link("confirmation", 72),
    MessageKind.EMAIL_CHANGE_TOLD: {**_HOLDER, "new_email": "zoe@exemple.org"},
    MessageKind.IDENTIFIERS: {**_HOLDER, "identifiers": ["jean.durand", "zoe.durand"]},
    MessageKind.PASSWORD_RESET: _link("mot-de-passe", 1),
    MessageKind.PASSWORD_CHANGED: _HOLDER,
    MessageKind.FRANCECONNECT_LINKED: _HOLDER,
    MessageKind.ACTIVATION_CODE: {"code": "482915", "minutes": 30, "host": "educonnect.exemple.fr"},
}


def smtp_room(
    services: Services, port: int, now: datetime | Callable[[], datetime] = NOW
) -> MailRoom:
    """Return the means of sending to a server on loopback, at a moment."""
    changed = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": SENDER.address,
    }
    office = replace(services, settings=services.settings.model_copy(update=changed))
    return office.mail_room(now if callable(now) else lambda: now)


def queue(
    services: Services,
    to: str,
    kind: MessageKind = MessageKind.REMINDER,
    *,
    now: datetime = NOW,
    **facts: Any,
) -> int:
    """Put one message in the outbox and return its id."""
    channel = Channel.SMS if kind is MessageKind.ACTIVATION_CODE else Channel.MAIL
    if channel is Channel.SMS:
        facts.setdefault("not_after", now + timedelta(hours=1))
    outgoing = Outgoing(
        kind=kind, to=to, values=VALUES[kind] | facts.pop("values", {}), channel=channel, **facts
    )
    with services.transaction() as session:
        message = put_in_outbox(session, services.postbox, outgoing, now)
        session.flush()  # the id is what the test asks for
        return message.id


def queue_letter(services: Services, guardian_id: int, to: str, *, now: datetime = NOW) -> int:
    """Make a letter for a guardian's account and put it in the outbox; return the message's id."""
    with services.transaction() as session:
        guardian = session.get_one(Guardian, guardian_id)
        account = session.get_one(Account, guardian.account_id)
        carrier = session.scalars(
            select(Guardianship.pupil_id).where(Guardianship.guardian_id == guardian_id)
        ).first()
        assert carrier is not None
        number = services.chance.letter_number()
        letter = Letter(
            number=number,
            account_id=account.id,
            school_id=guardian.school_id,
            guardian_id=guardian_id,
            carrier_id=carrier,
            former_state=account.state,
            created_at=now,
            created_on=now.date(),
            password_hash=b"sealed hash",
        )
        session.add(letter)
        account.state = AccountState.NOTIFIED
        session.flush()  # the message points at the letter
        message = put_in_outbox(
            session,
            services.postbox,
            Outgoing(
                kind=MessageKind.LETTER,
                to=to,
                values={**LETTER, "identifier": account.identifier, "number": number},
                account_id=account.id,
                guardian_id=guardian_id,
                school_id=guardian.school_id,
                letter_id=letter.id,
            ),
            now,
        )
        session.flush()  # the id is what the test asks for
        assert letter.last_day == last_day_of_letter(now.date())
        return message.id


def message_of(services: Services, message_id: int) -> Message:
    """Return a message as it stands."""
    with services.reading() as session:
        message = session.get_one(Message, message_id, options=[undefer("*")])
        session.expunge(message)
    return message


def all_messages(services: Services) -> list[Message]:
    """Return every message as it stands."""
    with services.reading() as session:
        messages = list(session.scalars(select(Message).order_by(Message.id).options(undefer("*"))))
        session.expunge_all()
    return messages


def later(**time: float) -> datetime:
    """Return a moment after `NOW`."""
    return NOW + timedelta(**time)
