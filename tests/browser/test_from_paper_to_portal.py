"""From the printed letter to the children on the screen, and all that a holder does next.

The letter is printed by the product and read with pdftotext; the mails reach a real server. A
person with a screen reader finds fields and buttons by their names: so does this test.
"""

import re
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from educonnect_admin.domain.services import Service
from educonnect_admin.edge import Services
from educonnect_admin.office.issue_letters import issue_letters
from educonnect_admin.settings import Settings
from tests.browser.pictures import picture
from tests.browser.screen import focused, is_scriptless, look_over, tab_to
from tests.browser.served import ServedPortal
from tests.conftest import NOW
from tests.office.printing import issue, order
from tests.support.households import (
    DUPONTS,
    MARIE_CURIE,
    MOREAUS,
    Child,
    Family,
    Parent,
    add_families,
    add_school,
)
from tests.support.pdf import PrintedLetter, letters_under
from tests.support.smtp import MailServer, free_port, mail_server

PASSWORD, OTHER_PASSWORD = "tilleul7", "marronnier8"
EMAIL, NEW_EMAIL = "celine.dupont@example.fr", "celine@example.org"
DATES = {"Léa DUPONT": "06/05/2016", "Enzo DUPONT": "04/03/2020", "Zoé DUPONT": "09/08/2013"}
SISTER = Family(
    (Parent(given_name="Céline", family_name="DURAND", usage_name="DUPONT"),),
    (
        Child(
            given_name="Zoé",
            family_name="DUPONT",
            born=date(2013, 8, 9),
            class_label="6A",
            level="6E",
        ),
    ),
)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A real mail server."""
    with mail_server() as server:
        yield server


@pytest.fixture
def sqlite_settings(tmp_path: Path, mail: MailServer) -> Settings:
    """The settings of an office that writes to its parents by SMTP."""
    return Settings(
        database_url=str(tmp_path / "office" / "educonnect.sqlite"),
        secret_key_file=tmp_path / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
        portal_url=f"http://127.0.0.1:{free_port()}",
        smtp_host="127.0.0.1",
        smtp_port=mail.port,
        smtp_security="none",
        mail_from="ne-pas-repondre@example.fr",
    )


@pytest.fixture
def letters(sqlite_services: Services, tmp_path: Path) -> dict[str, PrintedLetter]:
    """The letters of two schools as they lie in the satchels, by identifier."""
    with sqlite_services.transaction() as session:
        add_families(session, add_school(session), [DUPONTS, MOREAUS])
        other = add_school(session, MARIE_CURIE, "Collège Marie Curie")
        add_families(session, other, [SISTER])
        service = Service(code="livret", label="Livret Scolaire", url="https://livret.example/")
        service.first_level, service.last_level = "CP", "3E"
        session.add(service)
    issue(sqlite_services, tmp_path / "a")
    wanted = order(tmp_path / "b", uai=MARIE_CURIE)
    issue_letters(sqlite_services.print_room(NOW), wanted)
    printed = letters_under(tmp_path / "a") + letters_under(tmp_path / "b")
    return {one.identifier: one for one in printed}


def _see(page: Page, name: str) -> None:
    """Look a page over that `test_every_page.py` does not see; without scripts it is the same."""
    if not is_scriptless(page):
        look_over(page, name)


class Telephone:
    """Céline's: what she types, presses and reads."""

    def __init__(self, page: Page, portal: ServedPortal, mail: MailServer) -> None:
        self.page, self.portal, self.mail = page, portal, mail

    def log_in(self, identifier: str, password: str) -> None:
        """Type both on the log-in page."""
        self.page.goto("/connexion")
        self.page.get_by_label("Identifiant", exact=True).fill(identifier)
        self.page.get_by_label("Mot de passe", exact=True).fill(password)
        self.press("Se connecter")

    def press(self, name: str) -> None:
        """Press the button of that name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def go(self, name: str) -> None:
        """Follow the first link of that name."""
        self.page.get_by_role("link", name=name).first.click()

    def fill(self, **typed: str) -> None:
        """Fill fields in, by their labels."""
        for name, value in typed.items():
            self.page.get_by_label(name.replace("_", " "), exact=True).fill(value)

    def born(self, **changes: str) -> None:
        """Type the birth date of each child that the page asks for, in its first field."""
        for group in self.page.get_by_role("group").all():
            legend = group.locator("legend").inner_text()
            child = next(name for name in DATES if name in legend)
            group.get_by_label("Jour").fill(changes.get(child.split()[0], DATES[child]))

    def read(self, count: int) -> list[tuple[str, str, str]]:
        """Wait for so many mails in all; return to whom, subject and text of each."""
        for _ in range(100):
            if len(self.mail.taken) >= count:
                break
            self.page.wait_for_timeout(50)
        assert len(self.mail.taken) == count
        return [_read(to, content) for to, content in self.mail.taken]

    def link(self, count: int, to: str) -> str:
        """Return the link of the last mail to somebody."""
        last = [text for one, _, text in self.read(count) if one == to][-1]
        return str(re.findall(r"http://\S+/(?:confirmation|mot-de-passe)/\S+", last)[-1])


def _read(to: str, content: bytes) -> tuple[str, str, str]:
    message = message_from_bytes(content, policy=policy.default)
    body = message.get_body(("plain",))
    return to, str(message["Subject"]), body.get_content() if body else ""


def _activated(parent: Telephone, letter: PrintedLetter) -> None:
    page = parent.page
    parent.log_in(letter.identifier, letter.password.lower())
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bienvenue")
    picture(page, "courrier-bienvenue")
    parent.go("Gérer mon compte")
    expect(page.get_by_label("Adresse mail", exact=True)).to_have_value("dupont@example.fr")
    picture(page, "courrier-activation")
    parent.press("Activer votre compte")
    expect(page.get_by_role("alert")).to_be_visible()
    _see(page, "activation-erreurs")
    parent.fill(
        Nouveau_mot_de_passe=PASSWORD,
        Adresse_mail=EMAIL,
    )
    page.get_by_label("Nouveau mot de passe, une seconde fois").fill(PASSWORD)
    page.get_by_label("Adresse mail, une seconde fois").fill(EMAIL)
    parent.born(Léa="01/01/2016")
    parent.press("Activer votre compte")
    expect(page.get_by_role("alert")).to_contain_text("La date de naissance saisie est incorrecte")
    _see(page, "activation-date")
    picture(page, "courrier-date-refusee")
    page.get_by_label("Nouveau mot de passe", exact=True).fill(PASSWORD)
    page.get_by_label("Nouveau mot de passe, une seconde fois").fill(PASSWORD)
    parent.born()
    parent.press("Activer votre compte")
    expect(page.get_by_role("main")).to_contain_text(EMAIL)
    _see(page, "activation-verifier")
    picture(page, "courrier-verifier")


def test_from_the_satchel_to_the_children(
    any_page: Page,
    portal: ServedPortal,
    mail: MailServer,
    letters: dict[str, PrintedLetter],
) -> None:
    """Letter, activation, mail, children; then every change a holder makes (R-20 to R-55)."""
    page, parent = any_page, Telephone(any_page, portal, mail)
    page.goto("/connexion")
    picture(page, "connexion")
    _activated(parent, letters["celine.dupont"])

    parent.log_in("celine.dupont", PASSWORD)  # blocking until it is confirmed
    expect(page).to_have_url(f"{portal.address}/adresse-mail")
    page.goto(parent.link(1, EMAIL))
    parent.press("Activer mon compte")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre compte est activé")
    picture(page, "courrier-active")
    assert parent.read(1)[0][1] == (
        "Services en ligne de l'éducation nationale – activation de votre compte"
    )
    page.goto("/accueil")
    expect(page.get_by_role("main")).to_contain_text("Léa DUPONT")
    expect(page.get_by_role("link", name="Livret Scolaire").first).to_be_visible()
    _see(page, "accueil")
    picture(page, "accueil")

    _regroups(parent, letters)
    _changes_address_and_password(parent)
    _recovers(parent)


def _regroups(parent: Telephone, letters: dict[str, PrintedLetter]) -> None:
    """The other school's letter is still live: its children join (R-50)."""
    page, other = parent.page, letters["celine.dupont1"]
    parent.go("Gérer mon compte")
    picture(page, "compte")
    parent.go("Mes enfants")
    parent.go("Ajouter des enfants depuis un autre compte")
    picture(page, "compte-ajouter")
    parent.fill(Identifiant=other.identifier, Mot_de_passe="FAUX2345")
    parent.press("Rechercher")
    expect(page.get_by_role("alert")).to_contain_text("incorrect")
    _see(page, "compte-ajouter-erreur")
    parent.fill(Identifiant="celine.dupont", Mot_de_passe=PASSWORD)
    parent.press("Rechercher")
    expect(page.get_by_role("alert")).to_contain_text("avec lequel vous êtes connecté")
    parent.fill(Identifiant=other.identifier, Mot_de_passe=other.password)
    parent.press("Rechercher")
    expect(page.get_by_role("main")).to_contain_text(
        "Tous les enfants suivants seront ajoutés sur le compte celine.dupont."
    )
    expect(page.get_by_role("main")).to_contain_text("ne sera plus utilisable")
    expect(page.get_by_role("main")).not_to_contain_text("2013")
    _see(page, "compte-confirmer")
    picture(page, "compte-confirmer")
    parent.press("Ajouter")
    expect(page.get_by_role("main")).to_contain_text("Zoé DUPONT")
    _see(page, "compte-enfants-ajoutes")
    picture(page, "compte-enfants")


def _changes_address_and_password(parent: Telephone) -> None:
    """Two mails, one link (R-53); another password from the next log-in on (R-52)."""
    page = parent.page
    page.goto("/compte")
    parent.go("Modifier mon adresse mail")
    picture(page, "compte-adresse")
    parent.fill(Email=NEW_EMAIL, Confirmez_votre_email="autre@example.org")
    parent.press("Envoyer")
    expect(page.get_by_role("alert")).to_be_visible()
    _see(page, "compte-adresse-erreur")
    parent.fill(Email=NEW_EMAIL, Confirmez_votre_email=NEW_EMAIL)
    parent.press("Envoyer")
    expect(page.get_by_role("status").first).to_contain_text("a bien été prise en compte")
    _see(page, "compte-adresse-demandee")
    parent.go("Modifier mon adresse mail")
    parent.press("Renvoyer un email de validation")
    expect(page.get_by_role("status").first).to_contain_text("L'email a été envoyé")
    _see(page, "compte-adresse-en-cours")
    picture(page, "compte-adresse-en-cours")
    told = [to for to, _, _ in parent.read(4)[1:]]
    assert sorted(told) == sorted([EMAIL, NEW_EMAIL, NEW_EMAIL])
    page.goto(parent.link(4, NEW_EMAIL))
    parent.press("Confirmer mon adresse mail")
    expect(page.get_by_role("status").first).to_contain_text("arriveront désormais")
    _see(page, "confirmation-changement")

    page.goto("/compte/mot-de-passe")
    picture(page, "compte-mot-de-passe")
    for current, new in (
        ("fauxfaux1", OTHER_PASSWORD),
        (PASSWORD, "court1"),
        (PASSWORD, OTHER_PASSWORD),
    ):
        parent.fill(
            Mot_de_passe_actuel=current,
            Nouveau_mot_de_passe=new,
            Confirmation_du_nouveau_mot_de_passe=new,
        )
        parent.press("Envoyer")
        if page.get_by_role("alert").count():
            _see(page, f"compte-mot-de-passe-erreur-{len(new)}")
    expect(page.get_by_role("status").first).to_contain_text("à votre prochaine connexion")
    parent.press("Se déconnecter")


def _recovers(parent: Telephone) -> None:
    """A forgotten identifier and a forgotten password come back by mail (R-54, R-55)."""
    page = parent.page
    page.goto("/connexion")
    parent.go("Identifiant oublié")
    picture(page, "identifiant-oublie")
    parent.fill(Adresse_mail="inconnue@example.fr")
    parent.press("Envoyer")
    expect(page.get_by_role("alert")).to_be_visible()
    parent.fill(Adresse_mail=NEW_EMAIL)
    parent.press("Envoyer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vérifiez vos emails")
    assert "celine.dupont" in parent.read(6)[-1][2]

    page.goto("/connexion")
    parent.go("Mot de passe oublié")
    picture(page, "mot-de-passe-oublie")
    for identifier, name in (("nadie.inconnue", "inconnu"), ("nadia.moreau", "partiel")):
        parent.fill(Identifiant=identifier)
        parent.press("Envoyer")
        expect(page.get_by_role("alert")).to_be_visible()
        _see(page, f"mot-de-passe-oublie-{name}")
    parent.fill(Identifiant="celine.dupont")
    parent.press("Envoyer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vérifiez vos emails !")
    link = parent.link(7, NEW_EMAIL)
    page.goto(link)
    picture(page, "mot-de-passe-a-choisir")
    parent.fill(Nouveau_mot_de_passe=PASSWORD, Confirmez_le_nouveau_mot_de_passe=PASSWORD)
    parent.press("Enregistrer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("a été réinitialisé")
    page.goto(link)
    _see(page, "mot-de-passe-lien-perime")
    parent.log_in("celine.dupont", PASSWORD)
    expect(page).to_have_url(f"{parent.portal.address}/accueil")


def test_the_doors_that_stay_closed(
    page: Page, portal: ServedPortal, mail: MailServer, letters: dict[str, PrintedLetter]
) -> None:
    """A wrong password, a letter that is over, a browser left alone: each says what to do."""
    parent = Telephone(page, portal, mail)
    parent.log_in("celine.dupont", "BZNZ57DM")
    expect(page.get_by_role("alert")).to_contain_text("incorrect")
    _see(page, "connexion-erreur")
    picture(page, "connexion-erreur")

    portal.now = NOW.replace(year=2027, month=3)
    letter = letters["celine.dupont"]
    parent.log_in(letter.identifier, letter.password)
    expect(page.get_by_role("main")).to_contain_text("Ce courrier n'est plus valable")
    picture(page, "courrier-perime")


def test_the_whole_way_by_keyboard(
    page: Page, portal: ServedPortal, mail: MailServer, letters: dict[str, PrintedLetter]
) -> None:
    """No mouse: the tabulator reaches every field, Enter sends, errors take the focus."""
    letter = letters["celine.dupont"]
    keyboard = page.keyboard

    def write(name: str, text: str) -> None:
        tab_to(page, name)
        keyboard.type(text)

    page.goto("/connexion")
    write("Identifiant", letter.identifier)
    write("Mot de passe", letter.password)
    keyboard.press("Enter")
    page.wait_for_url("**/bienvenue")
    tab_to(page, "Gérer mon compte")
    keyboard.press("Enter")
    page.wait_for_url("**/activation")
    tab_to(page, "Activer votre compte")
    keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert "corriger" in focused(page)
    page.goto("/activation")
    write("Nouveau mot de passe", PASSWORD)
    write("Nouveau mot de passe, une seconde fois", PASSWORD)
    tab_to(page, "Adresse mail")
    keyboard.press("Control+A")
    keyboard.type(EMAIL)
    write("Adresse mail, une seconde fois", EMAIL)
    for child in page.get_by_role("group").all():
        legend = child.locator("legend").inner_text()
        write("Jour", next(DATES[name] for name in DATES if name in legend))
    tab_to(page, "Activer votre compte")
    keyboard.press("Enter")
    page.wait_for_url("**/activation/verifier")
    page.goto(Telephone(page, portal, mail).link(1, EMAIL))
    tab_to(page, "Activer mon compte")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre compte est activé")
    tab_to(page, "Se connecter")
    keyboard.press("Enter")
    page.wait_for_url("**/connexion")
    write("Identifiant", letter.identifier)
    write("Mot de passe", PASSWORD)
    keyboard.press("Enter")
    page.wait_for_url("**/accueil")
    tab_to(page, "Se déconnecter")
