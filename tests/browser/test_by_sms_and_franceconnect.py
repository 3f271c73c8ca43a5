"""The ways in without a letter, in a real browser: by SMS (§2.2), by FranceConnect (§2.1)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dev.franceconnect.provider import Provider
from educonnect_admin.settings import Settings
from tests.browser.pictures import picture
from tests.browser.screen import is_scriptless, look_over, tab_to
from tests.browser.served import ServedPortal
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.support.franceconnect import CELINE, SECRET, STRANGER, running_provider
from tests.support.smtp import free_port

MOBILE, PASSWORD = "06 12 34 56 78", "tilleul7"
DATES = {"Léa": "06/05/2016", "Enzo": "04/03/2020"}


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A FranceConnect of made-up people, on loopback."""
    with running_provider() as one:
        one.tell_time = lambda: NOW
        yield one


@pytest.fixture
def sqlite_settings(tmp_path: Path, provider: Provider) -> Settings:
    """The settings of an office that offers FranceConnect; SMS go to a folder."""
    address = f"http://127.0.0.1:{free_port()}"
    provider.back = [f"{address}/franceconnect/retour", f"{address}/franceconnect/deconnexion"]
    secret = tmp_path / "franceconnect.secret"
    secret.write_text(f"{SECRET}\n", encoding="ascii")
    return Settings(
        database_url=str(tmp_path / "office" / "educonnect.sqlite"),
        secret_key_file=tmp_path / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
        portal_url=address,
        franceconnect_issuer=provider.issuer,
        franceconnect_client_id=provider.client_id,
        franceconnect_client_secret_file=secret,
    )


@pytest.fixture
def office(portal: ServedPortal) -> Office:
    """The three families; Céline's account and Jean's were never activated."""
    office = Office(portal.services)
    office.account("celine.dupont", office.record("Céline"))
    return office


def _see(page: Page, name: str) -> None:
    """Look a page over that `test_every_page.py` does not see; without scripts it is the same."""
    if not is_scriptless(page):
        look_over(page, name)
        picture(page, name)


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _introduce(page: Page, *, surname: str = "Dupont", mobile: str = MOBILE) -> None:
    page.goto("/connexion")
    page.get_by_role("link", name="Je n'ai pas de compte").click()
    page.get_by_label("Nom", exact=True).fill(surname)
    page.get_by_label("Prénom", exact=True).fill("celine")
    page.get_by_label("Numéro de mobile", exact=True).fill(mobile)
    _press(page, "Continuer")


def _code(portal: ServedPortal) -> str:
    return str(re.findall(r"\b\d{6}\b", portal.sms()[-1])[0])


def _type_code(page: Page, code: str) -> None:
    page.get_by_label("Saisissez le code de validation reçu par SMS").fill(code)
    _press(page, "Continuer")


def _type_dates(page: Page, **changes: str) -> None:
    for name, date in {**DATES, **changes}.items():
        page.get_by_role("group", name=name).get_by_label("Jour").fill(date)
    _press(page, "Continuer")


def _prove(page: Page, portal: ServedPortal) -> None:
    _type_code(page, _code(portal))
    expect(page.get_by_role("heading", level=1)).to_have_text("Je suis bien Céline DUPONT")
    _type_dates(page)


def test_the_whole_way_by_sms(any_page: Page, portal: ServedPortal, office: Office) -> None:
    """Names and mobile, a wrong code, a right one, wrong dates, right ones, a password."""
    page = any_page
    page.goto("/inscription")
    picture(page, "sms-informations")
    _press(page, "Continuer")
    _introduce(page, surname="Inconnue")
    expect(page.get_by_role("alert")).to_contain_text("ne permettent pas de poursuivre")
    _see(page, "sms-non-trouve")
    _introduce(page)
    expect(page).to_have_url(f"{portal.address}/inscription/code")
    picture(page, "sms-code")

    right = _code(portal)
    _type_code(page, "000000" if right != "000000" else "111111")
    expect(page.get_by_role("main")).to_contain_text(
        "Le code saisi est incorrect. Veuillez le saisir à nouveau."
    )
    _see(page, "sms-code-incorrect")
    page.get_by_role("link", name="Réessayer").click()
    _press(page, "Je n'ai pas reçu de code d'activation par SMS")
    assert len(portal.sms()) == 2
    _type_code(page, _code(portal))
    expect(page.get_by_role("main")).to_contain_text(
        "Je confirme le rattachement à mon compte des enfants suivants :"
    )
    picture(page, "sms-enfants")
    _type_dates(page, Enzo="01/01/2020")
    expect(page.get_by_role("alert")).to_contain_text("incorrecte")
    _see(page, "sms-date-refusee")
    _type_dates(page)

    expect(page.get_by_role("main")).to_contain_text("celine.dupont")
    picture(page, "sms-mot-de-passe")
    for name in ("Je crée mon mot de passe", "…et je le confirme en le saisissant à nouveau"):
        page.get_by_label(name, exact=True).fill("court")
    _press(page, "Terminer")
    expect(page.get_by_role("alert")).to_be_visible()
    _see(page, "sms-mot-de-passe-refuse")
    for name in ("Je crée mon mot de passe", "…et je le confirme en le saisissant à nouveau"):
        page.get_by_label(name, exact=True).fill(PASSWORD)
    _press(page, "Terminer")
    expect(page).to_have_url(f"{portal.address}/accueil")
    expect(page.get_by_role("main")).to_contain_text("Léa DUPONT")
    _see(page, "sms-accueil")

    _press(page, "Se déconnecter")
    _introduce(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre compte est déjà activé")
    _see(page, "sms-deja-active")


def test_a_code_that_is_too_old(page: Page, portal: ServedPortal, office: Office) -> None:
    """«Réessayer» goes back to the mobile; a browser left alone for longer begins anew."""
    _introduce(page)
    code = _code(portal)
    for minutes in (15, 30):  # the parent is still there, looking for the telephone
        portal.now = NOW + timedelta(minutes=minutes)
        page.goto("/inscription/code")
    _type_code(page, code)
    expect(page.get_by_role("link", name="Réessayer")).to_be_visible()
    _see(page, "sms-code-perime")
    page.get_by_role("link", name="Réessayer").click()
    expect(page).to_have_url(f"{portal.address}/inscription")

    _introduce(page)
    portal.now += timedelta(hours=3)
    page.goto("/inscription/code")
    expect(page).to_have_url(f"{portal.address}/session-expiree")
    picture(page, "session-expiree")


def _by_franceconnect(page: Page, name: str) -> None:
    page.goto("/connexion")
    _press(page, "S'identifier avec FranceConnect")
    page.get_by_role("button", name=name).first.click()


def test_the_whole_way_by_franceconnect(
    any_page: Page, portal: ServedPortal, office: Office, provider: Provider
) -> None:
    """There and back, mobile, code, dates; straight in the next time; gone there too (R-42)."""
    page = any_page
    page.goto("/connexion")
    picture(page, "franceconnect-connexion")
    _by_franceconnect(page, CELINE.label)
    expect(page).to_have_url(f"{portal.address}/franceconnect/mobile")
    picture(page, "franceconnect-mobile")
    page.get_by_label("Numéro de mobile", exact=True).fill("06 99 99 99 99")
    _press(page, "Continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Numéro de téléphone non reconnu")
    _see(page, "franceconnect-mobile-non-reconnu")
    page.get_by_role("link", name="Réessayer").click()
    page.get_by_label("Numéro de mobile", exact=True).fill(MOBILE)
    _press(page, "Continuer")
    _prove(page, portal)
    expect(page).to_have_url(f"{portal.address}/accueil")
    _see(page, "franceconnect-accueil")

    page.get_by_role("link", name="Gérer mon compte").click()
    expect(page.get_by_role("main")).to_contain_text(
        "La connexion via FranceConnect ne permet pas de consulter ou modifier"
    )
    expect(page.get_by_role("main")).not_to_contain_text("celine.dupont")
    _see(page, "franceconnect-compte")
    _press(page, "Se déconnecter")
    expect(page).to_have_url(re.compile(r".*/(connexion|franceconnect/deconnexion).*"))
    picture(page, "franceconnect-deconnexion")
    assert len(provider.ended) == 1

    _by_franceconnect(page, CELINE.label)
    expect(page).to_have_url(f"{portal.address}/accueil")


def test_dead_ends_of_franceconnect(page: Page, portal: ServedPortal, office: Office) -> None:
    """Whoever changes their mind, whom no school knows, who wants no mobile: each its way on."""
    _by_franceconnect(page, "Abandonner")
    expect(page.get_by_role("main")).to_contain_text("FranceConnect")
    _see(page, "franceconnect-abandon")
    _by_franceconnect(page, STRANGER.label)
    page.get_by_label("Numéro de mobile", exact=True).fill(MOBILE)
    _press(page, "Continuer")
    _see(page, "franceconnect-inconnu")
    page.goto("/franceconnect/mobile")
    page.get_by_role("link", name="Je ne souhaite pas utiliser de téléphone portable").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Les façons d'accéder")
    picture(page, "connexion-autres-facons")


def test_the_way_by_sms_by_keyboard(page: Page, portal: ServedPortal, office: Office) -> None:
    """No mouse, from the log-in page to the children."""
    keyboard = page.keyboard

    def write(name: str, text: str) -> None:
        tab_to(page, name)
        keyboard.type(text)

    page.goto("/connexion")
    tab_to(page, "Je n'ai pas de compte")
    keyboard.press("Enter")
    page.wait_for_url("**/inscription")
    write("Nom", "Dupont")
    write("Prénom", "Céline")
    write("Numéro de mobile", MOBILE)
    keyboard.press("Enter")
    page.wait_for_url("**/inscription/code")
    write("Saisissez le code", _code(portal))
    keyboard.press("Enter")
    page.wait_for_url("**/inscription/enfants")
    for child in page.get_by_role("group").all():
        legend = child.locator("legend").inner_text()
        write("Jour", next(DATES[name] for name in DATES if name in legend))
    tab_to(page, "Continuer")
    keyboard.press("Enter")
    page.wait_for_url("**/inscription/mot-de-passe")
    write("Je crée mon mot de passe", PASSWORD)
    write("…et je le confirme", PASSWORD)
    tab_to(page, "Terminer")
    keyboard.press("Enter")
    page.wait_for_url("**/accueil")
