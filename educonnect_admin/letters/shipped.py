"""Where our own letters and fonts lie, installed or in a checkout."""

from pathlib import Path

from educonnect_admin.shipped import shipped_templates


def shipped() -> Path:
    """Return the folder `templates/letters` of this product."""
    return shipped_templates("letters")
