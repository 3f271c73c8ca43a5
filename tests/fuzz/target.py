"""What a fuzzer needs to know of a reader."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

Read = Callable[[bytes], None]
"""Read some bytes; whatever is raised is a finding, but for the reader's own refusals."""
Open = Callable[[], AbstractContextManager[Read]]


@dataclass(frozen=True, kw_only=True)
class Target:
    """One reader, or a group of small ones.

    Attributes:
        name: what the table calls it.
        what: the readers behind it, for the table.
        seeds: what it reads well, to begin with.
        open: gives the reader, once a process, with whatever it needs around it.
        refusals: what it may raise, for a person to read.
        words: signs that its grammar lives of, for mutations to put in.
        seconds: of work that one case may take.
        is_archive: its files are zip archives, whose members are changed and packed again.
    """

    name: str
    what: str
    seeds: Callable[[], Iterator[bytes]]
    open: Open
    refusals: tuple[type[Exception], ...] = ()
    words: tuple[bytes, ...] = ()
    seconds: float = 5.0
    is_archive: bool = False
