"""Refusals about the files of letters: their passphrase, their end."""

from pathlib import Path

from educonnect_admin.domain.errors import EduConnectError


class NoPassphrase(EduConnectError):
    """A passphrase is wanted, nobody sits at a terminal to type it, and no file holds it."""


class UnusablePassphrase(EduConnectError):
    """A passphrase that can't be used; `why` is `short`, `long`, `signs`, `differ` or `file`."""

    def __init__(self, why: str, least: int) -> None:
        super().__init__(why, least)
        self.why = why
        self.least = least


class SlipsLocked(EduConnectError):
    """The slips of a batch whose letters are closed with a passphrase, which nobody has given."""

    def __init__(self, batch_id: int, folder: Path) -> None:
        super().__init__(batch_id, folder)
        self.batch_id = batch_id
        self.folder = folder


class NoSuchFolder(EduConnectError):
    """A folder that is not there, or is none."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path
