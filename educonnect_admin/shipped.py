"""Where our own templates and fonts lie, installed or in a checkout."""

from importlib.resources import files
from pathlib import Path


def shipped_templates(room: str) -> Path:
    """Return a folder of `templates/`: `letters` or `mail`.

    A wheel carries it inside the package; in a checkout (also an editable one) that copy
    does not exist and the top-level folder is used.
    """
    package = Path(str(files("educonnect_admin")))
    installed = package / "_shipped" / "templates" / room
    return installed if installed.is_dir() else package.parent / "templates" / room
