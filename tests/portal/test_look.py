"""The look in figures: contrast, weight."""

import re
from pathlib import Path

import pytest

from educonnect_admin.shipped import shipped_templates
from tests.portal.browser import Browser

FILES = Path(str(shipped_templates("portal"))) / "statique"
CSS = (FILES / "portail.css").read_text(encoding="utf-8")
COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", CSS.partition("}")[0]))

TEXT, MARK = 4.5, 3.0


def _brightness(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(sign * 2 for sign in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it, from 1 to 21."""
    high, low = sorted((_brightness(one), _brightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", TEXT),
        ("ink", "wash", TEXT),
        ("ink", "warn-wash", TEXT),
        ("ink", "wrong-wash", TEXT),
        ("soft", "paper", TEXT),
        ("soft", "wash", TEXT),
        ("main", "paper", TEXT),
        ("main", "wash", TEXT),
        ("main", "warn-wash", TEXT),
        ("main", "right-wash", TEXT),
        ("main-dark", "paper", TEXT),
        ("paper", "main", TEXT),
        ("paper", "main-dark", TEXT),
        ("wrong", "paper", TEXT),
        ("wrong", "wrong-wash", TEXT),
        ("right", "right-wash", TEXT),
        ("edge", "paper", MARK),
        ("edge", "wash", MARK),
        ("mark", "paper", MARK),
        ("mark", "wash", MARK),
        ("mark", "wrong-wash", MARK),
        ("warn", "warn-wash", MARK),
    ],
)
def test_colours_stand_out(front: str, back: str, least: float) -> None:
    """Text against what it lies on, edges of fields and the mark of focus against theirs."""
    assert contrast(COLOURS[front], COLOURS[back]) >= least


def test_every_colour_is_one_of_the_palette() -> None:
    """So that the figures above are all there is; paper prints black."""
    rules = CSS.partition("}")[2]

    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", rules)) <= {"#fff", "#000"}


@pytest.mark.parametrize(
    "path", ["/aide", "/connexion", "/inscription", "/mentions-legales", "/nulle-part"]
)
def test_a_page_weighs_less_than_30_kilobytes(path: str, sqlite_browser: Browser) -> None:
    """All of it, uncompressed: page, style and script; phones are old, signal is weak."""
    page = len(sqlite_browser.get(path).content)
    files = sum((FILES / name).stat().st_size for name in ("portail.css", "portail.js"))

    assert page + files < 30_000


def test_nothing_is_fetched_from_elsewhere() -> None:
    """No font, no picture, no script but ours."""
    assert "url(" not in CSS
    assert "@import" not in CSS
