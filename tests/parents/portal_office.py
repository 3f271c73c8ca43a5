"""An office as the parents' journeys find it, at any moment, from any address."""

from datetime import datetime, timedelta
from typing import Self

from sqlalchemy import select

from educonnect_admin.domain.messages import Channel, Message
from educonnect_admin.domain.visits import StoredVisit
from educonnect_admin.edge import Services
from educonnect_admin.parents.coming_in import TOKEN_USE, begin_journey
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.queries.outbox import opened
from educonnect_admin.queries.visits import Visitor, visitor_of
from tests.conftest import NOW

HOME = Client("192.0.2.7")


class Clock:
    """The moment of the requests of a test."""

    def __init__(self, services: Services, now: datetime = NOW) -> None:
        self.services = services
        self.now = now

    def later(self, delay: timedelta) -> Self:
        """Let time pass."""
        self.now += delay
        return self

    @property
    def means(self) -> Means:
        """The means of one more request."""
        return self.services.means(self.now)

    def journey(self) -> Visitor:
        """Begin a journey, and return who is on it."""
        means = self.means
        with means.transaction() as session:
            token = begin_journey(session, means, {})
        return self.visitor(token)

    def visitor(self, token: str) -> Visitor:
        """Return who holds a token."""
        found = self.who(token)
        assert found is not None
        return found

    def again(self, visitor: Visitor) -> Visitor:
        """Return the same visitor as the next request finds them."""
        with self.means.reading() as session:
            found = visitor_of(session, [visitor.token_digest], self.now)
        assert found is not None
        return found

    def visit(self, visit_id: int) -> Visitor:
        """Return the visitor of a visit."""
        with self.means.reading() as session:
            digest = session.get_one(StoredVisit, visit_id).token_digest
            found = visitor_of(session, [digest], self.now)
        assert found is not None
        return found

    def who(self, token: str) -> Visitor | None:
        """Return who holds a token, if anybody does."""
        means = self.means
        with means.reading() as session:
            return visitor_of(session, means.digests.known(TOKEN_USE, token), means.now)


Posted = tuple[str, dict[str, object]]


def messages(services: Services, channel: Channel = Channel.SMS) -> list[Posted]:
    """Return to whom the messages that wait go, and their values, in order."""
    with services.reading() as session:
        waiting = session.scalars(
            select(Message)
            .where(Message.channel == channel, Message.sealed.is_not(None))
            .order_by(Message.id)
        )
        return [opened(services.postbox, message) for message in waiting]


def last_code(services: Services) -> str:
    """Return the code of the last SMS."""
    return str(messages(services)[-1][1]["code"])
