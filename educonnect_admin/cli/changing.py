"""How a change at the desk is made: foreseen, shown, agreed to, done, told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from educonnect_admin.cli.agreeing import agree, is_asked
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from educonnect_admin.domain.trail import Author
    from educonnect_admin.edge import Services


class Change(Protocol):
    """What a change gave."""

    @property
    def changed(self) -> bool:
        """Whether there was anything to change."""
        ...


T = TypeVar("T", bound=Change)
REHEARSED = "Essai : rien n'a été écrit."


def carry_out(
    desk: Desk,
    speech: Speech,
    act: "Callable[[Session, Author], T]",
    shown: Callable[[T], str],
    *,
    yes: bool,
    dry_run: bool,
) -> T:
    """Make a change, or rehearse it; somebody at a terminal sees the rehearsal first.

    Nobody is asked about what changes nothing.

    Args:
        desk: Where.
        speech: How what is about to change is told.
        act: What changes something, in a transaction of its own.
        shown: Says what would change, from what the rehearsal gave.
        yes: Don't ask.
        dry_run: Rehearse only.
    """
    return carry_out_with(
        desk,
        speech,
        lambda _, session, author: act(session, author),
        shown,
        yes=yes,
        dry_run=dry_run,
    )


def carry_out_with(
    desk: Desk,
    speech: Speech,
    serve: "Callable[[Services, Session, Author], T]",
    shown: Callable[[T], str],
    *,
    yes: bool,
    dry_run: bool,
) -> T:
    """Make a change that needs the services of the office too, as `carry_out` makes one."""
    from educonnect_admin.edge import clock

    with desk.office() as services:

        def act(session: "Session", author: "Author") -> T:
            return serve(services, session, author)

        author = services.author(clock())
        if dry_run or is_asked(speech, yes=yes):
            with services.transaction(dry_run=True) as session:
                foreseen = act(session, author)
            if dry_run:
                speech.say(REHEARSED)
            if dry_run or not foreseen.changed:
                return foreseen
            agree(speech, shown(foreseen), yes=yes)
            author = services.author(clock())  # the desk may have hesitated past midnight
        with services.transaction() as session:
            return act(session, author)
