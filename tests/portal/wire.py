"""The portal asked byte by byte, below what an HTTP library would let anybody send."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes, unquote

from starlette.types import ASGIApp


@dataclass(frozen=True)
class Raw:
    """An answer as it left."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        """Return the value of a header, if there is one."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass
class Wire:
    """A portal, and the loop in which it answers."""

    application: ASGIApp
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def ask(
        self,
        method: str,
        path: bytes,
        *,
        query: bytes = b"",
        headers: Mapping[bytes, bytes] | None = None,
        body: bytes = b"",
        address: str = "192.0.2.1",
    ) -> Raw:
        """Send a request whose every part may be any bytes; the path is encoded as on the wire."""
        encoded = quote_from_bytes(path, safe="/")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": unquote(encoded),
            "raw_path": encoded.encode(),
            "query_string": query,
            "root_path": "",
            "headers": [(b"host", b"testserver"), *(headers or {}).items()],
            "client": (address, 1),
            "server": ("testserver", 443),
        }
        return self._runner.run(self._answer(scope, body))

    async def _answer(self, scope: dict[str, Any], body: bytes) -> Raw:
        sent: list[Any] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        start = sent[0]
        return Raw(
            status=start["status"],
            headers=[(bytes(key).lower(), bytes(value)) for key, value in start["headers"]],
            body=b"".join(bytes(one.get("body", b"")) for one in sent[1:]),
        )

    def close(self) -> None:
        """End the loop."""
        self._runner.close()
