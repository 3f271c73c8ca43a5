"""A made-up French town whose families have children in one school or in several.

In it: couples of one mobile and one e-mail, twins, namesakes who share a mobile, father and
son of one name in one home, married names, moves, new mobiles. Who everybody really is stays
known, so that what is put together can be told right or wrong.

A father and a son of one name in one home both have a mobile that their school knows: where
a file has nothing but the address, no rule tells them apart (R-7).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import NamedTuple

from benchmarks.french_names import FrenchNames, Named
from educonnect_admin.domain.names import name_key

LEVELS = ("CP", "CE1", "CE2", "CM1", "CM2")
_STREETS = (
    "rue de la République", "avenue du Maréchal-Leclerc", "impasse des Lilas", "rue Pasteur",
    "place de l'Église", "chemin des Écoliers", "boulevard Jean-Jaurès", "rue des Acacias",
    "allée des Tilleuls", "rue Victor-Hugo", "route de Caen", "rue du Moulin", "cours Lafayette",
    "rue Jules-Ferry", "quai de la Loire", "sente des Prés", "rue Louise-Michel", "clos Fleuri",
)  # fmt: skip
_POSTCODES = 12
_ALIKE = (("Julie", "Julien"), ("Stéphanie", "Stéphane"), ("Michèle", "Michel"),
          ("Frédérique", "Frédéric"), ("Dominique", "Dominique"))  # fmt: skip
"""Couples whose given names are near, or the same."""


class Home(NamedTuple):
    """Where somebody lives."""

    street: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adult:
    """A guardian as they are."""

    number: int
    woman: bool
    given: str
    family: str
    usage: str | None
    email: str | None
    mobile: str | None
    home: Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A pupil as they are; `place` is the school, `level` a place in `LEVELS`."""

    given: str
    family: str
    born: date
    place: int
    level: int


@dataclass(slots=True)
class Family:
    """Adults who answer for the same children, whether or not they live together."""

    adults: list[Adult]
    children: list[Child]


class Town:
    """A town of at least so many guardians, some two hundred pupils a school."""

    def __init__(self, guardians: int, seed: int = 2026) -> None:
        """Settle the families; the same seed gives the same town."""
        self._names = FrenchNames(seed)
        self.chance = self._names.chance
        self._people = self._names.people()
        self._numbers = count(1)
        self.places = max(2, guardians * 3 // 5 // 200)
        self.families: list[Family] = []
        self._settle(guardians)

    def happens(self, share: float) -> bool:
        """Tell whether something of a given likelihood happens."""
        return self.chance.random() < share

    def a_year_passes(self) -> None:
        """Let people move, marry, change mobile and e-mail; the eldest leave, others come."""
        leaving = 0
        for family in self.families:
            family.children = [self._grown(child) for child in family.children]
            stay = [child for child in family.children if child.level < len(LEVELS)]
            leaving += len(family.adults) if not stay else 0
            family.children = stay
            self._change(family)
        self.families = [family for family in self.families if family.children]
        self._settle(leaving)

    def _settle(self, guardians: int) -> None:
        settled = 0
        while settled < guardians:
            families = [self._family()]
            if self.happens(0.004):
                families.append(self._of_the_son(families[0]))
            if self.happens(0.004):
                families.append(self._of_a_namesake(families[0]))
            self.families += families
            settled += sum(len(family.adults) for family in families)

    def _family(self) -> Family:
        woman, man = next(self._people), next(self._people)
        if self.happens(0.02):
            hers, his = self.chance.choice(_ALIKE)
            woman, man = woman._replace(given=hers), man._replace(given=his)
        home = self._home()
        mother = self._adult(woman, home, usage=man.family if self.happens(0.45) else None)
        if self.happens(0.2):
            return self._with_children([mother], woman.family)
        apart = self.happens(0.2)
        father = self._adult(man, self._home() if apart else home)
        if not apart and self.happens(0.15):
            father = replace(father, mobile=mother.mobile)
        if not apart and self.happens(0.25):
            father = replace(father, email=mother.email)
        return self._with_children([mother, father], man.family)

    def _of_the_son(self, family: Family) -> Family:
        """Return the family of a grown son who bears his father's names and lives with him."""
        father = replace(family.adults[-1], mobile=self._mobile())
        family.adults[-1] = father
        named = Named(father.family, father.given, father.woman)
        son = replace(self._adult(named, father.home), mobile=self._mobile())
        return self._with_children([son], father.family, near=family)

    def _of_a_namesake(self, family: Family) -> Family:
        """Return the family of a cousin who bears the same names and shares the mobile."""
        one = replace(family.adults[0], email=self._email("famille"))
        family.adults[0] = one
        cousin = self._adult(Named(one.family, one.given, one.woman), self._home())
        cousin = replace(cousin, mobile=one.mobile, email=self._email("cousin"))
        return self._with_children([cousin], one.family)

    def _adult(self, named: Named, home: Home, usage: str | None = None) -> Adult:
        return Adult(
            number=next(self._numbers),
            woman=named.woman,
            given=named.given,
            family=named.family,
            usage=usage,
            email=self._email(f"{name_key(named.given)}.{name_key(named.family)}"),
            mobile=self._mobile() if self.happens(0.92) else None,
            home=home,
        )

    def _with_children(self, adults: list[Adult], name: str, near: Family | None = None) -> Family:
        here = self.chance.randrange(self.places)
        if near is not None and self.happens(0.5):
            here = near.children[0].place
        children: list[Child] = []
        for _ in range(self.chance.choices((1, 2, 3), (5, 4, 1))[0]):
            twin = bool(children) and self.happens(0.04)
            level = children[-1].level if twin else self.chance.randrange(len(LEVELS))
            children.append(
                Child(
                    given=next(self._people).given,
                    family=name,
                    born=children[-1].born if twin else self._birthday(2020 - level),
                    place=self.chance.randrange(self.places) if self.happens(0.25) else here,
                    level=level,
                )
            )
        return Family(adults, children)

    def _grown(self, child: Child) -> Child:
        moves = self.happens(0.06)
        place = self.chance.randrange(self.places) if moves else child.place
        return replace(child, level=child.level + 1, place=place)

    def _change(self, family: Family) -> None:
        home = self._home() if self.happens(0.08) else None
        former = family.adults[0].home
        for at, adult in enumerate(family.adults):
            changes: list[tuple[float, Callable[[Adult], Adult]]] = [
                (0.06, lambda one: replace(one, mobile=self._mobile())),
                (0.06, lambda one: replace(one, email=self._email("nouveau"))),
                (0.01 * adult.woman, lambda one: replace(one, usage=next(self._people).family)),
            ]
            for share, change in changes:
                if self.happens(share):
                    family.adults[at] = change(family.adults[at])
            if home and adult.home == former:
                family.adults[at] = replace(family.adults[at], home=home)

    def _home(self) -> Home:
        number, area = self.chance.randrange(1, 200), self.chance.randrange(_POSTCODES)
        city = f"VILLENEUVE-{chr(ord('A') + area)}"
        return Home(f"{number} {self.chance.choice(_STREETS)}", f"14{area:03d}", city)

    def _mobile(self) -> str:
        return f"+336{self.chance.randrange(10**8):08d}"

    def _email(self, local: str) -> str | None:
        number = self.chance.randrange(10**4)
        return f"{local}{number}@exemple.fr" if self.happens(0.85) else None

    def _birthday(self, year: int) -> date:
        return date(year, self.chance.randrange(1, 13), self.chance.randrange(1, 29))
