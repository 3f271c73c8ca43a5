"""Reminders without a password to those who are in already, by e-mail (R-13)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.letters import Who
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.office.mail_letter import MailRoom
from educonnect_admin.office.printing.letter_contents import SchoolFacts, facts_of
from educonnect_admin.office.printing.message_values import reminder_values
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.live_letters import schools_of_accounts
from educonnect_admin.queries.outbox import Outgoing, put_in_outbox
from educonnect_admin.queries.reminders import active_without_address, reminded_since
from educonnect_admin.queries.schools import class_by_label, school_by_uai
from educonnect_admin.queries.subjects import (
    Round,
    Subject,
    classes_and_levels,
    subjects_of_accounts,
    subjects_of_class,
)
from educonnect_admin.queries.trail import append_to_trail

BETWEEN_REMINDERS = timedelta(days=30)
"""Nobody is reminded more often than that."""

_PAGE = 200


@dataclass(frozen=True, slots=True)
class _Reminding:
    """One run: by whose means, for which school, whom."""

    mail: MailRoom
    school: SchoolFacts
    order: Round

    def values(self, subject: Subject) -> Mapping[str, object]:
        """Return what a reminder says."""
        return reminder_values(subject, self.school.heading, self.mail.room.portal_url)


Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(slots=True)
class Reminded:
    """How many accounts were written to, and why the others were not.

    Attributes:
        without_address: active, but with no confirmed address.
        bouncing: the mail server of their address refuses our messages.
    """

    reminded: int = 0
    without_address: int = 0
    recently_reminded: int = 0
    bouncing: int = 0


def remind_active(
    mail: MailRoom, transaction: Transaction, *, uai: str, class_label: str | None
) -> Reminded:
    """Put a reminder in the outbox for every active account with a confirmed address.

    By pages, each a transaction that holds its accounts: two runs at once, or one that is
    begun again, remind nobody twice.

    Args:
        mail: The means; the template is tried before anything is written.
        transaction: Opens a transaction; one that rolls back makes a dry run.
        uai: The school that writes.
        class_label: Only accounts with a child in this class.

    Raises:
        InvalidUAI, UnknownSchool, UnknownClass: there is nothing of this name.
        BadMailTemplate: the message can't be set for one of them; nobody was written to.

    Rule: R-13.
    """
    with mail.room.reading() as session:
        found = school_by_uai(session, uai)
        only = class_by_label(session, found, class_label).id if class_label else None
        school = facts_of(found)
        order = Round(school.id, Who.REMIND, only, mail.room.author.now)
        subjects = _subjects(session, order)
        done = Reminded(without_address=active_without_address(session, school.id, only))
    run = _Reminding(mail, school, order)
    for subject in subjects:
        mail.templates.check(MessageKind.REMINDER, run.values(subject))
    for start in range(0, len(subjects), _PAGE):
        with transaction() as session:
            _remind_page(session, run, subjects[start : start + _PAGE], done)
    return done


def _subjects(session: Session, order: Round) -> list[Subject]:
    classes = [class_id for class_id, _, _ in classes_and_levels(session, order.school_id)]
    asked = classes if order.only_class_id is None else [order.only_class_id]
    return [
        subject for class_id in asked for subject in subjects_of_class(session, order, class_id)
    ]


def _remind_page(
    session: Session, run: _Reminding, page: Sequence[Subject], done: Reminded
) -> None:
    ids = [subject.account_id for subject in page]
    held = {account.id: account for account in locked_accounts(session, ids)}
    now_true = subjects_of_accounts(session, run.order, ids)
    recently = reminded_since(session, ids, run.order.now - BETWEEN_REMINDERS)
    # Who has changed since the look at the templates waits for another run.
    same = [subject for subject in page if now_true.get(subject.account_id) == subject]
    to_write = []
    for subject in same:
        if subject.account_id in recently:
            done.recently_reminded += 1
        elif held[subject.account_id].email_bounced_at is not None:
            done.bouncing += 1
        else:
            to_write.append(subject)
    if to_write:
        _write(session, run, [(one, held[one.account_id]) for one in to_write])
    done.reminded += len(to_write)


def _write(session: Session, run: _Reminding, to_write: Sequence[tuple[Subject, Account]]) -> None:
    author = run.mail.room.author
    messages = {}
    for subject, account in to_write:
        outgoing = Outgoing(
            kind=MessageKind.REMINDER,
            to=account.confirmed_email or "",
            values=run.values(subject),
            account_id=account.id,
            school_id=run.school.id,
        )
        messages[account.id] = put_in_outbox(session, run.mail.postbox, outgoing, author.now)
    session.flush()  # the trail names the messages by their numbers
    append_to_trail(
        session,
        author,
        [
            Happening(
                TrailKind.MESSAGE_QUEUED,
                school_id=school_id,
                account_id=account_id,
                details={"kind": MessageKind.REMINDER, "message": messages[account_id].id},
            )
            for account_id, school_id in schools_of_accounts(session, sorted(messages))
        ],
    )
