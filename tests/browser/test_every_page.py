"""Every page that can be opened stands up to everything, in a state in which it is open.

A page that is added has no line here until somebody says how to get there: that fails.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, expect

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.visits import Entry
from educonnect_admin.parents.regroup_accounts import search_account
from educonnect_admin.portal.application import page_routes
from tests.browser.parent import Parent
from tests.browser.screen import look_over
from tests.browser.stage import CLIENT, Stage
from tests.portal.holders import OWN


@dataclass(frozen=True, slots=True)
class Way:
    """How to get to a page.

    Attributes:
        heading: of the page that is shown in the end.
        prepare: who must be in which state; returns the address if it is another one.
        ends: where it leads, for an address that only sends people on.
    """

    heading: str
    prepare: Callable[[Stage, BrowserContext], str | None] | None = None
    ends: str = ""


def _in(stage: Stage, context: BrowserContext) -> None:
    stage.begun()
    stage.portal.come_in(context, "nadia.moreau")


def _by_letter(stage: Stage, context: BrowserContext) -> None:
    account = stage.notified()
    letter = stage.one(f"SELECT id FROM letters WHERE account_id = {account}")
    stage.portal.come_in(context, "celine.dupont", Entry.TEMPORARY, letter_id=letter)


def _pending(stage: Stage, context: BrowserContext) -> None:
    stage.begun(state=AccountState.EMAIL_PENDING, confirmed=False)
    stage.portal.come_in(context, "nadia.moreau")


def _letter_code(stage: Stage, _context: BrowserContext) -> str:
    stage.notified()
    return f"/l/{stage.one('SELECT number FROM letters')}"


def _with_a_code(stage: Stage, context: BrowserContext) -> None:
    stage.account("celine.dupont", stage.record("Céline"))
    stage.by_sms(context)


def _with_children(stage: Stage, context: BrowserContext) -> None:
    stage.account("celine.dupont", stage.record("Céline"))
    stage.by_sms(context, code=True)


def _with_every_proof(stage: Stage, context: BrowserContext) -> None:
    stage.account("celine.dupont", stage.record("Céline"))
    stage.by_sms(context, dates=True)


def _from_franceconnect(stage: Stage, context: BrowserContext) -> None:
    stage.by_franceconnect(context)


def _confirmation(stage: Stage, _context: BrowserContext) -> str:
    account = stage.begun(state=AccountState.EMAIL_PENDING, confirmed=False)
    return stage.mail_link(account, LinkKind.ACTIVATION)


def _reset(stage: Stage, _context: BrowserContext) -> str:
    return stage.mail_link(stage.begun(), LinkKind.PASSWORD_RESET)


def _another_account(stage: Stage, context: BrowserContext) -> None:
    stage.begun()
    stage.begun("karim.moreau", "Karim")
    visitor = stage.clock.visitor(stage.portal.come_in(context, "nadia.moreau"))
    search_account(stage.means, CLIENT, visitor, identifier="karim.moreau", password=OWN)


WAYS = {
    "/": Way("Connexion", ends="/connexion"),
    "/session": Way("Votre session continue", _in),
    "/session-expiree": Way("Votre session a expiré"),
    "/aide": Way("Aide"),
    "/contact": Way("Contact"),
    "/mentions-legales": Way("Mentions légales"),
    "/accessibilite": Way("Accessibilité"),
    "/sante": Way("État du portail"),
    "/connexion": Way("Connexion"),
    "/connexion/autres-facons": Way("Les façons d'accéder à votre compte"),
    "/deconnexion": Way("Se déconnecter", _in),
    "/l/{number}": Way("Connexion", _letter_code),
    "/bienvenue": Way("Bienvenue", _by_letter),
    "/activation": Way("Activation du compte", _by_letter),
    "/activation/verifier": Way("Vérifiez vos mails", _pending),
    "/confirmation": Way("Votre compte est activé"),
    "/confirmation/{token}": Way("Activez votre compte", _confirmation),
    "/adresse-mail": Way("Votre adresse mail", _pending),
    "/inscription": Way("Je n'ai pas de compte"),
    "/inscription/code": Way("J'active mon compte", _with_a_code),
    "/inscription/enfants": Way("Je suis bien Céline DUPONT", _with_children),
    "/inscription/mot-de-passe": Way("Mon identifiant et mon mot de passe", _with_every_proof),
    "/franceconnect": Way("Connexion", ends="/connexion"),
    "/franceconnect/retour": Way("Votre identification n'a pas abouti"),
    "/franceconnect/mobile": Way("Votre numéro de téléphone mobile", _from_franceconnect),
    "/franceconnect/deconnexion": Way("Vous êtes déconnecté"),
    "/accueil": Way("Mes enfants et leurs services", _in),
    "/compte": Way("Mon compte", _in),
    "/compte/enfants": Way("Mon compte", _in),
    "/compte/mot-de-passe": Way("Modifiez votre mot de passe", _in),
    "/compte/adresse-mail": Way("Modifiez votre email", _in),
    "/compte/enfants/ajouter": Way("Recherchez le compte", _in),
    "/compte/enfants/confirmer": Way("Ajoutez tous les enfants", _another_account),
    "/identifiant-oublie": Way("Identifiant oublié"),
    "/identifiant-oublie/envoye": Way("Vérifiez vos emails !"),
    "/mot-de-passe-oublie": Way("Mot de passe oublié"),
    "/mot-de-passe-oublie/envoye": Way("Vérifiez vos emails !"),
    "/mot-de-passe-oublie/termine": Way("Votre mot de passe a été réinitialisé"),
    "/mot-de-passe/{token}": Way("Réinitialisez votre mot de passe", _reset),
}


def test_no_page_is_forgotten() -> None:
    """Each address that answers a GET has its line, and no line has lost its address."""
    assert set(WAYS) == {route.path for route in page_routes() if route.show}


@pytest.mark.parametrize("path", WAYS)
def test_a_page_stands_up_to_everything(parent: Parent, path: str) -> None:
    """No fault for axe at 360 and 1280 px, nothing beyond 320 px, and it is the page meant."""
    page, stage, way = parent.page, parent.stage, WAYS[path]
    address = way.prepare(stage, page.context) if way.prepare else None
    page.goto(address or path)

    expect(page.get_by_role("heading", level=1)).to_contain_text(way.heading)
    if address is None:
        expect(page).to_have_url(f"{stage.portal.address}{way.ends or path}")
    if not way.ends:
        look_over(page, "page" + path.replace("/", "-").translate({ord(sign): "" for sign in "{}"}))
