"""What stops a command that runs, be it Ctrl-C, the end of a service or that of a terminal."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.stops import heard_stops, interrupt, resume_hearing
from tests.campaigns.academy import assert_nothing_printed_is_wrong, found_academy
from tests.campaigns.night import environment, night, wait_until

LETTERS = 15
SLOW = {"EDUCONNECT_HASHING": "owasp"}
IN_A_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.executable, [sys.executable, '-m', 'educonnect_admin', *sys.argv[1:]])"
)
"""Runs the program as the first of a session whose terminal is standard input."""


def printing(office: Services, output: Path) -> list[str]:
    """Return the command that prints the letters of a new school."""
    (uai,) = found_academy(office, 1, LETTERS)
    return ["letters", "issue", "--school", uai, "--output", str(output)]


def has_begun(output: Path) -> Callable[[], bool]:
    """Return whether a first class is printed."""
    return lambda: output.exists() and any(output.rglob("*.pdf"))


def assert_goes_on(office: Services, command: list[str], output: Path, said: Path) -> None:
    """Fail if the next run is refused, or if something on paper does not work."""
    with night(command, office.settings, said) as running:
        assert running.code() in {0, 4}, running.err
    assert_nothing_printed_is_wrong(office, output)


@pytest.mark.slow
@pytest.mark.usefixtures("hangup_is_heard")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGHUP])
def test_what_stops_a_command_is_told_as_ctrl_c(
    services: Services, tmp_path: Path, stop: signal.Signals
) -> None:
    """Exit 130 and in words; what is printed holds, and the same command does the rest."""
    output = tmp_path / "out"
    command = printing(services, output)

    with night(command, services.settings, tmp_path / "said", **SLOW) as running:
        wait_until(has_begun(output))
        running.interrupt(stop)
        assert running.code() == 130, running.err
        assert running.err.count("Interrompu") == 1

    assert_goes_on(services, command, output, tmp_path / "again")


@pytest.mark.slow
@pytest.mark.usefixtures("hangup_is_heard")
def test_a_window_that_is_closed_interrupts_what_runs_in_it(
    sqlite_services: Services, tmp_path: Path
) -> None:
    """There is nobody to tell it to, and that is no failure: 130, and nothing half written."""
    output = tmp_path / "out"
    command = printing(sqlite_services, output)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", IN_A_TERMINAL, *command],
        env=environment(sqlite_services.settings, **SLOW),
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        wait_until(has_begun(output))
        os.close(ours)
        assert process.wait(timeout=60) == 130

    assert_goes_on(sqlite_services, command, output, tmp_path / "again")


TOLD_FIRST = (
    "import signal, sys, time\n"
    "from educonnect_admin.cli.campaigns.stopping import heard_once\n"
    "from educonnect_admin.stops import hear_stops\n"
    "hear_stops()\n"
    "heard = []\n"
    "with heard_once(lambda: heard.append(1)):\n"
    "    print('ready', flush=True)\n"
    "    while not heard: time.sleep(0.01)\n"
    "sys.stdin.read()\n"
    "signal.raise_signal(signal.SIGHUP)\n"
    "print('the rest is done', flush=True)\n"
    "sys.exit(0 if heard == [1] else 1)"
)
"""Begins, is told of the end, then writes when its terminal is gone, and is told once more."""


@pytest.mark.usefixtures("hangup_is_heard")
def test_who_is_told_before_the_terminal_is_gone_writes_nothing_there_either(
    tmp_path: Path,
) -> None:
    """A shell that leaves tells its commands first; to write then would be an error."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", TOLD_FIRST], cwd=tmp_path, stdin=subprocess.PIPE, stdout=theirs,
        stderr=theirs, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        assert os.read(ours, 100).startswith(b"ready")
        process.send_signal(signal.SIGHUP)
        time.sleep(0.1)
        os.close(ours)
        process.communicate(timeout=60)

    assert process.returncode == 0


def test_what_was_not_heard_before_is_left_as_it_is() -> None:
    """Under `nohup`, where uvicorn takes every signal for itself meanwhile."""
    unheard = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    former = {one: signal.signal(one, signal.SIG_DFL) for one in heard_stops()}
    signal.signal(signal.SIGHUP, interrupt)

    resume_hearing(former)

    assert signal.SIGHUP not in former
    assert {one: signal.getsignal(one) for one in former} == former
    signal.signal(signal.SIGHUP, unheard)


def test_who_asked_for_no_hang_up_is_not_interrupted(
    sqlite_services: Services, tmp_path: Path
) -> None:
    """`nohup`, for a campaign of a night."""
    asked = [
        "sh", "-c", "trap '' HUP; exec \"$@\"", "sh",
        sys.executable, "-c",
        "import os, signal; from educonnect_admin.stops import hear_stops; hear_stops();"
        "os.kill(os.getpid(), signal.SIGHUP); print('goes on')",
    ]  # fmt: skip
    done = subprocess.run(
        asked, env=environment(sqlite_services.settings), cwd=tmp_path, capture_output=True,
        text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, "goes on\n"), done.stderr
