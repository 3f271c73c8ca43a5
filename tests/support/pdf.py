"""Reading PDFs as a parent's eye or a program would: with pdftotext."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

_IDENTIFIER = re.compile(r"^\s*Identifiant : (\S+)\s*$", re.MULTILINE)
_PASSWORD = re.compile(r"^\s*Mot de passe\* : (\S+)\s*$", re.MULTILINE)


class PrintedLetter(NamedTuple):
    """What one page says."""

    identifier: str
    password: str
    text: str


def pages_of(path: Path) -> list[str]:
    """Return the text of each page, in layout order."""
    if shutil.which("pdftotext") is None:
        raise RuntimeError("pdftotext manque : apt-get install poppler-utils (ou : make tools)")
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    )
    return done.stdout.split("\f")[:-1]


def letters_in(path: Path) -> list[PrintedLetter]:
    """Return the letters of a PDF; a page without exactly one of each line is an error."""
    return [_letter(page) for page in pages_of(path)]


def _letter(page: str) -> PrintedLetter:
    (identifier,), (password,) = _IDENTIFIER.findall(page), _PASSWORD.findall(page)
    assert page.index("Identifiant :") < page.index("Mot de passe* :")
    return PrintedLetter(identifier, password, page)


def letters_under(folder: Path) -> list[PrintedLetter]:
    """Return the letters of every class file of a folder."""
    return [one for path in sorted(folder.glob("*-courriers.pdf")) for one in letters_in(path)]
