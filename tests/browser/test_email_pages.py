"""Confirming an address in a browser: the waiting page, the mail's link, what comes of it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.visits import Entry
from tests.browser.screen import focused, is_scriptless, look_over, tab_to
from tests.browser.served import ServedPortal
from tests.portal.holders import OWN, Holders

EMAIL, NEW = "nadia@example.fr", "n.moreau@example.org"


def _see(page: Page, name: str) -> None:
    """Look a page over, once: without scripts it is the same page."""
    if not is_scriptless(page):
        look_over(page, name)


def _waiting(page: Page, portal: ServedPortal, state: AccountState, email: str | None) -> None:
    Holders(portal.services).begun(state=state, confirmed=False, email=email)
    portal.come_in(page.context, "nadia.moreau", Entry.PASSWORD)
    page.goto("/adresse-mail")


def _link(portal: ServedPortal) -> str:
    found = re.findall(r"https?://\S+/confirmation/\S+", portal.mails()[-1])
    return str(found[-1])


def test_from_a_wrong_address_to_the_account(any_page: Page, portal: ServedPortal) -> None:
    """Corrected, sent, its link followed, the button pressed: in, with or without scripts."""
    _waiting(any_page, portal, AccountState.EMAIL_PENDING, EMAIL)
    any_page.get_by_label("Adresse mail", exact=True).fill(NEW)
    any_page.get_by_role("button", name="Valider").click()
    expect(any_page.get_by_role("alert")).to_contain_text("ne sont pas identiques")
    _see(any_page, "adresse-mail-erreur")

    any_page.get_by_label("Adresse mail, une seconde fois").fill(NEW)
    any_page.get_by_role("button", name="Valider").click()
    expect(any_page.get_by_role("status").first).to_contain_text(NEW)
    _see(any_page, "adresse-mail-envoye")

    link = _link(portal)
    any_page.goto(link)
    any_page.get_by_role("button", name="Activer mon compte").click()
    expect(any_page.get_by_role("heading", name="Votre compte est activé")).to_be_visible()
    _see(any_page, "confirmation-faite-connecte")
    any_page.get_by_role("link", name="Accéder à mon portail").click()
    expect(any_page).to_have_url(f"{portal.address}/accueil")

    any_page.context.clear_cookies()
    any_page.goto("/confirmation")
    any_page.goto(link)
    expect(any_page.get_by_role("heading", name="déjà confirmée")).to_be_visible()
    _see(any_page, "confirmation-deja")
    any_page.get_by_role("link", name="Se connecter").click()
    any_page.get_by_label("Identifiant", exact=True).fill("nadia.moreau")
    any_page.get_by_label("Mot de passe", exact=True).fill(OWN)
    any_page.get_by_role("button", name="Se connecter").click()
    expect(any_page).to_have_url(f"{portal.address}/accueil")


def test_later_is_one_click(any_page: Page, portal: ServedPortal) -> None:
    """Registered by SMS without an address: asked, never kept out."""
    _waiting(any_page, portal, AccountState.ACTIVE, None)
    _see(any_page, "adresse-mail-sms")
    any_page.get_by_role("link", name="Plus tard").click()

    expect(any_page).to_have_url(f"{portal.address}/accueil")


def test_the_keyboard_alone_sends_the_mail(page: Page, portal: ServedPortal) -> None:
    """The address stands there already: to the button, enter, done; and after an error too."""
    _waiting(page, portal, AccountState.ACTIVE, None)
    tab_to(page, "Valider")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    tab_to(page, "Saisissez une adresse mail.")
    page.keyboard.press("Enter")
    assert focused(page).startswith("Adresse mail")
    page.keyboard.type(NEW)
    page.keyboard.press("Tab")
    page.keyboard.type(NEW)
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text(NEW)
    look_over(page, "adresse-mail-envoye-sms")


@pytest.mark.parametrize("what", ["expire", "remplace", "nouveau-courrier", "ferme", "inconnu"])
def test_dead_ends_name_a_next_step(page: Page, portal: ServedPortal, what: str) -> None:
    """Whatever has become of the link, and last «Contact»."""
    office = Holders(portal.services)
    account = office.begun(state=AccountState.EMAIL_PENDING, confirmed=False)
    portal.come_in(page.context, "nadia.moreau")
    page.goto("/adresse-mail")
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("status").first).to_be_visible()
    link = _link(portal) + ("x" if what == "inconnu" else "")
    if what == "remplace":
        page.get_by_role("button", name="Renvoyer le mail").click()
        expect(page.get_by_role("status").first).to_be_visible()
    elif what == "expire":
        portal.now += timedelta(days=3)
    elif what == "nouveau-courrier":
        office.become(account, AccountState.NOTIFIED)
    elif what == "ferme":
        office.become(account, AccountState.CLOSED)
    page.goto(link)

    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("plus|pas|fermé"))
    expect(page.locator("main a.button").first).to_be_visible()
    expect(page.locator("main").get_by_role("link").last).to_have_text("Contact")
    look_over(page, f"confirmation-{what}")
