"""The refusals of the product, as facts without words.

The edges (`cli`, `portal`) own the French sentences and the exit codes; a test proves that
every class here has both. An error carries ids and codes, never a name, a date or a secret.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from educonnect_admin.domain.database_trouble import DatabaseTrouble


class EduConnectError(Exception):
    """The root of what a person can cause; anything else is a bug of ours."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Travel from one process to another whole: `args` alone would not make it again."""
        return _made_again, (type(self), self.args, self.__dict__)


def _made_again(
    kind: type[EduConnectError], args: tuple[Any, ...], facts: dict[str, Any]
) -> EduConnectError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class InvalidUAI(EduConnectError):
    """A school number that is not seven digits and their check letter."""

    def __init__(self, uai: str, expected: str | None) -> None:
        super().__init__(uai)
        self.uai = uai
        self.expected = expected


class UnknownSchool(EduConnectError):
    """No school bears this UAI."""

    def __init__(self, uai: str) -> None:
        super().__init__(uai)
        self.uai = uai


class UnknownClass(EduConnectError):
    """The school has no class of this label."""

    def __init__(self, uai: str, label: str, known: tuple[str, ...]) -> None:
        super().__init__(uai, label)
        self.uai = uai
        self.label = label
        self.known = known


class UnknownTimeZone(EduConnectError):
    """A time zone that the IANA database does not hold."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NoDatabase(EduConnectError):
    """There is no database yet at this address; `init` makes one."""


class OutdatedDatabase(EduConnectError):
    """The schema of the database is not the one this version works with."""

    def __init__(self, found: str | None, expected: str) -> None:
        super().__init__(found, expected)
        self.found = found
        self.expected = expected


class DatabaseUnavailable(EduConnectError):
    """The database can't be reached, or refuses to work (disk full, locked …).

    `where` is its address without password, where it was to be opened; else empty.
    """

    where = ""

    def __init__(self, trouble: DatabaseTrouble = DatabaseTrouble.UNKNOWN) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


class MissingKeyFile(EduConnectError):
    """The secret key file is not where it should be, or can't be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class DamagedKeyFile(EduConnectError):
    """The secret key file is there but does not hold what it should."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class WrongKey(EduConnectError):
    """The key file is not the one this database was made with."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class UnreadableFile(EduConnectError):
    """A roster file can't be read at all; `reason` is a code of `rosters.problems`.

    `part` is the sheet at fault, where a workbook has several; `near` the heading that is like
    the missing one.
    """

    def __init__(
        self,
        path: Path,
        reason: str,
        *,
        line: int | None = None,
        what: str = "",
        near: str = "",
        part: str = "",
    ) -> None:
        super().__init__(path.name, reason)
        self.path = path
        self.reason = reason
        self.line = line
        self.what = what
        self.near = near
        self.part = part


class UnusableColumns(EduConnectError):
    """The file that keeps what was said of a school's columns can't be used.

    `line` is where it is no TOML, `what` the heading whose field there is not.
    """

    def __init__(self, path: Path, *, line: int | None = None, what: str = "") -> None:
        super().__init__(path.name)
        self.path = path
        self.line = line
        self.what = what


class NothingAccepted(EduConnectError):
    """Every row of the files was refused: nothing was written."""

    def __init__(self, refused: int) -> None:
        super().__init__(refused)
        self.refused = refused


class MassDeparture(EduConnectError):
    """So many pupils would leave that somebody must confirm it first (R-60).

    `alike`: the school whose roster the files seem to be.
    """

    def __init__(self, departed: int, enrolled: int, alike: str | None = None) -> None:
        super().__init__(departed, enrolled, alike)
        self.departed, self.enrolled, self.alike = departed, enrolled, alike


class FileOfAnotherSchool(EduConnectError):
    """A file says itself that it is another school's."""

    def __init__(self, path: Path, found: str, expected: str) -> None:
        super().__init__(path.name, found, expected)
        self.path = path
        self.found = found
        self.expected = expected


class MassMove(EduConnectError):
    """Most pupils of the files are enrolled in another school: it is probably its roster."""

    def __init__(self, moved: int, rows: int, uai: str) -> None:
        super().__init__(moved, rows, uai)
        self.moved = moved
        self.rows = rows
        self.uai = uai


class BadPlan(EduConnectError):
    """A file that is no plan, or no longer the one this office wrote."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path.name, reason)
        self.path = path
        self.reason = reason


class PlanOutdated(EduConnectError):
    """The database has moved on since a plan was made: nothing of it was done."""

    def __init__(self, uai: str) -> None:
        super().__init__(uai)
        self.uai = uai


class AlreadyRunning(EduConnectError):
    """Another run holds the lock of this school."""

    def __init__(self, uai: str) -> None:
        super().__init__(uai)
        self.uai = uai


class UnwritableFolder(EduConnectError):
    """A folder or file can't be made or written to; `errno` says why, if the system did."""

    def __init__(self, path: Path, errno: int | None) -> None:
        super().__init__(str(path), errno)
        self.path = path
        self.errno = errno


class FileExists(EduConnectError):
    """A file of this name is already there, and is never replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class BadTemplate(EduConnectError):
    """A letter template can't be used; `line` counts from 1 when known."""

    def __init__(
        self, template: str, reason: str, *, line: int | None = None, what: str = ""
    ) -> None:
        super().__init__(template, reason)
        self.template = template
        self.reason = reason
        self.line = line
        self.what = what


class TextOverflow(EduConnectError):
    """A text does not fit its place even shrunk and wrapped; nothing is ever cut."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class MissingGlyph(EduConnectError):
    """The letter's font has no sign for these characters."""

    def __init__(self, place: str, characters: str) -> None:
        super().__init__(place)
        self.place = place
        self.characters = characters


class BadSetting(EduConnectError):
    """A setting of the environment can't be used; `names` are the variables."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(*names)
        self.names = names


class BadDatabaseAddress(EduConnectError):
    """The database address is not one this product can use."""


class KeyFileNotSet(EduConnectError):
    """PostgreSQL has no folder of ours beside it: where the key file lies must be set."""


class MassUnlinking(EduConnectError):
    """So many children would be taken off their guardians that somebody must confirm it."""

    def __init__(self, ended: int, links: int) -> None:
        super().__init__(ended, links)
        self.ended = ended
        self.links = links


class UnknownAcademy(EduConnectError):
    """No academy bears this two-digit code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
