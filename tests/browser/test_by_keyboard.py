"""FranceConnect, «Mon compte» and both recoveries without a mouse, whole journeys.

The ways by letter and by SMS are walked beside their journeys with a mouse.
"""

from collections.abc import Iterator

from playwright.sync_api import expect
from sqlalchemy import select

from educonnect_admin.domain.accounts import Account
from tests.browser.parent import DATES, Parent
from tests.browser.screen import focused, tab_to
from tests.parents.portal_office import last_code
from tests.portal.holders import OWN
from tests.portal.outgoing import queued
from tests.support.franceconnect import CELINE

PASSWORD, EMAIL = "marronnier8", "nadia@example.org"


def _at(parent: Parent, path: str) -> None:
    parent.page.wait_for_url(f"{parent.stage.portal.address}{path}")


def _links(parent: Parent) -> Iterator[str]:
    sent = queued(parent.stage.services)
    return (str(values["link"]) for _, _, values in sent if "link" in values)


def test_franceconnect(parent: Parent) -> None:
    """There, back, mobile, code, dates, and out again."""
    parent.stage.account("celine.dupont", parent.stage.record("Céline"))
    page, keyboard = parent.page, parent.page.keyboard
    page.goto("/connexion")
    parent.enter("S'identifier avec FranceConnect")
    page.wait_for_url(f"{parent.stage.provider.issuer}/**")
    parent.enter(CELINE.label)
    _at(parent, "/franceconnect/mobile")
    parent.enter("Continuer")
    expect(page.get_by_role("alert")).to_contain_text("Saisissez votre numéro de mobile.")
    parent.enter("Saisissez votre numéro de mobile.")
    assert "Numéro de mobile" in focused(page)
    keyboard.type("06 12 34 56 78")
    keyboard.press("Enter")
    _at(parent, "/inscription/code")
    parent.write("Saisissez le code", last_code(parent.stage.services))
    keyboard.press("Enter")
    _at(parent, "/inscription/enfants")
    for child in page.get_by_role("group").all():
        legend = child.locator("legend").inner_text()
        parent.write("Jour", next(DATES[name] for name in DATES if name in legend))
    parent.enter("Continuer")
    _at(parent, "/accueil")
    parent.enter("Se déconnecter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")


def test_my_password_and_my_address(parent: Parent) -> None:
    """Each with an error first, which takes the focus and leads to its field (R-52, R-53)."""
    parent.stage.begun()
    parent.stage.portal.come_in(parent.page.context, "nadia.moreau")
    page, keyboard = parent.page, parent.page.keyboard
    page.goto("/accueil")
    parent.enter("Gérer mon compte")
    _at(parent, "/compte")
    parent.enter("Modifier mon mot de passe")
    _at(parent, "/compte/mot-de-passe")
    for current in (PASSWORD, OWN):
        parent.write("Mot de passe actuel", current)
        parent.write("Nouveau mot de passe", PASSWORD)
        parent.write("Confirmation du nouveau mot de passe", PASSWORD)
        keyboard.press("Enter")
        if current == PASSWORD:
            expect(page.get_by_role("alert")).to_contain_text("est incorrect")
            assert "corriger" in focused(page)
    expect(page.get_by_role("status").first).to_contain_text("à votre prochaine connexion")

    parent.enter("Modifier mon adresse mail")
    _at(parent, "/compte/adresse-mail")
    parent.write("Email", EMAIL)
    parent.write("Confirmez votre email", EMAIL)
    keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("a bien été prise en compte")
    page.goto(next(_links(parent)))
    parent.enter("Confirmer mon adresse mail")
    expect(page.get_by_role("status").first).to_contain_text("arriveront désormais")
    with parent.stage.services.reading() as session:
        assert session.scalars(select(Account.email)).one() == EMAIL


def test_regrouping_an_active_account(parent: Parent) -> None:
    """From «Mes enfants» to the children of the other account, whose password opens nothing."""
    parent.stage.begun()
    parent.stage.begun("celine.dupont", "Céline", email="celine@example.fr")
    parent.stage.portal.come_in(parent.page.context, "nadia.moreau")
    page, keyboard = parent.page, parent.page.keyboard
    page.goto("/compte")
    parent.enter("Mes enfants")
    _at(parent, "/compte/enfants")
    parent.enter("Ajouter des enfants depuis un autre compte")
    _at(parent, "/compte/enfants/ajouter")
    parent.write("Identifiant", "celine.dupont")
    parent.write("Mot de passe", OWN)
    keyboard.press("Enter")
    _at(parent, "/compte/enfants/confirmer")
    tab_to(page, "Ajouter")
    tab_to(page, "Annuler")
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Les comptes sont regroupés")
    for child in ("Sami MOREAU", "Léa DUPONT", "Enzo DUPONT"):
        expect(page.get_by_role("main")).to_contain_text(child)

    parent.enter("Se déconnecter")
    parent.log_in("celine.dupont", OWN)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce compte ne sera plus utilisable")


def test_a_forgotten_identifier(parent: Parent) -> None:
    """An address that nobody has, then one's own; back to the log-in (R-54)."""
    parent.stage.begun()
    page, keyboard = parent.page, parent.page.keyboard
    page.goto("/connexion")
    parent.enter("Identifiant oublié ?")
    _at(parent, "/identifiant-oublie")
    parent.write("Adresse mail", "nadja@example.fr")
    keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    parent.enter("L'adresse mail saisie n'est pas reconnue.")
    assert "Adresse mail" in focused(page)
    keyboard.press("Control+A")
    keyboard.type("nadia@example.fr")
    keyboard.press("Enter")
    _at(parent, "/identifiant-oublie/envoye")
    assert [to for _, to, _ in queued(parent.stage.services)] == ["nadia@example.fr"]
    parent.enter("Se connecter")
    _at(parent, "/connexion")


def test_a_forgotten_password(parent: Parent) -> None:
    """The mail's link, a password that is refused, one that is not; the log-in (R-55)."""
    parent.stage.begun()
    page, keyboard = parent.page, parent.page.keyboard
    page.goto("/connexion")
    parent.enter("Mot de passe oublié ?")
    _at(parent, "/mot-de-passe-oublie")
    parent.write("Identifiant", "nadia.moreau")
    keyboard.press("Enter")
    _at(parent, "/mot-de-passe-oublie/envoye")
    page.goto(next(_links(parent)))
    for password in ("court1", PASSWORD):
        parent.write("Nouveau mot de passe", password)
        parent.write("Confirmez le nouveau mot de passe", password)
        keyboard.press("Enter")
        if password != PASSWORD:
            expect(page.get_by_role("alert")).to_contain_text("trop court")
            assert "corriger" in focused(page)
    _at(parent, "/mot-de-passe-oublie/termine")
    parent.enter("Se connecter")
    _at(parent, "/connexion")
    parent.write("Identifiant", "nadia.moreau")
    parent.write("Mot de passe", PASSWORD)
    keyboard.press("Enter")
    _at(parent, "/accueil")
