"""Tasks of the night that need no twin: the second one leaves at once, and that is no fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from educonnect_admin.edge import Services


@contextmanager
def alone(services: "Services", task: str, speech: Speech, *, dry_run: bool) -> Iterator[bool]:
    """Give whether this task runs nowhere else; say so if it does. A dry run disturbs nobody.

    Raises:
        DatabaseUnavailable: the database was lost, or refuses to work.
    """
    if dry_run:
        yield True
        return
    with services.lock(task) as held:
        if not held:
            speech.say("La même tâche tourne déjà : elle s'occupe de tout, rien à faire ici.")
        yield held
