"""A child whom a roster adds to an active account, and the mail about it (R-8)."""

from typing import Any

import pytest

from educonnect_admin.domain.messages import Message
from educonnect_admin.edge import Services
from educonnect_admin.office.importing.announce_children import Announcer
from educonnect_admin.queries.outbox import opened
from tests.support.families import OTHER_UAI, Town, child, file_of, guardian, pupil

ALICE = pupil("Alice", "Martin", ine="0113014881M")
ZOE, NOE = (pupil(name, "Martin", class_label="PS", level="PS") for name in ("Zoé", "Noé"))
CONTACTS = {"email": "j@x.fr", "mobile": "+33612345678"}


@pytest.fixture
def town(services: Services) -> Town:
    """Alice and her mother Jeanne, on each database."""
    town = Town(services)
    town.take(file_of(ALICE), file_of(jeanne("Alice")))
    return town


def jeanne(*children: str) -> Any:
    """Return the row of Jeanne."""
    mentions = [child(name, "Martin") for name in children]
    return guardian("Jeanne", "Martin", *mentions, **CONTACTS)


def open_account(town: Town, state: str = "active", confirmed: str = "'2026-09-02'") -> None:
    """Give Jeanne an account whose address is confirmed, or not."""
    town.do(
        "INSERT INTO accounts (id, identifier, state, created_at, email, email_confirmed_at)"
        f" VALUES (7, 'j.martin', '{state}', '2026-09-01 00:00:00', 'own@y.fr', {confirmed})"
    )
    town.do("UPDATE guardians SET account_id = 7 WHERE given_name = 'Jeanne'")


def take(town: Town, *rows: Any, **options: Any) -> None:
    """Import pupils and guardians, as the command line does."""
    announcer = Announcer(town.services.postbox, "https://portail.example")
    pupils = [row for row in rows if hasattr(row, "ine")]
    others = [row for row in rows if not hasattr(row, "ine")]
    town.take(file_of(*pupils), file_of(*others), announcer=announcer, **options)


def letters(town: Town) -> list[tuple[str, dict[str, Any]]]:
    """Return to whom the waiting messages go, and what they say."""
    with town.services.reading() as session:
        messages = session.query(Message).order_by(Message.id).all()
        return [opened(town.services.postbox, message) for message in messages]


def test_a_child_added_to_an_active_account_is_told_by_mail(town: Town) -> None:
    """To the confirmed address, with names, school and class; the trail tells the number."""
    open_account(town)

    take(town, ALICE, ZOE, jeanne("Alice", "Zoé"))

    ((to, values),) = letters(town)
    assert to == "own@y.fr"
    assert values["holder"] == "Mme Jeanne Martin"
    assert values["child"] == {
        "name": "Zoé Martin", "school": "École Charlemagne", "class": "PS",
    }  # fmt: skip
    assert values["portal_url"] == "https://portail.example"
    assert town.rows(
        "SELECT kind, account_id, details FROM trail_entries WHERE kind LIKE 'message%'"
    ) == [("message.queued", 7, '{"kind":"child_added","message":1}')]


def test_each_child_has_its_message_and_a_second_import_none(town: Town) -> None:
    """Two children at once, then the same files again."""
    open_account(town)

    for _ in range(2):
        take(town, ALICE, ZOE, NOE, jeanne("Alice", "Zoé", "Noé"))

    assert {values["child"]["name"] for _, values in letters(town)} == {
        "Zoé Martin", "Noé Martin",
    }  # fmt: skip
    assert len(letters(town)) == 2


@pytest.mark.parametrize(
    ("state", "confirmed"), [("notified", "'2026-09-02'"), ("active", "NULL"), ("closed", "NULL")]
)
def test_nobody_else_is_written_to(town: Town, state: str, confirmed: str) -> None:
    """Not active, or an address that nobody confirmed."""
    open_account(town, state, confirmed)

    take(town, ALICE, ZOE, jeanne("Alice", "Zoé"))

    assert letters(town) == []


def test_a_dry_run_queues_nothing(town: Town) -> None:
    """The same code, rolled back."""
    open_account(town)

    take(town, ALICE, ZOE, jeanne("Alice", "Zoé"), dry_run=True)

    assert letters(town) == []


def test_a_child_who_only_changes_school_is_no_news(town: Town) -> None:
    """Alice is on the account already, by the first school's record."""
    bob = pupil("Bob", "Martin")
    town.take(file_of(bob), file_of(jeanne("Bob")), uai=OTHER_UAI)
    open_account(town)

    take(town, bob, ALICE, jeanne("Bob", "Alice"), uai=OTHER_UAI)

    assert town.count("trail_entries WHERE kind = 'link.added'") == 1
    assert letters(town) == []
