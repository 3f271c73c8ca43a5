"""`python -m tests.fuzz --minutes 10 [NAME …]`: each target in turn, then a table.

Exit 1 if anything was found: its cases lie in the folder that the last line names.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS
from tests.fuzz.worker import STUCK_SECONDS

HEAD = (
    "| target | readers | minutes | of CPU | cases | worst s | peak MB | findings |\n"
    "|---|---|---|---|---|---|---|---|"
)
_START_SECONDS = 600


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the targets one after the other."""
    asked = _parser().parse_args(arguments)
    folder = Path(asked.folder or tempfile.mkdtemp(prefix="fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    _say(HEAD)
    every = []
    for target in TARGETS:
        if not asked.names or target.name in asked.names:
            told = run_apart(target.name, asked.minutes * 60, asked.seed, folder)
            every.append(told)
            _say(_row(target, asked.minutes, told))
    found = [(key, name) for told in every for key, name in told["findings"].items()]
    for key, name in found:
        _say(f"{key}: {folder / name}")
    return 1 if found else 0


def _row(target: Target, minutes: float, told: dict[str, Any]) -> str:
    cells = (
        target.name, target.what, f"{minutes:g}", f"{told['cpu']:g}", f"{told['cases']:,}",
        f"{told['worst']:.2f}", told["peak"], len(told["findings"]),
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def run_apart(name: str, seconds: float, seed: int, folder: Path) -> dict[str, Any]:
    """Run a target in a process of its own; one that dies or is stuck is a finding too."""
    command = [sys.executable, "-m", "tests.fuzz.worker", name, str(seconds), str(seed)]
    try:
        done = subprocess.run(
            [*command, str(folder)],
            capture_output=True,
            check=False,
            timeout=seconds + STUCK_SECONDS + _START_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return _dead("stuck for good", name)
    if done.returncode == 0:
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told
    (folder / f"{name}.died.txt").write_bytes(done.stderr[-20_000:])
    return _dead(f"ended with {done.returncode}", name)


def _dead(how: str, name: str) -> dict[str, Any]:
    findings = {how: f"{name}.case"}
    return {"cases": 0, "worst": 0.0, "peak": 0, "cpu": 0.0, "arcs": 0, "findings": findings}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", help="targets; all of them if none is named")
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="where the cases of findings go")
    return parser


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
