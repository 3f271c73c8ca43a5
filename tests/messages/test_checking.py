"""An office's messages are tried before anybody is written to."""

import re
from pathlib import Path

import pytest

from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.messages.checking import check_messages
from educonnect_admin.messages.specimens import SPECIMENS
from tests.support.house import ROOT
from tests.support.outbox import VALUES

DOCUMENT = (ROOT / "docs" / "templates.fr.md").read_text(encoding="utf-8")
MESSAGES = DOCUMENT.partition("## Les messages\n")[2]


def write(folder: Path, name: str, text: str) -> None:
    """Put a template of a message into an office's folder."""
    path = folder / "mail" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_ours_have_no_problem() -> None:
    """Every kind, filled with everything and with as little as may be known."""
    assert check_messages(None) == []
    assert set(SPECIMENS) == set(MessageKind)


@pytest.mark.parametrize("kind", MessageKind)
def test_a_specimen_says_what_the_message_says(kind: MessageKind) -> None:
    """The same values, by name: what is good for the specimen is good for the message."""
    for specimen in SPECIMENS[kind]:
        assert set(specimen) == set(VALUES[kind])


@pytest.mark.parametrize("kind", MessageKind)
def test_every_problem_is_told(kind: MessageKind, tmp_path: Path) -> None:
    """Whatever message it is in, with its file and line."""
    write(tmp_path, f"{kind}/text.j2", "Bonjour,\n{{ nope }}\n")

    (problem,) = check_messages(tmp_path)

    assert (problem.template, problem.why, problem.line) == (
        f"{kind}/text.j2", "unknown_variable", 2,
    )  # fmt: skip


def test_a_file_that_replaces_none_is_told(tmp_path: Path) -> None:
    """It would change nothing, and nobody would see why."""
    write(tmp_path, "password_rest/text.j2", "Bonjour")
    write(tmp_path, "_greeting.j2", "Bonjour")
    write(tmp_path, "contact.text.j2", '{% include "_greeting.j2" %}')

    (problem,) = check_messages(tmp_path)

    assert (problem.template, problem.why) == ("password_rest/text.j2", "unknown_file")


def test_the_document_names_every_message_and_every_value() -> None:
    """Who writes a template knows what there is to write with."""
    folders = re.findall(r"^\| `mail/(\w+)/` \|", MESSAGES, re.MULTILINE)
    named = set(
        re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", MESSAGES, re.MULTILINE)))
    )

    assert sorted(folders) == sorted(MessageKind)
    given = {name for specimens in SPECIMENS.values() for one in specimens for name in one}
    assert given <= named
