"""What can be wrong with a file, a row or a cell, as codes; the French words live at the edge."""

from dataclasses import dataclass, field
from enum import StrEnum


class ProblemCode(StrEnum):
    """Every problem that a reader, or the database it is compared with, can report."""

    # The row is refused.
    NO_FAMILY_NAME = "no_family_name"
    NO_GIVEN_NAME = "no_given_name"
    NAME_TOO_LONG = "name_too_long"
    NAME_NOT_SPLIT = "name_not_split"
    NO_BIRTH_DATE = "no_birth_date"
    IMPOSSIBLE_BIRTH_DATE = "impossible_birth_date"
    TWO_DIGIT_YEAR = "two_digit_year"
    DAY_OR_MONTH = "day_or_month"
    FUTURE_BIRTH_DATE = "future_birth_date"
    REPEATED_PUPIL = "repeated_pupil"
    CONTRADICTORY_PUPIL = "contradictory_pupil"
    INE_OF_ANOTHER = "ine_of_another"
    AMBIGUOUS_PUPIL = "ambiguous_pupil"
    SOURCE_ID_OF_ANOTHER = "source_id_of_another"
    # The row is set aside: nothing is wrong with it, but nobody is to be taken from it.
    LEFT_OUT = "left_out"
    ONLY_LEAVERS = "only_leavers"
    REPEATED_GUARDIAN = "repeated_guardian"
    PUPIL_AGAIN = "pupil_again"
    GROUP_ROW = "group_row"
    # The row is taken, and somebody should look.
    CONTESTED_PUPIL = "contested_pupil"
    SAME_NAME_AND_DATE = "same_name_and_date"
    UNLIKELY_AGE = "unlikely_age"
    BAD_INE = "bad_ine"
    BAD_EMAIL = "bad_email"
    BAD_MOBILE = "bad_mobile"
    UNUSUAL_MOBILE = "unusual_mobile"
    BAD_POSTCODE = "bad_postcode"
    ODD_NAME = "odd_name"
    TEXT_TOO_LONG = "text_too_long"
    NO_CLASS = "no_class"
    SEVERAL_CLASSES = "several_classes"
    BAD_LEAVING_DATE = "bad_leaving_date"
    NO_CHILD = "no_child"
    CHILD_UNREADABLE = "child_unreadable"
    UNCLEAR_LEGAL_LEVEL = "unclear_legal_level"
    OWN_GUARDIAN = "own_guardian"
    POINTS_NOWHERE = "points_nowhere"
    EXTRA_CELLS = "extra_cells"
    CELL_ERROR = "cell_error"
    MONTH_FIRST_DATES = "month_first_dates"
    SEVERAL_MOBILES = "several_mobiles"
    GUARDIAN_UNREADABLE = "guardian_unreadable"
    CORRECTED_DATE_KEPT = "corrected_date_kept"
    CORRECTED_EMAIL_KEPT = "corrected_email_kept"
    CORRECTED_MOBILE_KEPT = "corrected_mobile_kept"
    CORRECTED_ADDRESS_KEPT = "corrected_address_kept"
    INE_KNOWN_ELSEWHERE = "ine_known_elsewhere"
    CHILD_NOT_FOUND = "child_not_found"


_REFUSALS = frozenset(
    {
        ProblemCode.NO_FAMILY_NAME,
        ProblemCode.NO_GIVEN_NAME,
        ProblemCode.NAME_TOO_LONG,
        ProblemCode.NAME_NOT_SPLIT,
        ProblemCode.NO_BIRTH_DATE,
        ProblemCode.IMPOSSIBLE_BIRTH_DATE,
        ProblemCode.TWO_DIGIT_YEAR,
        ProblemCode.DAY_OR_MONTH,
        ProblemCode.FUTURE_BIRTH_DATE,
        ProblemCode.REPEATED_PUPIL,
        ProblemCode.CONTRADICTORY_PUPIL,
        ProblemCode.INE_OF_ANOTHER,
        ProblemCode.AMBIGUOUS_PUPIL,
        ProblemCode.SOURCE_ID_OF_ANOTHER,
    }
)


KEPT_CORRECTIONS = frozenset(
    {
        ProblemCode.CORRECTED_DATE_KEPT,
        ProblemCode.CORRECTED_EMAIL_KEPT,
        ProblemCode.CORRECTED_MOBILE_KEPT,
        ProblemCode.CORRECTED_ADDRESS_KEPT,
    }
)
"""What the desk has corrected, and the file still has otherwise (R-61)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong at one place of a file.

    `line` counts from 1, the heading included, as an editor or a spreadsheet shows it;
    `column` is the heading as it stands in the file, empty for a whole row; `value` is
    what stood there, `who` the person the row is about, as far as it says, both kept out of
    `repr`; `other_line` points at the row it clashes with.
    """

    code: ProblemCode
    line: int
    column: str = ""
    value: str = field(default="", repr=False)
    other_line: int | None = None
    who: str = field(default="", repr=False)

    @property
    def refuses(self) -> bool:
        """Whether the row was refused; otherwise this is a remark."""
        return self.code in _REFUSALS


class UnreadableReason(StrEnum):
    """Why a whole file can't be read: the `reason` of an `UnreadableFile`."""

    # The disk.
    NOT_FOUND = "not_found"
    FOLDER = "folder"
    NOT_PERMITTED = "not_permitted"
    DISK = "disk"
    TOO_LARGE = "too_large"
    REPEATED_FILE = "repeated_file"
    CHANGED = "changed"
    # The wrong kind of file.
    EMPTY = "empty"
    BINARY = "binary"
    PDF = "pdf"
    ZIP_ARCHIVE = "zip_archive"
    WORD_DOCUMENT = "word_document"
    OLD_DOCUMENT = "old_document"
    BINARY_WORKBOOK = "binary_workbook"
    OPEN_DOCUMENT = "open_document"
    WEB_PAGE = "web_page"
    XML = "xml"
    NOBODY_IN_SIECLE = "nobody_in_siecle"
    OTHER_SCHOOL = "other_school"
    TEACHERS_FILE = "teachers_file"
    # A damaged or hostile file.
    UNKNOWN_ENCODING = "unknown_encoding"
    UNCLOSED_QUOTE = "unclosed_quote"
    TOO_MANY_COLUMNS = "too_many_columns"
    PROTECTED_WORKBOOK = "protected_workbook"
    DAMAGED_WORKBOOK = "damaged_workbook"
    ZIP_BOMB = "zip_bomb"
    HOSTILE_XML = "hostile_xml"
    PROTECTED_ARCHIVE = "protected_archive"
    DAMAGED_ARCHIVE = "damaged_archive"
    ILL_FORMED_XML = "ill_formed_xml"
    TRUNCATED_XML = "truncated_xml"
    XML_ENTITIES = "xml_entities"
    OVERSIZED_XML = "oversized_xml"
    TOO_MANY_CELLS = "too_many_cells"
    # A table that is not a roster.
    UNKNOWN_HEADINGS = "unknown_headings"
    MISSING_HEADING = "missing_heading"
    PROPOSED_HEADING = "proposed_heading"
    REPEATED_HEADING = "repeated_heading"
    HEADINGS_ONLY = "headings_only"
    HIDDEN_SHEET = "hidden_sheet"
    NOBODY = "nobody"


class Unreadable(Exception):
    """Raised inside this package, where the path is not known; `read_file` adds it.

    `part` is the sheet at fault, in a workbook that has several; `near` the heading that is
    like the missing one.
    """

    def __init__(
        self,
        reason: UnreadableReason,
        *,
        line: int | None = None,
        what: str = "",
        near: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.what = what
        self.near = near
        self.part = ""
