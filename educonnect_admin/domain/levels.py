"""The levels of school, from the little ones to the baccalauréat, in the order of the years."""

from educonnect_admin.domain.names import name_key

LEVELS = (
    "TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2",
    "6E", "5E", "4E", "3E", "2DE", "1RE", "TLE",
)  # fmt: skip
_RANK = {level: rank for rank, level in enumerate(LEVELS)}
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


def level_name(level: str) -> str | None:
    """Return a level as it is read, `CE1`, `3e`, `Tle`; None if it is none."""
    rank = level_rank(level)
    if rank == len(LEVELS):
        return None
    code = LEVELS[rank]
    is_year_of_second_degree = code[0].isdigit()
    return code[0] + code[1:].lower() if is_year_of_second_degree or code == "TLE" else code
