"""What a journey answers: a page to be rendered after the commit, or another place to go."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LEAVE = ""
"""Instead of a token: the browser forgets its visit."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Page:
    """A page.

    Attributes:
        template: its file in `templates/portal/`, without `.html.j2`.
        values: what it is filled with; plain values, nothing mapped.
        errors: by the name of a field, the sentence that stands on top and beside it; under
            an empty name, one that belongs to no field.
        status: of the answer; 422 by itself where there are errors.
        token: of a visit that begins here; `LEAVE` where one ends.
        device: the device cookie to keep (R-9).
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    token: str | None = None
    device: str | None = None

    @property
    def code(self) -> int:
        """The status of the answer."""
        return 422 if self.errors and self.status == 200 else self.status

    def __repr__(self) -> str:
        return f"Page({self.template})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Redirect:
    """Another page to go to, by GET: a path of ours, or the provider's address."""

    to: str
    token: str | None = None
    device: str | None = None

    def __repr__(self) -> str:
        return "Redirect()"


Answer = Page | Redirect
