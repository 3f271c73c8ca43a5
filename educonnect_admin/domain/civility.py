"""How a guardian is addressed."""

from enum import StrEnum


class Civility(StrEnum):
    """The civility of a guardian; French registers know two since 2012."""

    MADAM = "mme"
    SIR = "m"
