"""What the readers of pupils and of guardians share: one row, its cells by field, its problems."""

from collections.abc import Callable, Iterable
from contextlib import suppress

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.cells import (
    LIMITS,
    MAX_KEY,
    MAX_NAME,
    MAX_SOURCE_ID,
    MAX_TEXT,
    clean,
    is_odd_name,
    is_sheet_error,
)
from educonnect_admin.rosters.full_names import FullName, split_full_name
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.tables import Row


class Refused(Exception):
    """The row can't be taken; its problem is already noted."""


class RowReader:
    """One row being read; collects what is wrong with it."""

    __slots__ = ("_row", "layout", "line", "problems")

    def __init__(self, layout: Layout, row: Row, line: int) -> None:
        self.layout = layout
        self.line = line
        self.problems: list[Problem] = []
        self._row = row

    def text(self, name: str) -> str:
        """Return the tidy text of a field, empty where the file has no such column."""
        column = self.layout.columns.get(name)
        return self.cell(column) if column is not None else ""

    def cell(self, column: int | None) -> str:
        """Return the tidy text of a column, empty for none and for a spreadsheet's error."""
        if column is None or not (raw := self._row[column]):
            return ""
        if raw[0] == "#" and is_sheet_error(raw):
            self._note_error(column)
            return ""
        return clean(raw)

    def _note_error(self, column: int) -> None:
        heading = self.layout.headings[column] if column < len(self.layout.headings) else ""
        value = self._row[column][:MAX_TEXT]
        found = Problem(
            code=ProblemCode.CELL_ERROR,
            line=self.line,
            column=heading,
            value=value,
            who=self.who(),
        )
        if found not in self.problems:
            self.problems.append(found)

    def holds_any(self, columns: Iterable[int]) -> bool:
        """Tell whether anything stands in some columns, were it a space."""
        return any(self._row[column] for column in columns)

    def raw(self, name: str) -> str:
        """Return a field as it stands, line breaks included."""
        column = self.layout.columns.get(name)
        return self._row[column] if column is not None else ""

    def cells(self) -> Row:
        """Return every cell as it stands."""
        return self._row

    def beyond(self) -> tuple[str, ...]:
        """Return the cells to the right of the last heading, trailing empty ones dropped."""
        cells = [clean(cell) for cell in self._row[len(self.layout.headings) :]]
        while cells and not cells[-1]:
            cells.pop()
        return tuple(cells)

    def note(self, code: ProblemCode, name: str = "", *, other_line: int | None = None) -> None:
        """Write down a problem of a field, or of the whole row."""
        column = self.layout.columns.get(name) if name else None
        self.note_at(code, column, other_line=other_line)

    def note_at(
        self, code: ProblemCode, column: int | None, *, other_line: int | None = None
    ) -> None:
        """Write down a problem of a column."""
        heading = self.layout.headings[column] if column is not None else ""
        value = self.cell(column)[:MAX_TEXT]
        self.problems.append(
            Problem(
                code=code,
                line=self.line,
                column=heading,
                value=value,
                other_line=other_line,
                who=self.who(),
            )
        )

    def who(self) -> str:
        """Return the names of the person the row is about, as far as it says."""
        # Not by `text`: an error in a name's cell is noted with who the row is about.
        names = {name: self.raw(name) for name in ("full_name", "given_name", "family_name")}
        told = {name: clean(raw) for name, raw in names.items() if not is_sheet_error(raw)}
        whole = told.pop("full_name", "") or " ".join(told.values())
        return whole.strip()[:MAX_TEXT]

    def refuse(
        self, code: ProblemCode, name: str = "", *, other_line: int | None = None
    ) -> Refused:
        """Write down why the row is refused, and return what to raise."""
        self.note(code, name, other_line=other_line)
        return Refused()

    def refuse_wholly(self, checks: Iterable[Callable[["RowReader"], object]]) -> None:
        """Write down every reason to refuse the row, for whoever corrects it: not the first only.

        Args:
            checks: What may refuse such a row.
        """
        noted, self.problems = self.problems, []
        for check in checks:
            with suppress(Refused):
                check(self)
        self.problems = noted + [problem for problem in self.problems if problem not in noted]

    def family_name(self) -> str:
        """Return the family name, of its own column or out of the whole name.

        Raises:
            Refused: as `name`, or nobody can tell where the whole name is to be cut.
        """
        if "full_name" in self.layout.columns:
            return self._whole().family_name
        return self.name("family_name", ProblemCode.NO_FAMILY_NAME)

    def given_name(self) -> str:
        """Return the given name, else as `family_name`."""
        if "full_name" in self.layout.columns:
            return self._whole().given_name
        return self.name("given_name", ProblemCode.NO_GIVEN_NAME)

    def civility_in_name(self) -> Civility | None:
        """Return the civility that stands before a whole name, if any."""
        found = split_full_name(self.text("full_name"))
        return found.civility if found else None

    def _whole(self) -> FullName:
        whole = self.name("full_name", ProblemCode.NO_FAMILY_NAME)
        if (found := split_full_name(whole)) is None:
            raise self.refuse(ProblemCode.NAME_NOT_SPLIT, "full_name")
        return found

    def name(self, field: str, missing: ProblemCode) -> str:
        """Return a name that must be there.

        Raises:
            Refused: it is not, or is longer than any register allows.
        """
        found = self.usage_name(field)
        if found is None:
            raise self.refuse(missing, field)
        return found

    def usage_name(self, field: str = "usage_name") -> str | None:
        """Return a name that may be missing.

        Raises:
            Refused: it is longer than any register allows.
        """
        found = self.text(field)
        if not found:
            return None
        if len(found) > MAX_NAME or len(name_key(found)) > MAX_KEY:
            raise self.refuse(ProblemCode.NAME_TOO_LONG, field)
        if is_odd_name(found):
            self.note(ProblemCode.ODD_NAME, field)
        return found

    def source_id(self) -> str | None:
        """Return the number that the school's software gave to whom the row is about."""
        return self.text("source_id")[:MAX_SOURCE_ID] or None

    def short_text(self, field: str) -> str | None:
        """Return a text that may be missing, and is dropped when longer than its `LIMITS`."""
        found = self.text(field)
        # Capitals may be longer than what was typed: `ß` becomes `SS`.
        if len(found.upper()) > LIMITS[field]:
            self.note(ProblemCode.TEXT_TOO_LONG, field)
            return None
        return found or None


CHECKS = (RowReader.family_name, RowReader.given_name, RowReader.usage_name)
"""What may refuse the row of anybody."""
