"""Where the ways by SMS and by FranceConnect go no further: what is said, what may be done."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dev.franceconnect.misdeeds import Misdeeds
from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.setbacks import TryKind
from tests.browser.parent import Parent
from tests.browser.stage import NAMELESS
from tests.conftest import NOW
from tests.support.franceconnect import CELINE

HOUR = timedelta(hours=1)
MOBILE = "06 12 34 56 78"


def _celine(parent: Parent) -> int:
    return parent.stage.account("celine.dupont", parent.stage.record("Céline"))


def _namesake(parent: Parent) -> None:
    """Another school knows somebody of the same names and mobile, and says nothing else."""
    record = parent.stage.second_record("Céline", email=None)
    parent.stage.account("celine.dupont1", record, state=AccountState.ACTIVE)


def _at(parent: Parent, path: str) -> None:
    expect(parent.page).to_have_url(f"{parent.stage.portal.address}{path}")


def _type_mobile(parent: Parent, mobile: str = MOBILE) -> None:
    parent.page.goto("/franceconnect/mobile")
    parent.fill(Numéro_de_mobile=mobile)
    parent.press("Continuer")


def test_homonyms_by_sms(any_parent: Parent) -> None:
    """Nobody can tell which of them it is: the school can (R-31)."""
    _celine(any_parent)
    _namesake(any_parent)
    any_parent.introduce()

    says = ("Plusieurs personnes correspondent", "Contactez l'établissement scolaire")
    any_parent.is_at_an_end("sms-homonymes", *says, steps=("Me connecter autrement",))


def test_names_tried_too_often(parent: Parent) -> None:
    """From one network, which others may share (R-6)."""
    parent.introduce("Inconnue")
    parent.stage.tried(30, NOW + HOUR)
    parent.introduce("Inconnue")

    says = ("Trop d'essais", "Réessayez dans 1 heure.", "Ce n'est pas vous ?")
    parent.is_at_an_end("sms-trop-de-noms", *says, steps=("Réessayer", "Me connecter autrement"))


def test_too_many_codes(any_parent: Parent) -> None:
    """No other one for now; the last one may still be typed (R-6, R-32)."""
    _celine(any_parent)
    any_parent.introduce()
    any_parent.stage.tried(3, NOW + HOUR, TryKind.MOBILE_HOUR)
    any_parent.press("Je n'ai pas reçu de code d'activation par SMS")
    says = ("Trop de codes ont été demandés. Réessayez dans 1 heure.", "quelques minutes")
    steps = ("Saisir le code reçu", "Me connecter autrement")
    any_parent.is_at_an_end("sms-trop-de-codes", *says, steps=steps)
    any_parent.follow("Saisir le code reçu")
    any_parent.type_code()
    _at(any_parent, "/inscription/enfants")

    any_parent.introduce()
    any_parent.is_at_an_end("sms-aucun-code", says[0], steps=("Me connecter autrement",))


def test_a_code_typed_too_often(any_parent: Parent) -> None:
    """The fifth wrong one is its end; another one is a button away (R-6)."""
    _celine(any_parent)
    any_parent.introduce()
    for _ in range(5):
        any_parent.page.goto("/inscription/code")
        any_parent.type_code(wrong=True)
    says = ("Le code a été saisi trop souvent", "Demandez un autre code")
    any_parent.is_at_an_end("sms-code-trop-souvent", *says, steps=("Recevoir un autre code",))

    any_parent.press("Recevoir un autre code")
    any_parent.type_code()
    _at(any_parent, "/inscription/enfants")


def _wrong_dates(parent: Parent, times: int) -> None:
    for _ in range(times):
        parent.type_dates(wrong=True)
        parent.press("Continuer")


def test_five_wrong_dates_by_sms(parent: Parent) -> None:
    """Never which one; then the way is over, and may begin anew (R-6, R-33)."""
    _celine(parent)
    parent.stage.by_sms(parent.page.context, code=True)
    parent.page.goto("/inscription/enfants")
    _wrong_dates(parent, 4)
    expect(parent.page.get_by_role("alert")).to_contain_text("Au moins une date")
    _wrong_dates(parent, 1)
    says = ("Trop de dates incorrectes", "rien n'a été enregistré", "directeur de l'école")
    parent.is_at_an_end("sms-cinq-dates", *says, steps=("Réessayer", "Me connecter autrement"))

    parent.follow("Réessayer")
    _at(parent, "/inscription")


def test_dates_are_closed_for_a_day(parent: Parent) -> None:
    """For the child and the account, whatever the journey (R-6)."""
    _celine(parent)
    parent.stage.by_sms(parent.page.context, code=True)
    parent.page.goto("/inscription/enfants")
    _wrong_dates(parent, 1)
    parent.stage.tried(10, NOW + 24 * HOUR)
    _wrong_dates(parent, 1)

    says = ("Trop de dates incorrectes", "Réessayez dans 24 heures.", "directeur de l'école")
    parent.is_at_an_end("sms-dates-fermees", *says, steps=("Me connecter autrement",))


def test_the_account_was_activated_otherwise(parent: Parent) -> None:
    """By its letter, in another window: nothing is lost, and the page says where to go."""
    account = _celine(parent)
    parent.stage.by_sms(parent.page.context, code=True)
    parent.stage.become(account, AccountState.ACTIVE)
    parent.page.goto("/inscription/enfants")

    says = ("Il faut recommencer", "Rien n'a été enregistré")
    parent.is_at_an_end("sms-recommencer", *says, steps=("Réessayer", "Se connecter"))


def test_no_child_is_left_to_ask_for(parent: Parent) -> None:
    """By FranceConnect an active account is found whose children have all left."""
    record = parent.stage.second_record("Céline")
    parent.stage.account("celine.durand", record, state=AccountState.ACTIVE)
    parent.stage.by_franceconnect(parent.page.context)
    _type_mobile(parent)
    parent.type_code()

    says = ("Aucun enfant rattaché", "Contactez l'établissement scolaire")
    parent.is_at_an_end("aucun-enfant", *says, steps=("Me connecter autrement",))


def test_the_provider_is_down(any_parent: Parent) -> None:
    """Before leaving, and on the way back: later, or otherwise (R-56)."""
    says = ("FranceConnect est momentanément indisponible", "dans quelques minutes")
    steps = ("S'identifier avec FranceConnect", "Me connecter autrement")
    any_parent.stage.provider.misdeeds = Misdeeds(down=True)
    any_parent.leave_for_franceconnect()
    any_parent.is_at_an_end("franceconnect-indisponible", *says, steps=steps)

    any_parent.stage.provider.misdeeds = Misdeeds(callback={"error": "server_error", "code": None})
    any_parent.leave_for_franceconnect(CELINE)
    any_parent.is_at_an_end("franceconnect-indisponible-retour", *says, steps=steps)
    any_parent.follow("Me connecter autrement")
    _at(any_parent, "/connexion/autres-facons")


def test_an_answer_that_is_not_believed(parent: Parent) -> None:
    """Of another issuer: nothing was done, and it may be tried again (R-40)."""
    parent.stage.provider.misdeeds = Misdeeds(callback={"iss": "https://example.org"})
    parent.leave_for_franceconnect(CELINE)

    says = ("Nous n'avons pas pu vérifier votre identité", "rien n'a été fait")
    steps = ("S'identifier avec FranceConnect", "Me connecter autrement")
    parent.is_at_an_end("franceconnect-refuse", *says, steps=steps)


def test_an_answer_that_comes_twice(parent: Parent) -> None:
    """The page of the answer, opened again from the history (R-40)."""
    parent.page.goto("/franceconnect/retour?code=x&state=y")

    steps = ("S'identifier avec FranceConnect", "Me connecter autrement")
    says = ("Votre identification n'a pas abouti", "Recommencez depuis le bouton")
    parent.is_at_an_end("franceconnect-deux-fois", *says, steps=steps)


def test_somebody_without_a_given_name(parent: Parent) -> None:
    """Nobody can be looked for; on a shared computer FranceConnect can be left (R-40)."""
    parent.leave_for_franceconnect(NAMELESS)

    steps = ("Me connecter autrement", "Me déconnecter de FranceConnect")
    says = "FranceConnect ne nous a pas donné votre nom et votre prénom"
    parent.is_at_an_end("franceconnect-sans-nom", says, steps=steps)


def test_an_account_that_was_closed(parent: Parent) -> None:
    """It was linked once; with the mobile another one may be found (R-62)."""
    parent.stage.link_to_franceconnect(_celine(parent), CELINE)
    account = parent.stage.one("SELECT id FROM accounts")
    parent.stage.set(account, state=AccountState.CLOSED, ended_at=NOW)
    parent.leave_for_franceconnect(CELINE)

    steps = ("Continuer avec mon numéro de mobile", "Me déconnecter de FranceConnect")
    parent.is_at_an_end("franceconnect-ferme", "Votre compte est fermé", steps=steps)
    parent.follow("Continuer avec mon numéro de mobile")
    _at(parent, "/franceconnect/mobile")


def test_homonyms_by_franceconnect(any_parent: Parent) -> None:
    """As by SMS: the school can tell, the helpdesk knows of it (R-31, R-41)."""
    _celine(any_parent)
    _namesake(any_parent)
    any_parent.stage.by_franceconnect(any_parent.page.context)
    _type_mobile(any_parent)

    says = ("Plusieurs personnes portent ce nom", "nous l'avons signalé à l'assistance")
    steps = ("Essayer un autre numéro", "Me connecter autrement")
    any_parent.is_at_an_end("franceconnect-homonymes", *says, steps=steps)


@pytest.mark.parametrize(
    ("kind", "mobile", "most", "says"),
    [
        (TryKind.GUESS, "06 99 99 99 99", 30, "Trop de numéros ont été essayés"),
        (TryKind.MOBILE_HOUR, MOBILE, 3, "Trop de codes ont été envoyés"),
    ],
)
def test_mobiles_tried_too_often(
    parent: Parent, kind: TryKind, mobile: str, most: int, says: str
) -> None:
    """Numbers that nobody has, and codes to one that somebody has (R-6)."""
    _celine(parent)
    for _ in range(2):
        parent.stage.by_franceconnect(parent.page.context)
        _type_mobile(parent, mobile)
        parent.stage.tried(most, NOW + HOUR, kind)

    wait = "Réessayez dans 1 heure."
    steps = ("Me connecter autrement", "Me déconnecter de FranceConnect")
    parent.is_at_an_end(f"franceconnect-{kind}", says, wait, steps=steps)


def test_codes_and_dates_by_franceconnect(parent: Parent) -> None:
    """«Réessayer» leads to this way's mobile; after five wrong dates to the log-in (R-32)."""
    _celine(parent)
    parent.stage.by_franceconnect(parent.page.context)
    _type_mobile(parent)
    for minutes in (19, 31):  # the telephone is looked for: the visit goes on, the code does not
        parent.stage.portal.now = NOW + timedelta(minutes=minutes)
        parent.page.goto("/inscription/code")
    parent.type_code()
    parent.is_at_an_end(
        "franceconnect-code-perime", "Le code saisi n'est plus valable", steps=("Réessayer",)
    )
    parent.follow("Réessayer")
    _at(parent, "/franceconnect/mobile")
    _type_mobile(parent)
    parent.type_code()
    _wrong_dates(parent, 5)
    parent.is_at_an_end(
        "franceconnect-cinq-dates", "Trop de dates incorrectes", steps=("Réessayer",)
    )
    parent.follow("Réessayer")
    _at(parent, "/connexion")
