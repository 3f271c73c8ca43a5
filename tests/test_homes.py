"""`~` in paths: nobody's home is no failure."""

from pathlib import Path

import pytest

from educonnect_admin.homes import at_home
from tests.support.house import sources


def test_the_home_of_nobody_stays_as_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a shell leaves it; one's own is found."""
    monkeypatch.setenv("HOME", str(tmp_path))

    assert at_home(Path("~/office.sqlite")) == tmp_path / "office.sqlite"
    for path in ("~nobody-of-this-name/office.sqlite", "~\x00/office.sqlite"):
        assert at_home(Path(path)) == Path(path)


def test_nobody_else_looks_for_homes() -> None:
    """`expanduser` fails for `~nobody`, and a person can type that."""
    users = [source.name for source in sources() if ".expanduser(" in source.text]

    assert users == ["homes.py"]
