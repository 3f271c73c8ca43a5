"""Real processes: no secret in the process list, in variables of children, in logs or dumps."""

import ctypes
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from educonnect_admin.campaigns.crews import LocalCrew
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.guide import places
from educonnect_admin.domain.errors import BadSetting
from educonnect_admin.edge import Services
from educonnect_admin.settings import Settings
from tests.portal.serving import served

GET_DUMPABLE = 3
SECRET = "s3cretDB"
ASKED = "import educonnect_admin.process_secrets as p; p.{what}()\n" + (
    "import ctypes, resource\n"
    "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))"
)


def told_of(process: int, what: str) -> str:
    """Return what the system tells of a process, as its user or root would read it."""
    return Path(f"/proc/{process}/{what}").read_text(encoding="utf-8", errors="replace")


def children_of(process: int) -> list[int]:
    """Return the processes below one, at any depth."""
    told = [one.read_text() for one in Path(f"/proc/{process}/task").glob("*/children")]
    mine = [int(number) for line in told for number in line.split()]
    return [*mine, *(below for one in mine for below in children_of(one))]


@pytest.mark.parametrize(("what", "dumpable"), [("forbid_core_dumps", "1"), ("hide_memory", "0")])
def test_a_crash_writes_no_memory(what: str, dumpable: str) -> None:
    """No core dump, by either of the two ways a system makes one; asked of a real process."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED.format(what=what)], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == [dumpable, "0", "0"]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_portal_shows_no_secret(sqlite_services: Services, workers: int) -> None:
    """Neither the command line of any of its processes, nor variables of children, nor its log."""
    variables = {"EDUCONNECT_SMTP_USER": SECRET, "EDUCONNECT_SMTP_PASSWORD_FILE": __file__}
    settings = sqlite_services.settings
    with served(settings, "--workers", str(workers), **variables) as portal:
        lead = portal.process.pid
        children = children_of(lead)
        lines = [told_of(one, "cmdline") for one in (lead, *children)]
        limits = [told_of(one, "limits") for one in (lead, *children)]
        inherited = [told_of(one, "environ") for one in children]
        portal.get("/connexion")
        assert portal.stop() == 0

    key = (settings.secret_key_file or Path()).read_text(encoding="utf-8")
    assert (len(children) >= workers) is (workers > 1)
    assert [one for one in [*lines, *inherited, portal.log] if SECRET in one] == []
    assert [one for one in [*lines, portal.log] if settings.database_url in one] == []
    assert [one for one in inherited if "EDUCONNECT_DATABASE_URL=" in one] == []
    for limit in limits:
        [core] = [line for line in limit.splitlines() if line.startswith("Max core file size")]
        assert core.split()[4:6] == ["0", "0"]
    assert key not in portal.log


def asked_of_worker(_: None) -> tuple[list[str], tuple[int, int], int]:
    """Return the variables, the limit of core dumps and the dumpable mark of a worker."""
    dumpable = ctypes.CDLL(None).prctl(GET_DUMPABLE, 0, 0, 0, 0)
    return sorted(os.environ), resource.getrlimit(resource.RLIMIT_CORE), dumpable


def test_a_worker_of_a_campaign_inherits_no_secret(
    sqlite_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the settings through a pipe; whoever leads keeps its own variables."""
    monkeypatch.setenv("EDUCONNECT_DATABASE_URL", f"postgresql://alice:{SECRET}@h/office")
    monkeypatch.setenv("EDUCONNECT_WORKERS", "1")
    crew = LocalCrew(sqlite_services.settings, 1)
    try:
        names, limit, dumpable = crew.submit(asked_of_worker, None).result(timeout=120)
    finally:
        crew.close()

    assert "EDUCONNECT_WORKERS" in names
    assert "EDUCONNECT_DATABASE_URL" not in names
    assert (limit, dumpable) == ((0, 0), 0)
    assert SECRET in os.environ["EDUCONNECT_DATABASE_URL"]


def test_the_opener_of_folders_inherits_nothing_of_the_office(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A program that is not ours has no use for our settings."""
    for name in ("EDUCONNECT_DATABASE_URL", "EDUCONNECT_SECRET_KEY_FILE", "PGPASSWORD"):
        monkeypatch.setenv(name, SECRET)
    told = tmp_path / "told"
    command = (sys.executable, "-c", f"import os; open({str(told)!r}, 'w').write(str(os.environ))")
    monkeypatch.setattr(places, "open_command", lambda _: command)

    assert places.show_folder(tmp_path)

    said = told.read_text(encoding="utf-8")
    assert "PATH" in said
    assert SECRET not in said


def test_the_address_of_the_database_may_lie_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Then it is in no variable; what is said outright wins; an empty file is named, not quoted."""
    for name in [name for name in os.environ if name.startswith("EDUCONNECT_")]:
        monkeypatch.delenv(name)
    file = tmp_path / "address"
    monkeypatch.setenv("EDUCONNECT_DATABASE_URL_FILE", str(file))
    desk = Desk(database=None, operator=None, quiet=False)
    with pytest.raises(BadSetting) as refused:
        desk.settings()
    file.write_text(f"postgresql://alice:{SECRET}@h/office\n", encoding="utf-8")

    assert refused.value.names == ("EDUCONNECT_DATABASE_URL_FILE",)
    assert desk.settings().database_url == f"postgresql://alice:{SECRET}@h/office"
    assert SECRET not in repr(desk.settings())
    assert Settings(database_url="other.sqlite").database_url == "other.sqlite"
