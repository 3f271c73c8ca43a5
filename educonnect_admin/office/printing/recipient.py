"""One account that is to get a letter or a reminder, looked at before anything is drawn."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.desk_errors import NoEnrolledChild
from educonnect_admin.domain.letters import Who
from educonnect_admin.letters.content import BatchHeading
from educonnect_admin.office.printing.class_files import ClassToPrint, classes_to_print
from educonnect_admin.office.printing.letter_contents import SchoolFacts, facts_of
from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.office.printing.target import heading_today
from educonnect_admin.queries.accounts import account_by_identifier
from educonnect_admin.queries.recipients import letter_in_hand, schools_of_children
from educonnect_admin.queries.regroupings import refuse_ended
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.subjects import Round, Subject, subjects_of_accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """The letter that the account still holds, as its own school counts days."""

    number: str
    created_on: date
    last_day: date
    is_live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """An account, what its letter will show, and what it holds now."""

    school: SchoolFacts
    order: Round
    subject: Subject
    school_class: ClassToPrint
    in_hand: InHand | None

    @property
    def gets_letter(self) -> bool:
        """False for an active account with a confirmed e-mail that works: a reminder (R-13)."""
        return self.order.who is Who.RESEND

    @property
    def loses_own_password(self) -> bool:
        """Whether the holder has begun to use it, and will have to begin again (R-13)."""
        return self.subject.state in {AccountState.EMAIL_PENDING, AccountState.ACTIVE}

    def at(self, now: datetime) -> "Recipient":
        """Return the same, asked for at another moment."""
        return replace(self, order=self.order._replace(now=now))

    def heading(self, room: PrintRoom, batch_id: int = 0) -> BatchHeading:
        """Return what the letter bears besides its own; 0 for a batch without a number yet."""
        heading = heading_today(room, self.school, batch_id)
        return replace(heading, class_label=self.school_class.label)


def find_recipient(
    session: Session, room: PrintRoom, identifier: str, uai: str | None
) -> Recipient:
    """Return the account that the desk means, and the school that will write to it.

    That is the school asked for, else the one of its last letter if a child still is there,
    else the first with a child of it.

    Args:
        session: An open session.
        room: The means of printing; they know what day it is.
        identifier: The account's, however it was typed.
        uai: The school that is to write, if it matters.

    Raises:
        UnknownAccount: no account bears this identifier.
        AccountEnded: it is closed or regrouped.
        NoEnrolledChild: no child could bring the letter home.
        InvalidUAI, UnknownSchool: there is no such school.

    Rule: R-13.
    """
    account = account_by_identifier(session, identifier)
    refuse_ended(session, account)
    only = school_by_uai(session, uai).id if uai else None
    schools = schools_of_children(session, account.id)
    school = next((one for one in schools if only in (None, one.id)), None)
    if school is None:
        raise NoEnrolledChild(account.identifier)
    order = Round(school.id, _who(account), None, room.author.now)
    subject = subjects_of_accounts(session, order, [account.id]).get(account.id)
    if subject is None:
        raise NoEnrolledChild(account.identifier)
    classes = classes_to_print(session, school.id)
    return Recipient(
        school=facts_of(school),
        order=order,
        subject=subject,
        school_class=next(one for one in classes if one.id == subject.carrier.class_id),
        in_hand=_in_hand(session, room, account.id),
    )


def _who(account: Account) -> Who:
    """A reminder to who can help themselves by mail; a bouncing address is no help (R-13)."""
    reached = account.confirmed_email is not None and account.email_bounced_at is None
    return Who.REMIND if account.state is AccountState.ACTIVE and reached else Who.RESEND


def _in_hand(session: Session, room: PrintRoom, account_id: int) -> InHand | None:
    letter = letter_in_hand(session, account_id)
    if letter is None:
        return None
    return InHand(
        number=letter.number,
        created_on=day_in(letter.time_zone, letter.created_at),
        last_day=letter.last_day,
        is_live=day_in(letter.time_zone, room.author.now) <= letter.last_day,
    )
