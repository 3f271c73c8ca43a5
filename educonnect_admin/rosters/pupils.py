"""Rows of pupils to pupils, and the pupils a file names twice.

Two rows are one pupil said twice (REPEATED_PUPIL) when number, names, birth date and class
agree as far as they are given. They contradict each other (CONTRADICTORY_PUPIL) when one
number, national or of the school's software, goes with two names or dates, or when one name
and date stands in two classes. Nobody knows then which row is right: the later one is refused,
the earlier one is taken and marked CONTESTED_PUPIL, so that somebody looks; the last never
wins. Same names and same date with two sound numbers are two pupils, with a remark. Twins and
homonyms with other dates are nobody's problem.
"""

from datetime import date
from functools import partial

from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.cells import (
    is_absent_state,
    is_sound_ine,
    parse_ine,
    parse_level,
    without_ulis_kind,
)
from educonnect_admin.rosters.dates import FIRST_DEGREE, Doubt, is_unlikely_pupil, parse_date
from educonnect_admin.rosters.full_names import split_full_name
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.row_reader import CHECKS, Refused, RowReader
from educonnect_admin.rosters.rows import ChildMention, PupilRow

_GROUP = "G"
_Identity = tuple[str, str, date]


class PupilReader:
    """Reads the rows of one file in order, remembering whom it has met."""

    def __init__(
        self,
        *,
        today: date,
        serials: bool,
        ages: range = FIRST_DEGREE,
        doubt: Doubt = Doubt.NONE,
        again: ProblemCode = ProblemCode.REPEATED_PUPIL,
    ) -> None:
        self.pupils: list[PupilRow] = []
        self.refused: list[ChildMention] = []
        self.left_out: list[ChildMention] = []
        self.problems: list[Problem] = []
        self._today = today
        self._serials = serials
        plain = partial(parse_date, serials=serials)
        self._parsed = partial(plain, doubt=doubt) if doubt else plain
        self._again = again
        self._ages = ages
        self._by_source: dict[str, PupilRow] = {}
        self._by_ine: dict[str, PupilRow] = {}
        self._by_identity: dict[_Identity, PupilRow] = {}
        self._checks = (*CHECKS, self._birth_date)

    def read(self, row: RowReader) -> PupilRow | None:
        """Take one row: a pupil more, or the problems that say why not.

        Returns:
            The pupil that the row is about, whom an earlier one may have given; nothing for
            a row that is refused or set aside.
        """
        try:
            if self._is_aside(row):
                return None
            pupil = self._pupil(row)
            if (met := self._met(row, pupil)) is not None:
                return met
            self._keep(pupil)
        except Refused:
            self.refused.append(self._mention(row))
            return None
        else:
            return pupil
        finally:
            self.problems += row.problems

    def _is_aside(self, row: RowReader) -> bool:
        if absence := self._absence(row):
            row.note(ProblemCode.LEFT_OUT, absence)
            self.left_out.append(self._mention(row))
            return True
        if row.text("structure_kind").upper() == _GROUP:
            row.note(ProblemCode.GROUP_ROW, "structure_kind")
            return True
        return False

    def _absence(self, row: RowReader) -> str:
        """Return the field that says the pupil is not in the school, empty if none does.

        A day to come on which somebody is to leave changes nothing until it is there.
        """
        if is_absent_state(row.text("state")):
            return "state"
        text = row.text("left_on")
        left_on = parse_date(text, serials=self._serials) if text else None
        if isinstance(left_on, ProblemCode):
            row.note(ProblemCode.BAD_LEAVING_DATE, "left_on")
            return ""
        return "left_on" if left_on and left_on <= self._today else ""

    def _mention(self, row: RowReader) -> ChildMention:
        """Return whom a row that is not taken is about, as far as it says."""
        text = row.text("birth_date")
        found = self._parsed(text) if text else None
        whole = split_full_name(row.text("full_name"))
        return ChildMention(
            family_name=whole.family_name if whole else row.text("family_name"),
            usage_name=row.text("usage_name") or None,
            given_name=whole.given_name if whole else row.text("given_name"),
            class_label=without_ulis_kind(row.text("class_label")) or None,
            birth_date=found if isinstance(found, date) and found <= self._today else None,
            source_id=row.source_id(),
        )

    def _pupil(self, row: RowReader) -> PupilRow:
        try:
            return self._facts(row)
        except Refused:
            row.refuse_wholly(self._checks)
            raise

    def _facts(self, row: RowReader) -> PupilRow:
        family_name, given_name = row.family_name(), row.given_name()
        birth_date = self._birth_date(row)
        level = row.short_text("level")
        if row.beyond():
            row.note(ProblemCode.EXTRA_CELLS)
        return PupilRow(
            line=row.line,
            family_name=family_name,
            usage_name=row.usage_name(),
            given_name=given_name,
            birth_date=birth_date,
            ine=_ine(row),
            level=parse_level(level) if level else None,
            class_label=_class_label(row),
            source_id=row.source_id(),
        )

    def _birth_date(self, row: RowReader) -> date:
        text = row.text("birth_date")
        if not text:
            raise row.refuse(ProblemCode.NO_BIRTH_DATE, "birth_date")
        found = self._parsed(text)
        if isinstance(found, ProblemCode):
            raise row.refuse(found, "birth_date")
        if found > self._today:
            raise row.refuse(ProblemCode.FUTURE_BIRTH_DATE, "birth_date")
        if is_unlikely_pupil(found, self._today, self._ages):
            row.note(ProblemCode.UNLIKELY_AGE, "birth_date")
        return found

    def _met(self, row: RowReader, pupil: PupilRow) -> PupilRow | None:
        """Return the pupil of an earlier row that this one is about, where that is no fault."""
        same = self._by_source.get(pupil.source_id) if pupil.source_id else None
        if same is not None:
            return self._met_by_number(row, pupil, same, "source_id")
        same = self._by_ine.get(pupil.ine) if pupil.ine else None
        if same is not None:
            return self._met_by_number(row, pupil, same, "ine")
        same = self._by_identity.get(_identity(pupil))
        return self._met_by_identity(row, pupil, same) if same is not None else None

    def _repeat(self, row: RowReader, met: PupilRow) -> PupilRow:
        """Note that a pupil stands there again, which refuses the row or, of families, not."""
        row.note(self._again, other_line=met.line)
        if self._again is ProblemCode.REPEATED_PUPIL:
            raise Refused
        return met

    def _met_by_number(self, row: RowReader, pupil: PupilRow, met: PupilRow, name: str) -> PupilRow:
        if _identity(pupil) == _identity(met) and pupil.class_label == met.class_label:
            return self._repeat(row, met)
        self._contest(met, row.line)
        raise row.refuse(ProblemCode.CONTRADICTORY_PUPIL, name, other_line=met.line)

    def _met_by_identity(self, row: RowReader, pupil: PupilRow, met: PupilRow) -> PupilRow | None:
        if pupil.ine and met.ine:
            if is_sound_ine(pupil.ine) and is_sound_ine(met.ine):
                row.note(ProblemCode.SAME_NAME_AND_DATE, other_line=met.line)
                return None
        elif pupil.class_label == met.class_label:
            return self._repeat(row, met)
        self._contest(met, row.line)
        raise row.refuse(ProblemCode.CONTRADICTORY_PUPIL, other_line=met.line)

    def _contest(self, met: PupilRow, line: int) -> None:
        self.problems.append(
            Problem(
                code=ProblemCode.CONTESTED_PUPIL,
                line=met.line,
                other_line=line,
                who=f"{met.given_name} {met.family_name}",
            )
        )

    def _keep(self, pupil: PupilRow) -> None:
        self.pupils.append(pupil)
        self._by_identity.setdefault(_identity(pupil), pupil)
        if pupil.ine:
            self._by_ine[pupil.ine] = pupil
        if pupil.source_id:
            self._by_source[pupil.source_id] = pupil


def _identity(pupil: PupilRow) -> _Identity:
    return name_key(pupil.family_name), name_key(pupil.given_name), pupil.birth_date


def _ine(row: RowReader) -> str | None:
    text = row.text("ine")
    if not text:
        return None
    ine, code = parse_ine(text)
    if code:
        row.note(code, "ine")
    return ine


def _class_label(row: RowReader) -> str | None:
    label = row.short_text("class_label")
    if label is None and "class_label" in row.layout.columns:
        row.note(ProblemCode.NO_CLASS, "class_label")
    return without_ulis_kind(label) if label else None
