"""One document of SIECLE to a table that the readers of pupils and of guardians understand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.layouts import Layout
from educonnect_admin.rosters.problems import Problem, UnreadableReason
from educonnect_admin.rosters.siecle.exports import PUPILS, Export
from educonnect_admin.rosters.siecle.guardians import GuardiansExport
from educonnect_admin.rosters.siecle.guidance import Guidance
from educonnect_admin.rosters.siecle.pupils import PupilsExport
from educonnect_admin.rosters.siecle.shape import lines_of
from educonnect_admin.rosters.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The people of one document, and what is wrong with it beside them.

    `sha256` is that of the XML, in an archive or not.
    """

    sha256: str
    table: Table
    layout: Layout = field(repr=False)
    headings: Mapping[str, str] = field(repr=False)
    school: str | None
    problems: tuple[Problem, ...] = field(repr=False)


def read_export(export: Export, guidance: Guidance) -> Document:
    """Read a document that holds people.

    Raises:
        UnreadableFile: it is ill-formed or hostile, with its line; there is NOBODY in it.
    """
    people = PupilsExport() if export.root == PUPILS else GuardiansExport()
    with export.reading() as stream:
        people.read(stream)
    if not people.lines:
        raise UnreadableFile(export.place, UnreadableReason.NOBODY)
    lines = lines_of(people.lines)
    layout = people.layout()
    table = Table(
        headings=layout.headings,
        heading_line=1,
        lines=lines,
        rows=list(people.rows(lines, guidance)),
        encoding=stream.encoding,
        part=export.part,
        every_row_counts=True,
    )
    return Document(
        sha256=stream.sha256(),
        table=table,
        layout=layout,
        headings=people.headings(),
        school=people.seen.school,
        problems=tuple(people.problems),
    )
