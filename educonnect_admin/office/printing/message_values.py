"""From what the database knows of an account to what a message says (R-10, R-13)."""

from collections.abc import Mapping

from educonnect_admin.letters.content import BatchHeading, SchoolHeading
from educonnect_admin.letters.naming import addressed
from educonnect_admin.queries.subjects import Subject

Values = Mapping[str, object]


def letter_values(subject: Subject, heading: BatchHeading, number: str, password: str) -> Values:
    """Return what a letter by e-mail says: all that the paper one does, its address apart."""
    return {
        **reminder_values(subject, heading.school, heading.portal_url),
        "password": password,
        "number": number,
        "created_on": heading.created_on.isoformat(),
        "last_day": heading.last_day.isoformat(),
    }


def reminder_values(subject: Subject, school: SchoolHeading, portal_url: str) -> Values:
    """Return what a reminder says: that the account is there, and no password (R-13)."""
    return {
        "holder": addressed(subject.civility, subject.given_name, subject.surname),
        "children": [
            {
                "name": f"{child.given_name} {child.surname}",
                "school": child.school_name,
                "class": child.class_label,
            }
            for child in subject.children
        ],
        "school": {
            "name": school.name,
            "city": school.city,
            "phone": school.phone,
            "email": school.email,
        },
        "identifier": subject.identifier,
        "portal_url": portal_url,
    }
