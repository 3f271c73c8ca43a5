"""The refusals of backups: what is not whole, not ours, or not to be overwritten."""

from enum import StrEnum
from pathlib import Path

from educonnect_admin.domain.errors import EduConnectError


class BackupDamage(StrEnum):
    """What is wrong with the file."""

    NOT_A_BACKUP = "not_a_backup"
    ALTERED = "altered"
    """Some byte is not the one that was written."""
    CUT = "cut"
    """Its end is missing."""
    OTHER_FORMAT = "other_format"
    """A later version of the program wrote it."""


class DamagedBackup(EduConnectError):
    """A file that is no backup, or not a whole one: nothing of it is used."""

    def __init__(self, path: Path, damage: BackupDamage) -> None:
        super().__init__(path.name, str(damage))
        self.path = path
        self.damage = damage


class WrongPassphrase(EduConnectError):
    """The passphrase is not the one that the backup was closed with."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self.path = path


class BackupOfAnotherKey(EduConnectError):
    """The key file at hand is not the one that the backed up database needs."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class BackupOfAnotherKind(EduConnectError):
    """A backup of SQLite goes into an SQLite file, one of PostgreSQL into PostgreSQL."""

    def __init__(self, path: Path, database: str) -> None:
        super().__init__(path.name, database)
        self.path = path
        self.database = database


class PlaceNotEmpty(EduConnectError):
    """Something is where the backup should go; nothing is ever overwritten."""


class BackupRunning(EduConnectError):
    """Another backup of this database is being made."""


class RestoreRunning(EduConnectError):
    """Another backup is being restored to this place."""
