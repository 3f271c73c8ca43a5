"""The slips of a batch: derived from what was really issued, so they can be made again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.errors import MissingGlyph, TextOverflow
from educonnect_admin.domain.file_errors import SlipsLocked
from educonnect_admin.letters.content import BatchHeading, SlipLine
from educonnect_admin.letters.naming import addressed
from educonnect_admin.letters.remarks import already_notified, carried_by, no_letter
from educonnect_admin.office.printing.class_files import (
    ClassToPrint,
    batch_prefix,
    classes_to_print,
)
from educonnect_admin.office.printing.letter_folder import (
    is_locked,
    publish_part,
    remove_part,
    write_part,
)
from educonnect_admin.office.printing.print_class import Run
from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.queries.slips import SlipRow, slip_of_class

_WIDEST = 16
"""Signs of the widest word that every column of a slip can take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """The slip of one class."""

    school_class: ClassToPrint
    path: Path
    sha256: str
    new: bool = True


def write_slips(room: PrintRoom, run: Run) -> list[Slip]:
    """Write a slip for every class that has a child whose letter is in this batch.

    A slip that is there already stays: a recovery writes only what is missing.

    Raises:
        SlipsLocked: the letters are closed with a passphrase that nobody has given.
    """
    with room.reading() as session:
        found = [
            (one, slip_of_class(session, run.school.id, one.id))
            for one in classes_to_print(session, run.school.id)
        ]
    slips = (_write(room, run, school_class, rows) for school_class, rows in found)
    return [slip for slip in slips if slip is not None]


def _write(
    room: PrintRoom, run: Run, school_class: ClassToPrint, rows: Sequence[SlipRow]
) -> Slip | None:
    if not any(row.batch_id == run.batch_id for row in rows):
        return None
    path = run.folder / school_class.file_name(run.batch_id, "bordereau")
    if path.exists():
        remove_part(path)  # a kill may have come between the name and the end of the other one
        digest = sha256(path.read_bytes()).hexdigest()
        return Slip(school_class=school_class, path=path, sha256=digest, new=False)
    if not any(row.batch_id == run.batch_id and row.carrier_id == row.pupil_id for row in rows):
        # No letter travels with this class: only who must look elsewhere is worth a line.
        rows = [row for row in rows if row.batch_id == run.batch_id]
    if not room.press.is_protected and _has_locked_letters(run):
        raise SlipsLocked(run.batch_id, run.folder)
    heading = replace(run.heading, class_label=school_class.label)
    digest = write_part(path, _render(room, heading, [_line(run, row, room) for row in rows]))
    publish_part(path)
    return Slip(school_class=school_class, path=path, sha256=digest)


def _has_locked_letters(run: Run) -> bool:
    """Tell whether the letters beside were closed with a passphrase: names are not told beside."""
    return any(is_locked(path) for path in run.folder.glob(f"{batch_prefix(run.batch_id)}-*.pdf"))


def _line(run: Run, row: SlipRow, room: PrintRoom) -> SlipLine:
    return SlipLine(
        pupil=f"{row.pupil_surname} {row.pupil_given_name}",
        guardian=addressed(row.civility, row.given_name, row.surname),
        remark=_remark(run, row, room),
    )


def _remark(run: Run, row: SlipRow, room: PrintRoom) -> str:
    if row.created_at is None or row.last_day is None or row.time_zone is None:
        return no_letter(row.state)
    if row.batch_id == run.batch_id:
        name = f"{row.carrier_given_name} {row.carrier_surname}"
        return "" if row.carrier_id == row.pupil_id else carried_by(name, row.carrier_class)
    if day_in(row.time_zone, room.author.now) <= row.last_day:
        return already_notified(day_in(row.time_zone, row.created_at))
    return no_letter(row.state)


def _render(room: PrintRoom, heading: BatchHeading, lines: Sequence[SlipLine]) -> bytes:
    """Render a slip, whatever the names: it only helps to hand out, and must not be lost.

    A sign that the typeface lacks is told by a question mark (no letter could be printed for
    that name either, and the run said so); a word wider than its column is broken.
    """
    try:
        return room.press.slip(heading, lines)
    except MissingGlyph as missing:
        unknown = str.maketrans(dict.fromkeys(missing.characters, "?"))
        legible = [_changed(line, lambda text: text.translate(unknown)) for line in lines]
    except TextOverflow:
        legible = [_changed(line, _broken) for line in lines]
    if legible == list(lines):
        raise AssertionError("a slip that neither fits nor can be mended")
    return _render(room, heading, legible)


def _changed(line: SlipLine, change: Callable[[str], str]) -> SlipLine:
    return SlipLine(
        pupil=change(line.pupil), guardian=change(line.guardian), remark=change(line.remark)
    )


def _broken(text: str) -> str:
    return " ".join(
        word[start : start + _WIDEST]
        for word in text.split()
        for start in range(0, len(word), _WIDEST)
    )
