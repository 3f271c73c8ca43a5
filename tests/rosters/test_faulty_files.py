"""The folder of faulty files: each one is answered for its own defect."""

import re
from pathlib import Path

import pytest

from educonnect_admin.cli.roster_words import problem_sentence, remedy, unreadable_sentence
from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.read import read_file
from tests.rosters.files import SAMPLES, TODAY, codes, is_whole

FAULTY, DOUBTFUL = SAMPLES / "fichiers-fautifs", SAMPLES / "fichiers-a-remarques"

# File → the reason it can't be read and the line, if one is known.
UNREADABLE: dict[str, tuple[str, int | None]] = {
    "archive.zip": ("zip_archive", None),
    "binaire.csv": ("binary", None),
    "bombe.xlsx": ("zip_bomb", None),
    "classeur-abime.xlsx": ("damaged_workbook", None),
    "classeur-ancien.xls": ("damaged_workbook", None),
    "classeur-protege.xlsx": ("protected_workbook", None),
    "colonne-en-double.csv": ("repeated_heading", 1),
    "colonne-manquante.csv": ("missing_heading", 1),
    "document-word.docx": ("word_document", None),
    "encodage-inconnu.csv": ("unknown_encoding", 2),
    "enseignants.csv": ("teachers_file", 1),
    "entetes-inconnus.csv": ("unknown_headings", None),
    "entetes-seuls.csv": ("headings_only", 1),
    "guillemet-jamais-ferme.csv": ("unclosed_quote", 3),
    "guillemet-referme-trop-tard.csv": ("unclosed_quote", 2),
    "page-web.csv": ("web_page", None),
    "pdf-renomme.csv": ("pdf", None),
    "sans-entetes.csv": ("unknown_headings", None),
    "trop-de-cellules.xlsx": ("too_many_cells", None),
    "vide.csv": ("empty", None),
}
# File → people taken, rows refused, problems by line.
READABLE: dict[str, tuple[int, int, list[tuple[int, str]]]] = {
    "age-improbable.csv": (3, 0, [(3, "unlikely_age")]),
    "annee-sur-deux-chiffres.csv": (2, 1, [(3, "two_digit_year")]),
    "cellules-en-trop.csv": (3, 0, [(3, "extra_cells")]),
    "code-postal-faux.csv": (1, 0, [(2, "bad_postcode")]),
    "courriel-faux.csv": (1, 0, [(2, "bad_email")]),
    "date-future.csv": (2, 1, [(3, "future_birth_date")]),
    "date-impossible.csv": (2, 1, [(3, "impossible_birth_date")]),
    "date-jour-mois.xlsx": (1, 2, [(2, "day_or_month"), (3, "impossible_birth_date")]),
    "eleve-dans-deux-classes.csv": (2, 1, [(2, "contested_pupil"), (3, "contradictory_pupil")]),
    "eleve-en-double.csv": (2, 1, [(3, "repeated_pupil")]),
    "eleve-radie.csv": (1, 0, [(3, "left_out"), (4, "left_out")]),
    "formule.csv": (3, 0, [(3, "odd_name")]),
    "ine-faux.csv": (3, 0, [(3, "bad_ine")]),
    "meme-ine-deux-dates.csv": (2, 1, [(2, "contested_pupil"), (3, "contradictory_pupil")]),
    "nom-trop-long.csv": (2, 1, [(3, "name_too_long")]),
    "responsable-en-double.csv": (1, 0, [(3, "repeated_guardian")]),
    "responsable-sans-enfant.csv": (1, 0, [(2, "no_child")]),
    "sans-classe.csv": (3, 0, [(3, "no_class")]),
    "sans-date.csv": (2, 1, [(3, "no_birth_date")]),
    "sans-nom.csv": (2, 1, [(3, "no_family_name")]),
    "sans-prenom.csv": (2, 1, [(3, "no_given_name")]),
    "telephone-faux.csv": (1, 0, [(2, "bad_mobile")]),
    "telephone-fixe.csv": (1, 0, [(2, "bad_mobile")]),
    "tout-refuse.csv": (0, 2, [(2, "no_birth_date"), (3, "no_birth_date")]),
}


REFUSING = UNREADABLE.keys() | {name for name, (_, refused, _) in READABLE.items() if refused}


@pytest.mark.parametrize(
    ("folder", "names"), [(FAULTY, REFUSING), (DOUBTFUL, READABLE.keys() - REFUSING)]
)
def test_every_faulty_file_is_checked_and_told(folder: Path, names: set[str]) -> None:
    """The folders, their READMEs and these tables name the same files."""
    there = {path.name for path in folder.iterdir()} - {"README.md"}
    told = re.findall(r"^\| `([^`]+)`", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
    assert there == set(told) == names


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_is_refused(name: str) -> None:
    """The reason, the line where there is one, a French sentence with what to do."""
    with pytest.raises(UnreadableFile) as caught:
        read_file(FAULTY / name, today=TODAY)
    error = caught.value
    assert (error.reason, error.line) == UNREADABLE[name]
    sentence = unreadable_sentence(error)
    assert name in sentence
    assert error.line is None or f"ligne {error.line}" in sentence


@pytest.mark.parametrize("name", READABLE)
def test_a_file_of_which_the_rest_is_taken(name: str) -> None:
    """The bad row is told with its line, and stops nobody else."""
    folder = FAULTY if name in REFUSING else DOUBTFUL
    reading = read_file(folder / name, today=TODAY)
    taken = len(reading.pupils) + len(reading.guardians)
    assert (taken, reading.refused, codes(reading)) == READABLE[name]
    assert is_whole(reading)
    for problem in reading.problems:
        assert f"ligne {problem.line}" in problem_sentence(problem)
        assert remedy(problem)
