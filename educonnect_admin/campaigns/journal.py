"""The log of a campaign, for programs: one JSON object a line, ids and codes only (R-66)."""

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from educonnect_admin.domain.errors import UnwritableFolder

FILE_NAME = "journal.jsonl"
_LONGEST_LINE = 65_536


class Journal:
    """A file to which lines are added, mode 600; runs follow each other in it."""

    def __init__(self, path: Path, tell_time: Callable[[], datetime]) -> None:
        """Open it.

        Raises:
            UnwritableFolder: the disk is full or refuses.
        """
        self._path = path
        self._tell_time = tell_time
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
            self._descriptor = os.open(path, flags, 0o600)
            self._drop_half_a_line()
        except OSError as error:
            raise UnwritableFolder(path.parent, error.errno) from error
        self._full = False

    def _drop_half_a_line(self) -> None:
        """Take away what a machine that went off left of a last line: programs read lines."""
        size = os.fstat(self._descriptor).st_size
        start = max(0, size - _LONGEST_LINE)
        tail = os.pread(self._descriptor, _LONGEST_LINE, start)
        if tail and not tail.endswith(b"\n"):
            os.ftruncate(self._descriptor, start + tail.rfind(b"\n") + 1)

    def note(self, event: str, **facts: Any) -> None:
        """Add a line; a disk that is full loses the line, not the campaign."""
        line = {"at": self._tell_time().isoformat(), "event": event, **facts}
        text = json.dumps(line, ensure_ascii=False, default=str) + "\n"
        content = text.encode()
        try:
            # One write: a kill leaves a whole line or none.
            written = os.write(self._descriptor, content)
            if written < len(content):  # the disk took what it had room for
                self._full = True
                size = os.fstat(self._descriptor).st_size
                os.ftruncate(self._descriptor, size - written)
        except OSError:
            self._full = True

    @property
    def is_whole(self) -> bool:
        """Whether every line could be written."""
        return not self._full

    def close(self) -> None:
        """Make it durable, and close it."""
        try:
            os.fsync(self._descriptor)
        except OSError:
            self._full = True
        os.close(self._descriptor)
