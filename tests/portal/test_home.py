"""`/accueil`: the children by school, the services open to each, the last log-in (R-51)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.services import Service
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from tests.office.desk.desk import Office
from tests.portal.browser import Browser, words

ACTIVE = AccountState.ACTIVE


def _service(services: Services, label: str, **levels: str) -> None:
    with services.transaction() as session:
        service = Service(code=label.lower(), label=label, url="https://service.example.fr/a?b=c")
        for name, level in levels.items():
            setattr(service, name, level)
        session.add(service)


@pytest.fixture
def office(services: Services) -> Office:
    """The three families, on both databases."""
    return Office(services)


def _holder(office: Office, whose: str, *records: int, **facts: Any) -> str:
    identifier = f"{whose.lower()}.test"
    office.account(identifier, office.record(whose), *records, state=ACTIVE, **facts)
    return identifier


def test_children_stand_under_their_school(browser: Browser, office: Office) -> None:
    """Every child of the account, its class, the guide's welcome, the way to the account."""
    browser.come_in(_holder(office, "Thị"))

    said = words(browser.get("/accueil"))

    assert "École Charlemagne, Alençon" in said
    assert "Bienvenue dans notre établissement." in said
    assert [name for name in ("An", "Bình", "Chi", "Dũng") if f"{name} NGUYỄN" in said] == [
        "An", "Bình", "Chi", "Dũng",
    ]  # fmt: skip
    assert "Gérer mon compte" in said


def test_a_child_of_two_records_comes_once(browser: Browser, office: Office) -> None:
    """Both schools know the parent; the child goes to one of them."""
    twin = office.second_record("Nadia")
    office.answer_for(twin, office.pupil("Sami"))
    browser.come_in(_holder(office, "Nadia", twin))

    assert words(browser.get("/accueil")).count("Sami MOREAU") == 1


def test_a_service_is_open_by_level(browser: Browser, office: Office) -> None:
    """Sami is in CE1: a service from CP to 3e is his, one of the collège is not."""
    _service(office.services, "Livret Scolaire", first_level="CP", last_level="3e")
    _service(office.services, "Carnet (6e à 3e)", first_level="6e", last_level="3e")
    _service(office.services, "Messagerie")
    browser.come_in(_holder(office, "Karim"))

    page = browser.get("/accueil")

    assert "Livret Scolaire (CP - 3e) (nouvelle fenêtre)" in words(page)
    assert 'href="https://service.example.fr/a?b=c"' in page.text
    assert "Messagerie" in words(page)
    assert "Carnet" not in words(page)


def test_without_a_service_the_page_says_so(browser: Browser, office: Office) -> None:
    """Rather than a card that looks broken."""
    browser.come_in(_holder(office, "Karim"))

    assert "Aucun service en ligne n'est ouvert" in words(browser.get("/accueil"))


def test_the_last_log_in_is_told_by_the_schools_clock(browser: Browser, office: Office) -> None:
    """At La Réunion it was three hours later than in Paris; the visit itself does not count."""
    identifier = _holder(
        office, "Karim", last_login_at=datetime(2017, 11, 30, 11, 38, 8, tzinfo=UTC)
    )
    browser.come_in(identifier)
    assert "Dernière connexion le 30/11/2017 à 12:38:08" in words(browser.get("/accueil"))

    with office.services.transaction() as session:
        session.get_one(School, office.school).live_in("Indian/Reunion")
    assert "Dernière connexion le 30/11/2017 à 15:38:08" in words(browser.get("/accueil"))


def test_a_first_log_in_has_none_before_it(browser: Browser, office: Office) -> None:
    """Said in words, instead of a date of nothing."""
    browser.come_in(_holder(office, "Karim"))

    assert "C'est votre première connexion." in words(browser.get("/accueil"))


def test_without_a_child_the_next_step_is_named(browser: Browser, office: Office) -> None:
    """Another account, or the school; last, the contact."""
    office.account("personne", state=ACTIVE)
    browser.come_in("personne")

    said = words(browser.get("/accueil"))

    assert "Aucun enfant n'est rattaché à votre compte" in said
    assert "Ajouter des enfants depuis un autre compte" in said
    assert said.index("responsable légal") < said.index("Contact")


def test_whoever_has_no_confirmed_address_is_told_what_that_costs(
    browser: Browser, office: Office
) -> None:
    """After the SMS journey: a forgotten password could not be mended by mail (R-34)."""
    browser.come_in(_holder(office, "Karim"), Entry.SMS)
    assert "Ajouter une adresse mail" in words(browser.get("/accueil"))

    with office.services.transaction() as session:
        account = session.query(Account).filter_by(identifier="karim.test").one()
        account.email, account.email_confirmed_at = "karim@example.fr", account.created_at
    assert "Ajouter une adresse mail" not in words(browser.get("/accueil"))


@pytest.mark.parametrize("path", ["/accueil", "/compte", "/compte/enfants", "/compte/adresse-mail"])
def test_nobody_gets_there_without_a_visit(sqlite_browser: Browser, path: str) -> None:
    """They are sent to the log-in page."""
    assert sqlite_browser.get(path).headers["location"] == "/connexion"
