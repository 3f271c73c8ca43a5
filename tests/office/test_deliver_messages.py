"""Emptying the outbox: once each, sealed to the end, nothing lost, nothing that works lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import undefer

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.mail_errors import MissingMessageKey
from educonnect_admin.domain.messages import Message, MessageKind, MessageState
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import TrailEntry, TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.gateways.outcomes import Fate, Outcome
from educonnect_admin.office.deliver_messages import (
    Delivered,
    deliver_messages,
    deliver_outbox,
    foresee_delivery,
)
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.office.mailing.mail_room import (
    DELAYS,
    LEASE,
    MAIL_LOCK,
    UNTIL_MENDED,
    MailRoom,
)
from educonnect_admin.queries.outbox_claims import (
    claim_message,
    look_at_message,
    settle_message,
)
from tests.conftest import NOW
from tests.office.printing import fill
from tests.support.outbox import (
    PASSWORD,
    all_messages,
    later,
    message_of,
    queue,
    queue_letter,
    smtp_room,
)
from tests.support.smtp import DROP, Plan, free_port, mail_server

ZOE = "zoe@exemple.fr"


def counts(delivered: Delivered) -> tuple[int, int, int, int]:
    """Return (sent, deferred, failed, cancelled)."""
    return delivered.sent, delivered.deferred, delivered.failed, delivered.cancelled


def always(step_wanted: str, reply: str) -> Plan:
    """Return a plan that answers always the same at one step."""
    return lambda step, _to: reply if step == step_wanted else None


def deliver(services: Services, plan: Plan, now: datetime = NOW) -> tuple[Delivered, list[str]]:
    """Run once over the outbox; return what was done and who got a mail."""
    with mail_server(plan) as server:
        done = deliver_messages(smtp_room(services, server.port, now))
    return done, server.recipients()


def welcome(_step: str, _to: str) -> str | None:
    """Accept everything."""
    return None


@contextmanager
def dead_worker(services: Services, message_id: int, at: datetime = NOW) -> Iterator[None]:
    """Leave a message in the hands of a worker that is never heard of again."""
    with services.transaction() as session:
        seen = look_at_message(session, message_id, at, at - LEASE)
        assert seen is not None
        assert claim_message(session, seen, "dead", at)
    yield


def fill_with_accounts(services: Services) -> None:
    """Make a school whose guardians have accounts."""
    school_id = fill(services)
    with services.transaction() as session:
        generate_accounts(
            session,
            session.get_one(School, school_id),
            stem_digest=services.keyring.stem_digest,
            author=services.author(NOW),
        )


@pytest.fixture
def family(services: Services) -> tuple[Services, int]:
    """An office with accounts, and the guardian of one of them."""
    fill_with_accounts(services)
    with services.reading() as session:
        guardian = session.scalars(select(Guardian.id).where(Guardian.given_name == "Nadia")).one()
    return services, guardian


def account_of(services: Services, guardian_id: int) -> Account:
    """Return the account of a guardian as it stands."""
    with services.reading() as session:
        account = session.scalars(
            select(Account).join(Guardian, Guardian.account_id == Account.id)
            .where(Guardian.id == guardian_id)
        ).one()  # fmt: skip
        session.expunge(account)
    return account


def only_letter(services: Services) -> Letter:
    """Return the one letter as it stands."""
    with services.reading() as session:
        letter = session.scalars(select(Letter).options(undefer("*"))).one()
        session.expunge(letter)
    return letter


def told(services: Services, kind: TrailKind) -> list[str]:
    """Return the details of the entries of a kind."""
    with services.reading() as session:
        return list(session.scalars(select(TrailEntry.details).where(TrailEntry.kind == kind)))


def test_a_letter_leaves_and_its_content_is_wiped(family: tuple[Services, int]) -> None:
    """In one transaction: sent, nothing sealed left, told in the school's chain."""
    services, guardian = family
    message_id = queue_letter(services, guardian, ZOE)

    with mail_server() as server:
        done = deliver_messages(smtp_room(services, server.port))

    assert counts(done) == (1, 0, 0, 0)
    assert done.waiting == 0
    message = message_of(services, message_id)
    assert (message.state, message.sealed, message.error) == (MessageState.SENT, None, None)
    assert message.ended_at == NOW
    assert only_letter(services).ended_at is None
    assert len(told(services, TrailKind.MESSAGE_SENT)) == 1
    ((to, content),) = server.taken
    mail = message_from_bytes(content)
    assert to == ZOE
    assert mail["Message-ID"] == f"<{message.reference}@exemple.fr>"
    assert PASSWORD in content.decode("ascii")


def test_nothing_is_sent_twice(sqlite_services: Services) -> None:
    """What has ended is left alone."""
    queue(sqlite_services, ZOE)

    with mail_server() as server:
        room = smtp_room(sqlite_services, server.port)
        assert deliver_messages(room).sent == 1
        assert deliver_messages(room).sent == 0
    assert server.recipients() == [ZOE]


def test_a_deferred_mail_comes_back_later_and_later(sqlite_services: Services) -> None:
    """After each delay, never before; the same bytes at each attempt."""
    message_id = queue(sqlite_services, ZOE)
    now = NOW
    for attempt, delay in enumerate(DELAYS, start=1):
        done, _ = deliver(sqlite_services, always("rcpt", "450 4.2.0 later"), now)
        assert counts(done) == (0, 1, 0, 0)
        message = message_of(sqlite_services, message_id)
        assert (message.attempts, message.due_at) == (attempt, now + delay)
        assert message.error == "smtp.450.4.2.0"
        assert deliver(sqlite_services, welcome, now + delay - timedelta(seconds=1))[1] == []
        now += delay

    done, _ = deliver(sqlite_services, always("rcpt", "450 4.2.0 later"), now)

    assert counts(done) == (0, 0, 1, 0)
    assert not done.troubles[0].maybe_double
    assert message_of(sqlite_services, message_id).state is MessageState.FAILED


def test_each_attempt_is_the_same_mail(sqlite_services: Services) -> None:
    """Whoever gets it twice sees one: Message-ID, date, boundary, every byte."""
    queue(sqlite_services, ZOE)

    with mail_server(always("answer", DROP)) as server:
        for minutes in (0, 2, 10):
            deliver_messages(smtp_room(sqlite_services, server.port, later(minutes=minutes)))

    assert len(server.taken) == 3
    assert len(set(server.taken)) == 1


def test_a_mail_that_may_have_left_is_sent_again_and_marked(services: Services) -> None:
    """The connection was lost before the answer: at least once, and told so at the end."""
    message_id = queue(services, ZOE)

    first, _ = deliver(services, always("answer", DROP))
    assert counts(first) == (0, 1, 0, 0)
    assert message_of(services, message_id).error == "connection_lost"
    second, _ = deliver(services, welcome, later(minutes=2))

    assert counts(second) == (1, 0, 0, 0)
    assert second.maybe_double == 1
    assert [one.message_id for one in second.troubles] == [message_id]
    assert message_of(services, message_id).maybe_double


def test_a_refused_letter_is_taken_back(family: tuple[Services, int]) -> None:
    """Nothing works that is lost (R-14): void, its hash gone, the account as it was."""
    services, guardian = family
    queue_letter(services, guardian, ZOE)
    assert account_of(services, guardian).state is AccountState.NOTIFIED

    done, _ = deliver(services, always("data", "554 5.7.1 spam"))

    letter = only_letter(services)
    assert (letter.end, letter.password_hash, letter.ended_at) == (LetterEnd.VOID, None, NOW)
    assert account_of(services, guardian).state is AccountState.NOT_NOTIFIED
    (trouble,) = done.troubles
    assert (trouble.error, trouble.voided, trouble.maybe_double) == ("smtp.554.5.7.1", True, False)
    assert trouble.identifier == "nadia.moreau"
    assert len(told(services, TrailKind.LETTER_ENDED)) == 1
    assert '"error":"smtp.554.5.7.1"' in told(services, TrailKind.MESSAGE_FAILED)[0]


def test_a_letter_that_may_have_arrived_stays_good(family: tuple[Services, int]) -> None:
    """It may be in somebody's hands: only its message has failed."""
    services, guardian = family
    queue_letter(services, guardian, ZOE)

    deliver(services, always("answer", DROP))
    done, _ = deliver(services, always("rcpt", "550 5.1.1 gone"), later(minutes=2))

    assert counts(done) == (0, 0, 1, 0)
    (trouble,) = done.troubles
    assert (trouble.maybe_double, trouble.voided) == (True, False)
    assert only_letter(services).ended_at is None
    assert account_of(services, guardian).state is AccountState.NOTIFIED


def test_a_letter_given_back_does_not_undo_what_came_after(family: tuple[Services, int]) -> None:
    """An account that was closed meanwhile stays closed."""
    services, guardian = family
    queue_letter(services, guardian, ZOE)
    account = account_of(services, guardian)
    with services.transaction() as session:
        session.execute(
            update(Account).where(Account.id == account.id).values(state=AccountState.CLOSED)
        )

    deliver(services, always("rcpt", "550 5.1.1 gone"))

    assert account_of(services, guardian).state is AccountState.CLOSED


def test_a_letter_that_is_over_never_leaves(family: tuple[Services, int]) -> None:
    """Superseded, or past its last day though no cron has ended it: cancelled, wiped."""
    services, guardian = family
    first = queue_letter(services, guardian, ZOE)
    with services.transaction() as session:
        session.execute(update(Letter).values(ended_at=NOW, end=LetterEnd.SUPERSEDED))
    second = queue_letter(services, guardian, ZOE)

    done, got = deliver(services, welcome)
    assert counts(done) == (1, 0, 0, 1)
    assert got == [ZOE]
    message = message_of(services, first)
    assert (message.state, message.sealed) == (MessageState.CANCELLED, None)
    assert message_of(services, second).state is MessageState.SENT

    with services.transaction() as session:
        session.execute(update(Letter).values(ended_at=NOW, end=LetterEnd.SUPERSEDED))
    queue_letter(services, guardian, ZOE)
    # The last day, 23 February, is over in Paris.
    done, got = deliver(services, welcome, NOW + timedelta(days=92, hours=6))
    assert (counts(done), got) == ((0, 0, 0, 1), [])


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.REGROUPED])
def test_what_was_in_hand_when_its_account_ended_never_leaves(
    family: tuple[Services, int], state: AccountState
) -> None:
    """Deferred by the server, it waits again: it is cancelled and wiped, not sent."""
    services, guardian = family
    account = account_of(services, guardian)
    message_id = queue(services, ZOE, account_id=account.id)
    deliver(services, always("rcpt", "450 4.2.0 later"))
    with services.transaction() as session:
        session.execute(update(Account).where(Account.id == account.id).values(state=state))

    assert foresee_delivery(smtp_room(services, 1, later(minutes=2))).cancelled == 1
    done, got = deliver(services, welcome, later(minutes=2))

    assert (counts(done), got) == ((0, 0, 0, 1), [])
    message = message_of(services, message_id)
    assert (message.state, message.error) == (MessageState.CANCELLED, "account_over")
    assert ['"account_over"' in one for one in told(services, TrailKind.MESSAGE_CANCELLED)] == [
        True
    ]
    assert message.sealed is None


def test_a_message_that_kills_its_workers_is_given_up(sqlite_services: Services) -> None:
    """Nine died of it: the tenth leaves it alone, and it may have left."""
    message_id = queue(sqlite_services, ZOE)
    with sqlite_services.transaction() as session:
        session.execute(update(Message).values(attempts=len(DELAYS)))
    with dead_worker(sqlite_services, message_id):
        done, got = deliver(sqlite_services, welcome, NOW + LEASE)

    assert (counts(done), got) == ((0, 0, 1, 0), [])
    assert message_of(sqlite_services, message_id).error == "too_often"
    assert message_of(sqlite_services, message_id).maybe_double


def test_an_overdue_code_is_wiped_though_no_sms_can_leave(sqlite_services: Services) -> None:
    """A code that nobody can use any more is not kept; one without an end is not taken."""
    message_id = queue(sqlite_services, "+33612345678", MessageKind.ACTIVATION_CODE)
    room: MailRoom = replace(smtp_room(sqlite_services, 1, later(hours=1)), sms=None)

    done = deliver_messages(room)

    assert counts(done) == (0, 0, 1, 0)
    message = message_of(sqlite_services, message_id)
    assert (message.error, message.sealed) == ("too_late", None)
    with pytest.raises(ValueError, match="SMS"):
        queue(sqlite_services, "+33612345678", MessageKind.ACTIVATION_CODE, not_after=None)


def test_after_its_hour_a_message_never_leaves(sqlite_services: Services) -> None:
    """What it says would be wrong by then."""
    message_id = queue(sqlite_services, ZOE, not_after=later(minutes=30))

    done, got = deliver(sqlite_services, welcome, later(minutes=30))

    assert (counts(done), got) == ((0, 0, 1, 0), [])
    assert message_of(sqlite_services, message_id).error == "too_late"


def test_a_server_that_is_away_costs_no_attempt(sqlite_services: Services) -> None:
    """Every message waits as it was; when the server is back they leave."""
    ids = [queue(sqlite_services, f"p{n}@exemple.fr") for n in range(3)]

    done = deliver_messages(smtp_room(sqlite_services, free_port()))

    assert done.stopped_by is not None
    assert (counts(done), done.waiting) == ((0, 0, 0, 0), 3)
    assert {message_of(sqlite_services, one).attempts for one in ids} == {0}
    assert deliver(sqlite_services, welcome)[0].sent == 3


def test_a_server_that_goes_away_half_way_costs_no_attempt(sqlite_services: Services) -> None:
    """The connection breaks, no other can be had: the mail in hand goes back, untried."""
    for n in range(3):
        queue(sqlite_services, f"p{n}@exemple.fr")
    served = iter([None])

    def plan(step: str, _to: str) -> str | None:
        if step == "mail":
            return next(served, DROP)
        return DROP if step == "connect" and server.taken else None

    with mail_server(plan) as server:
        done = deliver_messages(smtp_room(sqlite_services, server.port))

    assert (done.sent, done.waiting) == (1, 2)
    assert done.stopped_by is not None
    waiting = [one for one in all_messages(sqlite_services) if one.ended_at is None]
    assert [(one.state, one.attempts) for one in waiting] == [(MessageState.WAITING, 0)] * 2


def test_a_dead_worker_loses_nothing(services: Services) -> None:
    """After the lease its mail is taken over, sent, and marked as possibly double."""
    message_id = queue(services, ZOE)
    with dead_worker(services, message_id):
        assert deliver(services, welcome, NOW + LEASE - timedelta(seconds=1))[1] == []
        done, got = deliver(services, welcome, NOW + LEASE)

    assert (counts(done), got) == ((1, 0, 0, 0), [ZOE])
    assert done.maybe_double == 1


def test_the_portal_takes_nothing_from_dead_hands(sqlite_services: Services) -> None:
    """`only_ids`: its own, fresh ones; the rest is for the night's run."""
    mine, other, dead = (queue(sqlite_services, f"p{n}@exemple.fr") for n in range(3))
    with dead_worker(sqlite_services, dead), mail_server() as server:
        room = smtp_room(sqlite_services, server.port, NOW + LEASE)
        done = deliver_messages(room, only_ids=[mine, dead])

    assert server.recipients() == ["p0@exemple.fr"]
    assert done.waiting == 2
    assert message_of(sqlite_services, other).state is MessageState.WAITING


def test_a_worker_that_comes_back_changes_nothing(services: Services) -> None:
    """Slow, not dead: its outcome is no longer wanted, the other's stands."""
    message_id = queue(services, ZOE)

    class Slow:
        """A server that another run overtakes."""

        @contextmanager
        def connect(self) -> "Iterator[Slow]":
            """Give itself."""
            yield self

        def open(self) -> None:
            """Do nothing."""

        def send(self, *_: object) -> Outcome:
            """Let the other run send it first."""
            assert deliver(services, welcome, NOW + LEASE)[0].sent == 1
            return Outcome(Fate.REFUSED, "smtp.550.5.1.1")

    room = replace(smtp_room(services, 1), mails=Slow())
    done = deliver_messages(room)

    assert counts(done) == (0, 0, 0, 0)
    assert message_of(services, message_id).state is MessageState.SENT


class Telephones:
    """An SMS gateway that notes what it is given, and answers as told."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.given: list[tuple[str, str]] = []

    def send(self, to: str, text: str, _reference: str) -> Outcome:
        """Take an SMS."""
        self.given.append((to, text))
        return self.outcome


@pytest.mark.parametrize("fate", [Fate.UNKNOWN, Fate.SENT, Fate.REFUSED])
def test_a_code_is_never_sent_twice(sqlite_services: Services, fate: Fate) -> None:
    """It may have left, or it did: not again, whatever comes."""
    queue(sqlite_services, "+33612345678", MessageKind.ACTIVATION_CODE)
    telephones = Telephones(Outcome(fate))
    for minutes in (0, 20, 2000):
        room = replace(smtp_room(sqlite_services, 1, later(minutes=minutes)), sms=telephones)
        deliver_messages(room)

    assert len(telephones.given) == 1
    assert "482915" in telephones.given[0][1]


def test_the_code_of_a_dead_worker_is_given_up(sqlite_services: Services) -> None:
    """It may have left: the parent asks for another."""
    message_id = queue(sqlite_services, "+33612345678", MessageKind.ACTIVATION_CODE)
    telephones = Telephones(Outcome(Fate.SENT))
    with dead_worker(sqlite_services, message_id):
        done = deliver_messages(replace(smtp_room(sqlite_services, 1, NOW + LEASE), sms=telephones))

    assert (counts(done), telephones.given) == ((0, 0, 1, 0), [])
    assert message_of(sqlite_services, message_id).error == "worker_died"
    assert message_of(sqlite_services, message_id).sealed is None


def test_a_code_leaves_though_mails_can_not(sqlite_services: Services) -> None:
    """It is good for thirty minutes; the mail server may take longer."""
    queue(sqlite_services, ZOE)
    queue(sqlite_services, "+33612345678", MessageKind.ACTIVATION_CODE)
    telephones = Telephones(Outcome(Fate.SENT))

    done = deliver_messages(replace(smtp_room(sqlite_services, free_port()), sms=telephones))

    assert (done.sent, done.waiting) == (1, 1)
    assert done.stopped_by is not None


def test_what_can_not_be_opened_or_set_stops_nobody(
    sqlite_services: Services, tmp_path: Path
) -> None:
    """Tampered with, for a bad address, in a broken template: the others leave."""
    tampered = queue(sqlite_services, ZOE)
    queue(sqlite_services, "nobody\r\nRCPT TO:<all@exemple.fr>")
    broken = queue(sqlite_services, ZOE, MessageKind.CHILD_ADDED)
    queue(sqlite_services, "leo@exemple.fr")
    with sqlite_services.transaction() as session:
        session.execute(update(Message).where(Message.id == tampered).values(sealed=b"k1:rubbish"))
    (tmp_path / "mail" / "child_added").mkdir(parents=True)
    (tmp_path / "mail" / "child_added" / "text.j2").write_text("{{ nom }}", encoding="utf-8")
    other = replace(sqlite_services, settings=sqlite_services.settings.model_copy(
        update={"templates_dir": tmp_path}))  # fmt: skip

    done, got = deliver(other, welcome)

    assert got == ["leo@exemple.fr"]
    assert counts(done) == (1, 1, 2, 0)
    assert [one.error for one in done.troubles] == ["unreadable", "bad_address", "template"]
    assert message_of(sqlite_services, broken).state is MessageState.WAITING
    # Mended: it leaves.
    assert deliver(sqlite_services, welcome, later(hours=1))[1] == [ZOE]


def test_a_message_whose_key_is_missing_waits_for_it(family: tuple[Services, int]) -> None:
    """An older copy of the key file: untried, the letter good, the others leave; then it leaves."""
    services, guardian = family
    letter, other = queue_letter(services, guardian, ZOE), queue(services, "leo@exemple.fr")
    newer = message_of(services, letter).sealed
    assert newer is not None
    with services.transaction() as session:
        sealed = b"k2" + newer.removeprefix(b"k1")
        session.execute(update(Message).where(Message.id == letter).values(sealed=sealed))

    foreseen = foresee_delivery(smtp_room(services, 1))
    done, got = deliver(services, welcome)

    assert (foreseen.to_send, foreseen.troubles) == (1, [(letter, "missing_key")])
    assert got == ["leo@exemple.fr"]
    assert isinstance(done.stopped_by, MissingMessageKey)
    assert done.stopped_by.path == services.keyring.path
    assert (counts(done), done.waiting) == ((1, 0, 0, 0), 1)
    message = message_of(services, letter)
    assert (message.state, message.attempts, message.sealed) == (MessageState.WAITING, 0, sealed)
    assert only_letter(services).ended_at is None
    assert message_of(services, other).state is MessageState.SENT
    with services.transaction() as session:
        session.execute(update(Message).where(Message.id == letter).values(sealed=newer))
    assert deliver(services, welcome)[1] == [ZOE]


@pytest.mark.parametrize("sealed", [b"", b"rubbish", b"k1:", b"k1:rubbish", b"\xff:rubbish"])
def test_a_broken_seal_never_leaves(sqlite_services: Services, sealed: bytes) -> None:
    """No key would open it: it has failed, at once."""
    message_id = queue(sqlite_services, ZOE)
    with sqlite_services.transaction() as session:
        session.execute(update(Message).values(sealed=sealed))

    done, got = deliver(sqlite_services, welcome)

    assert (counts(done), got, done.stopped_by) == ((0, 0, 1, 0), [], None)
    assert message_of(sqlite_services, message_id).error == "unreadable"


def test_a_broken_template_never_costs_a_letter(
    family: tuple[Services, int], tmp_path: Path
) -> None:
    """However long it takes to be mended: untried, the letter good; then it leaves."""
    services, guardian = family
    message_id = queue_letter(services, guardian, ZOE)
    (tmp_path / "mail" / "letter").mkdir(parents=True)
    (tmp_path / "mail" / "letter" / "text.j2").write_text("{{ nom }}", encoding="utf-8")
    broken = replace(services, settings=services.settings.model_copy(
        update={"templates_dir": tmp_path}))  # fmt: skip

    now = NOW
    for _ in range(len(DELAYS) + 2):
        assert counts(deliver(broken, welcome, now)[0]) == (0, 1, 0, 0)
        message = message_of(services, message_id)
        assert (message.attempts, message.due_at) == (0, now + UNTIL_MENDED)
        now += UNTIL_MENDED

    assert only_letter(services).ended_at is None
    assert deliver(services, welcome, now)[1] == [ZOE]


def test_an_address_that_bounces_is_marked_until_a_mail_arrives(
    family: tuple[Services, int],
) -> None:
    """Only the account's own, only for 5.1.x; a later success clears it."""
    services, guardian = family
    account = account_of(services, guardian)
    with services.transaction() as session:
        session.execute(update(Account).where(Account.id == account.id).values(email=ZOE))

    def try_with(reply: str | None, to: str = ZOE) -> datetime | None:
        queue(services, to, account_id=account.id)
        deliver(services, always("rcpt", reply) if reply else welcome)
        return account_of(services, guardian).email_bounced_at

    assert try_with("550 5.1.1 unknown", to="other@exemple.fr") is None
    assert try_with("552 5.2.2 full") is None
    assert try_with("550 5.1.1 unknown", to="ZOE@exemple.fr") == NOW
    assert try_with("451 4.0.0 later") == NOW
    assert try_with(None) is None


def test_two_at_once_never_send_the_same(services: Services) -> None:
    """Without the lock even: a message is claimed by one changed row."""
    for n in range(40):
        queue(services, f"p{n}@exemple.fr")
    start = Barrier(3)
    done: list[Delivered] = []

    def work(port: int) -> None:
        start.wait()
        done.append(deliver_messages(smtp_room(services, port)))

    with mail_server() as server:
        workers = [Thread(target=work, args=(server.port,)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert sorted(server.recipients()) == sorted(f"p{n}@exemple.fr" for n in range(40))
    assert sum(one.sent for one in done) == 40
    assert not any(one.maybe_double for one in all_messages(services))


def test_a_second_run_leaves_the_first_alone(services: Services) -> None:
    """It is told that another one is at it."""
    queue(services, ZOE)
    with mail_server() as server:
        room = smtp_room(services, server.port)
        with services.lock(MAIL_LOCK) as held:
            assert held
            assert deliver_outbox(room) is None
        assert server.recipients() == []
        done = deliver_outbox(room)
    assert done is not None
    assert done.sent == 1


def test_a_dry_run_sends_and_writes_nothing(family: tuple[Services, int], tmp_path: Path) -> None:
    """It judges and composes all the same."""
    services, guardian = family
    queue_letter(services, guardian, ZOE)
    late = queue(services, ZOE, not_after=NOW)
    before = [(one.state, one.attempts, one.sealed) for one in all_messages(services)]

    foreseen = foresee_delivery(smtp_room(services, 1))

    assert (foreseen.to_send, foreseen.cancelled, foreseen.waiting) == (1, 0, 2)
    assert foreseen.troubles == [(late, "too_late")]
    assert [(one.state, one.attempts, one.sealed) for one in all_messages(services)] == before


def test_no_secret_is_left_in_the_database(sqlite_services: Services) -> None:
    """Neither in its pages nor in its journal, before as after."""
    services = sqlite_services
    fill_with_accounts(services)
    with services.reading() as session:
        guardians = session.scalars(select(Guardian.id)).all()
    for guardian in guardians:
        queue_letter(services, guardian, "secret-address@exemple.fr")
    sealed = [one.sealed for one in all_messages(services)]

    def on_disk() -> bytes:
        path = Path(str(services.engine.url.database))
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*")
                        if file.is_file())  # fmt: skip

    assert all(one in on_disk() for one in sealed if one)
    assert PASSWORD.encode() not in on_disk()
    deliver(services, always("rcpt", "550 5.1.1 <secret-address@exemple.fr> unknown"))

    assert PASSWORD.encode() not in on_disk()
    assert b"secret-address" not in on_disk()
    with services.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM messages WHERE sealed IS NULL")) == len(
            guardians
        )


def test_a_room_without_sms_leaves_them_waiting(sqlite_services: Services) -> None:
    """PostgreSQL with a mail server, no gateway for SMS yet."""
    queue(sqlite_services, "+33612345678", MessageKind.ACTIVATION_CODE)
    room: MailRoom = replace(smtp_room(sqlite_services, 1), sms=None)

    done = deliver_messages(room)

    assert (counts(done), done.waiting) == ((0, 0, 0, 0), 1)


def test_one_changed_row_is_what_a_claim_is(sqlite_services: Services) -> None:
    """Two who saw the same message: one has it, and only that one may say what became of it."""
    message_id = queue(sqlite_services, ZOE)
    with sqlite_services.transaction() as session:
        seen = look_at_message(session, message_id, NOW, NOW - LEASE)
        assert seen is not None
        assert claim_message(session, seen, "first", NOW)
        assert not claim_message(session, seen, "second", NOW)
        assert not settle_message(session, message_id, "second", state=MessageState.SENT)
        assert settle_message(session, message_id, "first", state=MessageState.SENT)
        assert not settle_message(session, message_id, "first", state=MessageState.FAILED)


def test_what_was_tried_or_taken_over_meanwhile_is_not_claimed(sqlite_services: Services) -> None:
    """Seen before another's attempt: it may have left since, which the snapshot does not know."""
    message_id = queue(sqlite_services, ZOE)
    with sqlite_services.transaction() as session:
        fresh = look_at_message(session, message_id, NOW, NOW - LEASE)
        assert fresh is not None
        assert claim_message(session, fresh, "first", NOW)
        dead = look_at_message(session, message_id, NOW + LEASE, NOW)
        assert dead is not None
        assert dead.taken_over
        assert claim_message(session, dead, "second", NOW + LEASE)
        assert not claim_message(session, dead, "third", NOW + LEASE)
        assert settle_message(
            session, message_id, "second", state=MessageState.WAITING, maybe_double=True
        )
        assert not claim_message(session, fresh, "fourth", NOW + LEASE)
