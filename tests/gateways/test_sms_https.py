"""An SMS gateway by HTTPS: what is said to it, and what its answers mean (R-32)."""

import json
import logging
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from educonnect_admin.domain.mail_errors import SmsUnavailable
from educonnect_admin.domain.sms_body import check_body, filled_form, filled_json
from educonnect_admin.gateways.outcomes import SENT, Fate, Outcome
from educonnect_admin.gateways.sms_https import HttpsSms
from tests.support.sms import HANG_UP, SmsServer, sms_server
from tests.support.smtp import free_port, make_certificate

TO, TEXT, REFERENCE = "+33612345678", 'Code "482915" & à ? = #é\n@portail #482915', "ab" * 16
AS_JSON = '{"from":"{sender}","messages":[{"to":"{digits}","body":"{text}","id":"{reference}"}]}'
AS_FORM = "phone={to}&message={text}&ref={reference}"


@pytest.fixture
def server() -> Iterator[SmsServer]:
    """A gateway on this machine."""
    with sms_server() as running:
        yield running


def gateway(server: SmsServer, **changes: Any) -> HttpsSms:
    """Return what speaks to it."""
    facts = {"url": f"{server.url}/send", "method": "POST", "body": AS_JSON, **changes}
    return HttpsSms(**facts)


def secrets(
    tmp_path: Path, text: str = "Authorization: Bearer s3cret\n", mode: int = 0o600
) -> Path:
    """Write the file of secret headers."""
    path = tmp_path / "headers"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_json_arrives_as_it_was_meant(server: SmsServer, tmp_path: Path) -> None:
    """Quotes and line breaks of the text break nothing; the secret is a header."""
    file = secrets(tmp_path)
    outcome = gateway(server, sender="EDUCONNECT", headers_file=file).send(TO, TEXT, REFERENCE)

    assert outcome == SENT
    (taken,) = server.taken
    assert (taken.method, taken.path) == ("POST", "/send")
    assert taken.json == {
        "from": "EDUCONNECT",
        "messages": [{"to": "33612345678", "body": TEXT, "id": REFERENCE}],
    }
    assert taken.headers["Authorization"] == "Bearer s3cret"
    assert taken.headers["Content-Type"] == "application/json"


def test_a_form_arrives_as_it_was_meant(server: SmsServer) -> None:
    """An ampersand begins no other field."""
    assert gateway(server, body=AS_FORM, method="PUT").send(TO, TEXT, REFERENCE) == SENT

    (taken,) = server.taken
    assert taken.method == "PUT"
    assert parse_qs(taken.body) == {"phone": [TO], "message": [TEXT], "ref": [REFERENCE]}
    assert taken.headers["Content-Type"].startswith("application/x-www-form-urlencoded")


@pytest.mark.parametrize("address", ["/send", "/send?account=12"])
def test_a_form_may_stand_in_the_address(server: SmsServer, address: str) -> None:
    """For gateways that know GET only."""
    gateway(server, url=server.url + address, body=AS_FORM, method="GET").send(TO, TEXT, REFERENCE)

    (taken,) = server.taken
    assert taken.body == ""
    query = parse_qs(urlsplit(taken.path).query)
    assert query.pop("account", ["12"]) == ["12"]
    assert query == {"phone": [TO], "message": [TEXT], "ref": [REFERENCE]}


@given(text=st.text(), to=st.text())
def test_no_text_can_change_the_shape_of_a_request(text: str, to: str) -> None:
    """Whatever signs it has: it is read back as it was, and nothing beside it."""
    values = {"to": to, "digits": to, "text": text, "sender": "", "reference": ""}

    (message,) = json.loads(filled_json(AS_JSON, values))["messages"]
    assert message == {"to": to, "body": text, "id": ""}
    if text.isprintable() and to.isprintable():
        read = parse_qs(filled_form(AS_FORM, values), keep_blank_values=True)
        assert read == {"phone": [to], "message": [text], "ref": [""]}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, SENT),
        (202, SENT),
        (400, Outcome(Fate.REFUSED, "http.400")),
        (422, Outcome(Fate.REFUSED, "http.422")),
        (429, Outcome(Fate.DEFERRED, "http.429")),
        (503, Outcome(Fate.DEFERRED, "http.503")),
        (500, Outcome(Fate.UNKNOWN, "http.500")),
        (502, Outcome(Fate.UNKNOWN, "http.502")),
        (504, Outcome(Fate.UNKNOWN, "http.504")),
    ],
)
def test_what_each_answer_means(server: SmsServer, status: int, outcome: Outcome) -> None:
    """What may have left is never sent again: at most once."""
    server.answer = lambda _taken: (status, "")

    assert gateway(server).send(TO, TEXT, REFERENCE) == outcome
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (401, "credentials"),
        (402, "credit"),
        (403, "credentials"),
        (404, "address"),
        (302, "address"),
    ],
)
def test_an_answer_about_our_settings_stops_them_all(
    server: SmsServer, status: int, why: str
) -> None:
    """Every other would be refused too: they wait. A redirection is not followed."""
    server.answer = lambda _taken: (status, "")

    with pytest.raises(SmsUnavailable) as refused:
        gateway(server).send(TO, TEXT, REFERENCE)
    assert (refused.value.host, refused.value.why) == ("127.0.0.1", why)
    assert len(server.taken) == 1


def test_a_gateway_that_hangs_up_may_have_sent_it(server: SmsServer) -> None:
    """After it had the request: nobody knows."""
    server.answer = lambda _taken: (HANG_UP, "")

    outcome = gateway(server).send(TO, TEXT, REFERENCE)
    assert outcome == Outcome(Fate.UNKNOWN, "sms_connection_lost")
    assert len(server.taken) == 1


def test_a_gateway_that_never_answers_may_have_sent_it(server: SmsServer) -> None:
    """Nobody waits for ever, nor tries again."""
    server.delay = 1.0

    outcome = gateway(server, answer_seconds=0.2).send(TO, TEXT, REFERENCE)
    assert outcome == Outcome(Fate.UNKNOWN, "sms_timeout")


def test_nothing_left_where_nobody_listens() -> None:
    """It waits for the gateway to come back, its attempt not used up."""
    away = HttpsSms(url=f"http://127.0.0.1:{free_port()}/", method="POST", body=AS_JSON)

    with pytest.raises(SmsUnavailable) as refused:
        away.send(TO, TEXT, REFERENCE)
    assert refused.value.why == "unreachable"


def test_the_certificate_is_checked(tmp_path: Path) -> None:
    """One that nobody vouches for gets no code; one of a known authority does."""
    certificate = make_certificate(tmp_path)
    with sms_server(certificate.context) as server:
        with pytest.raises(SmsUnavailable) as refused:
            gateway(server).send(TO, TEXT, REFERENCE)
        known = ssl.create_default_context(cafile=certificate.path)
        sent = gateway(server, context=known).send(TO, TEXT, REFERENCE)

    assert refused.value.why == "certificate"
    assert sent == SENT
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("Authorization: x", 0o644),
        ("", 0o600),
        ("no colon", 0o600),
        ("X-É: x", 0o600),
        ("A: b\x0bc", 0o600),
    ],
)
def test_a_bad_file_of_headers_is_found_before_anything_leaves(
    server: SmsServer, tmp_path: Path, text: str, mode: int
) -> None:
    """Also one that others may read."""
    with pytest.raises(SmsUnavailable) as refused:
        gateway(server, headers_file=secrets(tmp_path, text, mode)).send(TO, TEXT, REFERENCE)
    assert refused.value.why == "secrets_file"
    assert server.taken == []


def test_nothing_of_it_is_logged(server: SmsServer, caplog: pytest.LogCaptureFixture) -> None:
    """With GET the code stands in the address, which the library would tell (R-66)."""
    caplog.set_level(logging.INFO)
    sender = gateway(server, body=AS_FORM, method="GET")
    sender.send(TO, TEXT, REFERENCE)

    assert "482915" not in caplog.text
    assert "612345678" not in caplog.text
    assert server.url not in repr(sender)


@pytest.mark.parametrize(
    "body",
    [
        '{"to":"{to}","text":"{text}"',
        '{"to":"{to}"}',
        '{"text":"{text}"}',
        '{"to":"{to}","text":"{text}","x":"{mobile}"}',
        "to={to}&text",
        "just words",
    ],
)
def test_a_body_that_could_carry_no_code_is_refused(body: str) -> None:
    """Before the first parent needs it."""
    with pytest.raises(ValueError, match=r".*"):
        check_body(body)


@pytest.mark.parametrize(
    "body", [AS_JSON, AS_FORM, '[{"n":1,"to":"{to}","t":"c {text}","x":null}]']
)
def test_a_good_body_is_good(body: str) -> None:
    """JSON or a form; numbers and nothings stay what they are."""
    check_body(body)
