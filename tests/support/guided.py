"""Somebody led by the guide in this process: their answers written down beforehand."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.guide import lead
from educonnect_admin.cli.guide.person import PAUSE, Person, WantsOut
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.edge import clock

PUPILS = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;INE;Niveau;Libellé classe\n"
GUARDIANS = (
    "Civilité Responsable;Nom responsable;Prénom responsable;Courriel;Téléphone portable;"
    "Nom de famille enfant;Prénom enfant;Classes enfants\n"
)
UAI = "0599901S"
OTHER_UAI = "0599902T"

Answer = str | type[BaseException] | Callable[[], str]
"""What is typed, what happens instead, or what is typed after something else happened."""


class Reader(Person):
    """Answers from a list, and remembers what was said; leaves when the list is over."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = list(answers)
        self.lines: list[str] = []
        self.questions: list[str] = []
        """The questions, without the proposed answers."""
        self.typed: list[str] = []

    @property
    def told(self) -> str:
        """Everything that was said."""
        return "\n".join(self.lines)

    def tell(self, text: str = "") -> None:
        """Remember it."""
        self.lines.append(text)

    def show(self, line: str) -> None:
        """Remember it."""
        self.lines.append(line)

    def head(self, text: str) -> None:
        """Remember it."""
        self.lines.append(text)

    def offer(self, choices: str) -> None:
        """Remember it."""
        self.lines.append(choices)

    def hear(self, prompt: str) -> str:
        """Return the next answer."""
        self.lines.append(prompt)
        if prompt == PAUSE:
            return ""
        self.questions.append(prompt.split(" [", maxsplit=1)[0].removesuffix(" : "))
        if not self._answers:
            raise WantsOut
        answer = self._answers.pop(0)
        if isinstance(answer, type):
            raise answer
        typed = answer if isinstance(answer, str) else answer()
        self.typed.append(typed)
        return typed

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """Remember how far it went."""
        yield lambda by: self.lines.append(f"{label} : {by} de {total}")


@dataclass(frozen=True)
class Guided:
    """What a guided run left behind."""

    code: int
    reader: Reader = field(repr=False)

    @property
    def told(self) -> str:
        """Everything that was said."""
        return self.reader.told

    @property
    def questions(self) -> list[str]:
        """The questions, in their order."""
        return self.reader.questions


def guided(*answers: Answer) -> Guided:
    """Run the guide with these answers, Enter being an empty one."""
    reader = Reader(answers)
    return Guided(lead(Desk(database=None, operator=None, quiet=False), reader), reader)


def write_rosters(folder: Path, families: int = 6, *, start: int = 0, day: int = 0) -> list[Path]:
    """Write the two exports of a small school: in each family one child and one mother.

    Args:
        folder: Where; made if need be.
        families: How many.
        start: The number of the first family.
        day: How many days ago they were saved.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"PETIT{chr(65 + n)}" for n in range(start, start + families)]
    classes = ["CP A" if n % 2 == 0 else "CE1" for n in range(start, start + families)]
    pupils = [
        f"{name};;Zoé;14/03/2018;;{label[:3].strip()};{label}"
        for name, label in zip(names, classes, strict=True)
    ]
    guardians = [
        f"Mme;{name};Anne;;06 12 34 56 {n:02};{name};Zoé;{label}"
        for n, (name, label) in enumerate(zip(names, classes, strict=True))
    ]
    paths = [folder / "eleves.csv", folder / "responsables.csv"]
    for path, headings, rows in zip(paths, (PUPILS, GUARDIANS), (pupils, guardians), strict=True):
        path.write_text(headings + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        if day:
            # At noon, so that neither midnight nor summer time makes another day of it.
            saved_on = day_in("Europe/Paris", clock()) - timedelta(days=day)
            moment = datetime(
                saved_on.year, saved_on.month, saved_on.day, 12, tzinfo=ZoneInfo("Europe/Paris")
            ).timestamp()
            os.utime(path, (moment, moment))
    return paths


def write_siecle(folder: Path, uai: str = OTHER_UAI) -> list[Path]:
    """Write what SIECLE exports of a school with one pupil: pupils, guardians, nomenclature."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = {
        "ElevesSansAdresses.xml": (
            "BEE_ELEVES",
            '<ELEVES><ELEVE ELEVE_ID="11" ELENOET="1"><NOM_DE_FAMILLE>PETIT</NOM_DE_FAMILLE>'
            "<PRENOM>Zoé</PRENOM><DATE_NAISS>14/03/2014</DATE_NAISS><CODE_MEF>10010012110</CODE_MEF>"
            '</ELEVE></ELEVES><STRUCTURES><STRUCTURES_ELEVE ELEVE_ID="11"><STRUCTURE>'
            "<CODE_STRUCTURE>6A</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE>"
            "</STRUCTURES_ELEVE></STRUCTURES>",
        ),
        "ResponsablesAvecAdresses.xml": (
            "BEE_RESPONSABLES",
            '<PERSONNES><PERSONNE PERSONNE_ID="21"><LC_CIVILITE>MME</LC_CIVILITE>'
            "<NOM_DE_FAMILLE>PETIT</NOM_DE_FAMILLE><PRENOM>Anne</PRENOM></PERSONNE></PERSONNES>"
            "<RESPONSABLES><RESPONSABLE_ELEVE><ELEVE_ID>11</ELEVE_ID>"
            "<PERSONNE_ID>21</PERSONNE_ID><NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE>"
            "<CODE_PARENTE>10</CODE_PARENTE></RESPONSABLE_ELEVE></RESPONSABLES>",
        ),
        "Nomenclature.xml": (
            "BEE_NOMENCLATURES",
            "<MEFS><MEF><CODE_MEF>10010012110</CODE_MEF><LIBELLE_LONG>6EME</LIBELLE_LONG></MEF>"
            "</MEFS>",
        ),
    }
    paths = []
    for name, (root, data) in documents.items():
        text = (
            f'<?xml version="1.0" encoding="ISO-8859-15"?><{root} VERSION="3.0"><PARAMETRES>'
            f"<UAJ>{uai}</UAJ></PARAMETRES><DONNEES>{data}</DONNEES></{root}>"
        )
        paths.append(folder / name)
        paths[-1].write_bytes(text.encode("iso-8859-15"))
    return paths
