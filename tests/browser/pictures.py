"""The pictures of the parents' guide, taken by the very tests that walk its journeys.

`make pictures` takes them again. Each shows a page as a telephone does, 360 px wide, down to
the end of its content, in few colours: they lie in the repository and travel with it.
"""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.browser.screen import PHONE, is_scriptless, widen, width

FOLDER = "EDUCONNECT_GUIDE_PICTURES"
"""The variable that names where they go; without it none is taken."""

_LONGEST = 1600
_COLOURS = 32
_END = "() => Math.ceil(document.querySelector('main').getBoundingClientRect().bottom + scrollY)"


def picture(page: Page, name: str) -> None:
    """Save the page as it stands as `{name}.png`, if asked to; with scripts only.

    Args:
        page: As the test has brought it there.
        name: Such as `sms-code`; `docs/parents.fr.md` shows it by that name.
    """
    folder = os.environ.get(FOLDER)
    if not folder or is_scriptless(page):
        return
    before = width(page)
    widen(page, PHONE)
    page.evaluate("() => scrollTo(0, 0)")
    height = min(page.evaluate(_END), _LONGEST)
    taken = page.screenshot(
        full_page=True,
        animations="disabled",
        caret="hide",
        clip={"x": 0, "y": 0, "width": PHONE, "height": height},
    )
    widen(page, before)
    _save(taken, Path(folder) / f"{name}.png")


def _save(taken: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(taken)) as image:
        few = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
