"""Several processes behind one address: who takes which connection."""

import asyncio
import socket
import sys

from educonnect_admin.portal.even_shares import WAITING, EvenShares
from educonnect_admin.portal.serving import listen


def test_a_process_takes_one_connection_a_turn() -> None:
    """Five wait at the door: another process may step in between any two."""
    listener = listen("127.0.0.1", 0)
    visitors = [socket.create_connection(listener.getsockname()) for _ in range(5)]
    loop = EvenShares()
    try:
        taken = loop.run_until_complete(_turns_of(loop, listener, len(visitors)))
    finally:
        loop.close()
        for one in (*visitors, listener):
            one.close()

    assert len(taken) == 5
    assert len(set(taken)) == 5


async def _turns_of(loop: EvenShares, listener: socket.socket, number: int) -> list[int]:
    """Return in which turn of the loop each connection was taken."""
    turn, taken, transports = 0, [], []

    class Taken(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            taken.append(turn)
            transports.append(transport)

    server = await loop.create_server(Taken, sock=listener, backlog=2048)
    async with asyncio.timeout(10):
        while len(taken) < number:
            turn += 1
            await asyncio.sleep(0)
    server.close()
    for transport in transports:
        transport.close()
    await asyncio.sleep(0)
    return taken


def test_many_may_wait_at_the_door() -> None:
    """The system keeps those whom no process has taken yet, few as each takes at a time."""
    listener = listen("127.0.0.1", 0)
    loop = EvenShares()
    server = loop.run_until_complete(loop.create_server(asyncio.Protocol, sock=listener))

    # Linux tells the length of the queue where a connection has its selective acknowledgements.
    facts = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 32)
    assert int.from_bytes(facts[28:32], sys.byteorder) == WAITING

    server.close()
    loop.close()
