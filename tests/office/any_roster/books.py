"""The books of the truth: who is in which row of the database, and what must hold (R-7, R-60)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from educonnect_admin.domain.accounts import ENDED, AccountState
from educonnect_admin.domain.names import name_key
from educonnect_admin.office.importing.roster_plan import (
    GuardianDecision,
    Place,
    RosterPlan,
    Standing,
    Verdict,
)
from educonnect_admin.rosters.problems import ProblemCode
from educonnect_admin.rosters.rows import PupilRow
from tests.office.any_roster.exports import Export, Spot
from tests.office.any_roster.picture import Expected, Picture, is_question, told
from tests.office.any_roster.village import Village

_SET_ASIDE = {ProblemCode.LEFT_OUT, ProblemCode.REPEATED_GUARDIAN}


@dataclass
class Books:
    """Whom the rows of the database are about.

    `said_same` are the people whom an operator took for one, by mistake; `said_linked` the
    guardians and children. Of those nothing is asked any more.
    """

    village: Village
    kid_of: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    adult_of: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    said_same: set[frozenset[str]] = field(default_factory=set)
    said_linked: set[tuple[str, str]] = field(default_factory=set)
    asked: dict[int, tuple[str, list[str]]] = field(default_factory=dict)
    """By question, the guardian whom it is about and the children."""
    settled: dict[int, str] = field(default_factory=dict)
    dates: dict[int, date] = field(default_factory=dict)
    """By pupil, the date that the desk has corrected and no file agrees with yet."""
    contacts: dict[tuple[int, str], str | None] = field(default_factory=dict)
    last_row: dict[tuple[int, int], tuple[str, PupilRow]] = field(default_factory=dict)
    """By school and pupil, the child's row that was taken last."""
    last_facts: dict[int, tuple[object, ...]] = field(default_factory=dict)
    """By record, the school, the guardian and the facts that were taken last."""
    identifiers: dict[int, str] = field(default_factory=dict)

    # What an import did

    def follow(
        self, plan: RosterPlan, export: Export, before: Picture, after: Picture, now: datetime
    ) -> None:
        """Check that an import did what its plan says, to the people whom the rows are about."""
        expected = Expected(before, after, plan, now)
        check_effect(expected.after, after)
        check_figures(plan, before, after)
        self._note_pupils(plan, export, expected.pupils)
        self._note_guardians(plan, export, expected.guardians)
        self._note_questions(plan, export, after)
        self._nobody_is_lost(plan, export)
        self._only_the_absent_leave(plan, export, before, after)
        self._nothing_is_erased(before, after)
        self._corrections_stand(plan, after, expected)

    def _note_pupils(self, plan: RosterPlan, export: Export, numbers: list[int]) -> None:
        for decision, number in zip(plan.pupils, numbers, strict=True):
            kid = export.people[_spot(decision.place)]
            key = plan.school_id, number
            known = [
                n
                for (school, n), (who, row) in self.last_row.items()
                if school == plan.school_id and who == kid and _facts(row) == _facts(decision.row)
            ]
            assert len(known) != 1 or known == [number], "the same child, the same facts: met"
            self.kid_of[number].add(kid)
            self.last_row[key] = kid, decision.row

    def _note_guardians(self, plan: RosterPlan, export: Export, numbers: list[int]) -> None:
        for decision, number in zip(plan.guardians, numbers, strict=True):
            people = {export.people[_spot(place)] for place in decision.places}
            assert self.is_one(people), f"rows of two people: {people}"
            self.adult_of[number] |= people
            who = plan.school_id, *sorted(people), decision.facts
            is_reached = decision.facts.email or decision.facts.mobile
            met_before = who in self.last_facts.values() and is_reached
            is_new = decision.verdict is Verdict.NEW
            assert not (is_new and met_before), "the same guardian, the same facts: met"
            self.last_facts[number] = who

    def _note_questions(self, plan: RosterPlan, export: Export, after: Picture) -> None:
        items = {row["subject"]: row["id"] for row in after.questions.values()}
        for question in plan.questions:
            item = items[question.subject]
            person = export.people[_spot(question.places[0])]
            kids = [kid for place in question.places for kid in export.mentions[_spot(place)]]
            self.asked[item] = person, kids
            if question.standing is Standing.SETTLED:
                about = self.settled.get(item, person)
                assert self.is_one({about, person}), f"{about}'s answer is given to {person}"

    def _nobody_is_lost(self, plan: RosterPlan, export: Export) -> None:
        """Every row is accepted, refused, set aside or held with a question."""
        spots = {_spot(decision.place) for decision in plan.pupils}
        spots |= {_spot(place) for decision in plan.guardians for place in decision.places}
        spots |= {_spot(place) for question in plan.questions for place in question.places}
        spots |= {
            (placed.file, placed.problem.line)
            for placed in plan.problems
            if placed.problem.refuses or placed.problem.code in _SET_ASIDE
        }
        assert spots >= set(export.people)

    def _only_the_absent_leave(
        self, plan: RosterPlan, export: Export, before: Picture, after: Picture
    ) -> None:
        """Whoever has a row stays, refused or not; a part of the school speaks of that part."""
        order = export.order
        classes = {name_key(label) for label in order.classes}
        for departure in plan.departures:
            assert order.picked is None
            assert name_key(departure.class_label or "") in classes or self.whole_school
            row = before.pupils[departure.pupil_id,]
            assert (row["given_name"], row["family_name"]) not in export.refused
        if order.picked is not None:
            ended = before.open_links(plan.school_id) - after.open_links(plan.school_id)
            assert not ended

    whole_school: bool = False

    def _nothing_is_erased(self, before: Picture, after: Picture) -> None:
        """An empty cell says nothing."""
        for old, new in (
            (before.pupils, after.pupils),
            (before.guardians, after.guardians),
            (before.enrolments, after.enrolments),
            (before.links, after.links),
        ):
            for key, row in old.items():
                lost = {name for name, value in row.items() if value is not None} - {
                    name for name, value in new[key].items() if value is not None
                }
                assert lost <= {"source_birth_date", "ended_on"}

    def _corrections_stand(self, plan: RosterPlan, after: Picture, expected: Expected) -> None:
        """What the desk has corrected stays until a file says the same."""
        for decision, number in zip(plan.pupils, expected.pupils, strict=True):
            if self.dates.get(number) == decision.row.birth_date:
                del self.dates[number]
        for number, born in self.dates.items():
            assert after.pupils[number,]["birth_date"] == born
        for told_of, number in zip(plan.guardians, expected.guardians, strict=True):
            self._forget_agreed(told_of, number)
        for (number, name), value in self.contacts.items():
            assert after.guardians[number,][name] == value

    def _forget_agreed(self, decision: GuardianDecision, number: int) -> None:
        for name in ("email", "mobile", "street"):
            said = getattr(decision.facts, name)
            if said is not None and self.contacts.get((number, name)) == said:
                del self.contacts[number, name]

    # What must hold, always

    def hold(self, picture: Picture) -> None:
        """Nobody merged, nobody twice, no identifier changed or given again."""
        for kids in self.kid_of.values():
            assert self.is_one(kids), f"two children in one pupil: {kids}"
        by_account: dict[int, set[str]] = defaultdict(set)
        for (number,), row in picture.guardians.items():
            people = self.adult_of[number]
            assert self.is_one(people), f"two people in one record: {people}"
            if row["account_id"] is not None:
                by_account[row["account_id"]] |= self.adult_of[number]
        for people in by_account.values():
            assert self.is_one(people), f"two people in one account: {people}"
        self._links_are_true(picture)
        self._nobody_is_twice_in_a_school(picture)
        self._identifiers_stay(picture)
        self._nobody_back_is_shut_out(picture)

    def is_one(self, people: set[str]) -> bool:
        """Tell whether these are one person, in truth or because an operator said so."""
        left = set(people)
        reached = {left.pop()} if left else set()
        while near := {
            one for one in left for other in reached if frozenset({one, other}) in self.said_same
        }:
            reached |= near
            left -= near
        return not left

    def _links_are_true(self, picture: Picture) -> None:
        for guardian, pupil in picture.links:
            adults, kids = self.adult_of[guardian], self.kid_of[pupil]
            pairs = {(adult, kid) for adult in adults for kid in kids}
            told = f"record {guardian} of {adults}, pupil {pupil} of {kids}: a stranger's child"
            assert pairs & (self.village.ever | self.said_linked), told

    def _nobody_is_twice_in_a_school(self, picture: Picture) -> None:
        places = [
            (row["pupil_id"], row["school_id"])
            for row in picture.enrolments.values()
            if row["ended_on"] is None
        ]
        assert len(places) == len(set(places))

    def _identifiers_stay(self, picture: Picture) -> None:
        now = {number: row["identifier"] for (number,), row in picture.accounts.items()}
        assert all(now.get(number) == one for number, one in self.identifiers.items())
        fresh = {n: one for n, one in now.items() if n not in self.identifiers}
        assert not set(fresh.values()) & set(self.identifiers.values())
        assert len(set(now.values())) == len(now)
        assert all(number > max(self.identifiers, default=0) for number in fresh)
        self.identifiers = now

    def _nobody_back_is_shut_out(self, picture: Picture) -> None:
        """An account that closed for want of a child has none (R-62)."""
        for (number,), row in picture.guardians.items():
            account = picture.accounts.get((row["account_id"],))
            if account is None or account["state"] != AccountState.CLOSED:
                continue
            enrolled = picture.enrolled(row["school_id"])
            assert not account["closed_without_child"] or not any(
                link["legal"] and link["ended_on"] is None and link["pupil_id"] in enrolled
                for link in picture.links.values()
                if link["guardian_id"] == number
            )


def _spot(place: Place) -> Spot:
    return place.file, place.line


def _facts(row: PupilRow) -> tuple[object, ...]:
    return row.ine, row.given_name, row.family_name, row.usage_name, row.birth_date


def check_effect(expected: Picture, after: Picture) -> None:
    """The plan is the effect: every row of every table, and nothing else."""
    assert told(after.pupils) == told(expected.pupils)
    assert told(after.enrolments, but=("id",)) == told(expected.enrolments, but=("id",))
    assert told(after.guardians) == told(expected.guardians)
    assert told(after.links) == told(expected.links)
    assert told(after.corrections) == told(expected.corrections)
    questions = (told(one.questions, but=("id",), wanted=is_question) for one in (after, expected))
    assert next(questions) == next(questions)


def check_figures(plan: RosterPlan, before: Picture, after: Picture) -> None:
    """The numbers that somebody was shown are those of the database."""
    school = plan.school_id
    was, is_now = before.enrolled(school), after.enrolled(school)
    links_were, links_are = before.open_links(school), after.open_links(school)
    assert plan.enrolled == len(was)
    assert plan.new.pupils + plan.returned == len(is_now.keys() - was.keys())
    assert plan.departed.pupils == len(was.keys() - is_now.keys())
    assert plan.new.guardians == len(after.guardians) - len(before.guardians)
    assert plan.new.links == len(links_are - links_were)
    assert plan.departed.links == len(links_were - links_are)
    assert plan.departed.guardians == len(before.with_child(school) - after.with_child(school))
    moved = [
        n
        for n in was.keys() & is_now.keys()
        if before.pupils[n,] != after.pupils[n,] or was[n] != is_now[n]
    ]
    assert plan.changed.pupils == len(moved) + plan.returned
    corrected = {
        number
        for (number, name), row in before.corrections.items()
        if after.corrections.get((number, name)) != row
    }
    changed = {n for (n,), row in before.guardians.items() if after.guardians[n,] != row}
    assert plan.changed.guardians == len(changed | corrected)
    bonds = [ends for ends in links_were & links_are if before.links[ends] != after.links[ends]]
    assert plan.changed.links == len(bonds)
    reopened = [
        n
        for (n,), row in before.accounts.items()
        if row["state"] in ENDED and after.accounts[n,]["state"] not in ENDED
    ]
    changed_accounts = [n for n, row in before.accounts.items() if after.accounts[n] != row]
    assert len(reopened) == len(changed_accounts)
    asked = {question.subject for question in plan.open_questions}
    still_open = {row["subject"] for row in after.questions.values() if row["resolved_at"] is None}
    assert asked <= still_open
