"""Rows of guardians to guardians, with the children each one names.

Who is one person is decided by the office, which sees every file (R-7). Here only a row that
says word for word what an earlier one said is set aside (REPEATED_GUARDIAN).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from educonnect_admin.domain.civility import Civility
from educonnect_admin.rosters.cells import (
    MAX_NAME,
    MAX_STREET,
    MAX_TEXT,
    clean,
    parse_civility,
    parse_email,
    parse_postcode,
    without_ulis_kind,
)
from educonnect_admin.rosters.dates import Doubt, parse_date
from educonnect_admin.rosters.full_names import split_full_name
from educonnect_admin.rosters.mobiles import parse_mobile_cell
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.row_reader import Refused, RowReader
from educonnect_admin.rosters.rows import ChildMention, GuardianRow


class GuardianReader:
    """Reads the rows of one file in order, remembering what they said."""

    def __init__(self, *, serials: bool, doubt: Doubt = Doubt.NONE) -> None:
        self.guardians: list[GuardianRow] = []
        self.problems: list[Problem] = []
        self.refused_children: list[ChildMention] = []
        self._serials = serials
        self._doubt = doubt
        self._met: dict[GuardianRow, int] = {}

    def read(self, row: RowReader) -> None:
        """Take one row: a guardian more, or the problems that say why not."""
        try:
            self._keep(row, self._guardian(row))
        except Refused:
            self.refused_children += self._named(row)
        finally:
            self.problems += row.problems

    def _keep(self, row: RowReader, guardian: GuardianRow) -> None:
        said = replace(guardian, line=0)
        line = self._met.setdefault(said, row.line)
        if line != row.line:
            row.note(ProblemCode.REPEATED_GUARDIAN, other_line=line)
            return
        self.guardians.append(guardian)

    def _guardian(self, row: RowReader) -> GuardianRow:
        return guardian_of(row, self._children(row), parse_civility(row.text("civility")))

    def _children(self, row: RowReader) -> tuple[ChildMention, ...]:
        children = self._named(row)
        if not children:
            row.note(ProblemCode.NO_CHILD)
        for block in row.layout.children:
            cells = _spelt({name: row.cell(column) for name, column in block.items()})
            named = block.get("given_name", block.get("full_name"))
            if (
                named is not None
                and any(cells.values())
                and not (_short(cells, "family_name") and _short(cells, "given_name"))
            ):
                row.note_at(ProblemCode.CHILD_UNREADABLE, named)
        return children

    def _named(self, row: RowReader) -> tuple[ChildMention, ...]:
        blocks = [
            _spelt({name: row.cell(column) for name, column in block.items()})
            for block in row.layout.children
        ]
        blocks += _blocks_beyond(row)
        found = [self._mention(block) for block in blocks]
        return tuple(dict.fromkeys(child for child in found if child))

    def _mention(self, block: dict[str, str]) -> ChildMention | None:
        """Return the child a block names, if any.

        A name that is missing or can't be one is left empty: nobody can tell who the child
        is, but the row speaks of one, and what is known of the guardian must not be undone.
        """
        if not any(block.values()):
            return None
        family_name, given_name = _short(block, "family_name"), _short(block, "given_name")
        label = without_ulis_kind(block.get("class_label", ""))
        birth = block.get("birth_date")
        date = parse_date(birth, serials=self._serials, doubt=self._doubt) if birth else None
        return ChildMention(
            family_name=family_name,
            usage_name=block.get("usage_name", "")[:MAX_NAME] or None,
            given_name=given_name,
            class_label=label[:MAX_TEXT] or None,
            birth_date=None if isinstance(date, ProblemCode) else date,
        )


def guardian_of(
    row: RowReader, children: tuple[ChildMention, ...], civility: Civility | None
) -> GuardianRow:
    """Return the guardian of a row whose children are known already.

    Raises:
        Refused: a name is missing or can't be one; the problem is noted.
    """
    found = row.names()
    country = row.short_text("country")
    return GuardianRow(
        line=row.line,
        civility=civility or found.civility,
        family_name=found.family_name,
        usage_name=row.usage_name(),
        given_name=found.given_name,
        email=_contact(row, "email", parse_email),
        mobile=_contact(row, "mobile", parse_mobile_cell),
        street=_street(row),
        postcode=_postcode(row, country or ""),
        city=row.short_text("city"),
        country=country,
        children=children,
    )


def _spelt(cells: dict[str, str]) -> dict[str, str]:
    """Return the cells of a child with both names apart, where one cell holds them."""
    if "full_name" not in cells:
        return cells
    found = split_full_name(cells["full_name"])
    names = {"family_name": found.family_name, "given_name": found.given_name} if found else {}
    return {**cells, **names}


def _short(block: dict[str, str], name: str) -> str:
    found = block.get(name, "")
    return found if len(found) <= MAX_NAME else ""


def _blocks_beyond(row: RowReader) -> Iterator[dict[str, str]]:
    """Yield the children that stand right of the headings, where the last block goes on.

    A row of more cells than that, or of cells that name nobody, has slipped: a remark.
    """
    cells = row.beyond()
    if not cells:
        return
    block = row.layout.children[-1]
    width, last = len(block), len(row.layout.headings)
    start = last - width
    if sorted(block.values()) != list(range(start, last)):
        row.note(ProblemCode.EXTRA_CELLS)
        return
    padded = cells + ("",) * (-len(cells) % width)
    for at in range(0, len(padded), width):
        found = {name: padded[at + column - start] for name, column in block.items()}
        if any(found.values()) and not (found.get("family_name") and found.get("given_name")):
            row.note(ProblemCode.EXTRA_CELLS)
        yield found


def _contact(
    row: RowReader, name: str, parse: Callable[[str], tuple[str | None, ProblemCode | None]]
) -> str | None:
    text = row.text(name)
    if not text:
        return None
    found, code = parse(text)
    if code:
        row.note(code, name)
    return found


def _street(row: RowReader) -> str | None:
    lines = [clean(line) for line in row.raw("street").splitlines()]
    if "street_2" in row.layout.columns:
        lines += [row.text(name) for name in ("street_2", "street_3", "street_4")]
    street = "\n".join(line for line in lines if line)
    if len(street) > MAX_STREET:
        row.note(ProblemCode.TEXT_TOO_LONG, "street")
        return None
    return street or None


def _postcode(row: RowReader, country: str) -> str | None:
    text = row.short_text("postcode")
    if not text:
        return None
    found, code = parse_postcode(text, country)
    if code:
        row.note(code, "postcode")
    return found
