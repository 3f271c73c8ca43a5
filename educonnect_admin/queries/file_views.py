"""What an operator sees of an SQLite file: views over its tables, triggers on them (R-65).

All of it is temporary, of one connection. A name is looked for among what is temporary first,
so that a query which asks for `pupils` reads the view; what writes is led to the table itself
(`led_to_tables`), where the triggers let pass what the rules allow.
"""

import re
from collections.abc import Collection, Iterator

from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.operator_errors import BEYOND
from educonnect_admin.domain.operators import Acting, Role
from educonnect_admin.domain.visibility import (
    FALSE,
    RULES,
    TRUE,
    Rule,
    emptied_columns,
    fixed_columns,
    hidden_columns,
    reads,
    verbs_of,
)

_WRITES = re.compile(r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+(?="?\w)', re.I)
_OPEN = {
    "account_is_open": (
        "(EXISTS (SELECT 1 FROM accounts AS its WHERE its.id = {row}.account_id)"
        " OR NOT EXISTS (SELECT 1 FROM main.guardians AS its"
        " WHERE its.account_id = {row}.account_id)"
        " AND NOT EXISTS (SELECT 1 FROM main.regroupings AS its"
        " WHERE its.other_id = {row}.account_id))"
    ),
    "pupil_is_open": (
        "(EXISTS (SELECT 1 FROM pupils AS its WHERE its.id = {row}.pupil_id)"
        " OR NOT EXISTS (SELECT 1 FROM main.enrolments AS its"
        " WHERE its.pupil_id = {row}.pupil_id))"
    ),
    "accounts_are_seen": (
        "EXISTS (SELECT 1 FROM accounts AS its WHERE its.id = {row}.principal_id)"
        " AND EXISTS (SELECT 1 FROM accounts AS its WHERE its.id = {row}.other_id)"
    ),
    "letter_is_seen": (
        "({row}.letter_id IS NULL"
        " OR EXISTS (SELECT 1 FROM letters AS its WHERE its.id = {row}.letter_id))"
    ),
    "account_is_seen": "EXISTS (SELECT 1 FROM accounts AS its WHERE its.id = {row}.account_id)",
    "pupil_is_seen": "EXISTS (SELECT 1 FROM pupils AS its WHERE its.id = {row}.pupil_id)",
    "regrouping_is_seen": (
        "EXISTS (SELECT 1 FROM regroupings AS its WHERE its.id = {row}.regrouping_id)"
    ),
}
_MY_SCHOOLS = """
CREATE TEMP VIEW my_schools AS SELECT its.id FROM main.schools AS its
JOIN main.operators AS mine ON mine.name = {me}
WHERE mine.everything OR mine.academy_code = its.academy_code OR EXISTS (
    SELECT 1 FROM main.operator_schools AS named
    WHERE named.operator_id = mine.id AND named.school_id = its.id
)
"""


def led_to_tables(statement: str) -> str:
    """Return a statement that writes, led past the view to the table of the same name."""
    return _WRITES.sub(lambda found: found.group() + "main.", statement, count=1)


def views_and_triggers(acting: Acting) -> Iterator[str]:
    """Yield the statements that make a connection an operator's."""
    me = _quoted(acting.name)
    yield _MY_SCHOOLS.format(me=me)
    for table, rule in RULES.items():
        yield _view(table, rule, acting, me)
        yield from _triggers(table, rule, acting, me)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _meant(condition: str, row: str, me: str) -> str:
    open_ones = {name: text.format(row=row) for name, text in _OPEN.items()}
    return condition.format(row=row, me=me, **open_ones)


def _seen(table: str, rule: Rule, acting: Acting) -> str:
    if not reads(table, acting.role):
        return FALSE
    return TRUE if acting.everything and not rule.own else rule.sees


def _view(table: str, rule: Rule, acting: Acting, me: str) -> str:
    hidden = hidden_columns(table, acting.role)
    columns = ", ".join(
        f'NULL AS "{one.name}"' if one.name in hidden else f'its_row."{one.name}"'
        for one in METADATA.tables[table].columns
    )
    seen = _meant(_seen(table, rule, acting), "its_row", me)
    return f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM main.{table} AS its_row WHERE {seen}"


def _turned(table: str, role: Role) -> str:
    """Return the condition that a change touches what stays, gives what is only taken, lowers."""
    kept = [f'OLD."{one}" IS NOT NEW."{one}"' for one in fixed_columns(table, role)]
    given = [
        f'NEW."{one}" IS NOT NULL AND OLD."{one}" IS NOT NEW."{one}"'
        for one in emptied_columns(table, role)
    ]
    lowered = [f'NEW."{one}" < OLD."{one}"' for one in RULES[table].raised]
    return " OR ".join([*kept, *given, *lowered]) or FALSE


def _given(rule: Rule, emptied: Collection[str]) -> str:
    """Return the condition that a new row has what nobody at the desk gives."""
    return " OR ".join(f'NEW."{one}" IS NOT NULL' for one in emptied if rule.born_empty) or FALSE


def _triggers(table: str, rule: Rule, acting: Acting, me: str) -> Iterator[str]:
    """Yield what keeps rows out of reach as they are, and refuses rows that may not be."""
    sees = _seen(table, rule, acting)
    adds, becomes = rule.adds or sees, rule.becomes or sees
    if acting.everything:
        adds, becomes = rule.everywhere, TRUE
    old, added, changed = (
        _meant(one, row, me) for one, row in ((sees, "OLD"), (adds, "NEW"), (becomes, "NEW"))
    )
    emptied = emptied_columns(table, acting.role)
    turned = _turned(table, acting.role)
    refused, passed_over = f"ABORT, '{BEYOND}'", "IGNORE"
    for verb, verdicts in (
        ("INSERT", f"WHEN NOT ({added}) OR {_given(rule, emptied)} THEN RAISE({refused})"),
        # In one trigger: of two, either may come first.
        (
            "UPDATE",
            f"WHEN NOT ({old}) THEN RAISE({passed_over})"
            f" WHEN NOT ({changed}) OR {turned} THEN RAISE({refused})",
        ),
        ("DELETE", f"WHEN NOT ({old}) THEN RAISE({passed_over})"),
    ):
        may = verbs_of(table, acting.role)
        verdict = f"CASE {verdicts} END" if verb in may else f"RAISE({refused})"
        yield (
            f"CREATE TEMP TRIGGER {table}_{verb} BEFORE {verb} ON main.{table}"
            f" BEGIN SELECT {verdict}; END"
        )
