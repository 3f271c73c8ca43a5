"""Rows of guardians to guardians, with the children each one names.

Who is one person is decided by the office, which sees every file (R-7). Here only a row that
says word for word what an earlier one said is set aside (REPEATED_GUARDIAN).
"""

from collections.abc import Callable, Iterator
from dataclasses import fields
from operator import attrgetter

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import name_key
from educonnect_admin.rosters.cells import (
    MAX_NAME,
    MAX_SOURCE_ID,
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
from educonnect_admin.rosters.kinship import SELF, is_legal, is_unclear, parse_kinship
from educonnect_admin.rosters.mobiles import parse_mobile_cell
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.row_reader import CHECKS, Refused, RowReader
from educonnect_admin.rosters.rows import ChildMention, GuardianRow

_SAID = attrgetter(*(one.name for one in fields(GuardianRow) if one.name != "line"))
"""All that a row says, wherever it stands."""


class GuardianReader:
    """Reads the rows of one file in order, remembering what they said."""

    def __init__(self, *, serials: bool, doubt: Doubt = Doubt.NONE) -> None:
        self.guardians: list[GuardianRow] = []
        self.problems: list[Problem] = []
        self.refused_children: list[ChildMention] = []
        self._serials = serials
        self._doubt = doubt
        self._met: dict[tuple[object, ...], int] = {}
        self._by_source: dict[str, GuardianRow] = {}

    def read(self, row: RowReader) -> None:
        """Take one row: a guardian more, or the problems that say why not."""
        try:
            self._keep(row, self._guardian(row))
        except Refused:
            self.refused_children += self._named(row)
        finally:
            self.problems += row.problems

    def _keep(self, row: RowReader, guardian: GuardianRow) -> None:
        line = self._met.setdefault(_SAID(guardian), row.line)
        if line != row.line:
            row.note(ProblemCode.REPEATED_GUARDIAN, other_line=line)
            return
        if guardian.source_id:
            met = self._by_source.setdefault(guardian.source_id, guardian)
            if _names(met) != _names(guardian):
                row.note(ProblemCode.SOURCE_ID_OF_ANOTHER, "source_id", other_line=met.line)
                self.refused_children += guardian.children
                return
        self.guardians.append(guardian)

    def _guardian(self, row: RowReader) -> GuardianRow:
        try:
            return guardian_of(row, self._children(row), parse_civility(row.text("civility")))
        except Refused:
            row.refuse_wholly(CHECKS)
            raise

    def _children(self, row: RowReader) -> tuple[ChildMention, ...]:
        children = self._named(row)
        if not children:
            row.note(ProblemCode.NO_CHILD)
        if any(child.kinship == SELF for child in children):
            row.note(ProblemCode.OWN_GUARDIAN)
        return children

    def _named(self, row: RowReader) -> tuple[ChildMention, ...]:
        blocks = [*_filled_blocks(row), *_blocks_beyond(row)]
        if any(map(_is_unclear, blocks)):
            row.note(ProblemCode.UNCLEAR_LEGAL_LEVEL)
        found = [self._mention(block) for block in blocks]
        return tuple(dict.fromkeys(child for child in found if child))

    def _mention(self, block: dict[str, str]) -> ChildMention | None:
        """Return the child a block names, or points at, if any.

        A name that is missing or can't be one is left empty: nobody can tell who the child
        is, but the row speaks of one, and what is known of the guardian must not be undone.
        """
        if not any(block.values()):
            return None
        label = without_ulis_kind(block.get("class_label", ""))
        birth = block.get("birth_date")
        date = parse_date(birth, serials=self._serials, doubt=self._doubt) if birth else None
        kinship = parse_kinship(block.get("kinship", ""))
        return ChildMention(
            family_name=_short(block, "family_name"),
            usage_name=block.get("usage_name", "")[:MAX_NAME] or None,
            given_name=_short(block, "given_name"),
            class_label=label[:MAX_TEXT] or None,
            birth_date=None if isinstance(date, ProblemCode) else date,
            source_id=block.get("source_id", "")[:MAX_SOURCE_ID] or None,
            # A pupil of age is nobody's parent: this is the parents' school account.
            legal=_is_legal(block, kinship),
            kinship=kinship,
        )


def guardian_of(
    row: RowReader, children: tuple[ChildMention, ...], civility: Civility | None
) -> GuardianRow:
    """Return the guardian of a row whose children are known already.

    Raises:
        Refused: a name is missing or can't be one; the problem is noted.
    """
    family_name, given_name = row.family_name(), row.given_name()
    country = row.short_text("country")
    return GuardianRow(
        line=row.line,
        civility=civility or row.civility_in_name(),
        family_name=family_name,
        usage_name=row.usage_name(),
        given_name=given_name,
        email=_contact(row, "email", parse_email),
        mobile=_contact(row, "mobile", parse_mobile_cell),
        street=_street(row),
        postcode=_postcode(row, country or ""),
        city=row.short_text("city"),
        country=country,
        children=children,
        source_id=row.source_id(),
    )


def _names(guardian: GuardianRow) -> tuple[str, str]:
    return name_key(guardian.family_name), name_key(guardian.given_name)


def _filled_blocks(row: RowReader) -> Iterator[dict[str, str]]:
    """Yield the blocks of a row that hold anything; one that names nobody is remarked on."""
    for block in row.layout.children:
        if not row.holds_any(block.values()):
            continue
        cells = _spelt({name: row.cell(column) for name, column in block.items()})
        at = block.get("given_name", block.get("source_id", block.get("full_name")))
        if at is not None and any(cells.values()) and not _says_who(cells):
            row.note_at(ProblemCode.CHILD_UNREADABLE, at)
        yield cells


def _spelt(cells: dict[str, str]) -> dict[str, str]:
    """Return the cells of a child with both names apart, where one cell holds them."""
    if "full_name" not in cells:
        return cells
    found = split_full_name(cells["full_name"])
    names = {"family_name": found.family_name, "given_name": found.given_name} if found else {}
    return {**cells, **names}


def _is_legal(block: dict[str, str], kinship: str | None) -> bool | None:
    """Tell whether a link is a legal one; nothing where the file has no such column.

    A pupil of age is nobody's parent: this is the parents' school account.
    """
    if kinship == SELF:
        return False
    return is_legal(*_legal(block)) if "legal_level" in block else None


def _says_who(block: dict[str, str]) -> bool:
    """Tell whether a block has a child's number, or both names."""
    by_names = _short(block, "family_name") and _short(block, "given_name")
    return bool(block.get("source_id") or by_names)


def _legal(block: dict[str, str]) -> tuple[str, str]:
    return block["legal_rank"], block["legal_level"]


def _is_unclear(block: dict[str, str]) -> bool:
    return "legal_level" in block and any(block.values()) and is_unclear(*_legal(block))


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
        if any(found.values()) and not _says_who(found):
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
