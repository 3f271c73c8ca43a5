"""The first page of a holder: the children, by school, and the services open to each (R-51)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.services import Service
from educonnect_admin.parents.coming_in import previous_log_in
from educonnect_admin.parents.means import Means
from educonnect_admin.queries.accounts import schools_of_account
from educonnect_admin.queries.services import services_in_order
from educonnect_admin.queries.visits import Visitor
from educonnect_admin.queries.wards import Ward, wards_of

_NOBODYS_SCHOOL = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class OpenService:
    """A service that a child may use."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HomeChild:
    """A child on the page."""

    name: str
    class_label: str | None
    services: tuple[OpenService, ...]

    def __repr__(self) -> str:
        return "HomeChild()"


@dataclass(frozen=True, slots=True, repr=False)
class HomeSchool:
    """A school and its children on the page."""

    name: str
    city: str | None
    children: tuple[HomeChild, ...]

    def __repr__(self) -> str:
        return "HomeSchool()"


@dataclass(frozen=True, slots=True)
class Home:
    """What stands on the first page.

    Attributes:
        last_log_in: the one before this visit, by the clock of the children's school.
        has_confirmed_email: without one, a forgotten password takes a new letter.
    """

    schools: tuple[HomeSchool, ...]
    last_log_in: datetime | None
    has_confirmed_email: bool


def home_of(means: Means, visitor: Visitor) -> Home:
    """Return what the first page of a holder shows (R-51)."""
    account_id = visitor.account_id or 0
    with means.reading() as session:
        wards = wards_of(session, account_id)
        return Home(
            schools=schools_with_children(wards, services_in_order(session)),
            last_log_in=_by_the_schools_clock(session, account_id, wards, means, visitor),
            has_confirmed_email=session.get_one(Account, account_id).confirmed_email is not None,
        )


def schools_with_children(
    wards: Sequence[Ward], services: Sequence[Service] = ()
) -> tuple[HomeSchool, ...]:
    """Return children by school, as `wards_of` sorts them, with what is open to each."""
    return tuple(
        HomeSchool(members[0].school_name, members[0].school_city, _children(members, services))
        for _, group in groupby(wards, key=lambda ward: ward.school_id)
        if (members := list(group))
    )


def _children(wards: Sequence[Ward], services: Sequence[Service]) -> tuple[HomeChild, ...]:
    return tuple(
        HomeChild(
            name=ward.name,
            class_label=ward.class_label,
            services=tuple(
                OpenService(service.title, service.url)
                for service in services
                # Some files name a class after its level and leave the level out.
                if service.is_open_to(ward.level or ward.class_label)
            ),
        )
        for ward in wards
    )


def _by_the_schools_clock(
    session: Session, account_id: int, wards: Sequence[Ward], means: Means, visitor: Visitor
) -> datetime | None:
    moment = previous_log_in(means, visitor)
    if moment is None:
        return None
    schools = [ward.school_id for ward in wards] or schools_of_account(session, account_id)
    school = session.get(School, schools[0]) if schools else None
    return moment.astimezone(ZoneInfo(school.time_zone if school else _NOBODYS_SCHOOL))
