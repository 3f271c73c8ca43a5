"""The folders of a person's computer: where exports land, where letters go, how one is opened."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from educonnect_admin.process_secrets import environment_for_strangers

_DOWNLOADS = ("Téléchargements", "Downloads")
_DESKTOPS = ("Bureau", "Desktop")
_DOCUMENTS = ("Documents",)


class Place(NamedTuple):
    """A folder to look into, and how many folders deep."""

    path: Path
    depth: int


def usual_places() -> list[Place]:
    """Return where exports land, by what the system says and by the usual names."""
    from platformdirs import user_desktop_path, user_documents_path, user_downloads_path

    home = Path.home()
    told = (user_downloads_path(), user_desktop_path(), user_documents_path())
    named = (home / name for name in (*_DOWNLOADS, *_DESKTOPS, *_DOCUMENTS))
    deep = [Place(path, 2) for path in (*told, *named)]
    shallow = [Place(home, 0), Place(Path.cwd(), 0)]
    found: dict[Path, Place] = {}
    for place in (*deep, *shallow):
        if place.path.is_dir():
            found.setdefault(place.path.resolve(), place)
    return list(found.values())


def documents_folder() -> Path:
    """Return the folder of a person's own documents, which may not be there yet."""
    from platformdirs import user_documents_path

    return user_documents_path()


def letters_folder(day: str) -> Path:
    """Return where the letters of a day go unless somebody says otherwise."""
    return documents_folder() / "Courriers EduConnect" / day


def near(path: Path) -> str:
    """Return a path as a person knows it: from their home folder on."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except ValueError:
        return str(path)


def can_show_folders() -> bool:
    """Tell whether there are windows here to show a folder in."""
    if sys.platform in {"win32", "darwin"}:
        return True
    has_windows = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(has_windows and shutil.which(_OPENER))


def open_command(folder: Path) -> tuple[str, ...]:
    """Return the command that shows a folder in a window of its own."""
    programs = {"win32": "explorer", "darwin": "open"}
    return programs.get(sys.platform, _OPENER), str(folder)


def show_folder(folder: Path) -> bool:
    """Show a folder in a window of its own; return whether that worked."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the system's own opener, given a folder
            open_command(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment_for_strangers(),
        )
        failed = process.wait(_PATIENCE) != 0
    except subprocess.TimeoutExpired:
        return True  # the window itself is this program
    except OSError:
        return False
    return not failed or sys.platform == "win32"  # Explorer always says that it failed


_OPENER = "xdg-open"
_PATIENCE = 3
"""Seconds an opener is waited for."""
