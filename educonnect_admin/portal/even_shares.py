"""Several processes behind one address, each taking no more visitors than it can serve.

The event loop of the standard library takes every connection that waits, as soon as it sees
one. Of fifty parents who come at the same moment one process would then get forty, the others
would stand idle, and browsers keep their connection for many pages.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

WAITING = 1024
"""Connections that the system lets wait at the door while every process is busy."""


class EvenShares(asyncio.SelectorEventLoop):
    """Takes one connection a turn: whoever is free takes the next."""

    async def create_server(  # type: ignore[override]
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        *,
        sock: socket.socket,
        **options: Any,
    ) -> asyncio.Server:
        """Serve on an open socket; `backlog` is ours to say, whatever was asked for."""
        options["backlog"] = 1  # also how many the loop takes in one turn
        server = await super().create_server(protocol_factory, sock=sock, **options)
        sock.listen(WAITING)
        return server
