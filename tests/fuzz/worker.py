"""One target in a process of its own: cases until the time is up, then what was found.

`python -m tests.fuzz.worker NAME SECONDS SEED FOLDER`; the report is one line of JSON.
"""

import faulthandler
import hashlib
import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, the same cases again; nothing secret comes of it
from typing import Any

from tests.fuzz.feedback import Feedback
from tests.fuzz.mutations import LONGEST, Mutator
from tests.fuzz.target import Target
from tests.fuzz.trial import Finding, limit_memory, peak_megabytes, put, watch_the_time

STUCK_SECONDS = 300
"""What no alarm of Python's can end, in compiled code or behind a lock, ends the process.

By the clock on the wall, on which a process that is given no time looks stuck: so many.
"""
_MOST_FINDINGS = 50


@dataclass
class Report:
    """What became of a run."""

    cases: int = 0
    worst: float = 0.0
    arcs: int = 0
    findings: dict[str, Finding] = field(default_factory=dict)

    def note(self, seconds: float, found: Finding | None) -> None:
        """Count a case."""
        self.cases += 1
        self.worst = max(self.worst, seconds)
        if found is not None and len(self.findings) < _MOST_FINDINGS:
            self.findings.setdefault(f"{found.kind} {found.where}", found)


class _Present:
    """The file of the case that is being tried: what is left of a process that has died."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def write(self, case: bytes) -> None:
        """Put a case in the place of the one before."""
        os.pwrite(self._descriptor, case, 0)
        os.ftruncate(self._descriptor, len(case))


def cases_of(target: Target, random: Random, learnt: Callable[[], bool]) -> Iterator[bytes]:
    """Yield the seeds, then for ever what is made of them and of what led somewhere new."""
    known: list[bytes] = []
    for seed in target.seeds():
        known.append(seed[:LONGEST])
        yield known[-1]
    learnt()
    mutator = Mutator(random, target.words)
    while True:
        # Half of the time what was learnt last: it is where the way goes on.
        late = random.random() < 0.5
        chosen = known[random.randrange(len(known) * 3 // 4 if late else 0, len(known))]
        case = mutator.changed(chosen, known, is_archive=target.is_archive)
        yield case
        if learnt():
            known.append(case)


def _target_called(name: str) -> Target:
    from tests.fuzz.planted import PLANTED

    if not name.startswith("planted"):
        from tests.fuzz.targets import TARGETS
    known = PLANTED if name.startswith("planted") else TARGETS
    return {target.name: target for target in known}[name]


def run(target: Target, seconds: float, seed: int, folder: Path) -> Report:
    """Try a target for so many seconds, and all of its seeds at least once."""
    report = Report()
    feedback = Feedback()
    seeds = sum(1 for _ in target.seeds())
    with target.open() as read:
        limit_memory()
        end = time.monotonic() + seconds
        alive = 0.0
        keep = _Present(folder / f"{target.name}.case")
        for case in cases_of(target, Random(seed), feedback.is_new):
            now = time.monotonic()
            if now >= end and report.cases >= seeds:
                break
            if now >= alive:
                faulthandler.dump_traceback_later(STUCK_SECONDS, exit=True)
                alive = now + 1
            keep.write(case)
            report.note(*put(target, read, case))
    report.arcs = feedback.arcs()
    return report


def main() -> None:
    """Run, keep the cases of the findings, say how it was."""
    name, seconds, seed, folder = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    watch_the_time()
    report = run(_target_called(name), seconds, seed, Path(folder))
    told: dict[str, Any] = {
        "cases": report.cases,
        "worst": round(report.worst, 2),
        "peak": peak_megabytes(),
        "cpu": round(time.process_time() / 60, 1),
        "arcs": report.arcs,
        "findings": {key: _kept(Path(folder), name, one) for key, one in report.findings.items()},
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    faulthandler.cancel_dump_traceback_later()


def _kept(folder: Path, name: str, found: Finding) -> str:
    digest = hashlib.sha256(found.case).hexdigest()[:8]
    path = folder / f"{name}-{digest}.bin"
    path.write_bytes(found.case)
    path.with_suffix(".txt").write_text(found.told, encoding="utf-8", errors="backslashreplace")
    return path.name


if __name__ == "__main__":
    main()
