"""Do to the database what a plan says, and nothing else (R-60).

Bulk statements only, one a kind of change, whatever the number of pupils.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from educonnect_admin.domain.people import (
    Enrolment,
    Guardian,
    Guardianship,
    Pupil,
    ReviewItem,
    ReviewKind,
    ReviewResolution,
)
from educonnect_admin.domain.schools import SchoolClass
from educonnect_admin.domain.trail import Author, Happening
from educonnect_admin.office.importing.announce_children import (
    Added,
    Announcer,
    announce_children,
)
from educonnect_admin.office.importing.dangers import NO_CONSENT, Consent
from educonnect_admin.office.importing.keep_corrections import own_changes, write_corrections
from educonnect_admin.office.importing.likeness import key
from educonnect_admin.office.importing.overtaken import refuse_overtaken
from educonnect_admin.office.importing.reopen_returned import reopen_returned, reopened_accounts
from educonnect_admin.office.importing.review_details import details_of
from educonnect_admin.office.importing.roster_happenings import happenings, is_gained
from educonnect_admin.office.importing.roster_plan import (
    Fresh,
    Known,
    LinkDecision,
    LinkVerdict,
    PupilDecision,
    Question,
    Ref,
    RosterPlan,
    Standing,
    Verdict,
)
from educonnect_admin.office.importing.rows_to_write import (
    OF_ENROLMENT,
    changed_columns,
    guardian_row,
    pupil_row,
)
from educonnect_admin.office.importing.whose_pupils import refuse_dangers_knowing_whose
from educonnect_admin.office.propose_merges import keep_apart, propose_merges
from educonnect_admin.queries.bulk import insert_numbered, insert_rows, update_rows
from educonnect_admin.queries.rosters import active_accounts_of, classes_of_school
from educonnect_admin.queries.table_sizes import tell_sizes
from educonnect_admin.queries.trail import append_to_trail


def apply_plan(
    session: Session,
    plan: RosterPlan,
    author: Author,
    consent: Consent = NO_CONSENT,
    *,
    announcer: Announcer | None = None,
) -> int:
    """Do exactly what a plan says; a plan that changes nothing writes nothing.

    To be called in the transaction that holds the school's row, with the plan that was made
    in it.

    Args:
        session: An open transaction.
        plan: What `plan_roster` returned.
        author: Who asks, for the trail.
        consent: What somebody has confirmed.
        announcer: What writes to the holders of active accounts who gain a child; without
            it only the trail is told.

    Returns:
        How many accounts the children who are back have opened again.

    Raises:
        NothingAccepted, MassDeparture, MassUnlinking, MassMove: see `refuse_dangers`.
        PlanOutdated: another school has brought in one of the children meanwhile.

    Rules: R-8, R-60, R-62, R-63.
    """
    refuse_dangers_knowing_whose(session, plan, consent)
    if not plan.changes_something:
        return 0
    return _Application(session, plan, author).run(announcer)


def _bond(link: LinkDecision) -> dict[str, Any]:
    return {"legal": link.legal, "kinship": link.kinship}


class _Application:
    def __init__(self, session: Session, plan: RosterPlan, author: Author) -> None:
        self._session = session
        self._plan = plan
        self._author = author
        self._pupils: list[int] = []
        self._guardians: list[int] = []
        self._classes: dict[str, int] = {}

    def run(self, announcer: Announcer | None) -> int:
        self._make_classes()
        self._pupils = self._write_pupils()
        self._write_enrolments()
        self._guardians = self._write_guardians()
        self._write_links()
        self._write_questions()
        new = self._plan.new
        tell_sizes(self._session, max(new.pupils, new.guardians))
        refuse_overtaken(self._session, self._plan, self._pupils)
        propose_merges(self._session, self._plan.school_id, self._touched(), self._author.now)
        active = active_accounts_of(
            self._session,
            {link.guardian.id for link in self._plan.links if isinstance(link.guardian, Known)},
        )
        announced = list(self._announced(announcer, active)) if announcer else []
        told = happenings(self._plan, self._pupil, self._guardian, active)
        back = reopen_returned(self._session, self._plan.school_id, self._author, announcer)
        append_to_trail(self._session, self._author, [*told, *announced, *back])
        return reopened_accounts(back)

    def _touched(self) -> set[int]:
        """Return the records whose facts or children are no longer what they were (R-7)."""
        changed = {
            record
            for decision, record in zip(self._plan.guardians, self._guardians, strict=True)
            if decision.verdict is not Verdict.UNCHANGED
        }
        return changed | {self._guardian(link.guardian) for link in self._plan.links}

    def _announced(self, announcer: Announcer, active: Mapping[int, int]) -> Iterator[Happening]:
        added = [
            Added(active[link.guardian.id], link.guardian.id, self._pupil(link.pupil))
            for link in self._plan.links
            if isinstance(link.guardian, Known) and link.guardian.id in active and is_gained(link)
        ]
        return announce_children(self._session, announcer, added, self._author)

    def _pupil(self, ref: Ref) -> int:
        return ref.id if isinstance(ref, Known) else self._pupils[ref.at]

    def _guardian(self, ref: Ref) -> int:
        return ref.id if isinstance(ref, Known) else self._guardians[ref.at]

    def _make_classes(self) -> None:
        school_id = self._plan.school_id
        rows = [{"school_id": school_id, "label": label} for label in self._plan.classes]
        insert_rows(self._session, SchoolClass, rows)
        for label, class_id in classes_of_school(self._session, school_id).items():
            self._classes.setdefault(key(label), class_id)

    def _class(self, label: str | None) -> int | None:
        return self._classes[key(label)] if label else None

    def _write_pupils(self) -> list[int]:
        decisions = self._plan.pupils
        new = [decision for decision in decisions if decision.pupil_id is None]
        ids = iter(insert_numbered(self._session, Pupil, [pupil_row(decision) for decision in new]))
        update_rows(
            self._session,
            Pupil,
            [
                changed_columns(d.pupil_id, d.changes, but=OF_ENROLMENT)
                for d in decisions
                if d.pupil_id
            ],
        )
        return [next(ids) if d.pupil_id is None else d.pupil_id for d in decisions]

    def _write_enrolments(self) -> None:
        starting: list[dict[str, Any]] = []
        moving: list[dict[str, Any]] = []
        for decision, pupil_id in zip(self._plan.pupils, self._pupils, strict=True):
            if decision.enrolment_id is None:
                starting.append(self._enrolment(decision, pupil_id))
            else:
                moving.append(self._move(decision))
        leaving = [
            {"id": departure.enrolment_id, "ended_on": self._plan.today}
            for departure in self._plan.departures
        ]
        update_rows(self._session, Enrolment, [*moving, *leaving])
        insert_rows(self._session, Enrolment, starting)

    def _enrolment(self, decision: PupilDecision, pupil_id: int) -> dict[str, Any]:
        return {
            "pupil_id": pupil_id,
            "school_id": self._plan.school_id,
            "class_id": self._class(decision.row.class_label),
            "level": decision.row.level,
            "source_id": decision.row.source_id,
            "started_on": self._plan.today,
        }

    def _move(self, decision: PupilDecision) -> dict[str, Any]:
        row: dict[str, Any] = {"id": decision.enrolment_id}
        for change in decision.changes:
            if change.field == "class_label":
                row["class_id"] = self._class(decision.row.class_label)
            elif change.field in OF_ENROLMENT:
                row[change.field] = change.after
        return row

    def _write_guardians(self) -> list[int]:
        decisions = self._plan.guardians
        new = [d for d in decisions if d.verdict is Verdict.NEW]
        ids = iter(
            insert_numbered(
                self._session, Guardian, [guardian_row(self._plan.school_id, d.facts) for d in new]
            )
        )
        update_rows(
            self._session,
            Guardian,
            [changed_columns(d.guardian_id, own_changes(d)) for d in decisions if d.guardian_id],
        )
        write_corrections(self._session, decisions)
        return [next(ids) if d.guardian_id is None else d.guardian_id for d in decisions]

    def _write_links(self) -> None:
        heaps: dict[LinkVerdict, list[LinkDecision]] = defaultdict(list)
        for link in self._plan.links:
            heaps[link.verdict].append(link)
        insert_rows(
            self._session,
            Guardianship,
            [
                {**self._ends(link), **_bond(link), "started_on": self._plan.today}
                for link in heaps[LinkVerdict.NEW]
            ],
        )
        changed = [{**self._ends(link), **_bond(link)} for link in heaps[LinkVerdict.CHANGED]]
        again = [
            {**self._ends(link), **_bond(link), "ended_on": None}
            for link in heaps[LinkVerdict.REOPENED]
        ]
        over = [
            {**self._ends(link), "ended_on": self._plan.today} for link in heaps[LinkVerdict.ENDED]
        ]
        update_rows(self._session, Guardianship, [*changed, *again, *over])

    def _ends(self, link: LinkDecision) -> dict[str, int]:
        return {
            "guardian_id": self._guardian(link.guardian),
            "pupil_id": self._pupil(link.pupil),
        }

    def _write_questions(self) -> None:
        questions = self._plan.questions
        insert_rows(
            self._session,
            ReviewItem,
            [self._item(question) for question in questions if question.standing is Standing.NEW],
        )
        again = [q.item_id for q in questions if q.standing is Standing.REOPENED]
        update_rows(
            self._session,
            ReviewItem,
            [{"id": n, "resolved_at": None, "resolution": None} for n in again],
        )
        # The new record that somebody asked for is met from now on, and not made again.
        made = [
            (q, self._guardian(q.guardian))
            for q in questions
            if q.kind is ReviewKind.AMBIGUOUS_GUARDIAN and isinstance(q.guardian, Fresh)
        ]
        ids = [{"id": q.item_id, "answer_id": record} for q, record in made]
        update_rows(self._session, ReviewItem, ids)
        apart = [(self._guardian(other), record) for q, record in made for other in q.candidates]
        keep_apart(self._session, self._plan.school_id, apart, self._author.now)
        end = {"resolved_at": self._author.now, "resolution": ReviewResolution.ANSWERED}
        update_rows(self._session, ReviewItem, [{"id": n, **end} for n in self._plan.answered])

    def _item(self, question: Question) -> dict[str, Any]:
        find = self._guardian if question.guardian is None else self._pupil
        return {
            "school_id": self._plan.school_id,
            "kind": question.kind,
            "subject": question.subject,
            "guardian_id": question.guardian and self._guardian(question.guardian),
            "details": details_of(question, [find(ref) for ref in question.candidates]),
            "asked_at": self._author.now,
        }
