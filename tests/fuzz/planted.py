"""Readers that do what none may, to see the fuzzer find it; never among the real ones."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.fuzz.target import Read, Target


class Refused(Exception):
    """What this reader may raise."""


def _misbehave(data: bytes) -> None:
    if data.startswith(b"fail"):
        raise KeyError("planted")
    if data.startswith(b"hang"):
        while True:
            pass
    if data.startswith(b"grow"):
        bytearray(2**31)
    if data.startswith(b"die"):
        os._exit(3)
    raise Refused


@contextmanager
def _opened() -> Iterator[Read]:
    yield _misbehave


def _seeds(*seeds: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: iter(seeds)


_OPEN: Callable[[], AbstractContextManager[Read]] = _opened
PLANTED = (
    Target(name="planted", what="three faults", open=_OPEN, refusals=(Refused,), seconds=0.2,
           seeds=_seeds(b"good", b"fail", b"hang", b"grow")),
    Target(name="planted-death", what="an end without a word", open=_OPEN, refusals=(Refused,),
           seeds=_seeds(b"good", b"die")),
)  # fmt: skip
