"""From what a driver says to why a database does not work; its text is never quoted.

The text of a driver may hold the address of a server, or a value of the row it refused.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError

from educonnect_admin.domain.database_trouble import DatabaseTrouble
from educonnect_admin.domain.errors import DatabaseUnavailable
from educonnect_admin.domain.operator_errors import BEYOND, BeyondScope

# The names of SQLite's result codes begin with these (https://sqlite.org/rescode.html).
_SQLITE = (
    ("SQLITE_FULL", DatabaseTrouble.FULL),
    ("SQLITE_READONLY", DatabaseTrouble.READ_ONLY),
    ("SQLITE_BUSY", DatabaseTrouble.BUSY),
    ("SQLITE_LOCKED", DatabaseTrouble.BUSY),
    ("SQLITE_NOTADB", DatabaseTrouble.NOT_A_DATABASE),
    ("SQLITE_CORRUPT", DatabaseTrouble.DAMAGED),
    ("SQLITE_IOERR", DatabaseTrouble.DAMAGED),
    ("SQLITE_CANTOPEN", DatabaseTrouble.UNREACHABLE),
)
# Classes and codes of PostgreSQL (appendix A of its manual).
_POSTGRESQL = (
    ("53100", DatabaseTrouble.FULL),
    ("25006", DatabaseTrouble.READ_ONLY),
    ("28", DatabaseTrouble.NOT_LET_IN),
    ("3D000", DatabaseTrouble.NO_SUCH_DATABASE),
    ("42501", DatabaseTrouble.REFUSED),
    ("40001", DatabaseTrouble.BUSY),  # changed by another transaction
    ("40P01", DatabaseTrouble.BUSY),  # deadlock
    ("55P03", DatabaseTrouble.BUSY),  # lock_timeout
    ("57014", DatabaseTrouble.BUSY),  # statement_timeout, or cancelled by hand
    ("53", DatabaseTrouble.BUSY),  # too many connections, out of memory
    ("25P03", DatabaseTrouble.LOST),  # idle_in_transaction_session_timeout
    ("57P", DatabaseTrouble.LOST),
    ("08", DatabaseTrouble.LOST),
    ("58", DatabaseTrouble.DAMAGED),  # the disk
    ("XX001", DatabaseTrouble.DAMAGED),
    ("XX002", DatabaseTrouble.DAMAGED),
)
# libpq gives no code to a connection that failed, only the words of a server in its own language.
_SAID = (
    (
        r"(database|base de données) .*(does not exist|n['’]existe pas)",
        DatabaseTrouble.NO_SUCH_DATABASE,
    ),
    (
        r"(role|rôle) .*(does not exist|n['’]existe pas)|authentication failed|authentification"
        r"|no password supplied|aucun mot de passe|pg_hba\.conf|not permitted to log in",
        DatabaseTrouble.NOT_LET_IN,
    ),
)


@contextmanager
def database_words(where: str = "", *, confined: bool = False) -> Iterator[None]:
    """Turn what the driver says into the one refusal that people are told.

    Args:
        where: The address without password, where the database is being opened.
        confined: The connections are an operator's, who may not do everything (R-65).

    Raises:
        DatabaseUnavailable: the database was lost, or refuses to work.
        BeyondScope: an operator may not make this change.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        # The driver's own error comes from the pragmas: the file is no database.
        raise _unavailable(error, where) from error
    except DBAPIError as error:
        if confined and _is_beyond(error):
            raise BeyondScope from error
        works_not = isinstance(error, (OperationalError, InterfaceError))
        if works_not or has_trouble(error) or type(error) is DatabaseError:
            raise _unavailable(error, where) from error
        raise


def _is_beyond(error: DBAPIError) -> bool:
    """Tell whether a policy, a missing right or one of our triggers has refused."""
    if getattr(error.orig, "sqlite_errorname", None) == "SQLITE_CONSTRAINT_TRIGGER":
        return BEYOND in str(error.orig)
    return getattr(error.orig, "sqlstate", None) == "42501"


def _unavailable(error: BaseException, where: str) -> DatabaseUnavailable:
    refusal = DatabaseUnavailable(trouble_behind(error))
    refusal.where = where
    return refusal


def trouble_behind(error: BaseException) -> DatabaseTrouble:
    """Return why the database does not work, from the error of SQLAlchemy or of its driver."""
    driver = getattr(error, "orig", None) or error
    name = getattr(driver, "sqlite_errorname", None)
    if name:
        return _first(_SQLITE, name)
    state = getattr(driver, "sqlstate", None)
    if state:
        return _first(_POSTGRESQL, state)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return DatabaseTrouble.LOST
    if type(driver).__module__.partition(".")[0] != "psycopg":
        return DatabaseTrouble.UNKNOWN
    said = (what for pattern, what in _SAID if re.search(pattern, str(driver), re.IGNORECASE))
    return next(said, DatabaseTrouble.UNREACHABLE)


def has_trouble(error: DBAPIError) -> bool:
    """Tell whether it is the database that does not work, not what it was asked to do.

    PostgreSQL's driver files a database that is read-only, damaged or closed to this user
    under the same classes as faults of ours.
    """
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or any(state.startswith(start) for start, _ in _POSTGRESQL)


def _first(table: tuple[tuple[str, DatabaseTrouble], ...], code: str) -> DatabaseTrouble:
    return next((what for start, what in table if code.startswith(start)), DatabaseTrouble.UNKNOWN)
