"""The words of the workbook to fill in: its columns, its advice, its examples, its checks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from educonnect_admin.cli.workbook_words import GUIDE_TITLE, TITLES
from educonnect_admin.rosters.rows import FileKind

if TYPE_CHECKING:
    from educonnect_admin.reports.roster_template import Form, FormColumn, Warnings

_CLASSES = "Classes"
_CIVILITIES = ("Mme", "M.")
_CHILDREN = 3
_INE_LENGTH = 11
_DAY_ADVICE = "jj/mm/aaaa, par exemple 14/03/2018. L'année a quatre chiffres."
_CHOOSE_CLASS = "Choisissez-la, ou écrivez-la comme dans la feuille «Élèves»."
GUIDE = (
    ("Classeur à remplir : élèves et responsables", ""),
    (
        "1. Classes",
        "Facultatif : écrivez les classes de l'école, une par ligne. Elles sont alors proposées "
        "dans les deux autres feuilles.",
    ),
    ("2. Élèves", "Une ligne par élève. Les colonnes marquées d'un astérisque sont obligatoires."),
    (
        "3. Responsables",
        "Une ligne par responsable légal, avec ses enfants de l'école, trois au plus ; pour un "
        "quatrième, répétez le responsable, avec ses coordonnées, sur une autre ligne. Deux "
        "parents font deux lignes, même s'ils vivent ensemble.",
    ),
    (
        "4. Importer",
        "Enregistrez, puis : educonnect-admin roster import CE_CLASSEUR --school UAI --dry-run. "
        "Rien n'est écrit ; si c'est juste, la même commande sans --dry-run.",
    ),
    ("À savoir", ""),
    (
        "Titres des colonnes",
        "Ne les changez pas. L'ordre des colonnes est libre, des colonnes peuvent être ajoutées : "
        "elles ne sont pas lues.",
    ),
    (
        "Copier depuis un autre tableau",
        "Collez les valeurs seules (collage spécial, texte) : les zéros des codes postaux et des "
        "portables restent.",
    ),
    (
        "Refaire l'import",
        "Le même classeur importé deux fois ne change rien. Une cellule vide n'efface rien.",
    ),
    (
        "Données personnelles",
        "N'ajoutez rien d'autre : ni nationalité, ni santé, ni sexe. Effacez ce fichier après "
        "usage.",
    ),
    ("Exemple d'élève", ""),
    ("Nom de famille *", "DUPONT"),
    ("Nom d'usage", "(s'il en a un)"),
    ("Prénom *", "Alice"),
    ("Date de naissance *", "14/03/2018, toujours avec une année de quatre chiffres"),
    ("INE", "(11 caractères, s'il est connu ; jamais inventé)"),
    ("Niveau", "CP (d'un élève, même dans une classe à plusieurs niveaux)"),
    ("Classe", "CP A"),
    ("Exemple de responsable", ""),
    ("Civilité", "Mme ou M."),
    ("Nom *", "DUPONT"),
    ("Prénom *", "Claire"),
    ("Adresse", "12 rue du Moulin"),
    ("Code postal", "02100, avec son zéro"),
    ("Ville", "Saint-Quentin"),
    ("Courriel", "claire.dupont@example.org (il sert à confirmer le compte)"),
    ("Téléphone portable", "06 01 02 03 04 (il sert à s'inscrire par SMS)"),
    ("Enfant 1", "DUPONT, Alice, CP A : comme dans la feuille «Élèves»"),
)


def template_bytes() -> bytes:
    """Return the workbook."""
    from educonnect_admin.reports.roster_template import Form, FormColumn, roster_template_bytes

    classes = Form(title=_CLASSES, columns=[FormColumn(heading=_CLASSES, width=24)])
    return roster_template_bytes([classes, *_forms()], GUIDE_TITLE, GUIDE, _warnings())


def _warnings() -> "Warnings":
    from educonnect_admin.reports.roster_template import Check, Warnings

    return Warnings(
        title="À vérifier",
        by_check={
            Check.DAY: f"Ce n'est pas une date. Écrivez {_DAY_ADVICE}",
            Check.LENGTH: "Un INE a 11 caractères. Laissez vide s'il n'est pas connu.",
        },
        not_listed="Ce n'est pas dans la liste. Gardez-le seulement si c'est voulu.",
    )


def _forms() -> "Iterator[Form]":
    from educonnect_admin.reports.roster_template import Form

    yield Form(title=TITLES[FileKind.PUPILS], columns=list(_pupil_columns()))
    yield Form(
        title=TITLES[FileKind.GUARDIANS],
        columns=[*_guardian_columns(), *_child_columns()],
    )


def _pupil_columns() -> "Iterator[FormColumn]":
    from educonnect_admin.domain.levels import LEVELS, level_name
    from educonnect_admin.reports.roster_template import Check, FormColumn

    levels = [level_name(level) or level for level in LEVELS]
    yield FormColumn(heading="Nom de famille *", width=24)
    yield FormColumn(heading="Nom d'usage", width=20, advice="S'il en a un ; sinon, vide.")
    yield FormColumn(heading="Prénom *", width=20)
    yield FormColumn(heading="Date de naissance *", width=16, advice=_DAY_ADVICE, check=Check.DAY)
    yield FormColumn(
        heading="INE", width=16, advice="11 caractères, s'il est connu ; sinon, vide.",
        check=Check.LENGTH, length=_INE_LENGTH,
    )  # fmt: skip
    yield FormColumn(heading="Niveau", width=10, choices=[*levels, "ULIS"])
    yield FormColumn(
        heading="Classe", width=20, choices=_CLASSES,
        advice="Choisissez-la ; la liste vient de la feuille «Classes».",
    )  # fmt: skip


def _guardian_columns() -> "Iterator[FormColumn]":
    from educonnect_admin.reports.roster_template import FormColumn

    yield FormColumn(heading="Civilité", width=9, choices=_CIVILITIES)
    yield FormColumn(heading="Nom *", width=20, advice="Nom de famille, de naissance.")
    yield FormColumn(heading="Nom d'usage", width=18, advice="S'il en a un ; sinon, vide.")
    yield FormColumn(heading="Prénom *", width=16)
    yield FormColumn(heading="Adresse", width=28)
    yield FormColumn(heading="Code postal", width=9, advice="Avec son zéro : 02100.")
    yield FormColumn(heading="Ville", width=18)
    yield FormColumn(heading="Pays", width=10, advice="Vide pour la France.")
    yield FormColumn(heading="Courriel", width=28)
    yield FormColumn(
        heading="Téléphone portable", width=16, advice="Un seul numéro : 06 01 02 03 04."
    )


def _child_columns() -> "Iterator[FormColumn]":
    from educonnect_admin.reports.roster_template import FormColumn

    for number in range(1, _CHILDREN + 1):
        star = " *" if number == 1 else ""
        name = f"Comme dans la feuille «{TITLES[FileKind.PUPILS]}»."
        yield FormColumn(heading=f"Nom de famille enfant {number}{star}", width=18, advice=name)
        yield FormColumn(heading=f"Prénom enfant {number}{star}", width=14, advice=name)
        yield FormColumn(
            heading=f"Classe enfant {number}", width=14, choices=_CLASSES, advice=_CHOOSE_CLASS
        )
