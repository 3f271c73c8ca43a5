"""Headings to known ones: a file is recognised by what its columns are called, never by its name.

The tables below hold every heading met in six generations of exports (BE1D quoted and not,
ONDE 2017, the «élève» variant of 2020 with its numbered blocks, «Liste des élèves», the
spreadsheet a school fills in by hand). A heading counts by its key: no accent, case, space,
apostrophe of either shape, asterisk or byte-order mark. What is none of them is read word by
word (`vocabulary`), and takes the place of the known heading that says the same.
"""

import re
from collections.abc import Sequence

from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns
from educonnect_admin.rosters.rows import FileKind
from educonnect_admin.rosters.vocabulary import IGNORED, Field, Role, Said, parse_heading, role_of

# Field → its keys, the most telling first: `Libellé classe` wins over `Classe`.
PUPIL = {
    "family_name": (
        "nomeleve", "nomdefamilleeleve", "nomdeleleve", "nomdefamille", "nom", "nomenfant",
        "nomdelenfant", "nomdefamilleenfant",
    ),
    "usage_name": (
        "nomdusageeleve", "nomusageeleve", "nomdusage", "nomusage", "nomdusageenfant",
    ),
    "given_name": ("prenomeleve", "prenomdeleleve", "prenom", "prenomenfant", "prenomdelenfant"),
    "full_name": ("nometprenomeleve", "nometprenom"),
    "birth_date": (
        "datenaissance", "datedenaissance", "datenaissanceeleve", "datedenaissanceeleve", "neele",
        "datedenaissanceenfant", "datenaissanceenfant", "datedenaissancedeleleve",
    ),
    "ine": ("ine", "numeroine", "identifiantnational"),
    "level": ("niveau",),
    "class_label": (
        "libelleclasse", "classe", "classeouregroupement", "classeeleve", "classedeleleve",
        "classeenfant",
    ),
    "state": ("etat",),
    "left_on": ("datesortie",),
    "structure_kind": ("typestructure",),
}  # fmt: skip
GUARDIAN = {
    "civility": ("civiliteresponsable", "civilite"),
    "family_name": ("nomresponsable", "nomdefamilleresponsable", "nom", "nomdefamille"),
    "usage_name": (
        "nomusageresponsable", "nomdusageresponsable", "nomusage", "nomdusage",
    ),
    "given_name": ("prenomresponsable", "prenom"),
    "full_name": ("nometprenomresponsable", "nometprenom"),
    "street": ("adresseresponsable", "adresse"),
    "street_2": ("adresse2responsable",),
    "street_3": ("adresse3responsable",),
    "street_4": ("adresse4responsable",),
    "postcode": ("cpresponsable", "codepostalresponsable", "cp", "codepostal"),
    "city": ("communeresponsable", "commune", "ville"),
    "country": ("paysresponsable", "pays"),
    "email": (
        "courriel", "courrielresponsable", "adresseelectronique", "email", "adressemail", "mel",
    ),
    "mobile": (
        "telephoneportable", "telephoneportableresponsable", "telephonemobile", "portable",
        "mobile", "telephone", "telephoneresponsable",
    ),
}  # fmt: skip
CHILD = {
    "family_name": (
        "nomdefamilleenfant", "nomdefamilleeleve", "nomdeleleve", "nomdelenfant", "nomenfant",
        "nomeleve",
    ),
    "usage_name": ("nomdusageenfant", "nomdusageeleve", "nomusageenfant", "nomusageeleve"),
    "given_name": ("prenomenfant", "prenomeleve", "prenomdeleleve", "prenomdelenfant"),
    "full_name": ("nometprenomeleve",),
    "class_label": (
        "classesenfants", "classeseleves", "classesdeleleve", "classedeleleve", "classeenfant",
        "classeeleve", "classesenfant", "classeseleve",
    ),
    "birth_date": (
        "datedenaissanceeleve", "datenaissanceeleve", "datedenaissanceenfant",
        "datenaissanceenfant", "datedenaissancedeleleve",
    ),
}  # fmt: skip
COMPULSORY = {
    FileKind.PUPILS: {
        "family_name": "Nom élève",
        "given_name": "Prénom élève",
        "birth_date": "Date naissance",
    },
    FileKind.GUARDIANS: {
        "family_name": "Nom responsable",
        "given_name": "Prénom responsable",
        "child_family_name": "Nom de famille enfant",
        "child_given_name": "Prénom enfant",
    },
}
TEACHER = frozenset({"directeur"})
# A list of schools is no roster, but is found in its file in the same way.
# `Identifiant_de_l_etablissement` is that of the directory of schools in open data.
SCHOOL_NUMBERS = (
    "uai", "rne", "numerouai", "codeuai", "codeuairne", "identifiantdeletablissement",
)  # fmt: skip
_SCHOOL = frozenset({*SCHOOL_NUMBERS, "fuseau"})
REASON_KEY, REMEDY_KEY = "motifdurefus", "quefaire"
OWN_COLUMNS = frozenset({REASON_KEY, REMEDY_KEY})
"""The columns that we add to rows we give back for correction; nobody's facts."""
REJECTS = "rejects"
"""The format of such rows: a pick of a school's people, not all of them."""
CHILD_BY_KEY = {key: name for name, keys in CHILD.items() for key in keys}
GUARDIAN_MARKS = frozenset(
    key for keys in GUARDIAN.values() for key in keys if key.endswith("responsable")
)
CHILD_OF_GUARDIAN = frozenset(CHILD_BY_KEY) - {
    "nomeleve", "prenomeleve", "nomdusageeleve", "nometprenomeleve",
}  # fmt: skip
CONTACTS = frozenset(GUARDIAN["civility"] + GUARDIAN["email"] + GUARDIAN["mobile"])
_KNOWN = (
    frozenset(key for keys in (*PUPIL.values(), *GUARDIAN.values()) for key in keys)
    | frozenset(CHILD_BY_KEY)
    | TEACHER
    | _SCHOOL
    | OWN_COLUMNS
)
# The known heading whose place a heading takes that says the same in other words.
_PLAIN = {
    "family_name": "nom", "usage_name": "nomdusage", "given_name": "prenom",
    "full_name": "nometprenom", "birth_date": "datedenaissance", "class_label": "classe",
    "level": "niveau", "ine": "ine", "state": "etat", "left_on": "datesortie",
    "structure_kind": "typestructure", "email": "courriel", "mobile": "telephoneportable",
    "phone": "telephone", "street": "adresse", "postcode": "codepostal", "city": "ville",
    "country": "pays", "civility": "civilite",
}  # fmt: skip
_OF_PUPIL = {
    "family_name": "nomeleve", "usage_name": "nomdusageeleve", "given_name": "prenomeleve",
    "full_name": "nometprenomeleve", "birth_date": "datedenaissanceeleve",
    "class_label": "classeeleve", "level": "niveau", "ine": "ine", "state": "etat",
    "left_on": "datesortie", "structure_kind": "typestructure",
}  # fmt: skip
_OF_GUARDIAN = {name: keys[0] for name, keys in GUARDIAN.items()} | {
    "email": "courrielresponsable", "mobile": "telephoneportableresponsable",
    "phone": "telephoneresponsable",
}  # fmt: skip
_NUMBERED = re.compile(r"(.*?[a-z])(\d{1,3})")
_ENOUGH = 3
_SEARCHED = 20
_BY_HEART = -1
_SAID = -2


def numbered(key: str) -> tuple[str, int] | None:
    """Return the heading of a child and its number, as `nomeleve2` says them."""
    found = _NUMBERED.fullmatch(key)
    return (found[1], int(found[2])) if found and found[1] in CHILD_BY_KEY else None


def base_key(heading: str) -> str:
    """Return the key of a heading, without the number of a child."""
    key = name_key(heading)
    found = numbered(key)
    return found[0] if found else key


def heading_score(cells: Sequence[str], columns: Columns = NOTHING_SAID) -> int:
    """Return how many cells of a row are headings of a roster."""
    return sum(_is_heading(cell, columns) for cell in cells if cell)


def _is_heading(cell: str, columns: Columns) -> bool:
    return (
        base_key(cell) in _KNOWN
        or parse_heading(cell) is not None
        or columns.field_of(cell) is not None
    )


def find_headings(rows: Sequence[Sequence[str]], columns: Columns = NOTHING_SAID) -> int | None:
    """Return the index of the row of headings among the first ones; titles may come before."""
    scores = [heading_score(row, columns) for row in rows[:_SEARCHED]]
    best = max(scores, default=0)
    return scores.index(best) if best >= _ENOUGH else _find_school_headings(rows[:_SEARCHED])


def _find_school_headings(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the index of a row that names a school's number and one thing more."""
    for at, row in enumerate(rows):
        keys = [key for key in map(name_key, row) if key]
        if len(keys) > 1 and any(key in SCHOOL_NUMBERS for key in keys):
            return at
    return None


def full_headings(rows: Sequence[Sequence[str]], at: int) -> tuple[str, ...]:
    """Return the headings of a row, with whom they are about where the row above says it.

    A spreadsheet may say «Père» in one merged cell, over «Nom», «Prénom», «Téléphone».
    """
    headings = tuple(rows[at])
    above = rows[at - 1] if at else ()
    if len({name_key(heading) for heading in headings}) == len(headings) or not any(
        map(role_of, above)
    ):
        return headings
    whose, found = "", []
    for place, heading in enumerate(headings):
        over = above[place].strip() if place < len(above) else ""
        whose = over or whose
        said = parse_heading(heading)
        is_bare = heading.strip() and (said is None or said.field.role is Role.NONE)
        found.append(f"{whose} {heading}" if is_bare and role_of(whose) else heading)
    return tuple(found)


def field_of(heading: str, columns: Columns) -> Said | None:
    """Return what a heading is: said by somebody, known by heart, or read word by word."""
    if (kept := columns.field_of(heading)) is not None:
        return None if kept == IGNORED else Said(kept, _SAID)
    if said := parse_heading(heading):
        return said
    key = base_key(heading)
    for name, keys in PUPIL.items():
        if key in keys:
            return Said(Field(Role.PUPIL, 0, name), keys.index(key))
    return None


def known_keys(headings: Sequence[str], columns: Columns) -> list[str]:
    """Return for every heading its own key if it is known, else that of the one it stands for.

    Of several that stand for one, the surest way to say it has the place; the same way twice
    is left to whoever refuses repeated headings.
    """
    ranked = [_ranked_key(heading, columns) for heading in headings]
    best: dict[str, int] = {}
    for key, rank in ranked:
        best[key] = min(best.get(key, rank), rank)
    return [key if rank == best[key] else "" for key, rank in ranked]


def _ranked_key(heading: str, columns: Columns) -> tuple[str, int]:
    key = name_key(heading)
    kept = columns.field_of(heading)
    if kept is not None:
        return _stands_for(kept), _SAID
    said = parse_heading(heading)
    if base_key(heading) in _KNOWN or said is None:
        return key, _BY_HEART
    return _stands_for(said.field) or key, said.rank


def _stands_for(said: Field) -> str:
    tables = {Role.NONE: _PLAIN, Role.PUPIL: _OF_PUPIL, Role.GUARDIAN: _OF_GUARDIAN}
    key = tables.get(said.role, {}).get(said.name, "")
    if said.number and said.role is Role.PUPIL:
        return f"{key}{said.number}" if key else ""
    return "" if said.number else key
