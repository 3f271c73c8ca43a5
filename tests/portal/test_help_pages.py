"""Help, contact, legal notice, accessibility, and the pages of what went wrong."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings
from educonnect_admin.shipped import shipped_templates
from tests.conftest import NOW
from tests.portal.browser import Browser, words
from tests.support.schema import copy_file

TEMPLATES = sorted(Path(str(shipped_templates("portal"))).glob("*.j2"))
MISSING = "non renseigné par le rectorat"


@pytest.fixture
def office_with(
    sqlite_settings: Settings, sqlite_template: Path
) -> Iterator[Callable[..., Browser]]:
    """Somebody at the portal of an office with settings of its own."""
    opened: list[Services] = []

    def make(**changed: object) -> Browser:
        copy_file(sqlite_template, Path(sqlite_settings.database_url))
        opened.append(open_office(sqlite_settings.model_copy(update=changed), NOW))
        return Browser(opened[-1])

    yield make
    for services in opened:
        services.close()


@pytest.mark.parametrize("path", ["/aide", "/contact", "/mentions-legales", "/accessibilite"])
def test_everybody_may_read_them(sqlite_browser: Browser, path: str) -> None:
    """Without being logged in, and each leads to the contact."""
    answer = sqlite_browser.get(path)

    assert answer.status_code == 200
    assert 'href="/contact"' in answer.text


def test_help_tells_how_to_find_the_mail(sqlite_browser: Browser) -> None:
    """Sender and subject as the mail bears them (§6.4)."""
    told = words(sqlite_browser.get("/aide"))
    subject = (shipped_templates("mail") / "email_to_confirm" / "subject.j2").read_text("utf-8")

    assert "Que faire si vous ne retrouvez plus le mail pour valider votre adresse mail" in told
    assert "Administrateur des services en ligne" in told
    assert " ".join(subject.split()) in told


def test_help_does_not_offer_what_the_office_does_not_have(sqlite_browser: Browser) -> None:
    """Without a provider FranceConnect is not spoken of."""
    assert "FranceConnect" not in words(sqlite_browser.get("/aide"))


def test_contact_names_the_school_before_the_helpdesk(office_with: Callable[..., Browser]) -> None:
    """In this order, with what the office has set (R-56)."""
    browser = office_with(
        contact_name="L'assistance de Rennes",
        contact_phone="02 99 00 00 00",
        contact_email="aide@exemple.fr",
        contact_url="https://exemple.fr/aide",
        contact_hours="de 8 h à 18 h",
    )
    page = browser.get("/contact")
    told = words(page)

    assert told.index("Le directeur de l'école") < told.index("L'assistance de Rennes")
    assert 'href="tel:0299000000"' in page.text
    assert 'href="mailto:aide@exemple.fr"' in page.text
    assert "https://exemple.fr/aide" in told
    assert "de 8 h à 18 h" in told
    assert MISSING not in told


def test_what_was_not_set_is_said_to_be_missing(sqlite_browser: Browser) -> None:
    """No fact is made up."""
    assert words(sqlite_browser.get("/mentions-legales")).count(MISSING) == 3
    assert words(sqlite_browser.get("/contact")).count(MISSING) == 1


def test_the_legal_notice_says_what_was_set(office_with: Callable[..., Browser]) -> None:
    """And that there are two cookies, by their names."""
    browser = office_with(
        legal_publisher="Rectorat de Rennes", legal_host="Hébergeur SA", legal_dpo="dpd@exemple.fr"
    )
    told = words(browser.get("/mentions-legales"))

    for fact in ("Rectorat de Rennes", "Hébergeur SA", "dpd@exemple.fr"):
        assert fact in told
    assert MISSING not in told
    assert "__Host-visite" in told
    assert "__Host-appareil" in told


def test_the_declaration_of_accessibility_claims_no_audit(sqlite_browser: Browser) -> None:
    """Without an audit the mention on every page is «non conforme»; what was not tried is told."""
    told = words(sqlite_browser.get("/accessibilite"))

    assert "Accessibilité : non conforme" in words(sqlite_browser.get("/aide"))
    assert "RGAA, version 4.1" in told
    assert "Ce qui n'a pas été vérifié" in told
    assert "Défenseur des droits" in told


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_links_to_parts_of_pages_lead_somewhere(template: Path, sqlite_browser: Browser) -> None:
    """Every `/aide#…` of any page, and every `#…` of a page itself, has its place."""
    text = template.read_text(encoding="utf-8")
    helped = sqlite_browser.get("/aide").text + (TEMPLATES[0].parent / "aide.html.j2").read_text(
        encoding="utf-8"
    )
    for page, anchor in re.findall(r'href="(/[\w/-]*)?#([\w-]+)"', text):
        target = helped if page == "/aide" else text
        assert page in {"", "/aide"}, f"{template.name}: {page}#{anchor}"
        assert f'id="{anchor}"' in target, f"{template.name}: {page}#{anchor}"


@pytest.mark.parametrize(
    "name",
    ["introuvable", "requete_refusee", "indisponible", "erreur", "session_expiree"],
)
def test_what_went_wrong_has_a_way_out(name: str) -> None:
    """Help, and last the contact (R-56)."""
    text = (TEMPLATES[0].parent / f"{name}.html.j2").read_text(encoding="utf-8")

    assert 'class="button" href="/connexion"' in text
    assert text.rstrip().endswith('{% include "suite.html.j2" %}\n{% endblock %}')
