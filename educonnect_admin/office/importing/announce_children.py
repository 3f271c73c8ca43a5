"""Tell the holders of active accounts of the children whom an import has added (R-8)."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.messages import MessageKind, Postbox
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School, SchoolClass
from educonnect_admin.domain.trail import Author, Happening, TrailKind
from educonnect_admin.letters.naming import addressed
from educonnect_admin.queries.outbox import Outgoing, put_in_outbox

_PAGE = 500


class Announcer(NamedTuple):
    """What it takes to write to holders; `portal_url` has no slash at its end."""

    postbox: Postbox
    portal_url: str


class Added(NamedTuple):
    """A link that begins with a record of an active account."""

    account_id: int
    guardian_id: int
    pupil_id: int


def announce_children(
    session: Session, announcer: Announcer, added: Sequence[Added], author: Author
) -> Iterator[Happening]:
    """Put a message in the outbox for each child, if the account has a confirmed address.

    A child whom another school's record brought before is no news to the holder.

    Args:
        session: The transaction that has just written the links.
        announcer: What seals the messages.
        added: The links.
        author: Who imports, and when.

    Yields:
        What to tell the trail of each message.
    """
    for start in range(0, len(added), _PAGE):
        page = added[start : start + _PAGE]
        new = {(link.guardian_id, link.pupil_id) for link in page}
        known = _already_there(session, page, new)
        for row in _rows(session, page):
            child = (row.account_id, row.pupil_id)
            if (row.guardian_id, row.pupil_id) in new and child not in known:
                known.add(child)
                yield _announce(session, announcer, row, author)


def _already_there(
    session: Session, added: Sequence[Added], new: AbstractSet[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return (account, pupil) of the links that stood before these."""
    rows = session.execute(
        select(Guardian.account_id, Guardianship.guardian_id, Guardianship.pupil_id)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(
            Guardian.account_id.in_({link.account_id for link in added}),
            Guardianship.pupil_id.in_({link.pupil_id for link in added}),
            Guardianship.ended_on.is_(None),
        )
    )
    return {
        (account_id, pupil_id)
        for account_id, guardian_id, pupil_id in rows
        if account_id is not None and (guardian_id, pupil_id) not in new
    }


def _rows(session: Session, added: Sequence[Added]) -> Sequence[Any]:
    return session.execute(
        select(
            Account.id.label("account_id"),
            Account.email.label("to"),
            Guardian.id.label("guardian_id"),
            Guardian.civility,
            Guardian.given_name,
            Guardian.usage_name,
            Guardian.family_name,
            Pupil.id.label("pupil_id"),
            Pupil.given_name.label("child_given_name"),
            Pupil.usage_name.label("child_usage_name"),
            Pupil.family_name.label("child_family_name"),
            SchoolClass.label.label("class_label"),
            School.id.label("school_id"),
            School.name.label("school_name"),
            School.city,
            School.phone,
            School.email.label("school_email"),
        )
        .join(Guardian, Guardian.account_id == Account.id)
        .join(School, School.id == Guardian.school_id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Pupil, Pupil.id == Guardianship.pupil_id)
        .outerjoin(
            Enrolment,
            (Enrolment.pupil_id == Pupil.id)
            & (Enrolment.school_id == School.id)
            & Enrolment.ended_on.is_(None),
        )
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(
            Account.email_confirmed_at.is_not(None),
            Account.email.is_not(None),
            Guardian.id.in_({link.guardian_id for link in added}),
            Pupil.id.in_({link.pupil_id for link in added}),
        )
        .order_by(Account.id, Pupil.id, Guardian.id)
    ).all()


def _announce(session: Session, announcer: Announcer, row: Any, author: Author) -> Happening:
    outgoing = Outgoing(
        kind=MessageKind.CHILD_ADDED,
        to=row.to,
        values=_values(row, announcer.portal_url),
        account_id=row.account_id,
        school_id=row.school_id,
    )
    message = put_in_outbox(session, announcer.postbox, outgoing, author.now)
    session.flush()  # the trail names the message by its number
    return Happening(
        TrailKind.MESSAGE_QUEUED,
        school_id=row.school_id,
        account_id=row.account_id,
        pupil_id=row.pupil_id,
        details={"kind": MessageKind.CHILD_ADDED, "message": message.id},
    )


def _values(row: Any, portal_url: str) -> dict[str, object]:
    child = f"{row.child_given_name} {row.child_usage_name or row.child_family_name}"
    return {
        "holder": addressed(row.civility, row.given_name, row.usage_name or row.family_name),
        "child": {"name": child, "school": row.school_name, "class": row.class_label},
        "school": {
            "name": row.school_name,
            "city": row.city,
            "phone": row.phone,
            "email": row.school_email,
        },
        "portal_url": portal_url,
    }
