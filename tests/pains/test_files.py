"""What a file may hold, and what becomes of each of its rows (R-60)."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.cli.rejecting import column
from tests.office.school_year import Kid, Parent
from tests.pains.bureau import NOBODY, Bureau, Told

PUPILS = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE; Cycle;Niveau;Libellé classe"
)
GUARDIANS = (
    "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Courriel;"
    "Téléphone portable;Nom de famille enfant;Prénom enfant;Classes enfants"
)
CP, CE1 = ("CP", "CP A"), ("CE1", "CE1 B")
LEA = Kid("Léa", "MARTIN", date(2018, 3, 14), *CE1, ine="123456781AB")
NOE = Kid("Noé", "ROUX", date(2018, 7, 8), *CE1)
JEANNE = Parent("Mme", "Jeanne", "MARTIN", "jeanne@x.fr", "0612340001", (LEA,))
SOPHIE = Parent("Mme", "Sophie", "ROUX", "sophie@x.fr", "0612340003", (NOE,))

ENCODINGS = ("cp1252", "utf-8", "utf-8-sig", "utf-16", "mac_roman", "iso-8859-15")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_pain_01_accents_never_truncate_a_name(desk: Bureau, encoding: str) -> None:
    """Whatever the encoding, names come in whole: é, ü, œ, the typographic apostrophe."""
    quote = "'" if encoding == "iso-8859-15" else "\u2019"
    child, label = ("Lœtitia-Zoë", f"N{quote}GUESSAN-CŒUR"), "Île d'Or"
    row = f"{child[1]};;{child[0]};14/03/2018;F;;;CE1;{label}"
    parent = f"M.;;MÜLLER-ÉLYSÉE;Jürgen;a@x.fr;;{child[1]};{child[0]};{label}"
    told = desk.bring(
        desk.text("a.csv", PUPILS, row, encoding=encoding),
        desk.text("b.csv", GUARDIANS, parent, encoding=encoding),
    )

    assert (told.code, told.heads("new"), told.problems) == (0, (1, 1, 1), [])
    assert {file["encoding"] for file in told["files"]} == {encoding}
    assert desk.people("given_name, family_name", "pupils") == [child]
    assert desk.people("given_name, family_name") == [("Jürgen", "MÜLLER-ÉLYSÉE")]
    assert desk.enrolled() == {child[0]: label}
    assert desk.children_of("jurgen.muller-elysee") == {child[0]}


def test_pain_01_letters_that_no_encoding_has_refuse_the_file(desk: Bureau) -> None:
    """Bytes cut in the middle of a letter: the line is told, not half a name goes in."""
    path = desk.text(
        "a.csv",
        PUPILS,
        "MARTIN;;Léa;14/03/2018;F;;;CE1;A",
        "HÉRAULT;;Zoé;14/03/2018;F;;;CE1;A",
        encoding="utf-8",
    )
    data = Path(path).read_bytes()
    Path(path).write_bytes(data.replace("HÉ".encode(), "HÉ".encode()[:-1]))

    said = desk.refuse(path)

    assert "«a.csv» contient des caractères qui ne se lisent dans aucun encodage" in said.err
    assert "(ligne 3)" in said.err
    assert desk.count("pupils") == 0


def test_pain_03_a_homonym_stops_nobody(bureau: Bureau) -> None:
    """Four classes; homonyms in the third, twelve parents of one name: all four go in."""
    kids = [
        Kid(f"Enfant{label}{n}", "PETIT", date(2018, 1, 1), "CE1", f"Classe {label}")
        for label in "ABCD"
        for n in "xyz"
    ]
    parents = [
        Parent("M.", "Jean", "MARTIN", f"jean{at}@x.fr", f"06123400{at:02}", (kid,))
        for at, kid in enumerate(kids)
    ]
    emmas = [Kid("Emma", "ROUX", date(2018, 5, n), "CE1", "Classe C") for n in (1, 2)]
    rose = Parent("Mme", "Rose", "ROUX", "rose@x.fr", "0612349999", (emmas[0],))

    told = bureau.bring(
        *bureau.files([*kids[:8], *emmas, *kids[8:]], [*parents[:8], rose, *parents[8:]])
    )

    assert (told.code, told.heads("new"), told["refused"]) == (0, (14, 13, 12), 0)
    classes = {kid.given: kid.class_ for kid in [*kids, *emmas]}
    assert bureau.enrolled() == classes
    assert bureau.count("enrolments WHERE ended_on IS NULL") == 14
    assert bureau.identifiers() == {"jean.martin", *(f"jean.martin{n}" for n in range(1, 12))}
    found = [bureau.children_of(f"jean.martin{n or ''}") for n in range(12)]
    assert found == [{kid.given} for kid in kids]
    # Which Emma is hers nobody can tell: asked, by name.
    assert told["ambiguous"] == 1
    assert "Emma ROUX" in told.words
    assert "Rose ROUX" in told.words


ERRORS = (
    (";;Ana;14/03/2018;F;;;CE1;A", "Ana, colonne «Nom élève» : le nom de famille manque"),
    ("BON;;;14/03/2018;F;;;CE1;A", "BON, colonne «Prénom élève» : le prénom manque"),
    (f"{'B' * 101};;Eva;14/03/2018;F;;;CE1;A", f"Eva {'B' * 101}, colonne «Nom élève» : un nom"),
    ("BON;;Ida;;F;;;CE1;A", "Ida BON, colonne «Date naissance» : la date de naissance manque"),
    ("BON;;Léa;31/02/2018;F;;;CE1;A", "Léa BON, colonne «Date naissance» : date de naissance impo"),
    ("BON;;Max;14/03/18;F;;;CE1;A", "Max BON, colonne «Date naissance» : année sur deux chiffres"),
    ("BON;;Mia;14/03/2099;F;;;CE1;A", "Mia BON, colonne «Date naissance» : date de naissance dans"),
    ("BON;;Nil;14/03/2018;F;FAUX;;CE1;A", "Nil BON, colonne «INE» : INE douteux : «FAUX»"),
    ("BON;;Pia;14/03/1998;F;;;CE1;A", "Pia BON, colonne «Date naissance» : âge peu probable"),
    ("BON;;Rita;14/03/2018;F;;;CE1;", "Rita BON, colonne «Libellé classe» : classe absente"),
    ("BON;;An4;14/03/2018;F;;;CE1;A", "An4 BON, colonne «Prénom élève» : nom étrange : «An4»"),
    ("BON;;Tom;14/03/2018;F;;;CE1;A;x", "Tom BON : plus de cellules que d'en-têtes"),
    ("BON;;Tom;14/03/2018;F;;;CE1;A", "Tom BON : élève déjà lu à la ligne 13"),
)
"""A row with one fault, and what is said of it after `fichier, ligne n, `."""


def sentences_of(told: Told, file: str) -> dict[int, str]:
    """Return what is said of each line of a file; nothing is said of it twice."""
    found = re.findall(rf"^  {file}, ligne (\d+), (.*)$", told.words, re.MULTILINE)
    assert len(dict(found)) == len(found)
    return {int(line): said for line, said in found}


def test_pain_05_every_error_names_file_row_and_pupil(bureau: Bureau) -> None:
    """A refusal or a remark: which file, which line, who, which column, and a remedy."""
    rows = (row for row, _ in ERRORS)
    told = bureau.bring(bureau.text("élèves.csv", PUPILS, *rows, NOE.row))

    said = sentences_of(told, "élèves.csv")
    assert (told.code, list(said)) == (4, [2, 3, 4, 5, 6, 7, 8, 14, 9, 10, 11, 12, 13])
    for line, (_, sentence) in enumerate(ERRORS, 2):
        assert said[line].startswith(sentence)
        assert " → " in said[line]
    assert (told["refused"], told["remarks"], bureau.count("pupils")) == (8, 5, 6)


GUARDIAN_ERRORS = (
    ("Mme;;BON;;b@x.fr;;ROUX;Noé;A", "BON, colonne «Prénom responsable» : le prénom manque"),
    ("Mme;;BON;Eva;b@x;;ROUX;Noé;A", "Eva BON, colonne «Courriel» : adresse mail écartée : «b@x»"),
    ("Mme;;BON;Ida;;0123456789;ROUX;Noé;A", "Ida BON, colonne «Téléphone portable» : numéro de"),
    ("Mme;;BON;Léa;b@x.fr;;ROUX;Zoé;A", "Léa BON : enfant introuvable parmi les élèves : «Zoé RO"),
    ("Mme;;BON;Max;b@x.fr;;;;", "Max BON : ce responsable ne nomme aucun enfant"),
    ("Mme;;BON;Mia;b@x.fr;;ROUX;;A", "Mia BON, colonne «Prénom enfant» : un enfant sans nom"),
)


def test_pain_05_every_error_names_file_row_and_guardian(bureau: Bureau) -> None:
    """The same of the guardians' file, and of what only the two files together show."""
    rows = (row for row, _ in GUARDIAN_ERRORS)
    told = bureau.bring(
        bureau.text("a.csv", PUPILS, "ROUX;;Noé;08/07/2018;M;;;CE1;A"),
        bureau.text("b.csv", GUARDIANS, *rows, "Mme;;ROUX;Sophie;s@x.fr;;ROUX;Noé;A"),
    )

    said = sentences_of(told, "b.csv")
    assert (told.code, sorted(said)) == (4, [2, 3, 4, 5, 6, 7])
    for line, (_, sentence) in enumerate(GUARDIAN_ERRORS, 2):
        assert said[line].startswith(sentence)
        assert " → " in said[line]
    assert bureau.children_of("sophie.roux") == {"Noé"}
    assert bureau.identifiers() == {"eva.bon", "ida.bon", "sophie.roux"}


def test_pain_06_an_empty_birth_date_returns_the_row_and_the_rest_goes_in(bureau: Bureau) -> None:
    """Exit 4; the row comes back in a workbook; completed there, it goes in alone."""
    from openpyxl import load_workbook

    pupils, guardians = bureau.files([LEA, NOE], [JEANNE, SOPHIE])
    bureau.edit(pupils, "08/07/2018", "")
    book = str(bureau.folder / "refus.xlsx")

    told = bureau.bring(pupils, guardians, options=["--rejects", book])
    assert (told.code, told.heads("new"), told["refused"]) == (4, (1, 2, 1), 1)
    assert "CSVExtraction.csv, ligne 3, Noé ROUX, colonne «Date naissance»" in told.words
    assert bureau.identifiers() == {"jeanne.martin"}
    assert bureau.children_of("jeanne.martin") == {"Léa"}

    workbook = load_workbook(book)
    sheet = workbook.worksheets[0]
    assert sheet.cell(2, column(sheet, "Prénom élève")).value == "Noé"
    sheet.cell(2, column(sheet, "Date naissance")).value = "08/07/2018"
    workbook.save(book)
    before = bureau.people("*", "pupils")

    told = bureau.bring(book)
    assert (told.code, told.heads("new"), told.heads("departed")) == (0, (1, 0, 1), NOBODY)
    assert bureau.people("*", "pupils")[:1] == before
    assert bureau.children_of("sophie.roux") == {"Noé"}


def test_pain_06_nothing_but_empty_birth_dates_writes_nothing(desk: Bureau) -> None:
    """Every row is refused: exit 3, said so, and whoever was there stays."""
    (pupils,) = desk.files([LEA, NOE])
    desk.bring(pupils)
    for born in ("14/03/2018", "08/07/2018"):
        desk.edit(pupils, born, "")

    said = desk.refuse(pupils)

    assert "rien n'a été écrit" in said.err
    assert "ligne 2, Léa MARTIN" in said.err
    assert "ligne 3, Noé ROUX" in said.err


def test_pain_11_an_empty_cell_erases_nothing(bureau: Bureau) -> None:
    """Number, class, level, usage names, e-mail, mobile, address: what is empty is not said."""
    jeanne = replace(JEANNE, usage="LEGRAND")
    bureau.bring(*bureau.files([LEA], [jeanne]))
    before = bureau.everything()

    silent = replace(LEA, ine="", level="", class_="")
    paths = bureau.files([silent], [replace(jeanne, usage="", email="", mobile="", kids=(silent,))])
    bureau.edit(paths[1], "1 rue Pasteur;59000;Lille;FRANCE", ";;;")
    told = bureau.bring(*paths)

    assert (told.code, told.heads("unchanged"), told.heads("changed")) == (0, (1, 1, 1), NOBODY)
    assert bureau.everything() == before


def test_pain_11_of_two_rows_at_odds_the_last_does_not_win(bureau: Bureau) -> None:
    """Contested, both lines and the pupil named; what stood in the database stands."""
    bureau.bring(*bureau.files([LEA, NOE], [JEANNE, SOPHIE]))
    before = bureau.people("*", "pupils"), bureau.enrolled()
    at_odds = replace(LEA, class_="CM2", level="CM2", ine="")

    told = bureau.bring(*bureau.files([LEA, NOE, at_odds], [JEANNE, SOPHIE]))

    assert (told.code, told["refused"], told.heads("changed")) == (4, 1, NOBODY)
    assert told.problems == [
        ("CSVExtraction.csv", 2, "contested_pupil"),
        ("CSVExtraction.csv", 4, "contradictory_pupil"),
    ]
    assert "ligne 4, Léa MARTIN : contredit la ligne 2" in told.words
    assert "ligne 2, Léa MARTIN : élève pris, mais la ligne 4 le contredit" in told.words
    assert (bureau.people("*", "pupils"), bureau.enrolled()) == before


def test_pain_11_of_two_files_at_odds_the_last_does_not_win(desk: Bureau) -> None:
    """The export of last week beside that of today: the second file is not believed."""
    first = desk.text("a.csv", PUPILS, LEA.row, NOE.row)
    second = desk.text("b.csv", PUPILS, replace(LEA, class_="CM2").row)

    told = desk.bring(first, second)

    assert told.problems == [("a.csv", 2, "contested_pupil"), ("b.csv", 2, "contradictory_pupil")]
    assert "b.csv, ligne 2, Léa MARTIN : contredit" in told.words
    assert desk.enrolled() == {"Léa": "CE1 B", "Noé": "CE1 B"}
