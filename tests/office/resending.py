"""What the tests of reissued letters share: asking, and which passwords work."""

from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.messages import Message, MessageKind, MessageState
from educonnect_admin.domain.trail import TrailEntry, TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.gateways.hashing import owner_of_letter
from educonnect_admin.messages.press import MessagePress
from educonnect_admin.office.mail_letter import Mailed, MailRoom, foresee_mail, resend_by_mail
from educonnect_admin.office.resend_letter import Resent, foresee_paper, resend_on_paper
from educonnect_admin.queries.outbox import opened
from tests.conftest import NOW


def mail_room(services: Services) -> MailRoom:
    """Return the means of writing to one person."""
    return MailRoom(
        room=services.print_room(NOW), postbox=services.postbox, templates=MessagePress(None)
    )


def on_paper(
    services: Services, output: Path, identifier: str = "nadia.moreau", uai: str | None = None
) -> Resent:
    """Resend a letter on paper, as the desk does."""
    room = services.print_room(NOW)
    return resend_on_paper(room, foresee_paper(room, identifier, uai), output, reason="Perdu")


def by_mail(services: Services, identifier: str = "nadia.moreau", uai: str | None = None) -> Mailed:
    """Resend a letter by e-mail, as the desk does."""
    mail = mail_room(services)
    return resend_by_mail(mail, foresee_mail(mail, identifier, uai), reason="Perdu")


def change(services: Services, identifier: str, **facts: object) -> None:
    """Make an account something else."""
    with services.transaction() as session:
        session.execute(update(Account).where(Account.identifier == identifier).values(**facts))


def account(services: Services, identifier: str = "nadia.moreau") -> Account:
    """Return an account as it is now."""
    with services.transaction() as session:
        return session.scalars(
            select(Account).where(Account.identifier == identifier).options(undefer("*"))
        ).one()


def letters_of(services: Services, identifier: str = "nadia.moreau") -> list[Letter]:
    """Return the letters of an account, the oldest first."""
    with services.transaction() as session:
        return list(
            session.scalars(
                select(Letter)
                .join(Account, Account.id == Letter.account_id)
                .where(Account.identifier == identifier)
                .order_by(Letter.id)
                .options(undefer("*"))
            )
        )


def works(services: Services, password: str, identifier: str = "nadia.moreau") -> bool:
    """Tell whether a temporary password opens an account now, as the portal will ask."""
    live = [one for one in letters_of(services, identifier) if one.ended_at is None]
    assert len(live) <= 1
    return any(
        services.vault.accepts(one.password_hash or b"", password, owner_of_letter(one.number))
        for one in live
    )


def waiting_letters(services: Services) -> list[tuple[str, dict[str, object]]]:
    """Return the letters that wait in the outbox, opened: to whom, and what they say."""
    with services.reading() as session:
        return [
            opened(services.postbox, message)
            for message in session.scalars(
                select(Message)
                .where(Message.kind == MessageKind.LETTER, Message.state == MessageState.WAITING)
                .order_by(Message.id)
            )
        ]


def told(services: Services, kind: TrailKind) -> list[TrailEntry]:
    """Return the entries of one kind, in their order."""
    with services.transaction() as session:
        return list(
            session.scalars(
                select(TrailEntry).where(TrailEntry.kind == kind).order_by(TrailEntry.id)
            )
        )
