"""Refusals about the keys of an office (R-5)."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from educonnect_admin.domain.errors import EduConnectError


class MissingKey(EduConnectError):
    """The key file lacks a key that the database was written with: it is an older copy."""

    def __init__(self, path: Path, key_id: str) -> None:
        super().__init__(path, key_id)
        self.path = path
        self.key_id = key_id


class KeysBusy(EduConnectError):
    """Somebody else is changing the keys of this office."""


class KeysNeeded(EduConnectError):
    """Older keys can't be retired yet: something still depends on them.

    Attributes:
        counts: how many of what (`needs` of `queries.key_needs`).
        until: when the last of it is over by itself, where that is known.
    """

    def __init__(self, counts: Mapping[str, int], until: datetime | None) -> None:
        super().__init__(dict(counts), until)
        self.counts = counts
        self.until = until
