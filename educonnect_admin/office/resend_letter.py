"""A new letter on paper for one person: the former password ends as the new one begins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from educonnect_admin.domain.desk_errors import AccountChanged, AlreadyActive
from educonnect_admin.domain.errors import AlreadyRunning, EduConnectError
from educonnect_admin.letters.content import BatchHeading
from educonnect_admin.office.plan_letters import SAMPLE_NUMBER
from educonnect_admin.office.printing.begin_batch import open_batch
from educonnect_admin.office.printing.finish_batch import finish_batch
from educonnect_admin.office.printing.letter_folder import prepare_folder
from educonnect_admin.office.printing.print_class import (
    NumberedSubject,
    PrintedClass,
    Run,
    draw_class,
    print_class,
    printable,
)
from educonnect_admin.office.printing.print_room import PrintRoom, letters_lock
from educonnect_admin.office.printing.recipient import Recipient, find_recipient
from educonnect_admin.office.recover_letters import Recovered, recover_school


@dataclass(frozen=True, slots=True, kw_only=True)
class Resent:
    """The letter that was made, and the batch it stands in."""

    recipient: Recipient
    batch_id: int
    last_day: date
    file: PrintedClass
    recovered: Recovered = field(default_factory=Recovered)


def foresee_paper(room: PrintRoom, identifier: str, uai: str | None) -> Recipient:
    """Return who would get a letter on paper, refusing what `resend_on_paper` refuses.

    Raises:
        AlreadyActive: the account needs no letter; a reminder can be sent instead (R-13).
        TextOverflow, MissingGlyph: the letter can't be printed.
        EduConnectError: see `find_recipient`.
    """
    with room.reading() as session:
        recipient = find_recipient(session, room, identifier, uai)
    if not recipient.gets_letter:
        raise AlreadyActive(recipient.subject.identifier)
    _printable(room, recipient.heading(room), recipient, lambda: SAMPLE_NUMBER)
    return recipient


def _printable(
    room: PrintRoom, heading: BatchHeading, recipient: Recipient, number: Callable[[], str]
) -> list[NumberedSubject]:
    fit, unfit = printable(room, heading, [recipient.subject], number)
    if unfit:
        raise unfit[0].error
    return fit


def resend_on_paper(
    room: PrintRoom,
    agreed: Recipient,
    output: Path,
    *,
    reason: str | None,
    recovered: Recovered | None = None,
) -> Resent:
    """Void the letter of one account and print a new one, as `issue_letters` does a class.

    The same machinery, so that a kill leaves exactly one password that works (R-14): the
    former one until the commit, from then on that of the page, which a recovery publishes.

    Args:
        room: The means.
        agreed: What the desk was shown (`foresee_paper`).
        output: The folder for the file.
        reason: Why, for the trail.
        recovered: What was recovered first is noted there, whatever comes after.

    Raises:
        AlreadyRunning: letters of this school are being printed.
        AccountChanged: the account is no longer what the desk was shown.
        UnwritableFolder, FileExists: the folder refuses, or a name is taken.
        EduConnectError: see `foresee_paper`.

    Rules: R-12 to R-14.
    """
    school = agreed.school
    with room.lock(letters_lock(school.id)) as held:
        if not held:
            raise AlreadyRunning(school.uai)
        recovered = Recovered() if recovered is None else recovered
        recover_school(room, school.id, recovered)
        # Looked at again: the recovery may have taken this very letter back.
        if foresee_paper(room, agreed.subject.identifier, school.uai) != agreed:
            raise AccountChanged(agreed.subject.identifier)
        run = _begin(room, agreed, prepare_folder(output), reason)
        try:
            return _print(room, run, agreed, recovered)
        except BaseException:
            # Leave nothing half-done behind; if that fails too, `letters recover` will.
            with suppress(EduConnectError):
                recover_school(room, school.id, Recovered())
            raise


def _begin(room: PrintRoom, recipient: Recipient, folder: Path, reason: str | None) -> Run:
    with room.transaction() as session:
        batch_id = open_batch(session, room, recipient.order, folder, reason)
    heading = recipient.heading(room, batch_id)
    return Run(recipient.order, recipient.school, batch_id, folder, heading, reason)


def _print(room: PrintRoom, run: Run, recipient: Recipient, recovered: Recovered) -> Resent:
    fit = _printable(room, run.heading, recipient, room.chance.letter_number)
    with ThreadPoolExecutor(1, thread_name_prefix="hash") as executor:
        drawn = draw_class(room, run, recipient.school_class, run.heading, fit, executor=executor)
        printed = print_class(room, run, drawn)
    finish_batch(room, run)
    if printed is None:
        raise AccountChanged(recipient.subject.identifier)
    return Resent(
        recipient=recipient,
        batch_id=run.batch_id,
        last_day=run.heading.last_day,
        file=printed,
        recovered=recovered,
    )
