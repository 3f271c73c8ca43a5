"""`--rejects`: the refused rows of an import given back as a workbook to correct (R-60)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.cli.workbook_files import free_workbook

if TYPE_CHECKING:
    from educonnect_admin.office.importing.roster_plan import RosterPlan
    from educonnect_admin.reports.refused_rows import MarkedRow, MarkedSheet
    from educonnect_admin.rosters.refused_rows import ReturnedRow, ReturnedSheet
    from educonnect_admin.rosters.rows import Reading

Option = Annotated[
    str | None,
    typer.Option(
        "--rejects",
        metavar="FICHIER.xlsx",
        help="Rendre les lignes refusées dans un classeur, à corriger puis à importer tel quel.",
    ),
]
_FROZEN_AT_MOST = 5


class Rejects(NamedTuple):
    """The workbook that was written, None where no row was refused, and its refused rows."""

    path: Path | None
    rows: int


class Returning:
    """What one import does about its refused rows: where they go, which they are, the workbook.

    The rows are gathered while the import can still be given up, and written once it is done.
    """

    def __init__(self, option: str | None, *, dry_run: bool = False) -> None:
        """Look whether the workbook may be written, before anything is imported.

        Args:
            option: What was typed; None asks for no workbook.
            dry_run: Nothing will be written, so that no folder is made either.

        Raises:
            BadParameter: it is empty, or no `.xlsx` (exit 2).
            FileExists: a file bears the name, and is never replaced.
            UnwritableFolder: the folder can't be made or written to.
        """
        self._path = None
        if option is not None:
            self._path = free_workbook(option, "--rejects", touch=not dry_run)
        self._dry_run = dry_run
        self._refused = 0
        self._sheets: Sequence[ReturnedSheet] = ()

    def gather(self, plan: "RosterPlan", readings: Sequence["Reading"]) -> None:
        """Keep the refused rows of a plan, else as `refused_rows`."""
        self._refused = plan.refused
        if self._path is not None and not self._dry_run:
            self._sheets = refused_rows(plan, readings)

    @contextmanager
    def anyhow(self, speech: Speech) -> Iterator[None]:
        """Give the rows back also when all are refused, and nothing is imported.

        Not after a mass departure: the same command is typed again then, with consent, and
        must find the name free.
        """
        from educonnect_admin.domain.errors import NothingAccepted

        try:
            yield
        except NothingAccepted:
            self.finish(speech)
            raise

    def finish(self, speech: Speech) -> Rejects | None:
        """Write the workbook, tell where it is; None where none was asked for.

        Raises:
            FileExists, UnwritableFolder: as `write_rejects`.
        """
        if self._path is None:
            return None
        if self._dry_run:
            _tell_would_be(speech, self._refused)
            return Rejects(None, self._refused)
        rejects = _written(self._path, self._sheets)
        tell_rejects(speech, rejects)
        return rejects


def write_rejects(path: Path, plan: "RosterPlan", readings: Sequence["Reading"]) -> Rejects:
    """Write the refused rows of a plan into a new workbook, mode 600; nothing for none.

    Args:
        path: Where to; its folder is there.
        plan: What came of comparing the files with the database.
        readings: The files that the plan was made from, in the same order.

    Raises:
        UnreadableFile: a file is gone or has changed since it was read.
        FileExists: a file bears the name, and is never replaced.
        UnwritableFolder: the disk refuses.
    """
    return _written(path, refused_rows(plan, readings))


def refused_rows(plan: "RosterPlan", readings: Sequence["Reading"]) -> list["ReturnedSheet"]:
    """Return the refused rows of a plan, and those that belong beside them.

    Raises:
        UnreadableFile: a file is gone or has changed since it was read.
    """
    from educonnect_admin.rosters.refused_rows import rows_to_return

    waiting = {
        (place.file, place.line)
        for question in plan.open_questions
        if question.refused_row
        for place in question.places
    }
    problems = [(placed.file, placed.problem) for placed in plan.problems]
    return rows_to_return(readings, problems, waiting)


def tell_rejects(speech: Speech, rejects: Rejects) -> None:
    """Tell where the refused rows are, and how they go in once corrected."""
    speech.say()
    if rejects.path is None:
        speech.say("Aucune ligne refusée : pas de classeur.")
        return
    said = counted(rejects.rows, "ligne refusée rendue", "lignes refusées rendues")
    speech.say(f"{said} dans {rejects.path}")
    speech.say("  Corrigez ce classeur, enregistrez-le, puis importez-le tel quel.")


def _tell_would_be(speech: Speech, refused: int) -> None:
    said = counted(refused, "ligne refusée serait rendue", "lignes refusées seraient rendues")
    speech.say()
    speech.say(f"{said} dans le classeur.")


def _written(path: Path, sheets: Sequence["ReturnedSheet"]) -> Rejects:
    from educonnect_admin.cli.rejects_words import ACTION, GUIDE, REASON
    from educonnect_admin.cli.workbook_words import GUIDE_TITLE
    from educonnect_admin.office.written_files import write_file
    from educonnect_admin.reports.refused_rows import Legend, refused_rows_bytes

    if not sheets:
        return Rejects(None, 0)
    legend = Legend(
        reason_heading=REASON, action_heading=ACTION, guide_title=GUIDE_TITLE, guide=GUIDE
    )
    write_file(path, refused_rows_bytes(list(_marked(sheets)), legend))
    return Rejects(path, sum(bool(row.problems) for sheet in sheets for row in sheet.rows))


def _marked(sheets: Sequence["ReturnedSheet"]) -> Iterator["MarkedSheet"]:
    from educonnect_admin.cli.rejects_words import source_words
    from educonnect_admin.cli.workbook_words import TITLES
    from educonnect_admin.reports.refused_rows import MarkedSheet

    kinds = Counter(sheet.kind for sheet in sheets)
    for sheet in sheets:
        source = source_words(sheet.path, sheet.part)
        alone = kinds[sheet.kind] == 1
        yield MarkedSheet(
            title=TITLES[sheet.kind] if alone else sheet.part or sheet.path.stem,
            headings=sheet.headings,
            rows=[_marked_row(row, sheet, source) for row in sheet.rows],
            frozen=_frozen(sheet),
            folded=_folded(sheet),
        )


def _marked_row(row: "ReturnedRow", sheet: "ReturnedSheet", source: str) -> "MarkedRow":
    from educonnect_admin.cli.rejects_words import action_words, context_words, reason_words
    from educonnect_admin.reports.refused_rows import MarkedRow

    if not row.problems:
        reason, action = context_words(sheet.kind)
        return MarkedRow(cells=row.cells, notes={}, reason=reason, action=action, is_context=True)
    return MarkedRow(
        cells=row.cells,
        notes={
            column: "\n".join(action_words(problem) for problem in problems)
            for column, problems in row.faults.items()
        },
        reason="\n".join(reason_words(source, problem) for problem in row.problems),
        action="\n".join(
            dict.fromkeys(action_words(problem) for problem in row.problems if problem.refuses)
        ),
    )


def _frozen(sheet: "ReturnedSheet") -> int:
    """Return how many columns stay in sight: up to the names, where they come first."""
    last = max(sheet.names, default=-1) + 1
    return last if last <= _FROZEN_AT_MOST else 0


def _folded(sheet: "ReturnedSheet") -> set[int]:
    """Return the columns that nobody need look at: unread or empty, and not at fault."""
    told = {at for row in sheet.rows for at, cell in enumerate(row.cells) if cell.strip()}
    faulty = {at for row in sheet.rows for at in row.faults}
    return {
        at for at in range(len(sheet.headings)) if at in sheet.unread or at not in told
    } - faulty
