"""Whether files are the same as before, without reading them: by their bytes."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from educonnect_admin import __version__


def digest_of_files(paths: Sequence[Path], *said: object) -> str | None:
    """Return one digest of some files, their names, this version and whatever else was said.

    Args:
        paths: The files, in their order.
        said: How they are to be taken; another way is another digest.

    Returns:
        The digest, or nothing where a file can't be read: whoever reads it tells why.
    """
    found = hashlib.sha256(repr((__version__, *said)).encode())
    for path in paths:
        try:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return None
        found.update(repr((str(path), content)).encode())
    return found.hexdigest()
