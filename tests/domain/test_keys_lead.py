"""A mapped module brings the tables that its keys lead to, and may be loaded alone.

Commands load what they look at, and no more: each mapped class makes them wait. A key whose table
is missing has no type, and fails the first time that something is written.
"""

import subprocess
import sys

from educonnect_admin.domain.metadata import MAPPED_MODULES

_EACH_ALONE = """
import importlib, os, sys
import sqlalchemy.orm

for name in sys.argv[1:]:
    if child := os.fork():
        if os.waitpid(child, 0)[1]:
            print(name)
        continue
    importlib.import_module(name)
    from educonnect_admin.domain.base import Base
    keys = [key for table in Base.metadata.tables.values() for key in table.foreign_keys]
    assert "educonnect_admin.domain.metadata" not in sys.modules
    assert all(key.column is not None for key in keys)
    os._exit(0)
"""
"""One process of Python, and a copy of it for each module: what is heavy is loaded once."""


def test_a_mapped_module_brings_the_tables_its_keys_lead_to() -> None:
    """Whichever of them a process loads first, or alone."""
    names = [module.__name__ for module in MAPPED_MODULES]
    done = subprocess.run(
        [sys.executable, "-c", _EACH_ALONE, *names], capture_output=True, text=True, check=True
    )

    assert done.stdout == "", done.stderr
