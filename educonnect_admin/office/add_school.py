"""Register a school, or bring what is known of it up to date."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.names import tidy
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.queries.trail import append_to_trail


class SchoolFacts(NamedTuple):
    """What is said of a school; `None` says nothing and erases nothing."""

    uai: str
    name: str
    kind: str | None = None
    city: str | None = None
    email: str | None = None
    phone: str | None = None
    time_zone: str | None = None

    def __repr__(self) -> str:
        return f"SchoolFacts(uai={self.uai!r})"


class SchoolVerdict(StrEnum):
    """What registering a school came to."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Registered(NamedTuple):
    """A school and what became of it."""

    uai: str
    verdict: SchoolVerdict


def add_school(session: Session, facts: SchoolFacts, author: Author) -> Registered:
    """Register a school; with the facts already known nothing changes, with others they do.

    Args:
        session: An open transaction.
        facts: The number, as typed, the name, and what else is known.
        author: Who asks, for the trail.

    Raises:
        InvalidUAI: the number does not carry its check letter.
        UnknownTimeZone: the IANA database does not hold it.
    """
    registered, happening = register_school(session, facts)
    append_to_trail(session, author, [happening] if happening else [])
    return registered


def register_school(session: Session, facts: SchoolFacts) -> tuple[Registered, Happening | None]:
    """Register a school, and return what the trail is to be told.

    Raises:
        InvalidUAI, UnknownTimeZone: see `add_school`.
    """
    uai = parse_uai(facts.uai)
    school = session.scalar(select(School).where(School.uai == uai).with_for_update())
    verdict, kind = SchoolVerdict.CHANGED, TrailKind.SCHOOL_CHANGED
    if school is None:
        school = School(uai=uai, name=facts.name)
        session.add(school)
        verdict, kind = SchoolVerdict.ADDED, TrailKind.SCHOOL_ADDED
    changed = _set(school, facts)
    if not changed and verdict is SchoolVerdict.CHANGED:
        return Registered(uai, SchoolVerdict.UNCHANGED), None
    session.flush()  # the trail needs the number that the database gives
    details = {"fields": ",".join(changed)} if changed else {}
    happening = Happening(kind, school_id=school.id, details=details)
    return Registered(uai, verdict), happening


def _set(school: School, facts: SchoolFacts) -> list[str]:
    """Set the facts that are given, and return the names of those that were others."""
    changed = []
    for name in ("name", "kind", "city", "email", "phone"):
        value = getattr(facts, name)
        if value and tidy(value) != getattr(school, name):
            setattr(school, name, tidy(value))
            changed.append(name)
    if facts.time_zone and facts.time_zone != school.time_zone:
        school.live_in(facts.time_zone)
        changed.append("time_zone")
    return changed
