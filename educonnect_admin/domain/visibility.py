"""What an operator sees and changes: one line a table, for both databases (R-65).

Conditions are SQL that SQLite and PostgreSQL read alike, about one row, `{row}`. A table named
in one is seen within the scope too: who sees a child's enrolment sees the child. `my_schools`
are the schools of the scope and `{me}` the operator. PostgreSQL makes policies of them, SQLite
views and triggers. A table without a line fails a test; until it has one, nobody sees it.

A policy must not come back to its own table, nor lead through many: PostgreSQL plans each
`EXISTS` twice, those within four times. What would is asked by name, `{account_is_open}` and
the like, which is a function there.
"""

from collections.abc import Mapping
from typing import NamedTuple

from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.operators import Role
from educonnect_admin.domain.service_rights import SERVICES
from educonnect_admin.domain.trail import HOLDER

DESK = frozenset({Role.DIRECTOR, Role.RECTORATE, Role.HELPDESK})
ROSTER = frozenset({Role.DIRECTOR, Role.RECTORATE})
PORTAL = frozenset({Role.PORTAL})
NOBODY: frozenset[Role] = frozenset()

TRUE, FALSE = "1 = 1", "1 = 0"

_MINE = "IN (SELECT id FROM my_schools)"
_OF_SCHOOL = "{row}.school_id " + _MINE
_NAMES = " UNION ALL ".join(
    f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
    for table in ("guardians", "pupils")
    for column in ("family_key", "usage_key", "given_key")
)
# Whatever its login is called, the portal writes what holders do.
_SIGNED_FOR_HOLDER = (
    f"({{row}}.operator = '{HOLDER}' AND EXISTS (SELECT 1 FROM operators AS its"
    f" WHERE its.name = {{me}} AND its.role = '{Role.PORTAL}'))"
)


class Rule(NamedTuple):
    """Who sees which rows of a table, and who of the desk changes them.

    Attributes:
        sees: which rows are there, for those in `readers`.
        adds: what a new row must fulfil; by default, to be seen.
        becomes: what a changed row must fulfil; by default, to be seen.
        everywhere: what a new row of those who see every school must fulfil.
        writers: the roles of the desk that may do `verbs`. No command of theirs removes people:
            they leave, and what is over is the owner's to purge (R-62).
        readers: the roles of the desk to whom the table exists at all.
        holders: the roles that hold rows so that nobody else changes them, and change none.
        own: `sees` binds those who see every school too.
        fixed: columns that stay as they were when the row was made: who could turn a letter of
            his own to an account of another school would have its password.
        emptied: columns to which a change gives no value, but may take it: the desk voids a
            password, and never chooses one for an account that is in use.
        born_empty: whether a new row has none there either.
        raised: columns of numbers that a change never lowers.
    """

    sees: str
    adds: str | None = None
    becomes: str | None = None
    everywhere: str = TRUE
    writers: frozenset[Role] = NOBODY
    readers: frozenset[Role] = DESK
    verbs: tuple[str, ...] = ("INSERT", "UPDATE")
    fixed: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    born_empty: bool = False
    raised: tuple[str, ...] = ()
    holders: frozenset[Role] = NOBODY
    own: bool = False


def _with(table: str, column: str, key: str = "id") -> str:
    return f"EXISTS (SELECT 1 FROM {table} AS its WHERE its.{key} = {{row}}.{column})"


_OF_ACCOUNT = _with("accounts", "account_id")
_OF_GUARDIAN = _with("guardians", "guardian_id")
_HELD = _OF_SCHOOL + " AND ({row}.account_id IS NULL OR {account_is_open})"
_ENROLLED = _OF_SCHOOL + " AND {pupil_is_open}"
_LINKED = _OF_GUARDIAN + " AND " + _with("pupils", "pupil_id")

RULES: Mapping[str, Rule] = {
    "offices": Rule(TRUE),
    "services": Rule(TRUE),
    # Held by whoever prints or imports; changed by the owner alone.
    "schools": Rule("{row}.id " + _MINE, becomes=FALSE, holders=DESK),
    "school_classes": Rule(_OF_SCHOOL, writers=ROSTER),
    "last_imports": Rule(_OF_SCHOOL, writers=ROSTER),
    "review_items": Rule(_OF_SCHOOL, writers=DESK),
    "enrolments": Rule(_OF_SCHOOL, adds=_ENROLLED, becomes=_ENROLLED, writers=ROSTER),
    "pupils": Rule(_with("enrolments", "id", "pupil_id"), adds=TRUE, writers=DESK),
    "guardians": Rule(_OF_SCHOOL, adds=_HELD, becomes=_HELD, writers=DESK),
    "guardianships": Rule(_OF_GUARDIAN, adds=_LINKED, becomes=_LINKED, writers=ROSTER),
    "guardian_corrections": Rule(_OF_GUARDIAN, writers=DESK, verbs=("INSERT", "UPDATE", "DELETE")),
    "accounts": Rule(
        _with("guardians", "id", "account_id") + " OR " + _with("regroupings", "id", "other_id"),
        adds=TRUE,
        writers=DESK,
        fixed=("identifier", "created_at", "email_confirmed_at", "last_login_at"),
        emptied=(
            "journey",
            "activated_at",
            "email",
            "pending_email",
            "pending_email_at",
            "password_hash",
            "password_set_at",
            "franceconnect_digest",
            "franceconnect_at",
        ),
        born_empty=True,
    ),
    "regroupings": Rule(
        _with("guardians", "principal_id", "account_id"),
        adds="{accounts_are_seen}",
        writers=DESK,
        fixed=("principal_id", "other_id"),
    ),
    "regrouped_records": Rule(
        _OF_GUARDIAN,
        adds=_OF_GUARDIAN + " AND {regrouping_is_seen}",
        writers=DESK,
        verbs=("INSERT",),
    ),
    "letters": Rule(
        _OF_SCHOOL + " OR " + _OF_ACCOUNT,
        adds=_OF_SCHOOL + " AND " + _OF_ACCOUNT,
        writers=DESK,
        fixed=("number", "account_id", "school_id", "guardian_id", "carrier_id"),
        emptied=("password_hash",),
    ),
    "batches": Rule(_OF_SCHOOL, writers=ROSTER),
    "batch_files": Rule(_with("batches", "batch_id"), writers=ROSTER),
    "messages": Rule(
        _OF_SCHOOL + " OR " + _OF_ACCOUNT,
        adds="({row}.school_id IS NULL OR " + _OF_SCHOOL + ")"
        " AND ({row}.account_id IS NULL OR " + _OF_ACCOUNT + ") AND {letter_is_seen}",
        writers=DESK,
        emptied=("sealed",),
        fixed=("reference", "account_id", "guardian_id", "school_id", "letter_id"),
    ),
    # Whoever could add a link would open by it an account that is in use.
    "mail_links": Rule(_OF_ACCOUNT),
    "setbacks": Rule(_OF_ACCOUNT),
    # Who corrects a child's birth date forgets what was tried for it, by whomever.
    "try_counts": Rule(
        _OF_ACCOUNT + " OR {pupil_is_seen}", writers=DESK, verbs=("DELETE",), holders=DESK
    ),
    "visits": Rule(_OF_ACCOUNT, readers=NOBODY),
    "sms_codes": Rule(_with("visits", "visit_id"), readers=NOBODY),
    # Digests under the key and the highest numbers: nobody's, and never taken back.
    "identifier_series": Rule(
        TRUE, writers=ROSTER, readers=ROSTER, fixed=("stem_digest",), raised=("highest",)
    ),
    # Read by whoever gives numbers; written by the purge, which is the owner's.
    "used_numbers": Rule(TRUE, readers=ROSTER),
    "name_words": Rule(
        "{row}.word IN (" + _NAMES + ")", adds=TRUE, writers=DESK, verbs=("INSERT",)
    ),
    # The office's own chain is appended to by all; each reads there what he wrote himself, and
    # what another school did to an account or a child that he sees too.
    "trail_entries": Rule(
        "{row}.chain " + _MINE + " OR ({row}.chain = 0 AND"
        " ({row}.operator = {me} OR {account_is_seen} OR {pupil_is_seen}))",
        adds="({row}.chain " + _MINE + " OR {row}.chain = 0) AND {row}.operator = {me}",
        everywhere="{row}.operator = {me} OR " + _SIGNED_FOR_HOLDER,
        writers=DESK,
        verbs=("INSERT",),
    ),
    "trail_heads": Rule(
        "{row}.chain = 0 OR {row}.chain " + _MINE, writers=DESK, fixed=("chain",), raised=("count",)
    ),
    "trail_reasons": Rule(_with("trail_entries", "entry_id"), writers=DESK, verbs=("INSERT",)),
    "operators": Rule("{row}.name = {me}", own=True),
    "operator_schools": Rule(_with("operators", "operator_id"), own=True),
}

SECRETS: Mapping[str, Mapping[str, frozenset[Role]]] = {
    "accounts": {"password_hash": PORTAL},
    "letters": {"password_hash": PORTAL | {Role.CRON}},
    "messages": {"sealed": PORTAL | {Role.CRON}},
    "mail_links": {"token_digest": PORTAL},
    "visits": {"token_digest": PORTAL, "sealed": PORTAL},
    "sms_codes": {"code_digest": PORTAL},
}
"""Columns that only these roles read; the others may write them, never learn them (R-5)."""


def reads(table: str, role: Role) -> bool:
    """Tell whether a table exists for a role."""
    if role in SERVICES:
        return table in SERVICES[role].reads
    return role in RULES[table].readers


def verbs_of(table: str, role: Role) -> frozenset[str]:
    """Return what a role does to rows of a table."""
    if role in SERVICES:
        return SERVICES[role].change(table).verbs
    rule = RULES[table]
    return frozenset(rule.verbs if role in rule.writers else ())


def holds(table: str, role: Role) -> bool:
    """Tell whether a role that changes no row of a table holds some all the same."""
    if role in SERVICES:
        return table in SERVICES[role].holds
    return role in RULES[table].holders


def fixed_columns(table: str, role: Role) -> tuple[str, ...]:
    """Return the columns of a row that a role leaves as they were, although it changes others."""
    if role not in SERVICES:
        return RULES[table].fixed
    changed = SERVICES[role].change(table).columns
    return tuple(one.name for one in METADATA.tables[table].columns if one.name not in changed)


def emptied_columns(table: str, role: Role) -> tuple[str, ...]:
    """Return the columns to which a role gives no value; what parents choose the portal writes."""
    return () if role is Role.PORTAL else RULES[table].emptied


def hidden_columns(table: str, role: Role) -> frozenset[str]:
    """Return the columns of a table that a role never reads."""
    secret = {one for one, readers in SECRETS.get(table, {}).items() if role not in readers}
    if role in SERVICES and table in SERVICES[role].reads_only:
        secret.update(set(METADATA.tables[table].columns.keys()) - SERVICES[role].reads_only[table])
    return frozenset(secret)
