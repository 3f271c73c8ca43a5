"""How often the interpreter looks for values that only hold each other."""

import gc

_VALUES_BETWEEN_LOOKS = 100_000


def look_less_often() -> None:
    """Look at each 100,000 new values instead of 700.

    Rosters and letters make many values and no cycles: looking takes a third of an import.
    """
    gc.set_threshold(_VALUES_BETWEEN_LOOKS, 50, 100)
