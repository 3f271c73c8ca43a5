"""A page of a report from its template: one file, whatever names it holds stay text."""

from collections.abc import Mapping
from typing import Any

from educonnect_admin.shipped import shipped_templates


def html_bytes(template: str, values: Mapping[str, Any]) -> bytes:
    """Return a page in UTF-8; a value that the template wants and does not get is a bug.

    Args:
        template: its name in `templates/reports/`.
        values: what it shows; text, escaped here.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(shipped_templates("reports")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(values).encode()
