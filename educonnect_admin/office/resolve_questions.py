"""Answer questions of the queue; what is answered is not asked again (R-7, R-60)."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.desk_errors import (
    AnswerDoesNotFit,
    ContradictsAnswers,
    NotARecordHere,
    NothingToTakeBack,
    QuestionAnswered,
    UnknownQuestion,
)
from educonnect_admin.domain.people import Guardian, ReviewItem, ReviewKind, ReviewResolution
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.office.answering.answering import Answering
from educonnect_admin.office.answering.answers import (
    FITTING,
    RESOLUTIONS,
    TO_TAKE_BACK,
    Answer,
    AnsweredQuestion,
    AnswerKind,
    Effect,
    Resolved,
)
from educonnect_admin.office.answering.link_child import link_child
from educonnect_admin.office.answering.one_person import OnePerson, hold_accounts_of
from educonnect_admin.office.importing.announce_children import Announcer
from educonnect_admin.office.propose_merges import propose_merges
from educonnect_admin.queries.merge_items import (
    accounts_holding,
    one_person_as_said,
    said_two_people,
)
from educonnect_admin.queries.review_items import (
    hold_items,
    items_of,
    records_of,
    same_questions,
)
from educonnect_admin.queries.trail import append_to_trail

MOST = 2**31 - 1
"""No number of the database is greater; a greater one typed is nobody's."""


def resolve_questions(
    session: Session,
    numbers: Sequence[int],
    answer: Answer,
    *,
    reason: str,
    author: Author,
    announcer: Announcer | None = None,
) -> Resolved:
    """Answer questions, all the same way; all of them, or none.

    A link begins at once. Two records of one person come under one account: their accounts
    are regrouped, or one record joins the other's, or `accounts generate` will open one for
    both. Which record a guardian is counts from the next import on. An answer that has done
    nothing yet can be taken back.

    Args:
        session: An open transaction.
        numbers: The numbers of the questions.
        answer: What somebody answers to each.
        reason: Why, for the trail.
        author: Who answers, and when.
        announcer: What writes to the holders of active accounts who gain a child (R-8).

    Raises:
        UnknownQuestion, QuestionAnswered, AnswerDoesNotFit: it can't be answered so.
        ContradictsAnswers: other answers say the contrary of these records.
        NothingToTakeBack: there is no answer of somebody's, or it has done something.
        UnknownPupil, AmbiguousPupil, NotAPupilHere: the pupil can't be the one.
        UnknownGuardian, NotARecordHere: the record can't be the one.
        AccountEnded, KeepsNeither: the accounts can't become one.

    Rules: R-7, R-8, R-63.
    """
    desk = _Desk(Answering(session, reason, author, announcer), answer)
    items = _held(session, numbers, answer)
    if answer.kind is AnswerKind.SAME:
        hold_accounts_of(session, items)
    desk.mark(items)
    questions = tuple(desk.answer(item) for item in items)
    append_to_trail(session, author, desk.happenings)
    return Resolved(questions=questions)


def _held(session: Session, numbers: Sequence[int], answer: Answer) -> list[ReviewItem]:
    wanted = dict.fromkeys(numbers)
    found = items_of(session, [number for number in wanted if 0 < number <= MOST])
    unknown = next((n for n in wanted if n not in {item.id for item in found}), None)
    if unknown is not None:
        raise UnknownQuestion(unknown)
    held = hold_items(session, found)
    for item in held:
        _refuse(session, item, answer)
    return held


def _refuse(session: Session, item: ReviewItem, answer: Answer) -> None:
    if answer.kind is AnswerKind.REOPEN:
        if item.resolution not in TO_TAKE_BACK or _is_joined(session, item):
            raise NothingToTakeBack(item.id, item.resolution)
    elif answer.kind not in FITTING[item.kind]:
        raise AnswerDoesNotFit(item.id, item.kind)
    elif item.resolved_at is not None:
        raise QuestionAnswered(item.id, item.resolution or ReviewResolution.ANSWERED)


def _is_joined(session: Session, item: ReviewItem) -> bool:
    """Tell whether one account holds both records of a proposal."""
    accounts = accounts_holding(session, records_of([item]))
    return item.other_guardian_id is not None and len(accounts) > len(set(accounts.values()))


class _Desk:
    def __init__(self, by: Answering, answer: Answer) -> None:
        self.happenings: list[Happening] = []
        self._by = by
        self._session = by.session
        self._answer = answer
        self._resolution = RESOLUTIONS.get(answer.kind)

    def mark(self, items: Sequence[ReviewItem]) -> None:
        """Write the answers first: what one of them does must not answer another one."""
        for item in items:
            for alike in same_questions(self._session, item):
                alike.resolution = self._resolution
                alike.resolved_at = self._by.author.now if self._resolution else None
        self._session.flush()  # plain statements read them
        for item in items:
            self._refuse_contradiction(item)

    def _refuse_contradiction(self, item: ReviewItem) -> None:
        """Refuse that one person be two, through whatever was answered of other pairs."""
        if self._answer.kind not in {AnswerKind.SAME, AnswerKind.DIFFERENT}:
            return
        for record in records_of([item]):
            people = one_person_as_said(self._session, record)
            if contrary := said_two_people(self._session, people):
                earlier = next((number for number in contrary if number != item.id), None)
                raise ContradictsAnswers(item.id, earlier)

    def answer(self, item: ReviewItem) -> AnsweredQuestion:
        """Do what the answer to one question means."""
        effect, told = self._effect(item)
        item.answer_id = effect.answer_id
        self._session.flush()  # the trail is written by plain statements, and last
        self.happenings += [*self._told(item, effect), *told]
        return AnsweredQuestion(
            number=item.id,
            kind=item.kind,
            resolution=self._resolution,
            effect=effect,
        )

    def _effect(self, item: ReviewItem) -> tuple[Effect, list[Happening]]:
        said, value = self._answer.kind, self._answer.value
        if said is AnswerKind.PUPIL:
            return link_child(self._by, item, value or "")
        if said is AnswerKind.RECORD:
            return Effect(self._record_here(item, int(value or 0))), []
        if said is AnswerKind.SAME:
            return OnePerson(self._by, keep=value).join(item)
        if said is AnswerKind.REOPEN and item.kind is ReviewKind.MERGE_PROPOSAL:
            # What the records have come to say meanwhile may have made it pointless.
            propose_merges(self._session, item.school_id, records_of([item]), self._by.author.now)
        return Effect(), []

    def _record_here(self, item: ReviewItem, record: int) -> int:
        here = select(Guardian.id).where(
            Guardian.id == record, Guardian.school_id == item.school_id
        )
        if not 0 < record <= MOST or self._session.scalar(here) is None:
            raise NotARecordHere(item.id, record)
        return record

    def _told(self, item: ReviewItem, effect: Effect) -> Iterator[Happening]:
        """Yield an entry for each school concerned: the one that asks, those of two records."""
        query = select(Guardian.school_id).where(Guardian.id.in_(records_of([item])))
        is_about_pupils = item.kind in {ReviewKind.AMBIGUOUS_LINK, ReviewKind.NO_CHILD}
        is_about_records = item.kind is ReviewKind.AMBIGUOUS_GUARDIAN
        for school_id in sorted({item.school_id, *self._session.scalars(query)}):
            yield Happening(
                TrailKind.QUESTION_ANSWERED,
                school_id=school_id,
                guardian_id=effect.answer_id if is_about_records else item.guardian_id,
                pupil_id=effect.answer_id if is_about_pupils else None,
                details={
                    "question": item.id,
                    "asked": item.kind,
                    "answer": self._resolution or "reopened",
                },
                reason=self._by.reason,
            )
