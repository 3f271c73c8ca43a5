"""Registering by SMS, from names and a mobile to being in (R-30 to R-34)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.holder_passwords import PasswordFault
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.visits import Entry
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import owner_of_account, owner_of_letter
from educonnect_admin.parents import proofs
from educonnect_admin.parents.claiming import Claimant
from educonnect_admin.parents.coming_in import come_in
from educonnect_admin.parents.proofs import GivenVerdict
from educonnect_admin.parents.register_by_sms import (
    BeginVerdict,
    Begun,
    begin,
    fault_of,
    finish,
    identifier_to_note,
)
from educonnect_admin.parents.sms_proof import CodeVerdict, SendVerdict
from educonnect_admin.queries.visits import Visitor
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.parents.portal_office import HOME, Clock, last_code, messages

MOBILE = "+33612345678"
PASSWORD = "Cerise42bleue"
ENZO, LEA = date(2020, 3, 4), date(2016, 5, 6)


class Registering(Clock):
    """Céline, notified by a letter, registers by SMS instead."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.office = Office(services)
        self.record = self.office.record("Céline")
        self.account = self.office.account("celine.dupont", self.record)
        self.letter = self.office.letter(self.account)
        self.enzo, self.lea = self.office.pupil("Enzo"), self.office.pupil("Léa")
        self.right = {self.enzo: ENZO, self.lea: LEA}

    def begin(self, visitor: Visitor | None = None, mobile: str = MOBILE) -> Begun:
        """Give names and mobile."""
        claimant = Claimant.of(given_names=["Céline"], surnames=["DUPONT"], mobile=mobile)
        return begin(self.means, HOME, visitor, claimant)

    def begun(self) -> Visitor:
        """Give them, and be on the way."""
        return self.visitor(self.begin().token or "")

    def with_code(self) -> Visitor:
        """Be where the birth dates are asked for."""
        visitor = self.begun()
        verdict = proofs.give_code(self.means, visitor, last_code(self.services))
        assert verdict is CodeVerdict.RIGHT
        return self.again(visitor)

    def give(self, visitor: Visitor, dates: Mapping[int, date | None]) -> GivenVerdict | None:
        """Give birth dates."""
        given = proofs.give_dates(self.means, visitor, dates)
        return given.verdict if given else None

    def proved(self) -> Visitor:
        """Be where the password is chosen."""
        visitor = self.with_code()
        assert self.give(visitor, self.right) is GivenVerdict.RIGHT
        return self.again(visitor)

    def change(self, table: Any, **values: Any) -> None:
        """Let the desk, or an import, change something meanwhile."""
        with self.services.transaction() as session:
            session.execute(update(table).values(**values))

    def child_elsewhere(self, record: int) -> int:
        """Let a record of the second school answer for a child there."""
        with self.services.transaction() as session:
            child = Pupil(
                family_name="DUPONT",
                usage_name=None,
                given_name="Marceau",
                birth_date=date(2014, 1, 1),
                ine=None,
            )
            session.add(child)
            session.flush()
            session.add(
                Enrolment(
                    pupil_id=child.id,
                    school_id=self.office.other_school,
                    class_id=None,
                    level="6E",
                    started_on=date(2026, 9, 1),
                )
            )
            session.add(
                Guardianship(
                    guardian_id=record, pupil_id=child.id, legal=True, started_on=date(2026, 9, 1)
                )
            )
            return child.id


@pytest.fixture
def registering(services: Services) -> Registering:
    """An office where Céline may register, on both databases."""
    return Registering(services)


@pytest.fixture
def celine(sqlite_services: Services) -> Registering:
    """The same on SQLite, for what does not depend on the database."""
    return Registering(sqlite_services)


def test_the_whole_way(registering: Registering) -> None:
    """Active at once, logged in, the letter used up, its password hashed (R-34)."""
    visitor = registering.proved()
    assert identifier_to_note(registering.means, visitor) == "celine.dupont"
    assert fault_of(registering.means, visitor, PASSWORD) is None
    token = finish(registering.means, visitor, PASSWORD)

    holder = registering.visitor(token or "")
    assert (holder.account_id, holder.entry, holder.is_in) == (
        registering.account,
        Entry.SMS,
        True,
    )
    with registering.services.reading() as session:
        account = session.get_one(Account, registering.account)
        assert account.journey == "sms"
        assert account.activated_at == account.last_login_at == NOW
        assert account.confirmed_email is None
        assert account.password_hash is not None
        assert registering.services.vault.accepts(
            account.password_hash, PASSWORD, owner_of_account(account.id)
        )
    assert registering.office.state(registering.account) == "active"
    assert registering.office.rows('SELECT "end" FROM letters') == [("used",)]
    assert finish(registering.means, visitor, PASSWORD) is None


def test_the_trail_of_the_way(registering: Registering) -> None:
    """In the chain of the school: the code, the letter, the activation; it verifies (R-63)."""
    finish(registering.means, registering.proved(), PASSWORD)

    told = registering.office.rows(
        "SELECT kind, account_id, details FROM trail_entries WHERE kind != 'office.opened'"
        " ORDER BY id"
    )
    assert [row[0] for row in told] == ["message.queued", "letter.ended", "account.activated"]
    assert {row[1] for row in told} == {registering.account}
    assert told[2][2] == '{"journey":"sms"}'
    assert registering.office.is_sound([registering.office.school])


@pytest.mark.parametrize("step", ["code", "dates", "password"])
def test_no_step_can_be_skipped(celine: Registering, step: str) -> None:
    """Whoever types the address of a later page is not let through."""
    visitor = {"code": celine.journey, "dates": celine.begun, "password": celine.with_code}[step]()

    match step:
        case "code":
            assert proofs.give_code(celine.means, visitor, "123456") is None
            assert proofs.send_another(celine.means, visitor) is None
        case "dates":
            assert celine.give(visitor, celine.right) is None
        case "password":
            assert identifier_to_note(celine.means, visitor) is None
    assert finish(celine.means, visitor, PASSWORD) is None
    assert celine.office.state(celine.account) == "notified"


@pytest.mark.parametrize(
    "meanwhile", ["mobile", "active", "closed", "letter journey", "child", "homonym"]
)
def test_what_was_proved_must_still_be_true_at_the_end(celine: Registering, meanwhile: str) -> None:
    """The desk corrects, an import adds, the letter is used: the end looks again."""
    visitor = celine.proved()
    match meanwhile:
        case "mobile":
            celine.change(Guardian, mobile="+33699999999")
        case "active" | "closed":
            celine.change(Account, state=AccountState(meanwhile))
        case "letter journey":
            celine.change(Account, state=AccountState.ACTIVE)
        case "child":
            record = celine.office.second_record("Céline")
            with celine.services.transaction() as session:
                session.get_one(Guardian, record).account_id = celine.account
            celine.child_elsewhere(record)
        case "homonym":
            record = celine.office.second_record("Céline", email=None)
            celine.office.account("celine.dupont1", record)
            celine.child_elsewhere(record)

    assert finish(celine.means, visitor, PASSWORD) is None
    assert (
        celine.office.one(f"SELECT password_hash FROM accounts WHERE id = {celine.account}") is None
    )


def test_the_dates_of_another_child_are_asked_for_again(celine: Registering) -> None:
    """A child that came meanwhile is shown first; nothing counts (R-33)."""
    visitor = celine.with_code()
    record = celine.office.second_record("Céline")
    with celine.services.transaction() as session:
        session.get_one(Guardian, record).account_id = celine.account
    child = celine.child_elsewhere(record)

    assert celine.give(visitor, celine.right) is GivenVerdict.CHANGED
    assert celine.office.rows("SELECT * FROM try_counts WHERE kind = 'birth_date'") == []
    right = {**celine.right, child: date(2014, 1, 1)}
    assert celine.give(visitor, right) is GivenVerdict.RIGHT
    assert finish(celine.means, visitor, PASSWORD) is not None


def test_an_address_that_awaits_its_link_is_no_hindrance(celine: Registering) -> None:
    """Active at once, whatever its e-mail; who came in before is out (R-34)."""
    celine.change(Account, state=AccountState.EMAIL_PENDING, email="dupont@example.fr")
    visitor = celine.proved()
    celine.later(timedelta(seconds=1))

    assert finish(celine.means, visitor, PASSWORD) is not None
    assert celine.office.state(celine.account) == "active"
    void = celine.office.one(f"SELECT sessions_void_at FROM accounts WHERE id = {celine.account}")
    assert void is not None


def test_both_accounts_of_one_person_become_one(registering: Registering) -> None:
    """The children of both are proved, then both answer to one identifier (R-7, R-8)."""
    record = registering.office.second_record("Céline")
    child = registering.child_elsewhere(record)
    other = registering.office.account("celine.dupont1", record)
    visitor = registering.with_code()
    proof = proofs.current_proof(registering.means, visitor)
    assert proof is not None
    wards = proofs.children_to_prove(registering.means, proof)
    assert {ward.pupil_id for ward in wards} == {registering.enzo, registering.lea, child}

    assert registering.give(visitor, registering.right) is GivenVerdict.CHANGED
    right = {**registering.right, child: date(2014, 1, 1)}
    assert registering.give(visitor, right) is GivenVerdict.RIGHT
    assert finish(registering.means, visitor, PASSWORD) is not None
    assert registering.office.state(other) == "regrouped"
    holders = registering.office.rows(
        "SELECT account_id FROM guardians WHERE given_name = 'Céline'"
    )
    assert holders == [(registering.account,), (registering.account,)]
    schools = [registering.office.school, registering.office.other_school]
    assert registering.office.is_sound(schools)


def test_five_wrong_dates_end_the_journey(registering: Registering) -> None:
    """The visit is over; which date was wrong is never said (R-6)."""
    visitor = registering.with_code()
    wrong = {**registering.right, registering.enzo: LEA}

    assert [registering.give(visitor, wrong) for _ in range(4)] == [GivenVerdict.WRONG] * 4
    assert registering.give(visitor, wrong) is GivenVerdict.OVER
    assert registering.give(visitor, registering.right) is None


def test_ten_wrong_dates_close_the_way_for_a_day(celine: Registering) -> None:
    """Over two journeys; then even the right ones are not looked at (R-6)."""
    wrong = {**celine.right, celine.enzo: None}
    verdicts = []
    for _ in range(2):
        visitor = celine.with_code()
        verdicts += [celine.give(visitor, wrong) for _ in range(5)]
        celine.later(timedelta(minutes=21))
    assert verdicts[-1] is GivenVerdict.CLOSED

    visitor = celine.with_code()
    assert celine.give(visitor, celine.right) is GivenVerdict.CLOSED
    celine.later(timedelta(hours=24))
    assert celine.give(celine.with_code(), celine.right) is GivenVerdict.RIGHT


def test_wrong_names_are_limited_by_address(celine: Registering) -> None:
    """A code that left gives the guess back: codes have limits of their own (R-6)."""
    celine.begin()
    verdicts = {celine.begin(mobile="+33699999999").verdict for _ in range(30)}
    assert verdicts == {BeginVerdict.UNKNOWN}

    assert celine.begin().verdict is BeginVerdict.TOO_OFTEN
    celine.later(timedelta(hours=1))
    assert celine.begin().verdict is BeginVerdict.SENT


def test_too_many_codes_leave_the_journey_as_it_was(celine: Registering) -> None:
    """The third code still works when a fourth was refused (R-6)."""
    visitor = celine.begun()
    for _ in range(2):
        sent = proofs.send_another(celine.means, visitor)
        assert sent is not None
        assert sent.verdict is SendVerdict.SENT
    code = last_code(celine.services)

    refused = proofs.send_another(celine.means, visitor)
    assert refused is not None
    assert refused.verdict is SendVerdict.TOO_MANY
    assert celine.begin(visitor).verdict is BeginVerdict.TOO_MANY_CODES
    assert proofs.give_code(celine.means, visitor, code) is CodeVerdict.RIGHT


def test_a_new_attempt_ends_the_former_one(celine: Registering) -> None:
    """Its token is forgotten, and its code with it."""
    visitor = celine.begun()
    second = celine.visitor(celine.begin(visitor).token or "")

    assert second.visit_id != visitor.visit_id
    assert proofs.give_code(celine.means, visitor, last_code(celine.services)) is None
    assert celine.office.one("SELECT count(*) FROM sms_codes") == 1


def test_the_right_code_pressed_twice_is_right(celine: Registering) -> None:
    """Whoever is impatient is not told that the code is over."""
    visitor = celine.with_code()

    assert proofs.give_code(celine.means, visitor, last_code(celine.services)) is CodeVerdict.RIGHT
    assert proofs.send_another(celine.means, visitor) is None
    assert len(messages(celine.services)) == 1


def test_the_password_of_the_letter_is_refused(celine: Registering) -> None:
    """It is printed on paper, in whatever case it is typed (R-4)."""
    visitor = celine.proved()
    sealed = celine.services.vault.seal("BUNZ57DM", owner_of_letter(f"L{celine.account:011}"))
    celine.change(Letter, password_hash=sealed)

    assert fault_of(celine.means, visitor, "bunz57dm") is PasswordFault.IS_TEMPORARY
    assert fault_of(celine.means, visitor, "celinedupont") is PasswordFault.NO_DIGIT


def test_nothing_tells_the_password_of_the_letter_before_the_proofs(celine: Registering) -> None:
    """Names and a mobile are known to many: here it could be tried without any limit (R-6)."""
    sealed = celine.services.vault.seal("BUNZ57DM", owner_of_letter(f"L{celine.account:011}"))
    celine.change(Letter, password_hash=sealed)

    assert fault_of(celine.means, celine.begun(), "bunz57dm") is None
    assert fault_of(celine.means, celine.with_code(), "bunz57dm") is None


def test_a_visit_that_began_in_the_same_moment_is_over(registering: Registering) -> None:
    """By a password given on the letter's screen and never confirmed: it is the former one."""
    visitor = registering.proved()
    registering.change(Account, state=AccountState.EMAIL_PENDING)
    later = registering.services.means(NOW + timedelta(seconds=1))
    with later.transaction() as session:
        account = session.get_one(Account, registering.account)
        stranger = come_in(session, later, account, Entry.PASSWORD)

    token = finish(registering.means, visitor, PASSWORD)

    registering.later(timedelta(seconds=2))
    assert registering.who(stranger) is None
    assert registering.visitor(token or "").is_in
