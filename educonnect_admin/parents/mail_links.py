"""Sending a link by mail, looking at it, using it once (R-22, R-53, R-55).

Only the newest link of a kind works. Looking changes nothing: mail scanners follow links; the
POST of a button uses them up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.mail_links import LIFE, LinkEnd, LinkKind, MailLink
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.trail import Happening
from educonnect_admin.letters.naming import addressed
from educonnect_admin.parents.means import Means
from educonnect_admin.queries.accounts import schools_of_account
from educonnect_admin.queries.holders import holder_of
from educonnect_admin.queries.links import cancel_waiting, end_links, link_of
from educonnect_admin.queries.outbox import Outgoing

_TOKEN = "mail-link"  # noqa: S105 - the name of a use, not a secret
_MESSAGES: Mapping[LinkKind, MessageKind] = {
    LinkKind.ACTIVATION: MessageKind.EMAIL_TO_CONFIRM,
    LinkKind.EMAIL_CHANGE: MessageKind.EMAIL_CHANGE,
    LinkKind.PASSWORD_RESET: MessageKind.PASSWORD_RESET,
}
_PATHS: Mapping[LinkKind, str] = {
    LinkKind.ACTIVATION: "confirmation",
    LinkKind.EMAIL_CHANGE: "confirmation",
    LinkKind.PASSWORD_RESET: "mot-de-passe",
}


class LinkVerdict(StrEnum):
    """What following a link would do."""

    LIVE = "live"
    EXPIRED = "expired"
    USED = "used"
    REPLACED = "replaced"
    """A newer one was sent since, or the account is over."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FoundLink:
    """A link as it is when looked at."""

    kind: LinkKind
    verdict: LinkVerdict
    account_id: int
    email: str

    def __repr__(self) -> str:
        return f"FoundLink({self.kind!s}, {self.verdict!s})"


def send_link(
    session: Session, means: Means, account: Account, kind: LinkKind, email: str
) -> Happening:
    """Draw a link and queue the mail that brings it; former ones of the kind are over.

    Args:
        session: The transaction that holds the account.
        means: Of the request.
        account: Whose link it is.
        kind: What it opens.
        email: Where it goes; following it proves this address.

    Returns:
        What the trail is to be told of the mail.
    """
    token = means.chance.token()
    link = MailLink(
        kind=kind,
        account_id=account.id,
        token_digest=means.digests.of(_TOKEN, token),
        email=email,
        request_number=means.chance.request_number(),
        created_at=means.now,
    )
    end_links(session, account.id, kind, means.now)
    cancel_waiting(session, account.id, _MESSAGES[kind], means.now)
    session.add(link)
    holder = holder_of(session, account.id)
    schools = schools_of_account(session, account.id)
    outgoing = Outgoing(
        kind=_MESSAGES[kind],
        to=email,
        values={
            "holder": addressed(*holder) if holder else "",
            "link": f"{means.portal_url}/{_PATHS[kind]}/{token}",
            "hours": int(LIFE[kind].total_seconds()) // 3600,
            "request_number": link.request_number,
            "portal_url": means.portal_url,
            "new_email": email,
        },
        account_id=account.id,
        school_id=schools[0] if schools else None,
        not_after=link.expires_at,
    )
    queued = means.post(session, outgoing)
    # The helpdesk finds the request by the number that the parent reads out.
    return queued._replace(details={**queued.details, "request": link.request_number})


def look_at_link(means: Means, token: str) -> FoundLink | None:
    """Return what a link would do, changing nothing; None if there never was such a link."""
    with means.reading() as session:
        link = link_of(session, means.digests.known(_TOKEN, token))
        if link is None:
            return None
        account = session.get_one(Account, link.account_id)
        verdict = LinkVerdict.REPLACED if account.is_ended else _verdict(link, means)
        return FoundLink(
            kind=link.kind, verdict=verdict, account_id=link.account_id, email=link.email
        )


def _verdict(link: MailLink, means: Means) -> LinkVerdict:
    if link.end is LinkEnd.USED:
        return LinkVerdict.USED
    if link.end is LinkEnd.REPLACED:
        return LinkVerdict.REPLACED
    return LinkVerdict.LIVE if link.is_live(means.now) else LinkVerdict.EXPIRED


def use_link(session: Session, means: Means, token: str, kind: LinkKind) -> MailLink | None:
    """Use a link up; None if it does nothing any more, or is of another kind.

    The caller holds the account already: accounts come before links in the order of locks.

    Args:
        session: The transaction of what the link does.
        means: Of the request.
        token: What stands in the address.
        kind: What it is to open.
    """
    link = link_of(session, means.digests.known(_TOKEN, token), lock=True)
    if link is None or link.kind is not kind or not link.is_live(means.now):
        return None
    link.ended_at, link.end = means.now, LinkEnd.USED
    return link
