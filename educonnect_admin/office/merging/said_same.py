"""Records that somebody has said to be one person's, or two people's, and their accounts (R-7)."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy.orm import Session

from educonnect_admin.domain.people import ReviewResolution
from educonnect_admin.queries.merge_items import Pair, accounts_holding, pairs_answered


@dataclass(frozen=True, slots=True)
class People:
    """Some records without account, each under the first one of the same person.

    `partners` are the records, of these or others, that somebody has said to be the same
    person's; `strangers` those said to be another's.
    """

    leader_of: Mapping[int, int]
    partners: AbstractSet[Pair]
    strangers: AbstractSet[Pair]

    @property
    def leaders(self) -> set[int]:
        """The records that stand for their person."""
        return set(self.leader_of.values())

    def accounts(self, session: Session, found: Mapping[int, int]) -> dict[int, int]:
        """Return the account that each record should join, if its person has one.

        Args:
            session: An open session.
            found: By record, the account that the rule would have it join (R-7).
        """
        others = {record for pair in self.partners | self.strangers for record in pair}
        held = accounts_holding(session, others)
        never = _either_way(self.strangers, held)
        allowed = {(record, account) for record, account in found.items()} - never
        said = sorted(_either_way(self.partners, held) - never, reverse=True)
        # What somebody has said goes before what a rule finds; of two accounts the older.
        return dict(sorted(allowed)) | {
            record: account for record, account in said if record in self.leader_of
        }

    def spread(self, accounts: Mapping[int, int]) -> dict[int, int]:
        """Return the accounts again, every record of a person having that of the first one."""
        by_leader: dict[int, int] = {}
        for record, account in sorted(accounts.items()):
            by_leader.setdefault(self.leader_of[record], account)
        return {
            record: by_leader[leader]
            for record, leader in self.leader_of.items()
            if leader in by_leader
        }

    def led_by(self, leaders: Mapping[int, int]) -> Iterator[Pair]:
        """Yield the records under one of these, each with it; these themselves apart."""
        for record, leader in self.leader_of.items():
            if leader in leaders and record != leader:
                yield record, leader


def people_said_same(session: Session, records: Sequence[int]) -> People:
    """Return which of some records are one person's, by what somebody has answered."""
    partners = pairs_answered(session, records, ReviewResolution.SAME_PERSON)
    leader_of = {record: record for record in records}
    for one, other in sorted(partners):
        if one in leader_of and other in leader_of:
            first, second = sorted((leader_of[one], leader_of[other]))
            for record, leader in leader_of.items():
                if leader == second:
                    leader_of[record] = first
    return People(
        leader_of, partners, pairs_answered(session, records, ReviewResolution.TWO_PEOPLE)
    )


def _either_way(pairs: AbstractSet[Pair], held: Mapping[int, int]) -> set[Pair]:
    """Return each record with the account of the one it is paired with."""
    return {
        (one, held[other]) for pair in pairs for one, other in (pair, pair[::-1]) if other in held
    }
