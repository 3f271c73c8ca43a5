"""`/inscription`: the journey by SMS as a browser has it (§2.2, R-30 to R-35)."""

import re
from datetime import datetime, timedelta
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import update

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.people import Guardian
from educonnect_admin.edge import Services, clock
from educonnect_admin.gateways.hashing import Argon2Vault
from educonnect_admin.portal import seam
from educonnect_admin.portal.prove import masked
from tests.office.desk.desk import Office
from tests.parents.portal_office import last_code, messages
from tests.portal.browser import Browser, words

CELINE = {"nom": "Dupont", "prenom": "céline", "mobile": "06 12 34 56 78"}
PASSWORD = "Cerise42bleue"


@pytest.fixture(autouse=True)
def _nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is posted stays in the outbox, where the test reads it."""
    monkeypatch.setattr(Services, "deliver", lambda _self, _ids: None)


class Parent(Browser):
    """Céline, whose account awaits her, in front of her browser."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.office = Office(services)
        self.account = self.office.account("celine.dupont", self.office.record("Céline"))
        self.enzo, self.lea = self.office.pupil("Enzo"), self.office.pupil("Léa")

    def begin(self, **changes: str) -> httpx.Response:
        """Give names and mobile."""
        return self.post("/inscription", **{**CELINE, **changes})

    def give_code(self, code: str | None = None) -> httpx.Response:
        """Type a code; the right one unless told."""
        return self.post("/inscription/code", code=code or last_code(self.services))

    def give_dates(self, **changes: str) -> httpx.Response:
        """Type the birth dates; the right ones unless told, by the child's name."""
        typed = {"enzo": "4/3/2020", "lea": "06/05/2016", **changes}
        fields = {}
        for name, pupil in (("enzo", self.enzo), ("lea", self.lea)):
            fields[f"date_{pupil}_jour"] = typed[name]
            fields[f"date_{pupil}_mois"] = fields[f"date_{pupil}_annee"] = ""
        return self.post("/inscription/enfants", **fields)

    def give_password(self, password: str = PASSWORD, again: str | None = None) -> httpx.Response:
        """Choose a password."""
        return self.post(
            "/inscription/mot-de-passe",
            mot_de_passe=password,
            confirmation=password if again is None else again,
        )

    def change(self, table: Any, **values: Any) -> None:
        """Let something change meanwhile."""
        with self.services.transaction() as session:
            session.execute(update(table).values(**values))


@pytest.fixture
def parent(services: Services) -> Parent:
    """On both databases."""
    return Parent(services)


@pytest.fixture
def celine(sqlite_services: Services) -> Parent:
    """On SQLite, for what does not depend on the database."""
    return Parent(sqlite_services)


def test_the_whole_way_in_the_words_of_the_guide(parent: Parent) -> None:
    """From «Je n'ai pas de compte» to the first page, one step after the other."""
    assert "Je ne souhaite pas utiliser de téléphone portable" in words(parent.get("/inscription"))
    answer = parent.begin()
    assert (answer.status_code, answer.headers["location"]) == (303, "/inscription/code")
    said = words(parent.get("/inscription/code"))
    assert "06 •• •• •• 78" in said
    assert "12 34 56" not in said
    assert "Je n'ai pas reçu de code d'activation par SMS" in said

    assert parent.give_code().headers["location"] == "/inscription/enfants"
    said = words(parent.get("/inscription/enfants"))
    assert "Je suis bien Céline DUPONT" in said
    assert "Je confirme le rattachement à mon compte des enfants suivants :" in said
    assert "École Charlemagne, Alençon" in said
    assert "Léa DUPONT : date de naissance" in said
    assert "2016" not in said

    assert parent.give_dates().headers["location"] == "/inscription/mot-de-passe"
    said = words(parent.get("/inscription/mot-de-passe"))
    assert "Je prends note de mon identifiant celine.dupont" in said
    assert "…et je le confirme en le saisissant à nouveau" in said
    answer = parent.give_password()
    assert answer.headers["location"] == "/accueil"
    assert "Léa DUPONT" in words(parent.follow(answer))
    assert parent.office.state(parent.account) == "active"


def test_the_fields_help_the_telephone(celine: Parent) -> None:
    """It fills names and number in, shows digits, and hands the code over (WCAG 1.3.5)."""
    page = celine.get("/inscription").text
    for name, purpose in (("nom", "family-name"), ("prenom", "given-name"), ("mobile", "tel")):
        assert re.search(rf'name="{name}"[^>]*autocomplete="{purpose}"', page)
    assert 'inputmode="tel"' in page
    celine.begin()
    assert 'autocomplete="one-time-code"' in celine.get("/inscription/code").text


def test_what_is_missing_is_said_beside_its_field(celine: Parent) -> None:
    """And what was typed stays."""
    answer = celine.begin(prenom="", mobile="02 33 12 34 56")

    assert answer.status_code == 422
    said = words(answer)
    assert "Saisissez votre prénom." in said
    assert "Ce numéro n'est pas celui d'un mobile." in said
    assert 'value="Dupont"' in answer.text
    assert 'value="02 33 12 34 56"' in answer.text
    assert messages(celine.services) == []


def test_a_wrong_mobile_and_a_wrong_name_read_alike(parent: Parent) -> None:
    """Nobody learns that the name is known (§2.2.3.1); only the desk does."""
    mobile = parent.begin(mobile="06 99 99 99 99")
    name = parent.begin(nom="Dupond", mobile="06 99 99 99 99")

    assert mobile.status_code == name.status_code == 422
    assert mobile.text.replace("Dupont", "") == name.text.replace("Dupond", "")
    assert "ne permettent pas de poursuivre l'auto-inscription par SMS" in words(name)
    assert "contactez votre établissement scolaire" in words(name)
    assert dict(mobile.headers) == dict(name.headers)
    assert parent.office.rows("SELECT account_id FROM setbacks") == [(parent.account,)]


def test_an_active_account_is_sent_to_the_log_in(celine: Parent) -> None:
    """With what helps when it is forgotten (§2.2.3.2)."""
    celine.change(Account, state=AccountState.ACTIVE)
    said = words(celine.begin())

    assert "Votre compte est déjà activé" in said
    assert "Se connecter" in said
    assert messages(celine.services) == []


def test_homonyms_are_sent_to_the_school(celine: Parent) -> None:
    """Nobody can tell who of them it is (R-31)."""
    record = celine.office.second_record("Céline", email=None)
    celine.office.account("celine.dupont1", record, state=AccountState.ACTIVE)
    said = words(celine.begin())

    assert "Contactez l'établissement scolaire" in said
    assert "Contact" in said
    assert messages(celine.services) == []


def test_a_wrong_code_is_a_page_with_its_way_back(parent: Parent) -> None:
    """«Réessayer» asks for the code again (§2.2.4.2)."""
    parent.begin()
    wrong = f"{(int(last_code(parent.services)) + 1) % 1_000_000:06}"
    answer = parent.give_code(wrong)

    assert "J'active mon compte" in words(answer)
    assert "Le code saisi est incorrect. Veuillez le saisir à nouveau." in words(answer)
    assert re.search(r'href="/inscription/code">Réessayer', answer.text)
    assert parent.give_code().headers["location"] == "/inscription/enfants"


def test_the_fifth_wrong_code_asks_for_another(celine: Parent) -> None:
    """The page offers it at once."""
    celine.begin()
    answers = [celine.give_code("x") for _ in range(5)]

    assert "Le code saisi est incorrect" in words(answers[3])
    assert "Recevoir un autre code" in words(answers[4])
    assert (
        celine.post("/inscription/code/nouveau").headers["location"].startswith("/inscription/code")
    )
    assert celine.give_code().headers["location"] == "/inscription/enfants"


@pytest.mark.parametrize(("minutes", "is_good"), [(29, True), (30, False), (44, False)])
def test_a_code_may_be_typed_for_half_an_hour(
    celine: Parent, monkeypatch: pytest.MonkeyPatch, minutes: int, is_good: bool
) -> None:
    """The visit waits for it longer than other visits do; then «Réessayer» (§2.2.4.1)."""
    began = clock()
    monkeypatch.setattr(seam, "clock", lambda: began)
    celine.begin()
    monkeypatch.setattr(seam, "clock", lambda: began + timedelta(minutes=minutes))
    answer = celine.give_code()

    if is_good:
        assert answer.headers["location"] == "/inscription/enfants"
    else:
        assert "Le code saisi n'est plus valable" in words(answer)
        assert re.search(r'href="/inscription">Réessayer', answer.text)


def test_after_an_hour_the_visit_is_over(celine: Parent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept for whoever comes next."""
    began: datetime = clock()
    monkeypatch.setattr(seam, "clock", lambda: began)
    celine.begin()
    monkeypatch.setattr(seam, "clock", lambda: began + timedelta(minutes=46))

    assert celine.get("/inscription/code").headers["location"] == "/session-expiree"


def test_another_code_is_sent_three_times_an_hour(celine: Parent) -> None:
    """Then the page says from when on, and where to type the one that came (R-6)."""
    celine.begin()
    answers = [celine.post("/inscription/code/nouveau") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert "Un nouveau code vient d'être envoyé" in words(celine.follow(answers[0]))
    assert "Réessayez dans" in words(answers[2])
    assert celine.give_code().headers["location"] == "/inscription/enfants"


@pytest.mark.parametrize(
    ("page", "to"),
    [
        ("/inscription/enfants", "/inscription/code"),
        ("/inscription/mot-de-passe", "/inscription/code"),
    ],
)
def test_a_later_page_sends_back_to_the_step_that_lacks(celine: Parent, page: str, to: str) -> None:
    """By its address or by a form that was made up."""
    celine.begin()

    assert celine.get(page).headers["location"] == to
    celine.give_dates()
    assert celine.give_password().headers["location"] == to
    assert celine.office.state(celine.account) == "notified"


@pytest.mark.parametrize(
    "page", ["/inscription/code", "/inscription/enfants", "/inscription/mot-de-passe"]
)
def test_nobody_is_sent_to_where_they_begin(sqlite_browser: Browser, page: str) -> None:
    """A bookmark of a page in the middle."""
    assert sqlite_browser.get(page).headers["location"] == "/connexion"


def test_whoever_is_in_needs_no_account(celine: Parent) -> None:
    """They are sent home, from every page of the journey."""
    celine.change(Account, state=AccountState.ACTIVE)
    celine.come_in("celine.dupont")

    for page in ("/inscription", "/inscription/code", "/inscription/mot-de-passe"):
        assert celine.get(page).headers["location"] == "/accueil"
    assert celine.begin().headers["location"] == "/accueil"


def test_a_wrong_date_never_says_which(celine: Parent) -> None:
    """Of two children; the dates are gone from the page (R-6, R-21)."""
    celine.begin()
    celine.give_code()
    answer = celine.give_dates(lea="07/05/2016")

    assert answer.status_code == 422
    assert "Au moins une date de naissance saisie est incorrecte" in words(answer)
    assert "demandez au directeur de l'école" in words(answer)
    assert 'aria-invalid="true"' not in answer.text
    assert "2016" not in answer.text
    assert celine.give_dates().headers["location"] == "/inscription/mot-de-passe"


def test_the_only_date_is_the_wrong_one(celine: Parent) -> None:
    """In the very words of the guide, beside the field (§2.3.4)."""
    record = celine.office.record("Nadia")
    celine.office.account("nadia.moreau", record)
    with celine.services.transaction() as session:
        session.get_one(Guardian, record).mobile = "+33711111111"
    celine.begin(nom="Moreau", prenom="Nadia", mobile="+33 7 11 11 11 11")
    celine.give_code()
    field = f"date_{celine.office.pupil('Sami')}"
    answer = celine.post("/inscription/enfants", **{f"{field}_jour": "03/01/2019"})

    assert "La date de naissance saisie est incorrecte" in words(answer)
    assert f'id="{field}-erreur"' in answer.text


def test_a_date_that_does_not_exist_counts_nothing(celine: Parent) -> None:
    """A slip of the finger is no guess."""
    celine.begin()
    celine.give_code()
    answers = [celine.give_dates(lea="31/02/2016", enzo="") for _ in range(6)]

    assert "La date saisie pour Léa DUPONT n'existe pas" in words(answers[5])
    assert "Saisissez la date de naissance de Enzo DUPONT" in words(answers[5])
    assert celine.give_dates().headers["location"] == "/inscription/mot-de-passe"


def test_five_wrong_dates_end_the_visit(celine: Parent) -> None:
    """The browser forgets it; nothing was activated."""
    celine.begin()
    celine.give_code()
    answers = [celine.give_dates(lea="07/05/2016") for _ in range(5)]

    assert "Trop de dates incorrectes" in words(answers[4])
    assert "__Host-visite" not in celine.client.cookies
    assert celine.office.state(celine.account) == "notified"


@pytest.mark.parametrize("meanwhile", ["mobile", "active", "closed"])
@pytest.mark.parametrize("step", ["code", "dates", "password"])
def test_what_changed_meanwhile_is_said(celine: Parent, meanwhile: str, step: str) -> None:
    """Whatever the step: the journey begins anew, and nothing is kept of it."""
    celine.begin()
    if step != "code":
        celine.give_code()
    if step == "password":
        celine.give_dates()
    if meanwhile == "mobile":
        celine.change(Guardian, mobile="+33699999999")
    else:
        celine.change(Account, state=AccountState(meanwhile))
    match step:
        case "code":
            answer = celine.give_code()
        case "dates":
            answer = celine.give_dates()
        case _:
            answer = celine.give_password()

    assert "Il faut recommencer" in words(answer)
    assert celine.office.rows("SELECT password_hash FROM accounts") == [(None,)]


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("", "", "Saisissez un mot de passe."),
        ("court1", None, "trop court"),
        ("azerty123", None, "trop courant"),
        (PASSWORD, "autre", "Les deux mots de passe ne sont pas identiques."),
    ],
)
def test_a_password_that_is_refused_says_why(
    celine: Parent, password: str, again: str | None, sentence: str
) -> None:
    """And never comes back in the page (R-4)."""
    celine.begin()
    celine.give_code()
    celine.give_dates()
    answer = celine.give_password(password, again)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "celine.dupont" in words(answer)
    if password:
        assert f'value="{password}"' not in answer.text


def test_addresses_hold_nobody(celine: Parent) -> None:
    """Neither a name nor a number in the address of any step (R-66)."""
    answers = [celine.begin(), celine.give_code(), celine.give_dates(), celine.give_password()]

    told = " ".join(answer.headers["location"] for answer in answers)
    assert not re.search(r"\d|dupont|celine", told, re.IGNORECASE)


@pytest.mark.parametrize(
    ("mobile", "shown"),
    [
        ("+33612345678", "06 •• •• •• 78"),
        ("+262692123456", "06 •• •• •• 56"),
        ("+32470123456", "+32 •• •• 56"),
    ],
)
def test_a_mobile_is_shown_by_its_ends(mobile: str, shown: str) -> None:
    """As its owner writes it."""
    assert masked(mobile).masked == shown


def test_no_password_is_hashed_before_the_proofs(
    celine: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever knows names and a mobile sends it as often as they please: nothing is tried."""
    hashed: list[str] = []
    monkeypatch.setattr(Argon2Vault, "accepts", lambda *_: hashed.append("accepts"))
    monkeypatch.setattr(Argon2Vault, "seal", lambda *_: hashed.append("seal"))
    celine.begin()

    for password in (PASSWORD, "bunz57dm", ""):
        answer = celine.give_password(password)
        assert (answer.status_code, answer.headers["location"]) == (303, "/inscription/code")
    celine.give_code()
    assert celine.give_password().headers["location"] == "/inscription/enfants"
    assert hashed == []
