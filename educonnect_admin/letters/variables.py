"""The variables of the letters: what each is, a made-up sample, which parts may use it."""

from dataclasses import dataclass

from educonnect_admin.letters.content import BatchHeading, ChildLine, LetterContent
from educonnect_admin.letters.dates import in_words
from educonnect_admin.letters.markup import IDENTIFIER, PASSWORD


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the templates.

    Attributes:
        name: as the templates write it.
        label: what it is, in French, for the documentation of the templates.
        sample: what `check_templates` puts in its place; nobody real.
    """

    name: str
    label: str
    sample: object


_CHILD = ChildLine(name="Léa DUPONT", school="École Jules-Ferry", class_label="CE1 A")

BATCH = (
    Variable("school_name", "Nom de l'école ou de l'établissement", "École Jules-Ferry"),
    Variable("school_city", "Ville (peut être vide)", "Villeneuve-sur-Exemple"),
    Variable("school_phone", "Téléphone (peut être vide)", "01 99 00 12 34"),
    Variable("school_email", "Adresse mail (peut être vide)", "ecole@exemple.fr"),
    Variable("class_label", "Classe du fichier (peut être vide)", "CE1 A"),
    Variable("batch", "Numéro du lot de courriers", 12),
    Variable("portal_url", "Adresse du portail", "https://educonnect.exemple.fr"),
    Variable("created_on", "Date de création, en lettres", "lundi 12 octobre 2026"),
    Variable("last_day", "Dernier jour de validité, en lettres", "mardi 12 janvier 2027"),
)
LETTER = (
    Variable("holder", "Civilité, prénom et nom du responsable", "Mme Céline DUPONT"),
    Variable("address", "Lignes de l'adresse postale (liste)", ("3 rue des Lilas",)),
    Variable("carrier", "Enfant porteur : name, school, class_label", _CHILD),
    Variable("children", "Enfants du compte (liste) : name, school, class_label", (_CHILD,)),
    Variable("number", "Numéro du courrier", "BCDF-GHJK-MNPQ"),
)
FIELDS = (
    Variable("identifier", "Identifiant, en fin de ligne", "celine.dupont114"),
    Variable("password", "Mot de passe provisoire, en fin de ligne", "SPECIMEN"),
)
SLIP = (
    Variable("letters", "Nombre de courriers à remettre", 24),
    Variable("others", "Nombre de lignes sans courrier", 3),
    Variable("page", "Numéro de la page", 1),
    Variable("pages", "Nombre de pages", 2),
)

SAMPLES = {variable.name: variable.sample for variable in (*BATCH, *LETTER, *SLIP)}

BATCH_NAMES = frozenset(variable.name for variable in BATCH)
LETTER_NAMES = frozenset(variable.name for variable in LETTER)
SLIP_NAMES = frozenset(variable.name for variable in SLIP)
FIELD_NAMES = frozenset(variable.name for variable in FIELDS)

CHILD_ATTRIBUTES = frozenset({"name", "school", "class_label"})
FIELD_MARKS = {"identifier": IDENTIFIER, "password": PASSWORD}


def of_batch(heading: BatchHeading) -> dict[str, object]:
    """Return what all letters of a file share; an unknown fact is an empty text."""
    return {
        "school_name": heading.school.name,
        "school_city": heading.school.city or "",
        "school_phone": heading.school.phone or "",
        "school_email": heading.school.email or "",
        "class_label": heading.class_label or "",
        "batch": heading.batch,
        "portal_url": heading.portal_url,
        "created_on": in_words(heading.created_on),
        "last_day": in_words(heading.last_day),
    }


def of_letter(letter: LetterContent) -> dict[str, object]:
    """Return what one letter adds to what its batch says."""
    number = letter.number
    return {
        "holder": letter.holder,
        "address": letter.address,
        "carrier": letter.carrier,
        "children": letter.children,
        "number": "-".join(number[at : at + 4] for at in range(0, len(number), 4)),
    }
