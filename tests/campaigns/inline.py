"""A crew that does each task at once, in this very process: for what a command says and writes."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class InlineCrew:
    """One worker: whoever asks."""

    size = 1

    def submit(self, task: Callable[[Asked], Answer], asked: Asked) -> "Future[Answer]":
        """Do it."""
        future: Future[Answer] = Future()
        future.set_result(task(asked))
        return future

    def recall(self) -> None:
        """Nothing ever waits."""

    def lost(self, error: BaseException) -> bool:
        """Nobody is ever lost: no error says so."""
        return not isinstance(error, BaseException)

    def lost_all(self, error: BaseException) -> bool:
        """Nor is everybody."""
        return self.lost(error)

    def renew(self) -> None:
        """Nothing is to be renewed."""

    def close(self, *, at_once: bool = False) -> None:
        """Nobody is to be sent away."""
