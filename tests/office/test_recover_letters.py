"""Publishing that survives a kill: nothing printed that does not work, nothing lost (R-14)."""

import errno
import os
import random  # noqa: TID251 - where to strike; nothing secret comes of it
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.errors import FileExists, UnwritableFolder
from educonnect_admin.domain.letters import (
    Batch,
    BatchFile,
    BatchState,
    FileState,
    Letter,
    LetterEnd,
)
from educonnect_admin.edge import Services
from educonnect_admin.letters.content import BatchHeading, LetterContent
from educonnect_admin.letters.press import LetterPress
from educonnect_admin.office import issue_letters as issuing
from educonnect_admin.office.issue_letters import issue_letters
from educonnect_admin.office.printing import print_class as printing
from educonnect_admin.office.printing import write_slips as slips
from educonnect_admin.office.printing.letter_folder import write_part
from educonnect_admin.office.printing.print_room import letters_lock
from educonnect_admin.office.recover_letters import Recovered, recover_letters
from educonnect_admin.opening import open_services
from tests.conftest import NOW
from tests.office.printing import assert_pages_and_database_agree, fill, issue, order
from tests.office.recovering import recover_when_free
from tests.support.households import DUPONTS, FAMILIES, many_families
from tests.support.pdf import letters_under

STRIKES = 50
"""How many random instants the killing test tries, on each database."""


def _issue_in_a_child(services: Services, output: Path) -> int:
    """Fork; the child issues the letters with connections of its own. Return its number."""
    child = os.fork()
    if child:
        return child
    try:
        own = open_services(services.settings)
        issue_letters(own.print_room(NOW), order(output))
    finally:
        os._exit(0)


def _instants(duration: float) -> Iterator[float]:
    chance = random.Random(20261123)
    return (chance.uniform(0, duration) for _ in range(STRIKES))


@pytest.mark.slow
def test_killed_at_any_instant_pages_and_database_agree(services: Services, tmp_path: Path) -> None:
    """SIGKILL at 50 random instants, each followed by a recovery, then a run to the end.

    After each recovery every password of every published page is accepted, and no account
    holds a password that stands on no page. Cheap hashing: the instants are what matters.
    """
    school = fill(services, many_families(32, class_size=4))
    room = services.print_room(NOW)
    started = time.perf_counter()
    os.waitpid(_issue_in_a_child(services, tmp_path / "whole"), 0)
    duration = time.perf_counter() - started
    left_behind = 0
    for strike, instant in enumerate(_instants(duration)):
        _forget_letters(services)
        folder = tmp_path / f"strike{strike}"
        child = _issue_in_a_child(services, folder)
        time.sleep(instant)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        left_behind += any(folder.glob("*.part"))

        done = recover_when_free(room)

        assert (done.voided, done.to_reissue, done.busy) == ([], [], [])
        assert_pages_and_database_agree(services, folder, school)
    # Had no kill come between a .part and its name, the test would have tested nothing.
    assert left_behind > 0
    issue(services, folder)
    assert_pages_and_database_agree(services, folder, school)
    assert len(letters_under(folder)) == 32


def _forget_letters(services: Services) -> None:
    """Bring every account back to where it was before any letter."""
    with services.transaction() as session:
        session.execute(
            update(Letter).where(Letter.ended_at.is_(None)).values(ended_at=NOW, end=LetterEnd.VOID)
        )
        session.execute(update(Account).values(state=AccountState.NOT_NOTIFIED))


class Killed(BaseException):
    """Stands for a kill at a chosen instant: nothing after it runs, not even the tidying."""


def _issue_killed_before_the_name(
    services: Services, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue, and die between the commit of the first class and its name."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(printing, "settle_committed", die)
        patched.setattr(issuing, "recover_school", lambda *_: None)
        with pytest.raises(Killed):
            issue(services, output)


def _file_states(services: Services) -> list[FileState]:
    with services.reading() as session:
        return list(session.scalars(select(BatchFile.state).order_by(BatchFile.id)))


def test_a_committed_file_is_rolled_forward(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its passwords work already: it gets its name, its slip is written, the rest discarded."""
    school = fill(services)
    _issue_killed_before_the_name(services, tmp_path / "out", monkeypatch)
    assert any((tmp_path / "out").glob("*.part"))

    done = recover_letters(services.print_room(NOW))

    assert len(done.published) == 1
    assert _file_states(services)[0] is FileState.PUBLISHED
    assert set(_file_states(services)[1:]) <= {FileState.DISCARDED}
    assert_pages_and_database_agree(services, tmp_path / "out", school)
    assert len(list((tmp_path / "out").glob("*-bordereau.pdf"))) >= 1
    with services.reading() as session:
        assert session.scalars(select(Batch.state)).all() == [BatchState.FINISHED]


def test_a_slip_with_two_names_is_left_with_one(services: Services, tmp_path: Path) -> None:
    """Killed between the name of a slip and the end of its provisional one: that one goes."""
    fill(services)
    slip = issue(services, tmp_path).slips[0].path
    os.link(slip, slip.with_name(f"{slip.name}.part"))
    with services.transaction() as session:
        session.execute(update(Batch).values(state=BatchState.RUNNING))

    recover_letters(services.print_room(NOW))

    assert slip.exists()
    assert list(tmp_path.glob("*.part")) == []


def test_the_next_issue_recovers_first(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to know about `recover`: the next run of the school does it."""
    school = fill(services)
    _issue_killed_before_the_name(services, tmp_path / "out", monkeypatch)

    issued = issue(services, tmp_path / "out")

    assert len(issued.recovered.published) == 1
    assert len(letters_under(tmp_path / "out")) == 5
    assert_pages_and_database_agree(services, tmp_path / "out", school)


@pytest.mark.parametrize("harm", ["gone", "altered"])
def test_a_lost_file_takes_its_passwords_back(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    """A `.part` gone or altered after the commit: letters void, accounts as they were."""
    school = fill(services)
    folder = tmp_path / "out"
    _issue_killed_before_the_name(services, folder, monkeypatch)
    for part in folder.glob("*.part"):
        if harm == "gone":
            part.unlink()
        else:
            part.write_bytes(part.read_bytes() + b" ")

    done = recover_letters(services.print_room(NOW))

    assert done.published == []
    assert done.to_reissue == ["karim.moreau", "nadia.moreau"]
    assert_pages_and_database_agree(services, folder, school)
    again = issue(services, tmp_path / "again")
    assert again.letters == 5
    assert_pages_and_database_agree(services, tmp_path / "again", school)


def test_a_letter_ended_before_the_name_voids_the_file(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that no longer works is not published: the others are reissued (R-14)."""
    school = fill(services)
    _issue_killed_before_the_name(services, tmp_path / "out", monkeypatch)
    with services.transaction() as session:
        account = session.scalars(select(Account).where(Account.identifier == "karim.moreau")).one()
        account.state = AccountState.ACTIVE
        session.execute(
            update(Letter).where(Letter.account_id == account.id).values(
                ended_at=NOW, end=LetterEnd.USED
            )
        )  # fmt: skip

    done = recover_letters(services.print_room(NOW))

    assert done.to_reissue == ["nadia.moreau"]
    assert_pages_and_database_agree(services, tmp_path / "out", school)
    with services.reading() as session:
        states = dict(session.execute(select(Account.identifier, Account.state)).all())
    assert states["karim.moreau"] is AccountState.ACTIVE
    assert states["nadia.moreau"] is AccountState.NOT_NOTIFIED


def test_a_recovery_leaves_other_hosts_and_running_schools_alone(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another machine wrote, or another run still holds, is named and not touched."""
    school = fill(services)
    _issue_killed_before_the_name(services, tmp_path / "out", monkeypatch)
    before = _file_states(services)
    elsewhere = replace(services.print_room(NOW), host="another")

    with services.lock(letters_lock(school)):
        assert recover_letters(services.print_room(NOW)).busy == ["0140070A"]
    assert recover_letters(elsewhere).elsewhere == [(1, services.print_room(NOW).host)]
    assert _file_states(services) == before


def test_an_existing_file_is_never_replaced(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name taken between the commit and the name: nothing is lost, the `.part` waits."""
    school = fill(services)
    folder = tmp_path / "out"
    _issue_killed_before_the_name(services, folder, monkeypatch)
    (part,) = [p for p in folder.glob("*.part") if "CE1" in p.name]
    taken = part.with_suffix("")
    taken.write_bytes(b"mine")

    done = recover_letters(services.print_room(NOW))

    assert done.waiting == [taken]
    assert taken.read_bytes() == b"mine"
    assert issue(services, folder).waiting == [taken]
    taken.rename(folder / "mine.pdf")
    assert len(recover_letters(services.print_room(NOW)).published) == 1
    assert_pages_and_database_agree(services, folder, school)


def test_a_name_taken_before_the_draw_stops_the_run(services: Services, tmp_path: Path) -> None:
    """The folder of another database may hold the same names: refused, no password drawn."""
    fill(services)
    (tmp_path / "lot-000001-01-CP-courriers.pdf").touch()
    (tmp_path / "lot-000001-02-CE1-courriers.pdf").write_bytes(b"mine")

    with pytest.raises(FileExists):
        issue(services, tmp_path)

    with services.reading() as session:
        assert session.scalars(select(Letter)).all() == []


class PressWithAccident(LetterPress):
    """A real press during whose work something happens to an account, once."""

    def __init__(self, services: Services, identifier: str, change: dict[str, object]) -> None:
        super().__init__()
        self._services, self._identifier, self._change = services, identifier, change

    def letters(self, heading: BatchHeading, letters: Sequence[tuple[LetterContent, str]]) -> bytes:
        """Print, and meanwhile let the accident happen."""
        if self._change and any(one.identifier == self._identifier for one, _ in letters):
            with self._services.transaction() as session:
                self._happen(session)
            self._change = {}
        return super().letters(heading, letters)

    def _happen(self, session: Session) -> None:
        session.execute(
            update(Account).where(Account.identifier == self._identifier).values(**self._change)
        )


@pytest.mark.parametrize("state", [AccountState.ACTIVE, AccountState.REGROUPED])
def test_an_account_that_changed_since_the_draw_is_left_out(
    services: Services, tmp_path: Path, state: AccountState
) -> None:
    """Activated by SMS while the letters were made: the file is made again without it."""
    school = fill(services)
    press = PressWithAccident(services, "jean.dupont", {"state": state})

    issued = issue_letters(replace(services.print_room(NOW), press=press), order(tmp_path))

    assert issued.letters == 4
    assert "jean.dupont" not in {page.identifier for page in letters_under(tmp_path)}
    assert_pages_and_database_agree(services, tmp_path, school)


def test_a_class_of_which_every_account_changed_has_no_file(
    services: Services, tmp_path: Path
) -> None:
    """Nothing is published, and nothing is left of it."""
    school = fill(services, (replace(DUPONTS, parents=DUPONTS.parents[1:]),))
    press = PressWithAccident(services, "jean.dupont", {"state": AccountState.ACTIVE})

    issued = issue_letters(replace(services.print_room(NOW), press=press), order(tmp_path))

    assert (issued.letters, list(issued.files)) == (0, [])
    assert _file_states(services) == [FileState.DISCARDED]
    assert_pages_and_database_agree(services, tmp_path, school)


class JammedPress(LetterPress):
    """A press that stops at the second class."""

    jobs = 0

    def letters(self, heading: BatchHeading, letters: Sequence[tuple[LetterContent, str]]) -> bytes:
        """Print the first class, then fail as a full disk would."""
        self.jobs += 1
        if self.jobs == 2:
            raise UnwritableFolder(Path("/full"), errno.ENOSPC)
        return super().letters(heading, letters)


def test_a_run_that_fails_tidies_up_behind_itself(services: Services, tmp_path: Path) -> None:
    """A full disk at the second class: the first is whole, nothing is half-done."""
    school = fill(services)

    with pytest.raises(UnwritableFolder):
        issue_letters(
            replace(services.print_room(NOW), press=JammedPress()), order(tmp_path / "out")
        )

    assert_pages_and_database_agree(services, tmp_path / "out", school)
    assert set(_file_states(services)) == {FileState.PUBLISHED, FileState.DISCARDED}
    with services.reading() as session:
        assert session.scalars(select(Batch.state)).all() == [BatchState.FINISHED]


def test_recovering_nothing_says_nothing(services: Services) -> None:
    """Idempotent: an office in order has nothing to recover."""
    fill(services, FAMILIES)

    assert recover_letters(services.print_room(NOW)) == Recovered()


def test_letters_that_expired_unpublished_are_not_published(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recovered five months later, a page would not work: it is taken back."""
    fill(services)
    _issue_killed_before_the_name(services, tmp_path / "out", monkeypatch)

    done = recover_letters(services.print_room(NOW + timedelta(days=150)))

    assert done.published == []
    assert done.to_reissue == ["karim.moreau", "nadia.moreau"]
    assert letters_under(tmp_path / "out") == []


def test_a_taken_name_stops_the_run_before_it_opens_an_account(
    services: Services, tmp_path: Path
) -> None:
    """Refused means that nothing was written, the accounts included."""
    fill(services)
    (tmp_path / "lot-000001-03-CM2-courriers.pdf").touch()

    with pytest.raises(FileExists):
        issue(services, tmp_path)

    with services.reading() as session:
        assert session.scalars(select(Account)).all() == []
        assert session.scalars(select(Batch)).all() == []


class FolderWithoutSlips:
    """A folder that refuses slips, as a disk that filled up after the letters would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.refuses = True

    def write(self, path: Path, content: bytes) -> str:
        """Write what is not a slip."""
        if self.refuses and path.parent == self.folder and "bordereau" in path.name:
            raise UnwritableFolder(path, errno.ENOSPC)
        return write_part(path, content)


def test_a_full_folder_does_not_stop_another_one(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is stuck is named, and new letters go to another folder meanwhile."""
    school = fill(services)
    full = FolderWithoutSlips(tmp_path / "full")
    monkeypatch.setattr(slips, "write_part", full.write)
    with pytest.raises(UnwritableFolder):
        issue(services, tmp_path / "full")

    elsewhere = issue(services, tmp_path / "elsewhere")

    assert [batch for batch, _ in elsewhere.recovered.stuck] == [1]
    full.refuses = False
    done = recover_letters(services.print_room(NOW))
    assert done.stuck == []
    assert len(done.slips) == len(list((tmp_path / "full").glob("*-bordereau.pdf"))) == 4
    assert_pages_and_database_agree(services, tmp_path / "full", school)
