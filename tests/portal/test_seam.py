"""The seam between HTTP and the journeys."""

import pytest
from starlette.testclient import TestClient

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from educonnect_admin.portal.application import make_application, page_routes
from educonnect_admin.portal.cookies import DEVICE, VISIT
from educonnect_admin.portal.requests import (
    LONGEST_BODY,
    LONGEST_VALUE,
    MOST_FIELDS,
    clean,
    counted_address,
)
from educonnect_admin.portal.visit import Door
from tests.portal.browser import OURS, Browser, words
from tests.portal.holders import OWN, Holders

FORM = "application/x-www-form-urlencoded"


def test_a_page_that_does_not_exist_says_so(sqlite_browser: Browser) -> None:
    """A page in French with its way out, and the headers that every answer bears."""
    answer = sqlite_browser.get("/nulle-part")

    assert answer.status_code == 404
    assert "Page introuvable" in words(answer)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 422),
        ({"Sec-Fetch-Site": "none"}, 422),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OURS}, 403),
        ({"Origin": OURS}, 422),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://testserver.elsewhere.example"}, 403),
        ({"Origin": "https://testserver@elsewhere.example"}, 403),
        ({"Origin": "https://[testserver"}, 403),
        ({"Origin": "https://elsewhere.example", "Referer": f"{OURS}/connexion"}, 403),
        ({"Referer": f"{OURS}/connexion"}, 422),
        ({"Referer": "https://elsewhere.example/?testserver"}, 403),
        ({}, 403),
    ],
)
def test_a_form_of_another_site_is_refused(
    sqlite_browser: Browser, sent: dict[str, str], status: int
) -> None:
    """Whatever the browser tells of where it comes from; one that tells nothing is refused."""
    answer = sqlite_browser.client.post("/connexion", data={"identifiant": ""}, headers=sent)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"identifiant=" + b"x" * LONGEST_BODY, FORM),
        (b"&".join(b"f%d=1" % n for n in range(MOST_FIELDS + 1)), FORM),
        (b'{"identifiant": "x"}', "application/json"),
        (b"identifiant=x", "text/plain"),
    ],
)
def test_what_is_no_form_of_ours_is_refused(
    sqlite_browser: Browser, body: bytes, kind: str
) -> None:
    """Too long, too many fields, of another type: a page, and nothing was read."""
    headers = {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
    answer = sqlite_browser.client.post("/connexion", content=body, headers=headers)

    assert answer.status_code == 400
    assert "Contact" in words(answer)


def test_what_was_typed_is_cleaned() -> None:
    """No control sign, no more than a field needs, nothing that a database refuses."""
    assert clean("a\x00b\x1b\x7f\nc") == "abc"
    assert len(clean("x" * 5000)) == LONGEST_VALUE
    assert clean("\ud800") == "?"


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not an address", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_address_counts_as_a_household_has_it(host: str | None, counted: str) -> None:
    """A whole /64 in IPv6, and IPv4 however it is written (R-6)."""
    assert counted_address(host) == counted


def test_cookies_are_out_of_reach(sqlite_services: Services) -> None:
    """Of scripts, of other sites, of connections in clear; both are the host's alone."""
    Holders(sqlite_services).begun()
    browser = Browser(sqlite_services)
    answer = browser.post("/connexion", identifiant="nadia.moreau", mot_de_passe=OWN)

    cookies = {
        one.partition("=")[0]: {part.strip().lower() for part in one.split(";")[1:]}
        for one in answer.headers.get_list("set-cookie")
    }
    assert cookies == {
        VISIT: {"httponly", "path=/", "samesite=lax", "secure"},
        DEVICE: {"httponly", "max-age=31536000", "path=/", "samesite=strict", "secure"},
    }
    assert VISIT.startswith("__Host-")
    assert DEVICE.startswith("__Host-")


@pytest.mark.parametrize("path", ["/connexion", "/", "/nulle-part", "/accueil"])
def test_every_answer_bears_the_same_guards(sqlite_browser: Browser, path: str) -> None:
    """A page, a way elsewhere, an error: nothing is kept, framed, or told to other sites."""
    headers = sqlite_browser.get(path).headers

    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "base-uri 'none'"} <= set(policy)
    assert "form-action 'self'" in policy


OPEN = {
    "nobody": {Door.ANYBODY},
    "on the way": {Door.ANYBODY, Door.TRAVELLER},
    "by a letter": {Door.ANYBODY, Door.TRAVELLER, Door.LETTER},
    "not confirmed": {Door.ANYBODY, Door.TRAVELLER, Door.PENDING},
    "in": {Door.ANYBODY, Door.TRAVELLER, Door.PENDING, Door.HOLDER},
}
"""Which doors each visitor may open (R-20, R-23)."""


@pytest.mark.parametrize("who", OPEN)
def test_every_page_has_its_door(sqlite_services: Services, who: str) -> None:
    """Looked at or sent to: behind a closed door no function of the page is even called."""
    browser = _somebody(sqlite_services, who)
    called: list[str] = []
    for route in page_routes():
        if route.door in OPEN[who]:
            continue
        for method in ["GET"] * bool(route.show) + ["POST"] * bool(route.take):
            path = route.path.format(token="x", number="x")
            headers = {"Sec-Fetch-Site": "same-origin"}
            answer = browser.client.request(method, path, headers=headers)
            if answer.status_code != 303 or answer.headers["location"] == path:
                called.append(f"{method} {path}: {answer.status_code}")

    assert called == []


@pytest.mark.parametrize(("who", "own"), [("by a letter", "/bienvenue"), ("in", "/accueil")])
def test_open_doors_open(sqlite_services: Services, who: str, own: str) -> None:
    """The same visitors see the page where they belong."""
    assert _somebody(sqlite_services, who).get(own).status_code == 200


def _somebody(services: Services, who: str) -> Browser:
    office = Holders(services)
    browser = Browser(services)
    if who == "on the way":
        office.notified()
        browser.post("/inscription", nom="Dupont", prenom="Céline", mobile="0612345678")
    elif who == "by a letter":
        office.notified()
        browser.come_in("celine.dupont", Entry.TEMPORARY)
    elif who == "not confirmed":
        office.begun(state=AccountState.EMAIL_PENDING, confirmed=False)
        browser.come_in("nadia.moreau")
    elif who == "in":
        office.begun()
        browser.come_in("nadia.moreau")
    return browser


def test_https_is_promised_for_a_year(sqlite_services: Services) -> None:
    """Where parents come by https; else the browser would lock them out of the test."""
    secure = sqlite_services.settings.model_copy(update={"portal_url": "https://portail.example"})
    office = Services(
        secure, sqlite_services.engine, sqlite_services.keyring, sqlite_services.chance
    )
    with TestClient(make_application(office), base_url=OURS) as client:
        promised = client.get("/connexion").headers["strict-transport-security"]

    assert promised == "max-age=31536000; includeSubDomains"
