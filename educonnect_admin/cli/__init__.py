"""The command line: French for people, English names and stable promises for programs.

Every module here imports only what is light; databases, tables and PDF are imported inside
the commands that need them, so that `--help` answers at once.
"""

import io
import sys
from collections.abc import Sequence
from typing import NoReturn

from educonnect_admin.cli.exit_codes import INTERRUPTED
from educonnect_admin.cycles import look_less_often, look_no_more_at_the_end
from educonnect_admin.process_secrets import forbid_core_dumps
from educonnect_admin.stops import hear_stops


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code.

    The only place where an error becomes words and a number.
    """
    look_less_often()  # before all the rest is loaded, which makes most of the values
    look_no_more_at_the_end()
    from educonnect_admin.cli.application import app
    from educonnect_admin.cli.failures import exit_on_failure, leave_interrupted

    forbid_core_dumps()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A pipe may lack a sign (cp1252 on Windows): lose the sign, not the work.
            stream.reconfigure(errors="replace")
    hear_stops()
    with exit_on_failure():
        code = app(args=arguments, prog_name="educonnect-admin", standalone_mode=False)
        if code == INTERRUPTED:
            leave_interrupted()  # Typer turns Ctrl-C into a silent number
        sys.exit(code if isinstance(code, int) else 0)
    raise AssertionError  # pragma: no cover - exit_on_failure always leaves
