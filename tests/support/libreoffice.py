"""A real spreadsheet program: what a person corrects, saves, and gives back."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

SCRIPT = Path(__file__).with_name("type_in_calc.py")
SYSTEM_PYTHON = "/usr/bin/python3"
FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}
PATIENCE = 150.0

Edit = tuple[str, str, str | None]
"""A sheet, a cell of it such as `B3`, and what is typed there; None deletes the row."""


def correct(source: Path, edits: Sequence[Edit], target: Path) -> Path:
    """Open a workbook, type into cells as a person does, save it under another name.

    Args:
        source: The workbook.
        edits: What is typed, in order.
        target: Where it is saved; its suffix says as what.

    Returns:
        `target`.
    """
    profile = target.with_name(f"{target.stem}-profile")
    order = {
        "soffice": shutil.which("soffice") or "soffice",
        "profile": str(profile.absolute()),
        "source": str(source.absolute()),
        "edits": edits,
        "target": str(target.absolute()),
        "filter": FILTERS[target.suffix],
    }
    _run(json.dumps(order))
    assert target.exists()
    return target


def _run(order: str) -> None:
    """Run the script in a group of its own, of which nothing is left, whatever happens."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
    }
    with subprocess.Popen(
        [SYSTEM_PYTHON, str(SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(order, timeout=PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        assert process.returncode == 0, said
