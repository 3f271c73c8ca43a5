"""The names of people who may be meant, and those of their relatives."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.people import Guardian, Guardianship
from educonnect_admin.queries.among import among
from educonnect_admin.queries.find_people import Side

_MOST_PARAMETERS = 5_000
Named = tuple[str, str | None, str]
"""Family, usage and given name."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonNames:
    """One guardian's record or pupil, by all the names it may be asked for with.

    `account_id` is that of a record which has one.
    """

    id: int
    account_id: int | None
    own: Named
    relatives: Sequence[Named]
    sort_key: tuple[str, str, int]

    def __repr__(self) -> str:
        return f"PersonNames(id={self.id})"


def names_of_people(session: Session, side: Side, ids: Collection[int]) -> list[PersonNames]:
    """Return the names of some people, in the order of the alphabet."""
    wanted = sorted(ids)
    found: list[PersonNames] = []
    for start in range(0, len(wanted), _MOST_PARAMETERS):
        page = wanted[start : start + _MOST_PARAMETERS]
        relatives = _relatives(session, side, page)
        found += (_person(row, relatives[row.id]) for row in _own(session, side, page))
    return sorted(found, key=lambda person: person.sort_key)


def _own(session: Session, side: Side, ids: Sequence[int]) -> Sequence[Any]:
    person: Any = side.person
    columns = [
        person.id, person.family_name, person.usage_name, person.given_name,
        person.family_key, person.given_key,
    ]  # fmt: skip
    if side.person is Guardian:
        columns.append(Guardian.account_id)
    return session.execute(select(*columns).where(among(person.id, ids))).all()


def _relatives(session: Session, side: Side, ids: Sequence[int]) -> dict[int, list[Named]]:
    relative: Any = side.relative
    rows = session.execute(
        select(side.person_id, relative.family_name, relative.usage_name, relative.given_name)
        .join(relative, relative.id == side.relative_id)
        .where(among(side.person_id, ids), Guardianship.ended_on.is_(None))
        .order_by(side.person_id, side.relative_id)
    )
    found: dict[int, list[Named]] = defaultdict(list)
    for person_id, family, usage, given in rows:
        found[person_id].append((family, usage, given))
    return found


def _person(row: Any, relatives: Sequence[Named]) -> PersonNames:
    return PersonNames(
        id=row.id,
        account_id=getattr(row, "account_id", None),
        own=(row.family_name, row.usage_name, row.given_name),
        relatives=relatives,
        sort_key=(row.family_key, row.given_key, row.id),
    )
