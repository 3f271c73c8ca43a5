"""What the rows of guardians mean: records, links with the children, questions (R-7, R-60)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from educonnect_admin.domain.people import ReviewKind
from educonnect_admin.office.importing.find_children import ChildFinder, Finding, Outcome
from educonnect_admin.office.importing.gather_guardians import Person
from educonnect_admin.office.importing.keep_corrections import guardian_changes, kept_corrections
from educonnect_admin.office.importing.likeness import key, same_names
from educonnect_admin.office.importing.match_guardians import match_guardians
from educonnect_admin.office.importing.roster_plan import (
    Fresh,
    GuardianDecision,
    Known,
    PlacedProblem,
    Question,
    Ref,
    Verdict,
)
from educonnect_admin.office.importing.roster_questions import Asker
from educonnect_admin.queries.rosters import KnownGuardian, KnownLinks, KnownPupil
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import ChildMention


class Said(NamedTuple):
    """What a file says of a link; nothing where it does not tell."""

    legal: bool | None = None
    kinship: str | None = None


@dataclass(slots=True)
class PlannedGuardians:
    """The part of a plan that is about guardians.

    `named` are the links that the files state, by guardian, and what each says of it.
    `spoken_of` are the pupils whom a row names, or may name, in a file of whole classes: of
    the others the files say nothing. `sheltered_guardians` and
    `sheltered_pupils` are those about whom something is uncertain: no link of theirs ends.
    """

    decisions: list[GuardianDecision] = field(default_factory=list)
    named: list[tuple[Ref, KnownGuardian | None, dict[Ref, Said]]] = field(default_factory=list)
    problems: list[PlacedProblem] = field(default_factory=list)
    spoken_of: set[int] = field(default_factory=set)
    sheltered_guardians: set[int] = field(default_factory=set)
    sheltered_pupils: set[int] = field(default_factory=set)


def plan_guardians(
    people: Sequence[Person],
    known: Sequence[KnownGuardian],
    links: KnownLinks,
    pupils: Mapping[int, KnownPupil],
    *,
    finder: ChildFinder,
    asker: Asker,
    partial: AbstractSet[int] = frozenset(),
) -> PlannedGuardians:
    """Decide on every guardian of the files.

    Args:
        people: The guardians, each put together from their rows.
        known: The school's records.
        links: Whom these answer for.
        pupils: Everybody who is or was in the school, by id.
        finder: Whom a named child may be after this import.
        asker: Where questions go.
        partial: The files whose rows were picked out: who is not in them is not gone.
    """
    planner = _Planner(links, pupils, finder, asker)
    findings = [[finder.find(child) for child in person.children] for person in people]
    evidence = [
        planner.evidence(person, found) for person, found in zip(people, findings, strict=True)
    ]
    matches = match_guardians(people, known, links, evidence)
    planner.records = {record.id: record for record in known}
    planner.met = {record.id for record in matches.met.values()}
    for at, (person, found) in enumerate(zip(people, findings, strict=True)):
        if not any(place.file in partial for place in person.places):
            planner.planned.spoken_of.update(*(_ids(finding.refs) for finding in found))
        if at in matches.held:
            planner.hold(person, found, matches.held[at])
        elif at not in matches.met and _has_only_leavers(person, found):
            planner.leave_out(person)
        else:
            planner.decide(person, found, matches.met.get(at))
    return planner.planned


class _Planner:
    def __init__(
        self,
        links: KnownLinks,
        pupils: Mapping[int, KnownPupil],
        finder: ChildFinder,
        asker: Asker,
    ) -> None:
        self.planned = PlannedGuardians()
        self.records: dict[int, KnownGuardian] = {}
        self.met: set[int] = set()
        self._links = links
        self._pupils = pupils
        self._finder = finder
        self._asker = asker
        self._by_given: dict[str, set[int]] = defaultdict(set)
        self._by_number: dict[str, int] = {}
        for pupil_id in set().union(*links.open.values()) & set(pupils):
            pupil = pupils[pupil_id]
            self._by_given[key(pupil.given_name)].add(pupil_id)
            if pupil.source_id:
                self._by_number[pupil.source_id] = pupil_id

    def evidence(self, person: Person, findings: Sequence[Finding]) -> set[int]:
        """Return the pupils by whom a record may be known to be this person's.

        A child who was found is that pupil alone; else whoever bears the name, gone or not.
        """
        found: set[int] = set()
        for child, finding in zip(person.children, findings, strict=True):
            if finding.outcome is Outcome.FOUND:
                found |= _ids(finding.refs)
            else:
                found |= self._bearers(child)
        return found

    def _bearers(self, child: ChildMention) -> set[int]:
        if child.source_id and (numbered := self._by_number.get(child.source_id)):
            return {numbered}
        return self._namesakes(child, self._by_given.get(key(child.given_name), set()))

    def _namesakes(self, child: ChildMention, among: set[int]) -> set[int]:
        return {n for n in among if n in self._pupils and same_names(self._pupils[n], child)}

    def leave_out(self, person: Person) -> None:
        """Pass over a guardian whom nobody knows and whose children have all left."""
        self._note(person, ProblemCode.ONLY_LEAVERS)

    def hold(self, person: Person, findings: Sequence[Finding], records: tuple[int, ...]) -> None:
        """Leave a guardian who may be several people as they are, and ask, or go by the answer."""
        question = self._asker.ask(
            ReviewKind.AMBIGUOUS_GUARDIAN,
            person,
            children=person.children,
            candidates=[Known(record) for record in records],
        )
        if self._asker.is_decided(question):
            if self._go_by_answer(question, person, findings):
                return
            self._asker.ask_again(question)
        self.planned.sheltered_guardians.update(records)
        for finding in findings:
            self.planned.sheltered_pupils |= _ids(finding.refs)

    def _go_by_answer(
        self, question: Question, person: Person, findings: Sequence[Finding]
    ) -> bool:
        """Do as somebody has answered at the desk, if the record chosen is still there.

        Where another row has met that record, this one adds its children and no facts.
        """
        chosen = self._asker.chosen(question)
        record = self.records.get(chosen or 0)
        if chosen is not None and record is None:
            return False
        self._asker.go_by(question, Known(chosen) if chosen else Fresh(len(self.planned.decisions)))
        if record is not None and record.id in self.met:
            self._name_children(person, findings, Known(record.id), record)
            return True
        self.met |= {record.id} if record else set()
        self.decide(person, findings, record)
        return True

    def decide(
        self, person: Person, findings: Sequence[Finding], record: KnownGuardian | None
    ) -> None:
        """Decide on one guardian, and name the children found."""
        decision = _decision(person, record)
        ref: Ref = Known(record.id) if record else Fresh(len(self.planned.decisions))
        self.planned.decisions.append(decision)
        if record and record.sources:
            for code in kept_corrections(record, person.facts):
                self._note(person, code)
        self._name_children(person, findings, ref, record)

    def _name_children(
        self,
        person: Person,
        findings: Sequence[Finding],
        ref: Ref,
        record: KnownGuardian | None,
    ) -> None:
        named = _named(person, findings)
        linked = self._links.open.get(record.id, set()) if record else set()
        is_sure = bool(person.children)
        for child, finding in zip(person.children, findings, strict=True):
            if finding.outcome is Outcome.FOUND:
                continue
            spare = self._spare(child, finding, linked - _ids(named))
            if spare is not None:
                named[Known(spare)] = Said(child.legal, child.kinship)
            else:
                is_sure = False
                self._miss(person, ref, child, finding)
        if record and not is_sure:
            self.planned.sheltered_guardians.add(record.id)
        if not named and not linked and not self._has_asked(ref):
            self._asker.ask(ReviewKind.NO_CHILD, person, children=person.children, guardian=ref)
        self.planned.named.append((ref, record, named))

    def _spare(self, child: ChildMention, finding: Finding, linked: set[int]) -> int | None:
        """Return the pupil of this name for whom the record answers already, if any.

        That settles an ambiguous name, and explains one that has left the school.
        """
        if finding.outcome is Outcome.AMBIGUOUS:
            alike = linked & _ids(finding.refs)
        else:
            alike = self._bearers(child) & linked
        return min(alike, default=None)

    def _miss(self, person: Person, ref: Ref, child: ChildMention, finding: Finding) -> None:
        if finding.outcome is Outcome.AMBIGUOUS:
            self._asker.ask(
                ReviewKind.AMBIGUOUS_LINK,
                person,
                children=[child],
                guardian=ref,
                candidates=finding.refs,
                refused_row=finding.refused_row,
            )
            self.planned.sheltered_pupils |= _ids(finding.refs)
            return
        if finding.outcome is Outcome.LEFT_OUT and child.source_id:
            return
        if child.given_name and child.family_name:
            name = f"{child.given_name} {child.family_name}"
            self._note(person, ProblemCode.CHILD_NOT_FOUND, name)
        elif child.source_id:
            self._note(person, ProblemCode.CHILD_NOT_FOUND, child.source_id)
        # A name that lacks: the reader has said so, where the cell is.

    def _note(self, person: Person, code: ProblemCode, value: str = "") -> None:
        place = person.places[0]
        who = f"{person.facts.given_name} {person.facts.family_name}"
        problem = Problem(code=code, line=place.line, value=value, who=who)
        self.planned.problems.append(PlacedProblem(place.file, problem))

    def _has_asked(self, ref: Ref) -> bool:
        asked = self._asker.questions
        return bool(asked) and asked[-1].guardian == ref


def _named(person: Person, findings: Sequence[Finding]) -> dict[Ref, Said]:
    """Return the children found with what the file says of each; named twice, a legal one is."""
    named: dict[Ref, Said] = {}
    for child, finding in zip(person.children, findings, strict=True):
        if finding.outcome is Outcome.FOUND:
            for ref in finding.refs:
                before = named.get(ref, Said())
                legal = before.legal or child.legal if before.legal is not None else child.legal
                named[ref] = Said(legal, before.kinship or child.kinship)
    return named


def _has_only_leavers(person: Person, findings: Sequence[Finding]) -> bool:
    """Tell whether the children have left for certain; a name alone may be a homonym's."""
    return bool(findings) and all(
        child.source_id and finding.outcome is Outcome.LEFT_OUT
        for child, finding in zip(person.children, findings, strict=True)
    )


def _ids(refs: Iterable[Ref]) -> set[int]:
    return {ref.id for ref in refs if isinstance(ref, Known)}


def _decision(person: Person, record: KnownGuardian | None) -> GuardianDecision:
    facts = person.facts
    if record is None:
        return GuardianDecision(places=person.places, verdict=Verdict.NEW, facts=facts)
    changes = tuple(guardian_changes(record, facts))
    return GuardianDecision(
        places=person.places,
        verdict=Verdict.CHANGED if changes else Verdict.UNCHANGED,
        facts=facts,
        guardian_id=record.id,
        changes=changes,
    )
