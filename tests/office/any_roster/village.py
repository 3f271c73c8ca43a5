"""The people behind the rosters, each with an identity that no file tells.

Few, and as alike as people are: twins, a father and a son of one name who each have a daughter
of one name, couples who share an e-mail and a mobile, a given name that is his and hers, a
married woman who bears the name of a neighbour, separated parents, a grandmother who is no
legal guardian. What a file could never tell apart by the rules (R-7) is not in it: namesakes
always have a mobile of their own, or a civility.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from educonnect_admin.domain.civility import Civility
from tests.support.families import OTHER_UAI, UAI

SCHOOLS = (UAI, OTHER_UAI)
LEVELS = {"CP A": "CP", "CP B": "CP", "CE1": "CE1", "Classe bleue": "CE1"}
"""The classes of both schools; one is called like its level, which is also another one's."""


@dataclass(frozen=True)
class Bond:
    """What a guardian is to a child, where the file tells."""

    legal: bool
    kinship: str


@dataclass
class Adult:
    """A guardian; `never_lacks` are the cells by which alone a namesake is told apart."""

    who: str
    number: int
    civility: Civility
    given: str
    family: str
    usage: str | None
    email: str
    mobile: str
    street: str
    never_lacks: frozenset[str] = frozenset()


@dataclass
class Kid:
    """A child; `places` is the class in each school, where the child is in one."""

    who: str
    number: int
    given: str
    family: str
    usage: str | None
    born: date
    ine: str | None
    bonds: dict[str, Bond]
    places: dict[str, str] = field(default_factory=dict)

    @property
    def misdated(self) -> date:
        """The wrong date that somebody types for this child, and for no other."""
        return date(2016, 1, self.number)

    @property
    def misspelt(self) -> str:
        """The wrong given name that somebody types for this child, and for no other."""
        return f"{self.given}{'abcdefghijklmnop'[self.number]}"


FATHER, MOTHER = Bond(legal=True, kinship="10"), Bond(legal=True, kinship="20")
GRANDMOTHER = Bond(legal=False, kinship="38")
MOBILE, CIVILITY = frozenset({"mobile"}), frozenset({"civility"})


def adults() -> dict[str, Adult]:
    """Return everybody who answers for a child."""
    sir, madam = Civility.SIR, Civility.MADAM
    martins = ("martin@x.fr", "+33600000001", "1 rue A")
    rouxes = ("roux@x.fr", "+33600000005", "5 rue B")
    people: tuple[tuple[Any, ...], ...] = (
        ("jean", sir, "Jean", "Martin", None, *martins, MOBILE),
        ("claire", madam, "Claire", "Petit", "Martin", *martins, MOBILE),
        ("jean_junior", sir, "Jean", "MARTIN", None, "martin@x.fr", "+33600000002", "1 rue A",
         MOBILE),
        ("claire_born_martin", madam, "Claire", "Martin", None, "claire@x.fr", "+33600000003",
         "1 rue A", MOBILE),
        ("dominique", sir, "Dominique", "Roux", None, *rouxes, CIVILITY),
        ("dominique_too", madam, "Dominique", "Roux", None, *rouxes, CIVILITY),
        ("nadia", madam, "Nadia", "Benali", None, "nadia@x.fr", "+33600000007", "7 rue C",
         frozenset()),
        ("karim", sir, "Karim", "Benali", None, "karim@x.fr", "+33600000008", "8 rue D",
         frozenset()),
        ("anne", madam, "Anne", "Leroy", None, "anne@x.fr", "+33600000009", "9 rue E",
         frozenset()),
        ("lise", madam, "Lise", "N'Diaye", None, "lise@x.fr", "+33600000010", "9 rue E",
         frozenset()),
        ("awa", madam, "Awa", "NDIAYE", None, "lise@x.fr", "+33600000011", "11 rue F",
         frozenset()),
    )  # fmt: skip
    return {one[0]: Adult(one[0], number, *one[1:]) for number, one in enumerate(people)}


def kids() -> dict[str, Kid]:
    """Return the children; nobody is in a school yet."""
    elders = {"jean": FATHER, "claire": MOTHER}
    juniors = {"jean_junior": FATHER, "claire_born_martin": MOTHER}
    rouxes = {"dominique": FATHER, "dominique_too": MOTHER}
    benalis = {"nadia": MOTHER, "karim": FATHER}
    mothers = {"anne": MOTHER, "lise": MOTHER, "awa": GRANDMOTHER}
    children: tuple[tuple[Any, ...], ...] = (
        ("alice", "Alice", "Martin", None, date(2018, 3, 14), "111111111AA", elders),
        ("alix", "Alix", "Martin", None, date(2018, 3, 14), "111111112AA", elders),
        ("alice_junior", "Alice", "Martin", None, date(2018, 5, 2), "111111113AA", juniors),
        ("noe", "Noé", "Roux", None, date(2018, 6, 3), "111111114AA", rouxes),
        ("lou", "Lou", "Roux", None, date(2019, 7, 4), "111111115AA", rouxes),
        ("sami", "Sami", "Benali", None, date(2018, 8, 5), "111111116AA", benalis),
        ("ines", "Inès", "Benali", None, date(2019, 9, 6), None, benalis),
        ("zoe", "Zoé", "Leroy", "N'Diaye", date(2018, 10, 7), "111111118AA", mothers),
        ("ali", "Ali", "Ndiaye", None, date(2019, 11, 8), None, {"lise": MOTHER}),
        ("tom", "Tom", "Benali", None, date(2019, 12, 9), "111111110AA", {"karim": FATHER}),
    )
    return {
        who: Kid(who, number, given, family, usage, born, ine, dict(bonds))
        for number, (who, given, family, usage, born, ine, bonds) in enumerate(children, start=1)
    }


TWINS = ("alice", "alix")
NAMESAKE_PARENTS = ("jean", "jean_junior", "claire", "claire_born_martin")
LIKES = {
    "jean": "jean_junior",
    "jean_junior": "jean",
    "claire": "claire_born_martin",
    "claire_born_martin": "claire",
    "dominique": "dominique_too",
    "dominique_too": "dominique",
}
"""For whom somebody could be taken."""
NAMESAKES = ("alice", "alice_junior")
"""Children of one name: a file may speak of them only where it holds their own rows."""

OF_A_KID = (
    "no_ine", "misspelt", "misdated", "no_class", "no_level", "refused", "left_out", "twice",
)  # fmt: skip
"""What the software of a school may have wrong about a pupil, until it is mended."""

OF_AN_ADULT = (
    "no_email", "no_mobile", "no_street", "no_civility", "no_usage", "misspelt", "usage_alone",
    "refused", "twice", "twice_otherwise", "twice_unsurely",
)  # fmt: skip
"""The same of a guardian; twice: in two rows, which say the same, or not, or less."""


@dataclass
class Village:
    """Who there is, where, and what each school's software has wrong."""

    adults: dict[str, Adult] = field(default_factory=adults)
    kids: dict[str, Kid] = field(default_factory=kids)
    quirks: set[tuple[str, str, str]] = field(default_factory=set)
    """School, person, what is wrong."""
    exchanged: set[str] = field(default_factory=set)
    """Schools that have the numbers of the twins the wrong way round."""
    ever: set[tuple[str, str]] = field(default_factory=set)
    """Who has ever answered for whom."""

    def __post_init__(self) -> None:
        self.ever = {(adult, kid.who) for kid in self.kids.values() for adult in kid.bonds}

    def has(self, school: str, who: str, quirk: str) -> bool:
        """Tell whether a school's software has this wrong about somebody."""
        return (school, who, quirk) in self.quirks

    def toggle(self, school: str, who: str, quirk: str) -> None:
        """Get something wrong, or mend it."""
        adult = self.adults.get(who)
        if adult is None or quirk.removeprefix("no_") not in adult.never_lacks:
            self.quirks ^= {(school, who, quirk)}

    def pupils_of(self, school: str) -> list[Kid]:
        """Return who is in a school."""
        return [kid for kid in self.kids.values() if school in kid.places]

    def schools_of(self, adult: str) -> set[str]:
        """Return where somebody answers for a child."""
        return {place for kid in self.kids.values() if adult in kid.bonds for place in kid.places}

    def tie(self, adult: str, kid: str, bond: Bond | None) -> None:
        """Let somebody answer for a child, or no longer."""
        if bond is None:
            self.kids[kid].bonds.pop(adult, None)
        else:
            self.kids[kid].bonds[adult] = bond
            self.ever.add((adult, kid))
