"""Why this parent can't get in, from what the database knows (R-56)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from educonnect_admin.domain.access import AccessFacts, ChildFacts
from educonnect_admin.domain.accounts import ENDED, AccountState
from educonnect_admin.domain.troubles import Fact, Finding, Trouble, weight
from educonnect_admin.office.judge_access import findings_of
from educonnect_admin.queries.access_facts import access_facts
from educonnect_admin.queries.accounts import account_by_identifier
from educonnect_admin.queries.leavers import day_of_closing
from educonnect_admin.queries.lookalikes import (
    Lookalike,
    former_records,
    last_principal,
    lookalikes,
)

_OFFICE_TIME_ZONE = "Europe/Paris"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explanation:
    """Why a parent is kept out: who it is, and the findings, the main one first.

    Attributes:
        name: given name and surname, as the first school writes them; of a regrouped
            account, whose records are elsewhere now, as they were.
        email: the address of the account, else the one that a school knows.
        school_email: an address that a school knows and that is not known to refuse mail.
        children: those that the account answers for, eldest first.
        findings: never empty.
    """

    account_id: int
    identifier: str
    state: AccountState
    name: tuple[str, str] | None
    email: str | None
    account_email: str | None
    pending_email: str | None
    school_email: str | None
    children: Sequence[ChildFacts]
    schools: Sequence[str]
    time_zone: str
    findings: Sequence[Finding]

    def __repr__(self) -> str:
        return f"Explanation(account_id={self.account_id})"

    @property
    def main(self) -> Finding:
        """The main reason."""
        return self.findings[0]


def explain_access(session: Session, identifier: str, now: datetime) -> Explanation:
    """Explain why the holder of an account can't get in, or that nothing is against it.

    Args:
        session: An open session; reading is enough.
        identifier: However the parent says it: capitals and spaces don't count.
        now: The moment.

    Raises:
        UnknownAccount: no account bears it.

    Rules: R-11, R-31, R-54, R-55, R-56.
    """
    account = account_by_identifier(session, "".join(identifier.split()))
    facts = access_facts(session, [account.id])[account.id]
    found = [*findings_of(facts, now), *_others(session, facts)]
    ordered = sorted(found, key=lambda finding: weight(finding.trouble, account.state))
    completed = [_completed(session, facts, one, now) for one in ordered]
    return _explanation(session, facts, completed)


def _others(session: Session, facts: AccessFacts) -> Iterator[Finding]:
    """What other accounts have to do with it: homonyms, the same person twice."""
    if facts.holder.state is AccountState.REGROUPED:
        return
    alike = lookalikes(session, facts.holder.id)
    guardians = [record.guardian_id for record in facts.records]
    same = [one for one in alike if not one.contradicts]
    if same:
        principal, others = _principal_first(facts, same)
        yield Finding(
            Trouble.SECOND_ACCOUNT,
            {
                "others": [one.identifier for one in same],
                "principal": principal,
                "dormant": others,
            },
        )
    homonyms = [one.identifier for one in alike if one.same_mobile and not _is_one_person(one)]
    if homonyms and facts.holder.state not in ENDED:
        yield Finding(Trouble.HOMONYMS, {"others": homonyms, "guardians": guardians})


def _is_one_person(other: Lookalike) -> bool:
    """Tell whether the journeys themselves would take the two for one person (R-7)."""
    return other.same_mobile and other.same_email and not other.contradicts


def _principal_first(facts: AccessFacts, same: Sequence[Lookalike]) -> tuple[str, list[str]]:
    """Return the account to keep, the active one if there is one, and those to add to it."""
    mine = facts.holder.identifier
    is_mine_over = facts.holder.state in ENDED
    active = [one.identifier for one in same if one.state is AccountState.ACTIVE]
    if is_mine_over or (active and facts.holder.state is not AccountState.ACTIVE):
        principal = active[0] if active else same[0].identifier
    else:
        principal = mine
    everybody = [*(one.identifier for one in same), *([] if is_mine_over else [mine])]
    return principal, [identifier for identifier in everybody if identifier != principal]


def _completed(session: Session, facts: AccessFacts, finding: Finding, now: datetime) -> Finding:
    """Add what is not known of a whole page of accounts: it costs a question each."""
    more: dict[str, Fact] = {}
    if finding.trouble is Trouble.REGROUPED:
        more["principal"] = last_principal(session, facts.holder.id)
    elif finding.trouble in (Trouble.NO_CHILD, Trouble.NO_LEGAL_LINK):
        more["closes_on"] = day_of_closing(session, facts.holder.id, now)
    return Finding(finding.trouble, {**finding.facts, **more}) if more else finding


def _explanation(session: Session, facts: AccessFacts, findings: Sequence[Finding]) -> Explanation:
    holder = facts.holder
    records = facts.records or former_records(session, holder.id)
    first = records[0] if records else None
    emails = [record.email for record in facts.records if record.email]
    refusing = (holder.email or "").lower() if holder.email_bounced_at else None
    usable = [email for email in emails if email.lower() != refusing]
    return Explanation(
        account_id=holder.id,
        identifier=holder.identifier,
        state=holder.state,
        name=(first.given_name, first.surname) if first else None,
        email=holder.email or next(iter(emails), None),
        account_email=holder.email,
        pending_email=holder.pending_email,
        school_email=next(iter(usable), None),
        children=facts.children,
        schools=sorted({record.uai for record in records}),
        time_zone=first.time_zone if first else _OFFICE_TIME_ZONE,
        findings=findings,
    )
