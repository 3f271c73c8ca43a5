"""Two thousand passwords at once, from four processes: must never be more than ten (R-6, R-9)."""

import multiprocessing
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.edge import Services, clock
from educonnect_admin.gateways.hashing import PasswordVault, owner_of_account
from educonnect_admin.opening import open_services
from educonnect_admin.parents.log_in import log_in
from educonnect_admin.parents.means import Client
from educonnect_admin.parents.prove_password import ProofVerdict
from educonnect_admin.portal.requests import counted_address
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.portal.browser import Browser, words
from tests.portal.holders import OWN, Holders

PROCESSES, THREADS, TRIES = 4, 8, 2_000
UNKNOWN = counted_address("testclient")
"""The address of every browser of our tests."""
MOST = 10
"""Passwords that CNIL 2022-100 lets anybody try before a lock."""


class CountingVault:
    """The real vault, which writes down whose password it has checked, in a file of its process."""

    def __init__(self, vault: PasswordVault, tally: Path) -> None:
        self._vault = vault
        self._tally = tally

    def seal(self, password: str, owner: str) -> bytes:
        """Hash a password."""
        return self._vault.seal(password, owner)

    def accepts(self, sealed: bytes, password: str, owner: str) -> bool:
        """Check a password, and write down whose."""
        with self._tally.open("a", encoding="ascii") as file:
            file.write(f"{owner}\n")
        return self._vault.accepts(sealed, password, owner)

    def pretend(self, password: str) -> None:
        """Take as long as checking one."""
        self._vault.pretend(password)


Guess = tuple[str, str, str, int]
"""Identifier, password, address, and the second of the storm at which it comes."""


def _storm(settings: Settings, tally: Path, guesses: Sequence[Guess]) -> list[str]:
    """Try them in some threads, each at its second: delays pass, though nobody waits."""
    services = open_services(settings)
    services.__dict__["vault"] = CountingVault(services.vault, tally)

    began = clock()

    def guess(one: Guess) -> str:
        identifier, password, address, second = one
        means = services.means(began + timedelta(seconds=second))
        found = log_in(means, Client(address), None, identifier=identifier, password=password)
        return str(found.verdict)

    try:
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(guess, guesses))
    finally:
        services.close()


def _let_loose(
    services: Services, folder: Path, guesses: Sequence[Guess]
) -> tuple[Counter[str], Counter[str]]:
    """Return how often each account's password was checked, and what was answered."""
    folder.mkdir()
    parts = [guesses[number::PROCESSES] for number in range(PROCESSES)]
    tallies = [folder / f"{number}.txt" for number in range(PROCESSES)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        settings = [services.settings] * PROCESSES
        answers = [one for part in pool.map(_storm, settings, tallies, parts) for one in part]
    checked = [line for tally in tallies if tally.exists() for line in tally.read_text().split()]
    return Counter(checked), Counter(answers)


def _wrong(number: int) -> str:
    return f"tilleul{number:04}"


def _comes_in(browser: Browser, identifier: str) -> bool:
    answer = browser.post("/connexion", identifiant=identifier, mot_de_passe=OWN)
    return answer.is_redirect and answer.headers["location"] == "/accueil"


@pytest.mark.slow
def test_one_account_is_guessed_ten_times_at_most(services: Services, tmp_path: Path) -> None:
    """From 250 addresses, over fifty minutes; the browser of its holder still opens it."""
    office, at_home = Holders(services), Browser(services)
    account = office.begun()
    assert _comes_in(at_home, "nadia.moreau")
    at_home.post("/deconnexion")
    guesses = [("Nadia.Moreau", _wrong(n), f"192.0.2.{n % 250}", n * 3 // 2) for n in range(TRIES)]
    guesses[-1] = ("nadia.moreau", OWN, "198.51.100.1", TRIES)
    checked, answers = _let_loose(services, tmp_path / "storm", guesses)

    assert set(answers) == {ProofVerdict.WRONG}
    assert checked == {owner_of_account(account): MOST}
    assert len(office.trail("account.locked")) == 1
    assert not _comes_in(Browser(services), "nadia.moreau"), "a stranger's right guess is no better"
    assert _comes_in(at_home, "nadia.moreau")


@pytest.mark.slow
def test_five_hundred_accounts_from_one_address(services: Services, tmp_path: Path) -> None:
    """A hundred wrong ones an hour for the address, ten at most for each account (R-6)."""
    office, at_home = Holders(services), Browser(services)
    office.begun()
    assert _comes_in(at_home, "nadia.moreau")
    at_home.post("/deconnexion")
    _add_holders(services, 499)
    names = ["nadia.moreau", *(f"parent.numero{n}" for n in range(1, 500))]
    guesses = [(names[n % 500], _wrong(n), UNKNOWN, 0) for n in range(TRIES)]
    checked, answers = _let_loose(services, tmp_path / "storm", guesses)

    assert sum(checked.values()) == 100
    assert max(checked.values()) <= MOST
    assert answers == {ProofVerdict.TOO_MANY: TRIES - 100, ProofVerdict.WRONG: 100}
    refused = Browser(services).post("/connexion", identifiant="nadia.moreau", mot_de_passe=OWN)
    assert "depuis votre connexion" in words(refused)
    assert _comes_in(at_home, "nadia.moreau")


def _add_holders(services: Services, number: int) -> None:
    """Add accounts that somebody uses already."""
    rows = [
        {"identifier": f"parent.numero{n}", "created_at": NOW, "state": AccountState.ACTIVE}
        for n in range(1, number + 1)
    ]
    with services.transaction() as session:
        ids = session.scalars(insert(Account).returning(Account.id), rows).all()
        for account_id in ids:
            sealed = services.vault.seal(OWN, owner_of_account(account_id))
            session.get_one(Account, account_id).password_hash = sealed
