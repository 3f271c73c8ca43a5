"""Three families who play every part, and schools filled with as many as a test needs.

The Duponts: Céline and Jean live together and share one mobile and one e-mail; Léa (CM2) and
Enzo (CP). The Moreaus: Nadia and Karim are separated, two addresses, one child, Sami (CE1).
The Nguyễns: Thị, alone, with four children.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School, SchoolClass
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.queries.trail import append_to_trail

CHARLEMAGNE = "0140070A"
MARIE_CURIE = "0752387M"
START = date(2026, 9, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """A guardian to be."""

    given_name: str
    family_name: str
    civility: Civility | None = Civility.MADAM
    usage_name: str | None = None
    email: str | None = None
    mobile: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A pupil to be."""

    given_name: str
    family_name: str
    born: date
    class_label: str | None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """Parents and children of one school."""

    parents: Sequence[Parent]
    children: Sequence[Child] = field(default_factory=tuple)


DUPONTS = Family(
    (
        Parent(
            given_name="Céline",
            family_name="DURAND",
            usage_name="DUPONT",
            email="dupont@example.fr",
            mobile="+33612345678",
            street="40 avenue Beaucour",
            postcode="61000",
            city="Alençon",
        ),
        Parent(
            given_name="Jean",
            family_name="DUPONT",
            civility=Civility.SIR,
            email="dupont@example.fr",
            mobile="+33612345678",
            street="40 avenue Beaucour",
            postcode="61000",
            city="Alençon",
        ),
    ),
    (
        Child(
            given_name="Enzo",
            family_name="DUPONT",
            born=date(2020, 3, 4),
            class_label="CP A",
            level="CP",
        ),
        Child(
            given_name="Léa",
            family_name="DUPONT",
            born=date(2016, 5, 6),
            class_label="CM2",
            level="CM2",
        ),
    ),
)
MOREAUS = Family(
    (
        Parent(
            given_name="Nadia",
            family_name="MOREAU",
            street="1 rue du Puits",
            postcode="61000",
            city="Alençon",
        ),
        Parent(
            given_name="Karim",
            family_name="MOREAU",
            civility=Civility.SIR,
            street="9 place Foch",
            postcode="14000",
            city="Caen",
        ),
    ),
    (
        Child(
            given_name="Sami",
            family_name="MOREAU",
            born=date(2019, 1, 2),
            class_label="CE1",
            level="CE1",
        ),
    ),
)
NGUYENS = Family(
    (Parent(given_name="Thị", family_name="NGUYỄN", civility=None),),
    tuple(
        Child(
            given_name=name,
            family_name="NGUYỄN",
            born=date(year, 7, 8),
            class_label=label,
            level=label[:3].strip(),
        )
        for name, year, label in (
            ("An", 2016, "CM2"),
            ("Bình", 2018, "CE2"),
            ("Chi", 2019, "CE1"),
            ("Dũng", 2020, "CP A"),
        )
    ),
)
FAMILIES = (DUPONTS, MOREAUS, NGUYENS)


def add_school(
    session: Session,
    uai: str = CHARLEMAGNE,
    name: str = "École Charlemagne",
    *,
    author: Author | None = None,
) -> int:
    """Add a school and return its id; the trail tells of it if somebody is said to add it."""
    school = School(uai=uai, name=name)
    school.city = "Alençon"
    session.add(school)
    session.flush()
    if author is not None:
        append_to_trail(session, author, [Happening(TrailKind.SCHOOL_ADDED, school_id=school.id)])
    return school.id


def add_families(session: Session, school_id: int, families: Iterable[Family]) -> None:
    """Add whole families to a school; classes are made as they come."""
    known = select(SchoolClass).where(SchoolClass.school_id == school_id)
    classes = {one.label: one.id for one in session.scalars(known)}
    for family in families:
        pupils = [_add_child(session, school_id, classes, child) for child in family.children]
        for parent in family.parents:
            guardian = _add_parent(session, school_id, parent)
            session.add_all(
                Guardianship(guardian_id=guardian, pupil_id=pupil, legal=True, started_on=START)
                for pupil in pupils
            )
    session.flush()


def _add_child(session: Session, school_id: int, classes: dict[str, int], child: Child) -> int:
    pupil = Pupil(
        family_name=child.family_name,
        usage_name=None,
        given_name=child.given_name,
        birth_date=child.born,
        ine=None,
    )
    session.add(pupil)
    label = child.class_label
    if label is not None and label not in classes:
        room = SchoolClass(school_id=school_id, label=label)
        session.add(room)
        session.flush()
        classes[label] = room.id
    session.flush()
    session.add(
        Enrolment(
            pupil_id=pupil.id,
            school_id=school_id,
            class_id=classes[label] if label is not None else None,
            level=child.level,
            started_on=START,
        )
    )
    return pupil.id


def _add_parent(session: Session, school_id: int, parent: Parent) -> int:
    guardian = Guardian(
        school_id=school_id, family_name=parent.family_name, given_name=parent.given_name
    )
    for name in ("civility", "usage_name", "email", "mobile", "street", "postcode", "city"):
        setattr(guardian, name, getattr(parent, name))
    guardian.usage_key = name_key(parent.usage_name) if parent.usage_name else None
    session.add(guardian)
    session.flush()
    return guardian.id


_LEVELS = ("CP", "CE1", "CE2", "CM1", "CM2")


def many_families(number: int, class_size: int = 10) -> list[Family]:
    """Return so many families of one parent and one child, in classes of a given size."""
    return [_small_family(n, n // class_size) for n in range(number)]


def _small_family(number: int, place: int) -> Family:
    # In letters: digits at the end of a name are not its own.
    word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    level = _LEVELS[place % 5]
    child = Child(
        given_name=f"Enfant{word}",
        family_name=f"FAMILLE{word}",
        born=date(2018, 1 + number % 12, 1 + number % 28),
        class_label=f"{level} {place}",
        level=level,
    )
    return Family((Parent(given_name=f"Parent{word}", family_name=f"FAMILLE{word}"),), (child,))
