"""A person gets all that is known of them, no secret, and nothing of anybody else (R-66)."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Enum, Integer, Table, text

from educonnect_admin.cli.person_codes import in_words
from educonnect_admin.domain.desk_errors import UnknownAccount, UnknownGuardian
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.personal_data import (
    IMPERSONAL,
    LEGAL_ONLY,
    PERSONAL,
    WITHHELD,
    PersonData,
    Why,
)
from educonnect_admin.edge import Services
from educonnect_admin.office.export_person import export_person
from educonnect_admin.reports.person_page import person_lines, person_page, sections
from educonnect_admin.reports.person_words import (
    COLUMN_WORDS,
    HEADINGS,
    NOTHING_KEPT,
    NUMBERS,
    TABLE_WORDS,
)
from tests.conftest import NOW
from tests.office.printing import fill, issue
from tests.office.test_purge_people import plant

ROOTS = {"accounts", "guardians", "pupils"}


def _points_at_people() -> set[str]:
    """Return the tables from which a way of foreign keys leads to a person."""
    found = set(ROOTS)
    while True:
        more = {
            table.name
            for table in METADATA.tables.values()
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return found
        found |= more


def test_every_table_that_points_at_people_is_in_the_export() -> None:
    """A new one fails here until it has its place; so does one that nobody has thought about."""
    assert _points_at_people() <= set(PERSONAL)
    assert set(PERSONAL) | set(IMPERSONAL) == set(METADATA.tables)
    assert not set(PERSONAL) & set(IMPERSONAL)
    assert len(set(PERSONAL)) == len(PERSONAL)


def _columns(table: Table) -> list[tuple[str, str]]:
    return [(table.name, column.name) for column in table.columns]


def test_every_column_is_given_out_or_withheld_for_a_reason() -> None:
    """What is withheld exists; whatever looks like a secret is withheld as one."""
    known = {pair for name in PERSONAL for pair in _columns(METADATA.tables[name])}
    secret = {pair for pair, why in WITHHELD.items() if why is Why.SECRET}
    looks = {pair for pair in known if pair[1].endswith(("_hash", "_digest", "salt", "sealed"))}

    assert WITHHELD.keys() <= known
    assert known >= LEGAL_ONLY
    assert looks - secret == {("trail_entries", "reason_digest")}
    assert {column for pair in known - WITHHELD.keys() for column in pair[1:]} | {
        "as_written"
    } == COLUMN_WORDS.keys()
    assert TABLE_WORDS.keys() == set(PERSONAL)


@pytest.fixture
def people(services: Services, tmp_path: Path) -> Services:
    """The three families, their letters, and a row of Céline's in every table."""
    fill(services)
    issue(services, tmp_path / "out")
    with services.transaction() as session:
        session.execute(
            text(
                "INSERT INTO visits (token_digest, account_id, entry, began_at, seen_at)"
                " VALUES ('t0ken', 1, 'password', '2026-09-01 08:00:00', '2026-09-01 08:00:00')"
            )
        )
        plant(session)
        session.execute(
            text(
                "INSERT INTO guardian_corrections (guardian_id, field, source_value, corrected_at)"
                " VALUES (1, 'mobile', '+33611111111', '2026-09-01 08:00:00')"
            )
        )
        for column, value in SECRETS.items():
            table, name = column.split(".")
            session.execute(text(f"UPDATE {table} SET {name} = :value"), {"value": value})
    return services


SECRETS: dict[str, Any] = {
    "accounts.password_hash": b"s3cret-own",
    "letters.password_hash": b"s3cret-letter",
    "messages.sealed": b"s3cret-message",
    "visits.sealed": b"s3cret-visit",
    "mail_links.token_digest": "s3cret-link",
    "sms_codes.code_digest": "s3cret-code",
}


def found(services: Services, typed: str = "1") -> PersonData:
    """Export a person as the desk does."""
    with services.transaction() as session:
        return export_person(session, typed, services.author(NOW))


def test_all_of_a_person_and_nothing_of_the_other_parent(people: Services) -> None:
    """Céline's export has a row of each table; Jean, her husband, is in none of them."""
    data = found(people, "celine.dupont")
    said = json.dumps(data.tables, ensure_ascii=False)

    assert {name for name, rows in data.tables.items() if not rows} <= {"trail_reasons"}
    assert "40 avenue Beaucour" in said
    assert "2020-03-04" in said
    assert {row["given_name"] for row in data.tables["pupils"]} == {"Enzo", "Léa"}
    assert "Jean" not in said
    assert "jean.dupont" not in said
    assert "Moreau" not in said
    assert [row["id"] for row in data.tables["accounts"]] == [1]
    assert "s3cret" not in said
    assert "t0ken" not in said
    assert "alice" not in said  # nor who has done it


def test_separated_parents_never_see_each_other(people: Services) -> None:
    """Nadia's address is hers, Karim's is his, Sami is both's (R-15)."""
    nadia = json.dumps(found(people, "nadia.moreau").tables, ensure_ascii=False)
    karim = json.dumps(found(people, "karim.moreau").tables, ensure_ascii=False)

    assert "Sami" in nadia
    assert "Sami" in karim
    assert "1 rue du Puits" in nadia
    assert "1 rue du Puits" not in karim
    assert "9 place Foch" not in nadia
    assert "Karim" not in nadia


def test_only_a_legal_guardian_of_today_gets_the_birth_date(people: Services) -> None:
    """It is a proof on the portal: whoever no longer answers for the child gets the name only."""
    with people.transaction() as session:
        session.execute(text("UPDATE guardianships SET legal = false WHERE guardian_id = 1"))

    (child, *_) = found(people).tables["pupils"]

    assert "birth_date" not in child
    assert child["family_name"] == "DUPONT"


def test_a_proposal_to_merge_tells_nothing_of_the_likeness(people: Services) -> None:
    """The other record may be somebody else's: neither its number nor what was compared."""
    with people.transaction() as session:
        session.execute(
            text("UPDATE review_items SET details = :details"),
            {"details": json.dumps({"other": "SOMEBODY", "guardian": {"given_name": "Céline"}})},
        )

    (item,) = found(people).tables["review_items"]

    assert item["as_written"] == {"guardian": {"given_name": "Céline"}}
    assert "other_guardian_id" not in item
    assert "SOMEBODY" not in str(item)


def test_the_page_is_text_whatever_people_are_called(people: Services) -> None:
    """Markup in a name stays a name; every section stands there, in French."""
    with people.transaction() as session:
        session.execute(text("UPDATE guardians SET city = '<b>Alençon</b>' WHERE id = 1"))
    data = found(people)
    page = person_page(data, in_words).decode()
    lines = "\n".join(person_lines(data, in_words))

    assert "&lt;b&gt;Alençon&lt;/b&gt;" in page
    for words in TABLE_WORDS.values():
        assert words.replace("'", "&#39;") in page
        assert words in lines
    assert "04/03/2020" in lines


def test_no_code_is_handed_to_a_person(people: Services) -> None:
    """Whatever code a column may hold has French words; so do those of the rows of a person."""
    for name in PERSONAL:
        for column in METADATA.tables[name].columns:
            if isinstance(column.type, Enum) and (name, column.name) not in WITHHELD:
                for code in column.type.enums:
                    assert code == "mail" or in_words(name, column.name, code) != code

    lines = "\n".join(person_lines(found(people), in_words))
    assert "Civilité : Mme" in lines
    assert " – compte ouvert" in lines
    assert " – courrier émis" in lines


def test_no_number_of_ours_stands_where_a_person_reads(people: Services) -> None:
    """A child is told by name, a letter by what is printed; what leads nowhere stands apart."""
    known = {
        column.name
        for name in PERSONAL
        for column in METADATA.tables[name].columns
        if isinstance(column.type, Integer)
        and (column.primary_key or column.foreign_keys)
        and (name, column.name) not in WITHHELD
    }
    data = found(people)
    entries = [entry for section in sections(data, in_words) for entry in section.entries]
    told = {words for entry in entries for words, _ in entry.pairs}

    assert HEADINGS.keys() == set(PERSONAL)
    assert known - {"school_id", "class_id"} <= NUMBERS < COLUMN_WORDS.keys()
    assert not {words for words in told if words.endswith("n°")}
    assert {"Enzo DUPONT", "Léa DUPONT"} <= {entry.heading for entry in entries}
    assert ("Remis à", "Léa DUPONT") in [pair for entry in entries for pair in entry.pairs]
    assert all(entry.numbers for entry in entries)


def test_what_nothing_is_known_of_is_told_once(people: Services) -> None:
    """Karim's page has no heading above nothing: these titles stand together, at the end."""
    page = person_page(found(people, "karim.moreau"), in_words).decode()
    before, last = page.split(NOTHING_KEPT.replace("'", "&#39;"))

    assert "Les codes envoyés par SMS" in last
    assert "Les codes envoyés par SMS" not in before
    assert before.count("<h2") == before.count("<section")
    assert "Les courriers de notification" in before


def test_hours_are_those_of_the_school(people: Services) -> None:
    """Half past five in Greenwich is half past six in Alençon, half past nine in Réunion."""
    assert "Créé le : 23/11/2026 à 18:30" in "\n".join(person_lines(found(people), in_words))
    with people.transaction() as session:
        session.execute(text("UPDATE schools SET time_zone = 'Indian/Reunion'"))

    lines = "\n".join(person_lines(found(people), in_words))

    assert "Créé le : 23/11/2026 à 21:30" in lines
    assert "Mobile : 06 12 34 56 78" in lines


def test_the_trail_tells_that_it_was_given_out(people: Services) -> None:
    """Who has been given what is itself a fact about the person."""
    found(people)
    told = [row["kind"] for row in found(people).tables["trail_entries"]]

    assert told[-1] == "person.exported"


def test_nobody_is_told_so(people: Services) -> None:
    """An unknown number, an unknown identifier."""
    with pytest.raises(UnknownGuardian):
        found(people, "999")
    with pytest.raises(UnknownAccount):
        found(people, "nobody.here")
