"""`letters campaign --encrypt`: every file closed, the passphrase sealed on its way to workers."""

import pickle
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import pypdf
import pytest

from educonnect_admin.cli.campaigns import letters
from educonnect_admin.edge import Services
from tests.campaigns.academy import found_academy
from tests.campaigns.inline import InlineCrew
from tests.campaigns.night import campaign_of
from tests.cli.running import Terminal

PHRASE = "agrafe moulin tilleul sept"

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Overheard(InlineCrew):
    """A crew whose orders somebody writes down, as they travel and as they are shown."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def submit(self, task: Callable[[Asked], Answer], asked: Asked) -> "Future[Answer]":
        """Do it, once it was written down."""
        self.heard.append(pickle.dumps(asked) + repr(asked).encode())
        return super().submit(task, asked)


def test_a_campaign_is_closed(
    run: Terminal, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file opens without the phrase, no order holds it, the manifest still verifies."""
    found_academy(services, 2, 4)
    (tmp_path / "phrase").write_text(PHRASE, encoding="utf-8")
    monkeypatch.setenv("EDUCONNECT_LETTERS_PASSPHRASE_FILE", str(tmp_path / "phrase"))
    crew = Overheard()
    monkeypatch.setattr(letters, "hire", lambda *_, **__: crew)

    answer = run(*campaign_of(tmp_path / "out"), "--encrypt")

    printed = sorted((tmp_path / "out").rglob("*.pdf"))
    assert (answer.code, answer.json["letters"]) == (0, 8)
    assert len(crew.heard) == 2
    assert [one for one in crew.heard if PHRASE.encode() in one] == []
    assert len(printed) >= 4
    for path in printed:
        reader = pypdf.PdfReader(path)
        assert reader.is_encrypted
        assert not reader.decrypt("")
        assert reader.decrypt(PHRASE)
    assert run("letters", "verify-manifest", str(tmp_path / "out")).code == 0
