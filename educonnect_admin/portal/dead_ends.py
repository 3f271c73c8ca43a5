"""Pages where a journey can't go on: what happened, what to do now and, last, «Contact» (R-56)."""

from dataclasses import dataclass

from educonnect_admin.portal.answers import Page

UNPROCESSABLE = 422
TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class Step:
    """A next step: the words of its link, and where it leads."""

    words: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadEnd:
    """What such a page says.

    Attributes:
        title: its heading.
        sentences: what happened, then the advice.
        steps: the next steps, the best one first.
        another_code: whether another code may be asked for right here.
        offers_franceconnect: whether its button helps.
    """

    title: str
    sentences: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    another_code: bool = False
    offers_franceconnect: bool = False

    def page(self, *, status: int = UNPROCESSABLE, token: str | None = None) -> Page:
        """Return it as a page."""
        return Page(template="impasse", values={"end": self}, status=status, token=token)
