"""The levels of the first degree and their order on the way to the collège."""

LEVELS = ("TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
_RANK = {level: rank for rank, level in enumerate(LEVELS)}


def level_rank(level: str | None) -> int:
    """Return the place of a level in the order of the years; what is not one comes last."""
    return _RANK.get((level or "").strip().upper(), len(LEVELS))
