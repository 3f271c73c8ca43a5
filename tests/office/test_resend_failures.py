"""Whatever breaks between two steps of a resend, exactly one password works (R-12, R-14)."""

import os
import random  # noqa: TID251 - where to strike; nothing secret comes of it
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.letters import Batch, BatchState, Letter, LetterEnd
from educonnect_admin.edge import Services
from educonnect_admin.letters.content import BatchHeading, LetterContent
from educonnect_admin.letters.press import LetterPress
from educonnect_admin.office import resend_letter as resending
from educonnect_admin.office.mail_letter import foresee_mail, resend_by_mail
from educonnect_admin.office.printing import print_class as printing
from educonnect_admin.office.recover_letters import recover_letters
from educonnect_admin.office.resend_letter import foresee_paper, resend_on_paper
from educonnect_admin.opening import open_services
from tests.conftest import NOW
from tests.office.printing import assert_pages_and_database_agree, issue
from tests.office.recovering import recover_when_free
from tests.office.resending import (
    account,
    by_mail,
    change,
    letters_of,
    mail_room,
    on_paper,
    waiting_letters,
    works,
)
from tests.office.test_resend_letter import former_password
from tests.support.pdf import letters_under

STRIKES = 25
"""How many random instants the killing test tries, on each database."""


class Accident(Exception):
    """Stands for whatever may break."""


@contextmanager
def accident(services: Services, step: int) -> Iterator[list[int]]:
    """Break the database at one step: a statement, or the commit after the last one."""
    seen = [0]

    def count(*arguments: Any) -> None:
        # The lock of the school is no step: it goes with the connection that would break.
        if any("advisory" in str(one) for one in arguments[2:3]):
            return
        seen[0] += 1
        if seen[0] == step:
            raise Accident

    event.listen(services.engine, "before_cursor_execute", count)
    event.listen(services.engine, "commit", count)
    try:
        yield seen
    finally:
        event.remove(services.engine, "before_cursor_execute", count)
        event.remove(services.engine, "commit", count)


def test_by_mail_an_accident_at_any_step_leaves_one_password(
    services: Services, tmp_path: Path
) -> None:
    """Each statement and each commit fails once: the former password works, no mail waits."""
    former = former_password(services, tmp_path)
    mail = mail_room(services)
    agreed = foresee_mail(mail, "nadia.moreau", None)
    step = 0
    while True:
        step += 1
        with accident(services, step) as seen:
            try:
                resend_by_mail(mail, agreed, reason="Perdu")
            except Accident:
                pass
            else:
                break
        assert works(services, former)
        assert waiting_letters(services) == []
        assert len(letters_of(services)) == 1

    # Had the accidents come before the transaction only, they would have proved nothing.
    assert seen[0] == step - 1 >= 15
    ((_, values),) = waiting_letters(services)
    assert works(services, str(values["password"]))
    assert not works(services, former)


def test_on_paper_an_accident_at_any_step_leaves_one_password(
    services: Services, tmp_path: Path
) -> None:
    """Each statement and each commit fails once: the page that is published is what works."""
    current = former_password(services, tmp_path / "a")
    room = services.print_room(NOW)
    step, failed = 0, 0
    while True:
        step += 1
        folder = tmp_path / f"step{step}"
        with accident(services, step):
            try:
                agreed = foresee_paper(room, "nadia.moreau", None)
                resend_on_paper(room, agreed, folder, reason="Perdu")
            except Accident:
                failed += 1
            else:
                break
        recover_letters(room)
        current = _the_one_that_works(services, folder, current)

    assert failed >= 20
    assert _the_one_that_works(services, folder, current) != current


def _the_one_that_works(services: Services, folder: Path, former: str) -> str:
    """Return the one password that works: the former one, or that of the only page."""
    pages = letters_under(folder)
    assert len(pages) <= 1
    assert list(folder.glob("*.part")) == []
    new = [page.password for page in pages]
    assert [works(services, password) for password in new] == [True] * len(new)
    assert works(services, former) is (new == [])
    return new[0] if new else former


def _in_a_child(services: Services, do: Callable[[Services, Callable[[], None]], None]) -> int:
    """Fork; the child does it with connections of its own. Return when it is about to begin."""
    ready, go = os.pipe()
    child = os.fork()
    if child:
        os.close(go)
        os.read(ready, 1)
        os.close(ready)
        return child
    try:
        do(open_services(services.settings), lambda: _tell(go))
    finally:
        os._exit(0)


def _tell(go: int) -> None:
    os.write(go, b"x")


def _struck(
    services: Services, do: Callable[[Services, Callable[[], None]], None], wait: float | None
) -> float:
    """Let a child do it and strike after a while, or never; return how long it lasted."""
    child = _in_a_child(services, do)
    started = time.perf_counter()
    if wait is not None:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.perf_counter() - started


@pytest.mark.slow
def test_on_paper_a_kill_leaves_one_password(services: Services, tmp_path: Path) -> None:
    """SIGKILL at random instants: after the recovery, the page or the former one, not both."""
    current = former_password(services, tmp_path / "a")

    def into(folder: Path) -> Callable[[Services, Callable[[], None]], None]:
        def do(own: Services, ready: Callable[[], None]) -> None:
            room = own.print_room(NOW)
            agreed = foresee_paper(room, "nadia.moreau", None)
            ready()
            resend_on_paper(room, agreed, folder, reason="Perdu")

        return do

    duration = _struck(services, into(tmp_path / "whole"), None)
    current = _the_one_that_works(services, tmp_path / "whole", current)
    chance = random.Random(20261123)
    outcomes = set()
    for strike in range(STRIKES):
        folder = tmp_path / f"strike{strike}"
        _struck(services, into(folder), chance.uniform(0, duration))
        recover_when_free(services.print_room(NOW))
        survivor = _the_one_that_works(services, folder, current)
        outcomes.add(survivor != current)
        current = survivor
    # Had no kill come before the commit, the test would have tested nothing.
    assert False in outcomes


@pytest.mark.slow
def test_by_mail_a_kill_leaves_one_password(services: Services, tmp_path: Path) -> None:
    """SIGKILL at random instants: the letter in the outbox, or the former one, not both."""
    current = former_password(services, tmp_path / "a")

    def do(own: Services, ready: Callable[[], None]) -> None:
        mail = mail_room(own)
        agreed = foresee_mail(mail, "nadia.moreau", None)
        ready()
        resend_by_mail(mail, agreed, reason="Perdu")

    duration = _struck(services, do, None)
    chance = random.Random(20261123)
    outcomes = set()
    for _ in range(STRIKES):
        waiting = [str(values["password"]) for _, values in waiting_letters(services)]
        assert len(waiting) == 1
        assert works(services, waiting[0])
        assert not works(services, current) or current == waiting[0]
        outcomes.add(current == waiting[0])
        current = waiting[0]
        _struck(services, do, chance.uniform(0, duration))
    assert outcomes == {True, False}


class Killed(BaseException):
    """Stands for a kill at a chosen instant: nothing after it runs, not even the tidying."""


def killed_before_the_name(
    services: Services, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Resend on paper, and die between the commit and the name of the file."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(printing, "settle_committed", die)
        patched.setattr(resending, "recover_school", lambda *_: None)
        with pytest.raises(Killed):
            on_paper(services, output)


def test_a_killed_resend_is_rolled_forward_without_a_slip(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next round of the school gives the file its name; one letter needs no slip."""
    former_password(services, tmp_path / "a")
    killed_before_the_name(services, tmp_path / "b", monkeypatch)

    issued = issue(services, tmp_path / "c")

    (page,) = letters_under(tmp_path / "b")
    assert works(services, page.password)
    assert len(issued.recovered.published) == 1
    assert issued.recovered.slips == []
    assert [path.suffix for path in (tmp_path / "b").iterdir()] == [".pdf"]
    with services.reading() as session:
        assert set(session.scalars(select(Batch.state))) == {BatchState.FINISHED}


@pytest.mark.parametrize("state", [AccountState.ACTIVE, AccountState.EMAIL_PENDING])
def test_a_lost_page_gives_no_password_back(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: AccountState
) -> None:
    """The holder's own one is gone: notified, every letter over, is all that is still true.

    Active again it would count as in, and be told to log in with a password that is void.
    """
    former_password(services, tmp_path / "a")
    with services.transaction() as session:
        session.execute(update(Letter).values(ended_at=NOW, end=LetterEnd.USED))
    change(services, "nadia.moreau", state=state, password_hash=b"own")
    killed_before_the_name(services, tmp_path / "b", monkeypatch)
    for part in (tmp_path / "b").glob("*.part"):
        part.unlink()

    done = recover_letters(services.print_room(NOW))

    assert done.to_reissue == ["nadia.moreau"]
    assert account(services).state is AccountState.NOTIFIED
    assert [one.end for one in letters_of(services)] == [LetterEnd.USED, LetterEnd.VOID]
    again = on_paper(services, tmp_path / "c")
    (page,) = letters_under(tmp_path / "c")
    assert again.file.letters == 1
    assert works(services, page.password)


def test_a_letter_by_mail_leaves_a_killed_class_file_its_name(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is settled first: else it would be void, with the letters of the others."""
    former_password(services, tmp_path / "a")
    killed_before_the_name(services, tmp_path / "b", monkeypatch)

    mailed = by_mail(services)

    assert len(mailed.recovered.published) == 1
    assert mailed.recovered.voided == []
    ((_, values),) = waiting_letters(services)
    assert works(services, str(values["password"]))


def test_recoveries_leave_letters_without_a_file_alone(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter that was mailed is in no batch: a recovery neither voids nor prints it."""
    former_password(services, tmp_path / "a")
    killed_before_the_name(services, tmp_path / "b", monkeypatch)
    by_mail(services)
    before = [(one.id, one.end) for one in letters_of(services)]

    recover_letters(services.print_room(NOW))

    assert [(one.id, one.end) for one in letters_of(services)] == before


class PressWithAccident(LetterPress):
    """A real press during whose work the parent activates the account by SMS."""

    services: Services

    def letters(self, heading: BatchHeading, letters: Sequence[tuple[LetterContent, str]]) -> bytes:
        """Print, and meanwhile let it happen."""
        change(self.services, "nadia.moreau", state=AccountState.ACTIVE, password_hash=b"own")
        return super().letters(heading, letters)


def test_an_account_activated_meanwhile_keeps_its_password(
    services: Services, tmp_path: Path
) -> None:
    """What the desk agreed to is no longer true: refused, nothing published, nothing void."""
    from educonnect_admin.domain.desk_errors import AccountChanged

    former_password(services, tmp_path / "a")
    press = PressWithAccident()
    press.services = services
    room = replace(services.print_room(NOW), press=press)
    agreed = foresee_paper(room, "nadia.moreau", None)

    with pytest.raises(AccountChanged):
        resend_on_paper(room, agreed, tmp_path / "b", reason=None)

    now = account(services)
    assert (now.state, now.password_hash) == (AccountState.ACTIVE, b"own")
    assert list((tmp_path / "b").iterdir()) == []
    assert len(letters_of(services)) == 1
    assert_batches_finished(services)


def assert_batches_finished(services: Services) -> None:
    """No batch waits for a recovery."""
    with services.reading() as session:
        assert set(session.scalars(select(Batch.state))) == {BatchState.FINISHED}


def test_pages_and_database_agree_after_a_resend(services: Services, tmp_path: Path) -> None:
    """R-14 as a question, asked of the folder of one resend."""
    former_password(services, tmp_path / "a")
    on_paper(services, tmp_path / "b")

    assert_pages_and_database_agree(services, tmp_path / "b", 1)
