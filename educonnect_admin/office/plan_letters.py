"""What `letters issue` would do, without a draw and without a trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from educonnect_admin.office.generate_accounts import Generated
from educonnect_admin.office.printing.class_files import ClassToPrint
from educonnect_admin.office.printing.print_class import Unprintable, printable
from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.office.printing.target import LetterOrder, find_target, heading_today
from educonnect_admin.queries.subjects import subjects_of_class

SAMPLE_NUMBER = "W" * 12
"""What stands for a letter's number where none is drawn: the widest one there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a dry run foresees: letters by class, and who can't be printed."""

    generated: Generated
    created_on: date
    last_day: date
    classes: Sequence[tuple[ClassToPrint, int]]
    unprintable: Sequence[Unprintable]


def plan_letters(room: PrintRoom, order: LetterOrder) -> Planned:
    """Foresee what `issue_letters` would do: the same questions, everything rolled back."""
    with room.dry_transaction() as session:
        target = find_target(session, room, order)
        subjects = [
            (school_class, subjects_of_class(session, target.round, school_class.id))
            for school_class in target.classes
        ]
    heading = heading_today(room, target.school)
    parted = [
        (found, printable(room, heading, wanted, lambda: SAMPLE_NUMBER))
        for found, wanted in subjects
    ]
    return Planned(
        generated=target.generated,
        created_on=heading.created_on,
        last_day=heading.last_day,
        classes=[(found, len(fit)) for found, (fit, _) in parted if fit],
        unprintable=[one for _, (_, unfit) in parted for one in unfit],
    )
