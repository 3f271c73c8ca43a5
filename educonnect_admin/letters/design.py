"""The design of the activation letter: where each part stands, in which style (R-10).

French window envelopes show, of an A4 sheet folded in three (DL, C5/6) or in two (C5), the
common rectangle from 110 to 190 mm across and from 57 to 79 mm down, wherever the sheet
slides inside. The address stays in it, and nothing else does.
"""

from dataclasses import dataclass

from educonnect_admin.letters.document import MM
from educonnect_admin.letters.ink import BLACK, BLUE, GREY
from educonnect_admin.letters.typeset import Style

LEFT = 20 * MM
WIDTH = 170 * MM
FLOW_TOP = 90 * MM
FLOW_FOOT = 281 * MM
FOLDS = (99 * MM, 148.5 * MM, 198 * MM)


@dataclass(frozen=True, slots=True)
class Frame:
    """A place that does not move; a part too high for it shrinks, then is refused.

    `spare` is the white below that the longest texts may take at the smallest size: better
    a last line that the narrowest window hides than a family without a letter.
    """

    part: str
    x: float
    y: float
    width: float
    height: float
    style: Style
    spare: float = 0.0


def _style(size: float, heading: float, *, floor: float = 0.0, ink: str = BLACK,
           leading: float = 1.36, gap: float = 0.0) -> Style:  # fmt: skip
    return Style(
        size=size, leading=size * leading, heading=heading, floor=floor or size,
        ink=ink, heading_ink=BLUE, gap=gap,
    )  # fmt: skip


CARRIER_BOX = (110 * MM, 14 * MM, 80 * MM, 20.5 * MM)

FIXED = (
    Frame("sender", LEFT, 14 * MM, 82 * MM, 26 * MM, _style(9.5, 12.5, floor=8, ink=GREY)),
    Frame("carrier", 114 * MM, 15.5 * MM, 72 * MM, 17.5 * MM, _style(9.5, 12.5, floor=7.5)),
    Frame(
        "addressee",
        110 * MM,
        57 * MM,
        80 * MM,
        22 * MM,
        _style(10.5, 10.5, floor=7.5, leading=1.2),
        spare=7 * MM,
    ),
    Frame("created", LEFT, 57 * MM, 62 * MM, 22 * MM, _style(9.5, 9.5, ink=GREY)),
    Frame("reference", LEFT, 284.5 * MM, WIDTH, 5 * MM, _style(7.5, 7.5, floor=6.5, ink=GREY)),
)

CHILDREN_HEIGHT = 29 * MM

STYLES = {
    "title": _style(14.5, 14.5, leading=1.25),
    "introduction": _style(10, 10.5, gap=3),
    "children": _style(10.5, 10.5, floor=8, leading=1.45),
    "credentials": _style(9, 12, ink=GREY),
    "validity": _style(11, 11, floor=9),
    "ways": _style(12, 12),
    "steps": _style(9, 10.5, gap=2),
    "scan": _style(7.2, 7.2, ink=GREY, leading=1.25),
    "franceconnect": _style(9, 10.5, gap=1.5),
    "sms": _style(9, 10.5, gap=1.5),
    "missing_child": _style(8.4, 9.2, gap=1.5),
    "mistakes": _style(8.4, 9.2, gap=1.5),
    "secrecy": _style(8.4, 9.2, gap=1.5),
}

LABEL_SIZE = 14.0
VALUE_SIZE = 18.0
"""Sizes further apart, and text extraction takes label and value for two lines."""
VALUE_FLOOR = 8.5
"""Small, yet an identifier of 64 signs, the longest (R-2), stays on its line."""
FIELD_LEADING = 27.0
BOX_PAD = 6 * MM

CARD_PAD = 3.5 * MM
CARD_GAP = 4 * MM
STEPS_CARD = 104 * MM
QR_SIDE = 26 * MM
QR_COLUMN = QR_SIDE
QUIET = 3.2 * MM
"""The white that a reader needs around a QR code: four modules."""
OTHER_CARD = WIDTH - STEPS_CARD - CARD_GAP
NOTE_WIDTH = (WIDTH - 2 * 6 * MM) / 3
NOTES = ("missing_child", "mistakes", "secrecy")

WIDTHS = {
    "title": WIDTH,
    "introduction": WIDTH,
    "children": WIDTH - 4 * MM,
    "credentials": WIDTH - 2 * BOX_PAD,
    "validity": WIDTH - 2 * BOX_PAD,
    "ways": WIDTH,
    "steps": STEPS_CARD - 2 * CARD_PAD - QR_COLUMN - 3 * MM,
    "scan": QR_COLUMN,
    "franceconnect": OTHER_CARD - 2 * CARD_PAD,
    "sms": OTHER_CARD - 2 * CARD_PAD,
    **dict.fromkeys(NOTES, NOTE_WIDTH),
}

TIGHT, LOOSE = 7.0, 28.0
"""The white between two sections of the page, at least and at most."""
