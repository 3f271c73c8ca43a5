"""Marks on a page: the operators of a PDF content stream.

Coordinates are points from the top left corner of an A4 sheet, y downwards, as one measures
with a ruler; they are turned here into PDF's own, from the bottom.
"""

from collections.abc import Iterable

from educonnect_admin.letters.document import A4
from educonnect_admin.letters.typeset import Run

BLACK = "0.1 0.1 0.12"
BLUE = "0.09 0.22 0.43"
GREY = "0.38 0.4 0.44"
PALE = "0.93 0.953 0.98"
LINE = "0.72 0.77 0.84"
GHOST = "0.86 0.87 0.89"
_HEIGHT = A4[1]


def show(runs: Iterable[Run], left: float, top: float) -> str:
    """Return the operators that print runs of a galley placed at (left, top)."""
    base = _HEIGHT - top
    return "".join(
        f"{ink} rg BT/{face} {size:.4g} Tf {left + x:.2f} {base - y:.2f} Td"
        f"<{text.encode('utf-16-be').hex()}>Tj ET\n"
        for x, y, face, size, text, ink in runs
    )


def line(x1: float, y1: float, x2: float, y2: float, *, ink: str = LINE, width: float = 0.6) -> str:
    """Return a straight line."""
    return f"{ink} RG {width:g} w {x1:.2f} {_HEIGHT - y1:.2f} m {x2:.2f} {_HEIGHT - y2:.2f} l S\n"


def box(
    x: float, y: float, width: float, height: float,
    *, fill: str | None = None, stroke: str | None = None, thick: float = 0.6, radius: float = 4.0,
) -> str:  # fmt: skip
    """Return a rectangle with rounded corners whose top left corner is (x, y)."""
    paint = "B" if fill and stroke else "f" if fill else "S"
    pen = (f"{fill} rg " if fill else "") + (f"{stroke} RG {thick:g} w " if stroke else "")
    return f"{pen}{_outline(x, y, width, height, radius)}{paint}\n"


def _outline(x: float, y: float, width: float, height: float, radius: float) -> str:
    top, bottom, right = _HEIGHT - y, _HEIGHT - y - height, x + width
    if not radius:
        return f"{x:.2f} {bottom:.2f} {width:.2f} {height:.2f} re "
    bend = radius * 0.4477
    return (
        f"{x + radius:.2f} {top:.2f} m {right - radius:.2f} {top:.2f} l "
        f"{right - bend:.2f} {top:.2f} {right:.2f} {top - bend:.2f} "
        f"{right:.2f} {top - radius:.2f} c {right:.2f} {bottom + radius:.2f} l "
        f"{right:.2f} {bottom + bend:.2f} {right - bend:.2f} {bottom:.2f} "
        f"{right - radius:.2f} {bottom:.2f} c {x + radius:.2f} {bottom:.2f} l "
        f"{x + bend:.2f} {bottom:.2f} {x:.2f} {bottom + bend:.2f} "
        f"{x:.2f} {bottom + radius:.2f} c {x:.2f} {top - radius:.2f} l "
        f"{x:.2f} {top - bend:.2f} {x + bend:.2f} {top:.2f} {x + radius:.2f} {top:.2f} c h "
    )


def slanted(run: Run, x: float, y: float) -> str:
    """Return a text climbing at 45° from (x, y): the mark across a specimen."""
    turn = 0.70711
    return (
        f"{run.ink} rg BT/{run.face} {run.size:.4g} Tf {turn} {turn} -{turn} {turn} "
        f"{x:.2f} {_HEIGHT - y:.2f} Tm<{run.text.encode('utf-16-be').hex()}>Tj ET\n"
    )


def stencil(rows: bytes, modules: int, x: float, y: float, side: float) -> str:
    """Return a black and white square: a bit a module, each row of whole bytes, 1 is black."""
    return (
        f"q 0 g {side:.2f} 0 0 {side:.2f} {x:.2f} {_HEIGHT - y - side:.2f} cm "
        f"BI/W {modules}/H {modules}/BPC 1/IM true/D[1 0]/F/AHx ID {rows.hex()}> EI Q\n"
    )
