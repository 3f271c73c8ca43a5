"""Mails that only tell: what happened to an account, to whoever may not have done it."""

from sqlalchemy.orm import Session

from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.trail import Happening
from educonnect_admin.letters.naming import addressed
from educonnect_admin.parents.means import Means
from educonnect_admin.queries.accounts import schools_of_account
from educonnect_admin.queries.holders import holder_of
from educonnect_admin.queries.outbox import Outgoing


def tell_holder(
    session: Session, means: Means, account_id: int, kind: MessageKind, to: str, **said: object
) -> Happening:
    """Queue a mail to the holder of an account.

    Args:
        session: The transaction of what the mail tells.
        means: Of the request.
        account_id: Whose.
        kind: What it tells.
        to: The address, a confirmed one.
        said: What this kind says besides who it is for and where the portal is.

    Returns:
        What the trail is to be told of the mail.
    """
    holder = holder_of(session, account_id)
    schools = schools_of_account(session, account_id)
    outgoing = Outgoing(
        kind=kind,
        to=to,
        values={
            "holder": addressed(*holder) if holder else "",
            "portal_url": means.portal_url,
            **said,
        },
        account_id=account_id,
        school_id=schools[0] if schools else None,
    )
    return means.post(session, outgoing)
