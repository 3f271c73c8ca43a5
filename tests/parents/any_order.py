"""Ways in, in any order of visits, clicks, expiries and corrections: nothing opens unproved.

A machine plays parents, a stranger and the desk in any order, and keeps its own books of what
was proved, apart from the product's. After each step the database must agree with them: no
account is active without its proofs, no temporary password outlives its letter, no child goes
to another account by a parent's own act without both credentials.
"""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)
from sqlalchemy import select

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.messages import Channel
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.domain.visits import Entry
from educonnect_admin.office.desk.close_account import close_account
from educonnect_admin.office.desk.correct_birth_date import correct_birth_date
from educonnect_admin.office.desk.unlock_account import unlock_account
from educonnect_admin.opening import open_office
from educonnect_admin.parents import proofs, register_by_sms
from educonnect_admin.parents.activate_by_letter import (
    ActivationVerdict,
    Wish,
    activate_by_letter,
    sheet_of,
)
from educonnect_admin.parents.claiming import Claimant
from educonnect_admin.parents.confirm_email import Standing, confirm_email
from educonnect_admin.parents.log_in import log_in
from educonnect_admin.parents.mail_links import look_at_link
from educonnect_admin.parents.means import Client
from educonnect_admin.parents.prove_password import ProofVerdict
from educonnect_admin.parents.register_by_sms import BeginVerdict
from educonnect_admin.parents.regroup_accounts import SearchVerdict, add_children, search_account
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.trail_check import first_broken_entry
from educonnect_admin.queries.visits import Visitor
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.parents.portal_office import Clock, messages
from tests.portal.holders import Holders

SECRETS = {"celine.dupont": "BZNZ57DM", "nadia.moreau": "CFKR24TW", "karim.moreau": "DGMS35VX"}
NAMES = {"celine.dupont": "Céline", "nadia.moreau": "Nadia", "karim.moreau": "Karim"}
MOBILE = "+33612345678"
OWN = "tilleul7"
OTHER_OWN = "platane8"
FIRST_MAILBOX = "parent@example.fr"
WHO = st.sampled_from(sorted(SECRETS))
TYPED = st.sampled_from([*SECRETS.values(), OWN, OTHER_OWN, "HJNT46WZ"])
PICK = st.integers(0, 7)


class Portal(RuleBasedStateMachine):
    """The portal and its office, and the machine's own books."""

    def database(self, folder: Path) -> str:
        """Make an empty database and return its address."""
        raise NotImplementedError

    @initialize()
    def open(self) -> None:
        """Open an office where three parents have a letter each."""
        self.folder = tempfile.TemporaryDirectory()
        self.services = open_office(
            Settings(
                database_url=self.database(Path(self.folder.name)),
                secret_key_file=Path(self.folder.name) / "secret.key",
                operator="alice",
                hashing="cheap-for-tests",
            ),
            NOW,
        )
        self.holders, self.clock = Holders(self.services), Clock(self.services)
        begun = Happening(TrailKind.SCHOOL_ADDED, school_id=self.holders.school)
        with self.services.transaction() as session:
            append_to_trail(session, self.services.author(NOW), [begun])
        self.accounts = {one: self._notified(one) for one in SECRETS}
        self.tokens: list[str] = []
        self.links: set[str] = set()
        # The books: whose letter still lives, who has given which proofs, who has joined whom.
        self.issued = dict.fromkeys(SECRETS, NOW.date())
        self.lives = set(SECRETS)
        self.letter_done: set[str] = set()
        self.confirmed: set[str] = set()
        self.by_sms: set[str] = set()
        self.coded: set[int] = set()
        self.dated: set[int] = set()
        self.proved_other: dict[int, str] = {}
        self.by_franceconnect: set[str] = set()
        self.own: dict[str, str] = {}
        self.mailboxes: dict[str, str] = {}
        self.wanted: dict[str, set[str]] = {}
        self.records = self._records()

    def _notified(self, identifier: str) -> int:
        account_id = self.holders.account(identifier, self.holders.record(NAMES[identifier]))
        self.holders.give_letter(account_id, SECRETS[identifier])
        return account_id

    def teardown(self) -> None:
        """The trail still verifies; the office is closed."""
        if hasattr(self, "services"):
            with self.services.reading() as session:
                pen = self.services.author(NOW).pen
                assert first_broken_entry(session, pen, self.holders.school) is None
            self.services.close()
            self.folder.cleanup()

    # What parents and strangers do

    @rule(identifier=WHO, password=TYPED, address=st.sampled_from(["192.0.2.1", "192.0.2.2"]))
    def log_in(self, identifier: str, password: str, address: str) -> None:
        """A letter's password opens while the letter lives; the own one, once it was chosen."""
        tried = log_in(
            self.clock.means, Client(address), None, identifier=identifier, password=password
        )
        if tried.verdict is ProofVerdict.LETTER:
            assert password == SECRETS[identifier]
            assert identifier in self.lives
            assert self._today() <= _three_months_after(self.issued[identifier])
        if tried.verdict is ProofVerdict.OWN:
            assert password == self.own.get(identifier)
        if tried.token:
            self.tokens.append(tried.token)

    @rule(which=PICK, right=st.booleans())
    def activate(self, which: int, right: bool) -> None:
        """Every date must be right; the letter is used up by it."""
        visitor = self._visitor(which)
        if visitor is None or visitor.entry is not Entry.TEMPORARY:
            return
        means = self.clock.means
        typed = {
            ward.pupil_id: ward.birth_date if right else date(2001, 1, 1)
            for ward in sheet_of(means, visitor).children
        }
        wish = Wish(password=OWN, email=FIRST_MAILBOX)
        done = activate_by_letter(means, visitor, wish, typed)
        if done.verdict is ActivationVerdict.DONE:
            identifier = str(visitor.identifier)
            assert right
            assert identifier in self.lives
            self.lives.discard(identifier)
            self.letter_done.add(identifier)
            self.own[identifier] = OWN

    @rule(which=PICK)
    def follow_a_link(self, which: int) -> None:
        """Any link of any mail so far, however old."""
        self.follow(self._link(which) or "")

    def follow(self, token: str) -> None:
        """Follow one link, whatever it was sent for."""
        found = look_at_link(self.clock.means, token)
        if confirm_email(self.clock.means, token).standing is not Standing.CONFIRMED:
            return
        assert found is not None
        identifier = self._identifier(found.account_id)
        if found.kind is LinkKind.ACTIVATION:
            assert identifier in self.letter_done
            assert found.email == FIRST_MAILBOX
        else:
            assert found.kind is LinkKind.EMAIL_CHANGE
            assert found.email in self.wanted[identifier]
        self.confirmed.add(identifier)
        self.mailboxes[identifier] = found.email

    @rule(
        given=st.sampled_from(["Céline", "Jean", "Zoé"]), mobile=st.sampled_from([MOBILE, "+33700"])
    )
    def begin_by_sms(self, given: str, mobile: str) -> None:
        """Only who bears the name and has the mobile is sent a code."""
        claimant = Claimant.of(given_names=[given], surnames=["Dupont"], mobile=mobile)
        begun = register_by_sms.begin(self.clock.means, Client("192.0.2.3"), None, claimant)
        if begun.verdict is BeginVerdict.SENT:
            assert (given, mobile) == ("Céline", MOBILE)
            self.tokens.append(str(begun.token))

    @rule(which=PICK, right=st.booleans())
    def type_code(self, which: int, right: bool) -> None:
        """The last code, or another."""
        visitor = self._visitor(which)
        sent = messages(self.services)
        if visitor is None or not sent:
            return
        code = str(sent[-1][1]["code"]) if right else "0"
        if proofs.give_code(self.clock.means, visitor, code) is not None and self._has_code(
            visitor
        ):
            assert right or visitor.visit_id in self.coded
            self.coded.add(visitor.visit_id)

    @rule(which=PICK, right=st.booleans())
    def type_dates(self, which: int, right: bool) -> None:
        """The dates of all the children, right or not."""
        visitor = self._visitor(which)
        proof = proofs.current_proof(self.clock.means, visitor) if visitor else None
        if visitor is None or proof is None:
            return
        typed = {
            ward.pupil_id: ward.birth_date if right else date(2001, 1, 1)
            for ward in proofs.children_to_prove(self.clock.means, proof)
        }
        given = proofs.give_dates(self.clock.means, visitor, typed)
        if given is not None and given.verdict is proofs.GivenVerdict.RIGHT:
            assert right
            assert visitor.visit_id in self.coded
            self.dated.add(visitor.visit_id)

    @rule(which=PICK)
    def finish_by_sms(self, which: int) -> None:
        """A password at any moment; it counts only after code and dates."""
        visitor = self._visitor(which)
        if visitor is None:
            return
        token = register_by_sms.finish(self.clock.means, visitor, OWN)
        if token is not None:
            assert visitor.visit_id in self.coded & self.dated
            self.by_sms.add("celine.dupont")
            self.own["celine.dupont"] = OWN
            self.lives.discard("celine.dupont")
            self.tokens.append(token)

    @rule(which=PICK, identifier=WHO, password=TYPED)
    def search_another_account(self, which: int, identifier: str, password: str) -> None:
        """Identifier and password of another account, from a visit that is in."""
        visitor = self._visitor(which)
        if visitor is None or not visitor.is_in:
            return
        found = search_account(
            self.clock.means,
            Client("192.0.2.4"),
            visitor,
            identifier=identifier,
            password=password,
        )
        if found.verdict is SearchVerdict.FOUND:
            own = password == self.own.get(identifier)
            by_letter = password == SECRETS[identifier] and identifier in self.lives
            assert own or by_letter
            self.proved_other[visitor.visit_id] = identifier

    @rule(which=PICK)
    def add_children(self, which: int) -> None:
        """«Ajouter»: only what this visit has proved moves."""
        visitor = self._visitor(which)
        if visitor is None or not visitor.is_in:
            return
        if add_children(self.clock.means, visitor):
            other = self.proved_other[visitor.visit_id]
            moved = {
                one for one, account in self.records.items() if account == self.accounts[other]
            }
            self.records.update(dict.fromkeys(moved, visitor.account_id or 0))
            self.lives.discard(other)

    # What time and the desk do

    @rule(minutes=st.sampled_from([1, 1, 2, 19, 21, 31, 61, 60 * 25, 60 * 24 * 4, 60 * 24 * 60]))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.clock.later(timedelta(minutes=minutes))

    @rule(child=st.sampled_from(["Léa", "Sami"]), born=st.dates(date(2015, 1, 1), date(2020, 1, 1)))
    def correct(self, child: str, born: date) -> None:
        """The desk corrects a birth date."""
        author = self.services.author(self.clock.now)
        with self.services.transaction() as session:
            pupil = str(self.holders.pupil(child))
            correct_birth_date(session, pupil, born, reason="r", author=author)

    @rule(identifier=WHO)
    def unlock(self, identifier: str) -> None:
        """The desk forgets the wrong tries."""
        if self._state(identifier) in {AccountState.CLOSED, AccountState.REGROUPED}:
            return
        author = self.services.author(self.clock.now)
        with self.services.transaction() as session:
            unlock_account(session, identifier, reason="r", author=author)

    @rule(identifier=WHO)
    def lose_the_letter(self, identifier: str) -> None:
        """The desk says that a letter no longer counts."""
        if identifier not in self.lives:
            return
        with self.services.reading() as session:
            letter = next(iter(_letters(session, self.accounts[identifier])))
        self.holders.end_letter(letter, LetterEnd.SUPERSEDED)
        self.lives.discard(identifier)

    @rule(identifier=st.just("karim.moreau"))
    def close(self, identifier: str) -> None:
        """The desk closes an account."""
        if self._state(identifier) in {AccountState.CLOSED, AccountState.REGROUPED}:
            return
        author = self.services.author(self.clock.now)
        with self.services.transaction() as session:
            close_account(session, identifier, reason="r", author=author)
        self.lives.discard(identifier)

    # What must be true, always

    @invariant()
    def nobody_is_active_without_proofs(self) -> None:
        """By letter after the link, by SMS or FranceConnect after code and dates."""
        if not hasattr(self, "accounts"):
            return
        for identifier in SECRETS:
            state = self._state(identifier)
            if state is AccountState.ACTIVE:
                by_letter = self.letter_done & self.confirmed
                assert identifier in by_letter | self.by_sms | self.by_franceconnect
            if state is AccountState.EMAIL_PENDING:
                assert identifier in self.letter_done

    @invariant()
    def no_child_moves_unproved(self) -> None:
        """Records belong to whom they did, or to whoever proved both accounts."""
        if hasattr(self, "records"):
            assert self._records() == self.records

    @invariant()
    def a_letter_opens_nothing_else(self) -> None:
        """Whoever came in by a letter sees the activation alone."""
        for token in getattr(self, "tokens", []):
            visitor = self.clock.who(token)
            if visitor is not None and visitor.entry is Entry.TEMPORARY:
                assert not visitor.is_in
                assert visitor.identifier in self.lives or visitor.identifier not in self.own

    def _visitor(self, which: int) -> Visitor | None:
        return self.clock.who(self.tokens[-1 - which % len(self.tokens)]) if self.tokens else None

    def _link(self, which: int) -> str | None:
        """Return the token of any link of any mail so far, however old."""
        for _, values in messages(self.services, Channel.MAIL):
            if "link" in values:
                self.links.add(str(values["link"]))
        links = sorted(self.links)
        return links[which % len(links)].rpartition("/")[2] if links else None

    def _has_code(self, visitor: Visitor) -> bool:
        proof = proofs.current_proof(self.clock.means, self.clock.again(visitor))
        return proof is not None and proof.has_code

    def _records(self) -> dict[int, int | None]:
        with self.services.reading() as session:
            rows = session.execute(select(Guardian.id, Guardian.account_id))
            return {row.id: row.account_id for row in rows}

    def _state(self, identifier: str) -> AccountState:
        with self.services.reading() as session:
            return session.get_one(Account, self.accounts[identifier]).state

    def _identifier(self, account_id: int) -> str:
        return next(one for one, number in self.accounts.items() if number == account_id)

    def _today(self) -> date:
        return (self.clock.now + timedelta(hours=1)).date()  # Paris, in winter


def _three_months_after(day: date) -> date:
    """Return the same day three months later; the machine's letters are of a 23rd."""
    return date(day.year + (day.month + 2) // 12, (day.month + 2) % 12 + 1, day.day)


def _letters(session: object, account_id: int) -> list[int]:
    from educonnect_admin.domain.letters import Letter

    query = select(Letter.id).where(Letter.account_id == account_id, Letter.ended_at.is_(None))
    return list(session.scalars(query))  # type: ignore[attr-defined]


def stories(number: int, steps: int) -> settings:
    """Return so many stories of so many steps, the same at each run."""
    return settings(
        max_examples=number,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
