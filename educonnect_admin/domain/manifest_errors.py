"""The refusals of manifests; they carry paths and codes."""

from enum import StrEnum
from pathlib import Path

from educonnect_admin.domain.errors import EduConnectError


class ManifestTrouble(StrEnum):
    """Why a file is no manifest that can be relied on."""

    UNREADABLE = "unreadable"
    """No JSON, or cut."""
    FOREIGN = "foreign"
    """JSON, of something else."""
    OTHER_VERSION = "other_version"
    DAMAGED = "damaged"
    """A key is missing, too many, twice, or holds what it can't."""
    UNSAFE_NAME = "unsafe_name"
    """It names a file elsewhere than in its own folder."""


class BadManifest(EduConnectError):
    """A file that bears the name of a manifest and is none, or no longer a whole one."""

    def __init__(self, path: Path, trouble: ManifestTrouble) -> None:
        super().__init__(path.name, str(trouble))
        self.path = path
        self.trouble = trouble


class NoManifest(EduConnectError):
    """A folder in which no manifest lies, nor in those under it, and which no campaign began."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder
