"""Why a database does not work."""

from enum import StrEnum


class DatabaseTrouble(StrEnum):
    """Why a database does not work, as far as its driver tells."""

    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """The server is there and does not let this user do it."""
    NO_SUCH_DATABASE = "no_such_database"
    NOT_LET_IN = "not_let_in"
    """The server does not know this user, or does not take the password, or this machine."""
    READ_ONLY = "read_only"
    FULL = "full"
    BUSY = "busy"
    NOT_A_DATABASE = "not_a_database"
    DAMAGED = "damaged"
    LOST = "lost"
