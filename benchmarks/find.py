"""What finding somebody costs among half a million: `python -m benchmarks.find`.

Names as often as France bears them. For each text, the time spent in the database (the sum
over the statements, every row fetched) and the whole time of `find_accounts`, several times
in turn; beside it what a search without an index does: `LIKE '%…%'` over the names of
everybody.
"""

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import Engine, event, func, insert, or_, select, text

from benchmarks.filling import fill
from benchmarks.measuring import machine
from benchmarks.reporting import arguments, publish, tell
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.people import Guardian
from educonnect_admin.edge import Services
from educonnect_admin.office.find_accounts import find_accounts
from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings
from tests.support.postgres import new_database, running_server

_NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
MISSPELT = (
    "matrin", "martn celine", "lefevbre sofie", "bernrad julien", "nugyen", "de la fontane marie",
    "dubios nicola", "jean piere durand", "legal aurelie", "cristophe morau", "wisnievski",
    "goncalvez isabele",
)  # fmt: skip
_RIGHT = (
    "martin", "marie", "marie martin", "thomas lea", "n diaye", "le gall julie", "durand nicolas",
    "jean pierre durand", "v durand", "oztürk", "parent12345@example.fr", "06 00 01 23 45",
)  # fmt: skip
_PAGE = 1_000
_NEW_ROWS = 20_000


def main() -> None:
    """Fill, measure, print, and write if asked to."""
    publish(_arguments().parse_args(), _report)


def _arguments() -> argparse.ArgumentParser:
    parser = arguments("find", __doc__)
    add = parser.add_argument
    add("--number", type=int, default=500_000, help="guardians (500000)")
    add("--runs", type=int, default=5, help="runs of each text (5)")
    return parser


def _report(wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield f"## {wanted.date}: finding one of {wanted.number:,} guardians\n"
    yield from (f"- {fact}" for fact in machine(folder))
    yield f"- medians of {wanted.runs} runs after a first one, milliseconds; (greatest)"
    yield "- `LIKE`: the peer, each word `'%…%'` in any name of a guardian; no slip forgiven"
    with running_server() as socket:
        for name, address in (
            ("SQLite", str(folder / "office.sqlite")),
            ("PostgreSQL", new_database(socket)),
        ):
            tell(name)
            office = _office(address, folder / f"{name}.key")
            try:
                yield from _of_database(wanted, name, office)
            finally:
                office.close()


def _office(address: str, key: Path) -> Services:
    settings = Settings(
        database_url=address, secret_key_file=key, operator="bench", hashing="cheap-for-tests"
    )
    return open_office(settings, _NOW)


def _of_database(wanted: argparse.Namespace, name: str, office: Services) -> Iterator[str]:
    fill(office, wanted.number, school_size=400)
    if office.engine.dialect.name == "postgresql":
        vacuum(office)
    with office.reading() as session:
        words = session.scalar(text("SELECT count(DISTINCT word) FROM name_words"))
    yield f"\n### {name}: {words:,} distinct names\n"
    yield "| what | typed | found | database ms | whole ms | `LIKE` ms |"
    yield "|---|---|--:|--:|--:|--:|"
    worst = 0.0
    for kind, texts in (("misspelt", MISSPELT), ("as it is", _RIGHT)):
        for typed in texts:
            found, inside, whole = measured(office, typed, wanted.runs)
            worst = max(worst, *inside) if kind == "misspelt" else worst
            peer = cell(naive(office, typed, 2)) if "@" not in typed else ""
            yield f"| {kind} | {typed} | {found} | {cell(inside)} | {cell(whole)} | {peer} |"
    yield f"\n- worst of all misspelt runs: **{worst:.0f} ms** of database time"
    yield from _of_triggers(office)


def vacuum(office: Services) -> None:
    """As autovacuum does within a minute."""
    address = office.engine.url
    with psycopg.connect(
        f"host={address.query['host']} user=postgres dbname={address.database}", autocommit=True
    ) as server:
        server.execute("VACUUM ANALYZE")


def cell(values: list[float]) -> str:
    """Return a median and the greatest of some milliseconds."""
    return f"{median(values):.0f} ({max(values):.0f})"


def measured(office: Services, typed: str, runs: int) -> tuple[str, list[float], list[float]]:
    """Search several times after a first one.

    Returns:
        How many are found (`~` where the search guessed), the milliseconds in the database,
        those of the whole search.
    """
    inside, whole = [], []
    for _ in range(runs + 1):
        with _statements(office.engine) as said, office.reading() as session:
            start = time.perf_counter()
            found = find_accounts(session, typed, now=_NOW)
            whole.append(1e3 * (time.perf_counter() - start))
        inside.append(1e3 * _database_time(office.engine, said))
    about = "~" if found.about else ""
    return f"{about}{len(found.accounts) + found.more:,}", inside[1:], whole[1:]


@contextmanager
def _statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Give a list of what is asked of the database, in order."""
    said: list[tuple[str, Any]] = []

    def note(_c: Any, _k: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _database_time(engine: Engine, said: list[tuple[str, Any]]) -> float:
    """Return the seconds that the driver takes to ask all of it again and fetch every row.

    Asked again, because SQLite works while its rows are being fetched: the time of the
    executions alone would flatter it.
    """
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        start = time.perf_counter()
        for statement, parameters in said:
            cursor.execute(statement, parameters)
            cursor.fetchall()
        spent = time.perf_counter() - start
        cursor.close()
    return spent


def naive(office: Services, typed: str, runs: int) -> list[float]:
    """Search by `LIKE` several times after a first one; the milliseconds of each."""
    words = [name_key(word) for word in typed.split()]
    names = (Guardian.family_key, Guardian.usage_key, Guardian.given_key)
    query = (
        select(Guardian.id)
        .where(*(or_(*(name.like(f"%{word}%") for name in names)) for word in words))
        .order_by(Guardian.family_key, Guardian.given_key, Guardian.id)
        .limit(20)
    )
    costs = []
    for _ in range(runs + 1):
        with office.reading() as session:
            start = time.perf_counter()
            session.scalars(query).all()
            costs.append(1e3 * (time.perf_counter() - start))
    return costs[1:]


def _of_triggers(office: Services) -> Iterator[str]:
    """Measure what learning names costs an import, on rows that are not kept."""
    rates = {}
    for learning in (True, False):
        with office.transaction(dry_run=True) as session:
            if not learning:
                _forget_triggers(office, session)
            known = session.execute(
                select(Guardian.family_key, Guardian.given_key).limit(_NEW_ROWS)
            ).all()
            first = (session.scalar(select(func.max(Guardian.id))) or 0) + 1
            rows = [
                {
                    "id": first + at, "school_id": 1, "family_name": "X", "given_name": "Y",
                    "family_key": row.family_key, "given_key": row.given_key,
                }
                for at, row in enumerate(known)
            ]  # fmt: skip
            start = time.perf_counter()
            for at in range(0, len(rows), _PAGE):
                session.scalars(insert(Guardian).returning(Guardian.id), rows[at : at + _PAGE])
            rates[learning] = len(rows) / (time.perf_counter() - start)
    yield (
        f"- an import writes {rates[True]:,.0f} guardians a second, "
        f"{rates[False]:,.0f} without the triggers that learn names"
    )


def _forget_triggers(office: Services, session: Any) -> None:
    if office.engine.dialect.name == "postgresql":
        session.execute(text("ALTER TABLE guardians DISABLE TRIGGER USER"))
        return
    for column in ("family_key", "given_key", "usage_key"):
        session.execute(text(f"DROP TRIGGER guardians_{column}_learnt"))


if __name__ == "__main__":
    os.umask(0o077)
    main()
