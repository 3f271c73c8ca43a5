"""What an order means: a school, its classes, a round of letters, the run that makes them."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from educonnect_admin.domain.calendar import day_in, last_day_of_letter
from educonnect_admin.domain.letters import Who
from educonnect_admin.letters.content import BatchHeading
from educonnect_admin.office.generate_accounts import Generated, generate_accounts
from educonnect_admin.office.printing.class_files import ClassToPrint, classes_to_print
from educonnect_admin.office.printing.letter_contents import SchoolFacts, facts_of, heading_of
from educonnect_admin.office.printing.print_class import Run
from educonnect_admin.office.printing.print_room import PrintRoom
from educonnect_admin.queries.schools import class_by_label, school_by_uai
from educonnect_admin.queries.subjects import Round


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterOrder:
    """What the operator asks for."""

    uai: str
    class_label: str | None
    who: Who
    output: Path


@dataclass(frozen=True, slots=True)
class Target:
    """The school and classes that an order means, and whose letters."""

    school: SchoolFacts
    round: Round
    classes: tuple[ClassToPrint, ...]
    generated: Generated


def find_target(session: Session, room: PrintRoom, order: LetterOrder) -> Target:
    """Open the accounts that are missing, and say which classes are meant."""
    school = school_by_uai(session, order.uai, lock=True)
    only = class_by_label(session, school, order.class_label) if order.class_label else None
    generated = generate_accounts(
        session,
        school,
        class_id=only.id if only else None,
        stem_digest=room.stem_digest,
        author=room.author,
    )
    classes = classes_to_print(session, school.id)
    return Target(
        facts_of(school),
        Round(school.id, order.who, only.id if only else None, room.author.now),
        tuple(one for one in classes if only is None or one.id == only.id),
        generated,
    )


def run_of(room: PrintRoom, target: Target, batch_id: int, folder: Path) -> Run:
    """Return the run of a batch."""
    heading = heading_today(room, target.school, batch_id)
    return Run(target.round, target.school, batch_id, folder, heading)


def heading_today(room: PrintRoom, school: SchoolFacts, batch_id: int = 0) -> BatchHeading:
    """Return what letters made now share; 0 stands for a batch that has no number yet."""
    created_on = day_in(school.time_zone, room.author.now)
    return heading_of(
        school,
        class_label=None,
        batch_id=batch_id,
        portal_url=room.portal_url,
        created_on=created_on,
        last_day=last_day_of_letter(created_on),
    )
