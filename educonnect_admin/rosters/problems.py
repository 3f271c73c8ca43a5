"""What can be wrong with a row or a cell, as codes; the French words live at the edge."""

from dataclasses import dataclass, field
from enum import StrEnum


class ProblemCode(StrEnum):
    """Every problem a reader can report."""

    # The row is refused.
    NO_FAMILY_NAME = "no_family_name"
    NO_GIVEN_NAME = "no_given_name"
    NO_BIRTH_DATE = "no_birth_date"
    IMPOSSIBLE_BIRTH_DATE = "impossible_birth_date"
    TWO_DIGIT_YEAR = "two_digit_year"
    FUTURE_BIRTH_DATE = "future_birth_date"
    REPEATED_PUPIL = "repeated_pupil"
    CONTRADICTORY_PUPIL = "contradictory_pupil"
    # The row is taken, and somebody should look.
    UNLIKELY_AGE = "unlikely_age"
    BAD_INE = "bad_ine"
    BAD_EMAIL = "bad_email"
    BAD_MOBILE = "bad_mobile"
    UNUSUAL_MOBILE = "unusual_mobile"
    BAD_POSTCODE = "bad_postcode"
    NO_CLASS = "no_class"
    NO_CHILD = "no_child"
    REPEATED_GUARDIAN = "repeated_guardian"
    EXTRA_CELLS = "extra_cells"


_REMARKS = frozenset(
    {
        ProblemCode.UNLIKELY_AGE,
        ProblemCode.BAD_INE,
        ProblemCode.BAD_EMAIL,
        ProblemCode.BAD_MOBILE,
        ProblemCode.UNUSUAL_MOBILE,
        ProblemCode.BAD_POSTCODE,
        ProblemCode.NO_CLASS,
        ProblemCode.NO_CHILD,
        ProblemCode.REPEATED_GUARDIAN,
        ProblemCode.EXTRA_CELLS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong at one place of a file.

    `line` counts from 1, the heading included, as an editor or a spreadsheet shows it;
    `column` is the heading as it stands in the file, empty for a whole row; `value` is
    what stood there, kept out of `repr`; `other_line` points at the row it clashes with.
    """

    code: ProblemCode
    line: int
    column: str = ""
    value: str = field(default="", repr=False)
    other_line: int | None = None

    @property
    def refuses(self) -> bool:
        """Whether the row was refused; otherwise this is a remark."""
        return self.code not in _REMARKS
