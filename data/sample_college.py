"""A fictional collège: its pupils and what each guardian is to each of them.

Drawn apart from the two schools, with a seed of its own, so that those stay as they are.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sample_people import BOYS, GIRLS, SURNAMES, Adult, Child, Town, fold

COLLEGE = "simone-veil"
CLASSES = {"6A": 13, "5A": 11, "4A": 11, "3A": 12}
FORMATIONS = {
    "6A": "10010012110", "5A": "10110001110", "4A": "10210001110", "3A": "10310019110",
}  # fmt: skip
# School year 2024-2025; nobody's age is unlikely before 2036.
BORN = {"6A": 2013, "5A": 2012, "4A": 2011, "3A": 2010}
MOTHER, FATHER, GRANDPARENT, OTHER = "10", "20", "38", "90"
LEGAL, IN_CHARGE, CONTACT = "1", "2", "3"


@dataclass
class Tie:
    """What an adult is to a child: `level` as since 2018, `rank` as before."""

    adult: Adult
    child: Child
    kinship: str
    level: str = LEGAL

    @property
    def rank(self) -> str:
        """Return 1 for the first legal guardian of a household, 2 for the other, 0 for none."""
        if self.level != LEGAL:
            return "0"
        return "2" if self.adult.civility == "M." else "1"


@dataclass
class College:
    """Everybody, in the order of their numbers."""

    pupils: list[Child] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    alone: list[Adult] = field(default_factory=list)
    left: dict[tuple[str, str], date] = field(default_factory=dict)
    """Names of a leaver → day."""
    formations: dict[tuple[str, str], str] = field(default_factory=dict)
    """Names of a pupil → formation, where it is not that of the class."""

    @property
    def adults(self) -> list[Adult]:
        """Return the guardians, each once, by their first child; then those of nobody."""
        found = {id(tie.adult): tie.adult for tie in self.ties}
        return [*found.values(), *self.alone]


class Quarter(Town):
    """Draws the households of the collège."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.college = College()

    def settle(self, children: list[Child], *ties: tuple[Adult, str, str]) -> None:
        """Let a household in; each adult is the same to all of these children."""
        self.add(children, *(adult for adult, _, _ in ties))
        self.college.pupils += children
        self.college.ties += [
            Tie(adult, child, kinship, level)
            for child in children
            for adult, kinship, level in ties
        ]

    def complete(self) -> College:
        """Draw ordinary households until every class is full."""
        for label, size in CLASSES.items():
            present = sum(child.label == label for child in self.college.pupils)
            for _ in range(size - present):
                self._draw(label)
        for child in self.college.pupils:
            child.ine = child.ine or self.ine()
        return self.college

    def _draw(self, label: str) -> None:
        family = self.chance.choice(SURNAMES)
        sex = self.chance.choice("FM")
        given = self._fresh(family, GIRLS if sex == "F" else BOYS)
        born = date(BORN[label], 1, 1) + timedelta(days=self.chance.randrange(365))
        child = Child(family, given, sex, born, label[0] + "E", label, COLLEGE)
        ties = [
            (adult, FATHER if adult.civility == "M." else MOTHER, LEGAL)
            for adult in self._parents(family)
        ]
        self.settle([child], *ties)


def college(seed: int) -> College:
    """Return the whole collège; the special households first."""
    quarter = Quarter(seed)
    for settle in (
        _two_mothers, _separated, _step_father, _siblings, _twins, _fontaine, _lost_letters,
        _leavers, _odd_numbers,
    ):  # fmt: skip
        settle(quarter)
    return quarter.complete()


def _child(label: str, family: str, given: str, sex: str, birth: date) -> Child:
    return Child(family, given, sex, birth, f"{label[0]}E", label, COLLEGE)


def _adult(civility: str, family: str, given: str, street: str, mobile: str) -> Adult:
    email = f"{fold(given)}.{fold(family)}@example.fr"
    return Adult(civility, family, given, street, email=email, mobile=mobile)


def _two_mothers(quarter: Quarter) -> None:
    """Two legal guardians of kinship 10, one mobile and one e-mail."""
    first = _adult("MME", "LACOMBE", "Sabine", "4 rue Pasteur", "06 12 40 31 01")
    second = _adult("MME", "ROCHETTE", "Diane", "4 rue Pasteur", "06 12 40 31 01")
    second.email = first.email
    quarter.settle(
        [_child("6A", "LACOMBE", "Garance", "F", date(2013, 4, 18))],
        (first, MOTHER, LEGAL),
        (second, MOTHER, LEGAL),
    )


def _separated(quarter: Quarter) -> None:
    """Two homes, two letters; a grandmother to be called, who is no legal guardian."""
    mother = _adult("MME", "VASSEUR", "Hélène", "17 rue du Moulin", "06 12 40 32 01")
    father = _adult("M.", "TELLIER", "Marc", "2 impasse des Lilas", "06 12 40 32 02")
    grandmother = _adult("MME", "VASSEUR", "Odette", "17 rue du Moulin", "06 12 40 32 03")
    quarter.settle(
        [_child("5A", "TELLIER", "Malo", "M", date(2012, 11, 30))],
        (mother, MOTHER, LEGAL),
        (father, FATHER, LEGAL),
        (grandmother, GRANDPARENT, CONTACT),
    )


def _step_father(quarter: Quarter) -> None:
    """Legal for his own son, only in charge of his wife's daughter."""
    mother = _adult("MME", "BENALI", "Samia", "9 rue des Écoles", "06 12 40 33 01")
    father = _adult("M.", "CORDIER", "Yves", "9 rue des Écoles", "06 12 40 33 02")
    daughter = _child("4A", "BENALI", "Inès", "F", date(2011, 2, 3))
    son = _child("6A", "CORDIER", "Abel", "M", date(2013, 8, 21))
    quarter.settle([daughter], (mother, MOTHER, LEGAL), (father, OTHER, IN_CHARGE))
    quarter.settle([son], (mother, MOTHER, LEGAL), (father, FATHER, LEGAL))


def _siblings(quarter: Quarter) -> None:
    """Three classes, one household."""
    mother = _adult("MME", "D'ANGELO", "Chiara", "31 boulevard Victor-Hugo", "06 12 40 34 01")
    father = _adult("M.", "ŒUVRARD", "Loïc", "31 boulevard Victor-Hugo", "06 12 40 34 02")
    quarter.settle(
        [
            _child("6A", "ŒUVRARD", "Nino", "M", date(2013, 1, 9)),
            _child("4A", "ŒUVRARD", "Élisa", "F", date(2011, 6, 14)),
            _child("3A", "ŒUVRARD", "Mathéo", "M", date(2010, 3, 27)),
        ],
        (mother, MOTHER, LEGAL),
        (father, FATHER, LEGAL),
    )


def _twins(quarter: Quarter) -> None:
    """One date, one class, one mother."""
    mother = _adult("MME", "KEITA", "Aminata", "12 rue Jean-Jaurès", "07 61 40 35 01")
    quarter.settle(
        [_child("3A", "KEITA", name, "F", date(2010, 9, 2)) for name in ("Awa", "Assa")],
        (mother, MOTHER, LEGAL),
    )


def _fontaine(quarter: Quarter) -> None:
    """The big brother of Basile and Violette: his parents are those of the other schools."""
    mother = _adult("MME", "FONTAINE", "Nathalie", "18 ALLEE DES ERABLES", "+33612401801")
    father = _adult("M.", "FONTAINE", "Hervé", "18 ALLEE DES ERABLES", "+33612401802")
    quarter.settle(
        [_child("3A", "FONTAINE", "Octave", "M", date(2010, 12, 12))],
        (mother, MOTHER, LEGAL),
        (father, FATHER, LEGAL),
    )


def _lost_letters(quarter: Quarter) -> None:
    """What ISO-8859-15 has no sign for becomes a question mark."""
    father = _adult("M.", "ŞENTÜRK", "Yavuz", "5 place du Marché", "07 61 40 36 01")
    quarter.settle(
        [_child("5A", "ŞENTÜRK", "Deniz", "F", date(2012, 5, 5))], (father, FATHER, LEGAL)
    )


def _leavers(quarter: Quarter) -> None:
    """One has left in November, one is among the inactive; their parents are still in the file."""
    for number, (label, given, born) in enumerate(
        (("5A", "Ambroise", date(2012, 2, 2)), ("Inactifs", "Céleste", date(2011, 3, 3)))
    ):
        mother = _adult("MME", "PARTANT", ("Rose", "Maud")[number], "8 chemin du Canal", "")
        mother.mobile = f"06 12 40 37 0{number + 1}"
        quarter.settle([_child(label, "PARTANT", given, "M", born)], (mother, MOTHER, LEGAL))
    quarter.college.left["PARTANT", "Ambroise"] = date(2024, 11, 15)


def _odd_numbers(quarter: Quarter) -> None:
    """Levels that only the nomenclature, or the structures, tell; somebody tied to nobody."""
    father = _adult("M.", "MERLE", "Félix", "40 avenue de la République", "06 12 40 38 01")
    ahead = _child("3A", "MERLE", "Sidonie", "F", date(2010, 7, 7))
    without = _child("4A", "MERLE", "Justin", "M", date(2011, 10, 1))
    quarter.settle([ahead, without], (father, FATHER, LEGAL))
    quarter.college.formations["MERLE", "Sidonie"] = "10699999110"
    quarter.college.formations["MERLE", "Justin"] = ""
    quarter.college.alone.append(
        _adult("M.", "SAVARY", "Paulin", "40 avenue de la République", "06 12 40 38 02")
    )
