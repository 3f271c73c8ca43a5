"""A school at the command line: real files in, and all that came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from educonnect_admin.edge import Services
from tests.cli.running import Answer, Terminal
from tests.office.school_year import Kid, Parent, Roster, SchoolYear
from tests.rosters.files import xlsx
from tests.support.families import UAI

Three = tuple[int, int, int]
"""Pupils, guardians, links."""
NOBODY: Three = (0, 0, 0)


@dataclass(frozen=True)
class Told:
    """What an import answered: its exit code, its figures, its words."""

    answer: Answer

    @property
    def code(self) -> int:
        """The exit code."""
        return self.answer.code

    @property
    def words(self) -> str:
        """What a person reads."""
        return self.answer.err

    def heads(self, name: str) -> Three:
        """Return how many are `new`, `changed`, `unchanged` or `departed`."""
        found = self.answer.json[name]
        return found["pupils"], found["guardians"], found["links"]

    def __getitem__(self, name: str) -> Any:
        """Return another figure."""
        return self.answer.json[name]

    @property
    def problems(self) -> list[tuple[str, int, str]]:
        """The file, line and code of each problem."""
        return [
            (Path(one["path"]).name, one["line"], one["code"])
            for one in self.answer.json["problems"]
        ]


class Bureau(SchoolYear):
    """A director who only knows the command line, and a look into the database."""

    def __init__(self, services: Services, run: Terminal, folder: Path) -> None:
        """Sit down in front of a database with two schools."""
        super().__init__(services, folder)
        self.run = run

    def files(self, kids: Sequence[Kid], parents: Sequence[Parent] = ()) -> list[str]:
        """Write the files of a school as ONDE does; without parents, that of the pupils."""
        assert all(not set(kids).isdisjoint(parent.kids) for parent in parents)
        roster = Roster({str(at): kid for at, kid in enumerate(kids)}, list(parents))
        pupils, guardians = map(str, roster.write(self.folder))
        return [pupils, guardians] if parents else [pupils]

    def text(self, name: str, *lines: str, encoding: str = "cp1252") -> str:
        """Write a file of text."""
        path = self.folder / name
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
        return str(path)

    def workbook(self, name: str, rows: Sequence[Sequence[object]]) -> str:
        """Write a workbook."""
        path = self.folder / name
        path.write_bytes(xlsx(rows))
        return str(path)

    def edit(self, path: str, old: str, new: str) -> None:
        """Correct something at the source."""
        before = Path(path).read_bytes()
        after = before.replace(old.encode("cp1252"), new.encode("cp1252"))
        assert after != before
        Path(path).write_bytes(after)

    def bring(
        self,
        *paths: str,
        school: str = UAI,
        options: Sequence[str] = (),
        checked: bool = True,
    ) -> Told:
        """Import files, open the accounts that lack; checked, see that nobody is doubled."""
        told = Told(self.run("roster", "import", *paths, "--school", school, "--json", *options))
        assert self.run("accounts", "generate", "--school", school).code == 0
        if checked:
            self.check()
        return told

    def refuse(self, *paths: str, school: str = UAI, options: Sequence[str] = ()) -> Answer:
        """Import files that must change nothing at all."""
        before = self.everything()
        answer = self.run("roster", "import", *paths, "--school", school, *options)
        assert self.everything() == before
        assert answer.code == 3
        return answer

    def people(self, columns: str, table: str = "guardians") -> list[tuple[Any, ...]]:
        """Return some columns of everybody, in the order they came."""
        return [tuple(row) for row in self.rows(f"SELECT {columns} FROM {table} ORDER BY id")]

    def born(self, day: date) -> Any:
        """Return a birth date as this database gives it to a bare query."""
        return day.isoformat() if self.services.engine.dialect.name == "sqlite" else day
