"""Headings to fields: a file is recognised by what its columns are called, never by its name.

The tables below hold every heading met in six generations of exports (BE1D quoted and not,
ONDE 2017, the «élève» variant of 2020 with its numbered blocks, «Liste des élèves», the
spreadsheet a school fills in by hand). A heading counts by its key: no accent, case, space,
apostrophe of either shape, asterisk or byte-order mark.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from educonnect_admin.domain.names import name_key, tidy
from educonnect_admin.rosters.problems import Unreadable, UnreadableReason
from educonnect_admin.rosters.rows import FileKind

# Field → its keys, the most telling first: `Libellé classe` wins over `Classe`.
_PUPIL = {
    "family_name": ("nomeleve", "nomdefamilleeleve", "nomdeleleve", "nomdefamille", "nom"),
    "usage_name": ("nomdusageeleve", "nomusageeleve", "nomdusage", "nomusage"),
    "given_name": ("prenomeleve", "prenomdeleleve", "prenom"),
    "birth_date": (
        "datenaissance", "datedenaissance", "datenaissanceeleve", "datedenaissanceeleve", "neele",
    ),
    "ine": ("ine", "numeroine", "identifiantnational"),
    "level": ("niveau",),
    "class_label": ("libelleclasse", "classe", "classeouregroupement"),
    "state": ("etat",),
}  # fmt: skip
_GUARDIAN = {
    "civility": ("civiliteresponsable", "civilite"),
    "family_name": ("nomresponsable", "nomdefamilleresponsable", "nom", "nomdefamille"),
    "usage_name": (
        "nomusageresponsable", "nomdusageresponsable", "nomusage", "nomdusage",
    ),
    "given_name": ("prenomresponsable", "prenom"),
    "street": ("adresseresponsable", "adresse"),
    "postcode": ("cpresponsable", "codepostalresponsable", "cp", "codepostal"),
    "city": ("communeresponsable", "commune", "ville"),
    "country": ("paysresponsable", "pays"),
    "email": (
        "courriel", "courrielresponsable", "adresseelectronique", "email", "adressemail", "mel",
    ),
    "mobile": (
        "telephoneportable", "telephoneportableresponsable", "telephonemobile", "portable",
        "mobile", "telephone",
    ),
}  # fmt: skip
_CHILD = {
    "family_name": (
        "nomdefamilleenfant", "nomdefamilleeleve", "nomdeleleve", "nomdelenfant", "nomenfant",
        "nomeleve",
    ),
    "usage_name": ("nomdusageenfant", "nomdusageeleve", "nomusageenfant", "nomusageeleve"),
    "given_name": ("prenomenfant", "prenomeleve", "prenomdeleleve", "prenomdelenfant"),
    "class_label": (
        "classesenfants", "classeseleves", "classesdeleleve", "classedeleleve", "classeenfant",
        "classeeleve", "classesenfant", "classeseleve",
    ),
    "birth_date": (
        "datedenaissanceeleve", "datenaissanceeleve", "datedenaissanceenfant",
        "datenaissanceenfant", "datedenaissancedeleleve",
    ),
}  # fmt: skip
_TEACHER = frozenset({"directeur"})
# A list of schools is no roster, but is found in its file in the same way.
SCHOOL_NUMBERS = ("uai", "rne", "numerouai", "codeuai", "codeuairne")
_SCHOOL = frozenset({*SCHOOL_NUMBERS, "fuseau"})
REASON_KEY, REMEDY_KEY = "motifdurefus", "quefaire"
OWN_COLUMNS = frozenset({REASON_KEY, REMEDY_KEY})
"""The columns that we add to rows we give back for correction; nobody's facts."""
REJECTS = "rejects"
"""The format of such rows: a pick of a school's people, not all of them."""
_CHILD_BY_KEY = {key: name for name, keys in _CHILD.items() for key in keys}
_GUARDIAN_MARKS = frozenset(
    key for keys in _GUARDIAN.values() for key in keys if key.endswith("responsable")
)
_CHILD_OF_GUARDIAN = frozenset(_CHILD_BY_KEY) - {"nomeleve", "prenomeleve", "nomdusageeleve"}
_CONTACTS = frozenset(_GUARDIAN["civility"] + _GUARDIAN["email"] + _GUARDIAN["mobile"])
_KNOWN = (
    frozenset(key for keys in (*_PUPIL.values(), *_GUARDIAN.values()) for key in keys)
    | frozenset(_CHILD_BY_KEY)
    | _TEACHER
    | _SCHOOL
    | OWN_COLUMNS
)
_COMPULSORY = {
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
_NUMBERED = re.compile(r"(.*?[a-z])(\d{1,3})")
_ENOUGH = 3
_SEARCHED = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field of a file stands: column numbers from 0, child blocks in order."""

    kind: FileKind
    format: str
    headings: tuple[str, ...]
    columns: dict[str, int]
    children: tuple[dict[str, int], ...] = ()
    used: dict[int, str] = field(default_factory=dict)

    def mapping(self) -> dict[str, str]:
        """Return each heading as it stands in the file with the field it was taken for."""
        found: dict[str, str] = {}
        for index, heading in enumerate(self.headings):
            found[heading] = found.get(heading) or self.used.get(index, "")
        found.pop("", None)
        return found


def heading_score(cells: Sequence[str]) -> int:
    """Return how many cells of a row are headings of a roster."""
    return sum(_base_key(cell) in _KNOWN for cell in cells)


def find_headings(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the index of the row of headings among the first ones; titles may come before."""
    scores = [heading_score(row) for row in rows[:_SEARCHED]]
    best = max(scores, default=0)
    return scores.index(best) if best >= _ENOUGH else _find_school_headings(rows[:_SEARCHED])


def _find_school_headings(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the index of a row that names a school's number and one thing more."""
    for at, row in enumerate(rows):
        keys = [key for key in map(name_key, row) if key]
        if len(keys) > 1 and any(key in SCHOOL_NUMBERS for key in keys):
            return at
    return None


def recognise(headings: Sequence[str], *, line: int, quoted: bool) -> Layout:
    """Tell what a file is and where its fields stand.

    Args:
        headings: The row of headings.
        line: Its line, for the errors.
        quoted: Whether headings stand in quotes, which tells BE1D's generations apart.

    Raises:
        Unreadable: TEACHERS_FILE, MISSING_HEADING or REPEATED_HEADING, with the heading.
    """
    headings = _without_empty_end([tidy(heading) for heading in headings])
    keys = [name_key(heading) for heading in headings]
    kind = _kind(frozenset(map(_base_key, headings)), line)
    children = _child_blocks(keys) if kind is FileKind.GUARDIANS else ()
    taken = {column for block in children for column in block.values()}
    names = _PUPIL if kind is FileKind.PUPILS else _GUARDIAN
    columns = _columns(headings, keys, names, taken, line)
    _refuse_missing(kind, columns, children, line)
    used = {column: name for name, column in columns.items()}
    used |= {at: f"child_{name}" for block in children for name, at in block.items()}
    form = _format(kind, frozenset(map(_base_key, headings)), quoted=quoted)
    return Layout(kind, form, headings, columns, children, used)


def _without_empty_end(headings: list[str]) -> tuple[str, ...]:
    """Drop what pads the row of headings to the width of the widest row."""
    while headings and not headings[-1]:
        headings.pop()
    return tuple(headings)


def _base_key(heading: str) -> str:
    key = name_key(heading)
    numbered = _NUMBERED.fullmatch(key)
    return numbered[1] if numbered and numbered[1] in _CHILD_BY_KEY else key


def _kind(keys: frozenset[str], line: int) -> FileKind:
    if keys & _GUARDIAN_MARKS or ("nom" in keys and keys & _CHILD_OF_GUARDIAN):
        return FileKind.GUARDIANS
    if keys & _TEACHER:
        raise Unreadable(UnreadableReason.TEACHERS_FILE, line=line)
    if keys & {"nomeleve", "prenomeleve", *_PUPIL["birth_date"]} or not keys & _CONTACTS:
        return FileKind.PUPILS
    return FileKind.GUARDIANS


def _columns(
    headings: Sequence[str],
    keys: Sequence[str],
    names: dict[str, tuple[str, ...]],
    taken: set[int],
    line: int,
) -> dict[str, int]:
    columns: dict[str, int] = {}
    for name, aliases in names.items():
        for alias in aliases:
            found = [at for at, key in enumerate(keys) if key == alias and at not in taken]
            if len(found) > 1:
                raise Unreadable(
                    UnreadableReason.REPEATED_HEADING, line=line, what=headings[found[1]]
                )
            if found:
                columns[name] = found[0]
                break
    return columns


def _child_blocks(keys: Sequence[str]) -> tuple[dict[str, int], ...]:
    """Gather the columns of children: numbered ones by number, others as they recur."""
    numbered: dict[int, dict[str, int]] = {}
    plain: list[dict[str, int]] = []
    for at, key in enumerate(keys):
        found = _NUMBERED.fullmatch(key)
        if found and found[1] in _CHILD_BY_KEY:
            numbered.setdefault(int(found[2]), {}).setdefault(_CHILD_BY_KEY[found[1]], at)
        elif key in _CHILD_BY_KEY:
            name = _CHILD_BY_KEY[key]
            if not plain or name in plain[-1]:
                plain.append({})
            plain[-1][name] = at
    return (*plain, *(numbered[number] for number in sorted(numbered)))


def _refuse_missing(
    kind: FileKind, columns: dict[str, int], children: tuple[dict[str, int], ...], line: int
) -> None:
    present = set(columns) | {f"child_{name}" for block in children for name in block}
    for name, heading in _COMPULSORY[kind].items():
        if name not in present:
            raise Unreadable(UnreadableReason.MISSING_HEADING, line=line, what=heading)


def _format(kind: FileKind, keys: frozenset[str], *, quoted: bool) -> str:
    """Name the generation; BE1D's last guardians and ONDE's first have the same headings."""
    if REASON_KEY in keys:
        return REJECTS
    old = "be1d-quoted" if quoted else "be1d"
    if kind is FileKind.PUPILS:
        return _pupils_format(keys, old)
    if not keys & _GUARDIAN_MARKS:
        return "generic"
    if keys & {"nomdefamilleeleve", "prenomeleve", "classeseleves"}:
        return "onde-2020"
    return old if "numerodeposte" in keys else "onde-2017"


def _pupils_format(keys: frozenset[str], old: str) -> str:
    if "prenomeleve" not in keys:
        return "generic"
    if "regroupement" in keys and "dateinscription" in keys and "ine" not in keys:
        return "onde-list"
    if keys & {"dispositif", "dispositifs", "etat", "regroupements"}:
        return "onde-2020"
    if "libelleclasse" in keys or "ine" in keys:
        return "onde-2017"
    return old
