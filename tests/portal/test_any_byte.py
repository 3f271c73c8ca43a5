"""Whatever is sent to whatever page, logged in or not: no failure, no echo, no way out.

Every route of the portal, by GET and by POST; any bytes in every field, cookie, header, query
and part of the path.
"""

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office
from educonnect_admin.parents.coming_in import TOKEN_USE, begin_journey, come_in
from educonnect_admin.portal import seam
from educonnect_admin.portal.application import make_application, page_routes
from educonnect_admin.portal.cookies import DEVICE, VISIT
from educonnect_admin.queries.visits import recall, visitor_of
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.parents.portal_office import last_code
from tests.portal.browser import Browser
from tests.portal.holders import Holders
from tests.portal.wire import Raw, Wire
from tests.support.franceconnect import running_provider, with_franceconnect
from tests.support.house import PACKAGE
from tests.support.postgres import drop_database, new_database
from tests.support.schema import copy_file

EXAMPLES = int(os.environ.get("ANY_BYTE_EXAMPLES", "12"))
ROUTES = page_routes()
ASKED = [(page.path, "GET") for page in ROUTES] + [(page.path, "POST") for page in ROUTES]
"""Both for every page: what a page does not take must be refused, not fail."""

NASTY = [
    b'"><x-m onfocus=1>', b"'<x-m>", b"<x-m>", b"</title><x-m>", b"javascript:alert(1)<x-m>",
    b"{{7*7}}<x-m>", b"\r\nX-Injected: 1\r\n\r\n<x-m>", b"//evil.example/<x-m>", b"\x00<x-m>",
    b"https://evil.example/", b"/\\evil.example", b"%0d%0aX-Injected:1", b"\xed\xa0\x80\xff<x-m>",
    b"a" * 5_000, b"9" * 400, b"-1", b"1", b"2020", b"celine.dupont", b"celine@example.fr",
    b"06 12 34 56 78", b"\xe2\x80\xae<x-m>", b"\xc5\x93uvre", b"BZNZ57DM", b"tilleul7", b"",
]  # fmt: skip
TEXTS = st.sampled_from(NASTY) | st.binary(max_size=40) | st.tuples(
    st.binary(max_size=8), st.sampled_from(NASTY), st.binary(max_size=8)
).map(b"".join)  # fmt: skip


def _field_names() -> list[str]:
    """Return the names that the pages read, birth dates included."""
    folder = PACKAGE / "portal"
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    found = set(re.findall(r"(?:typed|secret)\(\s*\"(\w+)\"", code))
    dates = {f"{name}_{n}_{part}" for name in ("date", "naissance") for n in range(1, 4)
             for part in ("jour", "mois", "annee")}  # fmt: skip
    return sorted(found | dates | {"x", "<x-m>"})


FIELDS = _field_names()
QUERIES = ("code", "state", "error", "iss", "error_description", "suite", "v", "<x-m>")
HEADERS = (
    b"cookie", b"host", b"origin", b"referer", b"content-type", b"content-length", b"user-agent",
    b"accept-language", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"range",
    b"x-http-method-override", b"sec-fetch-site", b"if-none-match", b"transfer-encoding",
)  # fmt: skip
# HTTP itself lets no other sign into the value of a header.
HEADER_VALUES = TEXTS.map(lambda value: re.sub(rb"[\x00-\x08\x0a-\x1f\x7f]", b"", value).strip())


@st.composite
def _sent(draw: Any) -> dict[str, Any]:
    fields = draw(st.dictionaries(st.sampled_from(FIELDS), TEXTS, max_size=len(FIELDS)))
    form = b"&".join(
        quote_from_bytes(name.encode()).encode() + b"=" + quote_from_bytes(value).encode()
        for name, value in fields.items()
    )
    query = draw(st.dictionaries(st.sampled_from(QUERIES), TEXTS, max_size=4))
    return {
        "who": draw(st.integers(min_value=0)),
        "part": draw(TEXTS),
        "headers": draw(st.dictionaries(st.sampled_from(HEADERS), HEADER_VALUES, max_size=3)),
        "body": draw(st.just(form) | st.just(form) | TEXTS),
        "query": draw(
            st.just("&".join(f"{k}={quote_from_bytes(v)}" for k, v in query.items()).encode())
            | HEADER_VALUES
        ),
        "device": draw(HEADER_VALUES),
        "address": draw(st.ip_addresses().map(str) | st.sampled_from(["", "x", "<x-m>"])),
    }


class Portal:
    """The portal of an office, and everybody who may stand before it."""

    def __init__(self, services: Services, origin: str) -> None:
        self.services = services
        self.origin = origin.encode()
        self.wire = Wire(make_application(services))
        self.who: list[Callable[[], str]] = [str, lambda: "nobody's", *_people(services)]


def _people(services: Services) -> list[Callable[[], str]]:
    holders = Holders(services)
    holders.notified()
    letter = holders.give_letter(holders.account("jean.dupont", holders.record("Jean")))
    holders.begun()
    pending = AccountState.EMAIL_PENDING
    holders.begun("karim.moreau", "Karim", state=pending, confirmed=False, email="karim@example.fr")
    return [
        lambda: _in(services, "nadia.moreau", Entry.PASSWORD),
        lambda: _in(services, "nadia.moreau", Entry.FRANCECONNECT),
        lambda: _in(services, "karim.moreau", Entry.PASSWORD),
        lambda: _in(services, "jean.dupont", Entry.TEMPORARY, letter_id=letter),
        *(_on_the_way(services, memory) for memory in _memories(services)),
    ]


def _in(services: Services, identifier: str, entry: Entry, **how: Any) -> str:
    with services.transaction() as session:
        account = session.scalars(select(Account).filter_by(identifier=identifier)).one()
        return come_in(session, services.means(NOW), account, entry, **how)


def _on_the_way(services: Services, memory: Mapping[str, object]) -> Callable[[], str]:
    def begin() -> str:
        with services.transaction() as session:
            return begin_journey(session, services.means(NOW), memory)

    return begin


def _memories(services: Services) -> Iterator[Mapping[str, object]]:
    """Yield what a visit remembers at each step of the journey by SMS, from the first one on."""
    yield {}
    browser = Browser(services)
    browser.post("/inscription", nom="Dupont", prenom="Céline", mobile="0612345678")
    yield _memory(services, browser)
    browser.post("/inscription/code", code=last_code(services))
    yield _memory(services, browser)
    holders = Holders.__new__(Holders)
    holders.services = services
    dates = {f"date_{holders.pupil('Enzo')}_jour": "4/3/2020",
             f"date_{holders.pupil('Léa')}_jour": "6/5/2016"}  # fmt: skip
    browser.post("/inscription/enfants", **dates)
    yield _memory(services, browser)


def _memory(services: Services, browser: Browser) -> Mapping[str, object]:
    means = services.means(NOW)
    token = str(browser.client.cookies[VISIT])
    with services.reading() as session:
        visitor = visitor_of(session, means.digests.known(TOKEN_USE, token), NOW)
    memory = recall(means.sealer, visitor)
    assert memory, "the journey has not begun: this test would prove nothing"
    return memory


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
)
def portal(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """A portal with FranceConnect behind it, at a moment that stands still."""
    folder = tmp_path_factory.mktemp("any-byte")
    socket, url = "", str(folder / "office.sqlite")
    if request.param == "sqlite":
        copy_file(request.getfixturevalue("sqlite_template"), Path(url))
    else:
        socket = request.getfixturevalue("postgres_socket")
        url = new_database(socket, request.getfixturevalue("postgres_template"))
    own = Settings(
        database_url=url, secret_key_file=folder / "key", operator="alice",
        hashing="cheap-for-tests",
    )  # fmt: skip
    office = open_office(own, NOW)
    with pytest.MonkeyPatch.context() as patch, running_provider() as provider:
        patch.setattr(seam, "clock", lambda: NOW)
        patch.setattr(Services, "deliver", lambda _self, _ids: None)
        portal = Portal(with_franceconnect(office, provider, folder), provider.issuer)
        yield portal
        portal.wire.close()
    office.close()
    if socket:
        drop_database(socket, url)


def _ask(portal: Portal, path: str, method: str, sent: dict[str, Any]) -> Raw:
    who = portal.who[sent["who"] % len(portal.who)]
    cookies = f"{VISIT}={who()}; {DEVICE}=".encode() + sent["device"]
    headers = {
        b"content-type": b"application/x-www-form-urlencoded",
        b"sec-fetch-site": b"same-origin",
        b"cookie": cookies,
        **sent["headers"],
    }
    return portal.wire.ask(
        method,
        re.sub(rb"\{\w+\}", lambda _: sent["part"], path.encode()),
        query=sent["query"],
        headers=headers,
        body=sent["body"] if method == "POST" else b"",
        address=sent["address"],
    )


def _assert_harmless(answer: Raw, origin: bytes) -> None:
    assert answer.status < 500
    assert b"<x-" not in answer.body
    assert b"49<" not in answer.body
    assert b"content-security-policy" in dict(answer.headers)
    assert b"x-injected" not in dict(answer.headers)
    assert not [value for _, value in answer.headers if set(value) & set(b"\r\n\x00")]
    to = answer.header(b"location")
    if to is not None:
        assert _is_ours(to.decode()) or to.startswith(origin), to


def _is_ours(to: str) -> bool:
    patterns = [re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(page.path)) for page in ROUTES]
    return any(re.fullmatch(pattern, to.partition("?")[0]) for pattern in patterns)


@pytest.mark.parametrize(("path", "method"), ASKED)
@settings(
    max_examples=EXAMPLES, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(sent=_sent())
def test_whatever_is_sent_does_no_harm(
    portal: Portal, caplog: pytest.LogCaptureFixture, path: str, method: str, sent: dict[str, Any]
) -> None:
    """No failure, nothing typed comes back as markup, no way out of the portal, no traceback."""
    caplog.clear()

    answer = _ask(portal, path, method, sent)

    _assert_harmless(answer, portal.origin)
    worst = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert worst == []
    assert "Traceback" not in caplog.text


@settings(max_examples=EXAMPLES * 10, deadline=None, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(path=TEXTS, method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "OPTIONS", "<x-m>"]))
@example(path=b"connexion/", method="GET")
@example(path=b"/evil.example/connexion/", method="GET")
@example(path=b"statique/../portal.css", method="GET")
def test_nor_does_any_other_address(portal: Portal, path: bytes, method: str) -> None:
    """An address that is none of ours, a method that is none of its."""
    answer = portal.wire.ask(method, b"/" + path, headers={b"host": b"evil.example"})

    _assert_harmless(answer, portal.origin)


def test_everybody_is_really_there(portal: Portal) -> None:
    """Each of those who ask sees a page that the others do not: the test above means something."""
    seen = {
        path: [_status(portal, path, who()) for who in portal.who]
        for path in ("/accueil", "/adresse-mail", "/activation", "/inscription/code")
    }

    assert all(200 in statuses and 303 in statuses for statuses in seen.values())


def _status(portal: Portal, path: str, token: str) -> int:
    return portal.wire.ask(
        "GET", path.encode(), headers={b"cookie": f"{VISIT}={token}".encode()}
    ).status
