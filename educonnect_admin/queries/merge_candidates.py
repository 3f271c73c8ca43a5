"""Which records are worth weighing against each other: a few for each, by indexes (R-7).

Nobody is compared with everybody. Two records meet by a contact, an address, a child, or by
names of which one is the same and the other begins alike. Where civilities contradict, as
those of most couples do, there is nothing to weigh.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from educonnect_admin.domain.people import Guardian, Guardianship
from educonnect_admin.queries.merge_records import MOST_SHARING, among

_MINE, _THEIRS = aliased(Guardian), aliased(Guardian)
_OURS, _OTHERS = aliased(Guardianship), aliased(Guardianship)
_DOOR = 4
_AFTER = "zzz"
"""Behind every folded name that begins with what stands before it, in any collation."""

Pair = tuple[int, int]


def candidate_pairs(session: Session, ids: Collection[int]) -> set[Pair]:
    """Return the pairs of a record of these and any other that should be weighed.

    Args:
        session: An open session.
        ids: Some thousands at most, and at least one.

    Returns:
        Pairs of numbers, the lower one first.
    """
    return {
        (min(one, other), max(one, other))
        for block in _blocks(ids)
        for one, other in session.execute(block).all()
    }


def _blocks(ids: Collection[int]) -> Iterator[Select[int, int]]:
    yield _shared(ids, lambda table: func.lower(table.email))
    yield _shared(ids, lambda table: table.mobile)
    yield _shared(ids, lambda table: func.lower(table.street)).where(_begin_alike())
    for same_names in _same_names():
        yield _met(ids, same_names).where(or_(_is_unreached(), _THEIRS.postcode == _MINE.postcode))
    yield _met(ids, _near_given()).where(_is_unreached(), _streets_begin_alike())
    yield _met(ids, _near_family()).where(_is_unreached(), _streets_begin_alike())
    yield (
        select(_MINE.id, _THEIRS.id)
        .join(_OURS, _OURS.guardian_id == _MINE.id)
        .join(_OTHERS, _OTHERS.pupil_id == _OURS.pupil_id)
        .join(_THEIRS, _THEIRS.id == _OTHERS.guardian_id)
        .where(among(_MINE.id, ids), *_may_be_one())
    )


def _met(ids: Collection[int], condition: ColumnElement[bool]) -> Select[int, int]:
    return (
        select(_MINE.id, _THEIRS.id)
        .join(_THEIRS, condition)
        .where(among(_MINE.id, ids), _MINE.family_key != "", _MINE.given_key != "", *_may_be_one())
    )


def _shared(ids: Collection[int], column: Any) -> Select[int, int]:
    """Return who shares a contact or a street with few others."""
    asked = select(column(Guardian)).where(among(Guardian.id, ids))
    few = (
        select(column(Guardian).label("value"))
        .where(column(Guardian).in_(asked))
        .group_by(column(Guardian))
        .having(func.count().between(2, MOST_SHARING))
        .subquery()
    )
    return (
        select(_MINE.id, _THEIRS.id)
        .join(few, few.c.value == column(_MINE))
        .join(_THEIRS, column(_THEIRS) == column(_MINE))
        .where(among(_MINE.id, ids), *_may_be_one())
    )


def _may_be_one() -> Iterator[ColumnElement[bool]]:
    yield _THEIRS.id != _MINE.id
    yield or_(
        _MINE.civility.is_(None), _THEIRS.civility.is_(None), _MINE.civility == _THEIRS.civility
    )
    yield or_(
        _MINE.account_id.is_(None),
        _THEIRS.account_id.is_(None),
        _MINE.account_id != _THEIRS.account_id,
    )


def _begin_alike() -> ColumnElement[bool]:
    """The given names begin with one letter, or somebody swapped names and surnames."""
    first = func.substr(_MINE.given_key, 1, 1)
    return or_(
        func.substr(_THEIRS.given_key, 1, 1) == first,
        func.substr(_THEIRS.family_key, 1, 1) == first,
    )


def _same_names() -> Iterator[ColumnElement[bool]]:
    """The names are the same, crossed by a marriage, or swapped by a slip."""
    given = _THEIRS.given_key == _MINE.given_key
    yield and_(given, _THEIRS.family_key == _MINE.family_key)
    yield and_(given, _THEIRS.family_key == _MINE.usage_key)
    yield and_(given, _THEIRS.usage_key == _MINE.family_key)
    yield and_(given, _THEIRS.usage_key == _MINE.usage_key)
    yield and_(_THEIRS.given_key == _MINE.family_key, _THEIRS.family_key == _MINE.given_key)


def _is_unreached() -> ColumnElement[bool]:
    """One of them lacks e-mail or mobile: where both have both, a shared one makes them meet."""
    return or_(
        _MINE.email.is_(None),
        _THEIRS.email.is_(None),
        _MINE.mobile.is_(None),
        _THEIRS.mobile.is_(None),
    )


def _streets_begin_alike() -> ColumnElement[bool]:
    """The door, as a rule; names near each other in one town need more than the town."""
    beginnings = [func.substr(func.lower(table.street), 1, _DOOR) for table in (_MINE, _THEIRS)]
    return beginnings[0] == beginnings[1]


def _near_given() -> ColumnElement[bool]:
    return and_(
        _THEIRS.family_key == _MINE.family_key,
        _begins(_THEIRS.given_key, _MINE.given_key, 2),
        or_(
            _THEIRS.postcode == _MINE.postcode,
            func.lower(_THEIRS.city) == func.lower(_MINE.city),
        ),
    )


def _near_family() -> ColumnElement[bool]:
    return and_(
        _THEIRS.given_key == _MINE.given_key,
        _THEIRS.postcode == _MINE.postcode,
        _begins(_THEIRS.family_key, _MINE.family_key, 3),
    )


def _begins(theirs: Any, mine: Any, letters: int) -> ColumnElement[bool]:
    """Tell whether so many letters are alike: spelt as a range, which an index answers."""
    beginning = func.substr(mine, 1, letters)
    return and_(theirs >= beginning, theirs <= beginning.concat(_AFTER))
