"""Recognition by headings, in every generation of the exports."""

import pytest

from educonnect_admin.rosters.headings import find_headings
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.recognise import recognise
from educonnect_admin.rosters.rows import FileKind

BE1D_PUPILS = (
    "Nom Elève;Nom d'usage Elève;Prénom Elève;Date naissance;Sexe;Adresse1;Cp1;Commune1;Pays1;"
    "Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Classe;Attestation fournie;"
    "Autorisations associations;Autorisations photos;Décision de passage"
)
ONDE_PUPILS = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;"
    "Pays1;Adresse2;Cp2;Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;"
    "Attestation fournie;Autorisation associations;Autorisation photo;Décision de passage"
)
LIST_OF_PUPILS = (
    "Nom élève;Prénom élève;Niveau;Cycle;Regroupement;Classe;Date inscription;Nom d'usage;"
    "Deuxième prénom;Troisième prénom;Date naissance;Commune naissance;Dépt naissance;"
    "Pays naissance;Sexe;Adresse;CP;Commune;Pays;Etat"
)
_GUARDIAN = (
    "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;"
    "Adresse responsable;CP responsable;Commune responsable;Pays;Courriel;"
    "Téléphone domicile;Téléphone travail;"
)
_CHILD = ";Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"
_NEW_CHILD = ";Nom de famille élève;Prénom élève;Nom d’usage élève;Classes élèves"
_NUMBERED = "".join(
    f";Nom de famille élève {n};Prénom élève {n};Classes élèves {n}" for n in (1, 2, 3)
)
GENERIC = (
    "Nom*;Prénom*;Adresse;Code postal;Ville;Pays;Courriel;Téléphone;Nom de l'élève;"
    "Prénom de l'élève;Classes de l'élève"
)


@pytest.mark.parametrize(
    ("headings", "quoted", "form"),
    [
        (BE1D_PUPILS, True, "be1d-quoted"),
        (BE1D_PUPILS, False, "be1d"),
        (ONDE_PUPILS, False, "onde-2017"),
        (LIST_OF_PUPILS, False, "onde-list"),
        (f"{ONDE_PUPILS};Dispositifs", False, "onde-2020"),
        ("Nom;Prénom;Date de naissance;Classe", False, "generic"),
    ],
)
def test_generations_of_pupils(headings: str, form: str, *, quoted: bool) -> None:
    """Names, birth date and class are found wherever a generation puts them."""
    cells = headings.split(";")
    layout = recognise(cells, line=1, quoted=quoted)
    assert (layout.kind, layout.format) == (FileKind.PUPILS, form)
    assert cells[layout.columns["birth_date"]].startswith("Date")
    assert "lasse" in cells[layout.columns["class_label"]]


@pytest.mark.parametrize(
    ("headings", "quoted", "form", "children"),
    [
        (_GUARDIAN + "Numéro de poste;Téléphone portable" + _CHILD * 3, True, "be1d-quoted", 3),
        (_GUARDIAN + "Téléphone portable" + _CHILD * 3, False, "onde-2017", 3),
        (_GUARDIAN + "Téléphone portable" + _CHILD * 7, False, "onde-2017", 7),
        (_GUARDIAN + "Téléphone portable" + _NEW_CHILD * 2, True, "onde-2020", 2),
        (_GUARDIAN + "Téléphone portable" + _NUMBERED, False, "onde-2020", 3),
        (GENERIC, False, "generic", 1),
    ],
)
def test_generations_of_guardians(headings: str, form: str, children: int, *, quoted: bool) -> None:
    """Child blocks are counted, repeated or numbered."""
    layout = recognise(headings.split(";"), line=1, quoted=quoted)
    assert (layout.kind, layout.format) == (FileKind.GUARDIANS, form)
    assert len(layout.children) == children
    assert all({"family_name", "given_name"} <= set(block) for block in layout.children)
    assert {"email", "mobile"} <= set(layout.columns)


def test_headings_count_by_what_they_say() -> None:
    """No-break spaces, marks, asterisks, capitals, both apostrophes: the same heading."""
    odd = ["\ufeffNOM\u00a0ÉLÈVE *", "Nom d’usage élève", " prenom  eleve", "DATE NAISSANCE"]
    layout = recognise(odd, line=1, quoted=False)
    assert layout.columns == {"family_name": 0, "usage_name": 1, "given_name": 2, "birth_date": 3}


def test_blocks_of_children_need_not_be_complete() -> None:
    """A block starts where one of its headings comes back, whatever is missing in it."""
    names = f"{_GUARDIAN}Téléphone portable;Nom de famille élève;Prénom élève;Classes élèves"
    layout = recognise(
        f"{names};Nom de famille élève;Prénom élève".split(";"), line=1, quoted=False
    )
    assert [sorted(block) for block in layout.children] == [
        ["class_label", "family_name", "given_name"],
        ["family_name", "given_name"],
    ]


def test_nationality_and_health_are_never_fields() -> None:
    """What the law keeps out of registers is not read (R-66)."""
    cells = [*ONDE_PUPILS.split(";"), "Nationalité", "PAI", "Type ULIS"]
    layout = recognise(cells, line=1, quoted=False)
    assert max(layout.columns.values()) < len(cells) - 3
    assert layout.mapping()["Nationalité"] == ""


@pytest.mark.parametrize(
    ("headings", "reason", "what"),
    [
        ("Nom élève;Prénom élève;Classe", UnreadableReason.MISSING_HEADING, "Date naissance"),
        ("Nom élève;Date naissance;Classe", UnreadableReason.MISSING_HEADING, "Prénom élève"),
        (
            "Nom responsable;Courriel;Nom de famille enfant;Prénom enfant",
            UnreadableReason.MISSING_HEADING,
            "Prénom responsable",
        ),
        (
            "Nom responsable;Prénom responsable;Nom de famille élève;Classes élèves",
            UnreadableReason.MISSING_HEADING,
            "Prénom enfant",
        ),
        (
            "Nom élève;Prénom élève;Date naissance;date  naissance",
            UnreadableReason.REPEATED_HEADING,
            "date naissance",
        ),
        ("Civilité;Nom;Prénom;Courriel;Directeur;Classe", UnreadableReason.TEACHERS_FILE, ""),
        (
            "Civilité;Nom;Prénom;Courriel",
            UnreadableReason.MISSING_HEADING,
            "Nom de famille enfant",
        ),
    ],
)
def test_tables_that_are_no_roster(headings: str, reason: UnreadableReason, what: str) -> None:
    """What is missing or said twice is named; teachers are recognised."""
    with pytest.raises(Unreadable) as caught:
        recognise(headings.split(";"), line=4, quoted=False)
    assert (caught.value.reason, caught.value.what, caught.value.line) == (reason, what, 4)


def test_rows_of_people_are_not_headings() -> None:
    """A file without its first line is not read by guesswork."""
    assert find_headings([["MARTIN", "Nom", "Alice", "03/09/2018"]] * 30) is None
    assert find_headings([["École"], [""], ONDE_PUPILS.split(";")]) == 2
