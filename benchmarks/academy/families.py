"""Families dealt to the schools of a sector: some have children in two of them (R-7)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, pairwise
from typing import NamedTuple

from benchmarks.academy.schools import PaperSchool, Sector
from benchmarks.french_names import FrenchNames, Named
from educonnect_admin.domain.names import name_key

ECOLE = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
COLLEGE = ("6E", "5E", "4E", "3E")
_TWO_ADULTS = 0.92
_SECOND_HERE, _SECOND_ELSEWHERE = 0.16, 0.09
_APART, _SHARES_CONTACTS = 0.25, 0.05
_HAS_EMAIL, _HAS_MOBILE = 0.88, 0.92
_TOLD_OTHERWISE = 0.15
"""Of the families known to two schools: those whose second school has another e-mail."""
_WAITING = 400
"""Families that wait for another school of the sector; no more than a collège takes."""
_STREETS = ("rue de la République", "avenue du Maréchal-Leclerc", "impasse des Lilas",
            "place de l'Église", "chemin des Écoliers", "boulevard Jean-Jaurès",
            "rue du Moulin", "route de Caen", "résidence des Tilleuls")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Adult:
    """A guardian as a school knows them; an e-mail or a mobile may be missing."""

    named: Named
    email: str
    mobile: str
    street: str


class Child(NamedTuple):
    """A pupil: INE and number are theirs alone; the level is a place among the school's."""

    number: int
    named: Named
    level: int

    @property
    def ine(self) -> str:
        """A national number of a sound form."""
        return f"{self.number:09d}GA"


@dataclass(frozen=True, slots=True)
class Family:
    """Adults and those of their children who are in one school."""

    number: int
    adults: tuple[Adult, ...]
    children: tuple[Child, ...]


@dataclass(frozen=True, slots=True)
class PaperClass:
    """A class: its label, and its pupils' places: family and child."""

    label: str
    members: list[tuple[Family, Child]]


class Registry:
    """Draws families for ever; the same seed, the same families."""

    def __init__(self, seed: int) -> None:
        """Read the lists of names."""
        names = FrenchNames(seed)
        self._chance = names.chance
        self._people = names.people()
        self._families, self._children = count(1), count(1)
        self._waiting: list[Family] = []

    def sector(self, schools: Sector) -> Iterator[tuple[PaperSchool, list[Family]]]:
        """Give the families of each school; some come from a school before it."""
        self._waiting = []
        for school in schools:
            yield school, list(self._of_school(school))

    def _of_school(self, school: PaperSchool) -> Iterator[Family]:
        levels = len(COLLEGE if school.is_college else ECOLE)
        # A collège takes the elder ones of the whole sector, an école those who live near both.
        known = self._waiting if school.is_college else self._waiting[-school.pupils // 12 :]
        self._waiting = self._waiting[: len(self._waiting) - len(known)]
        places = school.pupils
        for family in known:
            if places:
                places -= 1
                yield self._known_here(family, levels)
        while places:
            family = self._new(places, levels)
            places -= len(family.children)
            yield family
            if self._happens(_SECOND_ELSEWHERE) and len(self._waiting) < _WAITING:
                self._waiting.append(family)

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    def _known_here(self, family: Family, levels: int) -> Family:
        adults = family.adults
        if self._happens(_TOLD_OTHERWISE):
            adults = tuple(
                replace(one, email=f"autre.{one.email}" if one.email else "") for one in adults
            )
        child = self._child(family.adults[0].named.family, levels)
        return Family(family.number, adults, (child,))

    def _new(self, places: int, levels: int) -> Family:
        number = next(self._families)
        first = self._adult(number, 0, "")
        adults = [first]
        if self._happens(_TWO_ADULTS):
            adults.append(self._adult(number, 1, "" if self._happens(_APART) else first.street))
        if len(adults) > 1 and self._happens(_SHARES_CONTACTS):
            adults[1] = replace(adults[1], email=first.email, mobile=first.mobile)
        brothers = 2 if places > 1 and self._happens(_SECOND_HERE) else 1
        children = tuple(self._child(first.named.family, levels) for _ in range(brothers))
        return Family(number, tuple(adults), children)

    def _adult(self, family: int, place: int, street: str) -> Adult:
        named = next(self._people)
        given, surname = name_key(named.given), name_key(named.family)
        number = 2 * family + place
        email = f"{given}.{surname}{number}@exemple.fr" if self._happens(_HAS_EMAIL) else ""
        mobile = f"06{number % 10**8:08d}" if self._happens(_HAS_MOBILE) else ""
        at = self._chance.randrange(200 * len(_STREETS))
        street = street or f"{1 + at // len(_STREETS)} {_STREETS[at % len(_STREETS)]}"
        return Adult(named, email, mobile, street)

    def _child(self, family: str, levels: int) -> Child:
        named = next(self._people)._replace(family=family)
        return Child(next(self._children), named, self._chance.randrange(levels))


def classes_of(school: PaperSchool, families: list[Family], size: int) -> list[PaperClass]:
    """Seat the pupils of a school by level, about so many a class, and label the classes.

    A small école has classes of several levels (`CE1-CE2`), a big one several of the same
    (`CP A`, `CP B`); a collège has `6E1`, `6E2`, ….
    """
    levels = COLLEGE if school.is_college else ECOLE
    seats: list[list[tuple[Family, Child]]] = [[] for _ in levels]
    for family in families:
        for child in family.children:
            seats[child.level].append((family, child))
    if school.pupils > size * len(levels):
        return [one for at, level in enumerate(levels) for one in _alike(level, seats[at], size)]
    return _mixed(levels, [one for members in seats for one in members], size)


def _alike(level: str, members: list[tuple[Family, Child]], size: int) -> Iterator[PaperClass]:
    number = max(1, round(len(members) / size))
    for at in range(number):
        end = str(at + 1) if level in COLLEGE else f" {chr(65 + at)}"
        some = members[at::number]
        if some:
            yield PaperClass(level + end, some)


def _mixed(
    levels: tuple[str, ...], members: list[tuple[Family, Child]], size: int
) -> list[PaperClass]:
    number = max(1, round(len(members) / size))
    bounds = [at * len(members) // number for at in range(number + 1)]
    classes: list[PaperClass] = []
    for start, end in pairwise(bounds):
        some = members[start:end]
        label = "-".join(dict.fromkeys(levels[child.level] for _, child in some))
        again = sum(one.label.partition(" ")[0] == label for one in classes)
        classes.append(PaperClass(f"{label} {chr(65 + again)}" if again else label, some))
    return classes
