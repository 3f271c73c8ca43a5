"""The last step of a class file: it gets its name, or its passwords are taken back (R-14).

Used by the run that made the file and by whoever recovers after a kill, so that both end
the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.errors import FileExists, UnwritableFolder
from educonnect_admin.domain.letters import FileState, Letter, LetterEnd
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.office.printing.letter_folder import (
    holds,
    part_of,
    publish_part,
    remove_part,
    sync_folder,
)
from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.batches import (
    FileLeft,
    have_letters_ended,
    hold_accounts_of_file,
    letters_of_file,
    move_file,
    state_of_file,
)
from educonnect_admin.queries.schools import time_zone_of
from educonnect_admin.queries.trail import append_to_trail


@dataclass(frozen=True, slots=True)
class Settled:
    """How a file ended; `to_reissue` names the accounts whose letters were taken back."""

    state: FileState
    to_reissue: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class FileInHand:
    """A class file about to end: whose it is, where it lies, what the database says of it."""

    school_id: int
    batch_id: int
    path: Path
    row: FileLeft


def settle_committed(room: PrintRoom, file: FileInHand) -> Settled:
    """Publish a file whose passwords are accepted, or take them back.

    The name is given inside the transaction that has looked at every letter: at that
    instant the page and the database say the same, whatever happened since the passwords
    were stored. A file that is gone, altered, or holds a letter that has ended meanwhile is
    not published: its letters are void and the accounts as they were.

    Returns:
        The state the file ended in. It is still COMMITTED when another file bears its name
        or the disk does not answer: nothing is lost, the `.part` waits for a recovery.
    """
    try:
        with room.transaction() as session:
            if move_file(session, file.row.id, FileState.COMMITTED, FileState.PUBLISHED):
                return _settle(session, room, file)
            return Settled(state_of_file(session, file.row.id))
    except (FileExists, UnwritableFolder):
        return Settled(FileState.COMMITTED)


def _settle(session: Session, room: PrintRoom, file: FileInHand) -> Settled:
    account_ids = hold_accounts_of_file(session, file.row.id)
    path, digest = file.path, file.row.sha256 or ""
    if holds(path, digest):
        # Killed between the name and the commit: it was published, in good order.
        sync_folder(path.parent)
        remove_part(path)
        return Settled(FileState.PUBLISHED)
    today = day_in(time_zone_of(session, file.school_id), room.author.now)
    live = not have_letters_ended(session, file.row.id, today)
    if live and holds(part_of(path), digest):
        publish_part(path)
        return Settled(FileState.PUBLISHED)
    accounts = locked_accounts(session, account_ids)
    letters = letters_of_file(session, file.row.id)
    move_file(session, file.row.id, FileState.PUBLISHED, FileState.VOID)
    taken_back = _take_back(session, letters, accounts, room.author.now)
    remove_part(path)
    voided = Happening(
        TrailKind.FILE_VOIDED,
        school_id=file.school_id,
        batch_id=file.batch_id,
        details={"file": file.row.id, "letters": len(letters)},
    )
    append_to_trail(session, room.author, [voided, *_ended(file, taken_back)])
    return Settled(FileState.VOID, _identifiers(session, taken_back))


def _take_back(
    session: Session, letters: Sequence[Letter], accounts: Sequence[Account], now: datetime
) -> list[Letter]:
    """Void the letters that still live, and return their accounts to what they were."""
    live = [letter for letter in letters if letter.ended_at is None]
    by_id = {account.id: account for account in accounts}
    for letter in live:
        letter.ended_at, letter.end, letter.password_hash = now, LetterEnd.VOID, None
        account = by_id[letter.account_id]
        if account.state is AccountState.NOTIFIED:
            account.state = letter.former_state
    session.flush()  # the trail and the identifiers are read back by plain statements
    return live


def _ended(file: FileInHand, letters: Sequence[Letter]) -> list[Happening]:
    return [
        Happening(
            TrailKind.LETTER_ENDED,
            school_id=file.school_id,
            account_id=letter.account_id,
            letter_id=letter.id,
            batch_id=file.batch_id,
            details={"end": LetterEnd.VOID},
        )
        for letter in letters
    ]


def _identifiers(session: Session, letters: Sequence[Letter]) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            select(Account.identifier)
            .where(Account.id.in_([letter.account_id for letter in letters]))
            .order_by(Account.identifier)
        )
    )


def discard_planned(room: PrintRoom, file: FileInHand) -> bool:
    """Give up a file whose passwords were never stored; False if it moved on meanwhile.

    The state goes first: from then on a slow run of the same file can no longer store its
    passwords, and its `.part` can be removed.
    """
    discarded = Happening(
        TrailKind.FILE_DISCARDED,
        school_id=file.school_id,
        batch_id=file.batch_id,
        details={"file": file.row.id},
    )
    with room.transaction() as session:
        if not move_file(session, file.row.id, FileState.PLANNED, FileState.DISCARDED):
            return False
        append_to_trail(session, room.author, [discarded])
    remove_part(file.path)
    return True
