"""The questions that an import puts to a person, and those that it answers (R-7, R-60)."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from educonnect_admin.domain.people import ReviewKind, ReviewResolution
from educonnect_admin.office.importing.gather_guardians import Person
from educonnect_admin.office.importing.likeness import key, surname_keys
from educonnect_admin.office.importing.roster_plan import Known, Question, Ref, Standing
from educonnect_admin.queries.rosters import KnownItem
from educonnect_admin.rosters.rows import ChildMention

_HALF = 32
_DECIDED = frozenset({ReviewResolution.KNOWN_RECORD, ReviewResolution.NEW_RECORD})


@dataclass(slots=True)
class Asker:
    """Asks each question once, and knows which were asked before.

    A subject is a digest of school, kind and folded names: the same when the same file
    comes again, and nothing that could be read back. Namesakes ask the same, each for
    themselves: a question belongs to a record, or to the contacts of a row without record.
    """

    uai: str
    items: Mapping[str, KnownItem]
    questions: list[Question] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)

    def ask(
        self,
        kind: ReviewKind,
        person: Person,
        *,
        children: Sequence[ChildMention],
        guardian: Ref | None = None,
        candidates: Iterable[Ref] = (),
        refused_row: bool = False,
    ) -> Question:
        """Put a question, unless somebody has settled it at the desk."""
        subject = self._subject(_root(self.uai, kind, person, children), person, guardian)
        self._asked.add(subject)
        item = self.items.get(subject)
        question = Question(
            kind=kind,
            subject=subject,
            standing=_standing(item),
            places=person.places,
            facts=person.facts,
            children=tuple(children),
            guardian=guardian,
            item_id=item.id if item else None,
            candidates=tuple(candidates),
            refused_row=refused_row,
        )
        self.questions.append(question)
        return question

    def _subject(self, root: str, person: Person, guardian: Ref | None) -> str:
        """Return the first of the subjects that read alike that is nobody else's."""
        numbered = (_numbered(root, number) for number in count())
        if guardian is None:
            said = _said(person)
            numbered = (f"{_half(root)}{_half(said + str(number))}" for number in count())
        return next(
            subject
            for subject in numbered
            if subject not in self._asked and _is_of(self.items.get(subject), guardian)
        )

    def is_decided(self, question: Question) -> bool:
        """Tell whether somebody has said which record a guardian is, or that it is a new one."""
        item = self.items.get(question.subject)
        return item is not None and not item.is_open and item.resolution in _DECIDED

    def chosen(self, question: Question) -> int | None:
        """Return the record that somebody has chosen for a guardian; nothing asks for a new one.

        A new record that an earlier import has made is the one chosen from then on.
        """
        return self.items[question.subject].answer_id

    def go_by(self, question: Question, guardian: Ref) -> None:
        """Note whom an answered question was about in the end."""
        self._replace(question, replace(question, guardian=guardian))

    def ask_again(self, question: Question) -> None:
        """Put an answered question again: what was answered is no longer to be had."""
        self._replace(question, replace(question, standing=Standing.REOPENED))

    def _replace(self, question: Question, by: Question) -> None:
        self.questions[self.questions.index(question)] = by

    def answered(self, people: Sequence[Person], met: Collection[int]) -> tuple[int, ...]:
        """Return the open items that the files no longer raise although they speak of them.

        Args:
            people: Everybody in the guardians' files.
            met: The records that were met again.
        """
        waiting = {subject: item for subject, item in self.items.items() if item.is_open}
        for question in self.questions:
            waiting.pop(question.subject, None)
        if not waiting:
            return ()
        spoken_of = {subject for person in people for subject in self._subjects(person)}
        return tuple(
            sorted(
                item.id
                for subject, item in waiting.items()
                if item.guardian_id in met or not spoken_of.isdisjoint({subject, subject[:_HALF]})
            )
        )

    def _subjects(self, person: Person) -> Iterable[str]:
        for child in person.children:
            yield _numbered(_root(self.uai, ReviewKind.AMBIGUOUS_LINK, person, [child]), 0)
        yield _numbered(_root(self.uai, ReviewKind.NO_CHILD, person, person.children), 0)
        yield _half(_root(self.uai, ReviewKind.AMBIGUOUS_GUARDIAN, person, person.children))


def _standing(item: KnownItem | None) -> Standing:
    if item is None:
        return Standing.NEW
    if item.is_open:
        return Standing.OPEN
    is_ours = item.resolution is ReviewResolution.ANSWERED
    return Standing.REOPENED if is_ours else Standing.SETTLED


def _root(uai: str, kind: ReviewKind, person: Person, children: Sequence[ChildMention]) -> str:
    facts = person.facts
    named = sorted(
        [key(child.given_name), *sorted(surname_keys(child)), key(child.class_label)]
        for child in children
    )
    return json.dumps([uai, kind, key(facts.given_name), sorted(surname_keys(facts)), named])


def _said(person: Person) -> str:
    """Return what somebody says of themselves besides the names, folded."""
    facts = person.facts
    email = (facts.email or "").casefold()
    return json.dumps([facts.civility, email, facts.mobile, key(facts.street), facts.postcode])


def _is_of(item: KnownItem | None, guardian: Ref | None) -> bool:
    """Tell whether a question was put about a guardian, or about nobody yet."""
    if item is None or item.guardian_id is None or guardian is None:
        return True
    return isinstance(guardian, Known) and guardian.id == item.guardian_id


def _half(text: str) -> str:
    """Return half a digest: of the names alone, or of what tells their bearers apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:_HALF]


def _numbered(root: str, number: int) -> str:
    """Return the subject of the n-th question that reads alike: homonyms ask the same."""
    return hashlib.sha256(f"{root}{number or ''}".encode()).hexdigest()
