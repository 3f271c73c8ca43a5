"""All that an import may write, as plain values, and what a plan says it will be after it."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.base import Base
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.people import (
    Enrolment,
    Guardian,
    GuardianCorrection,
    Guardianship,
    Pupil,
    ReviewItem,
    ReviewKind,
)
from educonnect_admin.domain.schools import SchoolClass
from educonnect_admin.domain.trail import TrailEntry
from educonnect_admin.office.importing.roster_plan import (
    Fresh,
    LinkVerdict,
    Ref,
    RosterPlan,
    Standing,
    Verdict,
)

Row = dict[str, Any]
Rows = dict[tuple[Any, ...], Row]

_OF_ENROLMENT = ("class_label", "level", "source_id")
_NAMES = ("family_name", "usage_name", "given_name")


@dataclass
class Picture:
    """The tables by their keys; enrolments bear the label of the class."""

    pupils: Rows
    enrolments: Rows
    guardians: Rows
    links: Rows
    corrections: Rows
    questions: Rows
    classes: Rows
    accounts: Rows
    trail: int

    @classmethod
    def of(cls, session: Session) -> "Picture":
        """Look at the database."""
        picture = cls(
            _rows(session, Pupil),
            _rows(session, Enrolment),
            _rows(session, Guardian),
            _rows(session, Guardianship),
            _rows(session, GuardianCorrection),
            _rows(session, ReviewItem),
            _rows(session, SchoolClass),
            _rows(session, Account),
            session.scalar(select(func.count()).select_from(TrailEntry)) or 0,
        )
        for row in picture.enrolments.values():
            label = picture.classes.get((row.pop("class_id"),), {}).get("label")
            row["class_label"] = label
        return picture

    def enrolled(self, school: int) -> dict[int, Row]:
        """Return the open enrolments of a school, by pupil."""
        return {
            row["pupil_id"]: row
            for row in self.enrolments.values()
            if row["school_id"] == school and row["ended_on"] is None
        }

    def open_links(self, school: int) -> set[tuple[int, int]]:
        """Return the open links of a school's records."""
        return {
            (row["guardian_id"], row["pupil_id"])
            for row in self.links.values()
            if row["ended_on"] is None
            and self.guardians[row["guardian_id"],]["school_id"] == school
        }

    def with_child(self, school: int) -> set[int]:
        """Return the records that have a child enrolled in their school."""
        enrolled = self.enrolled(school)
        return {guardian for guardian, pupil in self.open_links(school) if pupil in enrolled}


def _rows(session: Session, table: type[Base]) -> Rows:
    described = cast("Table", table.__table__)
    keys = [column.name for column in described.primary_key]
    found = session.connection().execute(select(described)).mappings()
    return {tuple(row[name] for name in keys): dict(row) for row in found}


class Expected:
    """What a picture becomes when a plan is applied, worked out apart from the product."""

    def __init__(self, before: Picture, found: Picture, plan: RosterPlan, now: datetime) -> None:
        self.after = copy.deepcopy(before)
        self._plan = plan
        self._now = now
        # Only the numbers of the newcomers are taken from what was found.
        fresh_pupils = iter(sorted(n for (n,) in found.pupils.keys() - before.pupils.keys()))
        fresh_guardians = iter(
            sorted(n for (n,) in found.guardians.keys() - before.guardians.keys())
        )
        self.pupils = [one.pupil_id or next(fresh_pupils) for one in plan.pupils]
        self.guardians = [one.guardian_id or next(fresh_guardians) for one in plan.guardians]
        self._write_pupils()
        self._write_guardians()
        self._write_links()
        self._write_questions()

    def pupil(self, ref: Ref) -> int:
        """Return the number of a pupil of the plan."""
        return self.pupils[ref.at] if isinstance(ref, Fresh) else ref.id

    def guardian(self, ref: Ref) -> int:
        """Return the number of a record of the plan."""
        return self.guardians[ref.at] if isinstance(ref, Fresh) else ref.id

    def _write_pupils(self) -> None:
        plan, after = self._plan, self.after
        for decision, number in zip(plan.pupils, self.pupils, strict=True):
            row = decision.row
            if decision.verdict is Verdict.NEW:
                names = {name: getattr(row, name) for name in (*_NAMES, "birth_date", "ine")}
                after.pupils[number,] = {"id": number, **names, "source_birth_date": None}
            for change in decision.changes:
                kept = after.pupils[number,]
                if change.field in _OF_ENROLMENT:
                    kept = after.enrolments[decision.enrolment_id,]
                assert kept[change.field] == change.before
                kept[change.field] = change.after
            if decision.enrolment_id is None:
                after.enrolments["new", number] = {
                    "pupil_id": number,
                    "school_id": plan.school_id,
                    **{name: getattr(row, name) for name in _OF_ENROLMENT},
                    "started_on": plan.today,
                    "ended_on": None,
                }
        for departure in plan.departures:
            after.enrolments[departure.enrolment_id,]["ended_on"] = plan.today

    def _write_guardians(self) -> None:
        after = self.after
        for decision, number in zip(self._plan.guardians, self.guardians, strict=True):
            facts = decision.facts
            if decision.verdict is Verdict.NEW:
                said = {name: getattr(facts, name) for name in facts.__slots__}
                own = {"id": number, "school_id": self._plan.school_id, "account_id": None}
                after.guardians[number,] = {**own, **said}
            for change in decision.changes:
                name = change.field.removeprefix("source_")
                if change.field in {name, "source_id"}:
                    assert after.guardians[number,][change.field] == change.before
                    after.guardians[number,][change.field] = change.after
                elif change.after is None:
                    del after.corrections[number, name]
                else:
                    after.corrections[number, name]["source_value"] = change.after

    def _write_links(self) -> None:
        for link in self._plan.links:
            ends = self.guardian(link.guardian), self.pupil(link.pupil)
            bond = {"legal": link.legal, "kinship": link.kinship}
            row = self.after.links.setdefault(
                ends,
                {
                    "guardian_id": ends[0],
                    "pupil_id": ends[1],
                    "started_on": self._plan.today,
                    "ended_on": None,
                },
            )
            if link.verdict is LinkVerdict.ENDED:
                row["ended_on"] = self._plan.today
            else:
                row.update(bond, ended_on=None)

    def _write_questions(self) -> None:
        plan, after = self._plan, self.after
        for question in plan.questions:
            if question.standing is Standing.NEW:
                after.questions["new", question.subject] = {
                    "school_id": plan.school_id,
                    "kind": question.kind,
                    "subject": question.subject,
                    "guardian_id": question.guardian and self.guardian(question.guardian),
                    "resolved_at": None,
                    "resolution": None,
                    "answer_id": None,
                }
            elif question.standing is Standing.REOPENED:
                after.questions[question.item_id,].update(resolved_at=None, resolution=None)
            if question.kind is ReviewKind.AMBIGUOUS_GUARDIAN and isinstance(
                question.guardian, Fresh
            ):
                made = self.guardian(question.guardian)
                after.questions[question.item_id,]["answer_id"] = made
        for number in plan.answered:
            after.questions[number,].update(resolved_at=self._now, resolution="answered")


_UNTOLD = ("family_key", "given_key", "usage_key", "details", "asked_at", "other_guardian_id")
_PROPOSAL = ReviewKind.MERGE_PROPOSAL


def told(
    rows: Rows, *, but: tuple[str, ...] = (), wanted: Callable[[Row], bool] = lambda _: True
) -> list[list[tuple[str, str]]]:
    """Return what a table says, in a fixed order, without the keys of comparison."""
    return sorted(
        [
            (name, str(value))
            for name, value in sorted(row.items())
            if name not in _UNTOLD and name not in but
        ]
        for row in rows.values()
        if wanted(row)
    )


def is_question(row: Mapping[str, Any]) -> bool:
    """Tell a question from a proposal to merge, which no plan shows."""
    return bool(row["kind"] != _PROPOSAL)


def labels(picture: Picture, school: int) -> set[str]:
    """Return the classes of a school, as labels compare."""
    return {
        name_key(row["label"]) for row in picture.classes.values() if row["school_id"] == school
    }
