"""`portal serve`: real processes, a real socket, a real signal."""

import asyncio
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from uvicorn import Config

from educonnect_admin.domain.visits import StoredVisit
from educonnect_admin.edge import Services, clock
from educonnect_admin.parents.coming_in import begin_journey
from educonnect_admin.portal.cookies import VISIT
from educonnect_admin.portal.serving import Place, config_of
from educonnect_admin.settings import Settings
from tests.campaigns.night import wait_until
from tests.portal.serving import environment, free_port, served


@pytest.mark.parametrize("workers", [1, 2])
def test_the_portal_opens_answers_and_stops(services: Services, workers: int) -> None:
    """On both databases, alone or as a family: it answers, and SIGTERM ends it with 0."""
    with served(services.settings, "--workers", str(workers)) as portal:
        answers = [portal.get("/sante") for _ in range(6)]
        code = portal.stop()

    assert {answer.status_code for answer in answers} == {200}
    assert "server" not in answers[0].headers
    assert code == 0


def family_of(process: subprocess.Popen[bytes]) -> set[int]:
    """Return the numbers of the processes that answer for another one."""
    pid = process.pid
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(one) for one in below if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()}


def hears_a_hangup(pid: int) -> bool:
    """Tell whether a process has said what SIGHUP means to it."""
    heard = re.search(r"^SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return heard is not None and bool(int(heard[1], 16) & 1 << signal.SIGHUP - 1)


@pytest.mark.usefixtures("hangup_is_heard")
@pytest.mark.parametrize("workers", [1, 2])
def test_the_end_of_its_terminal_ends_it_as_well(sqlite_services: Services, workers: int) -> None:
    """Whoever closes the window has closed the portal, in peace; whoever leads says when."""
    with served(sqlite_services.settings, "--workers", str(workers)) as portal:
        assert portal.get("/sante").status_code == 200
        family = family_of(portal.process)
        wait_until(lambda: all(map(hears_a_hangup, family)))
        for one in family:
            os.kill(one, signal.SIGHUP)
        time.sleep(1)
        assert family_of(portal.process) == family
        code = portal.stop(signal.SIGHUP)

    assert len(family) == (workers if workers > 1 else 0)
    assert code == 0


def test_the_log_tells_no_address(sqlite_services: Services) -> None:
    """Method, pattern, status and milliseconds; neither a token, nor a query, nor who asked."""
    with served(sqlite_services.settings) as portal:
        portal.get("/confirmation/s3cret?mot=s3cret")
        portal.get("/s3cret")
        portal.stop()

    assert "s3cret" not in portal.log
    assert "127.0.0.1" not in portal.log
    assert re.search(r"INFO GET /sante 200 \d+ ms\n", portal.log)
    assert re.search(r"INFO GET - 404 \d+ ms\n", portal.log)


def test_what_is_in_hand_is_finished(sqlite_services: Services) -> None:
    """A request that waits for the database when the signal comes still gets its answer."""
    services = sqlite_services
    means = services.means(clock())
    with services.transaction() as session:
        token = begin_journey(session, means, {})
        session.query(StoredVisit).update({"seen_at": clock() - timedelta(minutes=5)})
    with served(services.settings) as portal, ThreadPoolExecutor() as pool:
        writer = sqlite3.connect(str(services.engine.url.database), isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        asked = pool.submit(portal.get, "/sante", headers={"Cookie": f"{VISIT}={token}"})
        with pytest.raises(TimeoutError):
            asked.result(1)
        stopping = pool.submit(portal.stop)
        with pytest.raises(TimeoutError):
            stopping.result(1)
        writer.execute("COMMIT")
        writer.close()

        assert asked.result(20).status_code == 200
        assert stopping.result(20) == 0


def _refused(settings: Settings, *options: str, **variables: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "educonnect_admin", "portal", "serve", *options],
        env=environment(settings) | variables, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.stdout == ""
    told = [line for line in done.stderr.splitlines() if "ATTENTION" not in line]
    assert len(told) == 1
    return done.returncode, told[0]


def test_a_port_that_is_taken_is_told(sqlite_services: Services) -> None:
    """Exit 5, one French sentence."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, said = _refused(sqlite_services.settings, "--port", str(other.getsockname()[1]))

    assert code == 5
    assert "ce port est déjà pris" in said


def test_without_an_office_there_is_no_portal(tmp_path: Path, sqlite_settings: Settings) -> None:
    """Exit 5 before anything is opened, with the command that makes one."""
    code, said = _refused(sqlite_settings)

    assert code == 5
    assert "educonnect-admin init" in said


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_process_that_cannot_begin_ends_them_all(
    sqlite_services: Services, tmp_path: Path, workers: str
) -> None:
    """Exit 5 rather than one process after the other; the log says where, without a traceback."""
    (tmp_path / "broken.py").write_text(BREAKS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, tmp_path / "broken.py", "portal", "serve", "--port", str(free_port()),
         "--workers", workers],
        env=environment(sqlite_services.settings), capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip

    assert done.returncode == 5
    assert "Un processus du portail" in done.stderr
    assert "cannot begin: RuntimeError at broken.py:" in done.stderr
    assert "Traceback" not in done.stderr
    assert "s3cret" not in done.stderr


BREAKS = """
from educonnect_admin.portal import serving


def broken(*_, **__):
    raise RuntimeError("s3cret")


serving.make_application = broken
if __name__ == "__main__":
    from educonnect_admin.cli import main

    main()
"""


@pytest.mark.parametrize(
    ("options", "variables", "why"),
    [
        (("--host", "0.0.0.0"), {}, "--host 127.0.0.1"),
        (("--proxy", "127.0.0.1"), {}, "--proxy"),
        ((), {"EDUCONNECT_SMTP_HOST": "smtp.exemple.fr", "EDUCONNECT_MAIL_FROM": "a@b.fr"}, "SMTP"),
    ],
)
def test_messages_are_shown_to_this_machine_only(
    sqlite_services: Services, options: tuple[str, ...], variables: dict[str, str], why: str
) -> None:
    """The pages of development are refused, exit 2, where somebody else could open them."""
    code, said = _refused(
        sqlite_services.settings, *options, EDUCONNECT_PORTAL_DEVELOPMENT="1", **variables
    )

    assert code == 2
    assert why in said


@pytest.mark.parametrize("everybody", ["*", "0.0.0.0/0", "::/0", "nginx"])
def test_nobody_believes_everybody(sqlite_services: Services, everybody: str) -> None:
    """A proxy is an address; to believe any is to believe whoever lies. Exit 2 both ways."""
    settings = sqlite_services.settings

    assert _refused(settings, "--proxy", everybody)[0] == 2
    assert _refused(settings, EDUCONNECT_TRUSTED_PROXIES=everybody)[0] == 2


@pytest.mark.parametrize(
    ("proxies", "peer", "told", "counted"),
    [
        ((), "127.0.0.1", "203.0.113.9", "127.0.0.1"),
        (("127.0.0.1",), "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (("127.0.0.1",), "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (("127.0.0.1",), "127.0.0.1", "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        (("10.0.0.0/8",), "10.1.2.3", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_a_known_proxy_is_believed(
    sqlite_services: Services, proxies: tuple[str, ...], peer: str, told: str, counted: str
) -> None:
    """Whoever else sends `X-Forwarded-For`, or adds to it, stays who they are (R-6)."""
    place = Place(host="127.0.0.1", port=1, proxies=proxies)
    seen: list[str] = []

    async def application(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["client"][0])

    asyncio.run(_asked(config_of(sqlite_services.settings, place), application, peer, told))

    assert seen == [counted]


async def _asked(config: Config, application: Any, peer: str, told: str) -> None:
    config.app, config.factory = application, False
    config.load()
    scope = {
        "type": "http", "client": (peer, 1), "scheme": "http",
        "headers": [(b"x-forwarded-for", told.encode())],
    }  # fmt: skip
    await config.loaded_app(scope, None, None)
