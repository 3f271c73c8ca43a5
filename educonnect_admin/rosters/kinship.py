"""What a guardian is to a child, as SIECLE says it: legal or not, and the kinship."""

import re

_LEGAL_RANKS = frozenset({"0", "1", "2"})
_LEGAL_LEVELS = frozenset({"1", "2", "3"})
_CODE = re.compile(r"[0-9]{2}")
SELF = "70"
"""The pupil, of age, answers for himself."""


def is_legal(rank: str, level: str) -> bool:
    """Tell a legal guardian by either of the two cells that say so.

    Args:
        rank: RESP_LEGAL, until spring 2018: 1 and 2 are the legal guardians, 0 is none.
        level: NIVEAU_RESPONSABILITE, since: 1 is legal, 2 looks after the child, 3 is to be
            reached. It wins where both stand.

    Returns:
        Yes or no; what says neither is no: nobody gets an account by an accident.
    """
    return level == "1" if level else rank in {"1", "2"}


def is_unclear(rank: str, level: str) -> bool:
    """Tell cells that do not say whether a guardian is legal."""
    return level not in _LEGAL_LEVELS if level else rank not in _LEGAL_RANKS


def parse_kinship(text: str) -> str | None:
    """Return the two digits of a kinship.

    One digit, as before 2018, is of another list of which there is no public text: it says
    nothing here, rather than take a father for a mother.
    """
    return text if _CODE.fullmatch(text) else None
