"""The key file on the disk: JSON, mode 600, written whole or not at all (R-5).

`keys` are those that open secrets, the last one current. `next` waits until its servers have
it. Of a retired key only what verifies old entries of the trail is left: it opens nothing.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from stat import S_IMODE
from typing import Any

from educonnect_admin.domain.errors import (
    DamagedKeyFile,
    FileExists,
    MissingKeyFile,
    UnwritableFolder,
)

KEY_BYTES = 32
_OWNER = 0o600
_OWNER_AND_GROUP = 0o640


@dataclass(frozen=True, slots=True)
class Keys:
    """What a key file holds; never shown.

    Attributes:
        naming: the key that never changes.
        keys: the keys that open secrets, by id, the upcoming one included.
        current: the id of the one that seals.
        upcoming: the id of the one that will, once every server has it.
        retired: for each retired key, the derived key that verifies its trail entries.
        since: when a key became current; nothing is known of the first.
    """

    naming: bytes = field(repr=False)
    keys: Mapping[str, bytes] = field(repr=False)
    current: str
    upcoming: str | None = None
    retired: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    since: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def older(self) -> list[str]:
        """The ids of the keys that still open what they sealed."""
        return [one for one in self.keys if one not in (self.current, self.upcoming)]


def read_keys(path: Path) -> Keys:
    """Read a key file.

    Raises:
        MissingKeyFile: it is not there or can't be read.
        DamagedKeyFile: it does not hold what it should.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MissingKeyFile(path) from error
    try:
        return _parse(json.loads(text))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        # The cause is not chained: its message could quote the content of the file.
        raise DamagedKeyFile(path) from None


def _parse(content: dict[str, Any]) -> Keys:
    keys = {str(entry["id"]): _key(entry["secret"]) for entry in content["keys"]}
    waiting = content.get("next")
    if waiting is not None:
        keys[str(waiting["id"])] = _key(waiting["secret"])
    return Keys(
        naming=_key(content["naming"]),
        keys=keys,
        current=str(content["keys"][-1]["id"]),
        upcoming=None if waiting is None else str(waiting["id"]),
        retired={str(one["id"]): _key(one["trail"]) for one in content.get("retired", ())},
        since={
            str(one["id"]): datetime.fromisoformat(one["since"])
            for one in content["keys"]
            if "since" in one
        },
    )


def _key(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("key length")
    return key


def _written(keys: Keys) -> str:
    entries = []
    for key_id in [*keys.older, keys.current]:
        entry = {"id": key_id, "secret": _text(keys.keys[key_id])}
        if key_id in keys.since:
            entry["since"] = keys.since[key_id].isoformat()
        entries.append(entry)
    content: dict[str, Any] = {"naming": _text(keys.naming), "keys": entries}
    if keys.upcoming is not None:
        content["next"] = {"id": keys.upcoming, "secret": _text(keys.keys[keys.upcoming])}
    if keys.retired:
        content["retired"] = [
            {"id": key_id, "trail": _text(key)} for key_id, key in keys.retired.items()
        ]
    return json.dumps(content, indent=1)


def _text(key: bytes) -> str:
    return b64encode(key).decode()


def create_key_file(path: Path, keys: Keys) -> None:
    """Write a key file where there is none.

    Raises:
        FileExists: there is one already; overwriting it would lose every password.
        UnwritableFolder: it can't be written there.
    """
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True, mode=0o700)
        _write_whole(path, _written(keys), _refuse_to_replace)
    except FileExistsError as error:
        raise FileExists(path) from error
    except OSError as error:
        raise UnwritableFolder(path, error.errno) from error


def replace_key_file(path: Path, keys: Keys, *, wipe: bool = False) -> None:
    """Write a key file in the place of the former one: at any instant one of both is there, whole.

    Its owner and group stay, so that a service reads what root has written. Where the system
    refuses the group, no group reads it: the writer's own was never meant to.

    Args:
        path: The file; what a link leads to is replaced, not the link.
        keys: What it is to hold.
        wipe: Overwrite the former file once it has no name any more: it holds a key that is
            to be forgotten. A disk that writes elsewhere (SSD) may keep a copy all the same.

    Raises:
        UnwritableFolder: the disk refuses; the former file is still there.
    """
    path = path.resolve()
    try:
        former = path.stat()

        def as_before(draft: Path) -> None:
            kept = _OWNER_AND_GROUP if _given_to(draft, former.st_uid, former.st_gid) else 0
            draft.chmod(S_IMODE(former.st_mode) & kept | _OWNER)

        with path.open("r+b" if wipe else "rb", buffering=0) as old:
            _write_whole(path, _written(keys), as_before)
            if wipe:
                old.write(bytes(former.st_size))
                os.fsync(old.fileno())
    except OSError as error:
        raise UnwritableFolder(path, error.errno) from error


def _given_to(draft: Path, user: int, group: int) -> bool:
    """Give a file its owner and group, or its group at least; False if it has another group."""
    if not hasattr(os, "chown"):
        return True
    for owner in (user, -1):
        with suppress(PermissionError):
            os.chown(draft, owner, group)
            return True
    return False


def _refuse_to_replace(draft: Path) -> None:
    if draft.with_name(draft.name.removesuffix(".part")).exists():
        raise FileExistsError


def _write_whole(path: Path, text: str, before_it_counts: Callable[[Path], None]) -> None:
    """Write a file that is there whole or not at all, whatever instant we die at."""
    draft = path.with_name(path.name + ".part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        before_it_counts(draft)
        draft.replace(path)
    except BaseException:
        # Half a key file is a secret that nobody looks after.
        draft.unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)
