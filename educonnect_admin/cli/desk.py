"""What a command works at: its settings, its office, its way of speaking."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from educonnect_admin.cli.roles import refuse_other_roles
from educonnect_admin.cli.speech import Speech
from educonnect_admin.process_secrets import hide_memory

if TYPE_CHECKING:
    from educonnect_admin.edge import Services
    from educonnect_admin.settings import Settings

CHEAP_HASHING_WARNING = (
    "ATTENTION : EDUCONNECT_HASHING=cheap-for-tests. Les mots de passe de cette base ne sont "
    "pas protégés ; jamais avec de vraies personnes."
)
_SHOWN_TO_ALL = (
    "Le mot de passe de la base, donné par --database, se lit dans la liste des processus de cette "
    "machine. Mettez plutôt l'adresse dans un fichier (EDUCONNECT_DATABASE_URL_FILE)."
)


@dataclass(frozen=True)
class Desk:
    """The options that stand before the command."""

    database: str | None = field(repr=False)
    operator: str | None
    quiet: bool
    command: str = ""
    """Which one is run, as `cli.roles` names it."""

    def speech(self, *, json: bool = False) -> Speech:
        """Return how this command speaks: to a person, or one JSON object to a program."""
        return Speech(json=json, quiet=self.quiet)

    def settings(self) -> "Settings":
        """Return the settings: the environment, then the options of the command line.

        Raises:
            BadSetting: a variable of the environment can't be used.
        """
        from pydantic import ValidationError

        from educonnect_admin.domain.errors import BadSetting
        from educonnect_admin.settings import Settings

        given: dict[str, Any] = {"database_url": self.database, "operator": self.operator}
        try:
            return Settings(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            # The cause would quote the value, which may hold the password of a database.
            raise BadSetting(_names(error)) from None

    def opened(self, *options: str) -> "Services":
        """Open the office, if this command is for whoever acts (R-65).

        Args:
            options: Those given that need a role of their own.

        Raises:
            NotYourRole: it is another role's.
        """
        from educonnect_admin.opening import open_services

        hide_memory()
        services = open_services(self.settings())
        if self.database and _tells_password(self.database):
            self.speech().warn(_SHOWN_TO_ALL)
        asked = (self.command, *(f"{self.command} {option}" for option in options))
        try:
            refuse_other_roles(services.acting and services.acting.role, *asked)
        except BaseException:
            services.close()
            raise
        return services

    @contextmanager
    def office(self, *options: str) -> Iterator["Services"]:
        """Open the office for one command, as `opened` does, and close it."""
        services = self.opened(*options)
        if services.settings.hashing != "owasp":
            self.speech().warn(CHEAP_HASHING_WARNING)
        try:
            yield services
        finally:
            services.close()


def _tells_password(address: str) -> bool:
    """Tell whether an address bears a password, which every user of the machine can then read."""
    from educonnect_admin.databases import parse_address

    return parse_address(address).password is not None


def _names(error: Any) -> tuple[str, ...]:
    fields = {
        str(problem["loc"][0])
        for problem in error.errors()
        # What was not even looked at, for want of another, is no trouble of its own.
        if problem["loc"] and problem["type"] != "default_factory_not_called"
    }
    return tuple(sorted(f"EDUCONNECT_{field.upper()}" for field in fields))
