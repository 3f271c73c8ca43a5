"""The page that shows every message is there for development only."""

from dataclasses import replace
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.portal.application import page_routes
from educonnect_admin.portal.development import MESSAGES, is_wanted
from tests.portal.browser import Browser, words

MAIL = b"To: dupont@example.fr\nSubject: Bonjour\n\nSuivez https://portail.test/confirmation/abc.\n"


def _office(services: Services, folder: Path, **settings: object) -> Services:
    own = {"mail_folder": folder, "portal_url": "https://portail.test", **settings}
    return replace(services, settings=services.settings.model_copy(update=own))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one mail and one SMS."""
    (tmp_path / "1.eml").write_bytes(MAIL)
    (tmp_path / "2.txt").write_bytes("To: +33612345678\n\nVotre code : 123456, à saisir\n".encode())
    return tmp_path


def test_messages_are_shown_when_asked_for(sqlite_services: Services, folder: Path) -> None:
    """Both kinds, what they say, and a link that leads to the portal wherever it is open."""
    browser = Browser(_office(sqlite_services, folder, portal_development=True))

    answer = browser.get(MESSAGES)

    assert "Mail : Bonjour" in words(answer)
    assert "Votre code : 123456, à saisir" in words(answer)
    assert 'href="/confirmation/abc"' in answer.text


def test_a_message_brings_no_markup(sqlite_services: Services, folder: Path) -> None:
    """What a message says is text, its links are `http` and nothing else."""
    (folder / "3.txt").write_bytes(b"To: x\n\n<x-b> javascript:alert(1) https://x.test/<x-c>\n")
    browser = Browser(_office(sqlite_services, folder, portal_development=True))

    text = browser.get(MESSAGES).text

    assert "<x-" not in text
    assert 'href="javascript' not in text


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"portal_development": True, "smtp_host": "smtp.exemple.fr", "mail_from": "a@b.fr"},
        {"portal_development": True, "sms_gateway": "ovh"},
    ],
)
def test_otherwise_there_is_no_such_page(
    sqlite_services: Services, folder: Path, settings: dict[str, object]
) -> None:
    """Not asked for, or with something real behind: the address does not exist."""
    office = _office(sqlite_services, folder, **settings)

    answer = Browser(office).get(MESSAGES)

    assert not is_wanted(office.settings)
    assert answer.status_code == 404
    assert MESSAGES not in {page.path for page in page_routes()}
