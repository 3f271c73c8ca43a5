"""The levels of school, from the little ones to the baccalauréat, in the order of the years."""

import re

from educonnect_admin.domain.names import name_key, to_ascii

LEVELS = (
    "TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2",
    "6E", "5E", "4E", "3E", "2DE", "1RE", "TLE",
)  # fmt: skip
_RANK = {level: rank for rank, level in enumerate(LEVELS)}
_DIVISION = re.compile(r"[3-6][a-z0-9]?")
_ALSO = {
    **{f"{year}EME": f"{year}E" for year in "6543"},
    **dict.fromkeys(("2D", "2NDE", "SECONDE"), "2DE"),
    **dict.fromkeys(("1ERE", "PREMIERE"), "1RE"),
    **dict.fromkeys(("TERM", "TERMINALE"), "TLE"),
}


def level_rank(level: str | None) -> int:
    """Return the place of a level in the order of the years; what is not one comes last."""
    written = name_key(level or "").upper()
    return _RANK.get(_ALSO.get(written, written), len(LEVELS))


def rank_of_class(label: str) -> int:
    """Return the place of a class by its label, that of the first level it names; else last.

    `CE1-CE2 B` has the place of CE1, `6B` and `6e B` that of the 6e.
    """
    words = re.findall(r"[a-z0-9]+", to_ascii(label))
    ranks = (level_rank(f"{word[0]}e" if _DIVISION.fullmatch(word) else word) for word in words)
    return next((rank for rank in ranks if rank < len(LEVELS)), len(LEVELS))


def level_name(level: str) -> str | None:
    """Return a level as it is read, `CE1`, `3e`, `Tle`; None if it is none."""
    rank = level_rank(level)
    if rank == len(LEVELS):
        return None
    code = LEVELS[rank]
    is_year_of_second_degree = code[0].isdigit()
    return code[0] + code[1:].lower() if is_year_of_second_degree or code == "TLE" else code
