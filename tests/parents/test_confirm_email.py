"""The link that proves an address: when it does, when not, and once whoever hurries (R-22)."""

from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from educonnect_admin.parents.coming_in import come_in
from educonnect_admin.parents.confirm_email import Standing, confirm_email, look_at_email_link
from educonnect_admin.parents.mail_links import send_link
from educonnect_admin.parents.pending_email import LinkSent, SendVerdict, send_to
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.visits import Visitor
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.parents.portal_office import Clock
from tests.portal.outgoing import queued

OLD, NEW = "nadia@example.fr", "n.moreau@example.org"
DAY = timedelta(days=1)


@dataclass
class Nadia:
    """Nadia has typed OLD on the activation screen, and comes in with her password."""

    services: Services

    def __post_init__(self) -> None:
        self.clock, self.office = Clock(self.services), Office(self.services)
        self.account = self.office.account(
            "nadia.moreau",
            self.office.record("Nadia"),
            state=AccountState.EMAIL_PENDING,
            email=OLD,
            email_bounced_at=NOW,
        )
        self.visitor = self.come_in()

    def come_in(self) -> Visitor:
        """Log in."""
        with self.services.transaction() as session:
            [account] = locked_accounts(session, [self.account])
            token = come_in(session, self.clock.means, account, Entry.PASSWORD)
        return self.clock.visitor(token)

    def link(self, kind: LinkKind = LinkKind.ACTIVATION, email: str = OLD) -> str:
        """Have a link sent as the activation screen does, and return its token."""
        with self.services.transaction() as session:
            [account] = locked_accounts(session, [self.account])
            send_link(session, self.clock.means, account, kind, email)
        return self.newest()

    def newest(self) -> str:
        """Return what the newest link holds."""
        return str(queued(self.services)[-1][2]["link"]).rsplit("/", 1)[-1]

    def send(self, email: str) -> LinkSent:
        """Validate an address on the page where one waits."""
        return send_to(self.clock.means, self.visitor, email)

    def look(self, token: str) -> Standing:
        """Return what a link would do."""
        return look_at_email_link(self.clock.means, token).standing

    def follow(self, token: str) -> Standing:
        """Press the button."""
        return confirm_email(self.clock.means, token).standing

    def change(self, **facts: object) -> None:
        """Let something happen to the account meanwhile."""
        with self.services.transaction() as session:
            account = session.get_one(Account, self.account)
            for name, value in facts.items():
                setattr(account, name, value)

    def facts(self, *names: str) -> list[object]:
        """Return some columns of the account."""
        with self.services.reading() as session:
            account = session.get_one(Account, self.account)
            return [getattr(account, name) for name in names]


@pytest.fixture
def nadia(services: Services) -> Nadia:
    """Nadia, on both databases."""
    return Nadia(services)


def test_the_button_activates_and_looking_does_not(nadia: Nadia) -> None:
    """However often a scanner looks; its address is proved, the bounces are forgotten."""
    token = nadia.link()
    assert [nadia.look(token) for _ in range(3)] == [Standing.READY] * 3
    assert nadia.facts("state", "email_confirmed_at") == [AccountState.EMAIL_PENDING, None]
    nadia.clock.later(DAY)

    assert nadia.follow(token) is Standing.CONFIRMED

    assert nadia.facts("state", "journey") == [AccountState.ACTIVE, Journey.LETTER]
    then = NOW + DAY
    assert nadia.facts("activated_at", "email_confirmed_at", "email_bounced_at") == [
        then,
        then,
        None,
    ]
    assert len(nadia.office.trail("account.email_confirmed")) == 1
    assert nadia.office.is_sound([nadia.office.school])


def test_pressing_again_says_that_it_is_done(nadia: Nadia) -> None:
    """A double click or a second tab is no error, and tells the trail nothing more."""
    token = nadia.link()
    assert [nadia.follow(token) for _ in range(3)] == [
        Standing.CONFIRMED,
        Standing.ALREADY,
        Standing.ALREADY,
    ]
    assert nadia.look(token) is Standing.ALREADY
    assert len(nadia.office.trail("account.email_confirmed")) == 1


def test_a_former_mail_found_after_the_newer_one_was_followed(nadia: Nadia) -> None:
    """The same address: there is nothing left to do, even when that mail is old."""
    former = nadia.link()
    nadia.follow(nadia.link())
    assert nadia.look(former) is Standing.ALREADY
    nadia.clock.later(9 * DAY)
    assert nadia.follow(former) is Standing.ALREADY


def test_twelve_at_once_confirm_once(nadia: Nadia) -> None:
    """One of them confirms, the others are told that it is done; nobody waits for ever."""
    token, gate = nadia.link(), Barrier(12)
    standings: list[Standing] = []

    def hurry() -> None:
        gate.wait()
        standings.append(nadia.follow(token))

    threads = [Thread(target=hurry) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(standings) == [Standing.ALREADY] * 11 + [Standing.CONFIRMED]
    assert len(nadia.office.trail("account.email_confirmed")) == 1


def test_correcting_while_the_former_link_is_followed(nadia: Nadia) -> None:
    """Whichever comes first, the address that is confirmed is the one that was proved."""
    outcomes = []
    for _ in range(8):
        nadia.change(state=AccountState.EMAIL_PENDING, email=OLD, email_confirmed_at=None)
        nadia.change(pending_email=None, pending_email_at=None)
        with nadia.services.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM try_counts")
        former, gate = nadia.link(), Barrier(2)

        def follow(token: str = former, at: Barrier = gate) -> None:
            at.wait()
            nadia.follow(token)

        thread = Thread(target=follow)
        thread.start()
        gate.wait()
        sent = nadia.send(NEW)
        thread.join(60)
        outcomes.append(sent.verdict)
        state, email, confirmed = nadia.facts("state", "email", "email_confirmed_at")
        if state is AccountState.ACTIVE:
            assert (email, confirmed) == (OLD, NOW)
        else:
            assert (email, confirmed) == (NEW, None)
            assert nadia.look(former) is Standing.REPLACED
    assert set(outcomes) <= {SendVerdict.SENT, SendVerdict.DONE}


def test_the_link_of_a_corrected_address_is_over(nadia: Nadia) -> None:
    """Somebody else may have received it."""
    former = nadia.link()
    assert nadia.send(NEW) == LinkSent(SendVerdict.SENT)

    assert nadia.follow(former) is Standing.REPLACED
    assert nadia.facts("state", "email") == [AccountState.EMAIL_PENDING, NEW]
    assert nadia.follow(nadia.newest()) is Standing.CONFIRMED
    assert nadia.look(former) is Standing.REPLACED
    assert nadia.office.trail("account.email_given") == [
        (nadia.office.school, nadia.account, "{}"),
    ]


def test_the_same_address_validated_again(nadia: Nadia) -> None:
    """Another link to it; the trail is told of a mail, not of an address (§6.2)."""
    former = nadia.link()
    nadia.send(OLD)

    assert nadia.look(former) is Standing.REPLACED
    assert nadia.office.trail("account.email_given") == []
    assert nadia.follow(nadia.newest()) is Standing.CONFIRMED


def test_a_link_is_over_after_three_days(nadia: Nadia) -> None:
    """To the second; the account goes on waiting."""
    token = nadia.link()
    nadia.clock.later(3 * DAY - timedelta(seconds=1))
    assert nadia.look(token) is Standing.READY
    nadia.clock.later(timedelta(seconds=1))

    assert nadia.follow(token) is Standing.EXPIRED
    assert nadia.facts("state") == [AccountState.EMAIL_PENDING]


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (AccountState.NOTIFIED, Standing.RESTARTED),
        (AccountState.NOT_NOTIFIED, Standing.RESTARTED),
        (AccountState.CLOSED, Standing.CLOSED),
        (AccountState.REGROUPED, Standing.REGROUPED),
    ],
)
@pytest.mark.parametrize("kind", [LinkKind.ACTIVATION, LinkKind.EMAIL_CHANGE])
def test_an_account_that_is_no_longer_waiting(
    nadia: Nadia, kind: LinkKind, state: AccountState, standing: Standing
) -> None:
    """A new letter has begun anew (R-13), or there is no account any more: said as it is."""
    nadia.change(pending_email=OLD)
    token = nadia.link(kind)
    nadia.change(state=state)

    assert nadia.look(token) is standing
    assert nadia.follow(token) is standing
    assert nadia.facts("state", "email_confirmed_at") == [state, None]
    assert nadia.send(NEW) == LinkSent(SendVerdict.OVER)


def test_activated_by_sms_while_the_mail_was_on_its_way(nadia: Nadia) -> None:
    """The link still proves the address; journey and moment of the activation stay."""
    token = nadia.link()
    nadia.change(state=AccountState.ACTIVE, journey=Journey.SMS, activated_at=NOW)
    nadia.clock.later(DAY)

    assert nadia.follow(token) is Standing.CONFIRMED
    assert nadia.facts("journey", "activated_at") == [Journey.SMS, NOW]
    assert nadia.facts("email_confirmed_at") == [NOW + DAY]


def test_the_pending_change_to_the_same_address_goes_with_it(nadia: Nadia) -> None:
    """One proof is enough; the other link says that it is done."""
    first = nadia.link()
    nadia.change(state=AccountState.ACTIVE, journey=Journey.SMS)
    nadia.send(OLD)
    second = nadia.newest()

    assert nadia.follow(first) is Standing.CONFIRMED
    assert nadia.facts("pending_email", "pending_email_at") == [None, None]
    assert nadia.look(second) is Standing.ALREADY


def test_an_active_account_has_corrected_its_address(nadia: Nadia) -> None:
    """The link to the former one proves nothing that is still wanted."""
    former = nadia.link()
    nadia.change(state=AccountState.ACTIVE, journey=Journey.SMS)
    nadia.send(NEW)

    assert nadia.follow(former) is Standing.REPLACED
    assert nadia.follow(nadia.newest()) is Standing.CONFIRMED
    assert nadia.facts("email", "email_confirmed_at") == [NEW, NOW]
    assert nadia.follow(former) is Standing.REPLACED


def test_the_link_of_a_change_is_told_as_such(nadia: Nadia) -> None:
    """Its page has other words; a second click is no error there either."""
    nadia.change(state=AccountState.ACTIVE, email_confirmed_at=NOW)
    nadia.change(pending_email=NEW, pending_email_at=NOW)
    token = nadia.link(LinkKind.EMAIL_CHANGE, NEW)

    found = look_at_email_link(nadia.clock.means, token)
    assert (found.standing, found.is_change) == (Standing.READY, True)
    assert [nadia.follow(token) for _ in range(2)] == [Standing.CONFIRMED, Standing.ALREADY]
    assert nadia.facts("email", "pending_email") == [NEW, None]


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "\x00", "'; DROP TABLE mail_links"])
def test_what_was_never_sent_is_nothing(nadia: Nadia, token: str) -> None:
    """Whatever stands in the address."""
    nadia.link()
    assert (nadia.look(token), nadia.follow(token)) == (Standing.UNKNOWN, Standing.UNKNOWN)


def test_a_link_to_a_password_confirms_nothing(nadia: Nadia) -> None:
    """And stays good for what it was sent for."""
    token = nadia.link(LinkKind.PASSWORD_RESET)
    assert nadia.follow(token) is Standing.UNKNOWN
    assert nadia.facts("state") == [AccountState.EMAIL_PENDING]
    assert nadia.office.one("SELECT ended_at FROM mail_links") is None


def test_couples_share_an_address(nadia: Nadia) -> None:
    """It may be confirmed for both accounts, each by its own link."""
    nadia.office.account(
        "jean.dupont", nadia.office.record("Jean"), state=AccountState.ACTIVE,
        email=NEW, email_confirmed_at=NOW,
    )  # fmt: skip

    assert nadia.send(NEW) == LinkSent(SendVerdict.SENT)
    assert nadia.follow(nadia.newest()) is Standing.CONFIRMED
    assert (
        nadia.office.one("SELECT count(*) FROM accounts WHERE email_confirmed_at IS NOT NULL") == 2
    )


def test_one_limit_for_all_that_an_account_has_sent(nadia: Nadia) -> None:
    """Waiting or active, from this page or from «Gérer mon compte» (R-6); then it goes on."""
    for _ in range(3):
        assert nadia.send(OLD).verdict is SendVerdict.SENT
    nadia.change(state=AccountState.ACTIVE)
    for _ in range(2):
        assert nadia.send(NEW).verdict is SendVerdict.SENT

    refused = nadia.send(OLD)
    assert refused.verdict is SendVerdict.TOO_OFTEN
    assert refused.until is not None
    nadia.clock.now = refused.until
    # Her visit has ended by its idle time meanwhile: she logs in again.
    assert nadia.send(OLD).verdict is SendVerdict.OVER
    nadia.visitor = nadia.come_in()
    assert nadia.send(OLD).verdict is SendVerdict.SENT


def test_nothing_is_sent_to_an_address_confirmed_meanwhile(nadia: Nadia) -> None:
    """In another tab, or on a telephone."""
    nadia.follow(nadia.link())
    count = len(queued(nadia.services))

    assert nadia.send(OLD) == LinkSent(SendVerdict.DONE)
    assert len(queued(nadia.services)) == count
