"""One class file: drawn, hashed and rendered outside any transaction, then made to work."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from educonnect_admin.domain.errors import AlreadyRunning, FileExists, MissingGlyph, TextOverflow
from educonnect_admin.domain.letters import FileState
from educonnect_admin.gateways.hashing import owner_of_letter
from educonnect_admin.letters.content import BatchHeading
from educonnect_admin.office.printing.class_files import ClassToPrint
from educonnect_admin.office.printing.letter_contents import SchoolFacts, content_of
from educonnect_admin.office.printing.letter_folder import part_of, write_part
from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.office.printing.replace_letters import Document, Sealed, SubjectsChanged
from educonnect_admin.office.printing.settle_file import (
    FileInHand,
    Settled,
    discard_planned,
    settle_committed,
)
from educonnect_admin.office.printing.store_letters import FileToStore, store_letters
from educonnect_admin.queries.batches import FileLeft, is_running, plan_file
from educonnect_admin.queries.subjects import Round, Subject


@dataclass(frozen=True, slots=True)
class Run:
    """One run of printing for one school; `reason` is what the desk gave for it."""

    order: Round
    school: SchoolFacts
    batch_id: int
    folder: Path
    heading: BatchHeading
    reason: str | None = field(default=None, repr=False)


class NumberedSubject(NamedTuple):
    """A letter to make, and the opaque number it will bear."""

    subject: Subject
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLetter:
    """A letter whose password is drawn and being hashed; in clear only until it is printed."""

    subject: Subject
    number: str
    password: str = field(repr=False)
    sealed: Future[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnClass:
    """A class file on its way."""

    school_class: ClassToPrint
    file: FileLeft
    path: Path
    heading: BatchHeading
    letters: Sequence[DrawnLetter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unprintable:
    """An account whose letter can't be printed: the error says where and why."""

    identifier: str = field(repr=False)
    error: TextOverflow | MissingGlyph


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedClass:
    """How a class file ended."""

    school_class: ClassToPrint
    path: Path
    letters: int
    sha256: str
    settled: Settled


def printable(
    room: PrintRoom,
    heading: BatchHeading,
    subjects: Sequence[Subject],
    number: Callable[[], str],
) -> tuple[list[NumberedSubject], list[Unprintable]]:
    """Part the letters that fit their page from those that don't, before any password.

    Nothing is ever cut: who can't be printed is named, and the others go out.

    Args:
        room: The means.
        heading: What the letters of the class share.
        subjects: The letters to make.
        number: Draws the number of a letter; a dry run gives a sample instead.
    """
    fit, unfit = [], []
    for subject in subjects:
        numbered = NumberedSubject(subject, number())
        try:
            room.press.check(heading, content_of(subject, numbered.number))
            fit.append(numbered)
        except (TextOverflow, MissingGlyph) as error:
            unfit.append(Unprintable(identifier=subject.identifier, error=error))
    return fit, unfit


def draw_class(
    room: PrintRoom,
    run: Run,
    school_class: ClassToPrint,
    heading: BatchHeading,
    subjects: Sequence[NumberedSubject],
    *,
    executor: Executor,
) -> DrawnClass:
    """Plan a class file, draw its passwords and set the hashing going.

    Raises:
        FileExists: a file of this name is there already.
        AlreadyRunning: the lock was lost, and another run has closed this batch.
    """
    path = run.folder / school_class.file_name(run.batch_id, "courriers")
    for taken in (path, part_of(path)):
        if taken.exists():
            raise FileExists(taken)
    with room.transaction() as session:
        if not is_running(session, run.batch_id):
            raise AlreadyRunning(run.school.uai)  # somebody recovered this batch meanwhile
        file = plan_file(session, run.batch_id, school_class.id, path.name)
    return DrawnClass(
        school_class=school_class,
        file=file,
        path=path,
        heading=heading,
        letters=[_draw(room, one, executor) for one in subjects],
    )


def _draw(room: PrintRoom, one: NumberedSubject, executor: Executor) -> DrawnLetter:
    password = room.chance.temporary_password()
    return DrawnLetter(
        subject=one.subject,
        number=one.number,
        password=password,
        sealed=executor.submit(room.vault.seal, password, owner_of_letter(one.number)),
    )


def print_class(room: PrintRoom, run: Run, drawn: DrawnClass) -> PrintedClass | None:
    """Render, write, store and publish a class file; nothing if every account has changed.

    Rules: R-14; house rule 7.
    """
    letters: Sequence[DrawnLetter] = drawn.letters
    in_hand = FileInHand(run.school.id, run.batch_id, drawn.path, drawn.file)
    while letters:
        sha256 = write_part(drawn.path, _render(room, drawn, letters))
        gone = _store(room, run, drawn, letters, sha256)
        if not gone:
            stored = drawn.file._replace(state=FileState.COMMITTED, sha256=sha256)
            settled = settle_committed(room, replace(in_hand, row=stored))
            return PrintedClass(
                school_class=drawn.school_class,
                path=drawn.path,
                letters=len(letters),
                sha256=sha256,
                settled=settled,
            )
        letters = [letter for letter in letters if letter.subject.account_id not in gone]
    discard_planned(room, in_hand)
    return None


def _render(room: PrintRoom, drawn: DrawnClass, letters: Sequence[DrawnLetter]) -> bytes:
    """Render while the hashes are being computed on the other cores."""
    return room.press.letters(
        drawn.heading,
        [(content_of(letter.subject, letter.number), letter.password) for letter in letters],
    )


def _store(
    room: PrintRoom, run: Run, drawn: DrawnClass, letters: Sequence[DrawnLetter], sha256: str
) -> frozenset[int]:
    """Make the passwords work; return the accounts that changed, if any: then none does."""
    sealed = [
        Sealed(subject=letter.subject, number=letter.number, password_hash=letter.sealed.result())
        for letter in letters
    ]
    document = Document(
        created_on=run.heading.created_on,
        file_id=drawn.file.id,
        batch_id=run.batch_id,
        reason=run.reason,
    )
    file = FileToStore(file_id=drawn.file.id, uai=run.school.uai, sha256=sha256, document=document)
    try:
        with room.transaction() as session:
            store_letters(session, run.order, file, sealed, room.author)
    except SubjectsChanged as changed:
        return changed.account_ids
    return frozenset()
