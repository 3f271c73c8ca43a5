"""What was typed: a name, an identifier, an e-mail address, a mobile or an INE."""

import re
from enum import StrEnum
from typing import NamedTuple

from educonnect_admin.domain.names import tidy
from educonnect_admin.office.searching.wording import LONGEST_TEXT, words_of
from educonnect_admin.rosters.mobiles import parse_mobile


class What(StrEnum):
    """What a text looks like; names are what is left."""

    EMAIL = "email"
    MOBILE = "mobile"
    INE = "ine"
    IDENTIFIER = "identifier"
    NAMES = "names"


class Asked(NamedTuple):
    """What is looked for: the value as the database holds it, and its words."""

    what: What
    value: str
    words: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Asked(what={self.what!s})"


_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_DIALLED = re.compile(r"[+(]?[\d\s().\-/\u2010-\u2015\u00a0\u202f+]{6,}")
_INE = re.compile(r"(?=(?:[A-Z]*[0-9]){4})[0-9A-Z]{11}", re.ASCII)
_IDENTIFIER = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]*)?", re.ASCII)
_HOMONYM_NUMBER = re.compile(r"[0-9]+$")


def read(text: str) -> Asked:
    """Tell what a text is; what is too long for any name or address is nothing at all."""
    typed = tidy(text)
    if len(typed) > LONGEST_TEXT:
        return Asked(What.NAMES, "", ())
    if _EMAIL.fullmatch(typed):
        local = typed.split("@")[0].split("+")[0]
        return Asked(What.EMAIL, typed, words_of(_without_digits(local)))
    if _DIALLED.fullmatch(typed) and (mobile := parse_mobile(typed)[0]):
        return Asked(What.MOBILE, mobile, ())
    compact = "".join(typed.upper().split())
    if _INE.fullmatch(compact):
        return Asked(What.INE, compact, words_of(typed))
    if _IDENTIFIER.fullmatch(typed.lower()):
        return Asked(What.IDENTIFIER, typed.lower(), words_of(_HOMONYM_NUMBER.sub("", typed)))
    return Asked(What.NAMES, typed, words_of(typed))


def _without_digits(local: str) -> str:
    return re.sub(r"[0-9]+", " ", local)
