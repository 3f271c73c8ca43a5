"""The refusals of the desk: who is not to be found, what can't be done to whom."""

from educonnect_admin.domain.errors import EduConnectError


class UnknownAccount(EduConnectError):
    """No account bears this identifier."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.identifier = identifier


class UnknownPupil(EduConnectError):
    """No pupil bears this INE or number."""

    def __init__(self, asked: str) -> None:
        super().__init__()
        self.asked = asked


class AmbiguousPupil(EduConnectError):
    """Several pupils bear this INE; `numbers` tell them apart."""

    def __init__(self, ine: str, numbers: tuple[int, ...]) -> None:
        super().__init__(numbers)
        self.ine = ine
        self.numbers = numbers


class UnknownGuardian(EduConnectError):
    """No record of a guardian bears this number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class AccountEnded(EduConnectError):
    """The account is closed or regrouped: nothing more can be done with it as it stands.

    `state` is `closed` or `regrouped`; `principal` is the account that took its records.
    """

    def __init__(self, identifier: str, state: str, principal: str | None = None) -> None:
        super().__init__(state)
        self.identifier = identifier
        self.state = state
        self.principal = principal


class AlreadyActive(EduConnectError):
    """An active account with a confirmed e-mail gets no letter, at most a reminder (R-13)."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.identifier = identifier


class NoEnrolledChild(EduConnectError):
    """No child of this account is enrolled, legally its own, in the school asked for."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.identifier = identifier


class NoAddress(EduConnectError):
    """The product knows no e-mail address to write to for this account."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.identifier = identifier


class ReasonTooLong(EduConnectError):
    """The reason typed for a change is longer than `most` signs, or empty once tidied."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class AccountNotClosed(EduConnectError):
    """Only a closed account can be reopened; `state` is what this one is."""

    def __init__(self, identifier: str, state: str) -> None:
        super().__init__(state)
        self.identifier = identifier
        self.state = state


class SameAccount(EduConnectError):
    """An account can't be regrouped into itself."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.identifier = identifier


class DifferentPeople(EduConnectError):
    """Two accounts look like those of two people, and nobody has said to have looked.

    `fields` are codes of what differs: `family_name`, `given_name`, `civility`, or
    `same_school` when one school has a record of each.
    """

    def __init__(self, principal: str, other: str, fields: tuple[str, ...]) -> None:
        super().__init__(fields)
        self.principal = principal
        self.other = other
        self.fields = fields


class NotRegrouped(EduConnectError):
    """No regrouping of this account is left to undo."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.identifier = identifier


class UndoLaterFirst(EduConnectError):
    """Regroupings are undone in reverse order: that of `first` is to be undone before."""

    def __init__(self, identifier: str, first: str) -> None:
        super().__init__()
        self.identifier = identifier
        self.first = first


class BadBirthDate(EduConnectError):
    """What was typed can't be a birth date; `why` is a code of `rosters.problems`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class BadContact(EduConnectError):
    """What was typed can't be this contact (`email`, `mobile`, `street` …) of anybody."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class AccountChanged(EduConnectError):
    """The account is no longer what the desk was shown: nothing was done, look again."""

    def __init__(self, identifier: str) -> None:
        super().__init__()
        self.identifier = identifier


class NothingToCorrect(EduConnectError):
    """A correction was asked for without anything to correct."""


class ContradictoryOptions(EduConnectError):
    """Options that say two things of one; `options` as typed."""

    def __init__(self, *options: str) -> None:
        super().__init__(*options)
        self.options = options


class UnknownService(EduConnectError):
    """No service of the portal bears this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadService(EduConnectError):
    """What was typed of a service can't be used; `field` is `code`, `label`, `url` or `levels`."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class UnknownQuestion(EduConnectError):
    """No question of the queue bears this number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class QuestionAnswered(EduConnectError):
    """The question has an answer already; `resolution` is its code."""

    def __init__(self, number: int, resolution: str) -> None:
        super().__init__(number, resolution)
        self.number = number
        self.resolution = resolution


class AnswerDoesNotFit(EduConnectError):
    """The question is not of the kind that this answer is for; `kind` is the question's."""

    def __init__(self, number: int, kind: str) -> None:
        super().__init__(number, kind)
        self.number = number
        self.kind = kind


class NoAnswer(EduConnectError):
    """A question was to be answered, and no option gives the answer."""


class NotAPupilHere(EduConnectError):
    """The pupil is not enrolled in the school that asks."""

    def __init__(self, number: int, pupil_id: int) -> None:
        super().__init__(number, pupil_id)
        self.number = number
        self.pupil_id = pupil_id


class NotARecordHere(EduConnectError):
    """The record is not of the school that asks."""

    def __init__(self, number: int, record: int) -> None:
        super().__init__(number, record)
        self.number = number
        self.record = record


class ContradictsAnswers(EduConnectError):
    """The two records were said, through others, to be the contrary; `earlier` is who said so."""

    def __init__(self, number: int, earlier: int | None) -> None:
        super().__init__(number, earlier)
        self.number = number
        self.earlier = earlier


class NothingToTakeBack(EduConnectError):
    """No answer of somebody's can be taken back; `resolution` is empty while a question waits."""

    def __init__(self, number: int, resolution: str | None) -> None:
        super().__init__(number, resolution)
        self.number = number
        self.resolution = resolution


class KeepsNeither(EduConnectError):
    """The account to keep holds neither of the two records; `identifiers` do."""

    def __init__(self, number: int, identifier: str, identifiers: tuple[str, ...]) -> None:
        super().__init__(number)
        self.number = number
        self.identifier = identifier
        self.identifiers = identifiers
