"""Handing mails to a real server on loopback: encryption, refusals, broken connections."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from typing import Any, Literal

import pytest

from educonnect_admin.domain.mail_errors import MailUnavailable
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.gateways.mail import SmtpServer
from educonnect_admin.gateways.outcomes import SENT, Fate, Outcome, refuses_the_address
from educonnect_admin.gateways.smtp_access import (
    LAST_REPLY_SECONDS,
    TIMEOUT_SECONDS,
    SmtpAccess,
    Why,
)
from educonnect_admin.messages.press import MessagePress
from educonnect_admin.office.mailing.mail_room import LEASE
from tests.conftest import NOW
from tests.support.outbox import LETTER, SENDER
from tests.support.smtp import (
    DROP,
    PASSWORD,
    USER,
    Certificate,
    authenticator,
    free_port,
    mail_server,
    make_certificate,
)

PRESS = MessagePress(None)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate of this machine."""
    return make_certificate(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    """The file of the password, with the line end that editors leave."""
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n", encoding="ascii")
    return path


def mail(to: str = "zoe@exemple.fr", reference: str = "ab" * 16) -> EmailMessage:
    """Return a mail to somebody."""
    return PRESS.mail(
        MessageKind.LETTER, to, LETTER, reference=reference, created_at=NOW, sender=SENDER
    )


def access(port: int, security: Literal["starttls", "tls", "none"] = "none", **more: Any) -> Any:
    """Return the way to a server on loopback."""
    return SmtpAccess(host="127.0.0.1", port=port, security=security, timeout=5, **more)


def send(way: SmtpAccess, *recipients: str) -> list[Outcome]:
    """Send one mail to each, over one line."""
    with SmtpServer(way).connect() as line:
        return [line.send(mail(to), SENDER.address, to) for to in recipients]


def plans(**replies: str) -> Any:
    """Return a plan that answers always the same at some steps."""
    return lambda step, _to: replies.get(step)


def once(step_wanted: str, reply: str) -> Any:
    """Return a plan that answers so at the first such step, then accepts all."""
    left: Iterator[str] = iter([reply])
    return lambda step, _to: next(left, None) if step == step_wanted else None


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_leaves_encrypted_and_logged_in(
    security: Literal["starttls", "tls"], certificate: Certificate, password_file: Path
) -> None:
    """STARTTLS and implicit TLS, certificate checked, user and password from a file."""
    options: dict[str, Any] = {"tls_context": certificate.context, "auth_required": True}
    if security == "tls":
        # The library does not see what wraps its connections.
        options = {"ssl_context": certificate.context, "auth_require_tls": False}
    options["authenticator"] = authenticator
    with mail_server(**options) as server:
        way = access(
            server.port, security, user=USER, password_file=password_file, ca_file=certificate.path
        )
        assert send(way, "zoe@exemple.fr") == [SENT]

    assert server.recipients() == ["zoe@exemple.fr"]
    assert server.options == [["BODY=8BITMIME"]]


def test_one_connection_carries_many_mails() -> None:
    """A connection for each of a thousand mails would look like an attack."""
    with mail_server() as server:
        assert send(access(server.port), *[f"p{n}@exemple.fr" for n in range(20)]) == [SENT] * 20

    assert server.connections == 1
    assert len(server.taken) == 20


def _trouble(way: SmtpAccess) -> str:
    with pytest.raises(MailUnavailable) as trouble:
        send(way, "zoe@exemple.fr")
    assert trouble.value.host == "127.0.0.1"
    return str(trouble.value.why)


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Certificate) -> None:
    """Neither an unknown authority nor another machine's name gets a password."""
    with mail_server(tls_context=certificate.context) as server:
        assert _trouble(access(server.port, "starttls")) == Why.CERTIFICATE
    assert server.taken == []


def test_the_certificate_of_another_machine_is_refused(tmp_path: Path) -> None:
    """Its authority is known, its name is not that of the server."""
    other = make_certificate(tmp_path, name="mail.autre.exemple")
    with mail_server(tls_context=other.context) as server:
        way = access(server.port, "starttls", ca_file=other.path)
        assert _trouble(way) == Why.CERTIFICATE


def test_a_server_without_encryption_gets_nothing() -> None:
    """STARTTLS left out of the greeting (by an attacker, maybe) stops everything."""
    with mail_server() as server:
        assert _trouble(access(server.port, "starttls")) == Why.NO_TLS
        assert _trouble(access(server.port, "tls")) == Why.TLS
    assert server.taken == []


def test_a_wrong_password_is_told_apart(certificate: Certificate, tmp_path: Path) -> None:
    """And so are a missing file, an empty one, and a server that asks for none."""
    wrong, empty = tmp_path / "wrong", tmp_path / "empty"
    wrong.write_text("pas-celui-la", encoding="ascii")
    empty.write_text("\n", encoding="ascii")
    with mail_server(tls_context=certificate.context, authenticator=authenticator) as server:
        for path, why in (
            (wrong, Why.CREDENTIALS),
            (empty, Why.PASSWORD_FILE),
            (tmp_path / "missing", Why.PASSWORD_FILE),
        ):
            login = {"user": USER, "password_file": path, "ca_file": certificate.path}
            assert _trouble(access(server.port, "starttls", **login)) == why
    with mail_server() as server:
        assert _trouble(access(server.port, user=USER, password_file=wrong)) == Why.NO_AUTH


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """No such port, no such name, no such authority."""
    assert _trouble(access(free_port())) == Why.CLOSED
    assert _trouble(access(free_port(), "starttls", ca_file=tmp_path / "no")) == Why.CA_FILE
    with pytest.raises(MailUnavailable) as trouble:
        send(SmtpAccess(host="mail..exemple.fr", port=25, security="none"), "zoe@exemple.fr")
    assert trouble.value.why == Why.HOST


def test_a_user_with_accents_is_a_wrong_login(certificate: Certificate) -> None:
    """No server is asked; nothing ends in a traceback."""
    with mail_server(tls_context=certificate.context, authenticator=authenticator) as server:
        login = {"user": "zoé", "password_file": certificate.path, "ca_file": certificate.path}
        assert _trouble(access(server.port, "starttls", **login)) == Why.CREDENTIALS


def test_a_refusal_of_policy_waits() -> None:
    """«Relay denied» speaks of us, not of the address: no letter is given up for it."""
    with mail_server(plans(rcpt="554 5.7.1 Relay access denied")) as server:
        outcomes = send(access(server.port), "zoe@exemple.fr")

    assert outcomes == [Outcome(Fate.DEFERRED, "smtp.554.5.7.1")]


def test_a_sender_that_is_refused_stops_everything() -> None:
    """It is not this mail's fault: every other letter would be given up for it."""
    with mail_server(plans(mail="550 5.7.1 not you")) as server:
        assert _trouble(access(server.port)) == Why.SENDER


@pytest.mark.parametrize(
    ("step", "reply", "expected"),
    [
        ("rcpt", "550 5.1.1 <zoe@exemple.fr> unknown", Outcome(Fate.REFUSED, "smtp.550.5.1.1")),
        ("rcpt", "550 no such zoe@exemple.fr", Outcome(Fate.REFUSED, "smtp.550")),
        ("rcpt", "450 4.2.0 greylisted", Outcome(Fate.DEFERRED, "smtp.450.4.2.0")),
        ("mail", "451 4.3.0 later", Outcome(Fate.DEFERRED, "smtp.451.4.3.0")),
        ("data", "554 5.7.1 spam", Outcome(Fate.REFUSED, "smtp.554.5.7.1")),
        ("data", "452 4.3.1 disk full", Outcome(Fate.DEFERRED, "smtp.452.4.3.1")),
        ("rcpt", "421 4.3.2 closing", Outcome(Fate.DEFERRED, "smtp.421.4.3.2")),
        ("rcpt", DROP, Outcome(Fate.DEFERRED, "connection_lost")),
        ("mail", DROP, Outcome(Fate.DEFERRED, "connection_lost")),
        ("rcpt", "what is this", Outcome(Fate.DEFERRED, "bad_reply")),
        ("data", DROP, Outcome(Fate.UNKNOWN, "connection_lost")),
        ("answer", DROP, Outcome(Fate.UNKNOWN, "connection_lost")),
    ],
)
def test_each_ending_has_its_code(step: str, reply: str, expected: Outcome) -> None:
    """Numbers only: the words of a server quote addresses. The next mail leaves all the same."""
    with mail_server(once(step, reply)) as server:
        assert send(access(server.port), "zoe@exemple.fr", "leo@exemple.fr") == [expected, SENT]

    assert server.recipients()[-1] == "leo@exemple.fr"


def slow(at: str, seconds: float) -> Any:
    """Return a plan that accepts all, slowly at one step."""
    return lambda step, _to: time.sleep(seconds) if step == at else None


def test_the_last_answer_may_take_longer_than_the_others() -> None:
    """A server that checks a mail at length has it once; one that dawdles elsewhere is gone."""
    with mail_server(slow("answer", 0.5)) as server:
        way = replace(access(server.port), timeout=0.2, last_reply_timeout=5)
        assert send(way, "zoe@exemple.fr", "leo@exemple.fr") == [SENT, SENT]
    assert len(server.taken) == 2
    with mail_server(slow("rcpt", 0.5)) as server:
        way = replace(access(server.port), timeout=0.2, last_reply_timeout=5)
        assert send(way, "zoe@exemple.fr") == [Outcome(Fate.DEFERRED, "connection_lost")]
    with mail_server(slow("answer", 0.5)) as server:
        way = replace(access(server.port), timeout=5, last_reply_timeout=0.2)
        assert send(way, "zoe@exemple.fr") == [Outcome(Fate.UNKNOWN, "connection_lost")]


def test_after_a_slow_answer_the_next_mail_waits_no_longer_than_usual() -> None:
    """The long wait is for the whole mail only."""
    asked_again = iter([False, True])
    given_up = Event()

    def plan(step: str, _to: str) -> None:
        if step == "rcpt" and next(asked_again, False):
            given_up.wait(30)

    with mail_server(plan) as server:
        way = replace(access(server.port), timeout=0.2, last_reply_timeout=5)
        with pytest.raises(MailUnavailable) as trouble:
            send(way, "zoe@exemple.fr", "leo@exemple.fr")
        given_up.set()

    # Taken for a connection lost while idle, and the server still sleeps.
    assert trouble.value.why == Why.TIMEOUT
    assert server.recipients() == ["zoe@exemple.fr"]


def test_a_lease_outlives_the_slowest_server() -> None:
    """Else a worker that only waits would be taken for dead, and its mail sent twice."""
    every_answer = 3 * 10 * TIMEOUT_SECONDS
    assert timedelta(seconds=every_answer + LAST_REPLY_SECONDS) < LEASE


def test_a_connection_closed_while_idle_is_opened_again() -> None:
    """Nothing had been said of the mail: it is no failed attempt of it."""
    dropped = iter([None, DROP])
    with mail_server(lambda step, _: next(dropped, None) if step == "mail" else None) as server:
        assert send(access(server.port), "zoe@exemple.fr", "leo@exemple.fr") == [SENT, SENT]

    assert server.connections == 2


def test_a_server_that_hangs_up_at_the_door_is_tried_again() -> None:
    """Three times at once; then it is not there."""
    with mail_server(once("connect", DROP)) as server:
        assert send(access(server.port), "zoe@exemple.fr") == [SENT]
    with mail_server(plans(connect=DROP)) as server:
        assert _trouble(access(server.port)) == Why.CLOSED
    assert server.connections == 3


def test_an_address_with_accents_needs_a_server_that_knows_them() -> None:
    """SMTPUTF8 where it is offered; else it is refused, never mangled."""
    with mail_server() as server:
        assert send(access(server.port), "zoé@exemple.fr") == [SENT]
    ((to, content),) = server.taken
    assert to == "zoé@exemple.fr"
    assert "To: zoé@exemple.fr".encode() in content
    assert server.options == [["BODY=8BITMIME", "SMTPUTF8"]]

    with mail_server(enable_SMTPUTF8=False) as server:
        outcomes = send(access(server.port), "zoé@exemple.fr", "leo@exemple.fr")
    assert outcomes == [Outcome(Fate.REFUSED, "no_smtputf8"), SENT]


def test_what_arrives_is_what_was_sent() -> None:
    """Lines of a dot alone, too: they would end the mail half-way."""
    message = mail()
    message.clear_content()
    message.set_content(".\r\n..\r\nfin", cte="7bit")
    with mail_server() as server, SmtpServer(access(server.port)).connect() as line:
        line.send(message, SENDER.address, "zoe@exemple.fr")

    ((_, content),) = server.taken
    assert content == message.as_bytes()
    assert message_from_bytes(content).get_payload() == ".\r\n..\r\nfin\r\n"


def test_refusals_of_an_address_are_told_from_others() -> None:
    """5.1.1 is the recipient's address; 5.1.8 the sender's, 5.7.1 a policy, 5.2.2 a full box."""
    codes = ["smtp.550.5.1.1", "smtp.553.5.1.3", "smtp.550.5.1.10"]
    assert all(refuses_the_address(code) for code in codes)
    others = ["smtp.550.5.1.8", "smtp.554.5.7.1", "smtp.552.5.2.2", "smtp.550", None, "too_late"]
    assert not any(refuses_the_address(code) for code in others)


def test_the_way_to_the_server_does_not_tell_the_user() -> None:
    """A repr ends in logs."""
    assert USER not in repr(access(25, user=USER))
