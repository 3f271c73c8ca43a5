"""BEE_RESPONSABLES to a table: a row a person, with the address and the children of each.

Persons, addresses and links stand in three sections, in any order. A link of before 2018 says
RESP_LEGAL, one of after says NIVEAU_RESPONSABILITE; a row has a cell for either.
"""

from collections.abc import Iterator, Sequence

from educonnect_admin.rosters.cells import MAX_TEXT
from educonnect_admin.rosters.kinship import is_legal
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import FileKind
from educonnect_admin.rosters.siecle.guidance import Guidance
from educonnect_admin.rosters.siecle.shape import Column, Seen, cells
from educonnect_admin.rosters.siecle.streaming import Element, XmlStream
from educonnect_admin.rosters.tables import Row

_TOLD = (
    Column("source_id", ("PERSONNE_ID",)),
    Column("civility", ("LC_CIVILITE", "LL_CIVILITE")),
    Column("family_name", ("NOM_DE_FAMILLE", "NOM")),
    Column("usage_name", ("NOM_USAGE",)),
    Column("given_name", ("PRENOM",)),
    Column("email", ("MEL",)),
    Column("mobile", ("TEL_PORTABLE",)),
    Column("address", ("ADRESSE_ID",)),
)
_STREET = ("LIGNE1_ADRESSE", "LIGNE2_ADRESSE", "LIGNE3_ADRESSE", "LIGNE4_ADRESSE")
_BOX = "BOITE_POSTALE"
_HOME = (
    Column("street", (*_STREET, _BOX)),
    Column("postcode", ("CODE_POSTAL",)),
    Column("city", ("LIBELLE_POSTAL", "COMMUNE_ETRANGERE")),
    Column("country", ("LL_PAYS",)),
)
CHILD = (
    Column("source_id", ("ELEVE_ID",)),
    Column("legal_rank", ("RESP_LEGAL",)),
    Column("legal_level", ("NIVEAU_RESPONSABILITE",)),
    Column("kinship", ("CODE_PARENTE",)),
)
COLUMNS = (*_TOLD, *_HOME)
"""The columns of a row; those of `CHILD` come after them, again for each child."""
_PERSON, _ADDRESS = 0, len(_TOLD) - 1
_NOWHERE = ("",) * len(_HOME)
_NO_CHILD = ("",) * len(CHILD)


class GuardiansExport:
    """The guardians of one document while it is read."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.problems: list[Problem] = []
        self._cells: list[list[str]] = []
        self._lines: list[int] = []
        self._homes: dict[str, Row] = {}
        self._children: dict[str, dict[str, list[str]]] = {}
        self._links: dict[str, int] = {}

    def read(self, stream: XmlStream) -> None:
        """Take every record of a document."""
        take = {
            "PERSONNE": self._take_person,
            "RESPONSABLE_ELEVE": self._take_link,
            "ADRESSE": self._take_home,
        }
        for record in self.seen.records(stream):
            self.seen.note(record)
            take[record.tag](record)

    def _take_person(self, record: Element) -> None:
        self._cells.append(cells(record, _TOLD))
        self._lines.append(record.line)

    def _take_home(self, record: Element) -> None:
        box = record.value(_BOX)
        street = [record.value(tag) for tag in _STREET]
        street.append(f"BP {box}" if box.isdecimal() else box)
        rest = cells(record, _HOME[1:])
        number = record.value(_TOLD[_ADDRESS].tags[0])
        self._homes.setdefault(number, ("\n".join(filter(None, street)), *rest))

    def _take_link(self, record: Element) -> None:
        """Keep a link; a person linked twice to a child is legal if either says so."""
        link = cells(record, CHILD)
        person, child = record.value("PERSONNE_ID"), link[0]
        self._links.setdefault(person, record.line)
        children = self._children.setdefault(person, {})
        if child not in children or is_legal(*link[1:3]):
            children[child] = link

    @property
    def lines(self) -> list[int]:
        """Return the line on which each person begins."""
        return self._lines

    def layout(self) -> Layout:
        """Return what the rows are; the four columns of a child come again for the next one."""
        return self.seen.layout(FileKind.GUARDIANS, COLUMNS, CHILD)

    def headings(self) -> dict[str, str]:
        """Return each tag that was met with the field it was taken for."""
        return self.seen.headings((*COLUMNS, *CHILD))

    def rows(self, lines: Sequence[int], _guidance: Guidance) -> Iterator[Row]:
        """Yield the rows, each on its line, once everything is read."""
        self._note_strangers()
        for told, line in zip(self._cells, lines, strict=True):
            links = self._children.get(told[_PERSON], {}) if told[_PERSON] else {}
            children = [cell for link in links.values() for cell in link]
            yield (*told, *self._home_of(told[_ADDRESS], line), *(children or _NO_CHILD))

    def _home_of(self, number: str, line: int) -> Row:
        """Return an address; a file without any was exported without them."""
        if number and self._homes and number not in self._homes:
            self._note(line, COLUMNS[_ADDRESS], number)
        return self._homes.get(number, _NOWHERE) if number else _NOWHERE

    def _note_strangers(self) -> None:
        known = {told[_PERSON] for told in self._cells}
        for person, line in self._links.items():
            if person not in known or not person:
                self._note(line, COLUMNS[_PERSON], person)

    def _note(self, line: int, column: Column, value: str) -> None:
        problem = Problem(
            code=ProblemCode.POINTS_NOWHERE,
            line=line,
            column=column.tags[0],
            value=value[:MAX_TEXT],
        )
        self.problems.append(problem)
