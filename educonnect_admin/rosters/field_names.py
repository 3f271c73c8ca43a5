"""What a column holds, in the words that a school's file of columns says it with."""

from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.vocabulary import IGNORED, Field, Role, parse_heading

_NAMES = {
    "family_name": "nom", "usage_name": "nom d'usage", "given_name": "prénom",
    "full_name": "nom et prénom", "birth_date": "date de naissance", "class_label": "classe",
    "level": "niveau", "ine": "INE", "email": "mail", "mobile": "mobile", "phone": "téléphone",
    "street": "adresse", "street_2": "adresse 2", "street_3": "adresse 3",
    "street_4": "adresse 4", "postcode": "code postal", "city": "ville", "country": "pays",
    "civility": "civilité", "kinship": "lien de parenté", "state": "état",
    "left_on": "date de sortie", "structure_kind": "type de structure", IGNORED.name: "ignorée",
}  # fmt: skip
_ROLES = {
    Role.PUPIL: "élève", Role.GUARDIAN: "responsable", Role.FATHER: "père", Role.MOTHER: "mère",
}  # fmt: skip
_IGNORED = frozenset({"ignoree", "ignorer", "ignore", "rien"})


def french_name(field: Field) -> str:
    """Return the words for a field, which `field_called` understands: `responsable 1 : nom`."""
    if field.role is Role.NONE:
        return _NAMES[field.name]
    whose = f"{_ROLES[field.role]} {field.number or ''}".strip()
    return f"{whose} : {_NAMES[field.name]}"


def field_called(text: str) -> Field | None:
    """Return the field that words mean, as freely as headings are read; nothing for none."""
    if name_key(text) in _IGNORED:
        return IGNORED
    said = parse_heading(text)
    return said.field if said else None


def all_names() -> list[str]:
    """Return what a column may hold, whosever it is, for a person to choose from."""
    return list(_NAMES.values())
