"""A new letter by e-mail for one person, or a reminder where no password is due (R-13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.calendar import end_of_day
from educonnect_admin.domain.desk_errors import AccountChanged, NoAddress
from educonnect_admin.domain.errors import AlreadyRunning
from educonnect_admin.domain.messages import Message, MessageKind, Postbox
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.gateways.hashing import owner_of_letter
from educonnect_admin.office.plan_letters import SAMPLE_NUMBER
from educonnect_admin.office.printing.message_values import (
    Values,
    letter_values,
    reminder_values,
)
from educonnect_admin.office.printing.print_room import PrintRoom, letters_lock
from educonnect_admin.office.printing.recipient import Recipient, find_recipient
from educonnect_admin.office.printing.replace_letters import (
    Document,
    Sealed,
    SubjectsChanged,
    hold_subjects,
    replace_letters,
)
from educonnect_admin.office.recover_letters import Recovered, recover_school
from educonnect_admin.queries.live_letters import schools_of_accounts
from educonnect_admin.queries.outbox import Outgoing, put_in_outbox
from educonnect_admin.queries.recipients import (
    KnownAddress,
    addresses_in_records,
    others_with_address,
)
from educonnect_admin.queries.trail import append_to_trail

SAMPLE_PASSWORD = "W" * 8
"""What stands for a password where none is drawn."""


class Templates(Protocol):
    """What makes sure that a message can be set, before anything is drawn."""

    def check(self, kind: MessageKind, values: Mapping[str, object]) -> None:
        """Refuse what could not be set."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRoom:
    """The means of writing to one person: those of printing, the outbox, the templates."""

    room: PrintRoom
    postbox: Postbox = field(repr=False)
    templates: Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """Who would be written to, and where; `shared_with` counts other accounts that have it.

    The address is shown to the desk, which checks it with the parent, and to nobody else.
    """

    recipient: Recipient
    address: KnownAddress = field(repr=False)
    shared_with: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """What was put in the outbox; `last_day` is the letter's, none for a reminder."""

    addressed: Addressed
    message_id: int
    last_day: date | None
    recovered: Recovered = field(default_factory=Recovered)


def foresee_mail(mail: MailRoom, identifier: str, uai: str | None) -> Addressed:
    """Return who would be written to, refusing what `resend_by_mail` refuses.

    A confirmed address comes first, then what the issuing school knows, then what other
    schools know; never one that somebody typed and did not confirm.

    Raises:
        NoAddress: nobody knows one.
        BadMailTemplate: the message can't be set.
        EduConnectError: see `find_recipient`.
    """
    room = mail.room
    with room.reading() as session:
        recipient = find_recipient(session, room, identifier, uai)
        address = _address(session, recipient)
        if address is None:
            raise NoAddress(recipient.subject.identifier)
        account_id = recipient.subject.account_id
        shared = others_with_address(session, account_id, address.email)
    kind, values = _message(room, recipient, SAMPLE_NUMBER, SAMPLE_PASSWORD)
    mail.templates.check(kind, values)
    return Addressed(recipient=recipient, address=address, shared_with=shared)


def _address(session: Session, recipient: Recipient) -> KnownAddress | None:
    subject = recipient.subject
    own = session.get_one(Account, subject.account_id)
    if own.confirmed_email and own.email_bounced_at is None:
        return KnownAddress(own.confirmed_email, None)
    if not recipient.gets_letter:
        return None  # a reminder says that links go to this address: only a confirmed one is true
    known = addresses_in_records(session, subject.account_id, subject.guardian_id)
    bounced = (own.email or "").lower() if own.email_bounced_at else None
    return next((one for one in known if one.email.lower() != bounced), None)


def _message(
    room: PrintRoom, recipient: Recipient, number: str, password: str
) -> tuple[MessageKind, Values]:
    heading, subject = recipient.heading(room), recipient.subject
    if recipient.gets_letter:
        return MessageKind.LETTER, letter_values(subject, heading, number, password)
    return MessageKind.REMINDER, reminder_values(subject, heading.school, room.portal_url)


def resend_by_mail(
    mail: MailRoom, agreed: Addressed, *, reason: str | None, recovered: Recovered | None = None
) -> Mailed:
    """Void the letter of one account and put a new one in the outbox; or a reminder (R-13).

    One transaction: the former password works until its commit, the new one from then on,
    and the message that carries it is there for `mail deliver`. Nothing in between.

    Args:
        mail: The means.
        agreed: What the desk was shown (`foresee_mail`).
        reason: Why, for the trail.
        recovered: What was recovered first is noted there, whatever comes after.

    Raises:
        AlreadyRunning: letters of this school are being printed.
        AccountChanged: the account is no longer what the desk was shown.
        EduConnectError: see `foresee_mail`.

    Rules: R-5, R-12, R-13.
    """
    room, school = mail.room, agreed.recipient.school
    if not agreed.recipient.gets_letter:
        return _remind(mail, agreed, reason)
    with room.lock(letters_lock(school.id)) as held:
        if not held:
            raise AlreadyRunning(school.uai)
        # A class file that a killed run left without its name would be void with all its
        # letters, were one of them replaced first: it gets its name now.
        recovered = Recovered() if recovered is None else recovered
        recover_school(room, school.id, recovered)
        if foresee_mail(mail, agreed.recipient.subject.identifier, school.uai) != agreed:
            raise AccountChanged(agreed.recipient.subject.identifier)
        return _send_letter(mail, agreed, reason, recovered)


def _send_letter(
    mail: MailRoom, agreed: Addressed, reason: str | None, recovered: Recovered
) -> Mailed:
    room, recipient = mail.room, agreed.recipient
    number, password = room.chance.letter_number(), room.chance.temporary_password()
    sealed = Sealed(
        subject=recipient.subject,
        number=number,
        password_hash=room.vault.seal(password, owner_of_letter(number)),
    )
    heading = recipient.heading(room)
    document = Document(created_on=heading.created_on, reason=reason)
    _, values = _message(room, recipient, number, password)
    with room.transaction() as session:
        _hold(session, agreed)
        ids, happened = replace_letters(session, recipient.order, document, [sealed], room.author)
        outgoing = Outgoing(
            kind=MessageKind.LETTER,
            to=agreed.address.email,
            values=values,
            account_id=recipient.subject.account_id,
            guardian_id=agreed.address.guardian_id,
            school_id=recipient.school.id,
            letter_id=ids[number],
            not_after=end_of_day(recipient.school.time_zone, heading.last_day),
        )
        message = _queue(session, mail, outgoing)
        queued = _queued(recipient.school.id, message, ids[number], reason)
        append_to_trail(session, room.author, [*happened, queued])
    return Mailed(
        addressed=agreed,
        message_id=message.id,
        last_day=heading.last_day,
        recovered=recovered,
    )


def _remind(mail: MailRoom, agreed: Addressed, reason: str | None) -> Mailed:
    room, recipient = mail.room, agreed.recipient
    account_id = recipient.subject.account_id
    kind, values = _message(room, recipient, "", "")
    with room.transaction() as session:
        _hold(session, agreed)
        outgoing = Outgoing(
            kind=kind,
            to=agreed.address.email,
            values=values,
            account_id=account_id,
            guardian_id=agreed.address.guardian_id,
            school_id=recipient.school.id,
        )
        message = _queue(session, mail, outgoing)
        schools = schools_of_accounts(session, [account_id])
        told = [_queued(school_id, message, None, reason) for _, school_id in schools]
        append_to_trail(session, room.author, told)
    return Mailed(addressed=agreed, message_id=message.id, last_day=None)


def _hold(session: Session, agreed: Addressed) -> None:
    """Hold the account, and make sure that it and its address are what the desk was shown."""
    recipient = agreed.recipient
    try:
        hold_subjects(session, recipient.order, [recipient.subject])
    except SubjectsChanged as changed:
        raise AccountChanged(recipient.subject.identifier) from changed
    if _address(session, recipient) != agreed.address:
        raise AccountChanged(recipient.subject.identifier)


def _queue(session: Session, mail: MailRoom, outgoing: Outgoing) -> Message:
    message = put_in_outbox(session, mail.postbox, outgoing, mail.room.author.now)
    session.flush()  # the trail names the message by its number
    return message


def _queued(
    school_id: int, message: Message, letter_id: int | None, reason: str | None
) -> Happening:
    return Happening(
        TrailKind.MESSAGE_QUEUED,
        school_id=school_id,
        account_id=message.account_id,
        guardian_id=message.guardian_id,
        letter_id=letter_id,
        details={"kind": message.kind, "message": message.id},
        reason=reason,
    )
