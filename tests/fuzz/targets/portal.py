"""The parents' portal: any request, from anybody, in the middle of any journey."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office
from educonnect_admin.portal import seam
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.fuzz.target import Read, Target
from tests.support.franceconnect import running_provider, with_franceconnect


def _requests() -> Iterator[bytes]:
    """Lines: who asks, the method, the page, a part of its path, query, header, cookie; a body."""
    for page in range(0, 60, 3):
        yield (
            b"%d\nPOST\n%d\nx\ncode=c&state=s\nreferer: x\nk1:x\nidentifiant=celine&nom=Dupont"
            % (page % 9, page)
        )
    yield b"3\nGET\n7\n../x\nsuite=//evil.example\nx-forwarded-for: 1.2.3.4\nx\n"


def _sent(lines: list[bytes]) -> dict[str, Any]:
    name, _, value = lines[5].partition(b":")
    return {
        "who": _number(lines[0]),
        "part": lines[3],
        "query": _of_http(lines[4]),
        "headers": {_of_http(name).lower().strip() or b"x": _of_http(value).strip()},
        "device": _of_http(lines[6]),
        "body": b"\n".join(lines[7:]),
        "address": lines[0].decode("ascii", "replace"),
    }


def _number(told: bytes) -> int:
    return int(told) if told.isdigit() and len(told) < 9 else len(told)


def _of_http(told: bytes) -> bytes:
    """HTTP itself lets no other sign through."""
    return bytes(sign for sign in told if 0x20 <= sign < 0x7F or sign >= 0x80)


@contextmanager
def _pages() -> Iterator[Read]:
    """No failure, nothing typed comes back as markup, no way out of the portal."""
    import pytest

    from tests.portal import test_any_byte as harness
    from tests.support.schema import migrate

    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        own = Settings(
            database_url=str(folder / "office.sqlite"), secret_key_file=folder / "key",
            operator="alice", hashing="cheap-for-tests",
        )  # fmt: skip
        migrate(str(folder / "office.sqlite"))
        office = open_office(own, NOW)
        patch.setattr(seam, "clock", lambda: NOW)
        patch.setattr(Services, "deliver", lambda _self, _ids: None)
        with running_provider() as provider:
            portal = harness.Portal(with_franceconnect(office, provider, folder), provider.issuer)

            def read(data: bytes) -> None:
                lines = data.split(b"\n")
                lines += [b""] * (8 - len(lines))
                page = harness.ROUTES[_number(lines[2]) % len(harness.ROUTES)]
                method = lines[1].decode("ascii", "replace") or "GET"
                answer = harness._ask(portal, page.path, method, _sent(lines))
                harness._assert_harmless(answer, portal.origin)

            yield read
            portal.wire.close()
        office.close()


PAGES = (
    Target(name="portal", what="requests: forms, cookies, headers, queries, paths",
           seeds=_requests, open=_pages,
           words=(b'"><x-m onfocus=1>', b"\nGET\n", b"\nPOST\n", b"&", b"=", b"%0d%0a", b"__Host-",
                  b"cookie: ", b"host: evil.example", b"content-type: ", b"mot_de_passe=",
                  b"identifiant=", b"nom=", b"mobile=", b"//evil.example", b"{{7*7}}")),
)  # fmt: skip
