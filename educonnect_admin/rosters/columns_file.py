"""The small TOML file that keeps what was said of a school's columns; people may edit it."""

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from educonnect_admin.domain.errors import UnusableColumns
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns
from educonnect_admin.rosters.field_names import field_called, french_name
from educonnect_admin.rosters.vocabulary import Field

_TABLE = "colonnes"
_MAX_BYTES = 200_000
_LINE = re.compile(r"line (\d+)")


def read_columns(path: Path) -> Columns:
    """Return what a file says of columns; nothing where there is no such file.

    Raises:
        UnusableColumns: it can't be read, is no TOML, or names a field there is not.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return NOTHING_SAID
    except OSError:
        raise UnusableColumns(path) from None
    if len(data) > _MAX_BYTES:
        raise UnusableColumns(path)
    try:
        said = tomllib.loads(data.decode("utf-8-sig")).get(_TABLE)
    except UnicodeDecodeError:
        raise UnusableColumns(path) from None
    except (ValueError, RecursionError) as error:  # ValueError: a number of thousands of digits
        found = _LINE.search(str(error))
        raise UnusableColumns(path, line=int(found[1]) if found else None) from None
    if not isinstance(said, dict):
        raise UnusableColumns(path)
    return Columns({heading: _field(path, heading, name) for heading, name in said.items()})


def _field(path: Path, heading: str, name: object) -> Field:
    found = field_called(name) if isinstance(name, str) else None
    if found is None or not heading.strip():
        raise UnusableColumns(path, what=heading)
    return found


def write_columns(path: Path, columns: Columns, *, comment: str) -> None:
    """Write what was said of columns, whole or not at all, for the present user alone.

    Args:
        path: Where; the file that is there is replaced.
        columns: What was said.
        comment: What stands above it, for whoever opens the file.

    Raises:
        OSError: the folder can't be written to.
    """
    lines = [*(f"# {line}".rstrip() for line in comment.splitlines()), "", f"[{_TABLE}]"]
    lines += [f"{_quoted(h)} = {_quoted(french_name(field))}" for h, field in _sorted(columns)]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The draft is ours alone from its first byte on (mode 600).
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, ""]))
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _sorted(columns: Columns) -> list[tuple[str, Field]]:
    fields: Mapping[str, Field] = columns.fields
    return sorted(fields.items(), key=lambda said: (said[1].role, said[1].number, said[0]))


def _quoted(text: str) -> str:
    """Return a TOML string: JSON's escapes are TOML's, but for one sign."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
