"""Where a log-in, a letter, a link or a search goes no further: what is said, what may be done."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.visits import Entry
from tests.browser.parent import Parent
from tests.browser.screen import focused, is_scriptless
from tests.conftest import NOW
from tests.portal.holders import OWN, TEMPORARY

WRONG = "marronnier5"
HOUR = timedelta(hours=1)


def _errors(parent: Parent, sentence: str) -> None:
    """The list on top has the focus; without scripts it is an alert, read out as well."""
    expect(parent.page.get_by_role("alert")).to_contain_text(sentence)
    assert is_scriptless(parent.page) or sentence in focused(parent.page)


def test_a_delay_reads_like_a_wrong_password(any_parent: Parent) -> None:
    """Even the right one is refused, in the very same words; a little later it opens (R-6)."""
    account = any_parent.stage.begun()
    any_parent.stage.tries(account, failures=5, locked_until=NOW + timedelta(minutes=1))
    any_parent.log_in("nadia.moreau", OWN)
    _errors(any_parent, "L'identifiant ou le mot de passe est incorrect.")
    expect(any_parent.page.get_by_role("alert")).to_contain_text("attendre quelques minutes")
    steps = ("Mot de passe oublié ?", "Identifiant oublié ?", "Je n'ai pas de compte")
    any_parent.is_at_an_end("connexion-delai", steps=steps)

    any_parent.stage.portal.now = NOW + timedelta(minutes=2)
    any_parent.log_in("nadia.moreau", OWN)
    expect(any_parent.page).to_have_url(f"{any_parent.stage.portal.address}/accueil")


def test_a_known_browser_is_told_of_its_lock(any_parent: Parent) -> None:
    """It has opened the account before, so nothing is given away (R-9)."""
    any_parent.stage.begun()
    any_parent.log_in("nadia.moreau", OWN)
    any_parent.press("Se déconnecter")
    any_parent.log_in("nadia.moreau", WRONG)
    _errors(any_parent, "L'identifiant ou le mot de passe est incorrect.")
    any_parent.stage.tried(10, NOW + HOUR)
    any_parent.log_in("nadia.moreau", OWN)
    _errors(any_parent, "Trop de mots de passe incorrects pour ce compte")

    any_parent.is_at_an_end("connexion-verrou", "Réessayez dans 1 heure.")


def test_a_network_that_tried_too_much_waits(any_parent: Parent) -> None:
    """Whatever the account, and it is said whose fault it may be (R-6)."""
    any_parent.log_in("quelqu.un", WRONG)
    any_parent.stage.tried(100, NOW + HOUR)
    any_parent.log_in("quelqu.une", WRONG)
    _errors(any_parent, "depuis votre connexion à Internet")

    any_parent.is_at_an_end("connexion-reseau", "Réessayez dans 1 heure.")


@pytest.mark.parametrize(
    ("end", "says", "steps"),
    [
        (LetterEnd.EXPIRED, "Celui-ci a expiré", ("Créer mon accès par SMS",)),
        (LetterEnd.VOID, "annulé par l'école", ("Voir les autres façons",)),
        (LetterEnd.USED, "Il a déjà servi", ("Se connecter", "Mot de passe oublié ?")),
        (LetterEnd.SUPERSEDED, "plus récent", ("Se connecter avec un autre courrier",)),
        (LetterEnd.REGROUPED, "regroupé", ("Se connecter", "Identifiant oublié ?")),
        (LetterEnd.CLOSED, "fermé", ("Se connecter avec un autre compte",)),
    ],
)
def test_a_letter_that_is_over(
    parent: Parent, end: LetterEnd, says: str, steps: tuple[str, ...]
) -> None:
    """«Ce courrier n'est plus valable», and the advice that fits its end (R-11)."""
    parent.stage.notified()
    parent.stage.end_letter(parent.stage.one("SELECT id FROM letters"), end)
    parent.log_in("celine.dupont", TEMPORARY)

    parent.is_at_an_end(f"courrier-{end}", "Ce courrier n'est plus valable", says, steps=steps)


@pytest.mark.parametrize(
    ("state", "says", "steps"),
    [
        (AccountState.REGROUPED, "votre compte principal", ("Identifiant oublié ?",)),
        (AccountState.CLOSED, "Il a été fermé", ("Se connecter avec un autre compte",)),
    ],
)
def test_an_account_that_is_over(
    parent: Parent, state: AccountState, says: str, steps: tuple[str, ...]
) -> None:
    """«Ce compte ne sera plus utilisable», to whoever has its password (R-50)."""
    parent.stage.become(parent.stage.begun(), state)
    parent.log_in("nadia.moreau", OWN)

    title = "Ce compte ne sera plus utilisable"
    parent.is_at_an_end(f"compte-{state}", title, says, steps=steps)


def test_a_code_of_a_letter_that_is_unknown(parent: Parent) -> None:
    """The letter can still be copied by hand (R-10)."""
    parent.page.goto("/l/LL9999999999")

    parent.is_at_an_end("courrier-code", "n'a pas pu être lu", steps=("Se connecter",))


def _activate(parent: Parent, *, wrong: bool = True) -> None:
    parent.page.goto("/activation")
    for name, value in (("Nouveau mot de passe", OWN), ("Adresse mail", "celine@example.fr")):
        parent.fill(**{name.replace(" ", "_"): value})
        parent.page.get_by_label(f"{name}, une seconde fois").fill(value)
    parent.type_dates(wrong=wrong)
    parent.press("Activer votre compte")


def _by_letter(parent: Parent) -> None:
    parent.stage.notified()
    parent.stage.portal.come_in(
        parent.page.context,
        "celine.dupont",
        Entry.TEMPORARY,
        letter_id=parent.stage.one("SELECT id FROM letters"),
    )


def test_five_wrong_dates_by_letter(parent: Parent) -> None:
    """The letter still lives, whoever typed them is out (R-6, R-21)."""
    _by_letter(parent)
    for _ in range(5):
        _activate(parent)
    says = ("Trop de dates incorrectes", "votre courrier reste valable", "directeur d'école")
    parent.is_at_an_end("activation-cinq-dates", *says, steps=("Se connecter",))

    parent.follow("Se connecter")
    expect(parent.page).to_have_url(f"{parent.stage.portal.address}/connexion")
    parent.log_in("celine.dupont", TEMPORARY)
    expect(parent.page).to_have_url(f"{parent.stage.portal.address}/bienvenue")


def test_dates_are_closed_for_a_day(parent: Parent) -> None:
    """Until when, and what may be done in the meantime (R-6)."""
    _by_letter(parent)
    _activate(parent)
    expect(parent.page.get_by_role("alert")).to_contain_text(
        "La date de naissance saisie est incorrecte"
    )
    parent.stage.tried(10, NOW + 24 * HOUR)
    _activate(parent, wrong=False)

    says = ("Réessayez dans 24 heures", "directeur d'école")
    parent.is_at_an_end("activation-dates-fermees", *says, steps=("Se connecter",))


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("expire", "Il n'était valable qu'une heure."),
        ("remplace", "Un autre mail l'a remplacé"),
        ("inconnu", "copiez-la en entier"),
    ],
)
def test_a_link_to_a_password_that_is_over(parent: Parent, what: str, says: str) -> None:
    """Why, and the way to another one (R-55)."""
    account = parent.stage.begun()
    link = parent.stage.mail_link(account, LinkKind.PASSWORD_RESET)
    if what == "expire":
        parent.stage.portal.now += HOUR
    elif what == "remplace":
        parent.stage.mail_link(account, LinkKind.PASSWORD_RESET)
    parent.page.goto(link + ("x" if what == "inconnu" else ""))

    steps = ("Recommencer", "Se connecter")
    parent.is_at_an_end(f"mot-de-passe-lien-{what}", "Ce lien ne marche plus", says, steps=steps)


@pytest.mark.parametrize(
    ("what", "says", "step"),
    [
        ("expire", "votre adresse mail n'a pas changé", "Se connecter"),
        ("remplace", "Une autre demande l'a remplacé", "Se connecter"),
        ("connecte", "votre adresse mail n'a pas changé", "Recevoir un autre mail"),
        ("regroupe", "Ce compte a été regroupé", "Identifiant oublié ?"),
    ],
)
def test_a_link_to_an_address_that_is_over(parent: Parent, what: str, says: str, step: str) -> None:
    """The former address stays; whoever is in is one step from another mail (R-53)."""
    account = parent.stage.begun()
    link = parent.stage.mail_link(account, LinkKind.EMAIL_CHANGE, "n@example.org")
    if what == "remplace":
        parent.stage.mail_link(account, LinkKind.EMAIL_CHANGE, "m@example.org")
    elif what == "regroupe":
        parent.stage.become(account, AccountState.REGROUPED)
    else:
        parent.stage.portal.now += timedelta(days=3)
    if what == "connecte":
        parent.stage.portal.come_in(parent.page.context, "nadia.moreau")
    parent.page.goto(link)

    parent.is_at_an_end(f"adresse-lien-{what}", says, steps=(step,))


def test_a_browser_left_alone(any_parent: Parent) -> None:
    """Twenty minutes later, whatever was asked for: the way back in."""
    any_parent.stage.begun()
    any_parent.stage.portal.come_in(any_parent.page.context, "nadia.moreau")
    any_parent.page.goto("/compte")
    any_parent.stage.portal.now += timedelta(minutes=21)
    any_parent.page.goto("/compte/mot-de-passe")

    expect(any_parent.page).to_have_url(f"{any_parent.stage.portal.address}/session-expiree")
    steps = ("Se connecter", "Aide")
    any_parent.is_at_an_end("session-expiree", "Votre session a expiré", steps=steps)


def _letter_of_last_spring(parent: Parent, account: int) -> None:
    parent.stage.give_letter(account, created_on=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("state", "password", "says", "advice"),
    [
        (AccountState.NOTIFIED, TEMPORARY, "n'est plus valable", "Demandez-en un nouveau"),
        (AccountState.EMAIL_PENDING, OWN, "pas encore confirmée", "le lien du courriel"),
        (AccountState.CLOSED, OWN, "Ce compte est fermé", "adressez-vous à son école"),
        (AccountState.REGROUPED, OWN, "déjà été regroupé", "de cet autre compte"),
        (AccountState.ACTIVE, WRONG, "est incorrect", "du courrier de notification"),
    ],
)
def test_an_account_that_cannot_be_added(
    parent: Parent, state: AccountState, password: str, says: str, advice: str
) -> None:
    """A clear refusal, what to do, and what was typed but for the password (R-50)."""
    parent.stage.begun()
    other = parent.stage.begun("karim.moreau", "Karim", state=state)
    if state is AccountState.NOTIFIED:
        _letter_of_last_spring(parent, other)
    parent.stage.portal.come_in(parent.page.context, "nadia.moreau")
    parent.page.goto("/compte/enfants/ajouter")
    parent.fill(Identifiant="karim.moreau", Mot_de_passe=password)
    parent.press("Rechercher")

    _errors(parent, says)
    expect(parent.page.get_by_label("Identifiant", exact=True)).to_have_value("karim.moreau")
    expect(parent.page.get_by_label("Mot de passe", exact=True)).to_have_value("")
    parent.is_at_an_end(f"regrouper-{state}", advice, steps=("Rechercher", "Annuler"))


def test_accounts_are_not_guessed_from_within(any_parent: Parent) -> None:
    """Searching counts as logging in: from a network that tried too much, nothing is looked at."""
    any_parent.stage.begun()
    any_parent.stage.begun("karim.moreau", "Karim")
    any_parent.stage.portal.come_in(any_parent.page.context, "nadia.moreau")
    for password in (WRONG, OWN):
        any_parent.page.goto("/compte/enfants/ajouter")
        any_parent.fill(Identifiant="karim.moreau", Mot_de_passe=password)
        any_parent.press("Rechercher")
        any_parent.stage.tried(100, NOW + HOUR)

    _errors(any_parent, "Trop de mots de passe incorrects. Réessayez dans 1 heure.")
    any_parent.is_at_an_end("regrouper-trop", steps=("Annuler",))


@pytest.mark.parametrize(
    ("path", "field", "typed", "unknown"),
    [
        ("/identifiant-oublie", "Adresse mail", "inconnue@example.fr", "n'est pas reconnue"),
        ("/mot-de-passe-oublie", "Identifiant", "quelqu.un", "n'est pas reconnu"),
    ],
)
def test_nobody_is_found_and_too_often(
    any_parent: Parent, path: str, field: str, typed: str, unknown: str
) -> None:
    """First with what may be tried; after too many guesses with the time to wait (R-54, R-55)."""
    name = path.strip("/")
    for guesses in (1, 2):
        any_parent.page.goto(path)
        any_parent.fill(**{field.replace(" ", "_"): typed})
        any_parent.press("Envoyer")
        if guesses == 1:
            _errors(any_parent, unknown)
            steps = ("Je n'ai pas de compte", "Envoyer")
            any_parent.is_at_an_end(f"{name}-inconnu", "Que faire ?", steps=steps)
            any_parent.stage.tried(30, NOW + HOUR)
    says = "cette page est fermée pour un moment. Réessayez dans 1 heure."
    steps = ("Réessayer", "Revenir à la connexion")

    any_parent.is_at_an_end(f"{name}-trop", "Trop d'essais", says, steps=steps)
