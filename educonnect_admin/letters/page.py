"""One page: parts into galleys, galleys into places, and what all pages of one plan share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from educonnect_admin.domain.errors import TextOverflow
from educonnect_admin.letters import design, ink
from educonnect_admin.letters.document import MM
from educonnect_admin.letters.fonts import TEXT, face
from educonnect_admin.letters.markup import Block, Role
from educonnect_admin.letters.typeset import Galley, Run, Style, set_blocks

_REDUCTIONS = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7)
_SMALLEST = 6.4


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything stands on a page whose varying parts have given heights.

    Attributes:
        places: the left and top of each part.
        values: the left edge and baseline of the identifier, then of the password.
        code: the left and top of the QR code.
        drawing: the frames and rules of the page.
    """

    places: Mapping[str, tuple[float, float]]
    values: tuple[tuple[float, float], tuple[float, float]]
    code: tuple[float, float]
    drawing: str


def set_part(part: str, blocks: Sequence[Block], share: float = 1.0) -> Galley:
    """Set a part of the letter in its column or frame.

    Args:
        part: its name.
        blocks: its text.
        share: by how much prose is reduced; frames, children and credentials are not.

    Raises:
        MissingGlyph, TextOverflow: `place` is the part.
    """
    if frame := _FRAMES.get(part):
        return _set_within(part, blocks, frame)
    style, width = design.STYLES[part], design.WIDTHS[part]
    if part == "children":
        return _set_children(blocks, style, width)
    if part == "credentials":
        return _set_fields(blocks, style, width)
    if part == "title":
        return _set_even(blocks, style.smaller(share), width)
    return set_blocks(blocks, style.smaller(share), width, part)


_FRAMES = {frame.part: frame for frame in design.FIXED}


def _set_even(blocks: Sequence[Block], style: Style, width: float) -> Galley:
    """Set the title on as few lines as it needs, of like length: no word left alone."""
    galley = set_blocks(blocks, style, width, "title")
    for share in (0.6, 0.7, 0.8, 0.9):
        try:
            even = set_blocks(blocks, style, width * share, "title")
        except TextOverflow:
            continue
        if even.height == galley.height:
            return even
    return galley


def _set_within(part: str, blocks: Sequence[Block], frame: design.Frame) -> Galley:
    """Set blocks as large as a frame allows.

    Raises:
        TextOverflow: too high even at the smallest size one can read, all room taken.
    """
    galley = Galley((), 0.0)
    for share in _REDUCTIONS:
        reduced = frame.style.smaller(share)
        if reduced.size < _SMALLEST:
            break
        galley = set_blocks(blocks, reduced, frame.width, part)
        if galley.height <= frame.height:
            return galley
    if galley.height <= frame.height + frame.spare:
        return galley
    raise TextOverflow(part)


def _set_children(blocks: Sequence[Block], style: Style, width: float) -> Galley:
    """Set the list of children in one column, in two when they are many."""
    frame = design.Frame("children", 0.0, 0.0, width, design.CHILDREN_HEIGHT, style)
    try:
        return _set_within("children", blocks, frame)
    except TextOverflow:
        half = (len(blocks) + 1) // 2
        column = replace(frame, width=width / 2 - 2 * MM)
        left = _set_within("children", blocks[:half], column)
        right = _set_within("children", blocks[half:], column)
    moved = tuple(run._replace(x=run.x + column.width + 4 * MM) for run in right.runs)
    return Galley(left.runs + moved, max(left.height, right.height))


def _set_fields(blocks: Sequence[Block], style: Style, width: float) -> Galley:
    """Set the credentials: labels end at one edge, so that the values begin at one edge."""
    labels = [
        "".join(span.text for span in block.spans).strip() + " "
        for block in blocks
        if block.role is Role.FIELD
    ]
    typeface = face(TEXT)
    for label in labels:
        typeface.require(label, "credentials")
    widths = [typeface.width(label, design.LABEL_SIZE) for label in labels]
    edge = max(widths)
    if edge > width / 3:
        raise TextOverflow("credentials")
    runs = [
        Run(edge - wide, design.FIELD_LEADING * (row + 1) - 8, TEXT, design.LABEL_SIZE, label,
            ink.BLACK)
        for row, (label, wide) in enumerate(zip(labels, widths, strict=True))
    ]  # fmt: skip
    foot = design.FIELD_LEADING * len(labels)
    rest = [block for block in blocks if block.role is not Role.FIELD]
    notes = set_blocks(rest, style, width, "credentials")
    moved = tuple(run._replace(y=run.y + foot) for run in notes.runs)
    return Galley((*runs, *moved), foot + notes.height)


def make_plan(galleys: Mapping[str, Galley]) -> Plan:
    """Place the parts: fixed ones in their frames, the others from the title downwards.

    Raises:
        TextOverflow: together they are higher than the page (`page`).
    """
    height = {part: galley.height for part, galley in galleys.items()}
    places = {frame.part: (frame.x, frame.y) for frame in design.FIXED}
    box = 8 + height["credentials"] + 8 + height["validity"] + 8
    ways = height["ways"] + 4 + _cards_height(height)
    notes = 6 + max(height[part] for part in design.NOTES)
    head = height["title"] + 6 + height["introduction"] + 3 + height["children"]
    gap = (design.FLOW_FOOT - design.FLOW_TOP - head - box - ways - notes) / 3
    if gap < design.TIGHT:
        raise TextOverflow("page")
    gap = min(gap, design.LOOSE)
    y = _place_head(places, height)
    drawing = [_furniture(), _place_box(places, height, y + gap, box)]
    drawing.append(_place_ways(places, height, y + 2 * gap + box))
    drawing.append(_place_notes(places, design.FLOW_FOOT - notes))
    return Plan(places, _value_places(galleys, places), _code_place(places), "".join(drawing))


def _cards_height(height: Mapping[str, float]) -> float:
    code = design.QR_SIDE + design.QUIET + height["scan"]
    others = height["franceconnect"] + height["sms"] + 2 * design.CARD_PAD + design.CARD_GAP
    return max(height["steps"], code, others) + 2 * design.CARD_PAD


def _place_head(places: dict[str, tuple[float, float]], height: Mapping[str, float]) -> float:
    y = design.FLOW_TOP
    places["title"] = (design.LEFT, y)
    y += height["title"] + 6
    places["introduction"] = (design.LEFT, y)
    y += height["introduction"] + 3
    places["children"] = (design.LEFT + 4 * MM, y)
    return y + height["children"]


def _furniture() -> str:
    folds = "".join(ink.line(5 * MM, y, 9 * MM, y, width=0.4) for y in design.FOLDS)
    return folds + ink.box(*design.CARRIER_BOX, stroke=ink.LINE, thick=0.8)


def _place_box(
    places: dict[str, tuple[float, float]], height: Mapping[str, float], y: float, size: float
) -> str:
    left = design.LEFT + design.BOX_PAD
    places["credentials"] = (left, y + 8)
    strip = y + 8 + height["credentials"] + 6
    places["validity"] = (left, strip + 5)
    frame = ink.box(
        design.LEFT, y, design.WIDTH, size, fill=ink.PALE, stroke=ink.BLUE, thick=1.4, radius=6
    )
    return frame + ink.line(left, strip, design.LEFT + design.WIDTH - design.BOX_PAD, strip)


def _place_ways(
    places: dict[str, tuple[float, float]], height: Mapping[str, float], y: float
) -> str:
    places["ways"] = (design.LEFT, y)
    y += height["ways"] + 4
    size, pad = _cards_height(height), design.CARD_PAD
    places["steps"] = (design.LEFT + pad, y + pad)
    column = design.LEFT + design.STEPS_CARD - pad - design.QR_COLUMN
    places["scan"] = (column, y + pad + design.QR_SIDE + design.QUIET)
    right = design.LEFT + design.STEPS_CARD + design.CARD_GAP
    spare = size - height["franceconnect"] - height["sms"] - 4 * pad - design.CARD_GAP
    first = height["franceconnect"] + 2 * pad + spare / 2
    places["franceconnect"] = (right + pad, y + pad)
    second = y + first + design.CARD_GAP
    places["sms"] = (right + pad, second + pad)
    return (
        ink.box(design.LEFT, y, design.STEPS_CARD, size, stroke=ink.LINE)
        + ink.box(right, y, design.OTHER_CARD, first, stroke=ink.LINE)
        + ink.box(right, second, design.OTHER_CARD, y + size - second, stroke=ink.LINE)
    )


def _place_notes(places: dict[str, tuple[float, float]], y: float) -> str:
    step = design.NOTE_WIDTH + 6 * MM
    for column, part in enumerate(design.NOTES):
        places[part] = (design.LEFT + column * step, y + 6)
    return ink.line(design.LEFT, y, design.LEFT + design.WIDTH, y)


def _value_places(
    galleys: Mapping[str, Galley], places: Mapping[str, tuple[float, float]]
) -> tuple[tuple[float, float], tuple[float, float]]:
    x, y = places["credentials"]
    first, second = galleys["credentials"].runs[:2]
    edge = x + first.x + face(TEXT).width(first.text, first.size)
    return (edge, y + first.y), (edge, y + second.y)


def _code_place(places: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    x, y = places["scan"]
    return x + (design.QR_COLUMN - design.QR_SIDE) / 2, y - design.QUIET - design.QR_SIDE
