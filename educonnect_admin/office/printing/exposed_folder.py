"""Where a folder of letters may be seen by others: open to the machine, or copied elsewhere."""

import re
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from stat import S_ISVTX, S_IWOTH
from typing import NamedTuple

from educonnect_admin.homes import at_home

_SERVICES = {
    "OneDrive": r"onedrive( - .+)?",
    "Dropbox": r"dropbox( \(.+\))?",
    "Nextcloud": r"nextcloud\d*",
    "ownCloud": r"owncloud",
    "Google Drive": r"google ?drive( - .+)?|googledrive-.+|mon drive|my drive|drivefs",
    "iCloud": r"icloud ?drive|com~apple~clouddocs|mobile documents",
    "kDrive": r"kdrive\d*",
    "pCloud": r"pcloud ?drive",
    "MEGA": r"mega(sync)?",
    "Box": r"box|box sync|box-box",
    "Proton Drive": r"proton ?drive.*",
    "Synology Drive": r"synology ?drive|cloudstation",
    "Seafile": r"seafile",
}
"""The names that clients give to their folders."""

_KNOWN = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _SERVICES.items()}
_MARKS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".tmp.drivedownload": "Google Drive",
    ".849c9593-d756-4e56-8d6e-42412f2a707b": "OneDrive",
    ".stfolder": "Syncthing",
    ".sync_id": "Resilio Sync",
}
"""What clients leave in the top folder of what they copy, whatever its name."""

_MAC_CLOUDS = ("Library", "CloudStorage")


class Exposure(StrEnum):
    """In what way a folder is exposed."""

    SYNCHRONISED = "synchronised"
    """Its files are copied to somebody's servers, where they stay after they were removed."""
    WRITABLE = "writable"
    """Everybody on the machine may remove or replace what lies in it."""
    READABLE = "readable"
    """Everybody on the machine sees the names of what lies in it; the files are their owner's."""


class Exposed(NamedTuple):
    """One way in which a folder is exposed; `what` names the service, if it is one."""

    how: Exposure
    what: str = ""


def exposures_of(folder: Path) -> list[Exposed]:
    """Return in what ways a folder is exposed, whether it is there already or not.

    Args:
        folder: Where letters are to go; links are followed.
    """
    path = at_home(folder).absolute()
    found = [Exposed(Exposure.SYNCHRONISED, name) for name in _synchronised_by(path)]
    return [*found, *_open_to_all(path)]


def _synchronised_by(path: Path) -> Iterator[str]:
    names: dict[str, None] = {}
    for each in (path, path.resolve()):
        for place in (each, *each.parents):
            names |= dict.fromkeys(_service_of(place))
    yield from names


def _service_of(place: Path) -> Iterator[str]:
    yield from (name for name, known in _KNOWN.items() if known.fullmatch(place.name))
    for mark, name in _MARKS.items():
        if (place / mark).exists():
            yield name
    if place.parts[-2:] == _MAC_CLOUDS:
        yield "CloudStorage"


def _open_to_all(path: Path) -> Iterator[Exposed]:
    """Look at the folder itself; one that is to be made is made for its owner alone."""
    if sys.platform == "win32" or not path.is_dir():
        return
    mode = path.stat().st_mode
    if mode & S_IWOTH and not mode & S_ISVTX:
        yield Exposed(Exposure.WRITABLE)
    elif mode & 0o005:
        yield Exposed(Exposure.READABLE)
