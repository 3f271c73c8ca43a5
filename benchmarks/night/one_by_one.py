"""One school after the other in one process, by the functions behind the commands.

`python -m benchmarks.night.one_by_one import FOLDER | accounts | letters FOLDER UAI…`: a line
of JSON for each school.
"""

import io
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from sqlalchemy import select

from educonnect_admin.cli import main as product
from educonnect_admin.domain.letters import Who
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services, clock
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.office.issue_letters import issue_letters
from educonnect_admin.office.printing.target import LetterOrder
from educonnect_admin.opening import open_services
from educonnect_admin.settings import Settings

Done = Iterator[tuple[str, int]]


def imports(rosters: str) -> Done:
    """Import each school's folder, as `roster import` does."""
    for place in sorted(Path(rosters).iterdir()):
        told = _typed(
            "roster", "import", *map(str, sorted(place.iterdir())), "--school", place.name
        )
        if told["refused"]:
            raise ValueError(f"{place.name}: {told['refused']} rows refused")
        new = told["new"]
        yield place.name, new["pupils"] + new["guardians"]


def _typed(*arguments: str) -> dict[str, dict[str, int]]:
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(io.StringIO()):
            product([*arguments, "--json"])
    except SystemExit as left:
        if left.code not in {0, 4}:
            raise ValueError(f"{arguments[:2]}: exit {left.code}, {said.getvalue()}") from None
    told: dict[str, dict[str, int]] = json.loads(said.getvalue())
    return told


def accounts() -> Done:
    """Open the accounts of each school, a transaction each."""
    services = open_services(Settings())
    author = services.author(clock())
    for uai in _uais(services):
        with services.transaction() as session:
            school = session.scalars(select(School).where(School.uai == uai)).one()
            opened = generate_accounts(
                session, school, stem_digest=services.keyring.stem_digest, author=author
            )
        yield uai, opened.created
    services.close()


def _uais(services: Services) -> Sequence[str]:
    with services.reading() as session:
        return session.scalars(select(School.uai).order_by(School.uai)).all()


def letters(output: str, *uais: str) -> Done:
    """Print the letters of some schools, as `letters issue` does."""
    services = open_services(Settings())
    room = services.print_room(clock())
    for uai in uais:
        order = LetterOrder(uai=uai, class_label=None, who=Who.NEW, output=Path(output) / uai)
        yield uai, issue_letters(room, order).letters
    services.close()


_KINDS: dict[str, Callable[..., Done]] = {
    "import": imports, "accounts": accounts, "letters": letters,
}  # fmt: skip


def main() -> None:
    """Do it, and tell of each school."""
    start = time.perf_counter()
    for uai, number in _KINDS[sys.argv[1]](*sys.argv[2:]):
        now = time.perf_counter()
        print(json.dumps({"uai": uai, "seconds": now - start, "number": number}), flush=True)
        start = now


if __name__ == "__main__":
    main()
