"""Where the schema knows something of a person, and what of it is not given out, with the reason.

Every table is in one of the two lists below, every column of the first in the export or among
what is withheld: a test walks the schema, so that a new one is placed before it is released.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

PERSONAL = (
    "accounts", "guardians", "guardian_corrections", "guardianships", "pupils", "enrolments",
    "letters", "messages", "mail_links", "visits", "sms_codes", "try_counts", "setbacks",
    "regroupings", "regrouped_records", "review_items", "trail_entries", "trail_reasons",
)  # fmt: skip
"""The tables that the export goes through, in the order in which a person reads them."""

IMPERSONAL: Mapping[str, str] = {
    "batch_files": "a printed file, of a whole class",
    "batches": "a run of printing, of a whole school",
    "identifier_series": "a keyed digest of a name, and a number; tells nobody (R-2)",
    "last_imports": "a report of a whole school, sealed; gone with the next import or in time",
    "name_words": "names without their bearers; gone with the last one (R-62)",
    "offices": "the office",
    "operator_schools": "what an operator sees",
    "operators": "an agent of the office, by the name of their work",
    "school_classes": "a class",
    "schools": "a school",
    "services": "a service of the portal",
    "trail_heads": "the end of a chain",
    "used_numbers": "a number",
}
"""The other tables, and why nothing of a person is in them, or nothing that can be found."""


class Why(StrEnum):
    """Why a column is not given out."""

    SECRET = "secret"  # noqa: S105 - a code, not a secret
    """Whoever had it could pass for the person, or break what protects them."""
    SAID_BESIDE = "said_beside"
    """A working copy of another column that is given out, or a number of ours."""
    OF_OTHERS = "of_others"
    """It tells, or may tell, of somebody else."""


WITHHELD: Mapping[tuple[str, str], Why] = {
    ("accounts", "franceconnect_digest"): Why.SECRET,
    ("accounts", "password_hash"): Why.SECRET,
    ("guardians", "family_key"): Why.SAID_BESIDE,
    ("guardians", "given_key"): Why.SAID_BESIDE,
    ("guardians", "usage_key"): Why.SAID_BESIDE,
    ("letters", "password_hash"): Why.SECRET,
    ("mail_links", "token_digest"): Why.SECRET,
    ("messages", "claim"): Why.SAID_BESIDE,
    ("messages", "sealed"): Why.SECRET,
    ("pupils", "family_key"): Why.SAID_BESIDE,
    ("pupils", "given_key"): Why.SAID_BESIDE,
    ("pupils", "usage_key"): Why.SAID_BESIDE,
    ("review_items", "answer_id"): Why.OF_OTHERS,
    ("review_items", "details"): Why.OF_OTHERS,
    ("review_items", "other_guardian_id"): Why.OF_OTHERS,
    ("review_items", "subject"): Why.SAID_BESIDE,
    ("sms_codes", "code_digest"): Why.SECRET,
    ("trail_entries", "digest"): Why.SAID_BESIDE,
    ("trail_entries", "key_id"): Why.SAID_BESIDE,
    ("trail_entries", "operator"): Why.OF_OTHERS,
    ("trail_entries", "previous"): Why.SAID_BESIDE,
    ("trail_entries", "reason_digest"): Why.SAID_BESIDE,
    ("trail_reasons", "salt"): Why.SECRET,
    ("try_counts", "subject"): Why.SAID_BESIDE,
    ("visits", "sealed"): Why.SECRET,
    ("visits", "token_digest"): Why.SECRET,
}

LEGAL_ONLY = frozenset(
    {("pupils", "birth_date"), ("pupils", "source_birth_date"), ("pupils", "ine")}
)
"""Of a child, what only its legal guardian of today gets: the date is a proof (R-33)."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """Everything that is known of one person.

    Attributes:
        guardian_id: the record that was asked for.
        account_id: the account that holds it, if any.
        identifier: of that account.
        at: the moment.
        time_zone: of the school whose record was asked for.
        tables: the rows of each table of `PERSONAL`, by column; dates and codes as text.
        schools: UAI and name by number.
        classes: labels by number.
    """

    guardian_id: int
    account_id: int | None
    identifier: str | None = field(repr=False)
    at: datetime
    time_zone: str
    tables: Mapping[str, Sequence[Row]] = field(repr=False)
    schools: Mapping[int, tuple[str, str]]
    classes: Mapping[int, str] = field(repr=False)
