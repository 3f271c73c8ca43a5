"""`services …`: what the portal offers each child, by level (R-51)."""

import pytest

from educonnect_admin.domain.services import Service
from tests.cli.running import Terminal

URL = "https://livret.example.fr/"
LIVRET = ("services", "add", "livret", "Livret Scolaire", URL)
WHY = ("--reason", "il a changé de nom")


@pytest.fixture
def bureau(initiated: Terminal) -> Terminal:
    """An office without a school."""
    return initiated


def _told(bureau: Terminal) -> list[str]:
    said = bureau("audit", "trail").out
    return [line for line in said.splitlines() if "service du portail" in line]


def test_a_service_is_added_once(bureau: Terminal) -> None:
    """Parents read its levels as the guide writes them; the second time nothing changes."""
    first = bureau(*LIVRET, "--levels", "cp..3ème", "--json").json
    again = bureau(*LIVRET, "--levels", "CP..3e", "--json").json

    assert (first["verdict"], again["verdict"], again["changed"]) == ("added", "unchanged", False)
    assert first["services"] == again["services"] == [first["service"]]
    assert first["service"] == {
        "code": "livret",
        "label": "Livret Scolaire",
        "url": URL,
        "first_level": "CP",
        "last_level": "3e",
        "title": "Livret Scolaire (CP - 3e)",
    }
    assert len(_told(bureau)) == 1


def test_the_same_code_changes_it(bureau: Terminal) -> None:
    """Without `--levels` it is open to all; the trail says which facts are others."""
    bureau(*LIVRET, "--levels", "CM2")

    done = bureau(*LIVRET[:3], "Livret", URL, "--json").json

    assert done["verdict"] == "changed"
    assert (done["service"]["title"], done["service"]["first_level"]) == ("Livret", None)
    assert "premier niveau, dernier niveau" in _told(bureau)[0]


def test_services_are_listed_in_the_order_of_their_adding(bureau: Terminal) -> None:
    """With the levels in words; an empty list says how to begin."""
    assert "services add" in bureau("services", "list").out
    bureau(*LIVRET, "--levels", "CP..3e")
    bureau("services", "add", "cantine", "Cantine", "https://cantine.example.fr/")

    said = bureau("services", "list").out

    assert said.index("CP à 3e") < said.index("tous")
    codes = [one["code"] for one in bureau("services", "list", "--json").json["services"]]
    assert codes == ["livret", "cantine"]


def test_a_service_is_removed_with_a_reason(bureau: Terminal) -> None:
    """It leaves the list, the trail keeps who and why."""
    bureau(*LIVRET)

    done = bureau("services", "remove", "LIVRET", *WHY, "--yes", "--json").json

    assert (done["verdict"], done["services"]) == ("removed", [])
    assert "retiré" in bureau("audit", "trail").out
    missing = bureau("services", "remove", "livret", *WHY)
    assert (missing.code, "services list" in missing.err) == (3, True)


def test_a_dry_run_changes_nothing(bureau: Terminal) -> None:
    """It foresees all the same."""
    assert bureau(*LIVRET, "--dry-run", "--json").json["verdict"] == "added"
    assert bureau("services", "list", "--json").json == {"services": []}
    bureau(*LIVRET)
    assert bureau("services", "remove", "livret", *WHY, "--dry-run").code == 0
    assert len(bureau("services", "list", "--json").json["services"]) == 1
    assert len(_told(bureau)) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://livret.example.fr/", "livret.example.fr", "https://", "https:///livret",
        "https://moi:secret@livret.example.fr/", "javascript:alert(1)", "https://a b.fr/",
        "https://livret.example.fr:0/", "https://livret.example.fr:99999/", 'https://a.fr/"x',
        "https://[livret/",
    ],
)  # fmt: skip
def test_only_https_addresses_are_taken(bureau: Terminal, url: str) -> None:
    """Exit 3, nothing written: parents follow this link."""
    answer = bureau("services", "add", "livret", "Livret", url)

    assert (answer.code, "https://" in answer.err) == (3, True)
    assert bureau("services", "list", "--json").json == {"services": []}


@pytest.mark.parametrize("levels", ["", "..", "CP..", "..3e", "3e..CP", "CP-3e", "CP..CE1..3e"])
def test_levels_that_are_none(bureau: Terminal, levels: str) -> None:
    """From the youngest to the eldest, or one alone."""
    answer = bureau(*LIVRET, "--levels", levels)

    assert (answer.code, "CP..3e" in answer.err) == (3, True)


@pytest.mark.parametrize(
    ("code", "label"), [("", "Livret"), ("mon livret", "Livret"), ("livret", " "), ("é", "Livret")]
)
def test_a_code_and_a_label_are_needed(bureau: Terminal, code: str, label: str) -> None:
    """Exit 3."""
    assert bureau("services", "add", code, label, URL).code == 3


@pytest.mark.parametrize(
    ("label", "first", "last", "title"),
    [
        ("Livret Scolaire", "CP", "3e", "Livret Scolaire (CP - 3e)"),
        ("Livret Scolaire (CP - 3e)", "CP", "3e", "Livret Scolaire (CP - 3e)"),
        ("Livret", "CM2", "CM2", "Livret (CM2)"),
        ("Livret", None, None, "Livret"),
    ],
)
def test_what_parents_read(label: str, first: str | None, last: str | None, title: str) -> None:
    """Levels once, whoever wrote them."""
    service = Service(code="livret", label=label, url=URL)
    service.first_level, service.last_level = first, last

    assert service.title == title
