"""Headings in anybody's words: whose, and what; one unknown word makes them none."""

import pytest

from educonnect_admin.rosters.columns import propose
from educonnect_admin.rosters.field_names import french_name
from educonnect_admin.rosters.vocabulary import (
    NAMES,
    Field,
    Role,
    kinship_code,
    month_number,
    parse_heading,
)

HEADINGS = {
    "NOM": "family_name", "Nom de famille": "family_name", "Nom de l'enfant": "pupil.family_name",
    "Nom – Prénom de l’élève": "pupil.full_name", "NOM Prénom": "full_name",
    "Élève": "pupil.full_name", "Prénom(s)": "given_name", "Prénom 1": "given_name",
    "Nom d’usage": "usage_name", "Né(e)\u00a0le": "birth_date", "DDN": "birth_date",
    "Date naiss.": "birth_date", "Date de naissance de l'enfant": "pupil.birth_date",
    "Classe": "class_label", "Div.": "class_label", "Code Structure": "class_label",
    "Niveau": "level", "N° INE": "ine", "Id National": "ine", "Date Sortie": "left_on",
    "CP": "postcode", "Mél": "email", "Tél.": "phone", "Père": "father.full_name",
    "Nom du père": "father.family_name", "Prénom de la mère": "mother.given_name",
    "Nom\nde la mère": "mother.family_name", "Tél. mère": "mother.phone",
    "Portable père": "father.mobile", "Téléphone (père)": "father.phone",
    "Numéro de téléphone portable du père": "father.mobile",
    "Adresse e-mail de la mère": "mother.email", "Mail parent 1": "guardian1.email",
    "Parent 1 (père) Nom": "father.family_name", "Parent 2 Nom": "guardian2.family_name",
    "Représentant légal 1 – Nom": "guardian1.family_name", "RL1 Nom": "guardian1.family_name",
    "Resp. légal 1 : Nom": "guardian1.family_name", "1er parent": "guardian1.full_name",
    "Nom resp. légal1": "guardian1.family_name", "Prénom Resp. Lég. 2": "guardian2.given_name",
    "Nom de famille resp. légal1": "guardian1.family_name",
    "Tél. Portable Resp. Lég. 1": "guardian1.mobile",
    "Ligne Adresse 2 Resp. Lég. 1": "guardian1.street_2",
    "Lib. Postal Resp. Lég. 1": "guardian1.city", "Lien Parenté Resp. Lég. 2": "guardian2.kinship",
    "Responsable légal n°1 - Prénom": "guardian1.given_name", "Responsable Nom 2":
    "guardian2.family_name", "Nom responsable": "guardian.family_name",
}  # fmt: skip
NONE = [
    "Prénom 2", "Deuxième prénom", "Lieu de naissance", "Commune naiss.", "Pays naissance",
    "Nom du médecin", "Tél. domicile", "Tél. Professionnel Resp. Lég. 1", "Parent 3 Nom",
    "Beau-père", "Nom de la belle-mère", "Parents", "Personne à prévenir", "Contact urgence",
    "Nationalité", "PAI", "Type ULIS", "Num. Elève Etab", "Date d'inscription", "Date Entrée",
    "Adresse du père de la mère", "Nom 1", "Sexe", "", "x" * 100, "MARTIN", "M.", "CE1", "Sortie",
    "Communication Adresse Resp. Lég. 1", "Code Département Resp. Lég. 1",
]  # fmt: skip


@pytest.mark.parametrize(("heading", "code"), HEADINGS.items())
def test_a_heading_says_whose_and_what(heading: str, code: str) -> None:
    """Whatever its order, its abbreviations, its signs."""
    said = parse_heading(heading)
    assert said is not None
    assert said.field.code == code
    assert Field.of_code(code) == said.field


@pytest.mark.parametrize("heading", NONE)
def test_what_is_not_wholly_understood_is_none(heading: str) -> None:
    """Above all what the law keeps out, and people who are no legal guardians."""
    assert parse_heading(heading) is None


@pytest.mark.parametrize("name", [name for name in NAMES if name != "ignored"])
@pytest.mark.parametrize("role", Role)
def test_every_field_has_words_that_mean_it(role: Role, name: str) -> None:
    """What a school's file of columns is written in can be read again."""
    for number in (0, 1, 2) if role is Role.GUARDIAN else (0,):
        field = Field(role, number, name)
        said = parse_heading(french_name(field))
        assert said is not None
        assert said.field == field


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Prnéom", "given_name"),
        ("Date de naisance", "birth_date"),
        ("Téléphonne mère", "mother.phone"),
        ("Nom du responsabel 1", "guardian1.family_name"),
    ],
)
def test_a_misspelt_heading_is_proposed(heading: str, code: str) -> None:
    """It is like a known one; it is not taken for it."""
    assert parse_heading(heading) is None
    found = propose(heading)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("heading", ["Commentaire", "Cantine", "", "Nom", "Allergies", "x" * 200])
def test_nothing_is_proposed_for_other_words(heading: str) -> None:
    """Nor for what is known."""
    assert propose(heading) is None


def test_codes_of_no_field() -> None:
    """A name there is not, a role there is not."""
    for code in ("nothing", "uncle.mobile", "guardian0.mobile", ""):
        with pytest.raises(ValueError, match=code or None):
            Field.of_code(code)


def test_months_and_kinships() -> None:
    """As French writes them, in full or short."""
    assert [month_number(name) for name in ("janvier", "fevr", "aout", "xyz")] == [1, 2, 8, None]
    assert [kinship_code(text) for text in ("MERE", "Père ", "Tuteur", "ami")] == [
        "10", "20", "50", None,
    ]  # fmt: skip
