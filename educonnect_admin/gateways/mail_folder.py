"""A folder instead of a mail server: one file a message, which counts as paper.

Files are for their owner alone and bear no name but the message's reference; one that is
already there was written by an attempt whose end nobody recorded, and counts as sent.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.gateways.outcomes import SENT, Outcome


@dataclass(frozen=True)
class MailFolder:
    """Mails as `.eml` files, which every mail program opens."""

    folder: Path

    @contextmanager
    def connect(self) -> Iterator["MailFolder"]:
        """Give this folder; there is nothing to close."""
        yield self

    def open(self) -> None:
        """Make the folder.

        Raises:
            UnwritableFolder: it can't be made.
        """
        _make(self.folder)

    def send(self, message: EmailMessage, _sender: str, _to: str) -> Outcome:
        """Write one mail.

        Raises:
            UnwritableFolder: the disk is full or refuses; no file is there.
        """
        reference = str(message["Message-ID"]).strip("<>").partition("@")[0]
        return _written(self.folder / f"{reference}.eml", message.as_bytes())


@dataclass(frozen=True)
class SmsFolder:
    """SMS as text files."""

    folder: Path

    def send(self, to: str, text: str, reference: str) -> Outcome:
        """Write one SMS.

        Raises:
            UnwritableFolder: the disk is full or refuses; no file is there.
        """
        _make(self.folder)
        return _written(self.folder / f"{reference}.txt", f"To: {to}\n\n{text}\n".encode())


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableFolder(folder, error.errno) from error


def _written(path: Path, content: bytes) -> Outcome:
    """Write a whole file or none, durably; the same message twice is one file."""
    part = path.with_name(f"{path.name}.part")
    try:
        if not path.exists():
            with suppress(FileNotFoundError):
                part.unlink()
            _write(part, content)
            part.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise UnwritableFolder(path.parent, error.errno) from error
    return SENT


def _write(part: Path, content: bytes) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)  # whatever the umask
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
