"""The children of another account: proved, shown, added; every refusal (§4.3, R-50)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import clock
from educonnect_admin.gateways.hashing import owner_of_account, owner_of_letter
from educonnect_admin.office.desk.regroup_accounts import undo_regrouping
from educonnect_admin.parents.means import Client
from educonnect_admin.parents.regroup_accounts import add_children, search_account
from educonnect_admin.queries.visits import Visitor, visitor_of
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.portal.browser import Browser, words

SEARCH, CONFIRM = "/compte/enfants/ajouter", "/compte/enfants/confirmer"
PRINTED, OWN = "BXNZ57DM", "Noisette2026"
HERE = Client("192.0.2.1")


class Celine:
    """Céline is in; the other school has a record of her too, with its own account and child."""

    def __init__(self, browser: Browser, entry: Entry = Entry.PASSWORD) -> None:
        self.browser = browser
        self.services = browser.services
        self.office = Office(browser.services)
        self.account = self.office.account(
            "v.durant1", self.office.record("Céline"), state=AccountState.ACTIVE
        )
        self.record = self.office.second_record("Céline")
        self.office.answer_for(self.record, self.office.pupil("Sami"))
        self._enrol("Sami")
        self.other = self.office.account("v.durant", self.record)
        browser.come_in("v.durant1", entry)

    def _enrol(self, given_name: str) -> None:
        from educonnect_admin.domain.people import Enrolment

        with self.services.transaction() as session:
            session.add(
                Enrolment(
                    pupil_id=self.office.pupil(given_name),
                    school_id=self.office.other_school,
                    class_id=None,
                    level="CE1",
                    started_on=date(2026, 9, 1),
                )
            )

    def letter(self, **facts: Any) -> int:
        """Give the other account a letter that lives, made today."""
        letter_id = self.office.letter(self.other, clock().date())
        with self.services.transaction() as session:
            letter = session.get_one(Letter, letter_id)
            owner = owner_of_letter(letter.number)
            letter.password_hash = self.services.vault.seal(PRINTED, owner)
            for name, value in facts.items():
                setattr(letter, name, value)
        return letter_id

    def change(self, **facts: Any) -> None:
        """Change facts of the other account; `password` is sealed."""
        with self.services.transaction() as session:
            account = session.get_one(Account, self.other)
            if password := facts.pop("password", None):
                sealed = self.services.vault.seal(password, owner_of_account(account.id))
                account.password_hash = sealed
            for name, value in facts.items():
                setattr(account, name, value)

    def search(self, identifier: str = "v.durant", password: str = PRINTED) -> str:
        """Search the account; return what the page that follows says."""
        answer = self.browser.post(SEARCH, identifiant=identifier, mot_de_passe=password)
        return words(self.browser.follow(answer))

    def add(self) -> str:
        """Press «Ajouter»."""
        return words(self.browser.follow(self.browser.post(CONFIRM, action="ajouter")))

    def children(self) -> set[str]:
        """Return which children the principal account now shows."""
        said = words(self.browser.get("/compte/enfants"))
        return {name for name in ("Enzo", "Léa", "Sami") if f"{name} " in said}


def test_the_children_of_a_letter_are_added(browser: Browser) -> None:
    """Search, list, «Ajouter», back at «Mes enfants»; the other account is over."""
    celine = Celine(browser)
    letter = celine.letter()

    said = celine.search("V.Durant", "bxnz 57dm")

    assert "Ajoutez tous les enfants de v.durant" in said
    assert "Tous les enfants suivants seront ajoutés sur le compte v.durant1." in said
    assert "Le compte v.durant ne sera plus utilisable." in said
    assert "Sami MOREAU" in said
    assert "École Marie Curie" in said
    assert "2019" not in said
    assert "les enfants ont été ajoutés à votre compte" in celine.add()
    assert celine.children() == {"Enzo", "Léa", "Sami"}
    assert celine.office.state(celine.other) == "regrouped"
    assert celine.office.one(f"SELECT ended_at IS NOT NULL FROM letters WHERE id = {letter}")
    assert celine.office.is_sound([0, celine.office.school, celine.office.other_school])


def test_the_children_of_an_active_account_are_added(browser: Browser) -> None:
    """By the password that its holder chose; whoever was in there is out."""
    celine = Celine(browser)
    celine.change(state=AccountState.ACTIVE, password=OWN)
    elsewhere = Browser(celine.services)
    elsewhere.come_in("v.durant")

    celine.search(password=OWN)
    celine.add()

    assert celine.children() == {"Enzo", "Léa", "Sami"}
    assert elsewhere.get("/accueil").headers["location"] == "/session-expiree"


def test_an_operator_can_undo_it(browser: Browser) -> None:
    """The desk gives the child back, and the account its password (R-8)."""
    celine = Celine(browser)
    celine.change(state=AccountState.ACTIVE, password=OWN)
    celine.search(password=OWN)
    celine.add()

    with celine.services.transaction() as session:
        author = celine.services.author(clock())
        undo_regrouping(session, "v.durant", reason="ce n'était pas elle", author=author)

    assert celine.children() == {"Enzo", "Léa"}
    assert celine.office.state(celine.other) == "active"
    assert "Tous les enfants suivants" in celine.search(password=OWN)


def test_annuler_leaves_everything_as_it_is(browser: Browser) -> None:
    """And forgets the proof."""
    celine = Celine(browser)
    celine.letter()
    celine.search()

    browser.post(CONFIRM, action="annuler")

    assert "Recherchez-le de nouveau" in celine.add()
    assert celine.office.state(celine.other) == "notified"


def test_the_button_pressed_twice_does_it_once(sqlite_browser: Browser) -> None:
    """Two requests of the same visit, the second with what it had read before the first."""
    celine = Celine(sqlite_browser)
    celine.letter()
    means, visitor = _proved(celine)

    assert add_children(means, visitor)
    assert add_children(means, visitor)

    assert celine.office.one("SELECT count(*) FROM regroupings") == 1


def test_the_proof_lasts_ten_minutes(sqlite_browser: Browser) -> None:
    """A telephone left on a table adds nothing."""
    celine = Celine(sqlite_browser)
    celine.letter()
    _, visitor = _proved(celine)

    assert not add_children(celine.services.means(clock() + timedelta(minutes=11)), visitor)
    assert celine.office.state(celine.other) == "notified"


@pytest.mark.parametrize("what", ["password", "letter", "state"])
def test_what_changed_since_is_noticed(browser: Browser, what: str) -> None:
    """Another password, a letter that ended, an account that was closed: nothing is added."""
    celine = Celine(browser)
    letter = celine.letter()
    if what == "password":
        celine.change(state=AccountState.ACTIVE, password=OWN)
    celine.search(password=OWN if what == "password" else PRINTED)

    if what == "password":
        celine.change(password="Noisette2027")
    elif what == "letter":
        with celine.services.transaction() as session:
            kept = session.get_one(Letter, letter)
            kept.ended_at, kept.end = clock(), LetterEnd.SUPERSEDED
    else:
        celine.change(state=AccountState.CLOSED, ended_at=clock())

    assert browser.get(CONFIRM).headers["location"].startswith(SEARCH)
    assert "rien n'a été ajouté" in celine.add()
    assert celine.children() == {"Enzo", "Léa"}


@pytest.mark.parametrize(
    ("facts", "password", "sentence"),
    [
        ({}, "BXNZ57DN", "L'identifiant ou le mot de passe est incorrect."),
        ({"state": AccountState.CLOSED, "ended_at": NOW}, OWN, "Ce compte est fermé"),
        ({"state": AccountState.REGROUPED, "ended_at": NOW}, OWN, "déjà été regroupé dans un"),
        ({"state": AccountState.EMAIL_PENDING}, OWN, "n'est pas encore confirmée"),
        ({"state": AccountState.EMAIL_PENDING}, PRINTED, "Ce courrier n'est plus valable."),
    ],
)
def test_refusals(browser: Browser, facts: dict[str, Any], password: str, sentence: str) -> None:
    """Each says what to do instead; last, the contact (R-56)."""
    celine = Celine(browser)
    celine.letter()
    celine.change(password=OWN, **facts)

    said = celine.search(password=password)

    assert sentence in said
    assert said.rindex("Contact") > said.index(sentence)
    assert celine.children() == {"Enzo", "Léa"}


def test_an_expired_letter(browser: Browser) -> None:
    """Past its last day, whatever cron has done (R-11)."""
    celine = Celine(browser)
    celine.letter(last_day=clock().date() - timedelta(days=2))

    assert "Ce courrier n'est plus valable." in celine.search()


def test_the_account_itself(browser: Browser) -> None:
    """Said at once, without any password."""
    celine = Celine(browser)

    assert "C'est le compte avec lequel vous êtes connecté" in celine.search("V.durant1")
    assert celine.office.rows("SELECT * FROM try_counts") == []


def test_what_is_here_already(browser: Browser) -> None:
    """An account that was added before, searched once more."""
    celine = Celine(browser)
    celine.change(state=AccountState.ACTIVE, password=OWN)
    celine.search(password=OWN)
    celine.add()

    assert "déjà été regroupé dans le vôtre" in celine.search(password=OWN)


def test_an_account_without_a_child(browser: Browser) -> None:
    """There is nothing to add."""
    celine = Celine(browser)
    celine.office.account("personne", state=AccountState.NOTIFIED)
    celine.other = celine.office.account("nadia.moreau2", celine.office.record("Jean"))
    celine.letter()
    with celine.services.transaction() as session:
        from sqlalchemy import update

        from educonnect_admin.domain.people import Guardianship

        session.execute(
            update(Guardianship)
            .where(Guardianship.guardian_id == celine.office.record("Jean"))
            .values(ended_on=date(2026, 10, 1))
        )

    assert "rien à ajouter" in celine.search("nadia.moreau2")


def test_nothing_typed(sqlite_browser: Browser) -> None:
    """Both fields are asked for; the identifier stays, the password does not."""
    celine = Celine(sqlite_browser)

    assert "Saisissez l'identifiant du compte à regrouper." in celine.search("", "")
    answer = sqlite_browser.post(SEARCH, identifiant="v.durant", mot_de_passe="secret99")
    assert 'value="v.durant"' in answer.text
    assert "secret99" not in answer.text


def test_guesses_are_throttled_as_log_ins_on_that_account(browser: Browser) -> None:
    """After five, even the right password is not looked at; the account's log-in knows."""
    celine = Celine(browser)
    celine.letter()
    for _ in range(5):
        celine.search(password="BXNZ57DN")

    assert "incorrect" in celine.search()
    assert celine.office.one(
        f"SELECT failures FROM try_counts WHERE account_id = {celine.other}"
    ) == 5  # fmt: skip


def test_the_name_of_another_person_is_a_warning(browser: Browser) -> None:
    """Jean's account is Jean's, though they share a mobile and an address (R-7)."""
    celine = Celine(browser)
    celine.other = celine.office.account("jean.dupont", celine.office.record("Jean"))
    celine.letter()

    assert "Ce compte est au nom de M. Jean DUPONT." in celine.search("jean.dupont")


def test_franceconnect_is_not_shown_the_identifier(browser: Browser) -> None:
    """«votre compte» instead (R-42)."""
    celine = Celine(browser, Entry.FRANCECONNECT)
    celine.letter()

    said = celine.search()

    assert "seront ajoutés sur votre compte." in said
    assert "v.durant1" not in said


def _proved(celine: Celine) -> tuple[Any, Visitor]:
    from sqlalchemy import select

    from educonnect_admin.domain.visits import StoredVisit

    def visitor() -> Visitor:
        with celine.services.reading() as session:
            [digest] = session.scalars(select(StoredVisit.token_digest)).all()
            found = visitor_of(session, [digest], clock())
            assert found
            return found

    means = celine.services.means(clock())
    search_account(means, HERE, visitor(), identifier="v.durant", password=PRINTED)
    return celine.services.means(clock()), visitor()


def test_two_accounts_that_swallow_each_other(browser: Browser) -> None:
    """Céline is in with both, in two browsers, and presses both buttons: one of them stays."""
    celine = Celine(browser)
    celine.change(state=AccountState.ACTIVE, password=OWN)
    with celine.services.transaction() as session:
        account = session.get_one(Account, celine.account)
        account.password_hash = celine.services.vault.seal(OWN, owner_of_account(account.id))
    elsewhere = Browser(celine.services)
    elsewhere.come_in("v.durant")
    celine.search("v.durant", OWN)
    elsewhere.post(SEARCH, identifiant="v.durant1", mot_de_passe=OWN)

    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda one: one.post(CONFIRM, action="ajouter"), [browser, elsewhere]))

    states = [celine.office.state(one) for one in (celine.account, celine.other)]
    assert sorted(states) == ["active", "regrouped"]
    kept = celine.account if states[0] == "active" else celine.other
    assert celine.office.rows(
        f"SELECT id FROM guardians WHERE account_id IS NOT NULL AND account_id <> {kept}"
    ) == []  # fmt: skip
