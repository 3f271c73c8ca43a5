"""The FranceConnect of development stays where developers are."""

import socket
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.support.house import ROOT, sources


def test_the_product_does_not_know_it() -> None:
    """No module of the package names it, and the wheel is made of the package alone."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert told["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["educonnect_admin"]
    assert not [one.name for one in sources() if "dev.franceconnect" in one.text]


def test_it_warns_and_draws_a_secret_of_its_own(tmp_path: Path) -> None:
    """Whoever starts it reads that anybody is anybody there; its secret is nobody else's."""
    secret = tmp_path / "secret"
    with socket.create_server(("127.0.0.1", 0)) as taken:  # so that it ends by itself
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "dev.franceconnect", "--port", port]
        done = subprocess.run(
            [*command, "--secret-file", str(secret)],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    assert "jamais avec de vraies personnes" in done.stderr
    assert len(secret.read_text(encoding="ascii")) >= 32
    assert secret.stat().st_mode & 0o077 == 0
    assert f"EDUCONNECT_FRANCECONNECT_ISSUER=http://127.0.0.1:{port}/api/v2" in done.stdout
