"""Bytes changed by chance, from a seed: the same case again from the same seed."""

import re
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from random import Random  # noqa: TID251 - seeded, the same cases again; nothing secret comes of it

LONGEST = 64 * 1024
"""A case that outgrows it is cut: what is found must be the reader's own doing."""

_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483648", b"99999999999999999999", b"1e999",
            b"9" * 5000)  # fmt: skip
_DIGITS = re.compile(rb"\d+")
_ALWAYS = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\n", b"\t", b" ", b'"', b"'", b";",
    b",", b"<", b">", b"&", b"{", b"}", b"[", b"]", b"(", b")", b"\\", b"/", b"..", b"%00", b"%n",
    b"\xc2\xa0", b"\xe2\x80\xae", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xcc\x81" * 40, b"=1+1",
)  # fmt: skip


class Mutator:
    """Changes a case in one to eight places."""

    def __init__(self, random: Random, words: Sequence[bytes]) -> None:
        self._random = random
        self._words = (*_ALWAYS, *words)
        self._ways: tuple[Callable[[bytearray, Sequence[bytes]], None], ...] = (
            self._flip, self._overwrite, self._remove, self._repeat, self._put_word,
            self._put_word, self._splice, self._number, self._swap_lines, self._nest, self._cut,
        )  # fmt: skip

    def changed(self, data: bytes, others: Sequence[bytes], *, is_archive: bool = False) -> bytes:
        """Return a case made from one that is known, and perhaps parts of others."""
        if is_archive and self._random.random() < 0.8:
            repacked = self._repacked(data, others)
            if repacked is not None:
                return repacked[:LONGEST]
        case = bytearray(data)
        for _ in range(self._random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            self._random.choice(self._ways)(case, others)
        return bytes(case[:LONGEST])

    def _repacked(self, data: bytes, others: Sequence[bytes]) -> bytes | None:
        """Change a member of an archive, and pack it so that its check sums are right."""
        members = members_of(data)
        if not members:
            return None
        name = self._random.choice(sorted(members))
        theirs = [part for other in others[:3] for part in members_of(other).values()]
        members[name] = self.changed(members[name], theirs or others)
        method = self._random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
        return packed(members, method)

    def _place(self, case: bytearray) -> int:
        return self._random.randrange(len(case) + 1)

    def _stretch(self, case: bytearray, longest: int) -> slice:
        start = self._place(case)
        return slice(start, start + self._random.randint(1, longest))

    def _flip(self, case: bytearray, _others: Sequence[bytes]) -> None:
        if case:
            case[self._random.randrange(len(case))] ^= 1 << self._random.randrange(8)

    def _overwrite(self, case: bytearray, _others: Sequence[bytes]) -> None:
        where = self._stretch(case, 8)
        case[where] = self._random.randbytes(self._random.randint(1, 8))

    def _remove(self, case: bytearray, _others: Sequence[bytes]) -> None:
        del case[self._stretch(case, self._random.choice((1, 8, 64, 512)))]

    def _repeat(self, case: bytearray, _others: Sequence[bytes]) -> None:
        where = self._stretch(case, self._random.choice((1, 16, 256)))
        times = self._random.choice((1, 2, 10, 100))
        case[where.start : where.start] = case[where] * times
        del case[LONGEST:]

    def _put_word(self, case: bytearray, _others: Sequence[bytes]) -> None:
        at = self._place(case)
        word = self._random.choice(self._words)
        until = at + (len(word) if self._random.random() < 0.5 else 0)
        case[at:until] = word

    def _splice(self, case: bytearray, others: Sequence[bytes]) -> None:
        other = self._random.choice(others) if others else b""
        start = self._random.randrange(len(other) + 1)
        taken = other[start : start + self._random.choice((8, 64, 1024))]
        at = self._place(case)
        case[at:at] = taken

    def _number(self, case: bytearray, _others: Sequence[bytes]) -> None:
        found = list(_DIGITS.finditer(bytes(case)))[:500]
        if found:
            start, end = self._random.choice(found).span()
            case[start:end] = self._random.choice(_NUMBERS)

    def _swap_lines(self, case: bytearray, _others: Sequence[bytes]) -> None:
        lines = bytes(case).split(b"\n")
        self._random.shuffle(lines)
        case[:] = b"\n".join(lines)

    def _nest(self, case: bytearray, _others: Sequence[bytes]) -> None:
        """Open what is never closed, deeper than anybody would."""
        at = self._place(case)
        opened = self._random.choice(
            (b"[", b"{", b"(", b"<a>", b'{"a":', b"{% if 1 %}", b"~", b"-")
        )
        case[at:at] = opened * self._random.choice((3, 200, 5000))
        del case[LONGEST:]

    def _cut(self, case: bytearray, _others: Sequence[bytes]) -> None:
        del case[self._place(case) :]


def members_of(data: bytes) -> dict[str, bytes]:
    """Return the members of an archive; none where it is no archive, or a vast one."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > 20 * LONGEST:
                return {}
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return {}


def packed(members: dict[str, bytes], method: int) -> bytes:
    """Return an archive of these members."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()
