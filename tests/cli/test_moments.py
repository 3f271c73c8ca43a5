"""What hour the office reads: that of Paris, on whatever machine, summer and winter."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from educonnect_admin.cli.key_words import needs_sentence
from educonnect_admin.cli.moments import in_paris
from educonnect_admin.domain.messages import Message
from educonnect_admin.edge import Services
from tests.cli.running import Terminal

EVENING = datetime(2026, 7, 14, 22, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock is that of another part of the world."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_hour_is_that_of_paris() -> None:
    """Two hours after UTC in summer, one in winter."""
    assert in_paris(EVENING) == "15/07/2026 à 00:30"
    assert in_paris(EVENING.replace(month=12), "%d/%m %H:%M") == "14/12 23:30"


def test_keys_tell_it(run: Terminal, office: Services) -> None:
    """Until when an older one is needed, and since when one serves."""
    office.keyring.path.write_text(
        office.keyring.path.read_text().replace('"id": "k1"', f'"id": "k1", "since": "{EVENING}"')
    )

    assert "jusqu'au 15/07/2026 à 00:30" in needs_sentence({"links": 1}, EVENING)
    assert "15/07/2026" in run("keys", "list").out


def test_the_outbox_tells_it(run: Terminal, office: Services, tmp_path: Path) -> None:
    """When a message is tried again."""
    assert run("accounts", "generate", "--school", "0140070A").code == 0
    sent = run("letters", "resend", "celine.dupont", "--email", "--reason", "perdu")
    assert sent.code == 0, sent.err
    with office.transaction() as session:
        session.execute(update(Message).values(state="waiting", due_at=EVENING))

    assert "15/07 00:30" in run("mail", "list").out
