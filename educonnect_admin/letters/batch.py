"""What the letters of a batch share, worked out once; and one page of it."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from educonnect_admin.domain.errors import TextOverflow
from educonnect_admin.letters import design, ink, qr
from educonnect_admin.letters.content import LetterContent
from educonnect_admin.letters.document import MM
from educonnect_admin.letters.embedding import LEVEL
from educonnect_admin.letters.fonts import BOLD, CODE, TEXT, face
from educonnect_admin.letters.page import Plan, make_plan, set_part
from educonnect_admin.letters.templates import Part
from educonnect_admin.letters.typeset import Galley, Run
from educonnect_admin.letters.variables import FIELD_MARKS, of_letter

Values = dict[str, object]
_SHARES = (1.0, 0.95, 0.9, 0.85, 0.8)
_FIXED = frozenset(frame.part for frame in design.FIXED)


def no_signs() -> dict[str, set[str]]:
    """Return an empty account of the signs that a file shows in each face."""
    return {TEXT: set(), BOLD: set(), CODE: set()}


def note(runs: Iterable[Run], used: Mapping[str, set[str]]) -> None:
    """Enter the signs of some runs into the account."""
    for run in runs:
        used[run.face].update(run.text)


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """A plan and what is the same on every page of it.

    Attributes:
        packed: the content stream, compressed.
        used: the signs in it.
    """

    plan: Plan
    packed: bytes
    used: Mapping[str, set[str]]


class Batch:
    """The parts that are set once, and the plans met so far."""

    def __init__(
        self, parts: Mapping[str, Part], values: Values, portal_url: str, mark: str = ""
    ) -> None:
        """Render what varies with the batch alone; `mark` is drawn across specimens."""
        self._mark = mark
        fixed = values | FIELD_MARKS
        self._blocks = {name: part.blocks(fixed) for name, part in parts.items() if not part.varies}
        self._varying = [(name, part) for name, part in parts.items() if part.varies]
        self._codes = qr.symbols(f"{portal_url}/l/")
        self._shared: dict[tuple[float, ...], Shared] = {}

    def compose(self, values: Values, letter: LetterContent) -> tuple[Shared, dict[str, Galley]]:
        """Set the parts of one letter and find its plan.

        Raises:
            TextOverflow, MissingGlyph: `place` is the part.
            BadTemplate: an office's template fails on this letter.
        """
        values = values | of_letter(letter)
        own = {name: set_part(name, part.blocks(values)) for name, part in self._varying}
        # Parts in a frame move nothing else: only the heights of the others make a plan.
        key = tuple(galley.height for name, galley in own.items() if name not in _FIXED)
        shared = self._shared.get(key)
        if shared is None:
            shared = self._shared[key] = self._share(own)
        return shared, own

    def _share(self, own: dict[str, Galley]) -> Shared:
        """Plan a page, with prose as large as the heights of its own parts leave room for."""
        for share in _SHARES:
            galleys = {name: set_part(name, blocks, share) for name, blocks in self._blocks.items()}
            try:
                return _draw(make_plan(galleys | own), galleys, self._mark)
            except TextOverflow as overflow:
                if overflow.place != "page" or share == _SHARES[-1]:
                    raise
        raise AssertionError

    def page(
        self, shared: Shared, own: Mapping[str, Galley], letter: LetterContent, password: str,
        used: Mapping[str, set[str]],
    ) -> bytes:  # fmt: skip
        """Return what one page adds to its plan: names, credentials, QR code."""
        places = shared.plan.places
        drawn = []
        for name, galley in own.items():
            drawn.append(ink.show(galley.runs, *places[name]))
            note(galley.runs, used)
        identifier, secret = shared.plan.values
        size = fit_identifier(letter.identifier, identifier[0])
        values = (
            Run(*identifier, CODE, size, letter.identifier, ink.BLACK),
            Run(*secret, CODE, design.VALUE_SIZE, password, ink.BLACK),
        )
        drawn.append(ink.show(values, 0, 0))
        rows = self._codes.rows(letter.number)
        drawn.append(ink.stencil(rows, self._codes.modules, *shared.plan.code, design.QR_SIDE))
        return "".join(drawn).encode("ascii")


def _draw(plan: Plan, galleys: Mapping[str, Galley], mark: str) -> Shared:
    used = no_signs()
    drawn = [plan.drawing]
    if mark:
        drawn.append(_across(mark))
        used[BOLD].update(mark)
    for name, galley in galleys.items():
        drawn.append(ink.show(galley.runs, *plan.places[name]))
        note(galley.runs, used)
    return Shared(plan, zlib.compress("".join(drawn).encode("ascii"), LEVEL), used)


def _across(mark: str) -> str:
    """Return the word that climbs across a specimen, under its texts."""
    face(BOLD).require(mark, "mark")
    size = 200 * MM / face(BOLD).width(mark, 1.0)
    return ink.slanted(Run(0, 0, BOLD, size, mark, ink.GHOST), 45 * MM, 232 * MM)


def fit_identifier(identifier: str, left: float) -> float:
    """Return the size at which an identifier fills its line at most; it never wraps.

    Raises:
        MissingGlyph, TextOverflow: `place` is `identifier`.
    """
    typeface = face(CODE)
    typeface.require(identifier, "identifier")
    room = design.LEFT + design.WIDTH - 3 * MM - left
    size = min(design.VALUE_SIZE, room / (typeface.width(identifier, 1.0) or 1.0))
    if size < design.VALUE_FLOOR:
        raise TextOverflow("identifier")
    return size
