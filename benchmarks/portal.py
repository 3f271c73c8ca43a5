"""What the portal answers in a second: `python -m benchmarks.portal`.

`portal serve` with several processes, real hashes, on SQLite and on PostgreSQL. Each round
measures, one after the other: how many passwords this machine can check when it does nothing
else, the log-in page, the page of a parent who is in, and log-ins, each by so many parents at
once; during the log-ins somebody else only looks at the log-in page. The generator of load is a
process of its own on the same cores, and says what it took.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.measuring import cores, machine, spread
from benchmarks.portal_office import PASSWORD, fill_with_parents
from benchmarks.reporting import arguments, publish
from benchmarks.visiting import Order, Outcome, Visit, visit
from educonnect_admin.edge import Services, clock
from educonnect_admin.gateways.hashing import owner_of_account
from educonnect_admin.opening import open_office
from educonnect_admin.portal.cookies import VISIT
from educonnect_admin.settings import Settings
from tests.portal.serving import served
from tests.support.postgres import new_database, running_server

_WHAT = ("log-in page", "home, logged in", "log-ins")


@dataclass(frozen=True, slots=True)
class Round:
    """One round: what hashing alone can do, and what came of each kind of request."""

    ceiling: float
    outcomes: tuple[Outcome, ...]

    @property
    def share(self) -> float:
        """Log-ins a second over passwords that could be checked in a second."""
        return self.outcomes[-1].rate / self.ceiling


def main() -> None:
    """Fill, serve, measure, print, and write if asked to."""
    publish(_arguments().parse_args(), _report)


def _arguments() -> argparse.ArgumentParser:
    parser = arguments("portal", __doc__)
    add = parser.add_argument
    add("--parents", type=int, default=50, help="at once (50)")
    add("--workers", type=int, default=2, help="processes of the portal (2)")
    add("--accounts", type=int, default=400, help="who log in, in turn (400)")
    add("--seconds", type=float, default=8, help="of each measure (8)")
    add("--rounds", type=int, default=3, help="(3)")
    return parser


def _report(wanted: argparse.Namespace, folder: Path) -> Iterator[str]:
    yield f"## {wanted.date}: the portal, {wanted.parents} parents at once\n"
    yield from (f"- {fact}" for fact in machine(folder))
    yield (
        f"- `portal serve --workers {wanted.workers}`, OWASP hashing; medians of {wanted.rounds} "
        f"rounds of {wanted.seconds:g} s a measure (least–greatest)"
    )
    yield (
        "- ceiling: passwords checked in a second by as many threads as cores, nothing else "
        "running, in the same round"
    )
    yield "- generator: its CPU seconds over those of all cores meanwhile; taken from the portal\n"
    yield "| database | what | a second | median ms | 95th percentile ms | errors | generator |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    facts: list[str] = []
    with running_server() as socket:
        for name, address in (
            ("SQLite", str(folder / "office.sqlite")),
            ("PostgreSQL", new_database(socket)),
        ):
            rounds = _measured(wanted, _settings(address, folder / f"{name}.key"))
            yield from _rows(name, rounds)
            facts += _facts(name, rounds)
    yield ""
    yield from facts


def _settings(address: str, key: Path, hashing: Literal["owasp"] = "owasp") -> Settings:
    return Settings(database_url=address, secret_key_file=key, operator="bench", hashing=hashing)


def _measured(wanted: argparse.Namespace, settings: Settings) -> list[Round]:
    office = open_office(settings, clock())
    identifiers, tokens = fill_with_parents(office, wanted.accounts)
    options = ("--workers", str(wanted.workers), "--proxy", "127.0.0.1")
    with served(settings, *options) as portal:
        kinds = _kinds(identifiers, tokens)
        port = int(portal.url.rpartition(":")[2])
        for visits in kinds:  # everything imported, every template compiled
            asyncio.run(visit(Order(port, visits, wanted.parents, 1, [])))
        rounds = [_round(wanted, office, port, kinds) for _ in range(wanted.rounds)]
    office.close()
    return rounds


def _kinds(identifiers: list[str], tokens: list[str]) -> list[list[Visit]]:
    addresses = [f"10.{at >> 8}.{at & 255}.1" for at in range(len(identifiers))]
    page = [Visit("/connexion", 200, address=one) for one in addresses]
    home = [
        Visit("/accueil", 200, cookie=f"{VISIT}={token}", address=one)
        for token, one in zip(tokens, addresses, strict=True)
    ]
    log_in = [
        Visit("/connexion", 303, {"identifiant": who, "mot_de_passe": PASSWORD}, address=one)
        for who, one in zip(identifiers, addresses, strict=True)
    ]
    return [page, home, log_in]


def _round(
    wanted: argparse.Namespace, office: Services, port: int, kinds: list[list[Visit]]
) -> Round:
    ceiling = _ceiling(office, wanted.seconds / 2)
    outcomes = []
    for visits in kinds:
        aside = kinds[0][:1] if visits is kinds[-1] else []
        order = Order(port, visits, wanted.parents, wanted.seconds, aside)
        outcomes.append(asyncio.run(visit(order)))
    return Round(ceiling, tuple(outcomes))


def _ceiling(office: Services, seconds: float) -> float:
    """Return how many passwords can be checked in a second."""
    owner = owner_of_account(1)
    sealed = office.vault.seal(PASSWORD, owner)
    begun = time.perf_counter()

    def check(_: int) -> int:
        checked = 0
        while time.perf_counter() - begun < seconds:
            checked += office.vault.accepts(sealed, PASSWORD, owner)
        return checked

    with ThreadPoolExecutor(cores()) as threads:
        checked = sum(threads.map(check, range(cores())))
    return checked / (time.perf_counter() - begun)


def _rows(name: str, rounds: list[Round]) -> Iterator[str]:
    for at, what in enumerate(_WHAT):
        found = [one.outcomes[at] for one in rounds]
        cells = (
            spread([one.rate for one in found], 0),
            spread([one.percentile(50) for one in found], 0),
            spread([one.percentile(95) for one in found], 0),
            str(sum(one.errors for one in found)),
            f"{100 * max(one.cpu / one.wall / cores() for one in found):.0f} %",
        )
        yield f"| {name} | {what} | {' | '.join(cells)} |"


def _facts(name: str, rounds: list[Round]) -> list[str]:
    storms = [one.outcomes[-1] for one in rounds]
    share = spread([one.share for one in rounds])
    aside = spread([one.percentile(95, aside=True) for one in storms], 0)
    return [
        f"- {name}: ceiling {spread([one.ceiling for one in rounds], 0)} passwords a second; "
        f"log-ins / ceiling = **{share}**; the log-in page during the log-ins: {aside} ms (95 %)"
    ]


if __name__ == "__main__":
    os.umask(0o077)
    main()
