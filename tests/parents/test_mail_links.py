"""Links by mail: only the newest works, once, whatever key, whoever else is in a hurry (R-5)."""

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from threading import Barrier, Thread

import pytest

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.mail_links import LIFE, LinkKind
from educonnect_admin.domain.messages import Channel, MessageKind
from educonnect_admin.edge import Services
from educonnect_admin.gateways.keys import Keyring
from educonnect_admin.opening import open_services
from educonnect_admin.parents.mail_links import LinkVerdict, look_at_link, send_link, use_link
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.parents.portal_office import Clock, messages

EMAIL = "dupont@example.fr"
RESET, ACTIVATION, CHANGE = LinkKind.PASSWORD_RESET, LinkKind.ACTIVATION, LinkKind.EMAIL_CHANGE


class Sending(Clock):
    """Céline has links sent, looks at them, uses them."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.office = Office(services)
        self.account = self.office.account(
            "celine.dupont", self.office.record("Céline"), state=AccountState.ACTIVE
        )

    def send(self, kind: LinkKind = RESET) -> str:
        """Have a link sent and return its token, as the mail brings it."""
        means = self.means
        with means.transaction() as session:
            [account] = locked_accounts(session, [self.account])
            send_link(session, means, account, kind, EMAIL)
        return str(self.mails()[-1]["link"]).rsplit("/", 1)[-1]

    def mails(self) -> list[dict[str, object]]:
        """Return what the mails that wait are filled with."""
        return [values for _, values in messages(self.services, Channel.MAIL)]

    def look(self, token: str) -> LinkVerdict | None:
        """Return what a link would do."""
        found = look_at_link(self.means, token)
        return found.verdict if found else None

    def use(self, token: str, kind: LinkKind = RESET) -> bool:
        """Use a link up, if it works."""
        return used(self.services, self.account, token, kind, self)


def used(
    services: Services, account_id: int, token: str, kind: LinkKind, clock: Clock | None = None
) -> bool:
    """Use a link up as a journey does, the account held first."""
    means = services.means(clock.now if clock else NOW)
    with means.transaction() as session:
        locked_accounts(session, [account_id])
        return use_link(session, means, token, kind) is not None


@pytest.fixture
def celine(services: Services) -> Sending:
    """Céline at the three families' school, on both databases."""
    return Sending(services)


@pytest.mark.parametrize(
    ("kind", "path"),
    [(RESET, "mot-de-passe"), (ACTIVATION, "confirmation"), (CHANGE, "confirmation")],
)
def test_the_mail_says_what_its_template_needs(celine: Sending, kind: LinkKind, path: str) -> None:
    """Whom it is for, where it leads, how long, and the number that the helpdesk may ask for."""
    token = celine.send(kind)

    [mail] = celine.mails()
    assert mail["holder"] == "Mme Céline DUPONT"
    assert mail["link"] == f"{celine.means.portal_url}/{path}/{token}"
    assert mail["hours"] == LIFE[kind].total_seconds() / 3600
    assert mail["new_email"] == EMAIL
    [number] = celine.office.rows("SELECT request_number FROM mail_links")
    assert mail["request_number"] == number[0]


def test_the_token_is_nowhere_in_clear(celine: Sending) -> None:
    """The link is known by its digest; the mail that waits is sealed (R-5)."""
    token = celine.send()

    rows = celine.office.rows("SELECT * FROM mail_links") + celine.office.rows(
        "SELECT sealed FROM messages"
    )
    assert token not in str([tuple(row) for row in rows])


def test_a_link_works_once(celine: Sending) -> None:
    """Looking changes nothing, however often; using does, once."""
    token = celine.send()

    assert [celine.look(token) for _ in range(3)] == [LinkVerdict.LIVE] * 3
    assert [celine.use(token), celine.use(token)] == [True, False]
    assert celine.look(token) is LinkVerdict.USED


@pytest.mark.parametrize("kind", LinkKind)
def test_a_link_ends_at_its_hour(celine: Sending, kind: LinkKind) -> None:
    """Live to the last second, and not one longer."""
    token = celine.send(kind)

    celine.later(LIFE[kind] - timedelta(seconds=1))
    assert celine.look(token) is LinkVerdict.LIVE
    celine.later(timedelta(seconds=1))
    assert celine.look(token) is LinkVerdict.EXPIRED
    assert not celine.use(token, kind)


def test_a_newer_link_ends_the_former_of_its_kind_only(celine: Sending) -> None:
    """And the mail that still waited to bring it does not leave."""
    change, former = celine.send(CHANGE), celine.send()
    newer = celine.send()

    verdicts = [celine.look(one) for one in (change, former, newer)]
    assert verdicts == [LinkVerdict.LIVE, LinkVerdict.REPLACED, LinkVerdict.LIVE]
    assert not celine.use(former)
    waiting = celine.office.rows("SELECT kind FROM messages WHERE state = 'waiting' ORDER BY id")
    assert [row[0] for row in waiting] == [MessageKind.EMAIL_CHANGE, MessageKind.PASSWORD_RESET]


def test_a_link_opens_only_what_it_was_sent_for(celine: Sending) -> None:
    """The link of an address sets no password; it stays good for its own."""
    token = celine.send(CHANGE)

    assert not celine.use(token, RESET)
    assert celine.use(token, CHANGE)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é" * 43, "\x00", "'; DROP TABLE mail_links"])
def test_what_was_never_sent_is_nothing(celine: Sending, token: str) -> None:
    """Whatever stands in the address."""
    celine.send()

    assert celine.look(token) is None
    assert not celine.use(token)


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.REGROUPED])
def test_the_links_of_an_account_that_is_over_do_nothing(
    celine: Sending, state: AccountState
) -> None:
    """Nobody comes in by a mail that was sent before."""
    token = celine.send()
    with celine.services.transaction() as session:
        session.get_one(Account, celine.account).finish(state, NOW)

    assert celine.look(token) is LinkVerdict.REPLACED


def test_a_link_outlives_a_change_of_key(celine: Sending, settings: Settings) -> None:
    """The new key makes the next ones; the former one still knows those that are under way."""
    former = celine.send(CHANGE)
    assert settings.secret_key_file is not None
    keys = json.loads(settings.secret_key_file.read_text())
    keys["keys"].append({"id": "k2", "secret": keys["naming"]})
    settings.secret_key_file.write_text(json.dumps(keys))
    celine.services = open_services(settings)

    try:
        newer = celine.send(RESET)
        assert celine.services.keyring.current == "k2"
        assert celine.use(former, CHANGE)
        assert celine.use(newer)
    finally:
        celine.services.close()


def test_a_link_of_a_key_that_was_thrown_away_is_nothing(celine: Sending) -> None:
    """It can't be told from one that never was."""
    token = celine.send()
    ring = celine.services.keyring
    other = Keyring(ring.path, ring.naming, {"k9": bytes(32)}, "k9")
    celine.services = replace(celine.services, keyring=other)

    assert celine.look(token) is None
    assert not celine.use(token)


def test_one_of_many_at_once_uses_a_link(celine: Sending) -> None:
    """Twelve threads, each with its own connection, through the same gate."""
    token = celine.send()
    gate, done = Barrier(12), []

    def hurry() -> None:
        gate.wait()
        done.append(used(celine.services, celine.account, token, RESET))

    threads = [Thread(target=hurry) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == [False] * 11 + [True]


def _use_in_a_process(settings: Settings, account_id: int, tokens: list[str]) -> list[bool]:
    services = open_services(settings)
    try:
        return [used(services, account_id, token, RESET) for token in tokens]
    finally:
        services.close()


@pytest.mark.slow
def test_one_of_several_processes_uses_a_link(celine: Sending, settings: Settings) -> None:
    """Servers that share a database share its links: each of twenty is used once in all."""
    other = [
        celine.office.account(f"other{number}", state=AccountState.ACTIVE) for number in range(20)
    ]
    tokens = []
    for celine.account in other:
        tokens.append(celine.send())

    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as servers:
        results = list(
            servers.map(_use_in_a_process, [settings] * 3, [celine.account] * 3, [tokens] * 3)
        )

    assert [sum(uses) for uses in zip(*results, strict=True)] == [1] * 20


class _Interrupted(Exception):
    """Something that stops a journey."""


def test_no_link_is_left_half_used(celine: Sending) -> None:
    """What fails after the link was used gives it back: one transaction."""
    token = celine.send()
    means = celine.means

    def fail() -> None:
        with means.transaction() as session:
            assert use_link(session, means, token, RESET) is not None
            raise _Interrupted

    with pytest.raises(_Interrupted):
        fail()
    assert celine.use(token)
