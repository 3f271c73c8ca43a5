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
from educonnect_admin.letters.templates import LETTER_PARTS, Part
from educonnect_admin.letters.typeset import Galley, Run
from educonnect_admin.letters.variables import FIELD_MARKS, of_letter

Values = dict[str, object]
Own = dict[str, Galley]
_SHARES = (1.0, 0.95, 0.9, 0.85, 0.8)
_PLANS = 200
_READ_FIRST = frozenset(LETTER_PARTS[: LETTER_PARTS.index("children")])
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

    A page is read in the order of its streams, so what varies stands between two shared ones.

    Attributes:
        head: the stream of what is read before the names, compressed.
        tail: the stream of what is read after the credentials, compressed.
        fields: the drawn labels of identifier and password, and the notes below them.
        used: the signs in all of it.
    """

    plan: Plan
    head: bytes
    tail: bytes
    fields: tuple[str, str, str]
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
        self._varying = [
            (name, part, tuple(sorted(part.uses))) for name, part in parts.items() if part.varies
        ]
        self._last: dict[str, tuple[tuple[object, ...], Galley]] = {}
        self._codes = qr.symbols(f"{portal_url}/l/")
        self._shared: dict[tuple[float, ...], Shared] = {}

    def compose(self, values: Values, letter: LetterContent) -> tuple[Shared, Own]:
        """Set the parts of one letter and find its plan.

        Raises:
            TextOverflow, MissingGlyph: `place` is the part.
            BadTemplate: an office's template fails on this letter.
        """
        values = values | of_letter(letter)
        own = {name: self._set(name, part, uses, values) for name, part, uses in self._varying}
        # Parts in a frame move nothing else: only the heights of the others make a plan.
        key = tuple(galley.height for name, galley in own.items() if name not in _FIXED)
        shared = self._shared.get(key)
        if shared is None:
            if len(self._shared) >= _PLANS:
                self._shared.clear()
            shared = self._shared[key] = self._share(own)
        return shared, own

    def _set(self, name: str, part: Part, uses: tuple[str, ...], values: Values) -> Galley:
        """Set one part; the second parent's next letter shows the same child as the first's."""
        said = tuple(values.get(use) for use in uses)
        last = self._last.get(name)
        if last is not None and last[0] == said:
            return last[1]
        galley = set_part(name, part.blocks(values))
        self._last[name] = said, galley
        return galley

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
        face(CODE).require(password, "password")
        identifier, secret = shared.plan.values
        size = fit_identifier(letter.identifier, identifier[0])
        values = (
            Run(*identifier, CODE, size, letter.identifier, ink.BLACK),
            Run(*secret, CODE, design.VALUE_SIZE, password, ink.BLACK),
        )
        note(values, used)
        for label, value in zip(shared.fields, values, strict=False):
            drawn += label, ink.show((value,), 0, 0)
        drawn.append(shared.fields[2])
        rows = self._codes.rows(letter.number)
        drawn.append(ink.stencil(rows, self._codes.modules, *shared.plan.code, design.QR_SIDE))
        return "".join(drawn).encode("ascii")


def _draw(plan: Plan, galleys: Mapping[str, Galley], mark: str) -> Shared:
    used = no_signs()
    used[BOLD].update(mark)
    head = [plan.drawing, _across(mark) if mark else ""]
    tail: list[str] = []
    for name, galley in galleys.items():
        note(galley.runs, used)
        if name != "credentials":
            drawn = ink.show(galley.runs, *plan.places[name])
            (head if name in _READ_FIRST else tail).append(drawn)
    runs, place = galleys["credentials"].runs, plan.places["credentials"]
    fields = [ink.show(part, *place) for part in (runs[:1], runs[1:2], runs[2:])]
    return Shared(plan, _pack(head), _pack(tail), (fields[0], fields[1], fields[2]), used)


def _pack(drawn: list[str]) -> bytes:
    return zlib.compress("".join(drawn).encode("ascii"), LEVEL)


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
