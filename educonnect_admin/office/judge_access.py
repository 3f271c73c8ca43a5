"""From what is known of an account to why its holder can't get in, the main reason first."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from educonnect_admin.domain.access import AccessFacts, TryFacts
from educonnect_admin.domain.accounts import ENDED, AccountState
from educonnect_admin.domain.delays import TROUBLES_TOLD
from educonnect_admin.domain.setbacks import SetbackKind, TryKind
from educonnect_admin.domain.troubles import Fact, Finding, Trouble, weight
from educonnect_admin.office.judge_letters import letter_findings

_A_DAY = timedelta(hours=24)
"""After which a count of wrong passwords falls to 0 (R-6)."""


def findings_of(facts: AccessFacts, now: datetime) -> list[Finding]:
    """Return the reasons that the account's own facts give, the main one first; never empty.

    The same judgement for one parent on the telephone and for the list of a whole academy.

    Args:
        facts: What is known of the account.
        now: The moment; letters end at midnight of the school that issued them (R-11).
    """
    state = facts.holder.state
    found = list(_findings(facts, now))
    well = weight(Trouble.ACTIVE, state)
    if state is AccountState.ACTIVE and all(weight(one.trouble, state) > well for one in found):
        holder = facts.holder
        known = {"since": holder.activated_at, "last_login": holder.last_login_at}
        found.append(Finding(Trouble.ACTIVE, known))
    return sorted(found, key=lambda finding: weight(finding.trouble, state))


def _findings(facts: AccessFacts, now: datetime) -> Iterator[Finding]:
    holder = facts.holder
    if holder.state in ENDED:
        yield _end(facts)
        return
    yield from _locks(facts, now)
    yield from _children(facts)
    yield from _dead_ends(facts, now)
    yield from letter_findings(facts, now)
    yield from _emails(facts)
    yield from _weaknesses(facts, now)


def _end(facts: AccessFacts) -> Finding:
    holder = facts.holder
    since: dict[str, Fact] = {"since": holder.ended_at}
    if holder.state is AccountState.REGROUPED:
        return Finding(Trouble.REGROUPED, since)
    if holder.closed_without_child:
        schools = sorted({record.uai for record in facts.records})
        return Finding(Trouble.CLOSED_WITHOUT_CHILD, {**since, "schools": schools})
    return Finding(Trouble.CLOSED, since)


def _locks(facts: AccessFacts, now: datetime) -> Iterator[Finding]:
    passwords = [tries for tries in facts.tries if tries.kind in _PASSWORDS]
    closed = [until for tries in passwords if (until := tries.locked_until) and now < until]
    if closed:
        failures = sum(tries.failures for tries in passwords)
        yield Finding(Trouble.LOCKED, {"until": max(closed), "failures": failures})
    for tries in facts.tries:
        if tries.kind is TryKind.BIRTH_DATE and _closes(tries, now):
            yield Finding(
                Trouble.BIRTH_DATE_LOCKED,
                {
                    "pupil": tries.pupil_id,
                    "until": tries.locked_until,
                    "failures": tries.failures,
                },
            )


_PASSWORDS = frozenset({TryKind.LOG_IN, TryKind.DEVICE})
"""From any browser, and from one that had logged in before: either keeps a parent out (R-9)."""


def _closes(tries: TryFacts, now: datetime) -> bool:
    return tries.locked_until is not None and now < tries.locked_until


def _children(facts: AccessFacts) -> Iterator[Finding]:
    if facts.wards:
        return
    enrolled = [child.pupil_id for child in facts.children if child.enrolled]
    schools = sorted({record.uai for record in facts.records})
    if enrolled:
        yield Finding(Trouble.NO_LEGAL_LINK, {"pupils": enrolled, "schools": schools})
    else:
        yield Finding(Trouble.NO_CHILD, {"schools": schools})


def _dead_ends(facts: AccessFacts, now: datetime) -> Iterator[Finding]:
    """What refused this parent these days: birth dates and the SMS journey."""
    for tries in facts.tries:
        if tries.kind is TryKind.BIRTH_DATE and _is_open(tries, now, TROUBLES_TOLD):
            yield Finding(
                Trouble.BIRTH_DATE_REFUSED,
                {"pupil": tries.pupil_id, "failures": tries.failures, "since": tries.last_at},
            )
    for kind, trouble in _SETBACKS.items():
        times = [
            setback.happened_at
            for setback in facts.setbacks
            if setback.kind is kind and now - setback.happened_at <= TROUBLES_TOLD
        ]
        if times:
            guardians = [record.guardian_id for record in facts.records]
            yield Finding(
                trouble, {"since": max(times), "failures": len(times), "guardians": guardians}
            )


_SETBACKS = {
    SetbackKind.MOBILE_UNKNOWN: Trouble.MOBILE_REFUSED,
    SetbackKind.HOMONYMS: Trouble.HOMONYMS_REFUSED,
}


def _is_open(tries: TryFacts, now: datetime, within: timedelta) -> bool:
    """Tell whether tries failed not long ago, without being locked now."""
    locked = tries.locked_until is not None and now < tries.locked_until
    return tries.failures > 0 and not locked and now - tries.last_at <= within


def _emails(facts: AccessFacts) -> Iterator[Finding]:
    """The addresses of an account that is activated, or nearly."""
    holder = facts.holder
    if holder.state not in (AccountState.EMAIL_PENDING, AccountState.ACTIVE):
        return
    if holder.email is not None and holder.email_bounced_at is not None:
        yield Finding(Trouble.EMAIL_BOUNCES, {"since": holder.email_bounced_at})
    if holder.state is AccountState.EMAIL_PENDING:
        trouble = Trouble.EMAIL_UNCONFIRMED if holder.email else Trouble.EMAIL_MISSING
        yield Finding(trouble, {"since": holder.password_set_at or _last_use(facts)})
        return
    if holder.pending_email is not None:
        yield Finding(Trouble.EMAIL_CHANGE_PENDING, {"since": holder.pending_email_at})
    if holder.email is None or holder.email_confirmed_at is None:
        yield Finding(Trouble.NO_CONFIRMED_EMAIL, {"journey": holder.journey})


def _last_use(facts: AccessFacts) -> datetime | None:
    ends = [letter.ended_at for letter in facts.letters if letter.ended_at is not None]
    return max(ends, default=None)


def _weaknesses(facts: AccessFacts, now: datetime) -> Iterator[Finding]:
    wrong = [
        tries for tries in facts.tries if tries.kind in _PASSWORDS and _is_open(tries, now, _A_DAY)
    ]
    if wrong:
        failures = sum(tries.failures for tries in wrong)
        since = max(tries.last_at for tries in wrong)
        yield Finding(Trouble.WRONG_PASSWORDS, {"failures": failures, "since": since})
    if facts.holder.state is AccountState.ACTIVE or not facts.records:
        return
    guardians = [record.guardian_id for record in facts.records]
    if not any(record.mobile for record in facts.records):
        yield Finding(Trouble.SCHOOL_MOBILE_MISSING, {"guardians": guardians})
    if not any(record.email for record in facts.records):
        yield Finding(Trouble.SCHOOL_EMAIL_MISSING, {"guardians": guardians})
