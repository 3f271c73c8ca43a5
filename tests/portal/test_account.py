"""«Mon compte»: the two tabs, and what a visit by FranceConnect is not shown (R-42)."""

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.portal.browser import Browser, words


def _celine(services: Services) -> Office:
    office = Office(services)
    office.account(
        "v.durant1",
        office.record("Céline"),
        state=AccountState.ACTIVE,
        email="dupont@example.fr",
        email_confirmed_at=NOW,
    )
    return office


def test_my_information(browser: Browser) -> None:
    """Name, identifier, address, and the ways to change what can be."""
    _celine(browser.services)
    browser.come_in("v.durant1")

    said = words(browser.get("/compte"))

    for wanted in (
        "Mon compte", "Mes informations", "Mes enfants", "Céline DUPONT", "Identifiant v.durant1",
        "Modifier mon mot de passe", "Email dupont@example.fr", "Modifier mon adresse mail",
    ):  # fmt: skip
        assert wanted in said
    assert "pas encore confirmée" not in said


def test_franceconnect_shows_neither_identifier_nor_password(browser: Browser) -> None:
    """The guide's sentence instead; the address can be changed all the same (R-42)."""
    _celine(browser.services)
    browser.come_in("v.durant1", Entry.FRANCECONNECT)

    page = browser.get("/compte")

    assert "v.durant1" not in page.text
    assert "Modifier mon mot de passe" not in words(page)
    assert (
        "La connexion via FranceConnect ne permet pas de consulter ou modifier ni son "
        "identifiant ni son mot de passe EduConnect."
    ) in words(page)
    assert "Modifier mon adresse mail" in words(page)


def test_my_children(browser: Browser) -> None:
    """By school, without any birth date, and the way to those of another account."""
    _celine(browser.services)
    browser.come_in("v.durant1")

    page = browser.get("/compte/enfants")

    assert "Enzo DUPONT" in words(page)
    assert "École Charlemagne" in words(page)
    assert "2020" not in words(page)
    assert 'href="/compte/enfants/ajouter"' in page.text
    assert "Ajouter des enfants depuis un autre compte" in words(page)


def test_an_address_that_refuses_our_messages_is_said_to(browser: Browser) -> None:
    """Only its holder can mend it."""
    office = Office(browser.services)
    facts = {"email": "x@example.fr", "email_confirmed_at": NOW, "email_bounced_at": NOW}
    office.account("jean.dupont", office.record("Jean"), state=AccountState.ACTIVE, **facts)
    browser.come_in("jean.dupont")

    assert "nous reviennent" in words(browser.get("/compte"))
