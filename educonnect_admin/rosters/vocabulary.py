"""What a heading says, word by word: whom it is about, and what of them.

Exports have headings of their own, which `headings` knows by heart. Everybody else writes
«Tél. portable de la mère», «Resp. légal 1 : Nom», «DDN»: words in any order, short or long.
Every word must be known, or the heading is none: «Nom du médecin» is nobody's name here.
All words stand folded: no accent, no capital.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from educonnect_admin.domain.names import to_ascii


class Role(StrEnum):
    """Whom a column is about; nothing where the heading does not say."""

    NONE = ""
    PUPIL = "pupil"
    GUARDIAN = "guardian"
    FATHER = "father"
    MOTHER = "mother"


class Field(NamedTuple):
    """What a column holds: whose, of which one from 1 on (0 for the only one), and what."""

    role: Role
    number: int
    name: str

    @property
    def code(self) -> str:
        """How programs read it: `guardian2.mobile`, `pupil.birth_date`, `family_name`."""
        whose = f"{self.role}{self.number or ''}"
        return f"{whose}.{self.name}" if whose else self.name

    @classmethod
    def of_code(cls, code: str) -> "Field":
        """Return the field of a code.

        Raises:
            ValueError: there is none.
        """
        found = _CODE.fullmatch(code)
        if not found or found[3] not in NAMES:
            raise ValueError(code)
        return cls(Role(found[1] or ""), int(found[2] or 0), found[3])


IGNORED = Field(Role.NONE, 0, "ignored")
"""A column that somebody said is of no use."""

# What a column may hold, with the ways to call it; the first is the surest.
_PHRASES: dict[str, tuple[str, ...]] = {
    "family_name": (
        "nom famille", "nom", "nom naissance", "nom patronymique", "patronyme", "noms",
        "nom famil", "nom naiss",
    ),
    "usage_name": ("nom usage", "nom usuel", "nom marital", "nom epouse"),
    "given_name": (
        "prenom", "prenoms", "prenom s", "prenom 1", "premier prenom", "1er prenom",
        "prenom usuel", "prenom usage",
    ),
    "full_name": (
        "nom prenom", "nom et prenom", "nom prenoms", "nom et prenoms", "prenom nom",
        "prenom et nom", "nom complet", "nom prenom s", "",
    ),
    "birth_date": (
        "date naissance", "ne e le", "ne le", "nee le", "ne nee le", "ne ou nee le", "ddn",
        "date naiss", "d naissance", "d naiss", "dnaiss", "naissance", "date nais", "datenaiss",
        "naiss", "date nce", "date naissances", "jour naissance",
    ),
    "class_label": (
        "classe", "libelle classe", "lib classe", "classes", "division", "div", "code structure",
        "structure", "code division", "groupe classe", "classe division", "libelle division",
        "classe affectation", "cl",
    ),
    "level": ("niveau", "niv", "niveau scolaire", "niveau classe", "cours"),
    "ine": (
        "ine", "numero ine", "num ine", "n ine", "no ine", "identifiant national", "id national",
        "ident national", "ine rnie", "ine bea", "identifiant national eleve", "code ine",
        "identifiant ine",
    ),
    "email": (
        "courriel", "email", "mail", "e mail", "mel", "adresse mail", "adresse email",
        "adresse e mail", "adresse electronique", "courrier electronique", "adresse mel",
        "adresse courriel", "mails", "courriels", "emails", "email personnel",
        "courriel personnel", "mail personnel",
    ),
    "mobile": (
        "tel portable", "portable", "mobile", "tel mobile", "tel port", "port", "gsm",
        "numero portable", "num portable", "n portable", "no portable", "num tel portable",
        "numero tel portable", "tel gsm", "numero mobile", "tel portable personnel",
    ),
    "phone": ("tel", "numero tel", "num tel", "n tel", "no tel", "tels"),
    "street": (
        "adresse", "adresse 1", "ligne adresse 1", "ligne 1 adresse", "rue", "adresse postale",
        "voie", "numero et rue", "n et rue", "adresse ligne 1", "adresse domicile",
    ),
    "street_2": ("adresse 2", "ligne adresse 2", "ligne 2 adresse", "complement adresse",
                 "adresse ligne 2"),
    "street_3": ("adresse 3", "ligne adresse 3", "ligne 3 adresse", "adresse ligne 3"),
    "street_4": ("adresse 4", "ligne adresse 4", "ligne 4 adresse", "adresse ligne 4"),
    "postcode": ("code postal", "cp", "c p", "codepostal", "code post"),
    "city": ("ville", "commune", "localite", "lib postal", "libelle postal", "commune postale"),
    "country": ("pays", "lib pays"),
    "civility": ("civilite", "civ", "titre"),
    "kinship": ("lien parente", "lien", "parente", "qualite", "lien avec"),
    "state": ("etat", "statut"),
    "left_on": ("date sortie",),
    "structure_kind": ("type structure",),
}  # fmt: skip
NAMES = (*_PHRASES, IGNORED.name)
"""What a column may hold, by codes."""

_BY_PHRASE = {
    phrase: (name, rank) for name, ways in _PHRASES.items() for rank, phrase in enumerate(ways)
}
_SAME = {
    "telephone": "tel", "telephones": "tel", "telephonique": "tel", "phone": "tel", "tph": "tel",
    "telport": "tel portable", "telportable": "tel portable", "cellulaire": "portable",
    "adr": "adresse", "add": "adresse", "adress": "adresse",
}  # fmt: skip
_SMALL = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "a", "au"})
_KEPT_BEFORE = frozenset({"ne", "nee", "e"})
"""After these a small word matters: `ne le` is a date, `ne` alone is nothing."""
_PUPIL = frozenset({"eleve", "eleves", "enfant", "enfants"})
_FATHERS, _MOTHERS = frozenset({"pere", "papa"}), frozenset({"mere", "maman"})
_GUARDIANS = frozenset({
    "responsable", "responsables", "resp", "parent", "parents", "representant", "representants",
    "repr", "rep", "tuteur", "tutrice", "rl", "rleg", "respleg",
})  # fmt: skip
_LEGAL = frozenset({"legal", "legaux", "legale", "leg"})
_ORDINALS = {"1er": 1, "premier": 1, "1ere": 1, "2e": 2, "2eme": 2, "2nd": 2, "second": 2,
             "deuxieme": 2, "principal": 1}  # fmt: skip
_MANY = frozenset({"parents", "responsables", "representants", "eleves", "enfants"})
_SIGNS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[a-z]+|[0-9]+")
_ORDINAL = re.compile(r"\b(1er|1ere|2e|2eme|2nd)\b")
_CODE = re.compile(r"(?:(pupil|guardian|father|mother)([1-9][0-9]?)?\.)?([a-z_0-9]+)")
_LONGEST = 80
_MOST = 2
"""Beyond the second, a person beside a pupil is seldom a legal guardian: nobody is guessed."""

_KINSHIPS = {
    "mere": "10", "maman": "10", "pere": "20", "papa": "20", "tuteur": "50", "tutrice": "50",
    "fratrie": "37", "ascendant": "38", "educateur": "41", "autre": "90",
}  # fmt: skip
_MONTHS = (
    ("janvier", "janv", "jan"), ("fevrier", "fevr", "fev"), ("mars", "mar"), ("avril", "avr"),
    ("mai",), ("juin",), ("juillet", "juil"), ("aout",), ("septembre", "sept", "sep"),
    ("octobre", "oct"), ("novembre", "nov"), ("decembre", "dec"),
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}


def month_number(name: str) -> int | None:
    """Return the month that a folded French name, whole or short, stands for."""
    return _MONTH.get(name)


def kinship_code(text: str) -> str | None:
    """Return the two digits by which SIECLE says what a guardian is to a child, if plain."""
    return _KINSHIPS.get(to_ascii(text).strip())


class Said(NamedTuple):
    """What a heading says, and how sure the way it says it is among its like: 0 is surest."""

    field: Field
    rank: int


@lru_cache(maxsize=16_384)
def parse_heading(text: str) -> Said | None:
    """Return what a heading says, nothing where a word of it is unknown."""
    if not 1 < len(text) <= _LONGEST:
        return None
    return _said(heading_words(text))


def _said(words: tuple[str, ...]) -> Said | None:
    role, number, rest = _whose(list(words))
    if role is Role.NONE and not rest:
        return None
    if number == 0 and role is not Role.NONE and rest and rest[-1].isdigit():
        *shorter, last = rest
        if " ".join(shorter) in _BY_PHRASE and " ".join(rest) not in _BY_PHRASE:
            number, rest = int(last), shorter
    found = _BY_PHRASE.get(" ".join(rest))
    if found is None or (not rest and set(words) & _MANY):
        return None
    name, rank = found
    if role in {Role.GUARDIAN, Role.FATHER, Role.MOTHER} and number > _MOST:
        return None
    if role in {Role.FATHER, Role.MOTHER}:
        number = 0
    return Said(Field(role, number, name), rank)


def heading_words(text: str) -> tuple[str, ...]:
    """Return the words of a heading, folded, numbers apart, small words left out."""
    folded = to_ascii(_SIGNS.sub(" ", unicodedata.normalize("NFC", text)))
    folded = _ORDINAL.sub(lambda found: f"{_ORDINALS[found[1]]}", folded)
    words: list[str] = []
    for word in _WORD.findall(folded):
        if word in _SMALL and not (words and words[-1] in _KEPT_BEFORE):
            continue
        words += _SAME.get(word, word).split()
    return tuple(words)


def _whose(words: list[str]) -> tuple[Role, int, list[str]]:
    """Return whom the words are about, which one of them, and the words that are left."""
    at = next((at for at, word in enumerate(words) if _role(word) is not Role.NONE), None)
    if at is None:
        return Role.NONE, 0, words
    role, before, after = _role(words[at]), words[:at], words[at + 1 :]
    number = _number_after(after) or _number_before(before, is_last=not after)
    rest = [*before, *after]
    if any(_role(other) is not Role.NONE for other in rest):
        return _both(role, number, rest)
    return role, number, rest


def _number_after(after: list[str]) -> int:
    """Take the number that follows a person, as in `resp leg 1`; 0 for none."""
    while after and (after[0] in _LEGAL or after[0] in {"n", "no", "numero"}):
        after.pop(0)
    return int(after.pop(0)) if after and after[0].isdigit() else 0


def _number_before(before: list[str], *, is_last: bool) -> int:
    """Take the number before a person, as in `1er parent`, unless it is of what is asked."""
    last = before[-1] if before else ""
    if not (last in _ORDINALS or last.isdigit()):
        return 0
    if len(before) > 1 and (not is_last or " ".join(before) in _BY_PHRASE):
        return 0
    before.pop()
    return _ORDINALS.get(last) or int(last)


def _both(role: Role, number: int, rest: list[str]) -> tuple[Role, int, list[str]]:
    """Judge two people in one heading: a father who is «parent 1» is one, others are not."""
    inner, _, left = _whose(rest)
    parents = {Role.FATHER, Role.MOTHER}
    if role is Role.GUARDIAN and inner in parents:
        return inner, 0, left
    if role in parents and inner is Role.GUARDIAN:
        return role, 0, left
    return Role.NONE, number, ["?"]


def _role(word: str) -> Role:
    if word in _PUPIL:
        return Role.PUPIL
    if word in _FATHERS:
        return Role.FATHER
    if word in _MOTHERS:
        return Role.MOTHER
    return Role.GUARDIAN if word in _GUARDIANS else Role.NONE


WORDS = frozenset(
    {word for phrase in _BY_PHRASE for word in phrase.split() if len(word) > 2}
    | _PUPIL | _FATHERS | _MOTHERS | _GUARDIANS | _LEGAL | {"telephone"}
)  # fmt: skip
"""Every word of a heading, for whoever wants to correct a misspelt one."""


def role_of(text: str) -> tuple[Role, int] | None:
    """Return whom a heading is about that names nothing else, as those above others do."""
    role, number, rest = _whose(list(heading_words(text)))
    return (role, number) if role is not Role.NONE and not rest else None
