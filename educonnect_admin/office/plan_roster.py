"""Compare read rosters with the database, and say what an import would do (R-60)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from educonnect_admin.domain.schools import School
from educonnect_admin.office.importing.find_children import Candidate, ChildFinder, Presence
from educonnect_admin.office.importing.gather_guardians import PlacedGuardian, gather_guardians
from educonnect_admin.office.importing.likeness import key, surname_keys
from educonnect_admin.office.importing.match_pupils import PlacedPupil
from educonnect_admin.office.importing.plan_figures import PlannedFile
from educonnect_admin.office.importing.plan_guardians import PlannedGuardians, plan_guardians
from educonnect_admin.office.importing.plan_links import (
    PlannedLinks,
    guardians_left_alone,
    plan_links,
)
from educonnect_admin.office.importing.plan_pupils import PlannedPupils, Shadows, plan_pupils
from educonnect_admin.office.importing.roster_plan import (
    Known,
    Place,
    PlacedProblem,
    PupilDecision,
    Ref,
    RosterPlan,
    Verdict,
)
from educonnect_admin.office.importing.roster_questions import Asker
from educonnect_admin.queries.rosters import (
    KnownPupil,
    classes_of_school,
    guardians_of_school,
    links_of_school,
    pupils_by_ine,
    pupils_of_school,
    questions_of_school,
    schools_of_pupils,
)
from educonnect_admin.rosters.rows import ChildMention, FileKind, PupilRow, Reading


def plan_roster(
    session: Session,
    school: School,
    readings: Sequence[Reading],
    *,
    today: date,
    whole_school: bool = False,
) -> RosterPlan:
    """Return what an import of some files into a school would do; nothing is written.

    Args:
        session: An open transaction; only read from.
        school: Whose roster it is.
        readings: The files, read: pupils, guardians or both, in any order.
        today: The school's day; enrolments and links begin and end on it.
        whole_school: The files name every class, so that the pupils of the classes they
            don't name have left.

    Rules: R-7, R-60, R-61.
    """
    comparison = _Comparison(session, school, readings, whole_school=whole_school)
    comparison.compare_pupils()
    comparison.compare_guardians()
    return comparison.plan(today)


class _Comparison:
    def __init__(
        self, session: Session, school: School, readings: Sequence[Reading], *, whole_school: bool
    ) -> None:
        self._session = session
        self._school = school
        self._readings = readings
        self._whole_school = whole_school
        self._partial = frozenset(at for at, one in enumerate(readings) if one.is_partial)
        self._known = {pupil.id: pupil for pupil in pupils_of_school(session, school.id)}
        self._links = links_of_school(session, school.id)
        self._asker = Asker(school.uai, questions_of_school(session, school.id))
        self._answered: tuple[int, ...] = ()
        self._pupils = PlannedPupils()
        self._guardians = PlannedGuardians()
        self._planned_links = PlannedLinks()

    def _has(self, kind: FileKind) -> bool:
        return any(reading.kind in {kind, FileKind.FAMILIES} for reading in self._readings)

    def compare_pupils(self) -> None:
        """Decide on pupils; without a file of pupils nobody comes or goes."""
        if not self._has(FileKind.PUPILS):
            return
        self._pupils = plan_pupils(
            [
                PlacedPupil(Place(file, row.line), row)
                for file, reading in enumerate(self._readings)
                for row in reading.pupils
            ],
            list(self._known.values()),
            lambda ines: pupils_by_ine(self._session, ines),
            refused=[m for reading in self._readings for m in reading.refused_pupils],
            whole_school=self._whole_school,
            partial=self._partial,
        )

    def compare_guardians(self) -> None:
        """Decide on guardians, links and questions; without their file nothing changes."""
        if not self._has(FileKind.GUARDIANS):
            return
        people = gather_guardians(
            [
                PlacedGuardian(Place(file, row.line), row)
                for file, reading in enumerate(self._readings)
                for row in reading.guardians
            ]
        )
        # By the names of after this import, or the same files would be read otherwise next time.
        pupils = {**self._known, **{pupil.id: pupil for pupil in self._pupils.after if pupil.id}}
        records = guardians_of_school(self._session, self._school.id)
        self._guardians = plan_guardians(
            people,
            records,
            self._links,
            pupils,
            finder=ChildFinder(self._candidates()),
            asker=self._asker,
            partial=self._partial,
        )
        self._shelter()
        met = {
            d.pupil_id
            for d in self._pupils.decisions
            if d.pupil_id is not None and d.place.file not in self._partial
        }
        self._planned_links = plan_links(
            self._guardians, self._links, met & self._guardians.spoken_of
        )
        self._answered = self._asker.answered(
            people, {d.guardian_id for d in self._guardians.decisions if d.guardian_id is not None}
        )

    def _candidates(self) -> Iterator[Candidate]:
        """Yield whom a guardian may name: who is enrolled after this import, and shadows."""
        met = {pupil.id for pupil in self._pupils.after}
        met |= {departure.pupil_id for departure in self._pupils.departures}
        for at, pupil in enumerate(self._pupils.after):
            yield _candidate(pupil, self._pupils.ref(at))
        for pupil in self._known.values():
            if pupil.enrolment_id is not None and pupil.id not in met:
                yield _candidate(pupil, Known(pupil.id))
        shadows = [(presence, one) for presence, some in self._shadows() for one in some]
        if not shadows:
            return
        taken = {_identity(decision.row) for decision in self._pupils.decisions}
        for presence, mention in shadows:
            # The same names and the same date as a row that went in: the same child.
            if _identity(mention) not in taken:
                yield Candidate.of_mention(mention, presence)

    def _shadows(self) -> Iterator[tuple[Presence, Iterable[ChildMention]]]:
        yield Presence.REFUSED, self._pupils.refused
        for reading in self._readings:
            yield Presence.REFUSED, reading.refused_pupils
            yield Presence.LEFT_OUT, reading.left_out_pupils

    def _shelter(self) -> None:
        """Shelter the pupils of whom a refused row, of theirs or of a guardian, may speak."""
        mentions = [*self._pupils.refused]
        for reading in self._readings:
            mentions += [*reading.refused_pupils, *reading.refused_children]
        shadows = Shadows(mentions)
        self._guardians.sheltered_pupils |= {
            pupil.id for pupil in self._known.values() if shadows.may_be(pupil)
        }

    def plan(self, today: date) -> RosterPlan:
        """Return the whole plan."""
        before = {pupil.id for pupil in self._known.values() if pupil.enrolment_id is not None}
        gone = {departure.pupil_id for departure in self._pupils.departures}
        back = {d.pupil_id for d in self._pupils.decisions if d.pupil_id is not None}
        return RosterPlan(
            school_id=self._school.id,
            today=today,
            files=tuple(map(PlannedFile.of, self._readings)),
            classes=self._new_classes(),
            pupils=tuple(self._placed_joiners()),
            departures=tuple(self._pupils.departures),
            guardians=tuple(self._guardians.decisions),
            links=tuple(self._planned_links.decisions),
            questions=tuple(self._asker.questions),
            answered=self._answered,
            problems=tuple(self._problems()),
            unchanged_links=self._planned_links.kept,
            departed_guardians=guardians_left_alone(
                self._planned_links, self._links, before, (before - gone) | back
            ),
            enrolled=len(before),
            covered_links=self._planned_links.covered,
        )

    def _placed_joiners(self) -> Iterator[PupilDecision]:
        """Yield the decisions on pupils, those who join with the school they come from."""
        joined = {d.pupil_id for d in self._pupils.decisions if d.verdict is Verdict.JOINED}
        schools = schools_of_pupils(self._session, {n for n in joined if n is not None})
        for decision in self._pupils.decisions:
            if decision.verdict is Verdict.JOINED:
                yield replace(decision, from_school=schools.get(decision.pupil_id or 0))
            else:
                yield decision

    def _new_classes(self) -> tuple[str, ...]:
        known = {key(label) for label in classes_of_school(self._session, self._school.id)}
        labels: dict[str, str] = {}
        for decision in self._pupils.decisions:
            label = decision.row.class_label
            if label and key(label) not in known:
                labels.setdefault(key(label), label)
        return tuple(labels.values())

    def _problems(self) -> list[PlacedProblem]:
        read = [
            PlacedProblem(file, problem)
            for file, reading in enumerate(self._readings)
            for problem in reading.problems
        ]
        found = [*read, *self._pupils.problems, *self._guardians.problems]
        return sorted(found, key=lambda placed: (placed.file, placed.problem.line))


def _identity(named: PupilRow | ChildMention) -> tuple[object, ...]:
    return key(named.given_name), surname_keys(named), named.birth_date


def _candidate(pupil: KnownPupil, ref: Ref) -> Candidate:
    return Candidate(
        presence=Presence.PUPIL,
        given_keys=frozenset({key(pupil.given_name)}),
        surname_keys=surname_keys(pupil),
        class_key=key(pupil.class_label),
        level_key=key(pupil.level),
        birth_dates=frozenset(pupil.birth_dates),
        source_id=pupil.source_id,
        ref=ref,
    )
