"""What is installed is the wheel: it carries what it needs, and anybody can build the same."""

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = [pytest.mark.slow, pytest.mark.checkout]


def _built(source: Path, folder: Path, *what: str, **environment: str) -> Path:
    """Build without a network; return the one file that was made."""
    folder.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-m", "build", *what, "--no-isolation", "--outdir", str(folder)],
        cwd=source,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        umask=0o077 if environment else 0o022,
    )
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return _built(ROOT, tmp_path_factory.mktemp("wheel") / "here", "--wheel")


def test_the_wheel_carries_templates_fonts_and_migrations(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, it prints a specimen."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
        names = archive.namelist()

    assert "educonnect_admin/py.typed" in names
    assert "educonnect_admin/migrations/versions/0001_first_schema.py" in names
    assert any(name.endswith("JetBrainsMono-SemiBold.ttf") for name in names)
    done = subprocess.run(
        [sys.executable, "-m", "educonnect_admin", "letters", "preview", "essai.pdf"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "essai.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_two_builds_are_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    """From the source archive, in another folder, on another day, for another user, elsewhere.

    Nothing but the sources and the version of the build tool, which is pinned, decides.
    """
    archive = _built(ROOT, tmp_path / "archive", "--sdist")
    with tarfile.open(archive) as sources:
        sources.extractall(tmp_path / "elsewhere", filter="data")
    (copy,) = (tmp_path / "elsewhere").iterdir()
    for path in (copy, *copy.rglob("*")):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o700 if path.is_dir() else 0o600)

    again = _built(copy, tmp_path / "again", "--wheel", TZ="Asia/Tokyo", LANG="C", HOME="/")

    assert _digest(again) == _digest(wheel)
    assert again.name == wheel.name


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
