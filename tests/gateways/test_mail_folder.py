"""A folder instead of a server: whole files, for their owner alone, never doubled."""

import os
import stat
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest

from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.gateways.mail_folder import MailFolder, SmsFolder
from educonnect_admin.gateways.outcomes import SENT
from educonnect_admin.messages.press import MessagePress
from tests.conftest import NOW
from tests.support.outbox import LETTER, PASSWORD, SENDER

REFERENCE = "ab" * 16


def mail() -> EmailMessage:
    """Return a letter."""
    return MessagePress(None).mail(
        MessageKind.LETTER,
        "zoe@exemple.fr",
        LETTER,
        reference=REFERENCE,
        created_at=NOW,
        sender=SENDER,
    )


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_mail_is_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    """Mode 600 in a folder of mode 700 whatever the umask; its name tells nobody's."""
    folder = tmp_path / "office" / "mails"
    former = os.umask(0)
    try:
        with MailFolder(folder).connect() as line:
            line.open()
            assert line.send(mail(), "a@exemple.fr", "zoe@exemple.fr") == SENT
    finally:
        os.umask(former)

    (file,) = folder.iterdir()
    assert file.name == f"{REFERENCE}.eml"
    assert (mode(file), mode(folder)) == (0o600, 0o700)
    read = message_from_bytes(file.read_bytes())
    assert read["To"] == "zoe@exemple.fr"
    assert PASSWORD in file.read_text(encoding="ascii")


def test_a_file_that_is_there_was_sent(tmp_path: Path) -> None:
    """A retry after a kill finds it, and leaves it alone; half a file it replaces."""
    line = MailFolder(tmp_path)
    there = tmp_path / f"{REFERENCE}.eml"
    there.write_text("read, and noted on", encoding="ascii")

    assert line.send(mail(), "a@exemple.fr", "zoe@exemple.fr") == SENT
    assert there.read_text(encoding="ascii") == "read, and noted on"

    there.unlink()
    (tmp_path / f"{REFERENCE}.eml.part").write_text("hal", encoding="ascii")
    assert line.send(mail(), "a@exemple.fr", "zoe@exemple.fr") == SENT
    assert there.read_bytes() == mail().as_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [there.name]


def test_an_sms_is_a_text_file(tmp_path: Path) -> None:
    """To whom, and what."""
    sms = SmsFolder(tmp_path / "sms")

    assert sms.send("+33612345678", "Votre code est 482915", REFERENCE) == SENT
    assert sms.send("+33612345678", "Votre code est 482915", REFERENCE) == SENT

    (file,) = (tmp_path / "sms").iterdir()
    assert file.read_text(encoding="utf-8") == "To: +33612345678\n\nVotre code est 482915\n"
    assert mode(file) == 0o600


def test_a_folder_that_can_not_be_is_told(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "file").write_text("x", encoding="ascii")

    with pytest.raises(UnwritableFolder):
        MailFolder(tmp_path / "file").open()
    with pytest.raises(UnwritableFolder):
        SmsFolder(tmp_path / "file" / "sms").send("+33612345678", "x", REFERENCE)
