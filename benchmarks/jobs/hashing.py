"""Hashing alone: passwords drawn and sealed on as many threads as `letters issue` uses."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.jobs import Order
from benchmarks.measuring import cores
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.hashing import CHEAP, OWASP, Argon2Vault, owner_of_letter
from educonnect_admin.gateways.keys import Keyring

_PAGE = 500


def run(order: Order) -> int:
    """Seal so many passwords, a page at a time so that memory stays out of it."""
    chance = SystemChance()
    keyring = Keyring(Path(), chance.salt() * 2, {"k1": chance.salt() * 2}, "k1")
    vault = Argon2Vault(keyring, chance, OWASP if order.hashing == "owasp" else CHEAP)

    def seal(_: int) -> bytes:
        return vault.seal(chance.temporary_password(), owner_of_letter(chance.letter_number()))

    sealed = 0
    with ThreadPoolExecutor(cores()) as threads:
        for start in range(0, order.letters, _PAGE):
            page = range(start, min(start + _PAGE, order.letters))
            sealed += sum(1 for one in threads.map(seal, page) if one)
    return sealed
