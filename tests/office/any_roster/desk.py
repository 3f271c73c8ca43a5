"""What the desk does in a story: corrections, answers, accounts, and the days that pass."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from educonnect_admin.domain.accounts import ENDED, Account, AccountState
from educonnect_admin.domain.desk_errors import AccountEnded, ContradictsAnswers, UndoLaterFirst
from educonnect_admin.domain.people import ReviewKind
from educonnect_admin.office.answering.answers import Answer, AnswerKind
from educonnect_admin.office.close_leavers import close_leavers
from educonnect_admin.office.desk.correct_birth_date import correct_birth_date
from educonnect_admin.office.desk.correct_guardian import correct_guardian
from educonnect_admin.office.desk.regroup_accounts import regroup_accounts, undo_regrouping
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.office.resolve_questions import resolve_questions
from educonnect_admin.queries.schools import school_by_uai
from tests.office.any_roster.exports import Order
from tests.office.any_roster.imports import Imports
from tests.office.any_roster.picture import Picture
from tests.office.any_roster.story import MOSTLY, ORDERS, PICK, SCHOOL, SELDOM, WISHES, Wish
from tests.office.any_roster.village import LIKES, SCHOOLS


class Rosters(Imports):
    """Rosters and corrections in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.regrouped: list[str] = []

    @rule(which=PICK, right=MOSTLY)
    def correct_a_date(self, which: int, right: bool) -> None:
        """The desk corrects the birth date of a pupil."""
        pupils = sorted(self.last_picture().pupils)
        if not pupils:
            return
        (number,) = pupils[which % len(pupils)]
        kid = self.village.kids[min(self.books.kid_of[number])]
        born = kid.born if right else kid.misdated
        with self.transaction() as session:
            correct_birth_date(session, str(number), born, reason="r", author=self.author)
        if self.picture().pupils[number,]["source_birth_date"] is None:
            self.books.dates.pop(number, None)
        else:
            self.books.dates[number] = born
            self.depth["corrected dates"] += 1

    @rule(
        which=PICK,
        contact=st.sampled_from(["email", "mobile", "street"]),
        taken_away=SELDOM,
    )
    def correct_a_contact(self, which: int, contact: str, taken_away: bool) -> None:
        """The desk corrects an e-mail, a mobile or an address, or takes an e-mail away."""
        records = sorted(self.last_picture().guardians)
        if not records:
            return
        (number,) = records[which % len(records)]
        adult = self.village.adults[min(self.books.adult_of[number])]
        right: dict[str, str | None] = {
            "email": None if taken_away else f"desk{adult.number}@z.fr",
            "mobile": f"+3363333{adult.number:04}",
            "street": f"{adult.number} rue du Bureau",
        }
        with self.transaction() as session:
            correct_guardian(
                session, number, {contact: right[contact]}, reason="r", author=self.author
            )
        after = self.picture()
        if (number, contact) in after.corrections:
            self.books.contacts[number, contact] = right[contact]
            self.depth["corrected contacts"] += 1
        else:
            self.books.contacts.pop((number, contact), None)

    @rule(order=ORDERS, wish=WISHES, one=st.sampled_from(sorted(LIKES)), moves=st.booleans())
    def meet_one_without_the_other(self, order: Order, wish: Wish, one: str, moves: bool) -> None:
        """Of two people alike one has a new mobile, perhaps, and the other's row is refused."""
        absent = {(school, LIKES[one], "refused") for school in SCHOOLS} - self.village.quirks
        self.village.quirks |= absent
        if moves:
            self.move_house(one, "mobile")
        self.take_in_everything(order, wish)
        self.village.quirks -= absent

    @rule(order=ORDERS, days=st.sampled_from([30, 91]), with_time=MOSTLY)
    def spend_a_summer_elsewhere(self, order: Order, days: int, with_time: bool) -> None:
        """Everybody leaves a school, and is back later; accounts may be closed meanwhile."""
        here = {kid.who: dict(kid.places) for kid in self.village.pupils_of(order.school)}
        if not here:
            return
        wish = Wish(departures=True, moves=True, whole_school=True)
        self.open_accounts(order.school)
        kept = min(here)
        for who in here.keys() - {kept}:
            self.village.kids[who].places = {}
        self.take_in_everything(order, wish)
        self.wait(days, with_time)
        for who, places in here.items():
            self.village.kids[who].places = places
        self.take_in_everything(order, wish)

    @rule(order=ORDERS, wish=WISHES, which=PICK)
    def correct_while_a_plan_waits(self, order: Order, wish: Wish, which: int) -> None:
        """The plan is outdated, if it is of the school whose record was corrected."""
        self.plan_for_later(order, wish)
        self.correct_a_contact(which, "mobile", taken_away=False)
        self.apply_what_waits()

    @rule(which=PICK, right=MOSTLY, other=PICK)
    def answer(self, which: int, right: bool, other: int) -> None:
        """Somebody answers a question of the queue, right or wrong."""
        picture = self.last_picture()
        waiting = sorted(
            number for (number,), row in picture.questions.items() if row["resolved_at"] is None
        )
        if not waiting:
            return
        item = picture.questions[waiting[which % len(waiting)],]
        answer, note_it = self._answer_to(item, picture, other if not right else None)
        try:
            with self.transaction() as session:
                resolve_questions(session, [item["id"]], answer, reason="r", author=self.author)
        except (AccountEnded, ContradictsAnswers):
            # The second: a wrong answer given before, through a third record.
            return
        self.depth[f"answered {item['kind']} {answer.kind}"] += 1
        note_it()
        if item["id"] in self.books.asked:
            self.books.settled[item["id"]] = self.books.asked[item["id"]][0]

    def _answer_to(
        self, item: dict[str, Any], picture: Picture, wrong: int | None
    ) -> tuple[Answer, Callable[[], None]]:
        if item["kind"] == ReviewKind.MERGE_PROPOSAL:
            return self._same_or_not(item, wrong)
        if item["kind"] == ReviewKind.AMBIGUOUS_GUARDIAN:
            return self._record_or_new(item, wrong)
        return self._pupil_or_none(item, picture, wrong)

    def _same_or_not(
        self, item: dict[str, Any], wrong: int | None
    ) -> tuple[Answer, Callable[[], None]]:
        people = (
            self.books.adult_of[item["guardian_id"]]
            | self.books.adult_of[item["other_guardian_id"]]
        )
        if len(people) == 1 or wrong is not None:
            return Answer(AnswerKind.SAME), partial(self._said_same, people)
        return Answer(AnswerKind.DIFFERENT), lambda: None

    def _said_same(self, people: set[str]) -> None:
        for one in people:
            for other in people - {one}:
                self.books.said_same.add(frozenset({one, other}))

    def _record_or_new(
        self, item: dict[str, Any], wrong: int | None
    ) -> tuple[Answer, Callable[[], None]]:
        person, _ = self.books.asked[item["id"]]
        candidates = json.loads(item["details"])["candidates"]
        if wrong is None:
            candidates = [n for n in candidates if self.books.adult_of[n] == {person}]
        if not candidates:
            return Answer(AnswerKind.NEW), lambda: None
        record = candidates[(wrong or 0) % len(candidates)]
        people = self.books.adult_of[record] | {person}
        return Answer(AnswerKind.RECORD, str(record)), partial(self._said_same, people)

    def _pupil_or_none(
        self, item: dict[str, Any], picture: Picture, wrong: int | None
    ) -> tuple[Answer, Callable[[], None]]:
        _, named = self.books.asked[item["id"]]
        adults_of = self.books.adult_of[item["guardian_id"]]
        enrolled = sorted(picture.enrolled(item["school_id"]))
        if wrong is None:
            enrolled = [
                n
                for n in enrolled
                for kid in self.books.kid_of[n]
                if kid in named and any((one, kid) in self.village.ever for one in adults_of)
            ]
        if not enrolled:
            return Answer(AnswerKind.NONE), lambda: None
        pupil = enrolled[(wrong or 0) % len(enrolled)]
        pairs = {(one, kid) for one in adults_of for kid in self.books.kid_of[pupil]}
        return Answer(AnswerKind.PUPIL, str(pupil)), lambda: self.books.said_linked.update(pairs)

    @rule(school=SCHOOL)
    def open_accounts(self, school: str) -> None:
        """Whoever has no account gets one, or joins the one of the other school."""
        with self.transaction() as session:
            done = generate_accounts(
                session,
                school_by_uai(session, school, lock=True),
                stem_digest=self.services.keyring.stem_digest,
                author=self.author,
            )
        self.depth["accounts opened"] += done.created
        self.depth["accounts joined"] += done.joined

    @rule(days=st.sampled_from([1, 1, 30, 91]), cron=MOSTLY)
    def wait(self, days: int, cron: bool) -> None:
        """Time passes, and cron with it."""
        self.now += timedelta(days=days)
        if cron:
            self.depth["accounts closed"] += close_leavers(self.transaction, self.author).closed

    @rule(which=PICK, other=PICK, right=MOSTLY)
    def regroup(self, which: int, other: int, right: bool) -> None:
        """The desk regroups two accounts: of one person, or not."""
        picture = self.last_picture()
        holders: dict[int, set[str]] = {}
        for (number,), row in picture.guardians.items():
            if row["account_id"] is not None:
                holders.setdefault(row["account_id"], set()).update(self.books.adult_of[number])
        living = [n for n in sorted(holders) if picture.accounts[n,]["state"] not in ENDED]
        pairs = [
            (one, two)
            for one in living
            for two in living
            if one != two and (not right or self.books.is_one(holders[one] | holders[two]))
        ]
        if not pairs:
            return
        kept, gone = pairs[(which + 31 * other) % len(pairs)]
        identifiers = [picture.accounts[n,]["identifier"] for n in (kept, gone)]
        with self.transaction() as session:
            regroup_accounts(session, *identifiers, reason="r", author=self.author, looked=True)
        self.depth["regroupings"] += 1
        self._said_same(holders[kept] | holders[gone])
        self.regrouped.append(identifiers[1])

    @rule()
    def undo(self) -> None:
        """The last regrouping is undone."""
        if not self.regrouped:
            return
        try:
            with self.transaction() as session:
                undo_regrouping(session, self.regrouped.pop(), reason="r", author=self.author)
        except UndoLaterFirst:
            return
        self.depth["regroupings undone"] += 1

    @rule(which=PICK)
    def activate(self, which: int) -> None:
        """A guardian activates the account."""
        with self.transaction() as session:
            living = [
                account
                for account in session.query(Account).order_by(Account.id)
                if account.state not in ENDED
            ]
            if living:
                living[which % len(living)].state = AccountState.ACTIVE

    # What must be true, always

    @invariant()
    def the_books_hold(self) -> None:
        """Nobody merged, doubled or lost, no identifier changed."""
        if hasattr(self, "outer") and self.seen is None:
            self.books.hold(self.picture())
