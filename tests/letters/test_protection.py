"""Files closed with a passphrase: AES-256, opened by every reader, silent to whoever has it not."""

import io
import re
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest

from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.gateways.pdf_lock import PdfProtection
from educonnect_admin.letters import specimens
from educonnect_admin.letters.content import SlipLine
from educonnect_admin.letters.press import LetterPress
from educonnect_admin.letters.specimens import HEADING
from tests.letters.families import many

PHRASE = "Agrafe-Été 7 moulins"
PAIRS = [(each, "BUNZ57DM") for each in (*specimens.LETTERS, many(9))]
LINES = [SlipLine(pupil="DURAND Léo", guardian="Mme Zoé DURAND", remark="")]


@pytest.fixture
def locked(press: LetterPress) -> LetterPress:
    """A press that closes its files."""
    return press.protected(PdfProtection(PHRASE, SystemChance()))


def text_of(pdf: bytes, folder: Path, phrase: str = "") -> str:
    """Return what poppler reads with a passphrase; nothing if it may not."""
    path = folder / "locked.pdf"
    path.write_bytes(pdf)
    tool = shutil.which("pdftotext")
    assert tool is not None, "sudo apt-get install poppler-utils"
    command = [tool, "-upw", phrase, "-layout", str(path), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is bool(done.stdout)
    return done.stdout


def test_three_readers_open_it_with_the_passphrase(
    press: LetterPress, locked: LetterPress, tmp_path: Path
) -> None:
    """Poppler, pypdf and pdfium (Chromium's) show each page as it is without a lock."""
    plain, closed = press.letters(HEADING, PAIRS), locked.letters(HEADING, PAIRS)
    (tmp_path / "plain").mkdir()

    assert text_of(closed, tmp_path, PHRASE) == text_of(plain, tmp_path / "plain")
    reader = pypdf.PdfReader(io.BytesIO(closed), strict=True, password=PHRASE)
    bare = pypdf.PdfReader(io.BytesIO(plain), strict=True)
    assert [page.extract_text() for page in reader.pages] == [
        page.extract_text() for page in bare.pages
    ]
    marks = [re.findall(r"/Title': '([^']*)'", str(one.outline)) for one in (reader, bare)]
    assert marks[0] == marks[1]
    assert len(marks[0]) >= len(PAIRS)
    assert reader.metadata == bare.metadata
    drawn = [
        pypdfium2.PdfDocument(pdf, password=PHRASE)[0].render().to_numpy().tobytes()
        for pdf in (plain, closed)
    ]
    assert drawn[0] == drawn[1]


def test_it_is_aes_256_of_revision_6(locked: LetterPress) -> None:
    """As the standard of PDF 2.0 asks; what is allowed can't be changed unseen."""
    reader = pypdf.PdfReader(io.BytesIO(locked.letters(HEADING, PAIRS)), strict=True)
    told: Any = reader.trailer["/Encrypt"]

    assert (told["/V"], told["/R"], told["/Length"], told["/P"]) == (5, 6, 256, -4)
    assert told["/CF"]["/StdCF"]["/CFM"] == "/AESV3"
    assert (told["/StmF"], told["/StrF"]) == ("/StdCF", "/StdCF")
    assert len(told["/U"].original_bytes) == len(told["/O"].original_bytes) == 48
    assert reader.is_encrypted
    assert reader.decrypt(PHRASE) is pypdf.PasswordType.USER_PASSWORD


@pytest.mark.parametrize("phrase", ["", "agrafe-été 7 moulins", PHRASE[:-1], "BUNZ57DM"])
def test_nobody_else_opens_it(locked: LetterPress, tmp_path: Path, phrase: str) -> None:
    """Without the passphrase, or with a wrong one: nothing, in any of the readers."""
    closed = locked.letters(HEADING, PAIRS)

    assert text_of(closed, tmp_path, phrase) == ""
    assert not pypdf.PdfReader(io.BytesIO(closed)).decrypt(phrase)
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(closed, password=phrase)


def test_its_bytes_say_nothing(locked: LetterPress) -> None:
    """Not one password, name, identifier or class: neither in strings nor in streams."""
    for closed in (locked.letters(HEADING, PAIRS), locked.slip(HEADING, LINES)):
        streams = re.findall(rb"stream\n(.*?)\nendstream", closed, re.DOTALL)
        strings = [bytes.fromhex(one.decode()) for one in re.findall(rb"<([0-9A-F]{2,})>", closed)]
        for said in (closed, *streams, *strings):
            for word in ("BUNZ57DM", "DURAND", "Durand", "fr-FR", "educonnect-admin"):
                assert word.encode() not in said
                assert word.encode("utf-16-be") not in said
        for stream in streams:
            with pytest.raises(zlib.error):
                zlib.decompress(stream)


def test_two_files_have_nothing_in_common(locked: LetterPress) -> None:
    """Each has a key of its own: what opens one says nothing of the other."""
    one, other = (locked.letters(HEADING, PAIRS) for _ in range(2))
    parts = [set(re.findall(rb"[0-9A-F]{32,}", pdf)) for pdf in (one, other)]

    assert len(parts[0]) >= 5
    assert parts[0].isdisjoint(parts[1])


@pytest.mark.parametrize(
    "phrase", ["x" * 300, "é" * 100, "deux\u00a0mots insécables", "ﬁn de moulin", "phrase (à) \\\\"]
)
def test_any_passphrase_will_do(press: LetterPress, phrase: str) -> None:
    """Long, accented, typed with other spaces or in another form: readers are asked the same."""
    closed = press.protected(PdfProtection(phrase, SystemChance())).slip(HEADING, LINES)
    typed = phrase.replace("\u00a0", " ").replace("ﬁ", "fi")

    reader = pypdf.PdfReader(io.BytesIO(closed), password=typed.encode()[:127])
    assert "DURAND Léo" in reader.pages[0].extract_text()


def test_a_press_without_lock_is_as_before(press: LetterPress, locked: LetterPress) -> None:
    """Closing files for one run leaves the press of the others alone."""
    locked.letters(HEADING, PAIRS)

    assert b"/Encrypt" not in press.letters(HEADING, PAIRS)
    assert not press.is_protected
    assert locked.is_protected
