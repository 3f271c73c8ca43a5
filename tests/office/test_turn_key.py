"""A new key: nothing breaks, nothing that the former one opens remains (R-5, R-63)."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, select

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.key_errors import KeysBusy, KeysNeeded, MissingKey
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.messages import Channel
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import OFFICE_CHAIN, Happening, TrailEntry, TrailHead, TrailKind
from educonnect_admin.domain.trail_breaks import BreakCause
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import owner_of_account, owner_of_letter
from educonnect_admin.gateways.keys import read_keyring
from educonnect_admin.office.keeping_keys.key_room import LOCK, SEALED
from educonnect_admin.office.keeping_keys.needs import sealed_by_key
from educonnect_admin.office.keeping_keys.retire_keys import Retired, retire_keys
from educonnect_admin.office.keeping_keys.turn_key import Turned, prepare_next_key, turn_key
from educonnect_admin.opening import key_room, open_services
from educonnect_admin.parents.coming_in import TOKEN_USE, begin_journey, come_in
from educonnect_admin.parents.known_browsers import browser_of, remember_browser
from educonnect_admin.parents.mail_links import look_at_link, send_link
from educonnect_admin.parents.means import Client
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.trail_check import check_chains
from educonnect_admin.queries.visits import recall, visitor_of
from tests.conftest import NOW
from tests.parents.portal_office import messages
from tests.portal.holders import OWN, TEMPORARY, Holders

SOON, LATER = NOW + timedelta(minutes=5), NOW + timedelta(hours=74)
EMAIL = "nadia@example.fr"


class Life:
    """An office in the middle of its life: a letter, a holder, a session, a link, a cookie."""

    def __init__(self, services: Services) -> None:
        self.services = services
        holders = Holders(services)
        notified = holders.notified()
        self.holder = holders.begun()
        means = services.means(NOW)
        with services.transaction() as session:
            letter = session.scalars(select(Letter).filter_by(account_id=notified)).one()
            self.number = letter.number
            [account] = locked_accounts(session, [self.holder])
            self.session = come_in(session, means, account, Entry.PASSWORD)
            self.journey = begin_journey(session, means, {"step": "two"})
            send_link(session, means, account, LinkKind.EMAIL_CHANGE, EMAIL)
            self.device = remember_browser(means, Client("192.0.2.7"), account)
            added = [
                Happening(TrailKind.SCHOOL_ADDED, school_id=one)
                for one in session.scalars(select(School.id))
            ]
            append_to_trail(session, services.author(NOW), added)
        self.link = str(messages(services, Channel.MAIL)[-1][1]["link"]).rsplit("/", 1)[-1]

    def assert_whole(self, services: Services, now: datetime = SOON) -> None:
        """Letter, holder, session, memory of a journey, link, message, cookie: all still work."""
        means = services.means(now)
        with services.reading() as session:
            letter = session.scalars(select(Letter).filter_by(number=self.number)).one()
            account = session.get_one(Account, self.holder)
            assert letter.password_hash
            assert account.password_hash
            vault = services.vault
            assert vault.accepts(letter.password_hash, TEMPORARY, owner_of_letter(self.number))
            assert vault.accepts(account.password_hash, OWN, owner_of_account(self.holder))
            there = [
                visitor_of(session, means.digests.known(TOKEN_USE, token), now)
                for token in (self.session, self.journey)
            ]
        assert [one and one.account_id for one in there] == [self.holder, None]
        assert recall(means.sealer, there[1]) == {"step": "two"}
        assert look_at_link(means, self.link) is not None
        assert messages(services, Channel.MAIL)[-1][0] == EMAIL
        known = browser_of(means, Client("192.0.2.7", device=self.device))
        assert known is not None
        assert known.knows(self.holder, NOW, now)


def turned(services: Services, now: datetime = NOW) -> Turned:
    """Turn to a new key."""
    return turn_key(key_room(services, now), reason="vol d'un portable")


def retired(services: Services, now: datetime = LATER) -> Retired:
    """Forget the older keys."""
    return retire_keys(key_room(services, now), reason="vol d'un portable")


def broken(services: Services) -> list[Any]:
    """Return where the trail does not verify."""
    with services.reading() as session:
        reports = list(check_chains(session, services.author(LATER).pen))
    return [report.broken for report in reports if report.broken]


@pytest.fixture
def life(services: Services) -> Life:
    """An office in the middle of its life, on both databases."""
    return Life(services)


def test_every_column_of_bytes_is_known_to_the_keys() -> None:
    """What is added to the schema and forgotten here would be lost with the older key."""
    bytes_of = {
        (table.name, column.name)
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    known = {
        (str(kind.column.sealed.class_.__tablename__), kind.column.sealed.key)
        for kind in SEALED.values()
    }

    assert bytes_of - known == {("trail_reasons", "salt")}


def test_nothing_breaks_when_the_key_changes(life: Life, services: Services) -> None:
    """Neither for who runs on since before, nor for who opens the office afterwards (R-5)."""
    done = turned(services)

    assert services.keyring.current == done.key_id != "k1"
    assert done.anew.replaced.keys() >= {"letters", "accounts", "visits", "messages", "heads"}
    assert not done.anew.unreadable
    assert sealed_by_key(key_room(services, SOON))["k1"] == 0
    assert broken(services) == []
    life.assert_whole(services)
    later = open_services(services.settings)
    life.assert_whole(later)
    later.close()


def test_the_older_key_stays_while_links_and_sessions_need_it(
    life: Life, services: Services
) -> None:
    """Of those only digests are kept: refused, with how many of what and until when."""
    turned(services)

    with pytest.raises(KeysNeeded) as soon:
        retired(services, SOON)
    with pytest.raises(KeysNeeded) as tomorrow:
        retired(services, NOW + timedelta(hours=13))

    assert soon.value.counts == {"recent": 1, "visits": 2, "links": 1}
    assert tomorrow.value.counts == {"links": 1}
    assert tomorrow.value.until == NOW + timedelta(hours=72)
    assert "k1" in services.keyring.keys
    life.assert_whole(services)


def test_nothing_old_remains_once_it_is_retired(
    life: Life, services: Services, tmp_path: Path
) -> None:
    """The file holds the former secret no more; letters and accounts open, the trail verifies."""
    old = json.loads(services.keyring.path.read_text(encoding="utf-8"))["keys"][0]["secret"]
    done = turned(services)
    ring = read_keyring(services.keyring.path)

    assert retired(services).key_ids == ["k1"]

    kept = services.keyring.path.read_text(encoding="utf-8")
    assert old not in kept
    assert list(services.keyring.keys) == [done.key_id]
    assert list(services.keyring.path.parent.glob("*.part")) == []
    assert broken(services) == []
    with services.reading() as session:
        letter = session.scalars(select(Letter).filter_by(number=life.number)).one()
        sealed = letter.password_hash or b""
        assert services.vault.accepts(sealed, TEMPORARY, owner_of_letter(life.number))
        told = [e.kind for e in trail_of_office(session)]
    assert told[-2:] == [TrailKind.KEY_TURNED, TrailKind.KEYS_RETIRED]
    assert ring.keys.keys() == {done.key_id}, "who runs since before has let it go too"
    assert retired(services) == Retired()


def trail_of_office(session: Any) -> Any:
    """Return the entries of the office, in order."""
    query = select(TrailEntry).where(TrailEntry.chain == OFFICE_CHAIN)
    return session.scalars(query.order_by(TrailEntry.sequence)).all()


def test_a_stolen_key_that_was_retired_seals_no_end_of_a_chain(
    life: Life, services: Services, run_sql: Callable[[str], None]
) -> None:
    """With the former key and the database, the end of the trail can't be cut off (R-63)."""
    thief = services.author(NOW).pen
    with services.transaction() as session:
        head = session.get_one(TrailHead, 0)
        before = (head.count, head.digest, head.seal)
        append_to_trail(session, services.author(NOW), [Happening(TrailKind.AUDIT_EXPORTED)])
    turned(services)
    retired(services)
    assert thief.key_id == "k1"

    count, digest, seal = before
    run_sql(
        f"UPDATE trail_heads SET count = {count}, digest = '{digest}', key_id = 'k1',"
        f" seal = '{seal}' WHERE chain = 0"
    )

    assert [one.cause for one in broken(services)] == [BreakCause.FORGED_HEAD]


def test_what_a_slow_run_still_sealed_is_sealed_anew_before(life: Life, services: Services) -> None:
    """A run that had begun under the former key wrote after the change: nothing of it is lost."""
    slow = open_services(services.settings)
    slow.keyring._mark = None  # as a server whose copy of the file came late
    turned(services)
    sealed = slow.vault.seal(OWN, owner_of_account(life.holder))
    with slow.transaction() as session:
        session.get_one(Account, life.holder).password_hash = sealed
        told = Happening(TrailKind.PASSWORD_CHANGED, account_id=life.holder)
        append_to_trail(session, slow.author(SOON), [told])
    slow.close()

    done = retired(services)

    assert done.anew.replaced == {"accounts": 1, "heads": 1}
    assert broken(services) == []
    with services.reading() as session:
        found = session.get_one(Account, life.holder).password_hash or b""
    assert services.vault.accepts(found, OWN, owner_of_account(life.holder))


def test_an_older_copy_of_the_file_is_refused(services: Services, tmp_path: Path) -> None:
    """It would tell parents that their password is wrong."""
    copy = services.keyring.path.read_bytes()
    done = turned(services)
    services.keyring.path.write_bytes(copy)

    with pytest.raises(MissingKey) as refused:
        open_services(services.settings)

    assert refused.value.key_id == done.key_id


def test_a_prepared_key_waits(life: Life, services: Services) -> None:
    """It is in the file to be copied elsewhere, and seals nothing until the change."""
    room = key_room(services, NOW)
    waiting = prepare_next_key(room)

    assert prepare_next_key(room) == waiting
    assert services.keyring.current == "k1"
    assert turned(services).key_id == waiting
    life.assert_whole(services)


def test_a_damaged_seal_is_left_and_counted(life: Life, services: Services) -> None:
    """It opens with no key; it neither stops the change nor keeps an old key alive for ever."""
    with services.transaction() as session:
        session.get_one(Account, life.holder).password_hash = b"k1:nothing that opens"

    assert turned(services).anew.unreadable == {"accounts": 1}
    assert retired(services).key_ids == ["k1"]


def test_two_at_once_are_refused(services: Services) -> None:
    """Each would draw a key of its own."""
    with services.lock(LOCK), pytest.raises(KeysBusy):
        turned(services)


def test_a_change_that_was_cut_short_is_finished_by_the_next_step(
    life: Life, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the new key was written: everything works, and retiring seals the rest anew."""
    cut = "educonnect_admin.office.keeping_keys.turn_key.seal_anew"
    with monkeypatch.context() as patched:
        patched.setattr(cut, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            turned(services)
    life.assert_whole(services)

    assert retired(services).anew.replaced.keys() >= {"letters", "accounts", "visits"}
    assert broken(services) == []


def test_the_account_states_are_untouched(life: Life, services: Services) -> None:
    """Only seals change: no state, no moment."""
    with services.reading() as session:
        before = session.execute(select(Account.id, Account.state, Account.password_set_at)).all()
    turned(services)
    with services.reading() as session:
        after = session.execute(select(Account.id, Account.state, Account.password_set_at)).all()

    assert before == after
    assert AccountState.ACTIVE in {row.state for row in after}
