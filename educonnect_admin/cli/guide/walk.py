"""Walking through questions, forwards and back; it knows none of them.

A step takes the answers so far and returns them with its own. It asks one thing, or nothing if
there is nothing to ask. What it has done to the world it writes in a record: nobody goes back
behind that.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.guide.person import Person, WantsBack
from educonnect_admin.domain.errors import EduConnectError
from educonnect_admin.domain.operator_errors import NotYourRole, OwnerOnly

Answers = TypeVar("Answers")
Step = Callable[[Answers], Answers]

FIRST = "C'est la première question : on ne peut pas revenir plus loin."
DONE = "Ce qui précède est déjà fait : on ne peut pas revenir plus loin."


class Walk(Generic[Answers]):
    """A walk through steps.

    Args:
        steps: In their order.
        person: Who answers.
        done: What was done to the world; the steps add to it.
    """

    def __init__(self, steps: Sequence[Step[Answers]], person: Person, done: Sequence[str]) -> None:
        self._steps = steps
        self._person = person
        self._done = done
        self._past: list[tuple[int, Answers]] = []
        """The questions that were asked, with the answers before each."""

    def run(self, answers: Answers) -> Answers:
        """Take every step in turn; back to the question before whenever the person wants it.

        What is refused is told, and the same question asked again; a refusal without a
        question leads back to the last one.

        Args:
            answers: What is known at the beginning.

        Returns:
            The answers, all of them.

        Raises:
            WantsOut: the person stopped.
            NotYourRole, OwnerOnly: no other answer would make it theirs.
            EduConnectError: a refusal before the first question.
        """
        at = 0
        while at < len(self._steps):
            at, answers = self._take(at, answers)
        return answers

    def _take(self, at: int, answers: Answers) -> tuple[int, Answers]:
        asked, done = self._person.asked, len(self._done)
        try:
            after = self._steps[at](answers)
        except WantsBack:
            self._forget_what_is_done(done)
            return self._before(at, answers)
        except EduConnectError as refusal:
            self._forget_what_is_done(done)
            return self._again(at, answers, refusal, has_asked=self._person.asked > asked)
        if self._person.asked > asked:
            self._past.append((at, answers))
        self._forget_what_is_done(done)
        return at + 1, after

    def _forget_what_is_done(self, done: int) -> None:
        if len(self._done) > done:
            self._past.clear()

    def _before(self, at: int, answers: Answers) -> tuple[int, Answers]:
        if self._past:
            return self._past.pop()
        self._person.tell(DONE if self._done else FIRST)
        return at, answers

    def _again(
        self, at: int, answers: Answers, refusal: EduConnectError, *, has_asked: bool
    ) -> tuple[int, Answers]:
        if isinstance(refusal, NotYourRole | OwnerOnly) or not (has_asked or self._past):
            raise refusal
        self._person.tell()
        self._person.tell(explain(refusal)[0])
        return (at, answers) if has_asked else self._past.pop()
