"""How well records of one person are found: `python -m benchmarks.matching`.

The public sets of febrl: proposals alone, for their people have neither e-mail nor mobile;
birth dates and numbers are left out, for guardians have none. A made-up French town: what is
merged by itself, and what is proposed. Both go through an office on SQLite, by the code that
an import runs.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select

from benchmarks.filling import uai
from benchmarks.matching.clerks import Clerks
from benchmarks.matching.febrl import SETS, Written, febrl
from benchmarks.matching.taking import Counted, Office, Pair, pairs_of
from benchmarks.matching.town import Town
from benchmarks.measuring import machine
from benchmarks.reporting import RESULTS
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.people import Guardian, ReviewItem
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.office.merging.weigh import THRESHOLD
from educonnect_admin.office.propose_merges import propose_merges
from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings

_NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
_SCHOOLS = 8


def main() -> None:
    """Measure, print, and write if asked to."""
    wanted = _arguments().parse_args()
    try:
        report = "\n".join(_report(wanted))
    except FileNotFoundError as missing:
        sys.exit(f"The sets of febrl are not here: {missing}")
    print(report)
    if wanted.write:
        before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Measurements\n"
        RESULTS.write_text(f"{before}\n{report}\n", encoding="utf-8")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.matching", description=__doc__)
    add = parser.add_argument
    add("--guardians", type=int, default=21_000, help="guardians of the town (21000)")
    add("--folder", type=Path, help="where to work")
    add("--date", default=time.strftime("%Y-%m-%d"), help="the day the report bears (today)")
    add("--write", action="store_true", help="append the report to benchmarks/RESULTS.md")
    return parser


def _report(wanted: argparse.Namespace) -> Iterator[str]:
    yield f"## {wanted.date}: who is one person\n"
    with tempfile.TemporaryDirectory(dir=wanted.folder) as name:
        folder = Path(name)
        yield from (f"- {fact}" for fact in machine(folder))
        yield f"- proposed from {THRESHOLD} points on; precision and recall count pairs of records"
        yield from _of_febrl(folder)
        yield from _of_town(folder, wanted.guardians)


def _office(folder: Path, name: str) -> Services:
    settings = Settings(
        database_url=str(folder / f"{name}.sqlite"),
        secret_key_file=folder / f"{name}.key",
        operator="bench",
        hashing="cheap-for-tests",
    )
    return open_office(settings, _NOW)


# -------------------------------------------------------------------------------- febrl


def _of_febrl(folder: Path) -> Iterator[str]:
    yield "\n### The sets of febrl, each copy written by another school\n"
    yield "- recall of what can be a record: a row without given name or surname is refused"
    yield "- where given name or surname is another one altogether nobody is proposed: couples\n"
    yield "| set | records | pairs | precision | recall | recall of what can be a record | CPU s |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name in SETS:
        written = febrl(name)
        office = _office(folder, f"febrl{name}")
        try:
            spent, proposed = _proposed(office, written)
        finally:
            office.close()
        true = pairs_of({at: one.person for at, one in enumerate(written, start=1)})
        named = {at for at, one in enumerate(written, start=1) if one.is_named}
        whole, possible = Counted(), Counted()
        whole.add(proposed, true)
        possible.add(proposed, {pair for pair in true if named.issuperset(pair)})
        yield (
            f"| {name} | {len(written):,} | {len(true):,} | {whole.precision:.3f} |"
            f" {whole.recall:.3f} | {possible.recall:.3f} | {spent:.1f} |"
        )


def _proposed(office: Services, written: list[Written]) -> tuple[float, set[Pair]]:
    """Return the CPU seconds that proposing takes, and the pairs proposed."""
    rows = [
        {
            "id": at,
            "school_id": one.school + 1,
            "family_name": one.family_name,
            "given_name": one.given_name,
            "family_key": name_key(one.family_name),
            "given_key": name_key(one.given_name),
            "street": one.street,
            "postcode": one.postcode,
            "city": one.city,
        }
        for at, one in enumerate(written, start=1)
        if one.is_named
    ]
    with office.transaction() as session:
        session.add_all(School(uai=uai(n), name=f"School {n}") for n in range(1, _SCHOOLS + 1))
        session.flush()
        session.execute(insert(Guardian), rows)
        start = time.process_time()
        propose_merges(session, 1, list(range(1, len(written) + 1)), _NOW)
        spent = time.process_time() - start
        items = session.execute(select(ReviewItem.guardian_id, ReviewItem.other_guardian_id))
        return spent, {(one or 0, other or 0) for one, other in items}


# --------------------------------------------------------------------------------- town


def _of_town(folder: Path, guardians: int) -> Iterator[str]:
    town = Town(guardians)
    clerks = Clerks(town)
    services = _office(folder, "town")
    try:
        office = Office(services)
        office.open_schools(town.places)
        for year in (1, 2):
            if year > 1:
                town.a_year_passes()
            office.take(clerks)
            people = len(set(office.person_of.values()))
            yield (
                f"\n### A French town after {year} September{'s' if year > 1 else ''}:"
                f" {people:,} guardians, {len(office.person_of):,} records,"
                f" {town.places} schools\n"
            )
            yield "| what | right | wrong | missed | precision | recall |"
            yield "|---|--:|--:|--:|--:|--:|"
            measured = office.measured()._asdict()
            yield from (_row(_WHAT[name], counted) for name, counted in measured.items())
    finally:
        services.close()


_WHAT = {
    "in_file": "automatic: rows of one file put together",
    "to_database": "automatic: rows that met their record again",
    "across": "automatic: records of several schools in one account",
    "proposals": "proposed, of what is not in one account",
    "together": "in one account or proposed",
}


def _row(what: str, counted: Counted) -> str:
    if counted == Counted():
        return f"| {what} | – | – | – | – | – |"
    return (
        f"| {what} | {counted.right:,} | {counted.wrong:,} | {counted.missed:,} |"
        f" {counted.precision:.3f} | {counted.recall:.3f} |"
    )


if __name__ == "__main__":
    main()
