"""The whole command `roster import`, start-up included, on the files of a school."""

import contextlib
import io
import sys

from benchmarks.jobs import Order
from benchmarks.jobs.roster_files import UAI


def run(order: Order) -> int:
    """Import both files; what is told to people is thrown away."""
    from educonnect_admin.cli import main

    paths = sorted(map(str, order.folder.glob("*.csv")))
    sys.argv = [
        "educonnect-admin", "--database", order.database, "roster", "import", *paths,
        "--school", UAI,
    ]  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            main()
        except SystemExit as ended:
            if ended.code not in {0, None}:
                raise
    return order.letters
