"""How often the interpreter looks for values that only hold each other."""

import atexit
import gc

_VALUES_BETWEEN_LOOKS = 250_000
"""More than loading the largest command makes, 175,000: it makes modules, and nothing to find."""


def look_less_often() -> None:
    """Look at each 250,000 new values instead of 700.

    Rosters and letters make many values and no cycles: looking takes a third of an import.
    """
    gc.set_threshold(_VALUES_BETWEEN_LOOKS, 20, 100)


def look_no_more_at_the_end() -> None:
    """Spare the last look, as the process ends: all of its memory is given back anyway.

    It goes through everything that was ever loaded: a tenth of the time of a short command.
    """
    atexit.register(gc.freeze)
