"""`/connexion`: who gets in, where to, and what the others are told."""

from datetime import timedelta

import pytest

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services, clock
from educonnect_admin.portal.cookies import DEVICE, VISIT
from tests.portal.browser import Browser, words
from tests.portal.holders import OWN, TEMPORARY, Holders
from tests.portal.outgoing import queued

NEW = "noisette26"
WRONG = "L'identifiant ou le mot de passe est incorrect."


@pytest.fixture
def office(services: Services) -> Holders:
    """The three families, on both databases, their letters of today."""
    holders = Holders(services)
    holders.issued_on = clock().date()
    return holders


def _log_in(browser: Browser, identifier: str, password: str) -> str:
    answer = browser.post("/connexion", identifiant=identifier, mot_de_passe=password)
    return answer.headers["location"] if answer.is_redirect else words(answer)


@pytest.mark.parametrize("typed", ["BZNZ57DM", "bznz57dm", "bznz 57dm ", " BZNZ 57 DM"])
def test_a_letter_opens_the_activation(browser: Browser, office: Holders, typed: str) -> None:
    """Letters are in capitals, parents are not (R-3); nothing else is open (R-20)."""
    office.notified()

    assert _log_in(browser, "celine.dupont", typed) == "/bienvenue"
    assert browser.get("/accueil").headers["location"] == "/bienvenue"
    assert DEVICE not in browser.client.cookies


@pytest.mark.parametrize(
    "typed", ["Nadia.Moreau", " nadia.moreau ", "Nadia. Moreau", "nàdia.moreau"]
)
def test_an_identifier_is_read_as_telephones_write_it(
    browser: Browser, office: Holders, typed: str
) -> None:
    """Capitals, spaces and accents do not make another identifier."""
    office.begun()

    assert _log_in(browser, typed, OWN) == "/accueil"
    assert DEVICE in browser.client.cookies


def test_own_password_is_taken_as_it_is(browser: Browser, office: Holders) -> None:
    """Its holder chose capitals or not: only a letter's is forgiving."""
    office.begun()

    assert WRONG in _log_in(browser, "nadia.moreau", OWN.upper())


@pytest.mark.parametrize(
    ("state", "confirmed", "place"),
    [
        (AccountState.EMAIL_PENDING, False, "/adresse-mail"),
        (AccountState.ACTIVE, False, "/adresse-mail"),
        (AccountState.ACTIVE, True, "/accueil"),
    ],
)
def test_each_state_has_its_place(
    browser: Browser, office: Holders, state: AccountState, confirmed: bool, place: str
) -> None:
    """Whoever has not confirmed an address is asked at each log-in (R-23, §6.2)."""
    office.begun(state=state, confirmed=confirmed)

    assert _log_in(browser, "nadia.moreau", OWN) == place


def test_token_of_before_opens_nothing(browser: Browser, office: Holders) -> None:
    """The visit is another one after each log-in; whoever is in is sent where they belong."""
    office.begun()
    _log_in(browser, "nadia.moreau", OWN)
    former = browser.client.cookies[VISIT]
    assert browser.get("/connexion").headers["location"] == "/accueil"
    _log_in(browser, "nadia.moreau", OWN)

    assert browser.client.cookies[VISIT] != former
    assert office.one("SELECT count(*) FROM visits") == 1


def test_unknown_and_wrong_are_told_alike(browser: Browser, office: Holders) -> None:
    """The same page, word for word, but for what was typed (R-6)."""
    office.begun()
    known = _log_in(browser, "nadia.moreau", "marronnier5")
    unknown = _log_in(browser, "nadia.moreaux", "marronnier5")

    assert WRONG in known
    assert known == unknown
    assert office.rows("SELECT failures FROM try_counts WHERE kind = 'log_in'") == [(1,), (1,)]


def test_what_is_missing_is_asked_for(browser: Browser, office: Holders) -> None:
    """Nothing is counted; an e-mail address is not an identifier."""
    assert "Saisissez un identifiant. Saisissez un mot de passe." in _log_in(browser, "", " ")
    assert "et non votre adresse mail" in _log_in(browser, "nadia@example.fr", OWN)
    assert office.one("SELECT count(*) FROM try_counts") == 0


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (LetterEnd.EXPIRED, "Celui-ci a expiré"),
        (LetterEnd.SUPERSEDED, "Un courrier plus récent l'a remplacé"),
        (LetterEnd.USED, "un mot de passe a été choisi"),
        (LetterEnd.VOID, "Celui-ci a été annulé par l'école"),
    ],
)
def test_a_letter_that_is_over_says_why(
    browser: Browser, office: Holders, end: LetterEnd, says: str
) -> None:
    """Only after its right password (R-11); the try is not held against its holder."""
    account = office.notified()
    office.end_letter(office.one("SELECT id FROM letters"), end)
    office.give_letter(account, "WXZB2345")

    assert WRONG in _log_in(browser, "celine.dupont", "BZNZ57DN")
    said = _log_in(browser, "celine.dupont", TEMPORARY)
    assert "Ce courrier n'est plus valable" in said
    assert says in said
    assert "Contact" in said
    assert office.rows("SELECT failures FROM try_counts WHERE kind = 'log_in'") == [(1,)]
    assert _log_in(browser, "celine.dupont", "wxzb2345") == "/bienvenue"


def test_a_letter_of_an_account_in_use_is_used(browser: Browser, office: Holders) -> None:
    """Once the holder has chosen a password, it alone opens the account."""
    office.give_letter(office.begun())

    assert "un mot de passe a été choisi" in _log_in(browser, "nadia.moreau", TEMPORARY)
    assert _log_in(browser, "nadia.moreau", OWN) == "/accueil"


def test_last_day_is_the_school_s_own(browser: Browser, office: Holders) -> None:
    """Three months to the day, counted where the school is; cron has done nothing (R-11)."""
    account = office.notified()
    ago = clock().date() - timedelta(days=120)
    with office.services.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE letters SET last_day = '{ago}'")

    assert "Celui-ci a expiré" in _log_in(browser, "celine.dupont", TEMPORARY)
    assert office.state(account) == "notified"


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (AccountState.REGROUPED, "votre compte principal"),
        (AccountState.CLOSED, "Il a été fermé"),
    ],
)
def test_an_account_that_is_over_says_so_to_its_holder(
    browser: Browser, office: Holders, state: AccountState, says: str
) -> None:
    """After the right password; otherwise like any wrong one."""
    office.become(office.begun(), state)

    said = _log_in(browser, "nadia.moreau", OWN)
    assert "Ce compte ne sera plus utilisable" in said
    assert says in said
    assert VISIT not in browser.client.cookies
    assert WRONG in _log_in(browser, "nadia.moreau", "marronnier5")


def test_nothing_is_checked_while_locked(browser: Browser, office: Holders) -> None:
    """The answer is that of a wrong password, even for the right one (R-6)."""
    account = office.begun()
    for _ in range(5):
        _log_in(browser, "nadia.moreau", "marronnier5")

    assert WRONG in _log_in(browser, "nadia.moreau", OWN)
    assert office.rows("SELECT failures FROM try_counts WHERE kind = 'log_in'") == [(5,)]
    assert office.rows("SELECT failures FROM try_counts WHERE kind = 'address'") == [(5,)]
    assert office.trail("account.locked") == []
    with office.services.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE try_counts SET failures = 9, locked_until = NULL")
    _log_in(browser, "nadia.moreau", "marronnier5")
    assert [row[1:] for row in office.trail("account.locked")] == [(account, '{"tries":"log_in"}')]


def test_a_lock_is_no_weapon(services: Services, office: Holders) -> None:
    """Strangers lock an account; the browser that has opened it before still does (R-9)."""
    office.begun()
    office.begun("karim.moreau", "Karim")
    at_home, stranger = Browser(services), Browser(services)
    for identifier in ("nadia.moreau", "karim.moreau"):
        assert _log_in(at_home, identifier, OWN) == "/accueil"
        at_home.post("/deconnexion")
        for _ in range(6):
            _log_in(stranger, identifier, "marronnier5")
        assert WRONG in _log_in(stranger, identifier, OWN)

    assert _log_in(at_home, "nadia.moreau", OWN) == "/accueil"
    assert _log_in(at_home, "karim.moreau", OWN) == "/accueil"
    assert WRONG in _log_in(stranger, "nadia.moreau", OWN), "guesses from elsewhere still count"


def test_a_known_browser_has_its_own_count_and_is_told(services: Services, office: Holders) -> None:
    """Only there is the lock spoken of; elsewhere the account is as open as before."""
    office.begun()
    at_home = Browser(services)
    _log_in(at_home, "nadia.moreau", OWN)
    at_home.post("/deconnexion")
    for _ in range(5):
        assert WRONG in _log_in(at_home, "nadia.moreau", "marronnier5")

    said = _log_in(at_home, "nadia.moreau", OWN)
    assert "il est fermé pour un moment. Réessayez dans 1 minute." in said
    assert _log_in(Browser(services), "nadia.moreau", OWN) == "/accueil"


@pytest.mark.parametrize(
    "forged", ["", "AAAA", "!!", "é", "x" * 5000, "a2V5OnhYWFhYWFhYWFhYWFhYWFhYWFg="]
)
def test_a_forged_browser_is_a_stranger(sqlite_services: Services, forged: str) -> None:
    """Whatever stands in the cookie, nothing breaks and nothing is gained."""
    office = Holders(sqlite_services)
    office.begun()
    browser = Browser(sqlite_services)
    for _ in range(5):
        _log_in(browser, "nadia.moreau", "marronnier5")
    answer = browser.client.post(
        "/connexion",
        data={"identifiant": "nadia.moreau", "mot_de_passe": OWN},
        headers={b"Sec-Fetch-Site": b"same-origin", b"Cookie": f"{DEVICE}={forged}".encode()},
    )

    assert WRONG in words(answer)


def test_an_address_that_guesses_too_much_waits(browser: Browser, office: Holders) -> None:
    """A hundred wrong ones an hour, whatever the identifier; a known browser is let through."""
    office.begun()
    at_home = Browser(office.services)
    _log_in(at_home, "nadia.moreau", OWN)
    at_home.post("/deconnexion")
    _log_in(browser, "personne", "marronnier5")
    with office.services.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE try_counts SET failures = 99 WHERE kind = 'address'")
    assert WRONG in _log_in(browser, "quelqu.un", "marronnier5")

    said = _log_in(browser, "nadia.moreau", OWN)
    assert "depuis votre connexion à Internet. Réessayez dans" in said
    assert _log_in(at_home, "nadia.moreau", OWN) == "/accueil"


def test_whoever_gets_in_gives_the_address_its_try_back(browser: Browser, office: Holders) -> None:
    """A whole school behind one address logs in all day long."""
    office.begun()
    for _ in range(3):
        assert _log_in(browser, "nadia.moreau", OWN) == "/accueil"
        browser.client.cookies.clear()

    assert office.rows("SELECT failures FROM try_counts WHERE kind = 'address'") == [(0,)]
    assert office.rows("SELECT failures FROM try_counts WHERE kind = 'log_in'") == []


def test_leaving_ends_the_visit(browser: Browser, office: Holders) -> None:
    """The page asks, the button does it, and the former token opens nothing any more."""
    office.begun()
    _log_in(browser, "nadia.moreau", OWN)
    token = browser.client.cookies[VISIT]
    assert "Se déconnecter" in words(browser.get("/deconnexion"))

    answer = browser.post("/deconnexion")
    assert VISIT not in browser.client.cookies
    assert "Vous êtes déconnecté" in words(browser.follow(answer))
    browser.client.cookies.set(VISIT, token)
    assert browser.get("/accueil").headers["location"] == "/session-expiree"
    assert "Vous êtes déconnecté" in words(browser.follow(browser.post("/deconnexion")))


def test_the_other_ways_are_explained(browser: Browser, office: Holders) -> None:
    """By letter, by SMS, by FranceConnect: on the log-in page itself (R-35)."""
    said = words(browser.get("/connexion/autres-facons"))

    for way in ("Avec le courrier", "Avec votre téléphone", "Avec FranceConnect", "Identifiant"):
        assert way in said


def test_the_code_of_a_letter_fills_the_identifier_in(browser: Browser, office: Holders) -> None:
    """While the letter lives; a number that is over and one that never was are the same (R-10)."""
    office.notified()
    [(letter, number)] = office.rows("SELECT id, number FROM letters")
    assert 'value="celine.dupont"' in browser.get(f"/l/{number}").text
    assert 'value="celine.dupont"' in browser.get(f"/l/{number.lower()}").text
    office.end_letter(letter, LetterEnd.SUPERSEDED)
    over, unknown = browser.get(f"/l/{number}"), browser.get("/l/LL9999999999")

    assert over.text == unknown.text
    assert "celine" not in over.text.replace("Par exemple\u00a0: celine.dupont", "")
    assert "n'a pas pu être lu" in words(over)
    assert office.rows("SELECT failures FROM try_counts WHERE kind = 'guess'") == [(2,)]


def test_guessing_codes_ends_soon(browser: Browser, office: Holders) -> None:
    """After so many wrong ones an hour, even a right one fills nothing in (R-6)."""
    office.notified()
    number = office.one("SELECT number FROM letters")
    for guess in range(30):
        browser.get(f"/l/LL88888888{guess:02}")

    assert 'value="celine.dupont"' not in browser.get(f"/l/{number}").text


def test_former_log_in_is_remembered(browser: Browser, office: Holders) -> None:
    """A letter's is none; the second one tells when the first was (R-51)."""
    account = office.begun()
    _log_in(browser, "nadia.moreau", OWN)

    assert office.one(f"SELECT last_login_at FROM accounts WHERE id = {account}") is not None
    assert office.one("SELECT entry FROM visits") == Entry.PASSWORD


@pytest.mark.parametrize("how", ["changed", "reset"])
def test_a_new_password_makes_other_browsers_strangers(
    services: Services, office: Holders, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Whoever had the former one may have had a hundred browsers, with a count for each (R-6).

    The browser in which it was set is known: guesses do not lock its holder out (R-9).
    """
    monkeypatch.setattr(Services, "deliver", lambda _self, _ids: None)
    office.begun()
    at_home, thief = Browser(services), Browser(services)
    for browser in (at_home, thief):
        assert _log_in(browser, "nadia.moreau", OWN) == "/accueil"
    if how == "changed":
        given = {"mot_de_passe_actuel": OWN, "mot_de_passe": NEW, "confirmation": NEW}
        at_home.post("/compte/mot-de-passe", **given)
        at_home.post("/deconnexion")
    else:
        at_home = Browser(services)
        at_home.post("/mot-de-passe-oublie", identifiant="nadia.moreau")
        link = str(queued(services, MessageKind.PASSWORD_RESET)[-1][2]["link"])
        path = "/mot-de-passe/" + link.rsplit("/", 1)[-1]
        at_home.post(path, mot_de_passe=NEW, confirmation=NEW)

    for _ in range(6):
        assert WRONG in _log_in(thief, "nadia.moreau", "marronnier5")
    counted = office.rows("SELECT kind FROM try_counts WHERE failures > 1 ORDER BY kind")
    assert counted == [("address",), ("log_in",)]
    assert WRONG in _log_in(Browser(services), "nadia.moreau", NEW)
    assert _log_in(at_home, "nadia.moreau", NEW) == "/accueil"
