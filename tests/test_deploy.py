"""The files for cron and systemd run commands that exist, and say so in the documents."""

import re
from configparser import ConfigParser

import pytest

from tests.cli.running import leaves
from tests.support.house import ROOT

DEPLOY = ROOT / "deploy"
TASKS = {
    path.name: path.read_text(encoding="utf-8").strip().removeprefix("TASK=").split()
    for path in (DEPLOY / "tasks").iterdir()
}


def _unit(name: str) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / name, encoding="utf-8")
    return parser


def _assert_runs(words: list[str]) -> None:
    options = {word for word in words if word.startswith("-")}
    path = tuple(word for word in words if not word.startswith("-"))
    found = [node for node in leaves() if node.path == path]
    assert found, f"no command {path}"
    assert options <= found[0].takes


@pytest.mark.parametrize("task", sorted(TASKS))
def test_every_task_runs_a_command_and_has_its_timer(task: str) -> None:
    """The command exists with its options; a timer starts the service of this task."""
    _assert_runs(TASKS[task])

    timer = _unit(f"educonnect-{task}.timer")

    assert timer["Timer"]["Unit"] == f"educonnect@{task}.service"
    assert timer["Timer"]["OnCalendar"]
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_the_service_protects_what_it_works_with() -> None:
    """Files for their owner alone, no core dump, nothing of the system to write to."""
    service = _unit("educonnect@.service")["Service"]

    assert service["ExecStart"].endswith("educonnect-admin --quiet $TASK")
    assert (service["UMask"], service["LimitCORE"]) == ("0077", "0")
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")


def test_cron_runs_the_same_tasks() -> None:
    """The crontab and the tasks of systemd are the same commands."""
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    commands = [line.partition("educonnect-admin --quiet ")[2] for line in lines]

    assert sorted(filter(None, commands)) == sorted(" ".join(words) for words in TASKS.values())


def test_settings_of_the_example_exist() -> None:
    """The environment file sets only variables that the product reads."""
    from educonnect_admin.settings import Settings

    text = (DEPLOY / "educonnect.env").read_text(encoding="utf-8")
    named = set(re.findall(r"^EDUCONNECT_(\w+)=", text, re.MULTILINE))

    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_document_tells_every_task() -> None:
    """`docs/cron.fr.md` has a row for each task with its command."""
    text = (ROOT / "docs" / "cron.fr.md").read_text(encoding="utf-8")

    told = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", text, re.MULTILINE))
    assert told == {task: " ".join(words) for task, words in TASKS.items()}
