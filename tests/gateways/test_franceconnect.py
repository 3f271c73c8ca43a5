"""Reaching the provider: over a checked connection only, and what its tokens may hide (R-40)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dev.franceconnect.provider import Provider
from dev.franceconnect.signing import Keys
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.franceconnect import (
    FranceConnectRefused,
    Refusal,
    franceconnect_of,
)
from educonnect_admin.gateways.franceconnect_client import _identity
from educonnect_admin.gateways.franceconnect_site import ProviderSite
from educonnect_admin.gateways.franceconnect_tokens import claims_of
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.support.franceconnect import running_provider
from tests.support.smtp import make_certificate


@contextmanager
def over_tls(folder: Path, name: str = "127.0.0.1") -> Iterator[Provider]:
    """Serve a provider behind a certificate that the system does not know."""
    with running_provider(certificate=make_certificate(folder, name=name).path) as provider:
        yield provider


def refusal_of(site: ProviderSite) -> Refusal | None:
    """Return why the addresses of a provider can't be had."""
    try:
        site.addresses(NOW)
    except FranceConnectRefused as refused:
        return refused.refusal
    return None


def test_the_certificate_is_checked(tmp_path: Path) -> None:
    """Unknown: refused; with its authority in the settings: believed."""
    with over_tls(tmp_path) as provider:
        assert refusal_of(ProviderSite(provider.issuer, None)) is Refusal.UNREACHABLE
        assert refusal_of(ProviderSite(provider.issuer, tmp_path / "127.0.0.1.pem")) is None


def test_the_name_in_the_certificate_is_checked(tmp_path: Path) -> None:
    """A certificate of somebody else, of a known authority: refused."""
    with over_tls(tmp_path, "elsewhere.example") as provider:
        site = ProviderSite(provider.issuer, tmp_path / "elsewhere.example.pem")
        assert refusal_of(site) is Refusal.UNREACHABLE


def test_an_authority_that_can_not_be_read(tmp_path: Path) -> None:
    """No such file: nothing is asked without it."""
    site = ProviderSite("https://127.0.0.1:9/api", tmp_path / "none.pem")

    assert refusal_of(site) is Refusal.CA_FILE


def test_addresses_are_kept_for_an_hour() -> None:
    """Then asked for again."""
    with running_provider() as provider:
        site = ProviderSite(provider.issuer, None)
        for minutes in (0, 1, 59, 61, 62):
            site.addresses(NOW + timedelta(minutes=minutes))

        assert len(provider.fetched) == 2


def test_a_failure_is_remembered_for_ten_seconds() -> None:
    """Whoever waits for a provider that is down does not wait for it one by one."""
    with running_provider() as provider:
        provider.misdeeds = type(provider.misdeeds)(down=True)
        site = ProviderSite(provider.issuer, None)
        for seconds in (0, 5, 9):
            with pytest.raises(FranceConnectRefused):
                site.addresses(NOW + timedelta(seconds=seconds))
        assert len(provider.fetched) == 1
        provider.misdeeds = type(provider.misdeeds)()
        site.addresses(NOW + timedelta(seconds=11))


@pytest.mark.parametrize(
    "token",
    ["", "a.b", "a.b.c", "é.é.é", "....", "x" * 20_000, "e30.e30.", "bnVsbA.e30.x", "W10.e30.x"],
)
def test_what_is_no_token(token: str) -> None:
    """Anything at all is refused, never an error of ours."""
    with running_provider() as provider:
        site = ProviderSite(provider.issuer, None)
        with pytest.raises(FranceConnectRefused) as refused:
            claims_of(token, site, "the-portal", NOW)

        assert refused.value.refusal in {Refusal.MALFORMED, Refusal.ALGORITHM}


def test_keys_that_may_not_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret, a key to encrypt with, a short or a broken one, one of another kind."""
    keys = Keys()
    token = keys.sign({"iss": "x"})
    right = keys.published()["keys"][0]
    for wrong in (
        {**right, "use": "enc"},
        {**right, "kid": None},
        {**right, "x": "AAAA"},
        {**right, "crv": "P-384"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": right["kid"]},
        "no key",
    ):
        monkeypatch.setattr(keys, "published", lambda wrong=wrong: {"keys": [wrong]})
        with running_provider() as provider:
            provider.keys = keys
            with pytest.raises(FranceConnectRefused) as refused:
                claims_of(token, ProviderSite(provider.issuer, None), "the-portal", NOW)
        assert refused.value.refusal is Refusal.UNKNOWN_KEY


@pytest.mark.parametrize(
    ("told", "given"),
    [
        ({"given_name": "Angela Claire"}, ("Angela Claire",)),
        ({"given_name": "x", "given_name_array": ["Angela", "Claire"]}, ("Angela", "Claire")),
        ({"given_name": "Angela", "given_name_array": []}, ("Angela",)),
        ({"given_name": "Angela", "given_name_array": [1, None, " "]}, ("Angela",)),
        ({"given_name": ["Angela"]}, ()),
        ({"given_name": "x" * 301}, ()),
        ({"given_name": "An\ngela\ud800"}, ("An gela",)),
        ({}, ()),
    ],
)
def test_given_names_as_they_come(told: dict[str, Any], given: tuple[str, ...]) -> None:
    """A list, a text, or nothing that could be a name."""
    assert _identity("s", told).given_names == given


ISSUER = "https://fc.example/api/v2"


@pytest.mark.parametrize(
    "told",
    [
        {"franceconnect_issuer": "http://fc.example/api/v2"},
        {"franceconnect_issuer": "https://user@fc.example/"},
        {"franceconnect_issuer": "https://fc.example/?a=b"},
        {"franceconnect_issuer": "fc.example"},
        {"franceconnect_client_id": None},
        {"franceconnect_client_secret_file": None},
        {"franceconnect_issuer": None},
        {"franceconnect_acr": "eidas1 eidas2"},
    ],
)
def test_settings_that_do_not_go_together(tmp_path: Path, told: dict[str, Any]) -> None:
    """All three or none; in clear to this machine alone."""
    right: dict[str, Any] = {
        "franceconnect_issuer": ISSUER,
        "franceconnect_client_id": "the-portal",
        "franceconnect_client_secret_file": tmp_path / "secret",
    }
    Settings(**right)
    Settings(**{**right, "franceconnect_issuer": "http://127.0.0.1:8001/api/v2"})
    with pytest.raises(ValidationError):
        Settings(**{**right, **told})


def test_what_is_kept_tells_nothing_when_printed(tmp_path: Path) -> None:
    """Neither a departure nor an identity shows in a repr (R-66)."""
    with running_provider() as provider:
        settings = Settings(
            franceconnect_issuer=provider.issuer,
            franceconnect_client_id="the-portal",
            franceconnect_client_secret_file=tmp_path / "secret",
        )
        portal = franceconnect_of(settings, SystemChance())
        assert portal is not None
        departure = portal.depart("https://testserver/franceconnect/retour", NOW)

    assert repr(departure) == "Departure()"
    assert "DURAND" not in repr(_identity("s", {"family_name": "DURAND"}))
