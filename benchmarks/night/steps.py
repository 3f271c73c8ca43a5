"""The steps before any letter: the office, its schools, their rosters, the accounts."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.night.campaigns import Campaign, Office, SchoolDone
from benchmarks.night.watching import Watched
from benchmarks.reporting import tell

_ENDS = 100
"""How many schools are compared at either end."""
HEADINGS = (
    "\n| step | number | wall s | a second | our CPU s | server CPU s | parent MB | worker MB |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|"
)


def passed(office: Office, schools: Path, rosters: Path, report: Path) -> Iterator[str]:
    """Do them, and tell what each cost."""
    tell("init, schools import")
    begun = office.run("init")
    listed = office.run("schools", "import", str(schools))
    tell("importing all schools")
    imported = office.import_all(rosters, report)
    tell("opening all accounts")
    opened = office.open_accounts()
    yield HEADINGS
    yield row("`init`", 1, begun)
    yield row("`schools import`", len(imported.schools), listed)
    yield row("rosters of all schools: pupils and guardians", imported.number, imported.cost)
    yield row("accounts of all schools", opened.number, opened.cost)
    yield ""
    yield from _ends("import", imported)
    yield from _ends("accounts", opened)


def row(what: str, number: int, cost: Watched) -> str:
    """Return a row of the table."""
    cells = (
        what, f"{number:,}", f"{cost.wall:.1f}", f"{number / cost.wall:,.0f}", f"{cost.cpu:.1f}",
        f"{cost.server_cpu:.1f}", f"{cost.parent_peak:.0f}", f"{cost.worker_peak:.0f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _ends(what: str, campaign: Campaign) -> Iterator[str]:
    """Compare the first schools with the last, those of one size with each other.

    Sizes differ, and a school costs something whatever its size: so each of the last schools
    is put beside the one of the first that is nearest in size.
    """
    number = min(_ENDS, len(campaign.schools) // 2)
    first, last = campaign.schools[:number], campaign.schools[-number:]
    pairs = [(_nearest(one, first), one) for one in last if one.number]
    ratios = [later.seconds / earlier.seconds for earlier, later in pairs]
    rates = [_rate(some) for some in (first, last)]
    yield (
        f"- {what}: first {number} schools {rates[0]:,.0f} rows a second, last {number} "
        f"{rates[1]:,.0f}; a school of the last beside the first of nearest size: seconds × "
        f"**{median(ratios):.2f}** (median of {len(ratios)})"
    )


def _nearest(school: SchoolDone, among: Sequence[SchoolDone]) -> SchoolDone:
    return min(among, key=lambda other: abs(other.number - school.number))


def _rate(schools: Sequence[SchoolDone]) -> float:
    return sum(one.number for one in schools) / sum(one.seconds for one in schools)
