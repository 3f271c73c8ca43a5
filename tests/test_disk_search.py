"""The disk of an office searched for ten known passwords: paper and messages hold them, only."""

import subprocess
import sys
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import update

from educonnect_admin.domain.passwords import is_well_formed
from educonnect_admin.domain.people import Guardian
from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings
from tests.campaigns.academy import found_academy
from tests.campaigns.night import environment
from tests.conftest import NOW
from tests.support.disk import holders_of
from tests.support.pdf import letters_in
from tests.support.postgres import new_database, running_server
from tests.support.schema import migrate

PHRASE = "agrafe moulin tilleul sept"
LETTERS = 9


class Room:
    """Everything that an office may write to, in one folder."""

    def __init__(self, path: Path, database_url: str, places: list[Path]) -> None:
        self.path = path
        self.places = [path, *places]
        for name in ("tmp", "home"):
            (path / name).mkdir()
        (path.parent / "phrase").write_text(PHRASE, encoding="utf-8")
        settings = Settings(
            database_url=database_url, secret_key_file=path / "secret.key", operator="alice",
            hashing="cheap-for-tests",
        )  # fmt: skip
        self.office: Services = open_office(settings, NOW)
        self.variables: Mapping[str, str] = environment(
            settings, TMPDIR=str(path / "tmp"), HOME=str(path / "home"),
            XDG_DATA_HOME=str(path / "home"), XDG_CACHE_HOME=str(path / "home"),
            EDUCONNECT_MAIL_FOLDER=str(path / "messages"),
            EDUCONNECT_LETTERS_PASSPHRASE_FILE=str(path.parent / "phrase"),
        )  # fmt: skip

    def run(self, *arguments: str) -> None:
        """Run a command as a process of its own; what it says lands in the room too."""
        number = len(list(self.path.glob("said-*")))
        with (self.path / f"said-{number}").open("wb") as said:
            done = subprocess.run(
                [sys.executable, "-m", "educonnect_admin", *arguments],
                env=dict(self.variables), cwd=self.path, stdout=said, stderr=said, check=False,
            )  # fmt: skip
        assert done.returncode == 0, (self.path / f"said-{number}").read_text(encoding="utf-8")


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """The room of an office; on PostgreSQL with the data folder of a server of its own."""
    (tmp_path / "room").mkdir()
    with ExitStack() as stack:
        url, places = str(tmp_path / "room" / "office.sqlite"), []
        if request.param == "postgresql":
            socket = stack.enter_context(running_server())
            url, places = new_database(socket), [Path(socket)]
        migrate(url)
        found = Room(tmp_path / "room", url, places)
        stack.callback(found.office.close)
        yield found


def password_of(message: Path) -> str:
    """Return the password that a delivered letter brings."""
    mail = message_from_bytes(message.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    words = str(body.get_content()).replace("\u00a0", " ").split()
    [found] = {one for one in words if is_well_formed(one)}
    return found


def test_the_search_finds_what_is_planted(tmp_path: Path) -> None:
    """Plain, UTF-16, hexadecimal, base64 at any place, deflated: or it would prove nothing."""
    secret = "BZNZ57DM"
    ways = [
        secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be").hex().encode(),
        *(b64encode(b"x" * shift + secret.encode() + b"yz") for shift in range(3)),
        b"%PDF" + zlib.compress(f"({secret}) Tj".encode()) + b"end",
    ]  # fmt: skip
    for number, way in enumerate(ways):
        (tmp_path / str(number)).write_bytes(b"before " + way + b" after")
    (tmp_path / "other").write_bytes(b"BZNZ57D and M")

    found = holders_of([secret], [tmp_path])

    assert sorted(path.name for path in found) == [str(number) for number in range(len(ways))]


@pytest.mark.slow
def test_passwords_stand_on_paper_and_in_messages_only(room: Room) -> None:
    """Temporary folders, database pages, log, outbox, standard output: none of ten passwords."""
    [plain, *_] = found_academy(room.office, 1, LETTERS)
    room.run("letters", "issue", "--school", plain, "--output", "out")
    printed = [
        one for path in (room.path / "out").glob("*-courriers.pdf") for one in letters_in(path)
    ]
    with room.office.transaction() as session:
        session.execute(update(Guardian).values(email="parent@example.fr"))
    room.run("letters", "resend", printed[0].identifier, "--email", "--reason", "x", "--yes")
    before = {path.name for path in (room.path / "messages").glob("*")}
    room.run("mail", "deliver")

    [message] = [p for p in (room.path / "messages").iterdir() if p.name not in before]
    secrets = {one.password for one in printed} | {password_of(message)}
    assert len(secrets) == LETTERS + 1
    papers = set((room.path / "out").glob("*-courriers.pdf"))

    found = holders_of(secrets, room.places)

    assert set(found) == papers | {message}
    assert found[message] == {password_of(message)}
    assert list((room.path / "tmp").iterdir()) == []


@pytest.mark.slow
def test_closed_letters_leave_no_password_at_all(room: Room) -> None:
    """With `--encrypt` the disk holds none, from the `.part` on; nor the phrase that opens them."""
    [closed, *_] = found_academy(room.office, 1, LETTERS + 1)
    room.run("letters", "issue", "--school", closed, "--output", "out", "--encrypt")
    printed = [
        one
        for path in sorted((room.path / "out").glob("*-courriers.pdf"))
        for one in letters_in(_opened(path, room.path.parent))
    ]
    secrets = {one.password for one in printed}
    assert len(secrets) == LETTERS + 1

    assert holders_of([*secrets, PHRASE], room.places) == {}


def _opened(path: Path, outside: Path) -> Path:
    """Return a copy of a closed file, opened, outside of the room."""
    import pypdf

    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(path, password=PHRASE))
    copy = outside / f"opened-{path.name}"
    writer.write(copy)
    return copy
