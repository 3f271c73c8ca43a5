"""Propose to a person the records that may be one person's and that no rule joins (R-7)."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import ENDED
from educonnect_admin.domain.people import ReviewItem, ReviewKind, ReviewResolution
from educonnect_admin.office.merging.contacts_alike import Crowded
from educonnect_admin.office.merging.weigh import Weighed, weigh
from educonnect_admin.queries.bulk import insert_rows, update_rows
from educonnect_admin.queries.copying import Row
from educonnect_admin.queries.merge_candidates import Pair, candidate_pairs
from educonnect_admin.queries.merge_items import MergeItem, items_about
from educonnect_admin.queries.merge_records import (
    MergeRecord,
    crowded_contacts,
    records_to_weigh,
)

_CHUNK = 5_000
"""Records at a time: a statement names no more, and memory holds no more of their likes."""


class Proposed(NamedTuple):
    """How many proposals were made, or made again, and how many have become pointless."""

    opened: int
    closed: int


def propose_merges(
    session: Session, school_id: int, guardian_ids: Collection[int], now: datetime
) -> Proposed:
    """Look for the likes of records that are new or no longer say what they said.

    A pair that somebody has answered is left alone, whatever the records say now. One that
    no longer weighs enough, or that has become one account's, is closed; it opens again if
    that changes. Doing it twice writes nothing the second time.

    Args:
        session: The transaction that has just written the records, and holds the school.
        school_id: Whose queue the new proposals go to.
        guardian_ids: The records.
        now: When they are asked.

    Rule: R-7.
    """
    opened = closed = 0
    ordered = sorted(guardian_ids)
    for start in range(0, len(ordered), _CHUNK):
        done = _propose(session, school_id, ordered[start : start + _CHUNK], now)
        opened, closed = opened + done.opened, closed + done.closed
    return Proposed(opened, closed)


def _propose(session: Session, school_id: int, ids: Collection[int], now: datetime) -> Proposed:
    items = items_about(session, ids)
    pairs = {*candidate_pairs(session, ids), *items}
    records = records_to_weigh(session, {record for pair in pairs for record in pair})
    judge = _Judge(records, crowded_contacts(session, records.values()))
    writing = _Writing(school_id, now)
    for pair in sorted(pairs):
        writing.note(judge.of(pair), items.get(pair))
    return writing.write(session)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to think of a pair; nothing is weighed where nothing is to be proposed."""

    one: MergeRecord
    other: MergeRecord
    weighed: Weighed | None = None


class _Judge:
    """Weighs pairs, knowing what else is to be known of their records."""

    def __init__(self, records: Mapping[int, MergeRecord], crowded: Crowded) -> None:
        self._records = records
        self._crowded = crowded
        self._namesakes = Counter(
            (four, record.school_id) for record in records.values() if (four := _four_facts(record))
        )

    def of(self, pair: Pair) -> Verdict:
        """Return what to think of two records."""
        one, other = (self._records[record] for record in pair)
        if _are_of_one_account(one, other) or self._will_join(one, other):
            return Verdict(one, other)
        weighed = weigh(one, other, self._crowded)
        return Verdict(one, other, weighed if weighed.is_proposed else None)

    def _will_join(self, one: MergeRecord, other: MergeRecord) -> bool:
        """Tell whether opening accounts will join the two by itself: names and contacts same.

        Not where both have accounts already, nor where several could be meant
        (`queries.records.same_person_elsewhere`).
        """
        four = _four_facts(one)
        if four is None or four != _four_facts(other) or one.school_id == other.school_id:
            return False
        if _has_ended(one) or _has_ended(other) or (one.account_id and other.account_id):
            return False
        return all(self._namesakes[four, place] == 1 for place in (one.school_id, other.school_id))


def _four_facts(record: MergeRecord) -> tuple[str, str, str, str] | None:
    if not (record.family_key and record.given_key and record.email and record.mobile):
        return None
    return record.family_key, record.given_key, record.email.lower(), record.mobile


def _has_ended(record: MergeRecord) -> bool:
    return record.account_state in ENDED


def _are_of_one_account(one: MergeRecord, other: MergeRecord) -> bool:
    return one.account_id is not None and one.account_id == other.account_id


@dataclass(slots=True)
class _Writing:
    """What a run adds to the queue, changes in it and closes."""

    school_id: int
    now: datetime
    new: list[Row] = field(default_factory=list)
    again: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    over: list[Row] = field(default_factory=list)

    def note(self, verdict: Verdict, item: MergeItem | None) -> None:
        """Note what a verdict means for the proposal there is, or is not."""
        if verdict.weighed is None:
            if item and item.is_open:
                end = {"resolved_at": self.now, "resolution": ReviewResolution.ANSWERED}
                self.over.append({"id": item.id, **end})
            return
        details = details_of_pair(verdict.one, verdict.other, verdict.weighed)
        if item is None:
            self.new.append(self._row(verdict, details))
        elif item.resolution is ReviewResolution.ANSWERED:
            begin = {"resolved_at": None, "resolution": None}
            self.again.append({"id": item.id, "details": details, **begin})
        elif item.is_open and item.details != details:
            self.changed.append({"id": item.id, "details": details})

    def _row(self, verdict: Verdict, details: str) -> Row:
        return {
            "school_id": self.school_id,
            "kind": ReviewKind.MERGE_PROPOSAL,
            "subject": subject_of_pair((verdict.one.id, verdict.other.id)),
            "guardian_id": verdict.one.id,
            "other_guardian_id": verdict.other.id,
            "details": details,
            "asked_at": self.now,
        }

    def write(self, session: Session) -> Proposed:
        """Write it all."""
        update_rows(session, ReviewItem, [*self.again, *self.changed, *self.over])
        insert_rows(session, ReviewItem, self.new)
        return Proposed(len(self.new) + len(self.again), len(self.over))


def keep_apart(session: Session, school_id: int, pairs: Sequence[Pair], now: datetime) -> None:
    """Remember pairs as two people whom nobody needs to be asked about.

    Args:
        session: The transaction that has just written one of each.
        school_id: Whose record that one is; none of the pairs was ever proposed.
        pairs: A record that somebody asked for, and one that it was said not to be.
        now: When.
    """
    records = records_to_weigh(session, {record for pair in pairs for record in pair})
    rows = [
        {
            "school_id": school_id,
            "kind": ReviewKind.MERGE_PROPOSAL,
            "subject": subject_of_pair(pair),
            "guardian_id": min(pair),
            "other_guardian_id": max(pair),
            "details": details_of_pair(records[min(pair)], records[max(pair)], Weighed(0, ())),
            "asked_at": now,
            "resolved_at": now,
            "resolution": ReviewResolution.TWO_PEOPLE,
        }
        for pair in pairs
    ]
    insert_rows(session, ReviewItem, rows)


def subject_of_pair(pair: Pair) -> str:
    """Return the digest by which a proposal is the same when it is made again."""
    return hashlib.sha256(
        json.dumps([ReviewKind.MERGE_PROPOSAL, *sorted(pair)]).encode()
    ).hexdigest()


def details_of_pair(one: MergeRecord, other: MergeRecord, weighed: Weighed) -> str:
    """Return the JSON of a proposal: the names, the score, each piece of evidence."""
    return json.dumps(
        {
            "guardian": _names(one),
            "other": _names(other),
            "score": weighed.score,
            "evidence": [[fact.code, fact.weight] for fact in weighed.facts],
        },
        ensure_ascii=False,
    )


def _names(record: MergeRecord) -> dict[str, str | None]:
    return {
        "civility": record.civility,
        "family_name": record.family_name,
        "usage_name": record.usage_name,
        "given_name": record.given_name,
    }
