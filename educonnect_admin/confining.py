"""Who acts, and what the connections of an engine show them (R-65)."""

import os
from getpass import getuser
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from educonnect_admin import databases
from educonnect_admin.domain.operator_errors import OwnerOnly, UnknownOperator
from educonnect_admin.domain.operators import Acting
from educonnect_admin.queries.copying import CONFINED
from educonnect_admin.queries.operators import acting_of_name, has_operators
from educonnect_admin.settings import Settings

_OWNS_TABLES = text(
    "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class"
    " WHERE oid = 'operators'::regclass"
)


def acting_operator(
    connection: Connection, settings: Settings, *, led: bool = False
) -> Acting | None:
    """Return the operator who acts, nothing for the owner.

    A login of PostgreSQL that is an operator's tells who acts. Otherwise the name does: that
    of an operator, or the owner's own. While nobody is registered, whoever gets in is the owner.

    Args:
        connection: Of an office whose schema is this version's.
        settings: The name, and whether somebody gave it.
        led: A worker of a campaign that the owner leads, who has been asked already: the worker
            may run under another name of the machine.

    Raises:
        UnknownOperator: neither an operator nor the owner.
    """
    asked = settings.operator
    if connection.dialect.name == "postgresql":
        login = str(connection.scalar(text("SELECT current_user")))
        if (found := acting_of_name(connection, login)) is not None:
            if "operator" in settings.model_fields_set and asked != login:
                raise UnknownOperator(asked)
            return found
    found = acting_of_name(connection, asked)
    if found is None and has_operators(connection) and not (led or _is_owner(connection, asked)):
        raise UnknownOperator(asked)
    return found


def refuse_operators(connection: Connection, settings: Settings) -> None:
    """Let nobody but the owner pass.

    Raises:
        OwnerOnly: it is an operator.
        UnknownOperator: it is neither.
    """
    if databases.has_table(connection, "operators") and acting_operator(connection, settings):
        raise OwnerOnly


def owner_name() -> str | None:
    """Return the name of this session of the machine, under which its owner is no operator."""
    try:
        return getuser()
    except (KeyError, OSError):
        return None


def _is_owner(connection: Connection, name: str) -> bool:
    if name != owner_name():
        return False
    if connection.dialect.name == "postgresql":
        return bool(connection.scalar(_OWNS_TABLES))
    if not hasattr(os, "geteuid"):  # pragma: no cover - Windows: whoever may open it
        return True
    return os.geteuid() in {0, Path(str(connection.engine.url.database)).stat().st_uid}


def confine(engine: Engine, acting: Acting) -> None:
    """Show this operator's part, and no other, on every connection opened from now on."""
    if engine.dialect.name == "postgresql":
        role = engine.dialect.identifier_preparer.quote_identifier(acting.name)
        # What policies cost is guessed so high that compiling would take longer than the work.
        statements = [f"SET ROLE {role}", "SET jit = off"]
    else:
        # Lazily: it needs every table mapped, and the owner needs none of it.
        from educonnect_admin.queries.file_views import views_and_triggers

        statements = list(views_and_triggers(acting))
        event.listen(engine, "before_cursor_execute", _lead_to_tables, retval=True)
    databases.begin_with(engine, statements, mark=CONFINED)


def _lead_to_tables(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any
) -> tuple[str, Any]:
    from educonnect_admin.queries.file_views import led_to_tables

    return led_to_tables(statement), parameters
