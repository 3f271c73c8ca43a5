"""`roster import` of a pair of files of SIECLE, as it is typed."""

import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout

from benchmarks.jobs import Order
from benchmarks.siecle_files import GUARDIANS, PUPILS, UAI
from educonnect_admin.cli import main


def run(order: Order) -> int:
    """Import the pair; leave its numbers beside.

    Raises:
        ValueError: the command failed.
    """
    files = [str(order.folder / name) for name in (PUPILS, GUARDIANS)]
    os.environ["EDUCONNECT_DATABASE_URL"] = order.database
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(io.StringIO()):
            main(["roster", "import", *files, "--school", UAI, "--json"])
    except SystemExit as left:
        if left.code:
            raise ValueError(left.code) from None
    told = json.loads(said.getvalue())
    kept = {name: told[name] for name in ("new", "unchanged", "ambiguous", "refused", "remarks")}
    (order.folder / "facts.json").write_text(json.dumps(kept), encoding="utf-8")
    return order.letters
