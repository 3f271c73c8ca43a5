"""The schools of an academy: how many of which size, in sectors of écoles around a collège."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, groupby
from random import Random  # noqa: TID251 - a fixed seed: the same academy at each run

from educonnect_admin.domain.uai import check_letter

ACADEMY = "70"
PUPILS_A_SCHOOL = 300_000 / 2_800
_DEPARTMENTS = {"014": "14", "027": "27", "050": "50", "061": "61", "076": "76"}
"""Those of Normandie: their numbers of four digits hold 9,999 schools each."""

_SCHOOLS_A_SECTOR = 13
_ECOLES = ((60, 20, 60), (28, 60, 120), (10, 120, 250), (2, 250, 420))
"""Of a hundred écoles: so many have from so many to so many pupils."""
_COLLEGE = (380, 620)
_SMALLEST = 8
_NAMES = ("Jules-Ferry", "Jacques-Prévert", "Marie-Curie", "Jean-Moulin", "Les Tilleuls",
          "Victor-Hugo", "Louise-Michel", "Paul-Éluard", "Le Petit Bois", "Simone-Veil",
          "Pierre-Corneille", "Olympe-de-Gouges", "Jean-Jaurès", "La Fontaine")  # fmt: skip
_TOWN_ENDS = ("-sur-Orne", "-la-Campagne", "-en-Auge", "-le-Vieux", "-sur-Mer", "", "-aux-Bois")
_TOWN_HEADS = ("Saint-Aubin", "Villers", "Montigny", "Beaumont", "Fontaine", "Sainte-Croix",
               "Bretteville", "Le Mesnil", "Tourville", "Hérouville", "Gonneville")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSchool:
    """A school: its number and name, its town, how many pupils."""

    uai: str
    name: str
    city: str
    postcode: str
    pupils: int
    is_college: bool

    @property
    def mail(self) -> str:
        """Its address, as every public school has one."""
        return f"ce.{self.uai.lower()}@exemple.fr"


Sector = list[PaperSchool]
"""Écoles, and after them the collège to which their pupils go."""


def sectors(schools: int, seed: int) -> Iterator[Sector]:
    """Give the sectors of an academy of so many schools, the collège last in each.

    The sizes are drawn for the whole academy, then stretched so that there are as many pupils
    for each school as in an academy of 2,800 schools and 300,000 pupils.

    Args:
        schools: How many, at least one.
        seed: Which academy.
    """
    chance = Random(seed)
    shapes = list(_shapes(schools))
    sizes = [_size(chance, is_college=is_college) for _, is_college in shapes]
    stretch = schools * PUPILS_A_SCHOOL / sum(sizes)
    numbers = {prefix: count(1) for prefix in _DEPARTMENTS}
    drawn = zip(shapes, sizes, strict=True)
    for number, members in groupby(drawn, key=lambda one: one[0][0]):
        prefix = list(_DEPARTMENTS)[number % len(_DEPARTMENTS)]
        yield [
            _school(
                prefix,
                next(numbers[prefix]),
                max(_SMALLEST, round(size * stretch)),
                is_college=is_college,
            )
            for (_, is_college), size in members
        ]


def _shapes(schools: int) -> Iterator[tuple[int, bool]]:
    """Give each school's sector, and whether it is the collège."""
    for at in range(schools):
        number, place = divmod(at, _SCHOOLS_A_SECTOR)
        is_last = place == _SCHOOLS_A_SECTOR - 1 or at == schools - 1
        yield number, is_last and schools > 1


def _size(chance: Random, *, is_college: bool) -> int:
    if is_college:
        return chance.randint(*_COLLEGE)
    (_, low, high) = chance.choices(_ECOLES, weights=[share for share, _, _ in _ECOLES])[0]
    return chance.randint(low, high)


def _school(prefix: str, number: int, pupils: int, *, is_college: bool) -> PaperSchool:
    digits = f"{prefix}{number:04d}"
    kind = "Collège" if is_college else "École primaire"
    head, end = _TOWN_HEADS[number % len(_TOWN_HEADS)], _TOWN_ENDS[number % len(_TOWN_ENDS)]
    return PaperSchool(
        uai=digits + check_letter(digits),
        name=f"{kind} {_NAMES[number % len(_NAMES)]}",
        city=head + end,
        postcode=f"{_DEPARTMENTS[prefix]}{10 * (1 + number % 89):03d}",
        pupils=pupils,
        is_college=is_college,
    )
