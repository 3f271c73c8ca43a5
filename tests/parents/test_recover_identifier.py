"""A forgotten identifier: only what is confirmed counts, and guessing is slow (R-6, R-54)."""

from datetime import timedelta
from typing import Any

import pytest

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.messages import Channel
from educonnect_admin.edge import Services
from educonnect_admin.parents.means import Client
from educonnect_admin.parents.recover_identifier import (
    IdentifierAsked,
    IdentifierVerdict,
    ask_identifiers,
)
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.parents.portal_office import HOME, Clock, messages

EMAIL = "dupont@example.fr"
UNKNOWN = IdentifierAsked(IdentifierVerdict.UNKNOWN)
SENT = IdentifierAsked(IdentifierVerdict.SENT)
HOUR = timedelta(hours=1)


class Asking(Clock):
    """Somebody of the three families asks for an identifier."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.office = Office(services)

    def account(self, identifier: str, whose: str, **facts: Any) -> int:
        """Open an account, active and with a confirmed address unless told otherwise."""
        facts = {
            "state": AccountState.ACTIVE, "email": EMAIL, "email_confirmed_at": NOW, **facts,
        }  # fmt: skip
        return self.office.account(identifier, self.office.record(whose), **facts)

    def ask(self, email: str = EMAIL, client: Client = HOME) -> IdentifierAsked:
        """Ask for what is attached to an address."""
        return ask_identifiers(self.means, client, email)

    def mails(self) -> list[tuple[str, object, object]]:
        """Return to whom mails go, whom they address, what they list."""
        return [
            (to, values["holder"], values["identifiers"])
            for to, values in messages(self.services, Channel.MAIL)
        ]


@pytest.fixture
def asking(services: Services) -> Asking:
    """The three families, without any account, on both databases."""
    return Asking(services)


def test_the_identifier_is_written_to_the_address(asking: Asking) -> None:
    """In whatever case it was typed; the trail tells that somebody asked, not what for."""
    account = asking.account("jean.dupont", "Jean")

    assert asking.ask("Dupont@Example.fr") == SENT

    assert asking.mails() == [(EMAIL, "M. Jean DUPONT", ["jean.dupont"])]
    school = asking.office.school
    assert [tuple(row) for row in asking.office.trail("account.identifier_asked")] == [
        (school, account, "{}")
    ]
    [queued] = asking.office.trail("message.queued")
    assert EMAIL not in queued[2]
    assert asking.office.is_sound([school])


def test_a_shared_address_gets_one_mail_with_the_list(asking: Asking) -> None:
    """A couple; nobody is addressed by the other's name."""
    asking.account("jean.dupont", "Jean")
    asking.account("celine.dupont", "Céline")

    assert asking.ask() == SENT

    assert asking.mails() == [(EMAIL, "", ["celine.dupont", "jean.dupont"])]
    assert len(asking.office.trail("account.identifier_asked")) == 2


def test_two_accounts_of_one_person_are_addressed_to_it(asking: Asking) -> None:
    """Not regrouped yet."""
    asking.account("jean.dupont", "Jean")
    twin = asking.office.second_record("Jean")
    asking.office.account(
        "jean.dupont1", twin, state=AccountState.ACTIVE, email=EMAIL, email_confirmed_at=NOW
    )

    assert asking.ask() == SENT
    assert asking.mails() == [(EMAIL, "M. Jean DUPONT", ["jean.dupont", "jean.dupont1"])]


@pytest.mark.parametrize(
    "facts",
    [
        {"email_confirmed_at": None},
        {"state": AccountState.EMAIL_PENDING, "email_confirmed_at": None},
        {"email": None, "pending_email": EMAIL},
        {"state": AccountState.CLOSED},
        {"state": AccountState.REGROUPED},
        {"state": AccountState.NOT_NOTIFIED, "email": None, "email_confirmed_at": None},
    ],
)
def test_an_address_that_nobody_confirmed_is_not_recognised(
    asking: Asking, facts: dict[str, Any]
) -> None:
    """Nor one that only the school knows, nor that of an account that is over."""
    asking.account("jean.dupont", "Jean", **facts)

    assert asking.ask() == UNKNOWN
    assert asking.mails() == []
    assert asking.office.trail("account.identifier_asked") == []


def test_guessing_is_slow_and_hurts_nobody_else(asking: Asking) -> None:
    """So many wrong addresses an hour from one place; then nothing is looked at, even right."""
    asking.account("jean.dupont", "Jean")
    most = asking.means.limits.guess.most
    for number in range(most):
        assert asking.ask(f"{number}@example.fr") == UNKNOWN

    closed = asking.ask()
    assert closed == IdentifierAsked(IdentifierVerdict.TOO_OFTEN, NOW + HOUR)
    assert asking.mails() == []
    assert asking.ask(client=Client("192.0.2.8")) == SENT
    asking.later(HOUR)
    assert asking.ask() == SENT


def test_right_addresses_are_no_guesses(asking: Asking) -> None:
    """A whole town behind one address may forget its identifiers."""
    asking.account("jean.dupont", "Jean")

    for _ in range(asking.means.limits.guess.most + 5):
        assert asking.ask() == SENT
    assert asking.ask("nobody@example.fr") == UNKNOWN


def test_a_mailbox_is_not_flooded(asking: Asking) -> None:
    """The answer stays the same, the mails stop for an hour; whoever asks, from wherever."""
    asking.account("jean.dupont", "Jean")
    most = asking.means.limits.mail.most

    answers = [asking.ask(client=Client(f"192.0.2.{number}")) for number in range(most + 3)]

    assert answers == [SENT] * (most + 3)
    assert len(asking.mails()) == most
    asking.later(HOUR)
    assert asking.ask("DUPONT@example.fr") == SENT
    assert len(asking.mails()) == most + 1
