"""A plan: what an import would do to the database, as plain values that could be kept (R-60).

It holds people's names and dates, so nothing in it shows them in its `repr` (R-66).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.people import ReviewKind
from educonnect_admin.office.importing.plan_figures import Heads, PlannedFile, Settled
from educonnect_admin.rosters.problems import Problem
from educonnect_admin.rosters.rows import ChildMention, PupilRow

Value = str | date | None


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is in the database."""

    id: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """Somebody whom this plan brings in: the place of the decision in the plan."""

    at: int


Ref = Known | Fresh


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A row of one of the files: its number among them from 0, its line from 1."""

    file: int
    line: int


class Verdict(StrEnum):
    """What an import means for a person."""

    NEW = "new"
    JOINED = "joined"
    """Known at another school, and enrolled here too."""
    RETURNED = "returned"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class LinkVerdict(StrEnum):
    """What an import means for the link of a guardian and a child."""

    NEW = "new"
    REOPENED = "reopened"
    CHANGED = "changed"
    """What the guardian is to the child: the kinship, or whether it is a legal one."""
    ENDED = "ended"


class Standing(StrEnum):
    """Where a question stands in the queue before the import."""

    NEW = "new"
    OPEN = "open"
    REOPENED = "reopened"
    SETTLED = "settled"
    """Somebody answered it at the desk: it is not asked again."""


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """One field, before and after."""

    field: str
    before: Value
    after: Value

    def __repr__(self) -> str:
        return f"Change({self.field})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PupilDecision:
    """One row of a pupil: whom it meets and what that changes.

    `from_school` is the UAI of the school where somebody who joins is or was last.
    """

    place: Place
    verdict: Verdict
    row: PupilRow
    pupil_id: int | None = None
    enrolment_id: int | None = None
    changes: tuple[Change, ...] = ()
    from_school: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Departure:
    """A pupil whom a file of the class no longer names."""

    pupil_id: int
    enrolment_id: int
    class_label: str | None
    given_name: str
    family_name: str

    def __repr__(self) -> str:
        return f"Departure(pupil_id={self.pupil_id})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class GuardianFacts:
    """What the rows of one person say, put together."""

    civility: Civility | None
    family_name: str
    usage_name: str | None
    given_name: str
    email: str | None
    mobile: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str | None
    source_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianDecision:
    """One guardian of the file: which record, and what changes in it."""

    places: tuple[Place, ...]
    verdict: Verdict
    facts: GuardianFacts
    guardian_id: int | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDecision:
    """A link that begins, begins again, changes or ends; `legal` and `kinship` as it is then."""

    verdict: LinkVerdict
    guardian: Ref
    pupil: Ref
    legal: bool = True
    kinship: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What nobody but a person can tell; `subject` is the same when the file comes again.

    `candidates` are pupils for a link, records of guardians for a guardian; `refused_row`
    says that a refused row may be the child.
    """

    kind: ReviewKind
    subject: str
    standing: Standing
    places: tuple[Place, ...]
    facts: GuardianFacts
    children: tuple[ChildMention, ...]
    guardian: Ref | None = None
    item_id: int | None = None
    candidates: tuple[Ref, ...] = ()
    refused_row: bool = False


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """A refusal or a remark, and the file it is about."""

    file: int
    problem: Problem


@dataclass(frozen=True, kw_only=True)
class RosterPlan:
    """All that an import of these files into this school would do, and why."""

    school_id: int
    today: date
    files: tuple[PlannedFile, ...]
    classes: tuple[str, ...]
    """The labels of the classes to make."""
    pupils: tuple[PupilDecision, ...]
    departures: tuple[Departure, ...]
    guardians: tuple[GuardianDecision, ...]
    links: tuple[LinkDecision, ...]
    questions: tuple[Question, ...]
    answered: tuple[int, ...]
    """The open questions of the queue that these files answer."""
    problems: tuple[PlacedProblem, ...]
    unchanged_links: int
    departed_guardians: int
    """Guardians who keep no child in the school."""
    enrolled: int
    """How many pupils were enrolled before."""
    covered_links: int
    """How many links the files could have ended."""
    settled: Settled | None = None
    """Those of whom nothing is to be decided, where the files were not read again."""

    @property
    def new(self) -> Heads:
        """Who comes in."""
        return Heads(
            self._count("pupils", Verdict.NEW, Verdict.JOINED),
            self._count("guardians", Verdict.NEW),
            self._count("links", LinkVerdict.NEW, LinkVerdict.REOPENED),
        )

    @property
    def changed(self) -> Heads:
        """Whose facts change; somebody who comes back is a change."""
        return Heads(
            self._count("pupils", Verdict.CHANGED, Verdict.RETURNED),
            self._count("guardians", Verdict.CHANGED),
            self._count("links", LinkVerdict.CHANGED),
        )

    @property
    def unchanged(self) -> Heads:
        """Who stays as they are."""
        settled = self.settled or Settled()
        return Heads(
            self._count("pupils", Verdict.UNCHANGED) + settled.pupils,
            self._count("guardians", Verdict.UNCHANGED) + settled.guardians,
            self.unchanged_links,
        )

    @property
    def departed(self) -> Heads:
        """Who leaves."""
        return Heads(
            len(self.departures), self.departed_guardians, self._count("links", LinkVerdict.ENDED)
        )

    @property
    def returned(self) -> int:
        """How many pupils come back to the school."""
        return self._count("pupils", Verdict.RETURNED)

    @property
    def moved(self) -> int:
        """How many pupils come from another school."""
        return self._count("pupils", Verdict.JOINED)

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """The questions that wait for a person after this import."""
        return tuple(one for one in self.questions if one.standing is not Standing.SETTLED)

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return len({(p.file, p.problem.line) for p in self.problems if p.problem.refuses})

    @property
    def remarks(self) -> int:
        """How many remarks there are about rows that go in."""
        return sum(not placed.problem.refuses for placed in self.problems)

    @property
    def accepted(self) -> int:
        """How many rows go in, changed or not."""
        read = len(self.pupils) + sum(len(guardian.places) for guardian in self.guardians)
        return read + (self.settled.rows if self.settled else 0)

    @property
    def changes_something(self) -> bool:
        """Whether applying the plan writes anything at all."""
        return bool(
            self.departures
            or self.links
            or self.answered
            or any(pupil.verdict is not Verdict.UNCHANGED for pupil in self.pupils)
            or any(guardian.verdict is not Verdict.UNCHANGED for guardian in self.guardians)
            or any(q.standing in {Standing.NEW, Standing.REOPENED} for q in self.questions)
        )

    @cached_property
    def _tallies(self) -> dict[str, Counter[Verdict | LinkVerdict]]:
        """Count each heap once: a report asks for its figures a dozen times."""
        return {
            name: Counter(one.verdict for one in getattr(self, name))
            for name in ("pupils", "guardians", "links")
        }

    def _count(self, heap: str, *verdicts: Verdict | LinkVerdict) -> int:
        return sum(self._tallies[heap][verdict] for verdict in verdicts)
