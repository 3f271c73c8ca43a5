"""Where our own letters and fonts lie, installed or in a checkout."""

from importlib.resources import files
from pathlib import Path


def shipped() -> Path:
    """Return the folder `templates/letters` of this product.

    A wheel carries it inside the package; in a checkout (also an editable one) that copy
    does not exist and the top-level folder is used.
    """
    package = Path(str(files("educonnect_admin")))
    installed = package / "_shipped" / "templates" / "letters"
    return installed if installed.is_dir() else package.parent / "templates" / "letters"
