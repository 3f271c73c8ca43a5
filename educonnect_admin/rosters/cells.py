"""One cell at a time: what it says, or the code of what is wrong with it."""

import re
from functools import lru_cache

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import name_key, tidy
from educonnect_admin.domain.uai import check_letter
from educonnect_admin.rosters.problems import ProblemCode

MAX_NAME = 100
MAX_KEY = 300
MAX_TEXT = 200
MAX_STREET = 400
MAX_SOURCE_ID = 40
LIMITS = {"level": 20, "class_label": 100, "postcode": 20, "city": 100, "country": 100}
"""How many signs a field may have: what the database has room for, which this room can't see."""
_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_CIVILITIES = {
    "m": Civility.SIR,
    "mr": Civility.SIR,
    "monsieur": Civility.SIR,
    "mme": Civility.MADAM,
    "madame": Civility.MADAM,
    # Registers have no «mademoiselle» since 2012; old exports still do.
    "mlle": Civility.MADAM,
    "melle": Civility.MADAM,
    "mademoiselle": Civility.MADAM,
}
_ABSENT_STATES = frozenset(
    {"radiation", "radie", "radiee", "enattente", "misenadmissibilite", "misenadmission"}
    # The division in which SIECLE keeps whoever is not there.
    | {"inactif", "inactifs"}
)
_INE = re.compile(r"[0-9A-Z]{11}")
_INE_NATIONAL = re.compile(r"[0-9]{9}[A-HJK]{2}")
_INE_CHECKED = re.compile(r"([0-9]{10})([A-HJ-NPR-Z])")
_INE_OTHER = re.compile(r"[0-9A-Z]{10}[0-9]|[0-9]{4}[AD][0-9]{5}[A-HJ-NPR-Z]")
# What follows is a handicap, not a class: autism, language, sight, limbs …
_ULIS_KIND = re.compile(
    r"\b(ULIS|CLIS)\b((?:[\s\-_/:(]*\b(?:TFC|TFA|TSA|TED|TFV|TFM|TMA|TSL|TSLA|DYS)\b\)?)+)",
    re.IGNORECASE,
)
_CLIS_NUMBER = re.compile(r"\bCLIS\b[\s\-_]*[1-4]\b", re.IGNORECASE)
_ULIS = re.compile(r"[UC]LIS\b", re.IGNORECASE)
_PLAIN_LOCAL = re.compile(r"(?=.{1,64}\Z)[A-Za-z0-9_+\-]+(?:\.[A-Za-z0-9_+\-]+)*")
_MAX_EMAIL = 254
_DIGITS = re.compile(r"[0-9]{5}")
_FRANCE = frozenset({"", "france", "fr"})
# A count that came through a column of numbers with decimals.
_DECIMALS = re.compile(r"([0-9]+)\.0+")
# What Excel and LibreOffice show for a formula that failed, in English and in French.
_SHEET_ERRORS = frozenset(
    {"#REF!", "#N/A", "#NA", "#DIV/0!", "#NULL!", "#NUL!", "#NUM!", "#NOMBRE!", "#VALUE!",
     "#VALEUR!", "#NAME?", "#NOM?", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)  # fmt: skip


def clean(text: str) -> str:
    """Return a cell without signs that nobody typed, tidied as names are."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return tidy(_CONTROL.sub(" ", text))


def is_sheet_error(text: str) -> bool:
    """Tell what a spreadsheet shows where a formula failed, or where a column is too narrow."""
    text = text.strip()
    return text.upper() in _SHEET_ERRORS or (len(text) > 1 and not text.strip("#"))


def is_odd_name(text: str) -> bool:
    """Tell a name that no register should hold: a digit, no letter, a formula's first sign.

    SIECLE writes `?` for a letter that its exports can't hold.
    """
    if text.isalpha():
        return False
    is_formula = text[0] in "=+@"
    return is_formula or any(map(_is_odd_sign, text)) or not any(map(str.isalpha, text))


def _is_odd_sign(sign: str) -> bool:
    return sign.isdigit() or sign == "?"


def parse_civility(text: str) -> Civility | None:
    """Return the civility, nothing for what is none or for a couple."""
    return _CIVILITIES.get(name_key(text))


def is_absent_state(text: str) -> bool:
    """Tell the states of pupils who are not, or no longer, in the school."""
    return name_key(text) in _ABSENT_STATES


def parse_ine(text: str) -> tuple[str | None, ProblemCode | None]:
    """Return the national number of a pupil and BAD_INE where its form or key is wrong.

    Eleven signs with a wrong key are kept. Anything else (`inconnu`, `0`) is dropped: shared
    by a whole column, it would make one pupil of all.
    """
    ine = "".join(text.split()).upper()
    if not _INE.fullmatch(ine):
        return None, ProblemCode.BAD_INE
    return ine, None if is_sound_ine(ine) else ProblemCode.BAD_INE


def is_sound_ine(ine: str) -> bool:
    """Tell whether a number has one of the known forms and, where it is public, its key."""
    if checked := _INE_CHECKED.fullmatch(ine):
        return check_letter(checked[1]) == checked[2]
    return bool(_INE_NATIONAL.fullmatch(ine) or _INE_OTHER.fullmatch(ine))


def parse_email(text: str) -> tuple[str | None, ProblemCode | None]:
    """Return the address in its normal form, or BAD_EMAIL; the network is not asked.

    A school's families share a few dozen domains, and a domain is what takes long to judge:
    an ordinary local part goes with the verdict on its domain.
    """
    local, _, domain = text.rpartition("@")
    if not _PLAIN_LOCAL.fullmatch(local):
        found = _validated(text)
    else:
        host = _validated(f"a@{domain}")
        found = f"{local}{host[1:]}" if host and len(local) + len(host) <= _MAX_EMAIL + 1 else None
    return found, None if found else ProblemCode.BAD_EMAIL


@lru_cache(maxsize=16_384)
def _validated(address: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except (EmailNotValidError, ValueError):
        return None
    return found.normalized


@lru_cache(maxsize=4_096)
def parse_postcode(text: str, country: str) -> tuple[str, ProblemCode | None]:
    """Return a postcode, the zero that a spreadsheet ate put back; abroad, as written."""
    if name_key(country) not in _FRANCE:
        return text, None
    code = text.replace(" ", "")
    if found := _DECIMALS.fullmatch(code):
        code = found[1]
    if re.fullmatch(r"[0-9]{4}", code):
        code = f"0{code}"
    if _DIGITS.fullmatch(code):
        return code, None
    return text, ProblemCode.BAD_POSTCODE


@lru_cache(maxsize=4_096)
def without_ulis_kind(label: str) -> str:
    """Return the label of a class without the handicap it is for (R-66)."""
    return _ULIS_KIND.sub(r"\1", _CLIS_NUMBER.sub("CLIS", label))


@lru_cache(maxsize=1_024)
def parse_level(text: str) -> str:
    """Return a level in capitals; every ULIS, and the CLIS it was before, is just `ULIS`."""
    return "ULIS" if _ULIS.match(text) else text.upper()
