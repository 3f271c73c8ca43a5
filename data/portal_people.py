"""Say who may try the portal of the demonstration: `python data/portal_people.py LETTERS`.

What a parent would hold is read where a parent would: on the letters themselves; birth dates and
mobiles come from the samples.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pypdf import PdfReader

_SAMPLES = Path(__file__).parent / "samples" / "ecole-charlemagne"


class Letter(NamedTuple):
    """What one letter says."""

    holder: str
    identifier: str
    password: str
    children: tuple[str, ...]


def main(folder: Path) -> None:
    """Print one parent for each way in."""
    born = dict(_birth_dates())
    letters = [one for one in _letters(folder) if all(child in born for child in one.children)]
    alone = next(one for one in letters if len(one.children) == 1)
    several = next(one for one in letters if len(one.children) > 1)
    print(
        "\nAvec un courrier (identifiant, mot de passe provisoire, date de naissance des enfants) :"
    )
    for one in (alone, several):
        print(f"  {one.identifier}  {one.password}")
        for child in one.children:
            print(f"      {child}, {born[child]}")
    print("\nPar SMS («Je n'ai pas de compte» : nom, prénom, mobile) :")
    known = {one.holder: one for one in letters if one not in {alone, several}}
    for name, mobile in list(_mobiles(known))[:2]:
        print(f"  {name}, {mobile}")
        for child in known[name].children:
            print(f"      {child}, {born[child]}")
    print("\nLe portail        : http://localhost:8000/")
    print("Mails et SMS      : http://localhost:8000/developpement/messages\n", flush=True)


def _letters(folder: Path) -> Iterator[Letter]:
    for path in sorted(folder.glob("0599901S/*-courriers.pdf")):
        for page in PdfReader(path).pages:
            text = page.extract_text()
            found = re.search(
                r"À l.attention de\s(?:(?:M\.|Mme)\s)?(?P<holder>[^\n]+)\n.*"
                r"Identifiant\s:\s(?P<identifier>\S+)\s+Mot de passe\s?\*\s:\s(?P<password>\w+)",
                text, re.DOTALL,
            )  # fmt: skip
            children = tuple(re.findall(r"•\s+(.+?)\s–\s", text))
            if found and children:
                yield Letter(*found.group("holder", "identifier", "password"), children)


def _birth_dates() -> Iterator[tuple[str, str]]:
    for row in _rows("CSVExtraction-eleves.csv"):
        yield f"{row['Prénom élève']} {row['Nom élève']}", f"né(e) le {row['Date naissance']}"


def _mobiles(known: dict[str, Letter]) -> Iterator[tuple[str, str]]:
    for row in _rows("CSVExtraction-responsables.csv"):
        name = f"{row['Prénom responsable']} {row['Nom responsable']}"
        mobile = re.sub(r"\D", "", row["Téléphone portable"] or "")
        if name in known and re.fullmatch(r"0[67]\d{8}", mobile):
            yield name, mobile


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_SAMPLES / name).open(encoding="cp1252", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
