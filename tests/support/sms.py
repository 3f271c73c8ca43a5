"""Real SMS gateways on loopback: one for any request, one that plays OVHcloud's interface."""

import hashlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG_UP = 0
"""Instead of a status: the connection is cut without an answer."""


@dataclass
class Taken:
    """One request as the gateway got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        """Its body, read as JSON."""
        return json.loads(self.body)


@dataclass
class SmsServer:
    """A gateway, what it has taken, and how it answers.

    Attributes:
        answer: from a request to a status and a body; the status may be `HANG_UP`.
        delay: how many seconds it takes.
    """

    answer: Callable[[Taken], tuple[int, str]] = lambda _taken: (200, "{}")
    delay: float = 0.0
    taken: list[Taken] = field(default_factory=list)
    url: str = ""


def _handler(server: SmsServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            taken = Taken(self.command, self.path, dict(self.headers), body)
            server.taken.append(taken)
            status, content = server.answer(taken)
            time.sleep(server.delay)
            if status == HANG_UP:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(content.encode())))
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            with suppress(ConnectionError):  # who asked may not have waited
                self.end_headers()
                self.wfile.write(content.encode())

        do_GET = do_POST = do_PUT = _take  # noqa: N815 - the library's names

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    return Handler


@contextmanager
def sms_server(context: ssl.SSLContext | None = None) -> Iterator[SmsServer]:
    """Run a gateway, by HTTPS if it is given a certificate."""
    server = SmsServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    if context is not None:
        http.socket = context.wrap_socket(http.socket, server_side=True)
    scheme = "https" if context else "http"
    server.url = f"{scheme}://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


KEYS = {
    "endpoint": "ovh-eu",
    "application_key": "key-of-the-application",
    "application_secret": "secret-of-the-application",
    "consumer_key": "key-of-the-consumer",
}
GOOD_JOB = '{"ids":[1],"validReceivers":["+33612345678"],"invalidReceivers":[]}'


def ovh_answers(url: str, job: tuple[int, str] = (200, GOOD_JOB)) -> Callable[[Taken], Any]:
    """Return answers as OVHcloud gives them: the time, then what becomes of a job.

    A signature that is wrong is refused as OVHcloud refuses it.
    """

    def answer(taken: Taken) -> tuple[int, str]:
        if taken.path == "/1.0/auth/time":
            return 200, str(int(time.time()))
        headers = {name.lower(): value for name, value in taken.headers.items()}
        signed = "+".join(
            [
                KEYS["application_secret"],
                KEYS["consumer_key"],
                taken.method,
                url + taken.path,
                taken.body,
                headers["x-ovh-timestamp"],
            ]
        )
        digest = hashlib.sha1(signed.encode()).hexdigest()
        if headers["x-ovh-signature"] != f"$1${digest}":
            return 403, '{"errorCode":"INVALID_CREDENTIAL","message":"no"}'
        return job

    return answer
