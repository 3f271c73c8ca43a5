"""The pages' templates: an office's `portal/` folder first, ours behind it and as `default:`."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from educonnect_admin.portal.spaces import keep_together
from educonnect_admin.shipped import shipped_templates


class PortalTemplates:
    """The pages as one office has them, by name: `connexion` for `connexion.html.j2`."""

    def __init__(self, overrides: Path | None) -> None:
        ours = FileSystemLoader(shipped_templates("portal"))
        theirs: list[BaseLoader] = [FileSystemLoader(overrides / "portal")] if overrides else []
        loader = ChoiceLoader([*theirs, ours, PrefixLoader({"default": ours}, ":")])
        self._pages: Environment = ImmutableSandboxedEnvironment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """Fill a page."""
        return keep_together(self._pages.get_template(f"{name}.html.j2").render(values))
