"""What a look at the health of a database may find, as codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class FindingCode(StrEnum):
    """What was found; the words stand in `cli.check_words`."""

    OUTDATED_SCHEMA = "outdated_schema"
    MISSING_PARTS = "missing_parts"
    MISSING_KEY = "missing_key"
    DAMAGED_KEY = "damaged_key"
    WRONG_KEY = "wrong_key"
    OLDER_KEY_FILE = "older_key_file"
    OPEN_TO_OTHERS = "open_to_others"
    LIVE_BUT_NOT_NOTIFIED = "live_but_not_notified"
    LIVE_WITHOUT_HASH = "live_without_hash"
    TWO_LIVE_LETTERS = "two_live_letters"
    UNSETTLED_FILES = "unsettled_files"
    LEFT_BEHIND = "left_behind"
    WRONG_FIGURES = "wrong_figures"

    DAMAGED = "damaged"
    ORPHANS = "orphans"
    NOT_WAL = "not_wal"
    LITTLE_SPACE = "little_space"

    OLD_SERVER = "old_server"
    NOT_UTF8 = "not_utf8"
    NO_TRIGRAMS = "no_trigrams"
    INVALID_INDEX = "invalid_index"
    UNSAFE_SETTING = "unsafe_setting"
    NOT_ANALYZED = "not_analyzed"
    DEAD_ROWS = "dead_rows"
    IDLE_IN_TRANSACTION = "idle_in_transaction"
    NUMBERS_RUN_OUT = "numbers_run_out"
    IN_CLEAR = "in_clear"
    CLOCKS_DIFFER = "clocks_differ"
    CLOCK_SET_BACK = "clock_set_back"


BROKEN = frozenset(
    {
        FindingCode.OUTDATED_SCHEMA,
        FindingCode.MISSING_PARTS,
        FindingCode.MISSING_KEY,
        FindingCode.DAMAGED_KEY,
        FindingCode.WRONG_KEY,
        FindingCode.OLDER_KEY_FILE,
        FindingCode.LIVE_BUT_NOT_NOTIFIED,
        FindingCode.LIVE_WITHOUT_HASH,
        FindingCode.TWO_LIVE_LETTERS,
        FindingCode.DAMAGED,
        FindingCode.ORPHANS,
        FindingCode.NOT_UTF8,
        FindingCode.NO_TRIGRAMS,
        FindingCode.INVALID_INDEX,
        FindingCode.UNSAFE_SETTING,
    }
)
"""What must be mended before anything else is done; the rest only asks for a look."""


class Finding(NamedTuple):
    """One thing found.

    Attributes:
        code: what.
        number: how many, how much: what of is the code's.
        names: of tables, settings, files … never of people.
    """

    code: FindingCode
    number: int = 0
    names: tuple[str, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether it must be mended first."""
        return self.code in BROKEN


@dataclass(frozen=True, slots=True)
class Health:
    """How a database is: its schema, and what was found."""

    schema: str
    findings: Sequence[Finding]

    @property
    def is_broken(self) -> bool:
        """Whether something must be mended first."""
        return any(finding.is_broken for finding in self.findings)
