"""What the steps of a guided run share: the person, the office, what was done and what was said."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.guide.command_line import PROGRAM, command_lines
from educonnect_admin.cli.guide.person import Person
from educonnect_admin.cli.speech import Speech, plain_columns

if TYPE_CHECKING:
    from educonnect_admin.cli.guide.candidates import Search
    from educonnect_admin.edge import Services
    from educonnect_admin.office.importing.roster_plan import RosterPlan
    from educonnect_admin.rosters.rows import Reading


@dataclass(frozen=True, repr=False)
class ChosenSchool:
    """The school of this run; a new one is written with its first import."""

    uai: str
    name: str = ""
    city: str | None = None
    is_new: bool = False
    pupils: int = 0

    @property
    def title(self) -> str:
        """How it is called where there is room for a line."""
        where = ", ".join(part for part in (self.uai, self.city) if part)
        return f"{self.name} ({where})"


@dataclass(frozen=True, repr=False)
class Answers:
    """What the person has answered so far; nothing of it is done yet."""

    school: ChosenSchool | None = None
    files: tuple[Path, ...] = ()
    readings: "tuple[Reading, ...]" = ()
    whole_school: bool = False
    """The classes that the files do not name are gone."""
    classes: tuple[str | None, ...] = ()
    """The classes to print, by label; one `None` is the whole school."""
    folder: Path | None = None


class GuidedSpeech(Speech):
    """The speech of the commands, heard through the person: it pauses, it draws no boxes."""

    def __init__(self, person: Person) -> None:
        super().__init__(json=False, quiet=False)
        self._person = person

    @property
    def watched(self) -> bool:
        """Somebody always is there."""
        return True

    def say(self, text: str = "") -> None:
        """Tell the person."""
        self._person.tell(text)

    show = warn = say

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[object]], title: str = ""
    ) -> None:
        """Show columns without any drawing."""
        if not rows:
            return
        if title:
            self._person.tell(title)
        texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
        for line in plain_columns(headings, texts):
            self._person.show(f"  {line}".rstrip())

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show how far it is, as this person's screen can."""
        with self._person.progress(label, total) as moved:
            yield moved


class Visit:
    """One guided run."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.desk = desk
        self.person = person
        self.speech = GuidedSpeech(person)
        self.done: list[str] = []
        """What was done to the world, for the last words."""
        self.written: list[str] = []
        """What else was written: files that undo nothing and stop nobody from going back."""
        self.applied: RosterPlan | None = None
        """The import that was made, until its refused rows are spoken of."""
        self.has_worked = False
        """Whether anything was imported or printed: the office alone is no work."""
        self.has_remarks = False
        """Whether something was refused on the way: the command then ends with 4."""
        self.questions = 0
        """How many questions of the import wait for an answer."""
        self.office: Services | None = None
        self.search: Search | None = None

    @property
    def services(self) -> "Services":
        """The office, once it is open."""
        assert self.office is not None, "the step before opens it"  # noqa: S101
        return self.office

    def did(self, what: str) -> None:
        """Record what was imported or printed."""
        self.done.append(what)
        self.has_worked = True

    def moment(self) -> datetime:
        """Return the moment of this step."""
        from educonnect_admin.edge import clock

        return clock()

    def day(self) -> date:
        """Return the day of this step."""
        from educonnect_admin.domain.calendar import day_in

        return day_in("Europe/Paris", self.moment())

    def tell_command(self, *words: str) -> None:
        """Show the command that does the same alone."""
        self.tell_commands([words])

    def tell_commands(self, commands: Sequence[Sequence[str]]) -> None:
        """Show the commands that do the same alone, one after the other."""
        many = len(commands) > 1
        self.person.tell()
        self.person.tell(f"La même chose en {'quelques commandes' if many else 'une commande'} :")
        columns = get_terminal_size().columns if sys.stdout.isatty() else 80
        for words in commands:
            for line in command_lines([PROGRAM, *self._global_options(), *words], columns):
                self.person.show(line)

    def _global_options(self) -> list[str]:
        options = []
        if self.desk.database and "://" not in self.desk.database:
            options += ["--database", self.desk.database]
        if self.desk.operator:
            options += ["--operator", self.desk.operator]
        return options

    def close(self) -> None:
        """Close the office, if it was opened."""
        if self.office is not None:
            self.office.close()
