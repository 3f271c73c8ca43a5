"""From what the database knows of an account to what its letter says (R-10)."""

from dataclasses import dataclass
from datetime import date

from educonnect_admin.domain.schools import School
from educonnect_admin.letters.content import BatchHeading, ChildLine, LetterContent, SchoolHeading
from educonnect_admin.letters.naming import address_lines, addressed
from educonnect_admin.queries.subjects import ChildShown, Subject


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """A school as printing needs it, outside any transaction."""

    id: int
    uai: str
    heading: SchoolHeading
    time_zone: str


def facts_of(school: School) -> SchoolFacts:
    """Return what printing needs to know of a school."""
    heading = SchoolHeading(
        name=school.name, city=school.city, phone=school.phone, email=school.email
    )
    return SchoolFacts(school.id, school.uai, heading, school.time_zone)


def heading_of(
    school: SchoolFacts,
    *,
    class_label: str | None,
    batch_id: int,
    portal_url: str,
    created_on: date,
    last_day: date,
) -> BatchHeading:
    """Return what the letters of one class share."""
    return BatchHeading(
        school=school.heading,
        class_label=class_label,
        batch=batch_id,
        portal_url=portal_url,
        created_on=created_on,
        last_day=last_day,
    )


def content_of(subject: Subject, number: str) -> LetterContent:
    """Return what one letter says, its password apart."""
    return LetterContent(
        number=number,
        holder=addressed(subject.civility, subject.given_name, subject.surname),
        address=address_lines(subject.street, subject.postcode, subject.city, subject.country),
        carrier=_child(subject.carrier),
        children=tuple(_child(child) for child in subject.children),
        identifier=subject.identifier,
    )


def _child(child: ChildShown) -> ChildLine:
    return ChildLine(
        name=f"{child.given_name} {child.surname}",
        school=child.school_name,
        class_label=child.class_label,
    )
