"""The peers that are no dependencies of the project: which are here, and what to type."""

import shutil
import subprocess
from importlib.util import find_spec

from benchmarks.jobs.libreoffice import SYSTEM_PYTHON

_PYTHON = {"weasyprint": "weasyprint", "typst": "typst"}
PEERS = (*_PYTHON, "libreoffice")
"""Their jobs bear these names too."""
_WRITER = "apt-get install libreoffice-writer-nogui libreoffice-base-nogui python3-uno"


def why_missing(peer: str) -> str:
    """Return what to type so that a peer can be measured, nothing if it can be already."""
    if peer in _PYTHON:
        return "" if find_spec(_PYTHON[peer]) else f"pip install {_PYTHON[peer]} (make bench)"
    return "" if _has_writer() else _WRITER


def _has_writer() -> bool:
    soffice = shutil.which("soffice")
    if soffice is None:
        return False
    script = (
        "import pathlib, sys, uno; "
        "at = pathlib.Path(sys.argv[1]).resolve().parent; "
        "sys.exit(not all(any(at.glob(f'lib{name}lo.so')) for name in ('sw', 'dbaxml', 'flat')))"
    )
    found = subprocess.run([SYSTEM_PYTHON, "-c", script, soffice], check=False, capture_output=True)
    return found.returncode == 0
