"""A letter made again: a new password, and the former one void at the same instant (R-12)."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.desk_errors import (
    AccountChanged,
    AccountEnded,
    AlreadyActive,
    NoAddress,
    NoEnrolledChild,
    UnknownAccount,
)
from educonnect_admin.domain.errors import AlreadyRunning, UnknownSchool
from educonnect_admin.domain.letters import Batch, Letter, LetterEnd, Who
from educonnect_admin.domain.messages import Message, MessageKind, MessageState
from educonnect_admin.domain.people import Enrolment, Guardian
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import TrailEntry, TrailKind, TrailReason
from educonnect_admin.edge import Services
from educonnect_admin.office import mail_letter
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.office.issue_letters import issue_letters
from educonnect_admin.office.mail_letter import foresee_mail, resend_by_mail
from educonnect_admin.office.printing.print_room import letters_lock
from educonnect_admin.office.resend_letter import foresee_paper, resend_on_paper
from educonnect_admin.queries.outbox import opened
from educonnect_admin.queries.trail_check import first_broken_entry
from tests.conftest import NOW
from tests.office.printing import assert_pages_and_database_agree, fill, issue, order
from tests.office.resending import (
    account,
    by_mail,
    change,
    letters_of,
    mail_room,
    on_paper,
    told,
    waiting_letters,
    works,
)
from tests.support.households import (
    CHARLEMAGNE,
    DUPONTS,
    MARIE_CURIE,
    MOREAUS,
    Child,
    Family,
    add_families,
    add_school,
)
from tests.support.pdf import letters_under

NADIA = replace(MOREAUS, parents=(replace(MOREAUS.parents[0], email="Nadia@example.fr"),))
"""Nadia alone, with an address that the school knows."""


def former_password(services: Services, folder: Path) -> str:
    """Issue Nadia's letter and return its password."""
    fill(services, (NADIA,))
    issue(services, folder)
    (page,) = letters_under(folder)
    assert works(services, page.password)
    return page.password


def test_on_paper_the_former_password_ends_as_the_new_one_begins(
    services: Services, tmp_path: Path
) -> None:
    """One file of one letter, its page works, the former one does not any more."""
    former = former_password(services, tmp_path / "a")

    resent = on_paper(services, tmp_path / "b")

    (page,) = letters_under(tmp_path / "b")
    assert page.password != former
    assert works(services, page.password)
    assert not works(services, former)
    old, new = letters_of(services)
    assert (old.end, old.ended_at) == (LetterEnd.SUPERSEDED, new.created_at)
    assert [path.name for path in (tmp_path / "b").iterdir()] == [resent.file.path.name]
    assert account(services).state is AccountState.NOTIFIED
    assert_pages_and_database_agree(services, tmp_path / "b", 1)


def test_by_mail_the_former_password_ends_as_the_new_one_begins(
    services: Services, tmp_path: Path
) -> None:
    """The letter is a message in the outbox, sealed, to the address the school knows."""
    former = former_password(services, tmp_path)

    mailed = by_mail(services)

    ((to, values),) = waiting_letters(services)
    assert to == mailed.addressed.address.email == "Nadia@example.fr"
    assert works(services, str(values["password"]))
    assert not works(services, former)
    old, new = letters_of(services)
    assert (old.end, old.ended_at) == (LetterEnd.SUPERSEDED, new.created_at)
    assert (new.file_id, new.last_day) == (None, date(2027, 2, 23))
    assert values == {
        "holder": "Mme Nadia MOREAU",
        "children": [{"name": "Sami MOREAU", "school": "École Charlemagne", "class": "CE1"}],
        "school": {
            "name": "École Charlemagne", "city": "Alençon", "phone": None, "email": None,
        },
        "identifier": "nadia.moreau",
        "password": values["password"],
        "number": new.number,
        "portal_url": services.print_room(NOW).portal_url,
        "created_on": "2026-11-23",
        "last_day": "2027-02-23",
    }  # fmt: skip
    with services.transaction() as session:
        message = session.get_one(Message, mailed.message_id, options=[undefer("*")])
    assert message.letter_id == new.id
    assert message.not_after == NOW.replace(
        year=2027, month=2, day=23, hour=23, minute=0
    )  # midnight in Paris
    assert str(values["password"]).encode() not in (message.sealed or b"")


def test_the_trail_tells_why_and_nobodys_address(services: Services, tmp_path: Path) -> None:
    """End, issue and message, each with the reason; no address, password or name (R-63)."""
    former_password(services, tmp_path / "a")
    on_paper(services, tmp_path / "b")
    by_mail(services)

    ended, issued = told(services, TrailKind.LETTER_ENDED), told(services, TrailKind.LETTER_ISSUED)
    (queued,) = told(services, TrailKind.MESSAGE_QUEUED)
    assert [json.loads(entry.details) for entry in ended] == [{"end": "superseded"}] * 2
    assert [json.loads(entry.details) for entry in issued] == [{}, {}, {"delivery": "email"}]
    assert json.loads(queued.details) == {"kind": "letter", "message": 1}
    assert queued.letter_id == letters_of(services)[-1].id
    with services.reading() as session:
        reasons = dict(session.execute(select(TrailReason.entry_id, TrailReason.text)).all())
        assert {reasons.get(entry.id) for entry in (*ended, *issued[1:], queued)} == {"Perdu"}
        everything = " ".join(session.scalars(select(TrailEntry.details)))
        assert first_broken_entry(session, services.author(NOW).pen, 1) is None
    assert "@" not in everything
    assert "adia" not in everything


STATES: dict[str, dict[str, Any]] = {
    "never notified": {"state": AccountState.NOT_NOTIFIED},
    "notified": {"state": AccountState.NOTIFIED},
    "e-mail pending": {
        "state": AccountState.EMAIL_PENDING, "email": "stranger@example.org",
        "password_hash": b"own", "journey": Journey.LETTER,
    },
    "active by SMS": {
        "state": AccountState.ACTIVE, "password_hash": b"own", "journey": Journey.SMS,
        "activated_at": NOW, "pending_email": "stranger@example.org",
    },
}  # fmt: skip
"""The accounts that may hold a letter; a stranger's address must never be used."""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("how", ["paper", "mail"])
def test_who_may_hold_a_letter_gets_one_and_begins_again(
    services: Services, tmp_path: Path, state: str, how: str
) -> None:
    """Password and sessions of the holder are void, what was not confirmed is forgotten (R-13)."""
    former_password(services, tmp_path / "a")
    with services.transaction() as session:
        session.execute(update(Letter).values(ended_at=NOW, end=LetterEnd.USED))
    change(services, "nadia.moreau", **STATES[state])

    if how == "paper":
        on_paper(services, tmp_path / "b")
        (password,) = [page.password for page in letters_under(tmp_path / "b")]
    else:
        by_mail(services)
        ((to, values),) = waiting_letters(services)
        password = str(values["password"])
        assert to == "Nadia@example.fr"

    assert works(services, password)
    now = account(services)
    assert now.state is AccountState.NOTIFIED
    assert (now.password_hash, now.journey, now.activated_at) == (None, None, None)
    assert (now.email, now.pending_email) == (None, None)
    begun = state in {"e-mail pending", "active by SMS"}
    assert now.sessions_void_at == (NOW if begun else None)
    reset = told(services, TrailKind.ACCOUNT_RESET)
    assert [json.loads(entry.details) for entry in reset] == (
        [{"former": STATES[state]["state"]}] if begun else []
    )


def test_a_reset_is_told_in_every_school_of_the_account(services: Services, tmp_path: Path) -> None:
    """Both schools whose records the account holds learn of it (R-63)."""
    two_schools(services, tmp_path)
    change(services, "celine.dupont", state=AccountState.ACTIVE)

    on_paper(services, tmp_path / "b", "celine.dupont")

    assert [entry.chain for entry in told(services, TrailKind.ACCOUNT_RESET)] == [1, 2]


def test_a_confirmed_account_gets_a_reminder_at_most(services: Services, tmp_path: Path) -> None:
    """On paper it is refused; by e-mail a message without a password, and nothing changes."""
    former_password(services, tmp_path / "a")
    change(
        services,
        "nadia.moreau",
        state=AccountState.ACTIVE,
        email="her@example.org",
        email_confirmed_at=NOW,
        password_hash=b"own",
    )

    with pytest.raises(AlreadyActive):
        on_paper(services, tmp_path / "b")
    mailed = by_mail(services)

    with services.transaction() as session:
        message = session.scalars(select(Message)).one()
        to, values = opened(services.postbox, message)
    assert (message.kind, message.letter_id) == (MessageKind.REMINDER, None)
    assert to == "her@example.org"
    assert set(values) == {"holder", "children", "school", "portal_url", "identifier"}
    assert mailed.last_day is None
    assert (account(services).state, account(services).password_hash) == (
        AccountState.ACTIVE, b"own",
    )  # fmt: skip
    assert not (tmp_path / "b").exists()


def test_who_can_get_no_letter_is_refused(services: Services, tmp_path: Path) -> None:
    """Ended accounts, unknown ones, no child, no school: each by its own name, nothing written."""
    former_password(services, tmp_path / "a")
    before = told(services, TrailKind.LETTER_ENDED), letters_of(services)

    for state in (AccountState.CLOSED, AccountState.REGROUPED):
        change(services, "nadia.moreau", state=state)
        with pytest.raises(AccountEnded):
            on_paper(services, tmp_path / "b")
        with pytest.raises(AccountEnded):
            by_mail(services)
    change(services, "nadia.moreau", state=AccountState.NOTIFIED)
    with pytest.raises(UnknownAccount):
        on_paper(services, tmp_path / "b", "nobody")
    with pytest.raises(UnknownSchool):
        by_mail(services, uai=MARIE_CURIE)
    with services.transaction() as session:
        add_school(session, MARIE_CURIE, "Marie Curie")
    with pytest.raises(NoEnrolledChild):
        by_mail(services, uai=MARIE_CURIE)
    with services.transaction() as session:
        session.execute(update(Enrolment).values(ended_on=date(2026, 10, 1)))
    with pytest.raises(NoEnrolledChild):
        on_paper(services, tmp_path / "b")

    assert (told(services, TrailKind.LETTER_ENDED), len(letters_of(services))) == (
        before[0], len(before[1]),
    )  # fmt: skip
    assert not (tmp_path / "b").exists()


def test_without_a_known_address_nothing_is_mailed(services: Services, tmp_path: Path) -> None:
    """An address typed by whoever held the letter is none; the letter in hand stays good."""
    fill(services, (replace(MOREAUS, parents=MOREAUS.parents[:1]),))
    issue(services, tmp_path)
    (page,) = letters_under(tmp_path)
    change(services, "nadia.moreau", email="stranger@example.org")

    with pytest.raises(NoAddress):
        by_mail(services)

    assert works(services, page.password)


def test_an_address_that_bounces_gives_way_to_the_schools(
    services: Services, tmp_path: Path
) -> None:
    """What the mail server refuses is not tried again while another address is known."""
    former_password(services, tmp_path)
    facts = {"email": "her@example.org", "email_confirmed_at": NOW}
    change(services, "nadia.moreau", **facts)
    mail = mail_room(services)

    assert foresee_mail(mail, "nadia.moreau", None).address.email == "her@example.org"
    change(services, "nadia.moreau", email_bounced_at=NOW)
    assert foresee_mail(mail, "nadia.moreau", None).address.email == "Nadia@example.fr"


def test_an_address_that_others_share_is_told(services: Services, tmp_path: Path) -> None:
    """A couple shares one address: the desk is warned before a password goes there."""
    fill(services, (DUPONTS,))
    issue(services, tmp_path)

    assert foresee_mail(mail_room(services), "jean.dupont", None).shared_with == 1


def test_a_record_without_an_account_shares_an_address(services: Services, tmp_path: Path) -> None:
    """A record without an account is somebody too."""
    former_password(services, tmp_path)
    mail = mail_room(services)

    def shared() -> int:
        return foresee_mail(mail, "nadia.moreau", None).shared_with

    assert shared() == 0
    with services.transaction() as session:
        other = add_school(session, MARIE_CURIE, "Marie Curie")
        add_families(session, other, [NADIA])
    assert shared() == 1
    with services.transaction() as session:
        record = session.scalars(select(Guardian).where(Guardian.account_id.is_(None))).one()
        record.email = None
    assert shared() == 0
    with services.transaction() as session:
        generate_accounts(
            session,
            session.get_one(School, 2),
            stem_digest=services.keyring.stem_digest,
            author=services.author(NOW),
        )
        (other_one,) = session.scalars(
            select(Account.identifier).where(Account.identifier != "nadia.moreau")
        )
    change(services, other_one, email="NADIA@example.fr")
    assert shared() == 1
    change(services, other_one, state=AccountState.CLOSED)
    assert shared() == 0


def bouncing(services: Services, tmp_path: Path, email: str = "her@example.org") -> None:
    """Let Nadia be active, with a confirmed address that her mail server no longer knows."""
    former_password(services, tmp_path)
    change(services, "nadia.moreau", state=AccountState.ACTIVE, email=email,
           email_confirmed_at=NOW, email_bounced_at=NOW, password_hash=b"sealed")  # fmt: skip


def test_a_confirmed_address_that_bounces_is_none_on_paper(
    services: Services, tmp_path: Path
) -> None:
    """No link to another password arrives there: a letter does, and begins anew (R-13)."""
    bouncing(services, tmp_path)

    resent = on_paper(services, tmp_path / "again")

    assert resent.recipient.gets_letter
    assert resent.recipient.loses_own_password
    nadia = account(services)
    assert (nadia.state, nadia.password_hash) == (AccountState.NOTIFIED, None)
    (page,) = letters_under(tmp_path / "again")
    assert works(services, page.password)


def test_a_confirmed_address_that_bounces_is_none_by_mail(
    services: Services, tmp_path: Path
) -> None:
    """The letter goes to the address that the school knows; to the bouncing one, never."""
    bouncing(services, tmp_path)

    by_mail(services)

    [(to, values)] = waiting_letters(services)
    assert to == "Nadia@example.fr"
    assert works(services, str(values["password"]))
    assert account(services).state is AccountState.NOTIFIED


def test_a_letter_does_not_go_to_the_only_address_if_it_bounces(
    services: Services, tmp_path: Path
) -> None:
    """The school knows the same one: refused, and nothing is lost."""
    bouncing(services, tmp_path, "NADIA@example.fr")

    with pytest.raises(NoAddress):
        by_mail(services)
    assert account(services).state is AccountState.ACTIVE


def test_an_address_that_works_again_needs_no_letter(services: Services, tmp_path: Path) -> None:
    """A mail got through between the look and the letter: the password in hand stays."""
    bouncing(services, tmp_path)
    room = services.print_room(NOW)
    agreed = foresee_paper(room, "nadia.moreau", None)
    change(services, "nadia.moreau", email_bounced_at=None)

    with pytest.raises(AlreadyActive):
        resend_on_paper(room, agreed, tmp_path / "again", reason=None)
    assert account(services).state is AccountState.ACTIVE


def test_an_address_changed_at_the_last_moment_gets_no_password(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look and the transaction: refused, the former password works."""
    former = former_password(services, tmp_path)
    mail = mail_room(services)
    agreed = foresee_mail(mail, "nadia.moreau", None)
    with services.transaction() as session:
        session.execute(update(Guardian).values(email="new@example.fr"))
    monkeypatch.setattr(mail_letter, "foresee_mail", lambda *_: agreed)

    with pytest.raises(AccountChanged):
        resend_by_mail(mail, agreed, reason=None)

    assert works(services, former)
    assert waiting_letters(services) == []


def two_schools(services: Services, tmp_path: Path) -> None:
    """Make the Duponts known in two schools, their letter issued by the second one."""
    fill(services, (DUPONTS,))
    with services.transaction() as session:
        other = add_school(session, MARIE_CURIE, "Collège Marie Curie")
        big = Child(given_name="Tom", family_name="DUPONT", born=date(2013, 1, 1), class_label="5B")
        add_families(session, other, [Family(DUPONTS.parents, (big,))])
    issue_letters(services.print_room(NOW), order(tmp_path / "first", uai=MARIE_CURIE))
    # A second round joins the records of the other school.
    issue_letters(services.print_room(NOW), order(tmp_path / "second"))


def test_the_school_that_writes(services: Services, tmp_path: Path) -> None:
    """The one asked for, else that of the last letter, else the first with a child of it."""
    two_schools(services, tmp_path)
    room = services.print_room(NOW)

    assert foresee_paper(room, "celine.dupont", None).school.uai == MARIE_CURIE
    assert foresee_paper(room, "celine.dupont", CHARLEMAGNE).school.uai == CHARLEMAGNE
    with services.transaction() as session:
        session.execute(
            update(Enrolment).where(Enrolment.school_id == 2).values(ended_on=date(2026, 11, 1))
        )
    assert foresee_paper(room, "celine.dupont", None).school.uai == CHARLEMAGNE


def test_what_was_agreed_is_what_is_done(services: Services, tmp_path: Path) -> None:
    """An account that changed after it was shown to the desk is left alone."""
    former = former_password(services, tmp_path / "a")
    room, mail = services.print_room(NOW), mail_room(services)
    paper, letter = foresee_paper(room, "nadia.moreau", None), foresee_mail(
        mail, "nadia.moreau", None
    )  # fmt: skip
    with services.transaction() as session:
        session.execute(update(Guardian).values(email="new@example.fr"))
    with pytest.raises(AccountChanged):
        resend_by_mail(mail, letter, reason=None)
    assert works(services, former)
    letter = foresee_mail(mail, "nadia.moreau", None)
    change(services, "nadia.moreau", state=AccountState.EMAIL_PENDING, password_hash=b"own")

    with pytest.raises(AccountChanged):
        resend_on_paper(room, paper, tmp_path / "b", reason=None)
    with pytest.raises(AccountChanged):
        resend_by_mail(mail, letter, reason=None)

    assert account(services).password_hash == b"own"
    assert not (tmp_path / "b").exists()


def test_while_the_school_prints_nothing_is_resent(services: Services, tmp_path: Path) -> None:
    """Whoever prints holds its letters; the desk is told to wait."""
    former_password(services, tmp_path / "a")

    with services.lock(letters_lock(1)):
        with pytest.raises(AlreadyRunning):
            on_paper(services, tmp_path / "b")
        with pytest.raises(AlreadyRunning):
            by_mail(services)


def test_a_letter_that_waits_in_the_outbox_is_called_back(
    services: Services, tmp_path: Path
) -> None:
    """Its password would no longer work: cancelled and wiped with the letter it carries."""
    former_password(services, tmp_path)
    by_mail(services)
    by_mail(services)

    with services.transaction() as session:
        every = select(Message).order_by(Message.id).options(undefer("*"))
        first, second = session.scalars(every)
    assert (first.state, first.sealed, first.ended_at) == (MessageState.CANCELLED, None, NOW)
    assert second.state is MessageState.WAITING
    ((_, values),) = waiting_letters(services)
    assert works(services, str(values["password"]))


def test_a_letter_by_mail_is_a_letter_for_the_next_round(
    services: Services, tmp_path: Path
) -> None:
    """Who holds one is not notified again; the slip of the others says since when (R-12)."""
    fill(services, (replace(NADIA, parents=(NADIA.parents[0], MOREAUS.parents[1])),))
    issue(services, tmp_path / "a")
    by_mail(services)
    change(services, "karim.moreau", state=AccountState.NOT_NOTIFIED)

    again = issue(services, tmp_path / "b")
    expired = issue(services, tmp_path / "c", who=Who.EXPIRED)

    assert [page.identifier for page in letters_under(tmp_path / "b")] == ["karim.moreau"]
    assert (again.letters, expired.letters) == (1, 0)


def test_a_former_letter_ends_by_the_clock_of_its_own_school(
    services: Services, tmp_path: Path
) -> None:
    """Past its last day it had expired at midnight, whatever cron has done (R-11)."""
    former_password(services, tmp_path / "a")
    with services.transaction() as session:
        session.execute(update(Letter).values(last_day=date(2026, 11, 22)))

    on_paper(services, tmp_path / "b")

    old = letters_of(services)[0]
    assert (old.end, old.ended_at) == (
        LetterEnd.EXPIRED, NOW.replace(day=22, hour=23, minute=0),
    )  # fmt: skip


def test_a_pending_campaign_makes_holders_begin_again(services: Services, tmp_path: Path) -> None:
    """`letters issue --who pending` voids the holders' own passwords and sessions too (R-13)."""
    fill(services)
    issue(services, tmp_path / "a")
    with services.transaction() as session:
        session.execute(update(Letter).values(ended_at=NOW, end=LetterEnd.USED))
        session.execute(
            update(Account)
            .where(Account.identifier.in_(["nadia.moreau", "celine.dupont"]))
            .values(state=AccountState.EMAIL_PENDING, password_hash=b"own", email="x@example.org")
        )

    issued = issue(services, tmp_path / "b", who=Who.PENDING)

    pages = {page.identifier: page.password for page in letters_under(tmp_path / "b")}
    assert issued.letters == 2
    for identifier, password in pages.items():
        now = account(services, identifier)
        assert (now.state, now.password_hash) == (AccountState.NOTIFIED, None)
        assert (now.sessions_void_at, now.email) == (NOW, None)
        assert works(services, password, identifier)
    assert sorted(pages) == ["celine.dupont", "nadia.moreau"]
    assert len(told(services, TrailKind.ACCOUNT_RESET)) == 2
    assert account(services, "jean.dupont").sessions_void_at is None


def test_a_resend_is_a_batch_of_its_own(services: Services, tmp_path: Path) -> None:
    """Its number goes on, its kind is remembered; a second one the same day is another file."""
    former_password(services, tmp_path / "a")

    first, second = on_paper(services, tmp_path / "b"), on_paper(services, tmp_path / "b")

    assert (first.batch_id, second.batch_id) == (2, 3)
    assert len(letters_under(tmp_path / "b")) == 2
    with services.reading() as session:
        kinds = session.scalars(select(Batch.who).order_by(Batch.id)).all()
    assert kinds == [Who.NEW, Who.RESEND, Who.RESEND]
    assert works(services, letters_under(tmp_path / "b")[1].password)


def test_the_hash_of_the_former_letter_stays_for_its_advice(
    services: Services, tmp_path: Path
) -> None:
    """For 90 days the portal can answer «no longer valid» to the right password (R-11)."""
    former_password(services, tmp_path / "a")
    on_paper(services, tmp_path / "b")

    assert letters_of(services)[0].password_hash is not None
