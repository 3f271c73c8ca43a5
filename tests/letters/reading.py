"""Reading our PDF files back, as a parent's printer or a script would."""

import html
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import zxingcpp


def page_texts(pdf: bytes, folder: Path, *options: str) -> list[str]:
    """Return the text of each page, as `pdftotext -layout` gives it."""
    return _pdftotext(pdf, folder, *(options or ("-layout",))).split("\f")[:-1]


def _pdftotext(pdf: bytes, folder: Path, *options: str) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        raise RuntimeError("pdftotext is missing: sudo apt-get install poppler-utils")
    path = folder / "read-back.pdf"
    path.write_bytes(pdf)
    command = [tool, *options, str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def words_in(pdf: bytes, folder: Path) -> list[tuple[float, float, float, float, str]]:
    """Return each word of the first page with its box (left, top, right, bottom) in points."""
    page = html.unescape(_pdftotext(pdf, folder, "-bbox", "-l", "1"))
    found = []
    for line in page.splitlines():
        if line.strip().startswith("<word"):
            left, top, right, bottom = (float(part) for part in line.split('"')[1:9:2])
            found.append((left, top, right, bottom, line.split(">")[1].split("<")[0]))
    return found


def codes_in(pdf: bytes, page: int = 0) -> list[str]:
    """Return what the QR codes of a page say, read from a picture of it at 150 dpi."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page].render(scale=150 / 72).to_pil()
    finally:
        document.close()
    return [code.text for code in zxingcpp.read_barcodes(picture)]
