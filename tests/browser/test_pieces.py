"""Every piece that pages are made of, and what the script adds to them."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.settings import Settings
from tests.browser.screen import axe, focused, look_over, tab_to
from tests.browser.served import ServedPortal
from tests.office.desk.desk import Office
from tests.support.smtp import free_port

GALLERY = Path(__file__).with_name("gallery.html.j2")


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    """An office whose page «Aide» shows every piece: its own templates come first."""
    theirs = tmp_path / "templates" / "portal"
    theirs.mkdir(parents=True)
    (theirs / "aide.html.j2").write_text(GALLERY.read_text(encoding="utf-8"), encoding="utf-8")
    return Settings(
        database_url=str(tmp_path / "office" / "educonnect.sqlite"),
        secret_key_file=tmp_path / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
        templates_dir=tmp_path / "templates",
        portal_url=f"http://127.0.0.1:{free_port()}",
    )


def _posts(page: Page) -> list[str]:
    seen: list[str] = []
    page.on("request", lambda asked: seen.append(asked.url) if asked.method == "POST" else None)
    return seen


def _without_checks(page: Page) -> None:
    """Let the form leave although nothing is filled in."""
    page.evaluate("() => document.querySelectorAll('form').forEach(it => { it.noValidate = true })")


def test_pieces_stand_up_to_everything(any_page: Page) -> None:
    """With scripts and without."""
    any_page.goto("/aide")

    look_over(any_page, "pieces")


@pytest.mark.parametrize(
    ("sentence", "field"),
    [
        ("Saisissez votre nom.", "nom"),
        ("Ce mot de passe est trop court.", "secret"),
        ("La date de naissance saisie est incorrecte", "lea_jour"),
    ],
)
def test_each_error_leads_to_its_field(any_page: Page, sentence: str, field: str) -> None:
    """By keyboard, with scripts and without; that of a date to the day."""
    any_page.goto("/aide")
    tab_to(any_page, sentence)
    any_page.keyboard.press("Enter")

    expect(any_page.locator(f"#{field}")).to_be_focused()


def test_fields_are_named_and_described(page: Page) -> None:
    """Label, error and hint as a screen reader will say them."""
    page.goto("/aide")
    code = page.get_by_label("Code reçu par SMS")

    expect(code).to_have_accessible_description(
        "Erreur : Le code saisi est incorrect. Veuillez le saisir à nouveau. 6 chiffres"
    )
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    born = page.get_by_role("group", name="Enzo DUPONT, né le")
    for part in ("Jour", "Mois", "Année"):
        expect(born.get_by_label(part)).to_have_attribute("autocomplete", "off")
    born.get_by_label("Jour").fill("14/03/2018")
    expect(born.get_by_label("Jour")).to_have_value("14/03/2018")


def test_the_list_of_errors_has_the_focus(page: Page) -> None:
    """So that it is read first."""
    page.goto("/aide")

    expect(page.locator("#erreurs")).to_be_focused()


def test_without_script_the_list_of_errors_is_an_alert(scriptless_page: Page) -> None:
    """On top of the page, before its heading; and no button that would do nothing."""
    scriptless_page.goto("/aide")

    expect(scriptless_page.get_by_role("alert")).to_contain_text("4 erreurs à corriger")
    expect(scriptless_page.get_by_role("button", name="Afficher")).to_have_count(0)


def test_a_password_can_be_shown_and_hidden(page: Page) -> None:
    """By keyboard; it is hidden again when the form leaves."""
    page.goto("/aide")
    _without_checks(page)
    field = page.locator("#secret")
    show = page.get_by_role("button", name="Afficher : Mot de passe", exact=True)
    field.fill("chaton12")
    show.press("Enter")
    expect(field).to_have_attribute("type", "text")
    expect(show).to_have_attribute("aria-pressed", "true")

    page.route("**/deconnexion", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="Continuer").click()
    expect(field).to_have_attribute("type", "password")
    expect(show).to_have_attribute("aria-pressed", "false")


def test_a_double_click_sends_once_but_a_later_one_again(page: Page) -> None:
    """Whoever loses the network may try again."""
    page.clock.install()
    page.goto("/aide")
    _without_checks(page)
    page.route("**/deconnexion", lambda route: route.fulfill(status=204))
    sent = _posts(page)
    button = page.get_by_role("button", name="Continuer")
    button.dblclick()
    page.wait_for_timeout(200)
    assert len(sent) == 1

    page.clock.fast_forward(6000)
    button.click()
    page.wait_for_timeout(200)
    assert len(sent) == 2


@pytest.fixture
def timed_page(page: Page, portal: ServedPortal) -> Page:
    """Céline is in, and the clock of her browser can be moved."""
    office = Office(portal.services)
    office.account("celine.dupont", office.record("Céline"), state=AccountState.ACTIVE)
    portal.come_in(page.context, "celine.dupont")
    page.clock.install()
    page.goto("/contact")
    return page


def _nearly_over(page: Page) -> Locator:
    """The dialog of the seventeenth minute; a slow machine may need one more look."""
    page.clock.fast_forward("17:05")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=20_000)
    expect(dialog.get_by_role("button", name="Rester connecté")).to_be_focused()
    return dialog


def test_before_the_end_she_is_asked(timed_page: Page) -> None:
    """Two minutes before, in a dialog that has the focus, without any request of its own."""
    dialog = timed_page.get_by_role("dialog", name="Vous êtes toujours là ?")
    timed_page.clock.fast_forward("16:50")
    expect(dialog).to_have_count(0)
    timed_page.clock.fast_forward("00:15")

    expect(dialog).to_contain_text("dans 2 minutes", timeout=20_000)
    assert focused(timed_page) == "Rester connecté"
    axe(timed_page)
    timed_page.clock.fast_forward("01:00")
    expect(dialog).to_contain_text("dans 1 minute", timeout=20_000)


def test_she_may_stay_by_keyboard(timed_page: Page, portal: ServedPortal) -> None:
    """One key; the portal knows of it, and the dialog comes back only much later."""
    dialog = _nearly_over(timed_page)
    portal.now += timedelta(minutes=17, seconds=5)
    with timed_page.expect_response("**/session") as told:
        timed_page.keyboard.press("Enter")
    assert told.value.status == 200
    expect(dialog).to_have_count(0)

    portal.now += timedelta(minutes=16)
    timed_page.clock.fast_forward("16:00")
    expect(dialog).to_have_count(0)
    timed_page.goto("/session")
    expect(timed_page.get_by_role("heading", name="Votre session continue")).to_be_visible()


def test_whoever_is_away_sees_that_it_is_over(timed_page: Page) -> None:
    """What was on the screen is no longer there for the next one to read."""
    timed_page.clock.fast_forward("19:05")

    timed_page.wait_for_url("**/session-expiree")


def test_a_portal_that_does_not_answer_is_told(timed_page: Page) -> None:
    """The dialog stays, and she may try again."""
    timed_page.route("**/session", lambda route: route.abort())
    dialog = _nearly_over(timed_page)
    timed_page.keyboard.press("Enter")

    expect(dialog).to_contain_text("Le portail n'a pas répondu. Essayez encore.")


def test_nobody_is_timed_without_a_visit(page: Page) -> None:
    """No dialog, no timer."""
    page.goto("/contact")

    expect(page.locator("#fin")).to_have_count(0)
