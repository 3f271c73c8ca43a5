"""What the letters of an account have to do with its holder being kept out (R-11, R-13, R-14)."""

from collections.abc import Iterator
from datetime import date, datetime

from educonnect_admin.domain.access import AccessFacts, LetterFacts, UnfinishedFile
from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.calendar import day_in
from educonnect_admin.domain.letters import FileState, LetterEnd, Who
from educonnect_admin.domain.messages import MessageState
from educonnect_admin.domain.troubles import Fact, Finding, Trouble

_WHO = {
    Who.NEW: AccountState.NOT_NOTIFIED,
    Who.EXPIRED: AccountState.NOTIFIED,
    Who.PENDING: AccountState.EMAIL_PENDING,
}


def letter_findings(facts: AccessFacts, now: datetime) -> Iterator[Finding]:
    """Yield what is to be said of the letters of an account that is not over."""
    used = [letter for letter in facts.letters if letter.end is LetterEnd.USED]
    if facts.holder.state in (AccountState.EMAIL_PENDING, AccountState.ACTIVE):
        if used:
            yield Finding(Trouble.LETTER_USED, _about(used[-1]))
        return
    live = next((letter for letter in facts.letters if _is_live(letter, now)), None)
    if live is not None:
        yield from _live(live, facts, now)
        return
    for file in facts.unfinished:
        if _is_printing(file, facts):
            yield Finding(Trouble.LETTER_UNPUBLISHED, {"batch": file.batch_id, "uai": file.uai})
            break
    if facts.letters:
        last = facts.letters[-1]
        yield Finding(_why_over(last), {**_about(last), **_mailed(last)})
    else:
        yield Finding(Trouble.NEVER_NOTIFIED, {"since": facts.holder.created_at})


def _is_live(letter: LetterFacts, now: datetime) -> bool:
    return letter.ended_at is None and day_in(letter.time_zone, now) <= letter.last_day


def _live(letter: LetterFacts, facts: AccessFacts, now: datetime) -> Iterator[Finding]:
    """Say what stands between a live letter and its reader, or that it only waits for them."""
    about = {**_about(letter), **_mailed(letter)}
    trouble = _not_delivered(letter)
    if trouble is not None:
        yield Finding(trouble, about)
    former = [
        other
        for other in facts.letters
        if other.end is LetterEnd.SUPERSEDED and day_in(other.time_zone, now) <= other.last_day
    ]
    if former:
        newer: dict[str, Fact] = {
            "former": former[-1].id,
            "former_number": former[-1].number,
            "former_since": _created_on(former[-1]),
        }
        yield Finding(Trouble.LETTER_SUPERSEDED, {**about, **newer})
    elif trouble is None:
        yield Finding(Trouble.LETTER_LIVE, about)


def _not_delivered(letter: LetterFacts) -> Trouble | None:
    if letter.mail_state in _ON_ITS_WAY:
        tried = bool(letter.mail_attempts) and letter.mail_error is not None
        return Trouble.LETTER_MAIL_RETRIED if tried else Trouble.LETTER_MAIL_WAITING
    if letter.mail_state is MessageState.FAILED:
        return Trouble.LETTER_MAIL_FAILED
    return Trouble.LETTER_UNPUBLISHED if letter.file_state is FileState.COMMITTED else None


_ON_ITS_WAY = frozenset({MessageState.WAITING, MessageState.CLAIMED})


def _why_over(letter: LetterFacts) -> Trouble:
    match letter.end:
        case LetterEnd.VOID:
            failed = letter.mail_state is MessageState.FAILED
            return Trouble.LETTER_MAIL_FAILED if failed else Trouble.LETTER_VOID
        case LetterEnd.CLOSED | LetterEnd.REGROUPED:
            return Trouble.LETTER_WITHDRAWN
        case LetterEnd.USED:
            return Trouble.LETTER_USED
        case _:
            # Past its last day, whether or not cron has been by; or superseded by one
            # that is itself no more.
            return Trouble.LETTER_EXPIRED


def _is_printing(file: UnfinishedFile, facts: AccessFacts) -> bool:
    # A batch of one named account (a letter sent again) does not say whose it is.
    return _WHO.get(file.who) is facts.holder.state and any(
        (child.school_id, child.class_id) == (file.school_id, file.class_id)
        for child in facts.wards
    )


def _about(letter: LetterFacts) -> dict[str, Fact]:
    return {
        "letter": letter.id,
        "number": letter.number,
        "guardians": [letter.mail_guardian_id or letter.guardian_id],
        "batch": letter.batch_id,
        "uai": letter.uai,
        "since": _created_on(letter),
        "until": letter.last_day,
        "ended": letter.ended_at,
    }


def _created_on(letter: LetterFacts) -> date:
    return day_in(letter.time_zone, letter.created_at)


def _mailed(letter: LetterFacts) -> dict[str, Fact]:
    """Return how the message that carries a letter fares; nothing if it is on paper."""
    if letter.mail_id is None:
        return {}
    return {
        "message": letter.mail_id,
        "mail_state": letter.mail_state,
        "attempts": letter.mail_attempts,
        "next_try": letter.mail_due_at if letter.mail_state in _ON_ITS_WAY else None,
        "mail_ended": letter.mail_ended_at,
        "error": letter.mail_error,
    }
