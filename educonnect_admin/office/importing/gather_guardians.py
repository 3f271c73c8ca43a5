"""Which rows of guardians are one person: same names and agreeing contacts, or not (R-7).

ONDE gives no number to a guardian. Father and son may share name and address, a couple its
e-mail and mobile; so names *and* a contact must agree, and nothing may contradict. Where the
software gives two numbers (SIECLE), the address they share is not enough: offices enter a
mother twice, but father and son too.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from educonnect_admin.office.importing.likeness import (
    Contacts,
    civility_contradicts,
    compare_contacts,
    is_reached_alike,
    key,
    surname_keys,
    usage_contradicts,
)
from educonnect_admin.office.importing.roster_plan import GuardianFacts, Place
from educonnect_admin.rosters.rows import ChildMention, GuardianRow


class PlacedGuardian(NamedTuple):
    """A row and where it stands."""

    place: Place
    row: GuardianRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One guardian of the files, put together from one row or several.

    `is_ambiguous` says that the rows could be those of two people of one name.
    """

    places: tuple[Place, ...]
    facts: GuardianFacts
    children: tuple[ChildMention, ...]
    is_ambiguous: bool = False


def gather_guardians(rows: Sequence[PlacedGuardian]) -> list[Person]:
    """Put together the rows that are one person, in the order of their first rows (R-7)."""
    by_names: dict[tuple[str, str], list[PlacedGuardian]] = defaultdict(list)
    for placed in rows:
        by_names[key(placed.row.given_name), key(placed.row.family_name)].append(placed)
    people = [person for namesakes in by_names.values() for person in _people(namesakes)]
    return sorted(people, key=lambda person: person.places[0])


def _people(namesakes: list[PlacedGuardian]) -> Iterator[Person]:
    """Yield the people among rows of one name.

    Where a chain of agreeing rows holds two that contradict each other, a row that agrees
    with both sides is nobody's for certain: it is ambiguous.
    """
    for chain in _chains(namesakes):
        if len(chain) == 1:
            yield _person(chain)
            continue
        foes = {
            at
            for at, placed in enumerate(chain)
            if any(_contradict(placed.row, other.row) for other in chain)
        }
        if not foes:
            yield _person(chain)
            continue
        for at, placed in enumerate(chain):
            if at not in foes:
                yield _person([placed], is_ambiguous=True)
        yield from _alike([chain[at] for at in sorted(foes)])


def _chains(namesakes: list[PlacedGuardian]) -> list[list[PlacedGuardian]]:
    chains: list[list[PlacedGuardian]] = []
    if len(namesakes) == 1:
        return [namesakes]
    for placed in namesakes:
        linked = [c for c in chains if any(_agree(placed.row, other.row) for other in c)]
        chains = [chain for chain in chains if chain not in linked]
        chains.append(sorted((placed, *(row for c in linked for row in c)), key=_by_place))
    return chains


def _by_place(placed: PlacedGuardian) -> Place:
    return placed.place


def _alike(rows: Sequence[PlacedGuardian]) -> Iterator[Person]:
    """Yield one person for all the rows that say exactly the same of themselves."""
    said: dict[GuardianFacts, list[PlacedGuardian]] = defaultdict(list)
    for placed in rows:
        said[_facts([placed])].append(placed)
    return (_person(same) for same in said.values())


def _contradict(one: GuardianRow, other: GuardianRow) -> bool:
    return (
        civility_contradicts(one, other)
        or usage_contradicts(one, other)
        or compare_contacts(one, other) is Contacts.CONTRADICT
    )


def _agree(one: GuardianRow, other: GuardianRow) -> bool:
    return (
        not civility_contradicts(one, other)
        and not usage_contradicts(one, other)
        and compare_contacts(one, other) is Contacts.AGREE
        and (not _has_other_number(one, other) or is_reached_alike(one, other))
    )


def _has_other_number(one: GuardianRow, other: GuardianRow) -> bool:
    return bool(one.source_id and other.source_id) and one.source_id != other.source_id


def _person(rows: Sequence[PlacedGuardian], *, is_ambiguous: bool = False) -> Person:
    children = {
        (
            key(child.given_name),
            surname_keys(child),
            key(child.class_label),
            child.birth_date,
            child.source_id,
        ): child
        for placed in reversed(rows)
        for child in reversed(placed.row.children)
    }
    return Person(
        places=tuple(placed.place for placed in rows),
        facts=_facts(rows),
        children=tuple(reversed(children.values())),
        is_ambiguous=is_ambiguous,
    )


def _facts(placed: Sequence[PlacedGuardian]) -> GuardianFacts:
    """Put the rows' facts together; an address stays in one piece, that of the first row."""
    rows = [row for _, row in placed]
    home = next((row for row in rows if row.street), rows[0])
    return GuardianFacts(
        civility=next((row.civility for row in rows if row.civility), None),
        family_name=rows[0].family_name,
        usage_name=next((row.usage_name for row in rows if row.usage_name), None),
        given_name=rows[0].given_name,
        email=next((row.email for row in rows if row.email), None),
        mobile=next((row.mobile for row in rows if row.mobile), None),
        street=home.street,
        postcode=home.postcode,
        city=home.city,
        country=home.country,
        source_id=next((row.source_id for row in rows if row.source_id), None),
    )
