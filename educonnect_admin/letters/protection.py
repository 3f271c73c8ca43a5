"""What closes a PDF file with a passphrase, as the press sees it."""

from typing import Protocol


class FileLock(Protocol):
    """Closes the strings and streams of one file."""

    @property
    def entry(self) -> bytes:
        """The value of the file's `/Encrypt`."""
        ...

    def close(self, data: bytes) -> bytes:
        """Return a string or stream as it stands in the closed file."""
        ...


class Protection(Protocol):
    """Gives every file a lock of its own, all opened by one passphrase."""

    def new_lock(self) -> FileLock:
        """Return the lock of one more file."""
        ...
