"""What is installed is the wheel: it must carry what the checkout has beside the package."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_wheel_carries_templates_fonts_and_migrations(tmp_path: Path) -> None:
    """Built without a network, unpacked elsewhere, it prints a specimen."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
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
