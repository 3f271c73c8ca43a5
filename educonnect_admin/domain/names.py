"""Folding names, in one place: to compare people and to build identifiers (R-2, R-7).

Registers write the same person as `Hélène`, `HELENE` and `Helene`; `N'Diaye` comes with a
straight or a typographic apostrophe. Two names are the same when their keys are.
"""

import re
import unicodedata
from functools import lru_cache

# Letters that NFKD leaves whole though a French keyboard writes them with two or another.
_BY_HAND = str.maketrans(
    {
        "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS",
        "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
        "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ŋ": "n", "Ŋ": "N",
        "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ĸ": "k",
    }
)  # fmt: skip
_SPACES = re.compile(r"[\s\u00a0\u202f\u2007\ufeff\u200b]+")
_NOT_KEY = re.compile(r"[^a-z0-9]+")


def tidy(text: str) -> str:
    """Return a name as people wrote it: composed, single spaces, none at the ends.

    Invisible signs that spreadsheets leave behind (no-break spaces, byte-order marks)
    count as spaces.
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


@lru_cache(maxsize=65_536)
def to_ascii(text: str) -> str:
    """Return the ASCII lower case of a name: no letter of it vanishes.

    Accents go, ligatures are spelt out; only a letter that folds to nothing (an Azeri `ə`,
    a whole name in Arabic, Cyrillic or Chinese) is transliterated.
    """
    decomposed = unicodedata.normalize("NFKD", text).translate(_BY_HAND)
    if decomposed.isascii():
        return decomposed.lower()
    return "".join(sign if sign.isascii() else _latin(sign) for sign in decomposed).lower()


@lru_cache(maxsize=4096)
def _latin(sign: str) -> str:
    if not sign.isalnum():
        return ""
    # Lazily: a table of every script of the world, for the few names that need it.
    from anyascii import anyascii  # noqa: PLC0415

    return anyascii(sign)


@lru_cache(maxsize=65_536)
def name_key(text: str) -> str:
    """Return the key by which names compare: no accent, case, apostrophe, hyphen or space."""
    return _NOT_KEY.sub("", to_ascii(text))


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are written alike once folded, and neither is empty."""
    return name_key(one) == name_key(other) != ""
