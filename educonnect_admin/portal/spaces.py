"""Spaces at which a French line does not break: a telephone's lines are short."""

import re

_KEPT = "\u00a0"
_TEXT = re.compile(r">[^<]+")
_BREAKS_BADLY = re.compile(
    r" (?=[:;?!»])"
    r"|(?<=«) "
    r"|(?<=\d) (?=\d|(?:minutes?|heures?|jours?|mois|ans?|chiffres|caractères)\b)"
)
_MISSING = re.compile(r"(?<=«)(?=[^\s])|(?<=[^\s])(?=»)")


def keep_together(html: str) -> str:
    """Return a page in which no line begins with a sign that belongs to the word before it.

    «Mot», « mot » and «&nbsp;mot&nbsp;» become the same; a number keeps its unit. What stands
    in a tag, such as what was typed in a field, stays as it is.
    """
    return _TEXT.sub(_kept, html)


def _kept(text: re.Match[str]) -> str:
    spaced = _BREAKS_BADLY.sub(_KEPT, text[0].replace("&nbsp;", _KEPT))
    return _MISSING.sub(_KEPT, spaced)
