"""The slip of a class, «bordereau de remise»: who takes which letter home (R-12, R-13)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from educonnect_admin.domain.errors import BadTemplate
from educonnect_admin.letters import guard, ink
from educonnect_admin.letters.content import SlipLine
from educonnect_admin.letters.document import MM
from educonnect_admin.letters.markup import Block, Role, Span
from educonnect_admin.letters.templates import Templates
from educonnect_admin.letters.typeset import Galley, Run, Style, set_blocks

_LEFT, _WIDTH = 15 * MM, 180 * MM
_TOP, _FOOT = 14 * MM, 280 * MM
_COLUMNS = (52 * MM, 58 * MM, 16 * MM, 54 * MM)
_PAD = 2 * MM
_TICK = 3.6 * MM
_SIGNATURE = 30 * MM

_TEXT = Style(size=9.5, leading=12.5, heading=16, floor=7.5, ink=ink.BLACK,
              heading_ink=ink.BLUE)  # fmt: skip
_HEAD = replace(_TEXT, heading=9.5)
_SMALL = replace(_TEXT, size=7.5, leading=10, floor=6.5, ink=ink.GREY)

Sheet = tuple[str, list[Run]]
Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table, set: its cells, its height, whether there is a letter to tick."""

    cells: tuple[Galley, Galley, Galley]
    height: float
    ticked: bool


def slip_pages(templates: Templates, values: Values, lines: Sequence[SlipLine]) -> Iterator[Sheet]:
    """Yield each page of a slip: its rules and boxes, and its texts.

    What is to be handed out comes first: of a later batch, few lines are.

    The headings are on every page; the counts and the signature at the end, never alone.

    Raises:
        TextOverflow, MissingGlyph: `place` is `slip` and the part.
        BadTemplate: a template can't be used.
    """
    lines = sorted(lines, key=lambda line: bool(line.remark))
    letters = sum(not line.remark for line in lines)
    values = values | {"letters": letters, "others": len(lines) - letters, "page": 1, "pages": 1}
    title = _part(templates, "title", values, _TEXT)
    end = _part(templates, "summary", values, _TEXT)
    sheets = list(_deal([_row(line) for line in lines], title.height, end.height + _SIGNATURE))
    for number, rows in enumerate(sheets, 1):
        values |= {"page": number, "pages": len(sheets)}
        drawing, runs, y = _table(templates, values, rows, title)
        runs += _moved(_part(templates, "page", values, _SMALL), _LEFT, _FOOT + 4 * MM)
        if number == len(sheets):
            drawing += _signature(templates, values, runs, end, y + 5 * MM)
        yield drawing, runs


def _part(templates: Templates, name: str, values: Values, style: Style) -> Galley:
    blocks = templates.part(f"slip/{name}.j2").blocks(values)
    return set_blocks(blocks, style, _WIDTH, f"slip {name}")


def _row(line: SlipLine) -> _Row:
    pupil, guardian, _, remark = (width - 2 * _PAD for width in _COLUMNS)
    cells = (
        _cell(line.pupil, pupil, "slip pupil"),
        _cell(line.guardian, guardian, "slip guardian"),
        _cell(line.remark, remark, "slip remark"),
    )
    height = max(cell.height for cell in cells) + 5
    return _Row(cells, height, ticked=not line.remark)


# The next row often is the same pupil's other parent, or the same remark.
@lru_cache(maxsize=8)
def _cell(text: str, width: float, place: str) -> Galley:
    words = " ".join(text.split())
    blocks = [Block(Role.PARAGRAPH, (Span(words, bold=False),))] if words else []
    return set_blocks(blocks, _TEXT, width, place)


def _deal(rows: list[_Row], title: float, end: float) -> Iterator[list[_Row]]:
    """Deal rows to pages so that the end fits under the last of them."""
    room = _FOOT - _TOP - title - 6 * MM - _TEXT.leading - 5
    sheet: list[_Row] = []
    left = room
    for place, row in enumerate(rows):
        last = place == len(rows) - 1
        if sheet and row.height + (end + 5 * MM if last else 0) > left:
            yield sheet
            sheet, left = [], room
        sheet.append(row)
        left -= row.height
    yield sheet


def _table(
    templates: Templates, values: Values, rows: list[_Row], title: Galley
) -> tuple[str, list[Run], float]:
    """Draw the title, the headings and the rows of a page; return also the y below them."""
    runs = _moved(title, _LEFT, _TOP)
    y = _TOP + title.height + 6 * MM
    height = _HEAD.leading + 5
    drawing = ink.box(_LEFT, y, _WIDTH, height, fill=ink.PALE, radius=0)
    for heading, x in zip(_headings(templates, values), _edges(), strict=True):
        runs += _moved(heading, x + _PAD, y + 2.5)
    y += height
    for row in rows:
        drawing += _draw_row(row, y, runs)
        y += row.height
        drawing += ink.line(_LEFT, y, _LEFT + _WIDTH, y)
    return drawing, runs, y


def _headings(templates: Templates, values: Values) -> list[Galley]:
    part = templates.part("slip/columns.j2")
    blocks = part.blocks(values)
    if len(blocks) != len(_COLUMNS):
        raise BadTemplate(part.name, guard.FIELDS)
    return [
        set_blocks([block], _HEAD, width - 2 * _PAD, "slip columns")
        for block, width in zip(blocks, _COLUMNS, strict=True)
    ]


def _edges() -> list[float]:
    return [_LEFT + sum(_COLUMNS[:column]) for column in range(len(_COLUMNS))]


def _draw_row(row: _Row, y: float, runs: list[Run]) -> str:
    pupil, guardian, tick, remark = _edges()
    for cell, x in zip(row.cells, (pupil, guardian, remark), strict=True):
        runs += _moved(cell, x + _PAD, y + 2.5)
    if not row.ticked:
        return ""
    middle = y + (row.height - _TICK) / 2
    return ink.box(tick + 4 * MM, middle, _TICK, _TICK, stroke=ink.BLACK, thick=0.8, radius=1)


def _signature(templates: Templates, values: Values, runs: list[Run], end: Galley, y: float) -> str:
    runs += _moved(end, _LEFT, y)
    y += end.height + 4 * MM
    runs += _moved(_part(templates, "signature", values, _TEXT), _LEFT + _PAD, y + 4)
    return ink.box(_LEFT, y, _WIDTH, _SIGNATURE - 6 * MM, stroke=ink.LINE)


def _moved(galley: Galley, x: float, y: float) -> list[Run]:
    return [run._replace(x=run.x + x, y=run.y + y) for run in galley.runs]
