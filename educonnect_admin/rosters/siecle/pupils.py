"""BEE_ELEVES to a table: a row a pupil, with the class found elsewhere in the file."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from educonnect_admin.rosters.cells import MAX_TEXT
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import FileKind
from educonnect_admin.rosters.siecle.guidance import Guidance
from educonnect_admin.rosters.siecle.shape import Column, Seen, cells
from educonnect_admin.rosters.siecle.streaming import Element, XmlStream
from educonnect_admin.rosters.tables import Row

_TOLD = (
    Column("source_id", ("ELEVE_ID",)),
    Column("ine", ("INE_RNIE", "ID_NATIONAL", "INE_BEA")),
    Column("family_name", ("NOM_DE_FAMILLE", "NOM")),
    Column("usage_name", ("NOM_USAGE",)),
    Column("given_name", ("PRENOM",)),
    Column("birth_date", ("DATE_NAISS",)),
    Column("left_on", ("DATE_SORTIE", "DATE_SORTIE_ETAB")),
    Column("formation", ("CODE_MEF",)),
)
_CLASS = Column("class_label", ("CODE_STRUCTURE", "TYPE_STRUCTURE"))
_LEVEL = Column("level")
COLUMNS = (*_TOLD, _CLASS, _LEVEL)
"""The columns of a row."""
_ID, _FORMATION = 0, len(_TOLD) - 1
_DIVISION = "D"


class PupilsExport:
    """The pupils of one document while it is read; their classes come before or after."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.problems: list[Problem] = []
        self._cells: list[list[str]] = []
        self._lines: list[int] = []
        self._classes: dict[str, dict[str, None]] = defaultdict(dict)
        self._class_lines: dict[str, int] = {}

    def read(self, stream: XmlStream) -> None:
        """Take every record of a document."""
        for record in self.seen.records(stream):
            if record.tag == "ELEVE":
                self.seen.note(record)
                self._cells.append(cells(record, _TOLD))
                self._lines.append(record.line)
            else:
                self._take_classes(record)

    def _take_classes(self, record: Element) -> None:
        pupil = record.value("ELEVE_ID")
        self._class_lines.setdefault(pupil, record.line)
        for structure in record.all("STRUCTURE"):
            self.seen.note(structure)
            code = structure.value("CODE_STRUCTURE")
            if code and structure.value("TYPE_STRUCTURE") == _DIVISION:
                self._classes[pupil].setdefault(code)

    @property
    def lines(self) -> list[int]:
        """Return the line on which each pupil begins."""
        return self._lines

    def layout(self) -> Layout:
        """Return what the rows are; to be left out is a matter of the class too."""
        layout = self.seen.layout(FileKind.PUPILS, COLUMNS)
        layout.columns["state"] = layout.columns["class_label"]
        return layout

    def headings(self) -> dict[str, str]:
        """Return each tag that was met with the field it was taken for."""
        return self.seen.headings(COLUMNS)

    def rows(self, lines: Sequence[int], guidance: Guidance) -> Iterator[Row]:
        """Yield the rows, each on its line, once everything is read."""
        self._note_strangers()
        for told, line in zip(self._cells, lines, strict=True):
            label = self._class_of(told[_ID], line)
            yield (*told, label, guidance.level(self.seen.school, told[_FORMATION], label))

    def _class_of(self, pupil: str, line: int) -> str:
        """Return the class of a pupil; of several, nobody knows which."""
        found = list(self._classes.get(pupil, ())) if pupil else []
        if len(found) > 1:
            self._note(ProblemCode.SEVERAL_CLASSES, line, _CLASS.tags[0], ", ".join(found))
            return ""
        return found[0] if found else ""

    def _note_strangers(self) -> None:
        known = {told[_ID] for told in self._cells}
        for pupil, line in self._class_lines.items():
            if pupil not in known:
                self._note(ProblemCode.POINTS_NOWHERE, line, _TOLD[_ID].tags[0], pupil)

    def _note(self, code: ProblemCode, line: int, tag: str, value: str) -> None:
        problem = Problem(code=code, line=line, column=tag, value=value[:MAX_TEXT])
        self.problems.append(problem)
