"""An office at work: one process that prints letters without end, one that logs in with them."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.visits import StoredVisit
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import owner_of_letter
from educonnect_admin.opening import open_services
from educonnect_admin.parents.log_in import log_in
from tests.conftest import NOW
from tests.office.resending import on_paper
from tests.parents.portal_office import HOME
from tests.support.pdf import PrintedLetter, letters_under

PEOPLE = ("nadia.moreau", "karim.moreau", "thi.nguyen")


@contextmanager
def at_work(services: Services, folder: Path, printed: PrintedLetter) -> Iterator[None]:
    """Let two other processes write to the office for as long as the block lasts."""
    children = [_forked(services, _print, folder), _forked(services, _log_in, printed)]
    try:
        yield
    finally:
        for child in children:
            os.kill(child, signal.SIGTERM)
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


def _forked(services: Services, work: object, what: object) -> int:
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    try:
        own = open_services(services.settings)
        work(own, what)  # type: ignore[operator]
    finally:
        os._exit(1)


def _print(services: Services, folder: Path) -> None:
    """Give one after the other a new letter, which ends the one before (R-12)."""
    for number in count():
        on_paper(services, folder, PEOPLE[number % len(PEOPLE)])


def _log_in(services: Services, printed: PrintedLetter) -> None:
    for _ in count():
        log_in(
            services.means(NOW), HOME, None,
            identifier=printed.identifier, password=printed.password,
        )  # fmt: skip


def written(services: Services) -> tuple[int, int]:
    """Return how many letters and visits there are by now."""
    with services.reading() as session:
        letters = session.scalar(select(func.count()).select_from(Letter)) or 0
        return letters, session.scalar(select(func.count()).select_from(StoredVisit)) or 0


def working_letters(services: Services, folder: Path) -> list[bool]:
    """Return of each live letter whether the page that bears its number opens it."""
    pages = {_number(page): page for page in letters_under(folder)}
    with services.reading() as session:
        live = session.execute(
            select(Letter.number, Letter.password_hash).where(Letter.ended_at.is_(None))
        ).all()
    return [
        services.vault.accepts(sealed or b"", pages[number].password, owner_of_letter(number))
        for number, sealed in live
    ]


def _number(page: PrintedLetter) -> str:
    """Return the number that the QR code of a page bears, without its hyphens."""
    found: str
    (found,) = re.findall(r"\b\w{4}-\w{4}-\w{4}\b", page.text)
    return found.replace("-", "")
