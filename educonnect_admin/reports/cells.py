"""Text that stays text: what a spreadsheet might take for a formula, what XML can't hold."""

import re

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def neutral(text: str) -> str:
    """Return a cell of a CSV file that no spreadsheet computes: an apostrophe before a sign.

    A pupil may be named `=1+1`, a mobile begins with `+33`; full-width signs count in some
    languages of Excel.
    """
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Tell a text that a spreadsheet would compute if somebody typed it."""
    return bool(_FORMULA.match(text))


def writable(text: str) -> str:
    """Return a text without the characters that XML can't hold."""
    return _UNWRITABLE.sub("\ufffd", text)
