"""Servers that answer anything: of mail by SMTP, of SMS by HTTP, on this machine."""

import socketserver
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path

from educonnect_admin.domain.mail_errors import MailUnavailable, SmsUnavailable
from educonnect_admin.gateways.mail import SmtpServer
from educonnect_admin.gateways.outcomes import Fate, Outcome
from educonnect_admin.gateways.sms_https import HttpsSms
from educonnect_admin.gateways.sms_ovh import OvhSms
from educonnect_admin.gateways.smtp_access import SmtpAccess
from tests.fuzz.target import Read, Target

_SECONDS = 0.3
Ask = Callable[[int], Outcome | None]


class _Talker(socketserver.BaseRequestHandler):
    """Answers each thing it is told with the next piece of the case, then hangs up."""

    def handle(self) -> None:
        """Talk; pieces are parted by an empty line, the first one is the greeting of SMTP."""
        server = self.server
        assert isinstance(server, _Server)
        self.request.settimeout(_SECONDS)
        pieces = server.case.split(b"\n\n")
        with suppress(OSError):
            for number, piece in enumerate(pieces):
                speaks_first = server.greets and number == 0
                if not speaks_first and not self.request.recv(65536):
                    return
                self.request.sendall(piece + server.end)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    case = b""
    greets = False
    end = b""


@contextmanager
def _listening(ask: Ask, *, greets: bool) -> Iterator[Read]:
    with _Server(("127.0.0.1", 0), _Talker) as server:
        server.greets, server.end = greets, b"\r\n" if greets else b""
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()

        def read(data: bytes) -> None:
            server.case = data
            outcome = ask(server.server_address[1])
            assert outcome is None or outcome.fate in Fate

        try:
            yield read
        finally:
            server.shutdown()


def _mail(port: int) -> Outcome:
    access = SmtpAccess(
        host="127.0.0.1", port=port, security="none", timeout=_SECONDS,
        last_reply_timeout=_SECONDS,
    )  # fmt: skip
    message = EmailMessage()
    message["To"], message["From"] = "zoe@example.fr", "office@example.fr"
    message.set_content("Bonjour\n.\n")
    with SmtpServer(access).connect() as line:
        return line.send(message, "office@example.fr", "zoe@example.fr")


def _sms(port: int) -> Outcome:
    body = "to={to}&text={text}"
    gateway = HttpsSms(
        url=f"http://127.0.0.1:{port}/", method="POST", body=body, answer_seconds=_SECONDS
    )
    return gateway.send("+33612345678", "Code 482915", "r" * 32)


def _smtp() -> Callable[[], AbstractContextManager[Read]]:
    return lambda: _listening(_mail, greets=True)


def _http() -> Callable[[], AbstractContextManager[Read]]:
    return lambda: _listening(_sms, greets=False)


def _dialogues() -> Iterator[bytes]:
    yield b"\n\n".join(
        (b"220 hello", b"250-hello\r\n250-SIZE 99\r\n250-8BITMIME\r\n250 SMTPUTF8", b"250 ok",
         b"250 ok", b"354 go on", b"250 2.0.0 taken", b"221 bye")
    )  # fmt: skip
    yield b"\n\n".join((b"220 hello", b"250 hello", b"250 ok", b"550 5.1.1 unknown", b"250 reset"))


def _answers() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    yield b"HTTP/1.1 429 Later\r\nRetry-After: 9\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b"
    yield b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n"


@contextmanager
def _secrets() -> Iterator[Read]:
    """Files of credentials and of headers, as somebody typed them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "secret"
        path.touch(mode=0o600)
        ovh = OvhSms(service="sms-1", credentials_file=path)
        https = HttpsSms(url="https://x.example/", method="POST", body="", headers_file=path)

        def read(data: bytes) -> None:
            path.write_bytes(data)
            for reader in (ovh._keys, https._headers):
                with suppress(SmsUnavailable):
                    reader()

        yield read


def _secret_files() -> Iterator[bytes]:
    yield (b"[ovh]\nendpoint=ovh-eu\napplication_key=a\napplication_secret=b\nconsumer_key=c\n")
    yield b"Authorization: Bearer s3cret\nX-Key: 1\n"


_SMTP_WORDS = (b"\n\n", b"250-", b"250 ", b"354 ", b"421 ", b"550 5.1.1 ", b"\r\n", b"SIZE",
               b"AUTH PLAIN LOGIN", b"STARTTLS", b"334 ")  # fmt: skip
_HTTP_WORDS = (b"HTTP/1.1 ", b"HTTP/1.0 ", b"200 OK", b"100 Continue\r\n\r\n", b"\r\n\r\n",
               b"Content-Length: ", b"Transfer-Encoding: chunked", b"Content-Encoding: br",
               b"Connection: close", b"\n\n", b"Set-Cookie: a=b", b"ffffffff\r\n")  # fmt: skip
SERVERS = (
    Target(name="smtp", what="a mail server that says anything", seeds=_dialogues, open=_smtp(),
           refusals=(MailUnavailable,), words=_SMTP_WORDS),
    Target(name="sms", what="an SMS gateway that answers anything", seeds=_answers, open=_http(),
           refusals=(SmsUnavailable,), words=_HTTP_WORDS),
    Target(name="secrets", what="files of credentials and headers", seeds=_secret_files,
           open=_secrets, words=(b"[ovh]", b"=", b":", b"%(a)s", b"[DEFAULT]", b"\n ")),
)  # fmt: skip
