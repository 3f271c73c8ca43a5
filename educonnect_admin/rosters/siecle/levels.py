"""The level that the code of a formation (MEF) stands for, where it is certain.

The first three digits are the kind of formation, the ninth how many years it lasts, the tenth
which of them it is. What has no level of its own (CAP, BTS, …) has none here.
"""

from educonnect_admin.domain.levels import LEVELS, level_rank

_LENGTH = 11
_YEAR = 9
# Kind of formation → its years in order.
_KINDS = {
    "001": ("CP",),
    "002": ("CE1", "CE2"),
    "003": ("CM1", "CM2"),
    "100": ("6E",),
    "101": ("5E",),
    "102": ("4E",),
    "103": ("3E",),
    # The same years as SEGPA, which is no level and nobody's business here.
    "164": ("6E",),
    "165": ("5E",),
    "166": ("4E",),
    "167": ("3E",),
    "200": ("2DE",),
    "201": ("1RE",),
    "202": ("TLE",),
}


def level_of_code(code: str) -> str:
    """Return the level of a national code, empty where nobody can be certain."""
    if len(code) != _LENGTH:
        return ""
    years = _KINDS.get(code[:3], ())
    year = code[_YEAR]
    if not ("1" <= year <= "9") or int(year) > len(years):
        return ""
    return years[int(year) - 1]


def level_of_label(label: str) -> str:
    """Return the level that the label of a formation begins with: `6EME SEGPA` is a `6E`."""
    rank = level_rank(label.partition(" ")[0])
    return LEVELS[rank] if rank < len(LEVELS) else ""
