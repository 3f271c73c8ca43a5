"""Guardians and pupils by the names found: through the indexes, never by reading everybody.

The same questions serve both: a person is found by its own names and by those of its
relatives, who are the children of a guardian, or the guardians of a pupil.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Select,
    String,
    any_,
    bindparam,
    func,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from educonnect_admin.domain.people import Guardian, Guardianship, Pupil

Names = Collection[str]
Asked = Names | BindParameter[Any]


class Side(NamedTuple):
    """Who is looked for, who speaks for them, and the two ends of what ties them."""

    person: Any
    relative: Any
    person_id: Any
    relative_id: Any


GUARDIANS = Side(Guardian, Pupil, Guardianship.guardian_id, Guardianship.pupil_id)
PUPILS = Side(Pupil, Guardian, Guardianship.pupil_id, Guardianship.guardian_id)


def bearers(session: Session, names: Names) -> dict[str, int]:
    """Return how often people bear each of these names, guardians and pupils, as any name."""
    asked = _asked(session, names)
    counts = (
        select(column, func.count()).where(_among(column, asked)).group_by(column)
        for table in (Guardian, Pupil)
        for column in _names_of(table)
    )
    found = dict.fromkeys(names, 0)
    for name, number in session.execute(union_all(*counts)):
        found[name] += number
    return found


def bearing(session: Session, side: Side, names: Names, most: int) -> list[int]:
    """Return the ids of people who bear one of these names, or whose relatives do.

    Their own surnames come first, then given names, then those of relatives; inside each in
    the order of the alphabet, so that the same question has the same answer.
    """
    found: dict[int, None] = {}
    for query in _by_role(side, _asked(session, names)):
        if len(found) >= most:
            break
        found.update(dict.fromkeys(session.scalars(query.limit(most))))
    return list(found)[:most]


def _by_role(side: Side, names: Asked) -> Iterable[Select[Any]]:
    for column in _names_of(side.person):
        yield (
            select(side.person.id)
            .where(_among(column, names))
            .order_by(side.person.family_key, side.person.given_key, side.person.id)
        )
    for column in _names_of(side.relative):
        yield (
            select(side.person_id)
            .join(side.relative, side.relative.id == side.relative_id)
            .where(_among(column, names), Guardianship.ended_on.is_(None))
            .order_by(side.relative.family_key, side.relative.given_key, side.person_id)
        )


def how_many_bearing(session: Session, side: Side, names: Names) -> int:
    """Return about how many people bear one of these names themselves.

    One who bears it twice counts twice, one whom only a relative leads to is not counted:
    counting them one by one would take longer than finding them.
    """
    asked = _asked(session, names)
    counts = (
        select(func.count()).where(_among(column, asked)).scalar_subquery()
        for column in _names_of(side.person)
    )
    return sum(session.execute(select(*counts)).one())


def bearing_both(session: Session, side: Side, rare: Names, other: Names, most: int) -> list[int]:
    """Return the ids of people whom two names lead to, be they theirs or their relatives'.

    Args:
        session: An open session.
        side: Who is looked for.
        rare: Names that few bear: all who do are looked at.
        other: What they, or a relative, must bear too.
        most: No more than so many.
    """
    person, relative = side.person, side.relative
    household = _household(side, _asked(session, rare)).cte("household")
    beside = _asked(session, other)
    own = (
        select(person.id).join(household, household.c[0] == person.id).where(_bears(person, beside))
    )
    through_a_relative = (
        select(side.person_id)
        .join(household, household.c[0] == side.person_id)
        .join(relative, relative.id == side.relative_id)
        .where(Guardianship.ended_on.is_(None), _bears(relative, beside))
    )
    both = union(own, through_a_relative).subquery()
    query = (
        select(person.id)
        .join(both, both.c[0] == person.id)
        .order_by(person.family_key, person.given_key, person.id)
        .limit(most)
    )
    return list(session.scalars(query))


def bearing_pair(session: Session, side: Side, one: Names, other: Names, most: int) -> list[int]:
    """Return the ids of people who bear, or of whom a relative bears, a surname and a given name.

    For two names that thousands bear: each pair is one entry of an index.
    """
    found: dict[int, None] = {}
    first, second = _asked(session, one), _asked(session, other)
    for surname, given in ((first, second), (second, first)):
        for table in (side.person, side.relative):
            for key in (table.family_key, table.usage_key):
                query = _reached(side, table).where(
                    _among(key, surname), _among(table.given_key, given)
                )
                found.update(dict.fromkeys(session.scalars(query.limit(most))))
    return list(found)[:most]


def bearing_initial(
    session: Session, side: Side, names: Names, initial: str, most: int
) -> list[int]:
    """Return the ids of people who have, or of whom a relative has, a name and an initial.

    The initial is that of the given name beside one of these surnames, or of the surname
    beside one of these given names.
    """
    found: dict[int, None] = {}
    asked = _asked(session, names)
    for table in (side.person, side.relative):
        begins = [column.like(f"{initial}%") for column in _names_of(table)]
        for column, beside in (
            (table.family_key, begins[2]),
            (table.usage_key, begins[2]),
            (table.given_key, begins[0] | begins[1]),
        ):
            query = _reached(side, table).where(_among(column, asked), beside).limit(most)
            found.update(dict.fromkeys(session.scalars(query)))
    return list(found)[:most]


def _asked(session: Session, names: Names) -> Asked:
    """Return names as the database takes them best: as one value, where it knows arrays.

    Hundreds of parameters, in six places of a question, would cost as much as its answer.
    """
    if session.get_bind().dialect.name == "postgresql":
        return bindparam(None, list(names), type_=ARRAY(String))
    return names


def _among(column: Any, asked: Asked) -> ColumnElement[bool]:
    condition = column == any_(asked) if isinstance(asked, BindParameter) else column.in_(asked)
    return cast("ColumnElement[bool]", condition)


def _reached(side: Side, table: Any) -> Select[Any]:
    if table is side.person:
        return select(table.id).order_by(table.family_key, table.given_key, table.id)
    return (
        select(side.person_id)
        .join(table, table.id == side.relative_id)
        .where(Guardianship.ended_on.is_(None))
        .order_by(table.family_key, table.given_key, side.person_id)
    )


def _household(side: Side, names: Asked) -> Any:
    own = (select(side.person.id).where(_among(column, names)) for column in _names_of(side.person))
    through = (
        select(side.person_id)
        .join(side.relative, side.relative.id == side.relative_id)
        .where(_among(column, names), Guardianship.ended_on.is_(None))
        for column in _names_of(side.relative)
    )
    return union(*own, *through)


def _bears(table: Any, names: Asked) -> ColumnElement[bool]:
    return or_(*(_among(column, names) for column in _names_of(table)))


def _names_of(table: Any) -> Sequence[Any]:
    return table.family_key, table.usage_key, table.given_key
