"""An office's words for mails and SMS tried on made-up people, before anybody is written to."""

from collections.abc import Iterator
from pathlib import Path

from educonnect_admin.domain.mail_errors import BadMailTemplate
from educonnect_admin.messages.press import MessagePress
from educonnect_admin.messages.specimens import SPECIMENS
from educonnect_admin.shipped import shipped_templates

UNKNOWN_FILE = "unknown_file"


def check_messages(folder: Path | None) -> list[BadMailTemplate]:
    """Return every problem of an office's messages, one a message (of ours without a folder).

    A file that replaces none of ours is a problem too, unless its name starts with `_`: then
    it is there to be included.
    """
    problems = list(_unknown_files(folder / "mail")) if folder else []
    seen = set()
    for problem in _problems(MessagePress(folder)):
        if (problem.template, problem.why) not in seen:
            seen.add((problem.template, problem.why))
            problems.append(problem)
    return problems


def _problems(press: MessagePress) -> Iterator[BadMailTemplate]:
    for kind, specimens in SPECIMENS.items():
        for values in specimens:
            try:
                press.check(kind, values)
            except BadMailTemplate as problem:
                yield problem


def _unknown_files(folder: Path) -> Iterator[BadMailTemplate]:
    ours = shipped_templates("mail")
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not path.name.startswith(("_", ".")) and not (ours / name).is_file():
            yield BadMailTemplate(name.as_posix(), UNKNOWN_FILE)
