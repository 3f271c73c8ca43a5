"""The people of the two fictional schools: families with a name and a reason, then the others.

Everybody here is made up. The special families stand first, by hand; `data/samples/README.md`
names them, and tests look for them by those names.
"""

import random  # noqa: TID251 (made-up people are no secret, and must come out the same)
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

CHARLEMAGNE = "charlemagne"
CURIE = "marie-curie"

# Label of a class → the levels in it, and how many pupils it has.
CLASSES: dict[str, dict[str, tuple[tuple[str, ...], int]]] = {
    CHARLEMAGNE: {
        "CP A": (("CP",), 19),
        "CP B": (("CP",), 18),
        "CE1": (("CE1",), 20),
        "CE1-CE2": (("CE1", "CE2"), 18),
        "CE2": (("CE2",), 19),
        "CM1": (("CM1",), 20),
        "CM2": (("CM2",), 21),
    },
    CURIE: {
        "CP": (("CP",), 21),
        "CE1": (("CE1",), 22),
        "CE2": (("CE2",), 21),
        "CM1": (("CM1",), 22),
        "CM2": (("CM2",), 23),
        "ULIS TSA": (("CLIS",), 4),
    },
}
# School year 2024-2025: a CP pupil was born in 2018. No age is unlikely before 2031.
BORN = {"CP": 2018, "CE1": 2017, "CE2": 2016, "CM1": 2015, "CM2": 2014, "CLIS": 2016}


def _words(text: str) -> list[str]:
    return text.split()


GIRLS = _words(
    "Jade Louise Alice Chloé Lina Rose Anna Mila Inès Ambre Julia Zoé Léna Agathe Juliette Lou "
    "Nina Camille Sarah Manon Romane Charlotte Inaya Éva Adèle Victoire Margaux Clémence Lucie "
    "Élise Aya Maëlys Yasmine Noémie Capucine Apolline Faustine Héloïse Salomé Anaïs"
)
BOYS = _words(
    "Gabriel Raphaël Louis Arthur Jules Adam Maël Noah Ethan Paul Nathan Aaron Sacha Mohamed "
    "Tom Gabin Rayan Timéo Axel Eden Nolan Antoine Marius Victor Valentin Samuel Augustin Simon "
    "Ibrahim Clément Oscar Mathis Robin Loïc Amir Baptiste Noé Élie Gaspard Joachim"
)
MOTHERS = _words(
    "Aurélie Céline Stéphanie Virginie Émilie Sandrine Laetitia Audrey Delphine Karine Fatima "
    "Samira Vanessa Élodie Mélanie Caroline Hélène Laure Amandine Nadia Sabrina Valérie Patricia "
    "Agnès Christelle Magali Anne-Laure Marie-Claire Ludivine Justine"
)
FATHERS = _words(
    "Christophe Frédéric Sébastien Nicolas Stéphane David Jérôme Laurent Guillaume Cédric Yann "
    "Mickaël Fabrice Mehdi Rachid Vincent Thierry Bruno Grégory Benoît François Jean-Marc "
    "Emmanuel Ludovic Arnaud Matthieu Xavier Damien Romain Pierre-Yves"
)
SURNAMES = _words(
    "LEFEBVRE DUBOIS LEROY ROUX DAVID BERTRAND MOREL FOURNIER GIRAUD BONNET FRANCOIS MERCIER "
    "BLANC GUERIN BOYER GARNIER CHEVALIER GAUTHIER GARCIA PERRIN ROBIN CLEMENT MORIN HENRY "
    "ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT MARIE LEMAIRE NOEL MEYER DUFOUR "
    "MEUNIER BRUN BLANCHARD GIRAUDON JOLY RIVIERE LUCAS BRUNET GAILLARD BARBIER ARNAUD MARTINEZ "
    "GERARD ROCHE RENARD SCHMITT ROY LEROUX COLIN VIDAL CARON PICARD ROGER FABRE AUBERT LEMOINE "
    "RENAUD DUMAS LACROIX OLIVIER PHILIPPE BOURGEOIS PIERRE BENOIT REY LECLERC PAYET ROLLAND "
    "LECLERCQ GUILLAUME LECOMTE LOPEZ JEAN DUPUY GUILLOT HUBERT BERGER CARPENTIER SANCHEZ "
    "DUPUIS MOULIN LOUIS DESCHAMPS HUET VASSEUR PEREZ BOUCHER FLEURY ROYER KLEIN JACQUET ADAM "
    "PARIS POIRIER MARTY AUBRY GUYOT CARRE CHARLES RENAULT CHARPENTIER MENARD MAILLARD BARON "
    "BERTIN BAILLY HERVE SCHNEIDER FERNANDEZ COLLET LEGER BOUVIER JULIEN PREVOST MILLET PERROT "
    "DANIEL COUSIN GERMAIN BRETON BESSON LANGLOIS REMY PELLETIER LEVEQUE PERRIER LEBLANC BARRE "
    "LEBRUN MARCHAL WEBER MALLET HAMON BOULANGER JACOB MONNIER MICHAUD RODRIGUEZ GUICHARD GILLET "
    "ETIENNE GRONDIN POULAIN TESSIER CHEVALLIER COLLIN CHAUVIN BENARD DIALLO HADDAD BELKACEM"
)
STREETS = (
    "rue des Tilleuls", "rue du Moulin", "avenue de la République", "rue Pasteur",
    "rue de l'Église", "boulevard Victor-Hugo", "place du Marché", "rue des Écoles",
    "impasse des Lilas", "allée des Érables", "rue Jean-Jaurès", "chemin du Canal",
)  # fmt: skip
TOWNS = (("59000", "Lille"), ("59160", "Lomme"), ("59130", "Lambersart"), ("59260", "Hellemmes"))


@dataclass
class Child:
    """A pupil; `mention` is how guardians' rows spell the names when not the same way."""

    family: str
    given: str
    sex: str
    birth: date
    level: str
    label: str
    school: str
    usage: str = ""
    ine: str = ""
    mention: tuple[str, str] | None = None


@dataclass
class Adult:
    """A guardian as one school knows them, with the children they name."""

    civility: str
    family: str
    given: str
    street: str
    postcode: str = "59000"
    city: str = "Lille"
    usage: str = ""
    email: str = ""
    home: str = ""
    work: str = ""
    mobile: str = ""
    children: list[Child] = field(default_factory=list)
    schools: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Return what may stand in an address."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore")
    return "".join(sign for sign in plain.decode().lower() if sign.isalnum() or sign == "-")


class Town:
    """Draws the ordinary families around the special ones; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.children: list[Child] = []
        self.adults: list[Adult] = []
        self._used: set[tuple[str, str]] = set()
        self._surnames = list(SURNAMES)
        self.chance.shuffle(self._surnames)

    def add(self, children: list[Child], *adults: Adult) -> None:
        """Let a family in; adults who name no child of their own name all of these."""
        self.children += children
        for adult in adults:
            adult.children = adult.children or children
            self.adults.append(adult)
        self._used |= {(child.family, child.given) for child in children}
        self._used |= {(adult.family, adult.given) for adult in adults}

    def ine(self) -> str:
        """Return a number of the form used in schools since 2018."""
        letters = "".join(self.chance.choice("ABCDEFGHJK") for _ in range(2))
        return f"{self.chance.randrange(10**9):09d}{letters}"

    def mobile(self) -> str:
        """Return a mobile of mainland France, written as people do."""
        start = self.chance.choice(("06 1", "06 2", "06 4", "06 6", "06 7", "07 6", "07 8"))
        digits = f"{start}{self.chance.randrange(10)}".replace(" ", "")
        digits += f"{self.chance.randrange(10**6):06d}"
        pairs = [digits[at : at + 2] for at in range(0, 10, 2)]
        return self.chance.choice((" ", " ", "", ".")).join(pairs)

    def birth(self, level: str) -> date:
        """Return a day of the year in which this level was born."""
        return date(BORN[level], 1, 1) + timedelta(days=self.chance.randrange(365))

    def fill(self, school: str) -> None:
        """Draw ordinary families until every class of a school is full."""
        for label, (levels, size) in CLASSES[school].items():
            present = sum(c.school == school and c.label == label for c in self.children)
            for number in range(size - present):
                self._add_family(school, label, levels[number % len(levels)])

    def _add_family(self, school: str, label: str, level: str) -> None:
        if self._surnames and self.chance.random() < 0.75:
            family = self._surnames.pop()
        else:
            family = self.chance.choice(SURNAMES)
        sex = self.chance.choice("FM")
        given = self._fresh(family, GIRLS if sex == "F" else BOYS)
        child = Child(family, given, sex, self.birth(level), level, label, school)
        self.add([child], *self._parents(family))

    def _fresh(self, family: str, names: list[str]) -> str:
        free = [name for name in names if (family, name) not in self._used]
        given = self.chance.choice(free)
        self._used.add((family, given))
        return given

    def _parents(self, family: str) -> list[Adult]:
        number, street = self.chance.randrange(1, 120), self.chance.choice(STREETS)
        postcode, city = self.chance.choice(TOWNS)
        home = f"03 20 {self.chance.randrange(10**6):06d}" if self.chance.random() < 0.3 else ""
        birth_name = self.chance.choice(SURNAMES)
        mother = Adult(
            self.chance.choice(("MME", "MME", "Mme")),
            birth_name,
            self._fresh(birth_name, MOTHERS),
            f"{number} {street}",
            usage=family if birth_name != family and self.chance.random() < 0.6 else "",
        )
        parents = [mother]
        if self.chance.random() < 0.85:
            father = self._fresh(family, FATHERS)
            parents.append(Adult("M.", family, father, f"{number} {street}"))
        for parent in parents:
            parent.postcode, parent.city, parent.home = postcode, city, home
            parent.mobile = self.mobile() if self.chance.random() < 0.95 else ""
            parent.email = self._email(parent) if self.chance.random() < 0.9 else ""
        return parents

    def _email(self, adult: Adult) -> str:
        house = self.chance.choice(("example.fr", "example.org", "example.net"))
        return f"{fold(adult.given)}.{fold(adult.usage or adult.family)}@{house}"
