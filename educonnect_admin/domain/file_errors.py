"""Refusals about the files of letters: what closes them, their end."""

from pathlib import Path

from educonnect_admin.domain.errors import EduConnectError


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
