"""Whoever speaks in the provider's place, or in somebody else's: refused, each by its check (R-40).

Every test leaves the portal as a parent does, comes back with one thing wrong, and looks at
three things: the page, that nobody was linked, that no visit was opened.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from dev.franceconnect.provider import Provider
from educonnect_admin.edge import Services, clock
from educonnect_admin.gateways.franceconnect import Refusal
from educonnect_admin.portal.cookies import VISIT
from tests.office.desk.desk import Office
from tests.portal.browser import words
from tests.support.franceconnect import (
    CELINE,
    JEAN,
    Traveller,
    asked_of,
    openings,
    running_provider,
    with_franceconnect,
)

NOT_VERIFIED = "Nous n'avons pas pu vérifier votre identité"
NOT_ENDED = "Votre identification n'a pas abouti"
UNAVAILABLE = "FranceConnect est momentanément indisponible"
ABANDONED = "Vous n'avez pas continué avec FranceConnect"

RefusedBy = Callable[[httpx.Response, Refusal], None]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """An honest provider."""
    with running_provider() as one:
        yield one


@pytest.fixture
def office(sqlite_services: Services, provider: Provider, tmp_path: Path) -> Office:
    """An office that offers it; Céline's account awaits her proofs."""
    office = Office(with_franceconnect(sqlite_services, provider, tmp_path))
    office.account("celine.dupont", office.record("Céline"))
    return office


@pytest.fixture
def traveller(office: Office, provider: Provider) -> Traveller:
    """Somebody at the portal."""
    return Traveller(office.services, provider)


@pytest.fixture
def refused(traveller: Traveller, caplog: pytest.LogCaptureFixture) -> RefusedBy:
    """What must be true of every refusal."""
    caplog.set_level(logging.INFO)

    def check(answer: httpx.Response, refusal: Refusal) -> None:
        assert answer.status_code == 403
        assert NOT_VERIFIED in words(answer)
        assert "S'identifier avec FranceConnect" in words(answer)
        assert "Contact" in words(answer)
        assert openings(traveller.services) == (0, 0)
        assert VISIT not in traveller.client.cookies
        told = [one.getMessage() for one in caplog.records if one.name.startswith("educonnect")]
        assert told == [f"franceconnect: {refusal}"]

    return check


def test_an_honest_provider_is_believed(traveller: Traveller) -> None:
    """Without anything wrong the journey goes on: the other tests prove their one thing."""
    answer = traveller.sign_in()

    assert answer.headers["location"] == "/franceconnect/mobile"
    assert "Bienvenue Céline DUPONT." in words(traveller.follow(answer))
    assert openings(traveller.services) == (0, 0)


def test_rs256_is_allowed_too(traveller: Traveller) -> None:
    """Both algorithms of the allow-list are believed."""
    answer = traveller.sign_in(signing="rsa")

    assert answer.headers["location"] == "/franceconnect/mobile"


def test_what_is_asked_of_the_provider(traveller: Traveller) -> None:
    """Code flow, PKCE S256, long state and nonce, the level, and no more than names."""
    way = traveller.leave()
    asked = asked_of(way)

    assert way.startswith(f"{traveller.provider.issuer}/authorize?")
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    assert asked["acr_values"] == "eidas1"
    assert asked["scope"] == "openid given_name family_name preferred_username"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert asked_of(traveller.leave())["state"] != asked["state"]


def test_the_page_lets_its_form_lead_to_the_provider(traveller: Traveller) -> None:
    """Browsers follow a form to the origins that the policy names, and to no others."""
    policy = traveller.get("/session-expiree").headers["content-security-policy"]

    assert f"form-action 'self' {traveller.provider.origin};" in policy


def test_a_wrong_state(traveller: Traveller) -> None:
    """An answer that this browser has not asked for: nothing is even exchanged."""
    answer = traveller.sign_in(callback={"state": "x" * 43})

    assert answer.status_code == 403
    assert NOT_ENDED in words(answer)
    assert openings(traveller.services) == (0, 0)
    assert "/token" not in traveller.provider.fetched


def test_no_state_at_all(traveller: Traveller) -> None:
    """The same without any."""
    answer = traveller.sign_in(callback={"state": None})

    assert answer.status_code == 403
    assert "/token" not in traveller.provider.fetched


def test_the_answer_of_another_browser(traveller: Traveller, office: Office) -> None:
    """A stranger's own good answer, slipped to a victim's browser, opens nothing there."""
    victim = Traveller(office.services, traveller.provider)
    victim.leave()
    answer = victim.come_back(traveller.choose(traveller.leave(), JEAN))

    assert answer.status_code == 403
    assert NOT_ENDED in words(answer)
    assert openings(office.services) == (0, 0)


def test_an_answer_replayed(traveller: Traveller) -> None:
    """The same address a second time: its state is used up, its code is not shown again."""
    back = traveller.choose(traveller.leave(), CELINE)
    traveller.come_back(back)
    answer = traveller.come_back(back)

    assert answer.status_code == 403
    assert NOT_ENDED in words(answer)
    assert traveller.provider.fetched.count("/token") == 1


def test_a_code_replayed_under_a_new_state(traveller: Traveller, refused: RefusedBy) -> None:
    """A code that was spent buys nothing, whatever state it comes with."""
    back = traveller.choose(traveller.leave(), CELINE)
    assert traveller.come_back(back).headers["location"] == "/franceconnect/mobile"
    spent = asked_of(back)["code"]
    answer = traveller.sign_in(callback={"code": spent})

    refused(answer, Refusal.CODE_REFUSED)


def test_a_code_stolen_from_another_departure(
    traveller: Traveller, office: Office, refused: RefusedBy
) -> None:
    """PKCE: the code of a victim's departure does not fit the verifier of ours."""
    victim = Traveller(office.services, traveller.provider)
    stolen = asked_of(victim.choose(victim.leave(), CELINE))["code"]
    answer = traveller.sign_in(JEAN, callback={"code": stolen})

    refused(answer, Refusal.CODE_REFUSED)


def test_no_code(traveller: Traveller, refused: RefusedBy) -> None:
    """Neither a code nor an error: nothing to exchange."""
    refused(traveller.sign_in(callback={"code": None}), Refusal.NO_CODE)


def test_a_callback_of_another_issuer(traveller: Traveller, refused: RefusedBy) -> None:
    """Mix-up (RFC 9207): the answer says that it is of somebody else's."""
    answer = traveller.sign_in(callback={"iss": "https://elsewhere.example/api/v2"})

    refused(answer, Refusal.CALLBACK_ISSUER)


def test_a_callback_of_no_issuer(traveller: Traveller, refused: RefusedBy) -> None:
    """A provider that always says who it is has not sent an answer that does not."""
    refused(traveller.sign_in(callback={"iss": None}), Refusal.CALLBACK_ISSUER)


def test_an_error_of_another_issuer(traveller: Traveller, refused: RefusedBy) -> None:
    """Whose answer it is counts before what it says."""
    answer = traveller.sign_in(None, callback={"iss": "https://elsewhere.example"})

    refused(answer, Refusal.CALLBACK_ISSUER)


def test_an_error_of_the_provider(traveller: Traveller, refused: RefusedBy) -> None:
    """Any error but a change of mind; what it describes is not repeated."""
    error = {"error": "server_error", "error_description": "<b>bug</b>", "code": None}
    answer = traveller.sign_in(callback=error)

    refused(answer, Refusal.PROVIDER_ERROR)
    assert "bug" not in answer.text


def test_a_wrong_nonce(traveller: Traveller, refused: RefusedBy) -> None:
    """A token that was made for another departure."""
    refused(traveller.sign_in(id_token={"nonce": "x" * 43}), Refusal.NONCE)


def test_no_nonce(traveller: Traveller, refused: RefusedBy) -> None:
    """A token that says nothing of any departure."""
    refused(traveller.sign_in(id_token={"nonce": None}), Refusal.NONCE)


@pytest.mark.parametrize(
    ("claim", "refusal"), [("nonce", Refusal.NONCE), ("sub", Refusal.NO_SUBJECT)]
)
def test_halves_of_signs(
    traveller: Traveller, refused: RefusedBy, claim: str, refusal: Refusal
) -> None:
    """JSON may say them, and no encoding takes them."""
    refused(traveller.sign_in(id_token={claim: "\ud800"}), refusal)


def test_a_weaker_level(traveller: Traveller, refused: RefusedBy) -> None:
    """Another `acr` than the one that was asked for."""
    refused(traveller.sign_in(id_token={"acr": "eidas0"}), Refusal.ACR)


def test_no_level(traveller: Traveller, refused: RefusedBy) -> None:
    """No `acr` at all."""
    refused(traveller.sign_in(id_token={"acr": None}), Refusal.ACR)


def test_a_token_of_another_issuer(traveller: Traveller, refused: RefusedBy) -> None:
    """Rightly signed, but it says that somebody else made it."""
    refused(traveller.sign_in(id_token={"iss": "https://elsewhere.example"}), Refusal.ISSUER)


def test_a_token_for_another_client(traveller: Traveller, refused: RefusedBy) -> None:
    """A token that another service was given, and passes on."""
    refused(traveller.sign_in(id_token={"aud": "another-service"}), Refusal.AUDIENCE)


def test_a_token_for_several_clients(traveller: Traveller, refused: RefusedBy) -> None:
    """We are among its audience, but nothing says that it was made for us."""
    answer = traveller.sign_in(id_token={"aud": ["the-portal", "another-service"]})

    refused(answer, Refusal.AUDIENCE)


def test_a_token_of_another_authorized_party(traveller: Traveller, refused: RefusedBy) -> None:
    """`azp` names the client that it was made for: not us."""
    refused(traveller.sign_in(id_token={"azp": "another-service"}), Refusal.AUDIENCE)


def test_an_expired_token(traveller: Traveller, refused: RefusedBy) -> None:
    """Over for longer than two clocks may differ."""
    past = int((clock() - timedelta(minutes=2)).timestamp())

    refused(traveller.sign_in(id_token={"exp": past}), Refusal.EXPIRED)


def test_a_token_without_end(traveller: Traveller, refused: RefusedBy) -> None:
    """A token must say until when it counts."""
    refused(traveller.sign_in(id_token={"exp": None}), Refusal.EXPIRED)


def test_an_old_token_that_still_lives(traveller: Traveller, refused: RefusedBy) -> None:
    """One that was made for this visit was made just now."""
    past = int((clock() - timedelta(hours=1)).timestamp())

    refused(traveller.sign_in(id_token={"iat": past}), Refusal.EXPIRED)


def test_a_token_of_the_future(traveller: Traveller, refused: RefusedBy) -> None:
    """Made later than now."""
    future = int((clock() + timedelta(minutes=5)).timestamp())

    refused(traveller.sign_in(id_token={"iat": future}), Refusal.NOT_YET)


@pytest.mark.parametrize("moment", ["soon", True, 1e300])
def test_a_moment_that_is_none(traveller: Traveller, refused: RefusedBy, moment: object) -> None:
    """An `exp` that is no number of seconds."""
    refused(traveller.sign_in(id_token={"exp": moment}), Refusal.MALFORMED)


def test_no_signature(traveller: Traveller, refused: RefusedBy) -> None:
    """`alg: none`."""
    refused(traveller.sign_in(signing="none"), Refusal.ALGORITHM)


def test_the_public_key_as_a_secret(traveller: Traveller, refused: RefusedBy) -> None:
    """HS256 under the key that everybody may read."""
    refused(traveller.sign_in(signing="public_as_secret"), Refusal.ALGORITHM)


def test_another_key_under_the_right_name(traveller: Traveller, refused: RefusedBy) -> None:
    """A signature that the published key does not make."""
    refused(traveller.sign_in(signing="other"), Refusal.SIGNATURE)


def test_an_unknown_key_for_ever(traveller: Traveller, refused: RefusedBy) -> None:
    """Asked for once more, still unknown: refused."""
    refused(traveller.sign_in(signing="unknown"), Refusal.UNKNOWN_KEY)


def test_invented_keys_do_not_make_us_a_burden(traveller: Traveller) -> None:
    """The keys are asked for once more in a minute, however many tokens name unknown ones."""
    traveller.sign_in()
    for _ in range(3):
        traveller.sign_in(signing="unknown")

    assert traveller.provider.fetched.count("/jwks") == 2


def test_renewed_keys_are_fetched_once(traveller: Traveller) -> None:
    """The provider has renewed its keys since we asked: they are asked for again, and believed."""
    traveller.sign_in()
    traveller.provider.keys.renew()
    answer = traveller.sign_in()

    assert answer.headers["location"] == "/franceconnect/mobile"
    assert traveller.provider.fetched.count("/jwks") == 2


def test_no_subject(traveller: Traveller, refused: RefusedBy) -> None:
    """A token about nobody."""
    refused(traveller.sign_in(id_token={"sub": ""}), Refusal.NO_SUBJECT)


def test_a_swapped_subject(traveller: Traveller, refused: RefusedBy) -> None:
    """The identity of somebody else than the token is about."""
    refused(traveller.sign_in(userinfo={"sub": JEAN.sub}), Refusal.OTHER_SUBJECT)


def test_an_unsigned_identity(traveller: Traveller, refused: RefusedBy) -> None:
    """Plain JSON, as version 1 gave it."""
    refused(traveller.sign_in(unsigned_userinfo=True), Refusal.USERINFO_UNSIGNED)


@pytest.mark.parametrize(
    ("signing", "refusal"),
    [
        ("none", Refusal.ALGORITHM),
        ("public_as_secret", Refusal.ALGORITHM),
        ("other", Refusal.SIGNATURE),
        ("unknown", Refusal.UNKNOWN_KEY),
    ],
)
def test_an_identity_wrongly_signed(
    traveller: Traveller, refused: RefusedBy, signing: str, refusal: Refusal
) -> None:
    """A right id_token beside it does not make it true."""
    refused(traveller.sign_in(signing_of_userinfo=signing), refusal)


def test_an_identity_for_another_client(traveller: Traveller, refused: RefusedBy) -> None:
    """The identity that another service was given."""
    refused(traveller.sign_in(userinfo={"aud": "another-service"}), Refusal.AUDIENCE)


def test_an_identity_of_another_issuer(traveller: Traveller, refused: RefusedBy) -> None:
    """The identity that somebody else vouches for."""
    refused(traveller.sign_in(userinfo={"iss": "https://elsewhere.example"}), Refusal.ISSUER)


def test_an_expired_identity(traveller: Traveller, refused: RefusedBy) -> None:
    """An identity that says until when it counts, and did."""
    past = int((clock() - timedelta(minutes=2)).timestamp())

    refused(traveller.sign_in(userinfo={"exp": past}), Refusal.EXPIRED)


def test_a_change_of_mind_is_no_error(
    traveller: Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    """`access_denied`: a page of its own, and nothing in the log."""
    answer = traveller.sign_in(None)

    assert answer.status_code == 200
    assert ABANDONED in words(answer)
    assert "S'identifier avec FranceConnect" in words(answer)
    assert openings(traveller.services) == (0, 0)
    assert not [one for one in caplog.records if one.name.startswith("educonnect")]


@pytest.mark.parametrize(
    "published",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "https://elsewhere.example/token"},
        {"jwks_uri": None},
        {"end_session_endpoint": "http://127.0.0.1:1/end"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_discovery_that_leads_elsewhere(traveller: Traveller, published: Any) -> None:
    """Another issuer, or an address at another origin: nobody is sent anywhere."""
    traveller.provider.misdeeds = type(traveller.provider.misdeeds)(published=published)
    answer = traveller.post("/franceconnect")

    assert answer.status_code == 503
    assert UNAVAILABLE in words(answer)
    assert "Me connecter autrement" in words(answer)
    assert openings(traveller.services) == (0, 0)


def test_a_provider_that_is_down(traveller: Traveller) -> None:
    """A clear page, never an error of ours; the next person does not ask again at once."""
    traveller.provider.misdeeds = type(traveller.provider.misdeeds)(down=True)
    for _ in range(3):
        answer = traveller.post("/franceconnect")
        assert answer.status_code == 503
        assert UNAVAILABLE in words(answer)

    assert len(traveller.provider.fetched) == 1


def test_a_provider_that_goes_down_on_the_way(traveller: Traveller) -> None:
    """The code can't be exchanged: the same page, nothing opened."""
    back = traveller.choose(traveller.leave(), CELINE)
    traveller.provider.misdeeds = type(traveller.provider.misdeeds)(down=True)
    answer = traveller.come_back(back)

    assert answer.status_code == 503
    assert UNAVAILABLE in words(answer)
    assert openings(traveller.services) == (0, 0)


def test_a_button_pressed_by_another_site(traveller: Traveller) -> None:
    """Nobody is sent to the provider by a page that is not ours."""
    answer = traveller.client.post("/franceconnect", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert traveller.provider.fetched == []
