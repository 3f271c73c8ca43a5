"""Small disks of their own: a tmpfs in the test's folder, taken away afterwards."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HINT = "Il faut être root et pouvoir monter un tmpfs : docker run --cap-add SYS_ADMIN …"


class Disk:
    """A disk that can be filled, enlarged and made read-only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def again(self, options: str) -> None:
        """Mount it otherwise, with what is on it."""
        _run("mount", "-o", f"remount,{options}", str(self.folder))

    def fill(self) -> None:
        """Leave no room at all."""
        with self._ballast.open("wb", buffering=0) as file:
            for size in (65_536, 4096):
                try:
                    while file.write(bytes(size)) == size:
                        pass
                except OSError:
                    continue

    def empty(self) -> None:
        """Take away what filled it."""
        self._ballast.unlink()


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Disk]:
    """Mount a disk of this size over a new folder."""
    folder.mkdir(mode=0o700)
    _run("mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "test", str(folder))
    try:
        yield Disk(folder)
    finally:
        _run("umount", "--lazy", str(folder))


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{_HINT} ({os.geteuid()}: {done.stderr})")
