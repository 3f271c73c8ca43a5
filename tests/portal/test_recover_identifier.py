"""The page of a forgotten identifier, as a parent reads it (§5.1, R-54)."""

import pytest

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.edge import Services
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.portal.browser import Browser, words
from tests.portal.outgoing import queued

PATH = "/identifiant-oublie"
EMAIL = "dupont@example.fr"


@pytest.fixture(autouse=True)
def _nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is queued stays in the outbox, where a test can read it."""
    monkeypatch.setattr(Services, "deliver", lambda _self, _ids: None)


def add_jean(services: Services) -> None:
    """Let Jean have an account and a confirmed address."""
    office = Office(services)
    office.account(
        "jean.dupont", office.record("Jean"),
        state=AccountState.ACTIVE, email=EMAIL, email_confirmed_at=NOW,
    )  # fmt: skip


def test_the_form_asks_for_the_address(sqlite_browser: Browser) -> None:
    """One field, its label, a keyboard for addresses, the way back."""
    page = sqlite_browser.get(PATH)

    assert page.status_code == 200
    assert '<label for="email">Adresse mail</label>' in page.text
    assert 'type="email"' in page.text
    assert 'autocomplete="email"' in page.text
    assert 'href="/contact"' in page.text


def test_a_known_address_is_written_to(browser: Browser) -> None:
    """And the page says where to look; nothing personal in its address."""
    add_jean(browser.services)

    answer = browser.post(PATH, email=f" {EMAIL.capitalize()} ")

    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/envoye")
    said = words(browser.follow(answer))
    assert "Vérifiez vos emails !" in said
    assert 'dans vos courriers indésirables ou "spams"' in said
    [(kind, to, values)] = queued(browser.services)
    assert (kind, to, values["identifiers"]) == ("identifiers", EMAIL, ["jean.dupont"])


def test_an_unknown_address_is_told_with_what_to_do(sqlite_browser: Browser) -> None:
    """The guide's error; what was typed stays; every dead end has a next step and «Contact»."""
    answer = sqlite_browser.post(PATH, email="jean@example.org")

    assert answer.status_code == 422
    said = words(answer)
    assert "L'adresse mail saisie n'est pas reconnue." in said
    assert "Que faire ?" in said
    assert "Services en ligne de l'éducation nationale – activation de votre compte" in said
    assert "Je n'ai pas de compte" in said
    assert 'value="jean@example.org"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert answer.text.index('href="/contact"') > answer.text.index("que-faire")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Saisissez votre adresse mail."),
        ("jean", "Cette adresse mail n'est pas valable."),
        ("jean.dupont", "Cette adresse mail n'est pas valable."),
        ("<script>@x", "Cette adresse mail n'est pas valable."),
    ],
)
def test_what_is_no_address_is_told(sqlite_browser: Browser, typed: str, said: str) -> None:
    """Beside the field, and no try counts."""
    answer = sqlite_browser.post(PATH, email=typed)

    assert answer.status_code == 422
    assert said in words(answer)
    assert "<script>@" not in answer.text


def test_after_too_many_guesses_the_page_says_how_long_to_wait(sqlite_browser: Browser) -> None:
    """In minutes; and whom to ask."""
    services = sqlite_browser.services
    changed = services.settings.model_copy(update={"guesses_an_hour": 2})
    few = Browser(Services(changed, services.engine, services.keyring, services.chance))
    for number in range(2):
        few.post(PATH, email=f"{number}@example.fr")

    answer = few.post(PATH, email=EMAIL)

    assert answer.status_code == 429
    said = words(answer)
    assert "Réessayez dans 1 heure" in said or "Réessayez dans 59 minutes" in said
    assert "Contact" in said
