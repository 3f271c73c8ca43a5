"""Made-up households by the class: 25 letters travel in the satchels of each.

Two couples, then a parent alone; every third household has a second child, in the class
before, so that its letters show two. The eldest carries the letters: a class of 25 letters
has 15 carriers and 20 pupils.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count, cycle

from benchmarks.french_names import FrenchNames, Named
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.identifiers import identifier_stem
from educonnect_admin.domain.passwords import SIGNS
from educonnect_admin.letters.content import BatchHeading, ChildLine, LetterContent, SchoolHeading
from educonnect_admin.letters.naming import address_lines, addressed

LETTERS_A_CLASS = 25
SEED = 20260901
LEVELS = ("CP", "CE1", "CE2", "CM1", "CM2")
SCHOOL_NAME = "École élémentaire Jules-Ferry"
CITY = "Villeneuve-sur-Exemple"
PORTAL = "https://educonnect.education.gouv.fr"

_ADULTS = (2, 2, 1)
_CHILDREN = (2, 1, 1)
_STREETS = ("rue de la République", "avenue du Maréchal-Leclerc", "impasse des Lilas",
            "place de l'Église", "chemin des Écoliers", "boulevard Jean-Jaurès")  # fmt: skip
_CITIES = (("14000", "CAEN"), ("61000", "ALENÇON"), ("50100", "CHERBOURG-EN-COTENTIN"),
           ("14123", "SAINT-ANDRÉ-SUR-ORNE"))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Adults who answer for the same children and live at one address."""

    adults: tuple[Named, ...]
    children: tuple[Named, ...]
    street: str
    postcode: str
    city: str


def classes(letters: int, seed: int = SEED) -> Iterator[list[Household]]:
    """Give households class by class until there are exactly so many letters."""
    households = _households(seed)
    left = letters
    while left > 0:
        members, room = [], min(LETTERS_A_CLASS, left)
        while room:
            household = next(households)
            adults = household.adults[:room]
            members.append(replace(household, adults=adults))
            room -= len(adults)
        left -= LETTERS_A_CLASS
        yield members


def _households(seed: int) -> Iterator[Household]:
    people = FrenchNames(seed).people()
    shapes = zip(cycle(_ADULTS), cycle(_CHILDREN), count(), strict=False)
    for adults, children, number in shapes:
        parents = tuple(next(people) for _ in range(adults))
        # A household bears one name; both given names and civilities stay their own.
        family = parents[0].family
        postcode, city = _CITIES[number % len(_CITIES)]
        yield Household(
            adults=parents,
            children=tuple(next(people)._replace(family=family) for _ in range(children)),
            street=f"{1 + number % 200} {_STREETS[number % len(_STREETS)]}",
            postcode=postcode,
            city=city,
        )


def class_label(place: int) -> tuple[str, str]:
    """Return the level and the label of the class of this place in its school."""
    level = LEVELS[place % len(LEVELS)]
    return level, f"{level} {place // len(LEVELS) + 1}"


def civility_of(person: Named) -> Civility:
    """Return the civility of a person."""
    return Civility.MADAM if person.woman else Civility.SIR


Page = tuple[LetterContent, str]
"""A letter and its temporary password."""


def pages_by_class(letters: int, seed: int = SEED) -> Iterator[tuple[BatchHeading, list[Page]]]:
    """Give the letters of such classes, as the office hands them to a press."""
    numbers = FrenchNames(seed + 1).chance
    for place, members in enumerate(classes(letters, seed)):
        labels = [class_label(each)[1] for each in (place, max(0, place - 1))]
        signs = "".join(numbers.choices(SIGNS, k=20 * LETTERS_A_CLASS))
        secrets = (signs[at : at + 20] for at in range(0, len(signs), 20))
        yield (
            _heading(labels[0]),
            [
                (_content(household, adult, labels, secret[:12]), secret[12:])
                for household in members
                for adult, secret in zip(household.adults, secrets, strict=False)
            ],
        )


def _heading(label: str) -> BatchHeading:
    return BatchHeading(
        school=SchoolHeading(
            name=SCHOOL_NAME, city=CITY, phone="01 99 00 12 34", email="ce.0140001a@exemple.fr"
        ),
        class_label=label,
        batch=12,
        portal_url=PORTAL,
        created_on=date(2026, 10, 12),
        last_day=date(2027, 1, 12),
    )


def _content(household: Household, adult: Named, labels: list[str], number: str) -> LetterContent:
    children = tuple(
        ChildLine(name=f"{child.given} {child.family}", school=SCHOOL_NAME, class_label=label)
        for child, label in zip(household.children, labels, strict=False)
    )
    return LetterContent(
        number=number,
        holder=addressed(civility_of(adult), adult.given, adult.family),
        address=address_lines(household.street, household.postcode, household.city, None),
        carrier=children[0],
        children=children,
        identifier=identifier_stem(adult.given, adult.family),
    )
