"""The rows of a file that was read, once more and as they stand."""

from hashlib import file_digest

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.problems import UnreadableReason
from educonnect_admin.rosters.read import read_table
from educonnect_admin.rosters.rows import Reading
from educonnect_admin.rosters.siecle import SIECLE
from educonnect_admin.rosters.siecle.exports import find_exports
from educonnect_admin.rosters.tables import Table


def read_again(reading: Reading) -> Table:
    """Return the rows of a reading.

    Raises:
        UnreadableFile: the file is gone, or no longer what was read (CHANGED): its lines may
            mean other rows now.
    """
    try:
        table = read_table(reading.path, reading.part, reading.columns)
    except KeyError:
        raise UnreadableFile(reading.path, UnreadableReason.CHANGED) from None
    if reading.sha256 not in _digests(reading):
        raise UnreadableFile(reading.path, UnreadableReason.CHANGED)
    return table


def _digests(reading: Reading) -> set[str]:
    """Return the digest of the file, or those of the documents that it holds."""
    if reading.format == SIECLE:
        exports = find_exports(reading.path, lambda: reading.path.open("rb"))
        return {export.sha256() for export in exports}
    with reading.path.open("rb") as file:
        return {file_digest(file, "sha256").hexdigest()}
