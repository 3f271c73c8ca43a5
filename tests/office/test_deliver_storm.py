"""A thousand mails through bad weather, and workers killed at any instant: none is lost.

Rules: R-5, R-13, R-14; "at least once" is counted at the server, not in our own tables.
"""

import os
import random  # noqa: TID251 - seeded, the same storm every time
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import event, func, select

from educonnect_admin.domain.messages import Message, MessageKind, MessageState
from educonnect_admin.domain.trail import OFFICE_CHAIN, TrailEntry, TrailKind
from educonnect_admin.edge import Services, clock
from educonnect_admin.office.deliver_messages import deliver_messages
from educonnect_admin.office.mailing.mail_room import LEASE
from educonnect_admin.queries.outbox import Outgoing, put_in_outbox
from educonnect_admin.queries.trail_check import first_broken_entry
from tests.conftest import NOW
from tests.support.outbox import SENDER, VALUES, all_messages, smtp_room
from tests.support.smtp import DROP, MailServer, Plan, mail_server

THOUSAND = 1000


def queue_many(services: Services, number: int, now: datetime) -> None:
    """Put so many reminders in the outbox, each to an address of its own."""
    with services.transaction() as session:
        for n in range(number):
            outgoing = Outgoing(
                kind=MessageKind.REMINDER,
                to=f"p{n}@exemple.fr",
                values=VALUES[MessageKind.REMINDER],
            )
            put_in_outbox(session, services.postbox, outgoing, now)


def hurry(services: Services) -> None:
    """Let SQLite trust the disk: nothing is killed here, and three thousand commits wait."""
    event.listen(services.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    services.engine.dispose()


def bad_weather(seed: int) -> Plan:
    """Return a plan of refusals, delays and broken connections, the same for a seed."""
    dice = random.Random(seed)
    storms = {
        "connect": [(0.05, DROP)],
        "mail": [(0.02, "451 4.3.0 later"), (0.02, DROP)],
        "rcpt": [(0.05, "550 5.1.1 unknown"), (0.15, "450 4.2.0 later"), (0.03, DROP)],
        "data": [(0.02, "554 5.7.1 spam"), (0.05, "452 4.3.1 full"), (0.05, DROP)],
        "answer": [(0.06, DROP)],
    }

    def plan(step: str, _to: str) -> str | None:
        drawn = dice.random()
        for share, reply in storms[step]:
            if drawn < share:
                return reply
            drawn -= share
        return None

    return plan


def times_taken(server: MailServer) -> Counter[str]:
    """Return how often the server took each message, by its Message-ID."""
    ids = (str(message_from_bytes(content)["Message-ID"]) for _, content in server.taken)
    return Counter(one.strip("<>").partition("@")[0] for one in ids)


def assert_honest(services: Services, taken: Counter[str]) -> None:
    """What the tables say of each message is what the server saw."""
    for message in all_messages(services):
        times = taken[message.reference]
        assert message.sealed is None
        assert message.state in {MessageState.SENT, MessageState.FAILED}
        if not message.maybe_double:
            assert times == (1 if message.state is MessageState.SENT else 0)
        elif message.state is MessageState.SENT:
            assert times >= 1
        if times > 1:
            assert message.maybe_double


@pytest.mark.slow
def test_a_thousand_mails_through_bad_weather(sqlite_services: Services) -> None:
    """Each is delivered once, or reported as failed or possibly double; the trail agrees."""
    hurry(sqlite_services)
    queue_many(sqlite_services, THOUSAND, NOW)
    moment, reported = NOW, set[int]()
    sent = failed = runs = 0
    with mail_server(bad_weather(7)) as server:
        while True:
            done = deliver_messages(smtp_room(sqlite_services, server.port, moment))
            sent, failed, runs = sent + done.sent, failed + done.failed, runs + 1
            reported |= {one.message_id for one in done.troubles}
            if not done.waiting:
                break
            moment += timedelta(minutes=30) if runs < 10 else timedelta(hours=12)
            assert runs < 60

    taken = times_taken(server)
    messages = all_messages(sqlite_services)
    assert len(messages) == THOUSAND == sent + failed
    assert_honest(sqlite_services, taken)
    troubled = {one.id for one in messages if one.maybe_double or one.state is MessageState.FAILED}
    assert reported == troubled
    # The weather was bad: the test has seen all that it is about.
    assert failed > 30
    assert sum(times > 1 for times in taken.values()) > 20
    with sqlite_services.reading() as session:
        told = session.execute(
            select(TrailEntry.kind, func.count())
            .where(TrailEntry.kind.in_([TrailKind.MESSAGE_SENT, TrailKind.MESSAGE_FAILED]))
            .group_by(TrailEntry.kind)
        )
        assert dict(told.all()) == {
            TrailKind.MESSAGE_SENT: sent,
            TrailKind.MESSAGE_FAILED: failed,
        }
        pen = sqlite_services.author(NOW).pen
        assert first_broken_entry(session, pen, OFFICE_CHAIN) is None


def environment(services: Services, port: int) -> dict[str, str]:
    """Return what a process needs to work at this office."""
    settings = services.settings
    return {
        **os.environ,
        "EDUCONNECT_DATABASE_URL": settings.database_url,
        "EDUCONNECT_SECRET_KEY_FILE": str(settings.secret_key_file),
        "EDUCONNECT_HASHING": "cheap-for-tests",
        "EDUCONNECT_SMTP_HOST": "127.0.0.1",
        "EDUCONNECT_SMTP_PORT": str(port),
        "EDUCONNECT_SMTP_SECURITY": "none",
        "EDUCONNECT_MAIL_FROM": SENDER.address,
    }


def run_and_kill(services: Services, server: MailServer, wait: float) -> None:
    """Run `mail deliver` and kill it some time after it has sent something."""
    command = [sys.executable, "-m", "educonnect_admin", "mail", "deliver"]
    before = len(server.taken)
    with subprocess.Popen(
        command,
        env=environment(services, server.port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 20
        while len(server.taken) == before and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)


@pytest.mark.slow
def test_a_kill_loses_no_mail(services: Services) -> None:
    """Killed at random instants: none lost, each that was taken twice is marked so."""
    dice = random.Random(11)
    queue_many(services, 120, clock())

    def slow(step: str, _to: str) -> str | None:
        if step in {"data", "rcpt"}:
            time.sleep(0.002)
        return None

    with mail_server(slow) as server:
        for _ in range(6):
            run_and_kill(services, server, dice.random() * 0.05)
        left = [one for one in all_messages(services) if one.ended_at is None]
        in_hand = [one for one in left if one.state is MessageState.CLAIMED]
        assert left, "the kills came too late to prove anything"
        assert in_hand, "no kill met a message in hand"
        done = deliver_messages(smtp_room(services, server.port, clock() + LEASE))

    assert done.waiting == 0
    assert done.maybe_double == len(in_hand)
    assert len(server.recipients()) >= 120
    assert_honest(services, times_taken(server))
    assert {one.state for one in all_messages(services)} == {MessageState.SENT}
    with services.reading() as session:
        assert session.scalar(select(func.count(Message.id))) == 120
