"""What the numbers in a person's data stand for, in words that the person knows."""

from collections.abc import Mapping
from typing import Any

from educonnect_admin.domain.personal_data import PersonData, Row


class Names:
    """The children, accounts, records and letters of one person, by number."""

    def __init__(self, found: PersonData) -> None:
        tables = found.tables
        accounts = {row["id"]: str(row["identifier"]) for row in tables["accounts"]}
        pupils = {row["id"]: _full_name(row) for row in tables["pupils"]}
        # Of the only record, and of the account that was asked for, all the page tells.
        others = {number: name for number, name in accounts.items() if number != found.account_id}
        records = tables["guardians"] if len(tables["guardians"]) > 1 else ()
        self._known: Mapping[str, Mapping[int, str]] = {
            "account_id": others,
            "principal_id": accounts,
            "other_id": accounts,
            "pupil_id": pupils,
            "carrier_id": pupils,
            "guardian_id": {row["id"]: found.schools[row["school_id"]][1] for row in records},
            "letter_id": {row["id"]: str(row["number"]) for row in tables["letters"]},
            "school_id": {
                number: f"{name} ({uai})" for number, (uai, name) in found.schools.items()
            },
            "class_id": found.classes,
        }

    def name_of(self, column: str, value: Any) -> str | None:
        """Return what a number stands for; nothing where it means nothing to the person."""
        known = self._known.get(column)
        return known.get(value) if known is not None else None


def _full_name(row: Row) -> str:
    return f"{row['given_name']} {row['usage_name'] or row['family_name']}"
