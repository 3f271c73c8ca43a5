"""What an operator may do on a PostgreSQL server: a role of its own, policies, grants (R-65).

The policies say which rows, the grants which tables, columns and verbs. Both follow
`domain.visibility`. The owner of the tables is bound by neither.
"""

from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256

from sqlalchemy import Connection, text

from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.operator_errors import BEYOND, BadOperator
from educonnect_admin.domain.operators import Acting, Role
from educonnect_admin.domain.visibility import (
    FALSE,
    RULES,
    TRUE,
    fixed_columns,
    hidden_columns,
    holds,
    reads,
    verbs_of,
)
from educonnect_admin.queries.operators import all_acting

_MY_SCHOOLS = """
    CREATE OR REPLACE VIEW my_schools WITH (security_barrier) AS
    SELECT its.id FROM schools AS its JOIN operators AS mine
    ON mine.everything OR mine.academy_code = its.academy_code WHERE mine.name = current_user
    UNION ALL SELECT named.school_id FROM operator_schools AS named JOIN operators AS mine
    ON mine.id = named.operator_id WHERE mine.name = current_user
"""
# Of the operator: they see what he sees, and not what he has put in a temporary table.
_SEEN = (
    "CREATE OR REPLACE FUNCTION sees_{one}(number bigint) RETURNS boolean LANGUAGE sql STABLE"
    " SET search_path = {schema}, pg_temp"
    " AS 'SELECT EXISTS (SELECT 1 FROM {table} WHERE id = $1)'"
)
_SEEN_TABLES = (
    ("account", "accounts"),
    ("pupil", "pupils"),
    ("letter", "letters"),
    ("regrouping", "regroupings"),
)
# Of the owner: they look past the scope, and tell only whether something is there, or how much.
_FREE = (
    "CREATE OR REPLACE FUNCTION {name}(number bigint) RETURNS {kind} LANGUAGE sql STABLE"
    " SECURITY DEFINER SET search_path = {schema}, pg_temp AS 'SELECT {condition}'"
)
_NO_RECORD = "NOT EXISTS (SELECT 1 FROM {table} AS its WHERE its.{column} = number)"
_FREE_ACCOUNT = " AND ".join(
    _NO_RECORD.format(table=table, column=column)
    for table, column in (("guardians", "account_id"), ("regroupings", "other_id"))
)
_LOOKS = {
    "account_is_free": _FREE_ACCOUNT,
    "pupil_is_free": _NO_RECORD.format(table="enrolments", column="pupil_id"),
    "account_is_emptied": _NO_RECORD.format(table="guardians", column="account_id"),
    "link_is_free": (
        "NOT EXISTS (SELECT 1 FROM accounts AS its JOIN accounts AS one"
        " ON one.franceconnect_digest = its.franceconnect_digest"
        " WHERE its.id = number AND one.id <> its.id AND one.ended_at IS NULL)"
    ),
    "regrouping_is_given_back": (
        "NOT EXISTS (SELECT 1 FROM regrouped_records AS its"
        " JOIN guardians AS record ON record.id = its.guardian_id"
        " JOIN regroupings AS one ON one.id = its.regrouping_id"
        " WHERE one.id = number AND record.account_id = one.principal_id)"
    ),
}
_COUNTS = {
    "records_of_account": "count(*) FROM guardians AS its WHERE its.account_id = number",
    "places_of_pupil": (
        "count(*) FROM enrolments AS its WHERE its.pupil_id = number AND its.ended_on IS NULL"
    ),
}
_ASKED = {
    "account_is_open": "(sees_account({row}.account_id) OR account_is_free({row}.account_id))",
    "pupil_is_open": "(sees_pupil({row}.pupil_id) OR pupil_is_free({row}.pupil_id))",
    "accounts_are_seen": "(sees_account({row}.principal_id) AND sees_account({row}.other_id))",
    "letter_is_seen": "({row}.letter_id IS NULL OR sees_letter({row}.letter_id))",
    "account_is_seen": "sees_account({row}.account_id)",
    "pupil_is_seen": "sees_pupil({row}.pupil_id)",
    "regrouping_is_seen": "sees_regrouping({row}.regrouping_id)",
}
# Only of who is an operator: the owner, and a task of his, may give what they are kept from.
_REFUSE = """
    CREATE OR REPLACE FUNCTION refuse_operators() RETURNS trigger LANGUAGE plpgsql
    SET search_path = {schema}, pg_temp AS $$ BEGIN
        IF EXISTS (
            SELECT 1 FROM operators
            WHERE name = current_user AND (role <> '{portal}' OR TG_NAME = 'only_raised')
        ) THEN
            RAISE insufficient_privilege USING MESSAGE = '{beyond}';
        END IF;
        RETURN NEW;
    END $$
"""
_VERBS = ("select", "insert", "update", "delete", "everything")
_DANGEROUS = text(
    "SELECT rolsuper OR rolbypassrls OR pg_has_role(oid, (SELECT relowner FROM pg_class"
    " WHERE oid = 'operators'::regclass), 'MEMBER') FROM pg_roles WHERE rolname = :name"
)
_DIGEST = text("SELECT obj_description(to_regclass('my_schools'), 'pg_class')")


def admit(connection: Connection, name: str) -> None:
    """Give an operator a role on the server, unless it is there already.

    Raises:
        BadOperator: a role of this name is above the rules: a superuser, or the owner.
    """
    dangerous = connection.scalar(_DANGEROUS, {"name": name})
    if dangerous:
        raise BadOperator("taken")
    role = _quoted(connection, name)
    if dangerous is None:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
    # So that the owner can work under his name (`--operator`).
    connection.exec_driver_sql(f"GRANT {role} TO CURRENT_USER")


def dismiss(connection: Connection, name: str) -> None:
    """Take an operator's rights and role away; the policies must have forgotten him already.

    A role that has rights in another database of the server stays, without any here.
    """
    if connection.scalar(_DANGEROUS, {"name": name}) is None:
        return
    role = _quoted(connection, name)
    _revoke(connection, role)
    elsewhere = "SELECT count(*) FROM pg_shdepend WHERE refobjid = %s::regrole"
    if not connection.exec_driver_sql(elsewhere, (role,)).scalar():
        connection.exec_driver_sql(f"DROP ROLE {role}")


def let_in(connection: Connection) -> None:
    """Make what operators need on a server that may not know them yet: roles, policies, grants.

    Args:
        connection: The owner's, in a transaction.
    """
    for one in all_acting(connection):
        if connection.scalar(_DANGEROUS, {"name": one.name}) is None:
            admit(connection, one.name)
    renew_rights(connection)


def renew_rights(connection: Connection) -> None:
    """Make the policies and grants of all operators; their roles are there.

    Args:
        connection: The owner's, in a transaction.
    """
    operators = all_acting(connection)
    _set_policies(connection, [one.name for one in operators if one.everything])
    for one in operators:
        _set_grants(connection, one)


def _set_policies(connection: Connection, everywhere: Sequence[str]) -> None:
    """Make the policies, unless they are there and the same: to make them locks the tables."""
    schema = str(connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar())
    roles = ", ".join(_quoted(connection, name) for name in sorted(everywhere))
    statements = [*_helpers(schema), *_policies(roles), *_guards()]
    digest = sha256("\n".join(statements).encode()).hexdigest()
    if connection.scalar(_DIGEST) == digest:
        return
    for statement in statements:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"COMMENT ON VIEW my_schools IS '{digest}'")


def _helpers(schema: str) -> Iterator[str]:
    yield _MY_SCHOOLS
    for one, table in _SEEN_TABLES:
        yield _SEEN.format(one=one, table=table, schema=schema)
    for kind, looks in (("boolean", _LOOKS), ("bigint", _COUNTS)):
        for name, condition in looks.items():
            yield _FREE.format(name=name, kind=kind, schema=schema, condition=condition)
            yield f"REVOKE ALL ON FUNCTION {name}(bigint) FROM PUBLIC"
    yield _REFUSE.format(schema=schema, portal=Role.PORTAL, beyond=BEYOND)


def _policies(everywhere: str) -> Iterator[str]:
    for table, rule in RULES.items():
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        for verb in _VERBS:
            yield f"DROP POLICY IF EXISTS {verb}_{table} ON {table}"
        sees = _meant(rule.sees, table)
        adds, becomes = (_meant(one or rule.sees, table) for one in (rule.adds, rule.becomes))
        for verb, condition in (
            ("select", f"USING ({sees})"),
            ("insert", f"WITH CHECK ({adds})"),
            ("update", f"USING ({sees}) WITH CHECK ({becomes})"),
            ("delete", f"USING ({sees})"),
        ):
            yield f"CREATE POLICY {verb}_{table} ON {table} FOR {verb} {condition}"
        if everywhere and not rule.own:
            # What nobody's row may become, theirs may not either.
            becomes = FALSE if rule.becomes == FALSE else _meant(rule.everywhere, table)
            yield (
                f"CREATE POLICY everything_{table} ON {table} TO {everywhere}"
                f" USING ({TRUE}) WITH CHECK ({becomes})"
            )


def _guards() -> Iterator[str]:
    """Yield the triggers of what operators may take and not give, raise and not lower.

    A policy does not know the row as it was.
    """
    for table, rule in RULES.items():
        if rule.raised:
            lowered = [f'NEW."{one}" < OLD."{one}"' for one in rule.raised]
            yield from _guard(table, "only_raised", "UPDATE", lowered)
        if not rule.emptied:
            continue
        names = [f'"{one}"' for one in rule.emptied]
        given = [f"NEW.{one} IS NOT NULL" for one in names]
        changed = [
            f"{is_given} AND NEW.{one} IS DISTINCT FROM OLD.{one}"
            for one, is_given in zip(names, given, strict=True)
        ]
        columns = ", ".join(names)
        yield from _guard(table, "only_emptied", f"UPDATE OF {columns}", changed)
        if rule.born_empty:
            yield from _guard(table, "born_empty", "INSERT", given)


def _guard(table: str, name: str, verb: str, conditions: Sequence[str]) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW"
        f" WHEN ({' OR '.join(conditions)}) EXECUTE FUNCTION refuse_operators()"
    )


def _meant(condition: str, row: str) -> str:
    asked = {name: call.format(row=row) for name, call in _ASKED.items()}
    return condition.format(row=row, me="current_user", **asked)


def _set_grants(connection: Connection, acting: Acting) -> None:
    """Give an operator the rights of his role, and no others."""
    role = _quoted(connection, acting.name)
    _revoke(connection, role)
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    for grant in _grants(acting):
        connection.exec_driver_sql(f"GRANT {grant} TO {role}")
    for rights in ("USAGE ON SCHEMA", "USAGE ON ALL SEQUENCES IN SCHEMA"):
        connection.exec_driver_sql(f"GRANT {rights} {schema} TO {role}")


def _grants(acting: Acting) -> Iterator[str]:
    yield "SELECT ON my_schools, alembic_version"
    yield "EXECUTE ON FUNCTION " + ", ".join(f"{name}(bigint)" for name in (*_LOOKS, *_COUNTS))
    for table in RULES:
        if reads(table, acting.role):
            yield f"SELECT {_readable(table, acting)} ON {table}"
        for verb in sorted(verbs_of(table, acting.role)):
            columns = _but(table, fixed_columns(table, acting.role)) if verb == "UPDATE" else ""
            yield f"{verb} {columns} ON {table}"
        if holds(table, acting.role) and "id" in METADATA.tables[table].columns:
            # `FOR UPDATE` asks for a right on some column; this one leads to nothing.
            yield f'UPDATE ("id") ON {table}'


def _readable(table: str, acting: Acting) -> str:
    return _but(table, hidden_columns(table, acting.role))


def _but(table: str, left_out: Collection[str]) -> str:
    """Return the other columns of a table, in brackets; nothing where that is all of them."""
    if not left_out:
        return ""
    names = [one.name for one in METADATA.tables[table].columns if one.name not in left_out]
    return "(" + ", ".join(f'"{name}"' for name in names) + ")"


def _revoke(connection: Connection, role: str) -> None:
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
        connection.exec_driver_sql(f"REVOKE ALL ON ALL {kind} IN SCHEMA {schema} FROM {role}")
    connection.exec_driver_sql(f"REVOKE ALL ON SCHEMA {schema} FROM {role}")


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)
