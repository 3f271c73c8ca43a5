"""The key file as it changes: whole at any instant, followed by who runs on (R-5)."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.hashing import CHEAP, Argon2Vault
from educonnect_admin.gateways.keys import (
    Keyring,
    TrailPen,
    create_keyring,
    forget_older_keys,
    prepare_key,
    read_keyring,
    turn_to_next_key,
)

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
CHANCE = SystemChance()


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    """A new key file, read."""
    return create_keyring(tmp_path / "office.key", CHANCE)


def test_who_runs_since_before_follows_the_file(ring: Keyring) -> None:
    """A portal seals with the new key, and opens what it seals, without being started again."""
    portal = read_keyring(ring.path)
    vault = Argon2Vault(portal, CHANCE, CHEAP)
    before = vault.seal("noisette26", "account:1")

    key_id = turn_to_next_key(ring, CHANCE, NOW)

    assert portal.current == key_id
    assert vault.seal("noisette26", "account:1").startswith(f"{key_id}:".encode())
    assert vault.accepts(before, "noisette26", "account:1")


@pytest.mark.parametrize("trouble", ["gone", "damaged", "another office's"])
def test_a_file_that_can_no_longer_be_read_stops_nobody(
    ring: Keyring, tmp_path: Path, trouble: str
) -> None:
    """Who has read it goes on; who starts is refused, as ever."""
    if trouble == "gone":
        ring.path.unlink()
    elif trouble == "damaged":
        ring.path.write_text("{", encoding="utf-8")
    else:
        other = create_keyring(tmp_path / "other.key", CHANCE)
        ring.path.write_bytes(other.path.read_bytes())

    assert ring.current == "k1"
    assert len(ring.derived("outbox")) == 32


def test_the_file_keeps_every_key_and_its_mode(ring: Keyring) -> None:
    """The old key stays before the new one, since when is told, mode 600, nothing beside."""
    first = ring.keys["k1"]

    key_id = turn_to_next_key(ring, CHANCE, NOW)

    assert ring.keys == {"k1": first, key_id: ring.keys[key_id]}
    assert ring.held.since == {key_id: NOW}
    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o600
    assert [one.name for one in ring.path.parent.iterdir()] == ["office.key"]


def test_a_file_that_a_group_may_read_stays_so(ring: Keyring) -> None:
    """A service that runs under the group must still read it; nobody else ever may."""
    ring.path.chmod(0o646)
    turn_to_next_key(ring, CHANCE, NOW)

    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("refused", "mode"), [("the owner", 0o640), ("owner and group", 0o600)], ids=["user", "both"]
)
def test_a_group_that_was_not_meant_reads_nothing(
    ring: Keyring, monkeypatch: pytest.MonkeyPatch, refused: str, mode: int
) -> None:
    """Where the system refuses the former group, the file has the writer's, and is closed to it."""
    given = os.chown

    def chown(path: Path, user: int, group: int) -> None:
        if user != -1 or refused == "owner and group":
            raise PermissionError
        given(path, user, group)

    ring.path.chmod(0o640)
    monkeypatch.setattr(os, "chown", chown)
    turn_to_next_key(ring, CHANCE, NOW)

    assert stat.S_IMODE(ring.path.stat().st_mode) == mode


def test_what_a_link_leads_to_is_replaced(ring: Keyring, tmp_path: Path) -> None:
    """Where secrets are mounted the setting names a link: it stays one."""
    link = tmp_path / "link.key"
    link.symlink_to(ring.path)

    key_id = turn_to_next_key(read_keyring(link), CHANCE, NOW)

    assert link.is_symlink()
    assert ring.current == key_id


def test_two_servers_never_call_two_keys_alike(tmp_path: Path) -> None:
    """Each draws a key from the same copy: a database knows which of the two it needs."""
    one = create_keyring(tmp_path / "one.key", CHANCE)
    (tmp_path / "two.key").write_bytes(one.path.read_bytes())
    two = read_keyring(tmp_path / "two.key")

    assert turn_to_next_key(one, CHANCE, NOW) != turn_to_next_key(two, CHANCE, NOW)


def test_a_prepared_key_is_known_and_not_used(ring: Keyring) -> None:
    """A server that has not turned yet opens what another seals already."""
    key_id = prepare_key(ring, CHANCE)

    assert ring.current == "k1"
    assert key_id in ring.keys
    assert ring.held.older == []
    assert turn_to_next_key(ring, CHANCE, NOW) == key_id
    assert ring.held.older == ["k1"]


def test_a_retired_key_verifies_the_trail_and_opens_nothing(ring: Keyring) -> None:
    """Its secret is not in the file any more, nor where the file was (as far as we can reach)."""
    pen = TrailPen(ring, CHANCE)
    entry = pen.digest(b"entry")
    vault = Argon2Vault(ring, CHANCE, CHEAP)
    sealed = vault.seal("noisette26", "account:1")
    turn_to_next_key(ring, CHANCE, NOW)
    with ring.path.open("rb") as former:
        assert forget_older_keys(ring) == ["k1"]
        assert set(former.read()) == {0}

    assert TrailPen(ring, CHANCE).digest(b"entry", "k1") == entry
    assert not TrailPen(ring, CHANCE).still_seals("k1")
    assert not vault.accepts(sealed, "noisette26", "account:1")
    with pytest.raises(KeyError):
        ring.derived("outbox", "k1")
    again = json.loads(ring.path.read_text(encoding="utf-8"))
    assert [one["id"] for one in again["retired"]] == ["k1"]
    assert forget_older_keys(ring) == []


def test_where_it_cannot_be_written(ring: Keyring) -> None:
    """Told, and nothing has changed."""
    (ring.path.parent / "office.key.part").mkdir()

    with pytest.raises(UnwritableFolder):
        turn_to_next_key(ring, CHANCE, NOW)

    assert ring.current == "k1"


TURNING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.keys import read_keyring, turn_to_next_key
ring, chance = read_keyring(Path(sys.argv[1])), SystemChance()
print("ready", flush=True)
while True:
    turn_to_next_key(ring, chance, datetime.now(UTC))
"""


def test_killed_at_any_instant_a_whole_file_is_left(ring: Keyring) -> None:
    """No key that was ever in the file is lost, whatever instant the process dies at (R-5)."""
    for delay in (0.0, 0.003, 0.007, 0.013):
        before = dict(ring.keys)
        with subprocess.Popen(
            [sys.executable, "-c", TURNING, str(ring.path)], stdout=subprocess.PIPE
        ) as turning:
            assert turning.stdout is not None
            assert turning.stdout.readline() == b"ready\n"
            time.sleep(delay)
            turning.send_signal(signal.SIGKILL)

        kept = read_keyring(ring.path)
        assert before.items() <= dict(kept.keys).items()
