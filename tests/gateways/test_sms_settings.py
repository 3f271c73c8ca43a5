"""From the settings to the SMS gateway, and the combinations that are refused at once."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from educonnect_admin.edge import Services
from educonnect_admin.gateways.mail_folder import SmsFolder
from educonnect_admin.gateways.sms_https import HttpsSms
from educonnect_admin.gateways.sms_ovh import OvhSms
from educonnect_admin.settings import Settings

BODY = '{"to":"{to}","text":"{text}"}'
HTTPS: dict[str, Any] = {
    "sms_gateway": "https",
    "sms_url": "https://sms.exemple.fr/envoi",
    "sms_body": BODY,
    "sms_sender": "EDUCONNECT",
}
OVH: dict[str, Any] = {
    "sms_gateway": "ovh",
    "sms_ovh_service": "sms-ab12345-1",
    "sms_ovh_credentials_file": Path("/etc/educonnect/ovh.conf"),
}


def _gateway(services: Services, **facts: Any) -> object:
    settings = services.settings.model_copy(update=Settings(**facts).model_dump(include=set(facts)))
    return Services(settings, services.engine, services.keyring, services.chance).mail_room().sms


def test_the_gateway_is_the_one_that_is_set(sqlite_services: Services) -> None:
    """A folder unless another one is asked for."""
    assert isinstance(_gateway(sqlite_services), SmsFolder)
    https = _gateway(sqlite_services, **HTTPS)
    assert isinstance(https, HttpsSms)
    assert (https.url, https.method, https.sender) == (HTTPS["sms_url"], "POST", "EDUCONNECT")
    ovh = _gateway(sqlite_services, **OVH)
    assert isinstance(ovh, OvhSms)
    assert ovh.service == "sms-ab12345-1"


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({**HTTPS, "sms_url": None}, "sms_url"),
        ({**HTTPS, "sms_body": None}, "sms_body"),
        ({**HTTPS, "sms_body": "to={to}"}, "sms_body"),
        ({**HTTPS, "sms_method": "GET"}, "sms_body"),
        ({**HTTPS, "sms_body": "[" * 2000}, "sms_body"),
        ({**HTTPS, "sms_url": "http://sms.exemple.fr/"}, "sms_url"),
        ({**HTTPS, "sms_url": "https:///"}, "sms_url"),
        ({**HTTPS, "sms_sender": "Éducation"}, "sms_sender"),
        ({**OVH, "sms_ovh_service": None}, "sms_ovh_service"),
        ({**OVH, "sms_ovh_service": "../me"}, "sms_ovh_service"),
        ({**OVH, "sms_ovh_credentials_file": None}, "sms_ovh_credentials_file"),
    ],
)
def test_half_a_gateway_is_refused_before_the_first_parent(
    facts: dict[str, Any], name: str
) -> None:
    """The variable is named, which the command then tells."""
    with pytest.raises(ValidationError) as refused:
        Settings(**facts)
    assert {error["loc"] for error in refused.value.errors()} == {(name,)}


def test_a_gateway_on_this_machine_may_speak_in_clear() -> None:
    """For trying things out."""
    assert Settings(**{**HTTPS, "sms_url": "http://127.0.0.1:8080/"}).sms_url
