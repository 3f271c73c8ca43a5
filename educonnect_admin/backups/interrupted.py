"""What a killed backup left: a copy of everybody's data, under a name that nobody looks for."""

from contextlib import suppress
from pathlib import Path

from educonnect_admin.backups.frames import FrameReader
from educonnect_admin.backups.make import LOCK
from educonnect_admin.domain.backup_errors import DamagedBackup
from educonnect_admin.edge import Services
from educonnect_admin.homes import at_home


def remove_interrupted(services: Services, folder: Path) -> list[Path]:
    """Remove the unfinished backups of this office in a folder; return which.

    Known by what they say of themselves, not by their name. While a backup of this database is
    being made nothing is removed: it may be that one.

    Args:
        services: The office.
        folder: Where the next backup goes; it may not be there yet.
    """
    removed = []
    with services.lock(LOCK) as held:
        for part in sorted(at_home(folder).glob("*.part")) if held else ():
            with suppress(OSError, DamagedBackup):
                if _office_of(part) == services.keyring.fingerprint():
                    part.unlink()
                    removed.append(part)
    return removed


def _office_of(path: Path) -> str | None:
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        return FrameReader(file, path).head.office
