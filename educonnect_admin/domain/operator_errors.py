"""The refusals around operators, their roles and their scope (R-65)."""

from educonnect_admin.domain.errors import EduConnectError

BEYOND = "beyond the scope"
"""What a trigger of SQLite says of a change that may not be; PostgreSQL has a code of its own."""


class UnknownOperator(EduConnectError):
    """No operator bears this name, and it is not the owner who works here."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotYourRole(EduConnectError):
    """The command is another role's; `roles` are the codes of those that may, none: the owner."""

    def __init__(self, command: str, role: str, roles: tuple[str, ...]) -> None:
        super().__init__(command, role, roles)
        self.command = command
        self.role = role
        self.roles = roles


class OwnerOnly(EduConnectError):
    """Only the owner of the database may make, upgrade or examine it."""


class BeyondScope(EduConnectError):
    """The database refused a change that this operator may not make: nothing was written."""


class HeldElsewhere(EduConnectError):
    """An account has a record in a school that this operator does not see: no half of it moves."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.identifier = identifier


class BadOperator(EduConnectError):
    """An operator can't be made so; `why` is `name`, `owner`, `holder`, `taken`, `scope`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
