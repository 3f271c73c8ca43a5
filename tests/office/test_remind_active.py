"""A word to those who are in already: no password, not too often, never to a wrong address."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.errors import UnknownClass
from educonnect_admin.domain.mail_errors import BadMailTemplate
from educonnect_admin.domain.messages import Message, MessageKind, MessageState
from educonnect_admin.domain.trail import TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.messages.press import MessagePress
from educonnect_admin.office.mail_letter import MailRoom
from educonnect_admin.office.remind_active import Reminded, remind_active
from educonnect_admin.queries.outbox import opened
from tests.conftest import NOW
from tests.office.printing import fill, issue
from tests.office.resending import change, told
from tests.support.households import CHARLEMAGNE

CONFIRMED = {"state": AccountState.ACTIVE, "email_confirmed_at": NOW}


@pytest.fixture
def active(services: Services, tmp_path: Path) -> Services:
    """Three families: Céline and Thị active and confirmed, Jean active by SMS, others not."""
    fill(services)
    issue(services, tmp_path / "out")
    change(services, "celine.dupont", email="celine@example.org", **CONFIRMED)
    change(services, "thi.nguyen", email="thi@example.org", **CONFIRMED)
    change(services, "jean.dupont", state=AccountState.ACTIVE, email="typed@example.org")
    return services


def remind(
    services: Services,
    now: datetime = NOW,
    *,
    label: str | None = None,
    dry_run: bool = False,
    templates: Any = None,
) -> Reminded:
    """Remind the school, as the director does."""
    mail = MailRoom(
        room=services.print_room(now),
        postbox=services.postbox,
        templates=templates or MessagePress(None),
    )
    transaction = partial(services.transaction, dry_run=dry_run)
    return remind_active(mail, transaction, uai=CHARLEMAGNE, class_label=label)


def messages(services: Services) -> list[Message]:
    """Return what stands in the outbox."""
    with services.transaction() as session:
        return list(
            session.scalars(select(Message).options(undefer("*")).order_by(Message.account_id))
        )


def test_confirmed_accounts_are_reminded_without_a_password(active: Services) -> None:
    """One message each, to the address they confirmed; the trail names the message only."""
    assert remind(active) == Reminded(reminded=2, without_address=1)

    found = messages(active)
    assert {one.kind for one in found} == {MessageKind.REMINDER}
    to = [opened(active.postbox, one) for one in found]
    assert sorted(address for address, _ in to) == ["celine@example.org", "thi@example.org"]
    for _, values in to:
        assert set(values) == {"holder", "children", "school", "portal_url", "identifier"}
    queued = told(active, TrailKind.MESSAGE_QUEUED)
    assert sorted(entry.account_id or 0 for entry in queued) == [one.account_id for one in found]
    assert "@" not in " ".join(entry.details for entry in queued)


def test_nobody_is_reminded_twice_in_thirty_days(active: Services) -> None:
    """Idempotent on the day and for 30 days; a reminder that failed does not count."""
    remind(active)

    assert remind(active) == Reminded(without_address=1, recently_reminded=2)
    nearly = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert remind(active, nearly).reminded == 0
    with active.transaction() as session:
        celine = select(Account.id).where(Account.identifier == "celine.dupont")
        session.execute(
            update(Message).where(Message.account_id.in_(celine)).values(state=MessageState.FAILED)
        )
    assert remind(active, nearly) == Reminded(reminded=1, without_address=1, recently_reminded=1)
    assert remind(active, NOW + timedelta(days=30)) == Reminded(
        reminded=1, without_address=1, recently_reminded=1
    )


def test_an_address_that_bounces_is_left_alone(active: Services) -> None:
    """Writing there again helps nobody; it is told apart."""
    change(active, "celine.dupont", email_bounced_at=NOW)

    assert remind(active) == Reminded(reminded=1, without_address=1, bouncing=1)


def test_a_dry_run_writes_nothing(active: Services) -> None:
    """It tells what would be done; the outbox stays empty."""
    assert remind(active, dry_run=True) == Reminded(reminded=2, without_address=1)
    assert messages(active) == []
    assert told(active, TrailKind.MESSAGE_QUEUED) == []


def test_one_class_only(active: Services) -> None:
    """Whoever has a child in that class, and nobody else; a class that is not there is refused."""
    assert remind(active, label="CE1") == Reminded(reminded=1)
    assert remind(active, label="CP A") == Reminded(
        reminded=1, without_address=1, recently_reminded=1
    )
    with pytest.raises(UnknownClass):
        remind(active, label="CM3")


class OfficeThatSpoiltItsTemplate:
    """Templates that can't be used."""

    def check(self, kind: MessageKind, _values: object) -> None:
        """Refuse."""
        raise BadMailTemplate(f"{kind}/text.j2", "syntax")


def test_a_template_that_cannot_be_used_stops_before_anybody_is_written_to(
    active: Services,
) -> None:
    """Refused, and the outbox is empty."""
    with pytest.raises(BadMailTemplate):
        remind(active, templates=OfficeThatSpoiltItsTemplate())

    assert messages(active) == []


class TemplatesDuringWhich(MessagePress):
    """Real templates, while which are tried the desk changes an account."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__(None)
        self._meanwhile = meanwhile

    def check(self, kind: MessageKind, values: Mapping[str, object]) -> None:
        """Check, and meanwhile let it happen."""
        super().check(kind, values)
        self._meanwhile()


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.NOTIFIED])
def test_who_changed_since_the_look_is_not_reminded(active: Services, state: AccountState) -> None:
    """Closed or reset in between: the account is held, and looked at again."""
    templates = TemplatesDuringWhich(lambda: change(active, "celine.dupont", state=state))

    assert remind(active, templates=templates).reminded == 1
    (message,) = messages(active)
    assert opened(active.postbox, message)[0] == "thi@example.org"
