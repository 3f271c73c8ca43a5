"""What it takes to answer: a transaction, a reason, who answers, who is told."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from educonnect_admin.domain.trail import Author
from educonnect_admin.office.importing.announce_children import Announcer


@dataclass(frozen=True, slots=True, repr=False)
class Answering:
    """Somebody who answers questions.

    Attributes:
        session: The transaction that holds the schools.
        reason: Why, for the trail.
        author: Who answers, and when.
        announcer: What writes to the holders of active accounts who gain a child (R-8).
    """

    session: Session
    reason: str
    author: Author
    announcer: Announcer | None = None
