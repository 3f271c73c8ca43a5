"""An office's templates tried on made-up people, before any password is drawn."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from educonnect_admin.domain.errors import BadTemplate, MissingGlyph, TextOverflow
from educonnect_admin.letters import guard, specimens
from educonnect_admin.letters.press import LetterPress
from educonnect_admin.letters.templates import PARTS, Templates, variables_of
from educonnect_admin.letters.variables import FIELD_MARKS, SAMPLES

PAGE = "activation"
"""What a problem names when the parts fit one by one but not together on the page."""


def check_templates(folder: Path | None) -> list[BadTemplate]:
    """Return every problem of an office's templates (of ours alone without a folder).

    Reasons are the codes of `letters.guard`. Each part is tried alone; if all are well, whole
    letters and a slip are set: few and many children, long names, a school of which only the
    name is known. A file that replaces no part is a problem too: it would change nothing and
    nobody would see why. A file whose name starts with `_` may be there to be included.
    """
    try:
        templates = Templates(folder)
    except BadTemplate as problem:
        return [problem]
    problems = list(_unknown_files(folder)) if folder else []
    problems += filter(None, (_try_part(templates, part) for part in PARTS))
    return problems or list(_try_letters(folder))


def preview(folder: Path | None) -> bytes:
    """Return specimen letters as PDF: one child, four children, the longest name.

    Every page bears the mark of a specimen and a password that no draw can give.

    Raises:
        BadTemplate, TextOverflow, MissingGlyph: the first problem met.
    """
    press = LetterPress(folder, specimen=True)
    pages = [(letter, specimens.PASSWORD) for letter in specimens.LETTERS]
    return press.letters(specimens.HEADING, pages)


def _unknown_files(folder: Path) -> Iterator[BadTemplate]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(("mail/", "portal/")):
            continue  # the words of mails and pages, which are no letters
        if path.is_file() and name not in PARTS and not path.name.startswith(("_", ".")):
            yield BadTemplate(name, guard.UNKNOWN_FILE)


def _try_part(templates: Templates, name: str) -> BadTemplate | None:
    values = {key: SAMPLES[key] for key in variables_of(name) if key in SAMPLES}
    if name == "activation/credentials.j2":
        values |= FIELD_MARKS
    try:
        templates.part(name).blocks(values)
    except BadTemplate as problem:
        return problem
    return None


def _try_letters(folder: Path | None) -> Iterator[BadTemplate]:
    """Yield each different problem of whole letters and slips."""
    press = LetterPress(folder, specimen=True)
    headings = (specimens.HEADING, specimens.BARE_HEADING)
    letters = (*specimens.LETTERS, specimens.NOTHING_KNOWN)
    tries: list[Callable[[], object]] = [
        lambda heading=heading, letter=letter: press.check(heading, letter)  # type: ignore[misc]
        for heading, letter in product(headings, letters)
    ]
    tries += [
        lambda heading=heading: press.slip(heading, specimens.SLIP)  # type: ignore[misc]
        for heading in headings
    ]
    seen = set()
    for attempt in tries:
        problem = _problem(attempt)
        if problem and problem.args not in seen:
            seen.add(problem.args)
            yield problem


def _problem(attempt: Callable[[], object]) -> BadTemplate | None:
    try:
        attempt()
    except BadTemplate as problem:
        return problem
    except TextOverflow as overflow:
        return BadTemplate(_file(overflow.place), guard.OVERFLOW)
    except MissingGlyph as missing:
        return BadTemplate(_file(missing.place), guard.GLYPH, what=missing.characters)
    return None


def _file(place: str) -> str:
    """Return the template that a place of the page comes from."""
    slip, _, part = place.partition(" ")
    names = (f"slip/{part}.j2", f"activation/{slip}.j2")
    return next((name for name in names if name in PARTS), PAGE)
