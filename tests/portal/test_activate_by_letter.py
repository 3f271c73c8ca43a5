"""From a letter to an account: activation, confirmation, an address that waits (R-20 to R-23)."""

import re

import httpx2 as httpx
import pytest

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.edge import Services, clock
from educonnect_admin.portal.cookies import VISIT
from tests.portal.browser import Browser, words
from tests.portal.holders import OWN, TEMPORARY, Holders
from tests.portal.outgoing import queued

WRONG_DATE = "La date de naissance saisie est incorrecte"
DATES = {"Enzo": "4/3/2020", "Léa": "06/05/2016", "Sami": "2/1/2019"}


@pytest.fixture(autouse=True)
def _mails_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let mails wait in the outbox, where they can be read."""
    monkeypatch.setattr(Services, "deliver", lambda *_: None)


@pytest.fixture
def office(services: Services) -> Holders:
    """The three families, on both databases, their letters of today."""
    holders = Holders(services)
    holders.issued_on = clock().date()
    return holders


def _outcome(answer: httpx.Response) -> str:
    return answer.headers["location"] if answer.is_redirect else words(answer)


def _come_in(browser: Browser, identifier: str = "celine.dupont", password: str = TEMPORARY) -> str:
    answer = browser.post("/connexion", identifiant=identifier, mot_de_passe=password)
    return _outcome(answer)


def _form(office: Holders, *children: str, **changed: str) -> dict[str, str]:
    dates = {f"date_{office.pupil(name)}_jour": DATES[name] for name in children}
    return {
        "mot_de_passe": OWN,
        "mot_de_passe_confirmation": OWN,
        "email": "celine@example.fr",
        "email_confirmation": "Celine@example.fr ",
        **dates,
        **changed,
    }


def _activate(browser: Browser, office: Holders, **changed: str) -> str:
    answer = browser.post("/activation", **_form(office, "Enzo", "Léa", **changed))
    return _outcome(answer)


def _links(services: Services) -> list[str]:
    mails = queued(services, MessageKind.EMAIL_TO_CONFIRM)
    return [re.sub(r"^https?://[^/]+", "", str(values["link"])) for _, _, values in mails]


def test_a_letter_becomes_an_account(browser: Browser, office: Holders) -> None:
    """The whole way of §2.3: letter, screen, mail, button, «Se connecter», home."""
    account = office.notified()
    assert _come_in(browser) == "/bienvenue"
    assert 'href="/activation"' in browser.get("/bienvenue").text
    assert "Gérer mon compte" in words(browser.get("/bienvenue"))

    page = browser.get("/activation")
    assert page.text.count('value="dupont@example.fr"') == 2, "what the school knows, twice"
    assert _activate(browser, office) == "/activation/verifier"
    assert "celine@example.fr" in words(browser.get("/activation/verifier"))
    assert office.state(account) == "email_pending"
    assert office.rows('SELECT "end", ended_at IS NULL FROM letters') == [("used", False)]
    assert browser.get("/activation").is_redirect, "the letter's visit is over"

    [link] = _links(office.services)
    assert "Activer mon compte" in words(browser.get(link))
    assert office.state(account) == "email_pending", "looking does nothing"
    done = browser.follow(browser.post(link))
    assert "Votre compte est activé" in words(done)
    assert "Se connecter" in words(done)
    assert office.rows("SELECT state, journey FROM accounts") == [("active", "letter")]
    assert office.one("SELECT activated_at = email_confirmed_at FROM accounts")
    assert _come_in(browser, password=OWN) == "/accueil"


def test_the_trail_tells_it_without_a_secret(browser: Browser, office: Holders) -> None:
    """Who, what, in which school; neither address nor date (R-63); the chain is sound."""
    account = office.notified()
    _come_in(browser)
    _activate(browser, office)
    browser.post(_links(office.services)[0])
    kinds = ("letter.ended", "account.activated", "account.email_given", "account.email_confirmed")

    assert office.trail(*kinds) == [
        (office.school, account, '{"end":"used"}'),
        (office.school, account, '{"journey":"letter"}'),
        (office.school, account, "{}"),
        (office.school, account, "{}"),
    ]
    assert office.is_sound([office.school])


def test_the_letter_is_over_once_used(browser: Browser, office: Holders) -> None:
    """Its password says so, and offers the other one."""
    office.notified()
    _come_in(browser)
    _activate(browser, office)

    assert "un mot de passe a été choisi" in _come_in(browser)
    assert _come_in(browser, password=OWN) == "/adresse-mail"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"mot_de_passe": ""}, "Saisissez un mot de passe."),
        ({"mot_de_passe": "tilleul"}, "trop court"),
        ({"mot_de_passe": "azerty123"}, "trop courant"),
        ({"mot_de_passe": "CelineDupont"}, "au moins un chiffre"),
        ({"mot_de_passe": "bznz57dm", "mot_de_passe_confirmation": "bznz57dm"}, "du courrier"),
        ({"mot_de_passe_confirmation": "tilleul8"}, "ne sont pas identiques"),
        ({"email": "celine"}, "n'est pas valable"),
        ({"email": ""}, "Saisissez une adresse mail."),
        ({"email_confirmation": ""}, "une seconde fois"),
        ({"email_confirmation": "jean@example.fr"}, "ne sont pas identiques"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(
    sqlite_services: Services, changed: dict[str, str], says: str
) -> None:
    """What was typed stays, passwords and dates apart; no birth date was judged."""
    office = Holders(sqlite_services)
    office.issued_on = clock().date()
    account, browser = office.notified(), Browser(sqlite_services)
    _come_in(browser)
    answer = browser.post("/activation", **_form(office, "Enzo", "Léa", **changed))

    assert answer.status_code == 422
    assert says in words(answer)
    assert f'value="{changed.get("email", "celine@example.fr")}"' in answer.text
    assert OWN not in answer.text
    assert "2016" not in answer.text
    assert office.state(account) == "notified"
    assert office.one("SELECT count(*) FROM try_counts WHERE kind = 'birth_date'") == 0


def test_an_only_child_s_date_is_told_beside_it(browser: Browser, office: Holders) -> None:
    """With the advice of §6.1; after a correction at the desk the same letter goes on."""
    account = office.notified("nadia.moreau", "Nadia")
    _come_in(browser, "nadia.moreau")
    wrong = {f"date_{office.pupil('Sami')}_jour": "3/1/2019"}
    said = words(browser.post("/activation", **_form(office, "Sami", **wrong)))

    assert said.count(WRONG_DATE) == 2, "on top, and beside the field"
    assert "contactez le directeur d'école" in said
    assert office.state(account) == "notified"
    assert browser.post("/activation", **_form(office, "Sami")).is_redirect


def test_which_date_is_wrong_is_never_said(browser: Browser, office: Holders) -> None:
    """With several children, the page is the same whichever it is (R-6)."""
    office.notified()
    _come_in(browser)
    wrong = [
        _activate(browser, office, **{f"date_{office.pupil(name)}_jour": "1/1/2018"})
        for name in ("Enzo", "Léa")
    ]

    assert WRONG_DATE in wrong[0]
    assert wrong[0] == wrong[1]


def test_missing_and_impossible_dates_are_asked_for(browser: Browser, office: Holders) -> None:
    """They are not judged, and do not count."""
    office.notified()
    _come_in(browser)
    said = _activate(
        browser,
        office,
        **{
            f"date_{office.pupil('Enzo')}_jour": "",
            f"date_{office.pupil('Léa')}_jour": "31/2/2016",
        },
    )

    assert "Saisissez la date de naissance de Enzo DUPONT." in said
    assert "La date saisie pour Léa DUPONT n'existe pas" in said
    assert office.one("SELECT count(*) FROM try_counts WHERE kind = 'birth_date'") == 0


def test_five_wrong_dates_end_the_journey_ten_the_day(browser: Browser, office: Holders) -> None:
    """The letter stays valid; the desk sees the lock, and the right date does not help (R-6)."""
    account = office.notified("nadia.moreau", "Nadia")
    wrong = _form(office, "Sami", **{f"date_{office.pupil('Sami')}_jour": "3/1/2019"})
    for _ in range(2):
        _come_in(browser, "nadia.moreau")
        for _ in range(4):
            assert WRONG_DATE in words(browser.post("/activation", **wrong))
        last = words(browser.post("/activation", **wrong))
        assert "Trop de dates incorrectes" in last
        assert browser.get("/activation").is_redirect

    assert _come_in(browser, "nadia.moreau") == "/bienvenue"
    said = words(browser.post("/activation", **_form(office, "Sami")))
    assert "Réessayez dans 24 heures" in said
    assert office.trail("account.locked") == [
        (office.school, account, '{"tries":"birth_date"}'),
    ]
    assert office.state(account) == "notified"


def test_a_letter_that_ends_meanwhile_activates_nothing(browser: Browser, office: Holders) -> None:
    """A newer one was printed between the log-in and the button (R-12)."""
    account = office.notified()
    _come_in(browser)
    office.end_letter(office.one("SELECT id FROM letters"), LetterEnd.SUPERSEDED)
    office.give_letter(account, "WXZB2345")

    assert "Un courrier plus récent l'a remplacé" in _activate(browser, office)
    assert office.state(account) == "notified"
    assert office.rows('SELECT "end" FROM letters ORDER BY id') == [("superseded",), (None,)]


def test_a_child_added_meanwhile_is_asked_for_too(browser: Browser, office: Holders) -> None:
    """A proof that leaves one out proves nothing; nothing is counted."""
    office.notified()
    _come_in(browser)
    form = _form(office, "Enzo", "Léa")
    office.answer_for(office.record("Céline"), office.pupil("Sami"))
    said = words(browser.post("/activation", **form))

    assert "Saisissez la date de naissance de Sami MOREAU." in said
    assert browser.post("/activation", **_form(office, "Enzo", "Léa", "Sami")).is_redirect


def test_without_a_child_there_is_no_way(browser: Browser, office: Holders) -> None:
    """The page says whom to ask (R-56)."""
    office.notified()
    _come_in(browser)
    with office.services.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE enrolments SET ended_on = '2026-10-01'")

    for answer in (browser.get("/activation"), browser.post("/activation")):
        assert "Aucun enfant rattaché" in words(answer)
        assert "Contact" in words(answer)


def test_nothing_else_is_open_before(browser: Browser, office: Holders) -> None:
    """Neither by the letter (R-20) nor while the address is not confirmed (R-23)."""
    office.notified()
    _come_in(browser)
    assert browser.get("/compte").headers["location"] == "/bienvenue"
    assert browser.get("/adresse-mail").headers["location"] == "/bienvenue"
    _activate(browser, office)
    _come_in(browser, password=OWN)

    assert browser.get("/accueil").headers["location"] == "/adresse-mail"
    assert browser.get("/activation").headers["location"] == "/adresse-mail"


def test_a_corrected_address_gets_the_link_and_the_former_one_is_over(
    browser: Browser, office: Holders
) -> None:
    """§6.2: check, correct, send; the correction is typed twice, the same one is not."""
    office.notified()
    _come_in(browser)
    _activate(browser, office)
    [first] = _links(office.services)
    _come_in(browser, password=OWN)
    assert 'value="celine@example.fr"' in browser.get("/adresse-mail").text
    said = words(browser.post("/adresse-mail", email="c.dupont@example.fr"))
    assert "Saisissez l'adresse mail une seconde fois." in said

    corrected = {"email": "c.dupont@example.fr", "email_confirmation": "C.dupont@example.fr"}
    sent = browser.follow(browser.post("/adresse-mail", **corrected))
    assert "Un mail vient de partir à c.dupont@example.fr" in words(sent)
    assert "Une autre demande l'a remplacé" in words(browser.get(first))
    assert "Une autre demande l'a remplacé" in words(browser.post(first))
    assert browser.post("/adresse-mail", email="c.dupont@example.fr").is_redirect
    *_, last = _links(office.services)
    assert "Votre compte est activé" in words(browser.follow(browser.post(last)))
    assert office.one("SELECT email FROM accounts") == "c.dupont@example.fr"
    assert "Accéder à mon portail" in words(browser.get("/confirmation"))
    assert browser.get("/adresse-mail").is_redirect
    assert len(office.trail("account.email_given")) == 2


def test_mails_are_not_sent_without_end(browser: Browser, office: Holders) -> None:
    """Five an hour, whoever would receive them (R-6)."""
    office.begun(state=AccountState.EMAIL_PENDING, confirmed=False)
    _come_in(browser, "nadia.moreau", OWN)
    for _ in range(5):
        assert browser.post("/adresse-mail", email="nadia@example.fr").is_redirect

    said = words(browser.post("/adresse-mail", email="nadia@example.fr"))
    assert "Plusieurs mails ont déjà été envoyés." in said
    assert "Contact" in said
    assert len(_links(office.services)) == 1, "only the last link waits"


@pytest.mark.parametrize("email", ["nadia@example.fr", None])
def test_an_active_account_may_go_on_without(
    browser: Browser, office: Holders, email: str | None
) -> None:
    """Registered by SMS: asked at each log-in, never kept out (§6.2)."""
    office.begun(confirmed=False, email=email)
    assert _come_in(browser, "nadia.moreau", OWN) == "/adresse-mail"
    page = browser.get("/adresse-mail")
    assert 'href="/accueil"' in page.text
    assert browser.get("/accueil").status_code == 200

    sent = browser.post("/adresse-mail", email="n@example.fr", email_confirmation="n@example.fr")
    assert sent.headers["location"] == "/adresse-mail?fait=envoye"
    assert "Un mail vient de partir à n@example.fr" in words(browser.follow(sent))
    [(_, to, values)] = queued(office.services, MessageKind.EMAIL_CHANGE)
    assert to == "n@example.fr"
    link = re.sub(r"^https?://[^/]+", "", str(values["link"]))
    assert "Votre adresse mail est confirmée" in words(browser.follow(browser.post(link)))
    assert browser.get("/adresse-mail").is_redirect


def test_a_link_serves_once(browser: Browser, office: Holders) -> None:
    """Used, or cut by a mail program: each says what to do, and does nothing."""
    office.notified()
    _come_in(browser)
    _activate(browser, office)
    [link] = _links(office.services)
    browser.post(link)

    for answer in (browser.get(link), browser.post(link)):
        assert "Ce lien a déjà servi" in words(answer)
    for answer in (browser.get(link[:-3]), browser.post(link[:-3])):
        assert answer.status_code == 404
        assert "Ce lien n'est pas valable" in words(answer)


def test_a_link_of_before_a_new_letter_confirms_nothing(browser: Browser, office: Holders) -> None:
    """Whoever held the former letter may have typed that address (R-13)."""
    account = office.notified()
    _come_in(browser)
    _activate(browser, office)
    [link] = _links(office.services)
    office.become(account, AccountState.NOTIFIED)

    assert "Ce lien n'est plus valable" in words(browser.post(link))
    assert office.state(account) == "notified"


@pytest.mark.parametrize("end", [LetterEnd.VOID, LetterEnd.SUPERSEDED])
def test_a_letter_that_ends_meanwhile_shows_nobody(
    browser: Browser, office: Holders, end: LetterEnd
) -> None:
    """A newer one voids it at the same instant, for whoever is in by it too (R-12)."""
    office.notified()
    _come_in(browser)
    [(letter_id,)] = office.rows("SELECT id FROM letters")
    office.end_letter(letter_id, end)

    said = words(browser.get("/activation"))

    assert "Ce courrier n'est plus valable" in said
    assert "Enzo" not in said
    assert "dupont@example.fr" not in browser.get("/activation").text
    assert VISIT not in browser.client.cookies
