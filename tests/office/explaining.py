"""What the tests of `explain` and of the chase share: accounts, and what befalls them."""

import random  # noqa: TID251 - what befalls made-up people; nothing secret comes of it
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState, Journey
from educonnect_admin.domain.letters import Letter, LetterEnd
from educonnect_admin.domain.messages import Message, MessageKind
from educonnect_admin.domain.people import Guardian, Guardianship, Pupil
from educonnect_admin.domain.setbacks import Setback, SetbackKind, TryCount, TryKind
from educonnect_admin.domain.troubles import Finding, Trouble
from educonnect_admin.edge import Services
from educonnect_admin.office.explain_access import Explanation, explain_access
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.queries.outbox import Outgoing, put_in_outbox
from educonnect_admin.queries.schools import school_by_uai
from tests.conftest import NOW
from tests.office.printing import issue
from tests.support.households import CHARLEMAGNE

CELINE = "celine.dupont"
"""A mother of two, whose mobile and e-mail the school knows."""
THI = "thi.nguyen"
"""A mother of four, of whom the school knows neither."""


IDENTIFIERS = (CELINE, "jean.dupont", "nadia.moreau", "karim.moreau", THI)


def generate(services: Services, uai: str = CHARLEMAGNE) -> None:
    """Open the accounts of a school."""
    with services.transaction() as session:
        generate_accounts(
            session,
            school_by_uai(session, uai),
            class_id=None,
            stem_digest=services.keyring.stem_digest,
            author=services.author(NOW),
        )


def account_id(session: Session, identifier: str) -> int:
    """Return the id of an account."""
    return session.scalars(select(Account.id).where(Account.identifier == identifier)).one()


class Desk:
    """An office whose accounts get into trouble, and the question that it is asked."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.services = services
        self.folder = folder

    def why(self, identifier: str = CELINE, **later: float) -> Explanation:
        """Explain an account, now or so many `days=` or `minutes=` later."""
        with self.services.reading() as session:
            return explain_access(session, identifier, NOW + timedelta(**later))

    def reasons(self, identifier: str = CELINE, **later: float) -> list[Trouble]:
        """Return the codes of all findings, the main one first."""
        return [finding.trouble for finding in self.why(identifier, **later).findings]

    def issue(self) -> None:
        """Print the letters of the school."""
        issue(self.services, self.folder / "out")

    def change(self, identifier: str = CELINE, **columns: Any) -> None:
        """Set columns of an account, as the portal will."""
        with self.services.transaction() as session:
            session.execute(
                update(Account).where(Account.identifier == identifier).values(**columns)
            )

    def change_record(self, identifier: str = CELINE, **columns: Any) -> None:
        """Set columns of the records of an account, as an import would."""
        with self.services.transaction() as session:
            session.execute(
                update(Guardian)
                .where(Guardian.account_id == account_id(session, identifier))
                .values(**columns)
            )

    def use_letter(self, identifier: str = CELINE) -> None:
        """End the letter of an account as its activation does (R-22)."""
        self.end_letter(LetterEnd.USED, identifier)

    def end_letter(self, end: LetterEnd, identifier: str = CELINE) -> None:
        """End the letter that an account holds."""
        with self.services.transaction() as session:
            session.execute(
                update(Letter)
                .where(
                    Letter.account_id == account_id(session, identifier), Letter.ended_at.is_(None)
                )
                .values(ended_at=NOW, end=end)
            )

    def fail(
        self,
        kind: TryKind,
        failures: int,
        *,
        identifier: str = CELINE,
        until: datetime | None = None,
        at: datetime = NOW,
    ) -> int:
        """Count tries in vain; return the pupil whose birth date it is about, or 0."""
        with self.services.transaction() as session:
            holder = account_id(session, identifier)
            pupil = self._eldest(session, holder) if kind is TryKind.BIRTH_DATE else None
            subject = f"account:{holder}" + (f"/pupil:{pupil}" if pupil else "")
            tries = TryCount(
                kind=kind, subject=subject, first_at=at, account_id=holder, pupil_id=pupil
            )
            tries.failures, tries.last_at, tries.locked_until = failures, at, until
            session.add(tries)
            return pupil or 0

    def _eldest(self, session: Session, holder: int) -> int:
        return session.scalars(
            select(Pupil.id)
            .join(Guardianship, Guardianship.pupil_id == Pupil.id)
            .join(Guardian, Guardian.id == Guardianship.guardian_id)
            .where(Guardian.account_id == holder)
            .order_by(Pupil.birth_date)
        ).all()[0]

    def meet(self, kind: SetbackKind, *, identifier: str = CELINE, days_ago: float = 1) -> None:
        """Let a parent run into a dead end of the SMS journey (R-31)."""
        with self.services.transaction() as session:
            session.add(
                Setback(
                    kind=kind,
                    account_id=account_id(session, identifier),
                    happened_at=NOW - timedelta(days=days_ago),
                )
            )

    def mail_letter(self, identifier: str = CELINE, **columns: Any) -> None:
        """Let the letter of an account leave by mail, and fare as told."""
        with self.services.transaction() as session:
            letter = session.scalars(
                select(Letter).where(Letter.account_id == account_id(session, identifier))
            ).one()
            letter.file_id = None
            message = put_in_outbox(
                session,
                self.services.postbox,
                Outgoing(
                    kind=MessageKind.LETTER,
                    to="dupont@example.fr",
                    values={},
                    account_id=letter.account_id,
                    guardian_id=letter.guardian_id,
                    letter_id=letter.id,
                ),
                NOW,
            )
            session.flush()  # its row is changed by a plain statement
            if columns:
                session.execute(update(Message).where(Message.id == message.id).values(**columns))


def count_statements(services: Services, work: Callable[[], object]) -> int:
    """Return how many questions a piece of work asks the database."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(services.engine, "before_cursor_execute", note)
    work()
    event.remove(services.engine, "before_cursor_execute", note)
    return len([one for one in seen if one.startswith(("SELECT", "WITH"))])


def finding(why: Explanation, trouble: Trouble) -> Finding:
    """Return the one finding of this kind."""
    (found,) = [one for one in why.findings if one.trouble is trouble]
    return found


CHANGES: dict[str, dict[str, Any]] = {
    "pending": {"state": AccountState.EMAIL_PENDING, "email": "a@example.fr"},
    "bounced": {
        "state": AccountState.EMAIL_PENDING, "email": "a@example.fr", "email_bounced_at": NOW,
    },
    "active": {"state": AccountState.ACTIVE, "journey": Journey.SMS},
    "confirmed": {
        "state": AccountState.ACTIVE, "email": "a@example.fr", "email_confirmed_at": NOW,
    },
    "closed": {"state": AccountState.CLOSED},
    "regrouped": {"state": AccountState.REGROUPED},
    **{f"as it was {number}": {} for number in range(5)},
}  # fmt: skip


def befall(desk: Desk, seed: int) -> None:
    """Let chance put each account into some troubles, likely or not."""
    chance = random.Random(seed)
    if chance.random() < 0.7:
        desk.issue()
    for identifier in IDENTIFIERS:
        if changes := CHANGES[chance.choice(sorted(CHANGES))]:
            desk.change(identifier, **changes)
        if chance.random() < 0.4:
            desk.end_letter(chance.choice(list(LetterEnd)), identifier)
        for kind in chance.sample(list(TryKind), chance.randrange(3)):
            until = chance.choice([None, NOW, NOW + timedelta(days=1)])
            desk.fail(kind, chance.randrange(12), identifier=identifier, until=until)
        for setback in chance.sample(list(SetbackKind), chance.choice([0, 0, 1, 2])):
            desk.meet(setback, identifier=identifier, days_ago=chance.randrange(9))
        if chance.random() < 0.5:
            desk.change_record(identifier, mobile=None, email=None)
