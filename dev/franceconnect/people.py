"""Made-up people who sign in: those of the samples, and a few of the rarer kinds."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
_SHOWN_OF_A_SCHOOL = 4

Claim = str | list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody, as an identity provider of the State knows them.

    Attributes:
        claims: as the userinfo has them; what is missing there is not known.
        mobile: the one that the sample gives to the school, for whoever tries the portal.
    """

    claims: Mapping[str, Claim]
    mobile: str = ""
    what: str = ""
    subject: str = field(default="")

    @property
    def label(self) -> str:
        """How the page calls them."""
        names = (self.claims.get("given_name", "(sans prénom)"), self.claims.get("family_name", ""))
        return " ".join(str(name) for name in names)

    @property
    def sub(self) -> str:
        """Who they are to this client, the same at each visit."""
        known = self.subject or f"{self.label}|{self.claims.get('birthdate')}"
        return f"{uuid5(NAMESPACE_URL, known).hex * 2}v1"


def person(
    given_names: Sequence[str],
    family_name: str,
    *,
    birthdate: str = "1984-06-12",
    usage_name: str = "",
    mobile: str = "",
    what: str = "",
) -> Person:
    """Return somebody; without given names, none is known."""
    claims: dict[str, Claim] = {"family_name": family_name, "birthdate": birthdate}
    if given_names:
        claims["given_name"] = " ".join(given_names)
        claims["given_name_array"] = list(given_names)
    if usage_name:
        claims["preferred_username"] = usage_name
    claims.update(gender="female", birthplace="59350", birthcountry="99100")
    return Person(claims=claims, mobile=mobile, what=what)


RARE = (
    person(["Camille"], "SANSFICHE", what="dans aucune école"),
    person(["Nour"], "PARTIELLE", birthdate="1992-11-00", what="né(e) en novembre 1992, sans jour"),
    person(["Sacha"], "PRESUMEE", birthdate="1992", what="né(e) en 1992, sans mois ni jour"),
    person([], "SEULNOM", what="sans prénom"),
    person(
        ["Marie-Antoinette", "Joséphine", "Philippine", "Wilhelmine"],
        "DE LA ROCHEFOUCAULD-MONTMORENCY-LUXEMBOURG-SAINT-AIGNAN",
        what="un nom de plus de 50 signes",
    ),
)


def sample_people() -> list[Person]:
    """Return some guardians of the samples who have a mobile, then the rarer kinds."""
    found: list[Person] = []
    for file in sorted(SAMPLES.glob("ecole-*/CSVExtraction-responsables.csv")):
        found += _guardians(file)[:_SHOWN_OF_A_SCHOOL]
    return [*found, *RARE]


def _guardians(file: Path) -> list[Person]:
    raw = file.read_bytes()
    text = raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "cp1252")
    return [
        person(
            [row["Prénom responsable"], "Dominique"],
            row["Nom responsable"],
            usage_name=row["Nom usage responsable"],
            mobile=row["Téléphone portable"],
        )
        for row in csv.DictReader(text.splitlines(), delimiter=";")
        if row["Téléphone portable"] and row["Nom responsable"]
    ]
