"""The two records of a proposal are one person's: one account holds both (R-7, R-8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.desk_errors import KeepsNeither
from educonnect_admin.domain.people import Guardian, Guardianship, ReviewItem
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.office.answering.answering import Answering
from educonnect_admin.office.answering.answers import Effect
from educonnect_admin.office.importing.announce_children import Added, announce_children
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.merge_items import close_joined
from educonnect_admin.queries.regroup import regroup
from educonnect_admin.queries.regroupings import move_records, refuse_ended
from educonnect_admin.queries.review_items import first_in_use, records_of

Told = tuple[Effect, list[Happening]]


def hold_accounts_of(session: Session, items: Sequence[ReviewItem]) -> None:
    """Hold every account of the records of some proposals, in their order."""
    query = select(Guardian.account_id).where(
        Guardian.id.in_(records_of(items)), Guardian.account_id.is_not(None)
    )
    locked_accounts(session, sorted({account or 0 for account in session.scalars(query)}))


@dataclass(frozen=True, slots=True)
class OnePerson:
    """Puts two records under one account.

    Attributes:
        by: Who answers; the transaction holds the accounts too.
        keep: The identifier of the account that stays, if somebody says which.
    """

    by: Answering
    keep: str | None

    def join(self, item: ReviewItem) -> Told:
        """Regroup two accounts, let a record join the other's, or wait for one to be opened.

        Raises:
            AccountEnded: one of the accounts is closed or regrouped.
            KeepsNeither: the account to keep is none of theirs.
        """
        one, other = (
            self.by.session.get_one(Guardian, record, populate_existing=True)
            for record in (item.guardian_id, item.other_guardian_id)
        )
        accounts = self._accounts(item, one, other)
        if not accounts:
            return Effect(), []
        kept, *gone = accounts
        if gone:
            return self._regroup(kept, gone[0])
        stray = next((guardian for guardian in (one, other) if guardian.account_id is None), None)
        if stray is None:
            return Effect(identifier=kept.identifier), []
        return self._let_join(stray, kept)

    def _accounts(self, item: ReviewItem, one: Guardian, other: Guardian) -> list[Account]:
        """Return the accounts of two records, the one that stays first."""
        ids = dict.fromkeys(n for n in (one.account_id, other.account_id) if n is not None)
        accounts = [self.by.session.get_one(Account, account_id) for account_id in ids]
        for account in accounts:
            refuse_ended(self.by.session, account)
        ordered = first_in_use(self.by.session, accounts)
        if self.keep is None:
            return ordered
        wanted = self.keep.strip().lower()
        if wanted not in {account.identifier for account in ordered}:
            raise KeepsNeither(item.id, wanted, tuple(one.identifier for one in ordered))
        return sorted(ordered, key=lambda account: account.identifier != wanted)

    def _regroup(self, kept: Account, gone: Account) -> Told:
        moved = regroup(self.by.session, kept, gone, author=self.by.author, reason=self.by.reason)
        effect = Effect(identifier=kept.identifier, other=gone.identifier)
        return effect, list(moved.happenings)

    def _let_join(self, stray: Guardian, kept: Account) -> Told:
        move_records(self.by.session, [stray.id], kept.id)
        close_joined(self.by.session, [kept.id], self.by.author.now)
        return Effect(identifier=kept.identifier), list(self._joined(stray, kept))

    def _joined(self, stray: Guardian, kept: Account) -> Iterator[Happening]:
        yield Happening(
            TrailKind.RECORD_JOINED,
            school_id=stray.school_id,
            account_id=kept.id,
            guardian_id=stray.id,
            reason=self.by.reason,
        )
        if kept.state is AccountState.ACTIVE and self.by.announcer is not None:
            pupils = self.by.session.scalars(
                select(Guardianship.pupil_id)
                .where(Guardianship.guardian_id == stray.id, Guardianship.ended_on.is_(None))
                .order_by(Guardianship.pupil_id)
            )
            added = [Added(kept.id, stray.id, pupil_id) for pupil_id in pupils]
            yield from announce_children(self.by.session, self.by.announcer, added, self.by.author)
