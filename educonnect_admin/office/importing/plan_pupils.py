"""What the rows of pupils mean for the database: who is new, changed, back, gone (R-60, R-61)."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from educonnect_admin.office.importing.likeness import key, surname_keys
from educonnect_admin.office.importing.match_pupils import (
    Elsewhere,
    Meetings,
    PlacedPupil,
    meet_pupils,
)
from educonnect_admin.office.importing.roster_plan import (
    Change,
    Departure,
    Fresh,
    Known,
    PlacedProblem,
    PupilDecision,
    Ref,
    Value,
    Verdict,
)
from educonnect_admin.queries.rosters import KnownPupil
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import ChildMention, PupilRow


@dataclass(slots=True)
class PlannedPupils:
    """The part of a plan that is about pupils."""

    decisions: list[PupilDecision] = field(default_factory=list)
    after: list[KnownPupil] = field(default_factory=list, repr=False)
    """The pupil of each decision as this import leaves it; 0 stands for an id to come."""
    departures: list[Departure] = field(default_factory=list)
    problems: list[PlacedProblem] = field(default_factory=list)
    refused: list[ChildMention] = field(default_factory=list)
    """Whom the rows refused here were about."""

    def ref(self, at: int) -> Ref:
        """Return how the rest of the plan points at the pupil of a decision."""
        pupil_id = self.decisions[at].pupil_id
        return Fresh(at) if pupil_id is None else Known(pupil_id)


def plan_pupils(
    rows: Sequence[PlacedPupil],
    known: Sequence[KnownPupil],
    elsewhere: Elsewhere,
    *,
    refused: Sequence[ChildMention],
    whole_school: bool,
    partial: AbstractSet[int] = frozenset(),
) -> PlannedPupils:
    """Decide on every row of a pupil, and on the pupils no row is about.

    Args:
        rows: The rows of every pupils' file.
        known: Everybody who is or was in the school.
        elsewhere: Gives the pupils of any school who bear some numbers.
        refused: Whom the rows refused by the readers were about: they never depart.
        whole_school: The files name every class of the school.
        partial: The files whose rows were picked out: who is not in them has not left.
    """
    meetings = meet_pupils(rows, known, elsewhere)
    planned = PlannedPupils()
    for at, placed in enumerate(rows):
        _note(planned, placed, meetings.remarks.get(at))
        if at in meetings.refused:
            _note(planned, placed, meetings.refused[at])
            planned.refused.append(mention_of(placed.row))
        else:
            _decide(planned, placed, meetings, at)
    shadows = Shadows([*refused, *planned.refused])
    met = {decision.pupil_id for decision in planned.decisions}
    whole = [one for one in planned.decisions if one.place.file not in partial]
    classes = {key(decision.row.class_label) for decision in whole} - {""}
    planned.departures += [
        Departure(
            pupil_id=pupil.id,
            enrolment_id=pupil.enrolment_id,
            class_label=pupil.class_label,
            given_name=pupil.given_name,
            family_name=pupil.family_name,
        )
        for pupil in known
        if pupil.enrolment_id is not None
        and pupil.id not in met
        and ((whole_school and whole) or key(pupil.class_label) in classes)
        and pupil.id not in meetings.suspects
        and not shadows.may_be(pupil)
    ]
    return planned


def mention_of(row: PupilRow) -> ChildMention:
    """Return whom a row is about, as a mention."""
    return ChildMention(
        family_name=row.family_name,
        usage_name=row.usage_name,
        given_name=row.given_name,
        class_label=row.class_label,
        birth_date=row.birth_date,
        source_id=row.source_id,
    )


class Shadows:
    """Whom the rows that were not taken are about, as far as they say.

    A missing name fits everybody; a row without any name, everybody of its class.
    """

    def __init__(self, mentions: Iterable[ChildMention]) -> None:
        self._names: set[tuple[str, str]] = set()
        self._classes: set[str] = set()
        for mention in mentions:
            given, surnames = key(mention.given_name), surname_keys(mention)
            if given or surnames:
                self._names |= {(given, surname) for surname in surnames or {""}}
            else:
                self._classes.add(key(mention.class_label))

    def may_be(self, pupil: KnownPupil) -> bool:
        """Tell whether one of these rows may be about a pupil."""
        given = key(pupil.given_name)
        surnames = ("", *surname_keys(pupil))
        return not self._classes.isdisjoint({"", key(pupil.class_label)}) or any(
            (first, surname) in self._names for first in (given, "") for surname in surnames
        )


def _note(planned: PlannedPupils, placed: PlacedPupil, code: ProblemCode | None) -> None:
    if code is not None:
        who = f"{placed.row.given_name} {placed.row.family_name}"
        problem = Problem(code=code, line=placed.place.line, who=who)
        planned.problems.append(PlacedProblem(placed.place.file, problem))


def _decide(planned: PlannedPupils, placed: PlacedPupil, meetings: Meetings, at: int) -> None:
    place, row = placed
    pupil = meetings.met.get(at) or meetings.joined.get(at)
    if pupil is None:
        planned.decisions.append(PupilDecision(place=place, verdict=Verdict.NEW, row=row))
        planned.after.append(_newcomer(row))
        return
    changes = (*_renamed(row, pupil), *_redated(row, pupil))
    if pupil.source_birth_date is not None and row.birth_date != pupil.birth_date:
        _note(planned, placed, ProblemCode.CORRECTED_DATE_KEPT)
    if pupil.enrolment_id is not None:
        changes = (*changes, *_moved(row, pupil))
        verdict = Verdict.CHANGED if changes else Verdict.UNCHANGED
    else:
        verdict = Verdict.JOINED if at in meetings.joined else Verdict.RETURNED
        pupil = pupil._replace(
            class_label=row.class_label, level=row.level, source_id=row.source_id
        )
    after: dict[str, Any] = {change.field: change.after for change in changes}
    planned.after.append(pupil._replace(**after))
    planned.decisions.append(
        PupilDecision(
            place=place,
            verdict=verdict,
            row=row,
            pupil_id=pupil.id,
            enrolment_id=pupil.enrolment_id,
            changes=changes,
        )
    )


def _newcomer(row: PupilRow) -> KnownPupil:
    return KnownPupil(
        0,
        row.ine,
        row.family_name,
        row.usage_name,
        row.given_name,
        row.birth_date,
        None,
        class_label=row.class_label,
        level=row.level,
        source_id=row.source_id,
    )


def _renamed(row: PupilRow, pupil: KnownPupil) -> Iterator[Change]:
    yield from differences(
        ("ine", pupil.ine, row.ine),
        ("family_name", pupil.family_name, row.family_name),
        ("usage_name", pupil.usage_name, row.usage_name),
        ("given_name", pupil.given_name, row.given_name),
    )


def _redated(row: PupilRow, pupil: KnownPupil) -> Iterator[Change]:
    """A date corrected at the desk stands until the source agrees with it (R-61)."""
    if pupil.source_birth_date is None:
        yield from differences(("birth_date", pupil.birth_date, row.birth_date))
    elif row.birth_date == pupil.birth_date:
        yield Change("source_birth_date", pupil.source_birth_date, None)
    else:
        yield from differences(("source_birth_date", pupil.source_birth_date, row.birth_date))


def _moved(row: PupilRow, pupil: KnownPupil) -> Iterator[Change]:
    if row.class_label and key(row.class_label) != key(pupil.class_label):
        yield Change("class_label", pupil.class_label, row.class_label)
    yield from differences(
        ("level", pupil.level, row.level), ("source_id", pupil.source_id, row.source_id)
    )


def differences(*fields: tuple[str, Value, Value]) -> Iterator[Change]:
    """Yield the fields that a file changes; an empty cell never erases (R-60)."""
    return (
        Change(name, before, after)
        for name, before, after in fields
        if after is not None and after != before
    )
