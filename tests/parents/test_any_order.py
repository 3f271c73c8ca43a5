"""Stories in any order, with what comes once in: FranceConnect, recoveries, changes, imports.

The books know who has asked for which address from inside, which address is confirmed, which
password was chosen last and which identity was linked. A link opens what it was sent for, for
as long as it was promised; a new password shuts everybody else out.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.messages import Channel
from educonnect_admin.gateways.franceconnect import Departure, Identity, Proved
from educonnect_admin.office.import_roster import import_roster
from educonnect_admin.parents import change_email
from educonnect_admin.parents.change_password import ChangeVerdict, change_password
from educonnect_admin.parents.franceconnect_mobile import MobileVerdict, ask_mobile
from educonnect_admin.parents.mail_links import look_at_link
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.recover_identifier import ask_identifiers
from educonnect_admin.parents.recover_password import ResetVerdict, ask_for_reset
from educonnect_admin.parents.reset_password import Reset, reset_password
from educonnect_admin.parents.sign_in_with_franceconnect import Verdict, arrive, depart, finish
from educonnect_admin.rosters.rows import Reading
from tests.parents.any_order import (
    FIRST_MAILBOX,
    MOBILE,
    OTHER_OWN,
    OWN,
    PICK,
    SECRETS,
    TYPED,
    WHO,
    Portal,
    stories,
)
from tests.parents.portal_office import Posted, messages
from tests.support.families import child, file_of, guardian, pupil
from tests.support.households import CHARLEMAGNE, DUPONTS, MOREAUS, Family
from tests.support.postgres import drop_database, new_database
from tests.support.schema import copy_file

SECOND_MAILBOX = "autre@example.fr"
MAILBOXES = st.sampled_from([FIRST_MAILBOX, SECOND_MAILBOX])
PASSWORDS = st.sampled_from([OWN, OTHER_OWN])
MOSTLY = st.sampled_from([True, True, True, False])
AWAY = Client("192.0.2.5")


class Provider:
    """An honest provider that has just proved somebody; how it does has tests of its own."""

    issuer = "https://provider.example"

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    def origins(self) -> list[str]:
        """Nothing leaves this test."""
        return []

    def depart(self, callback: str, now: datetime) -> Departure:  # noqa: ARG002
        """Send nobody anywhere."""
        return Departure(address=callback, state="state", nonce="nonce", verifier="verifier")

    def arrive(self, query: Mapping[str, str], **asked: object) -> Proved:
        """Be back at once."""
        assert query["state"] == "state"
        assert asked["nonce"] == "nonce"
        return Proved(identity=self.identity, id_token="token")

    def farewell(self, *visit: object) -> str | None:  # noqa: ARG002
        """End nothing."""
        return None


def _identity(subject: str, given: str) -> Identity:
    return Identity(
        subject=subject, family_name="DURAND", given_names=(given,), usage_name="DUPONT"
    )


PEOPLE = {
    "celine": _identity("celine", "Céline"),
    "namesake": _identity("namesake", "Céline"),
    "stranger": _identity("stranger", "Zoé"),
}


class Ways(Portal):
    """Everything that the first machine plays, and what comes once somebody is in."""

    @initialize()
    def begin_more_books(self) -> None:
        """Nobody has asked for anything yet."""
        self.linked: dict[str, str] = {}
        self.back: dict[int, str] = {}
        self.seen_at: dict[str, datetime] = {}

    # Whole ways in: left to chance alone, few stories would come as far

    @rule(identifier=WHO, right=MOSTLY)
    def come_in_by_letter(self, identifier: str, right: bool) -> None:
        """The letter, the dates, the newest link, and in with the password of one's own."""
        self.log_in(identifier, SECRETS[identifier], "192.0.2.8")
        self.activate(0, right)
        self._link(0)
        if self._mails():
            newest = str(self._mails()[-1][1].get("link", ""))
            self.follow(newest.rpartition("/")[2])
        self.come_back(identifier)

    @rule(identifier=WHO)
    def come_back(self, identifier: str) -> None:
        """With the password chosen last."""
        if identifier in self.own:
            self.log_in(identifier, self.own[identifier], "192.0.2.8")

    @rule(code=MOSTLY, dates=MOSTLY)
    def come_in_by_sms(self, code: bool, dates: bool) -> None:
        """The mobile, the code, the dates, a password."""
        self.begin_by_sms("Céline", MOBILE)
        self.type_code(0, code)
        self.type_dates(0, dates)
        self.finish_by_sms(0)

    @rule(who=st.sampled_from(["celine", "namesake"]), code=MOSTLY, dates=MOSTLY)
    def come_in_by_franceconnect(self, who: str, code: bool, dates: bool) -> None:
        """There and back, the code, the dates."""
        self.franceconnect(who, MOBILE)
        self.type_code(0, code)
        self.type_dates(0, dates)
        self.finish_with_franceconnect(0)

    @rule(identifier=WHO, email=MAILBOXES)
    def move_house(self, identifier: str, email: str) -> None:
        """In, another address, its link."""
        self.come_back(identifier)
        self.change_email(0, email)
        self.confirm_newest()

    @rule(identifier=WHO, password=PASSWORDS)
    def renew_the_password(self, identifier: str, password: str) -> None:
        """In, and another password."""
        self.come_back(identifier)
        self.change_password(0, self.own.get(identifier, OWN), password)

    @rule(identifier=WHO, other=WHO, by_letter=st.booleans())
    def join(self, identifier: str, other: str, by_letter: bool) -> None:
        """In, and the children of another account added by what opens it."""
        self.come_back(identifier)
        secret = SECRETS[other] if by_letter else self.own.get(other, OWN)
        self.search_another_account(0, other, secret)
        self.add_children(0)

    @rule()
    def confirm_newest(self) -> None:
        """Whatever the last mail brought."""
        self._link(0)
        if self._mails():
            self.confirm(str(self._mails()[-1][1].get("link", "")).rpartition("/")[2])

    @rule(identifier=WHO, password=PASSWORDS)
    def forget_the_password(self, identifier: str, password: str) -> None:
        """Ask, and follow the link at once."""
        self.ask_for_reset(identifier)
        self._link(0)
        if self._mails():
            self.reset_by(str(self._mails()[-1][1].get("link", "")).rpartition("/")[2], password)

    # Recoveries

    @rule(identifier=WHO)
    def ask_for_reset(self, identifier: str) -> None:
        """A link to another password goes to the confirmed address of an active account."""
        before = self._mails()
        asked = ask_for_reset(self.clock.means, AWAY, identifier)
        for to, _ in self._mails()[len(before) :]:
            assert asked.verdict is ResetVerdict.SENT
            assert to == self.mailboxes[identifier]
            assert self._state(identifier) is AccountState.ACTIVE

    @rule(which=PICK, password=PASSWORDS)
    def reset(self, which: int, password: str) -> None:
        """Whoever has the mailbox chooses another password; everybody else is out."""
        self.reset_by(self._link(which) or "", password)

    def reset_by(self, token: str, password: str) -> None:
        """By one link, whatever it was sent for."""
        found = look_at_link(self.clock.means, token)
        if found is not None and reset_password(self.clock.means, token, password) is Reset.DONE:
            identifier = self._identifier(found.account_id)
            assert found.email == self.mailboxes[identifier]
            assert self._age(token) < timedelta(hours=1)
            self.own[identifier] = password
            assert self._visits_of(found.account_id) == []
            assert reset_password(self.clock.means, token, password) is Reset.GONE

    @rule(email=MAILBOXES)
    def ask_identifiers(self, email: str) -> None:
        """Only those of accounts that have confirmed this very address."""
        before = self._mails()
        ask_identifiers(self.clock.means, AWAY, email)
        for to, values in self._mails()[len(before) :]:
            assert to == email
            told = {one for one in self.accounts if one in str(values)}
            assert told
            assert all(self.mailboxes.get(one) == email for one in told)

    # Changes, from inside

    @rule(which=PICK, email=MAILBOXES)
    def change_email(self, which: int, email: str) -> None:
        """Asked from inside, by whoever is in."""
        visitor = self._visitor(which)
        if visitor is not None and visitor.is_in:
            asked = change_email.ask_for(self.clock.means, visitor, email)
            if asked.verdict is change_email.EmailVerdict.SENT:
                self.wanted.setdefault(str(visitor.identifier), set()).add(email)

    @rule(which=PICK)
    def confirm_change(self, which: int) -> None:
        """Any link; only one that was asked for from inside changes an address."""
        self.confirm(self._link(which) or "")

    def confirm(self, token: str) -> None:
        """By one link, whatever it was sent for."""
        found = look_at_link(self.clock.means, token)
        if found is not None and change_email.confirm(self.clock.means, token):
            identifier = self._identifier(found.account_id)
            assert found.email in self.wanted[identifier]
            assert self._age(token) < timedelta(hours=72)
            self.mailboxes[identifier] = found.email

    @rule(which=PICK, current=TYPED, password=PASSWORDS)
    def change_password(self, which: int, current: str, password: str) -> None:
        """With the present one; every other visit is over."""
        visitor = self._visitor(which)
        if visitor is None or not visitor.is_in:
            return
        changed = change_password(
            self.clock.means, AWAY, visitor, current=current, password=password
        )
        if changed.verdict is ChangeVerdict.CHANGED:
            identifier = str(visitor.identifier)
            assert current == self.own[identifier]
            self.own[identifier] = password
            assert self._visits_of(visitor.account_id or 0) == []
            self.tokens.append(str(changed.token))

    # FranceConnect

    @rule(who=st.sampled_from(sorted(PEOPLE)), mobile=st.sampled_from([MOBILE, "+33700000000"]))
    def franceconnect(self, who: str, mobile: str) -> None:
        """There and back; straight in for the one who was linked, else a code to the mobile."""
        means = self._means(who)
        visitor = self.clock.who(depart(means, None).token)
        arrived = arrive(means, visitor, {"state": "state"})
        me = self.clock.visitor(str(arrived.token))
        if arrived.verdict is Verdict.IN:
            assert self.linked[who] == me.identifier
            assert self._state(str(me.identifier)) is AccountState.ACTIVE
            self.tokens.append(str(arrived.token))
            return
        asked = ask_mobile(means, me, AWAY, mobile)
        if asked.verdict is MobileVerdict.SENT:
            assert who in {"celine", "namesake"}
            assert mobile == MOBILE
            self.tokens.append(str(asked.token))
            self.back[self.clock.visitor(str(asked.token)).visit_id] = who

    @rule(which=PICK)
    def finish_with_franceconnect(self, which: int) -> None:
        """At any moment; an identity is linked only after code and dates."""
        visitor = self._visitor(which)
        token = finish(self._means("celine"), visitor) if visitor else None
        if visitor is None or token is None:
            return
        assert visitor.visit_id in self.coded & self.dated
        who, identifier = self.back[visitor.visit_id], "celine.dupont"
        self.linked = {one: its for one, its in self.linked.items() if its != identifier}
        self.linked[who] = identifier
        self.by_franceconnect.add(identifier)
        self.lives.discard(identifier)
        self.tokens.append(token)

    # The office

    @rule(gone=st.sampled_from([None, "Enzo", "Sami"]), label=st.sampled_from(["CP A", "CP B"]))
    def import_again(self, gone: str | None, label: str) -> None:
        """The file of the month: a class has changed, a child has left or is back."""
        files = [_file(family, gone, label) for family in (DUPONTS, MOREAUS)]
        readings = [one for pair in files for one in pair]
        author = self.services.author(self.clock.now)
        with self.services.transaction() as session:
            import_roster(session, CHARLEMAGNE, readings, author, accept_departures=True)

    def _means(self, who: str) -> Means:
        return replace(self.clock.means, franceconnect=Provider(PEOPLE[who]))

    def _mails(self) -> list[Posted]:
        return messages(self.services, Channel.MAIL)

    def _link(self, which: int) -> str | None:
        token = super()._link(which)
        for link in self.links:
            self.seen_at.setdefault(link.rpartition("/")[2], self.clock.now)
        return token

    def _age(self, token: str) -> timedelta:
        """Return how long ago a link was seen first: it is as old as that, at least."""
        return self.clock.now - self.seen_at[token]

    def _visits_of(self, account_id: int) -> list[int]:
        visitors = [self.clock.who(token) for token in self.tokens]
        return [one.visit_id for one in visitors if one and one.account_id == account_id]


def _file(family: Family, gone: str | None, label: str) -> tuple[Reading, Reading]:
    name = family.parents[0].family_name
    pupils = [
        pupil(
            one.given_name,
            one.family_name,
            one.born,
            level=one.level,
            class_label=label if one.class_label == "CP A" else one.class_label,
        )
        for one in family.children
        if one.given_name != gone
    ]
    mentions = [child(one.given_name, one.family_name, one.class_label) for one in pupils]
    parents = [
        guardian(
            one.given_name,
            one.family_name,
            *mentions,
            civility=one.civility,
            usage_name=one.usage_name,
            email=one.email,
            mobile=one.mobile,
            street=one.street,
            postcode=one.postcode,
            city=one.city,
        )
        for one in family.parents
    ]
    return file_of(*pupils, name=f"{name}.csv"), file_of(*parents, name=f"{name}-parents.csv")


@pytest.mark.slow
def test_nothing_opens_unproved_in_any_order(sqlite_template: Path) -> None:
    """On SQLite; the same stories at each run."""

    class Story(Ways):
        def database(self, folder: Path) -> str:
            copy_file(sqlite_template, folder / "office.sqlite")
            return str(folder / "office.sqlite")

    run_state_machine_as_test(Story, settings=stories(25, 50))


@pytest.mark.slow
def test_nor_on_postgresql(postgres_socket: str, postgres_template: str) -> None:
    """A few of them on the other database, which makes and breaks locks its own way."""

    class Story(Ways):
        def database(self, folder: Path) -> str:
            del folder
            self.url = new_database(postgres_socket, postgres_template)
            return self.url

        def teardown(self) -> None:
            super().teardown()
            if hasattr(self, "url"):
                drop_database(postgres_socket, self.url)

    run_state_machine_as_test(Story, settings=stories(4, 50))
