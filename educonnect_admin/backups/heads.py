"""The two ends of a backup: what is said of it before its content, and after."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """How the key of an encrypted backup comes from its passphrase; no secret is in it.

    Attributes:
        salt: 32 bytes, in hexadecimal.
        memory_kib, passes, lanes: the cost of argon2id.
        check: tells a wrong passphrase from a damaged file; it is made of the key, not back.
    """

    salt: str = field(repr=False)
    memory_kib: int
    passes: int
    lanes: int
    check: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupHead:
    """What a backup says of itself in clear: nothing about anybody.

    Attributes:
        product: the version of the program.
        made_at: when, in ISO.
        database: `sqlite` or `postgresql`.
        schema: the revision of the schema.
        office: the fingerprint that recognises the key file; it opens nothing.
        key_id: which key of that file was the current one.
        lock: how it is encrypted, if it is.
    """

    product: str
    made_at: str
    database: str = field(repr=False)
    schema: str
    office: str
    key_id: str
    lock: Lock | None

    def line(self) -> bytes:
        """Return it as one line of JSON."""
        return json.dumps(asdict(self), sort_keys=True).encode() + b"\n"

    @classmethod
    def of_line(cls, line: bytes) -> "BackupHead":
        """Read what `line` gave.

        Raises:
            ValueError, TypeError, KeyError: it is something else.
        """
        facts: dict[str, Any] = json.loads(line)
        lock = facts.pop("lock")
        return cls(**facts, lock=None if lock is None else Lock(**lock))


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFoot:
    """What is known once all is written, closed with the office's key.

    Attributes:
        content: the SHA-256 of the head and of all that stands between.
        entries: how many entries of the trail there are.
        heads: the end of each chain of the trail, count and digest by number (R-63).
        rows: how many rows each table has; of PostgreSQL only.
        sequences: the last number that was given, by table; of PostgreSQL only.
    """

    content: str
    entries: int
    heads: Mapping[str, tuple[int, str]]
    rows: Mapping[str, int]
    sequences: Mapping[str, int]

    def text(self) -> str:
        """Return it as the text that is closed and kept, one way only."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def of_text(cls, text: str) -> "BackupFoot":
        """Read what `text` gave.

        Raises:
            ValueError, TypeError, KeyError: it is something else.
        """
        facts: dict[str, Any] = json.loads(text)
        heads = {chain: (int(head[0]), str(head[1])) for chain, head in facts.pop("heads").items()}
        return cls(**facts, heads=heads)
