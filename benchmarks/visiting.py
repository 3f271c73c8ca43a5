"""Parents at the portal, many at once: a load generator in a process of its own.

`python -m benchmarks.visiting <order.json`: so many connections, each of which sends its
requests one after the other; prints how long each answer took. Nothing of the product is
imported and no HTTP library is used: what is measured shares its cores with this process.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlencode

_HOST = "127.0.0.1"
_LOOKS = 0.1
"""Seconds between two looks of whoever only looks: a witness, not a load."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request that is sent again and again.

    Attributes:
        path: where.
        status: what must be answered; anything else counts as an error.
        fields: of a form; a GET without any.
        cookie: what the browser sends.
        address: where it says it comes from, as a proxy would tell.
    """

    path: str
    status: int
    fields: dict[str, str] | None = None
    cookie: str = ""
    address: str = "10.0.0.1"

    def as_sent(self) -> bytes:
        """Return the bytes of the request."""
        body = urlencode(self.fields).encode() if self.fields is not None else b""
        lines = [
            f"{'GET' if self.fields is None else 'POST'} {self.path} HTTP/1.1",
            "Host: portail.test",
            f"X-Forwarded-For: {self.address}",
            "Sec-Fetch-Site: same-origin",
        ]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if self.fields is not None:
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True, slots=True)
class Order:
    """What one run is to do.

    Attributes:
        visits: the requests, in turn, dealt to the connections.
        parents: so many connections at once.
        seconds: how long; nothing begun afterwards.
        background: requests of one more connection, measured apart: somebody who only looks.
    """

    port: int
    visits: list[Visit]
    parents: int
    seconds: float
    background: list[Visit]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        took: the seconds of each answer.
        aside: those of the background.
        errors: answers of another status, and connections lost.
        wall: from the first request to the last answer.
        cpu: seconds of CPU of the generator itself.
    """

    took: list[float]
    aside: list[float]
    errors: int
    wall: float
    cpu: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / self.wall

    def percentile(self, share: int, *, aside: bool = False) -> float:
        """Return the milliseconds within which so many of a hundred answers came."""
        values = sorted(self.aside if aside else self.took)
        return 1e3 * values[min(len(values) - 1, len(values) * share // 100)]


class _Crowd:
    def __init__(self, order: Order) -> None:
        self._order = order
        self._end = 0.0
        self.errors = 0

    async def run(self) -> Outcome:
        order = self._order
        cpu, begun = time.process_time(), time.perf_counter()
        self._end = begun + order.seconds
        took: list[float] = []
        aside: list[float] = []
        shares: list[Sequence[Visit]] = [
            list(islice(order.visits, at, None, order.parents)) for at in range(order.parents)
        ]
        await asyncio.gather(
            *(self._come(share or order.visits, took) for share in shares),
            *([self._come(order.background, aside, pause=_LOOKS)] if order.background else []),
        )
        wall = time.perf_counter() - begun
        return Outcome(took, aside, self.errors, wall, time.process_time() - cpu)

    async def _come(self, visits: Sequence[Visit], took: list[float], *, pause: float = 0) -> None:
        reader, writer = await asyncio.open_connection(_HOST, self._order.port)
        requests: Iterator[tuple[bytes, bytes]] = cycle(
            [(one.as_sent(), str(one.status).encode()) for one in visits]
        )
        for request, wanted in requests:
            begun = time.perf_counter()
            if begun >= self._end:
                break
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            took.append(time.perf_counter() - begun)
            self.errors += head[9:12] != wanted
            if pause:
                await asyncio.sleep(pause)
        writer.close()
        await writer.wait_closed()


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0] or 0)


async def visit(order: Order) -> Outcome:
    """Let another process do this, and return what came of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.visiting", stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parent.parent, env={**os.environ},
    )  # fmt: skip
    out, _ = await process.communicate(json.dumps(asdict(order)).encode())
    return Outcome(**json.loads(out))


def main() -> None:
    """Read an order, do it, print the outcome."""
    read = json.loads(sys.stdin.read())
    for name in ("visits", "background"):
        read[name] = [Visit(**one) for one in read[name]]
    print(json.dumps(asdict(asyncio.run(_Crowd(Order(**read)).run()))))


if __name__ == "__main__":
    main()
