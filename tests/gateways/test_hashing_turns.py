"""Hashes in turns: never more at once than there are cores to spare."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from educonnect_admin.gateways.hashing import InTurns


class _Watched:
    """A vault that remembers how many were in it at the same time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self.most = 0

    def _work(self) -> None:
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        time.sleep(0.01)
        with self._lock:
            self._inside -= 1

    def seal(self, password: str, owner: str) -> bytes:
        self._work()
        return f"{password}/{owner}".encode()

    def accepts(self, sealed: bytes, password: str, owner: str) -> bool:
        self._work()
        return sealed == f"{password}/{owner}".encode()

    def pretend(self, _password: str) -> None:
        self._work()


def test_hashes_wait_for_their_turn() -> None:
    """Twenty at once, two inside; each with its own answer."""
    vault = _Watched()
    turns = InTurns(vault, 2)

    def check(number: int) -> bool:
        turns.pretend("x")
        return turns.accepts(turns.seal(f"{number}", "me"), f"{number}", "me")

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(check, range(20)))

    assert vault.most == 2
