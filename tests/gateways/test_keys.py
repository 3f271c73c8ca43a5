"""The key file: for its owner alone, whole or refused, never shown (R-5)."""

import json
import stat
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from educonnect_admin.domain.errors import (
    DamagedKeyFile,
    FileExists,
    MissingKeyFile,
    UnwritableFolder,
)
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.keys import Keyring, TrailPen, create_keyring, read_keyring

NAMING, FIRST, SECOND = bytes(32), bytes(range(32)), bytes(range(32, 64))


def entry(key_id: str, secret: bytes) -> dict[str, str]:
    """Return one dated key as the file holds it."""
    return {"id": key_id, "secret": b64encode(secret).decode()}


def content(*keys: dict[str, str]) -> dict[str, Any]:
    """Return the content of a key file."""
    return {"naming": b64encode(NAMING).decode(), "keys": list(keys)}


def written(path: Path, told: object) -> Path:
    """Write a key file by hand."""
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def test_a_new_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Mode 600 in a folder of mode 700, and it reads back as it was made."""
    path = tmp_path / "deep" / "office.key"

    made = create_keyring(path, SystemChance())

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read_keyring(path) == made
    assert len(made.naming) == len(made.derived("anything")) == 32


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    """Overwriting it would lose every password."""
    path = tmp_path / "office.key"
    create_keyring(path, SystemChance())
    before = path.read_bytes()

    with pytest.raises(FileExists):
        create_keyring(path, SystemChance())

    assert path.read_bytes() == before


def test_two_offices_have_nothing_in_common(tmp_path: Path) -> None:
    """Other keys, other digests, another fingerprint."""
    one = create_keyring(tmp_path / "one.key", SystemChance())
    other = create_keyring(tmp_path / "other.key", SystemChance())

    assert one.naming != other.naming
    assert one.fingerprint() != other.fingerprint()
    assert one.stem_digest("jean.dupont") != other.stem_digest("jean.dupont")
    assert one.derived("trail") != other.derived("trail")


def test_where_it_cannot_be_written(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("x", encoding="utf-8")

    with pytest.raises(UnwritableFolder):
        create_keyring(tmp_path / "file" / "deep" / "office.key", SystemChance())


def test_a_missing_key_file(tmp_path: Path) -> None:
    """Not there, a folder, or not a text: it can't be read."""
    (tmp_path / "binary.key").write_bytes(b"\xff\xfe\x00")

    for path in (tmp_path / "absent.key", tmp_path, tmp_path / "binary.key"):
        with pytest.raises(MissingKeyFile):
            read_keyring(path)


@pytest.mark.parametrize(
    "told",
    [
        {},
        [],
        "s3cret",
        {"naming": b64encode(NAMING).decode()},
        content(),
        content({"id": "k1"}),
        content(entry("k1", b"short")),
        content({"id": "k1", "secret": "s3cret, not base64"}),
        {"naming": 7, "keys": [entry("k1", FIRST)]},
        {"naming": b64encode(NAMING).decode(), "keys": "k1"},
        {"naming": b64encode(NAMING).decode(), "keys": None},
    ],
)
def test_a_damaged_key_file_is_refused_and_not_quoted(tmp_path: Path, told: object) -> None:
    """Whatever is wrong with it, the error neither holds nor chains its content."""
    path = written(tmp_path / "office.key", told)

    with pytest.raises(DamagedKeyFile) as refused:
        read_keyring(path)

    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert "s3cret" not in str(refused.value)


def test_a_cut_key_file_is_refused(tmp_path: Path) -> None:
    """A copy that stopped halfway, an empty file."""
    path = written(tmp_path / "office.key", content(entry("k1", FIRST)))
    whole = path.read_text(encoding="utf-8")

    for kept in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_text(whole[:kept], encoding="utf-8")
        with pytest.raises(DamagedKeyFile):
            read_keyring(path)


def test_a_key_file_nested_for_ever_is_refused(tmp_path: Path) -> None:
    """Deeper than Python reads: damaged, no failure of ours."""
    path = tmp_path / "office.key"
    path.write_text("[" * 100_000, encoding="utf-8")

    with pytest.raises(DamagedKeyFile):
        read_keyring(path)


def test_the_keys_never_show(tmp_path: Path) -> None:
    """Neither `repr` nor `str` holds a byte of them, in any writing."""
    ring = create_keyring(tmp_path / "office.key", SystemChance())
    shown = repr(ring) + str(ring)

    for key in (ring.naming, *ring.keys.values()):
        assert key.hex() not in shown
        assert b64encode(key).decode() not in shown
        assert repr(key)[2:-1] not in shown
    assert "office.key" in shown


def test_the_last_key_is_the_current_one(tmp_path: Path) -> None:
    """Older ones still derive what they sealed; an unknown one is a KeyError."""
    old = read_keyring(written(tmp_path / "old.key", content(entry("k1", FIRST))))
    new = read_keyring(
        written(tmp_path / "new.key", content(entry("k1", FIRST), entry("k2", SECOND)))
    )

    assert (old.current, new.current) == ("k1", "k2")
    assert new.derived("trail", "k1") == old.derived("trail")
    assert new.derived("trail") != old.derived("trail")
    with pytest.raises(KeyError):
        old.derived("trail", "k2")


def test_names_are_numbered_for_ever(tmp_path: Path) -> None:
    """A new current key changes neither the digests of names nor the fingerprint (R-2)."""
    old = read_keyring(written(tmp_path / "old.key", content(entry("k1", FIRST))))
    new = read_keyring(
        written(tmp_path / "new.key", content(entry("k1", FIRST), entry("k2", SECOND)))
    )

    assert new.stem_digest("jean.dupont") == old.stem_digest("jean.dupont")
    assert new.fingerprint() == old.fingerprint()


def test_each_use_has_its_own_key() -> None:
    """What one purpose reveals opens nothing of another."""
    ring = Keyring(Path("k"), NAMING, {"k1": FIRST}, "k1")
    derived = {ring.derived(purpose) for purpose in ("trail", "password-seal", "fingerprint")}

    assert len(derived) == 3
    assert FIRST not in derived
    assert "dupont" not in ring.stem_digest("jean.dupont")


def test_a_pen_writes_with_any_key_it_holds() -> None:
    """The trail is verified with the key an entry was written with (R-63)."""
    old = TrailPen(Keyring(Path("k"), NAMING, {"k1": FIRST}, "k1"), SystemChance())
    new = TrailPen(Keyring(Path("k"), NAMING, {"k1": FIRST, "k2": SECOND}, "k2"), SystemChance())

    assert (old.key_id, new.key_id) == ("k1", "k2")
    assert new.digest(b"entry", "k1") == old.digest(b"entry")
    assert new.digest(b"entry") != old.digest(b"entry")
    assert len(new.digest(b"entry")) == 64
    assert len(new.salt()) == 16
    with pytest.raises(KeyError):
        old.digest(b"entry", "k9")
