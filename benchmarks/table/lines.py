"""A line of the table, and the table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.measuring import Cost, spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was measured, several times.

    Attributes:
        group: which part of the table it belongs to; compared with the `ours` of the group.
        what: in words.
        number: how many letters, rows, searches.
        costs: of each run; a peak of 0 was not looked at.
        ours: what the others of the group are put beside.
        missing: why it could not be measured, if it could not.
    """

    group: str
    what: str
    number: int = 0
    costs: Sequence[Cost] = ()
    ours: bool = False
    missing: str = field(default="")


_HEADINGS = (
    "| part | what | number | CPU s | ms each | wall s | peak MB | CPU each ÷ reference |",
    "|---|---|--:|--:|--:|--:|--:|--:|",
)


def table(lines: Sequence[Line]) -> Iterator[str]:
    """Give the table; the ratios are run by run, a line beside the reference of its group."""
    yield from _HEADINGS
    references = {line.group: line for line in lines if line.ours}
    for line in lines:
        if line.missing:
            yield f"| {line.group} | {line.what} | **NOT MEASURED: {line.missing}** | | | | | |"
        else:
            yield f"| {line.group} | {' | '.join(_cells(line, references.get(line.group)))} |"


def _cells(line: Line, reference: Line | None) -> Iterator[str]:
    peaks = [cost.peak for cost in line.costs if cost.peak]
    yield f"**{line.what}**" if line.ours else line.what
    yield f"{line.number:,}"
    yield spread([cost.cpu for cost in line.costs])
    yield spread([1e3 * cost.cpu / line.number for cost in line.costs], 3)
    yield spread([cost.wall for cost in line.costs], 1)
    yield spread(peaks, 0) if peaks else "–"
    yield spread(ratios(line, reference)) if reference and not line.ours else "1" * line.ours


def ratios(line: Line, reference: Line) -> list[float]:
    """Return how many times the CPU of the reference each run took, for one of the same."""
    return [
        (one.cpu / line.number) / (other.cpu / reference.number)
        for one, other in zip(line.costs, reference.costs, strict=True)
    ]
