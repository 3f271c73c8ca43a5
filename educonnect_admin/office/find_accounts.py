"""Finding an account by whatever a parent can say of it: the first thing the desk does."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from educonnect_admin.office.searching.asked import Asked, What, read
from educonnect_admin.office.searching.by_names import find_by_names
from educonnect_admin.office.searching.closeness import IDENTIFIER_SIGNS, slips
from educonnect_admin.office.searching.fitting import NEAR
from educonnect_admin.queries.find_by_contact import (
    Reached,
    accounts_of_identifiers,
    guardians_of_pupils,
    identifiers_of,
    pupils_of_ine,
    reached_by_email,
    reached_by_mobile,
)
from educonnect_admin.queries.find_people import GUARDIANS
from educonnect_admin.queries.person_cards import (
    AccountCard,
    ChildCard,
    RecordCard,
    account_cards,
    child_cards,
    record_cards,
)

LIMIT = 20
_FULL, _SLIP, _BEGINNING, _GUESS = 100.0, 94.0, 97.0, 0.7
_LONGEST_SLIPPED = 40


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FoundAccount:
    """One result: an account with all its records, or a record that has no account yet.

    Attributes:
        account: nothing: the record waits for `accounts generate`.
        score: from 0 to 100.
        matched_by: codes of what fits, `:near` behind what differs a little.
    """

    account: AccountCard | None
    records: Sequence[RecordCard]
    children: Sequence[ChildCard]
    score: float
    matched_by: Sequence[str]

    def __repr__(self) -> str:
        return f"FoundAccount(records={[record.id for record in self.records]})"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAccounts:
    """The best results, and how many more there are.

    Attributes:
        more: how many people fit beside those shown.
        about: `more` was not counted one by one.
        what: how the text was read.
        guessed: nobody has this e-mail address; its words were taken for names.
        words: how many words were understood; none: there was nothing to look for.
    """

    accounts: Sequence[FoundAccount]
    more: int
    about: bool
    what: What
    guessed: bool
    words: int


class _Key(NamedTuple):
    """What one result is about: an account, or a record without one."""

    account_id: int | None
    guardian_id: int | None


class _Match(NamedTuple):
    key: _Key
    score: float
    matched_by: tuple[str, ...]


class _Matches(NamedTuple):
    """Who fits, the best first, each once."""

    found: list[_Match]
    total: int
    whole: bool = True
    guessed: bool = False


def find_accounts(
    session: Session, text: str, *, limit: int = LIMIT, now: datetime
) -> FoundAccounts:
    """Return the accounts, and records without one, that a text leads to.

    Args:
        session: An open session, that reads.
        text: Names of the guardian or of children, in any order; or an identifier, an
            e-mail address, a mobile, an INE.
        limit: No more results than this.
        now: The moment, for letters that are over.

    Rules: R-1, R-7 (nothing is merged: homonyms stand side by side).
    """
    asked = read(text)
    matches = _matches(session, asked, limit)
    shown = matches.found[:limit]
    return FoundAccounts(
        accounts=_with_cards(session, shown, now),
        more=max(matches.total - len(shown), 0),
        about=not matches.whole,
        what=asked.what,
        guessed=matches.guessed,
        words=len(asked.words),
    )


def _matches(session: Session, asked: Asked, limit: int) -> _Matches:
    match asked.what:
        case What.MOBILE:
            return _reached(session, reached_by_mobile(session, asked.value), "mobile")
        case What.EMAIL:
            met = _reached(session, reached_by_email(session, asked.value), "email")
            return met if met.found else _guessed(session, asked, limit)
        case What.INE:
            guardians = guardians_of_pupils(session, pupils_of_ine(session, asked.value))
            return _reached(session, Reached([], guardians), "ine")
        case What.IDENTIFIER:
            return _by_identifier(session, asked, limit)
        case What.NAMES:
            return _by_names(session, asked, limit)


def _reached(session: Session, reached: Reached, code: str) -> _Matches:
    records = record_cards(session, (), reached.guardian_ids)
    keys = [_Key(account_id, None) for account_id in reached.account_ids]
    keys += [_key(record.account_id, record.id) for record in records]
    found = [_Match(key, _FULL, (code,)) for key in dict.fromkeys(keys)]
    return _Matches(found, len(found))


def _key(account_id: int | None, guardian_id: int) -> _Key:
    return _Key(account_id, None) if account_id else _Key(None, guardian_id)


def _by_names(session: Session, asked: Asked, limit: int) -> _Matches:
    hits = find_by_names(session, GUARDIANS, asked.words, limit)
    best: dict[_Key, _Match] = {}
    for hit in hits.hits:
        key = _key(hit.person.account_id, hit.person.id)
        best.setdefault(key, _Match(key, round(hit.fit.score, 1), hit.fit.matched_by))
    total = len(best) if hits.whole else max(hits.total, len(best))
    return _Matches(list(best.values()), total, hits.whole)


def _guessed(session: Session, asked: Asked, limit: int) -> _Matches:
    met = _by_names(session, asked, limit)
    found = [
        match._replace(
            score=round(match.score * _GUESS, 1), matched_by=(f"email{NEAR}", *match.matched_by)
        )
        for match in met.found
    ]
    return met._replace(found=found, guessed=True)


def _by_identifier(session: Session, asked: Asked, limit: int) -> _Matches:
    """An identifier, one with a slip, its beginning; a single name looks the same."""
    typed = asked.value
    exact = accounts_of_identifiers(session, {typed})
    if exact and "." in typed:
        return _identified(exact, _FULL, "identifier")
    first = _identified(exact, _FULL, "identifier").found
    if "." in typed and len(typed) <= _LONGEST_SLIPPED:
        slipped = accounts_of_identifiers(session, slips(typed, IDENTIFIER_SIGNS))
        first += _identified(slipped, _SLIP, f"identifier{NEAR}").found
    named = _by_names(session, asked, limit)
    known = {match.key for match in first}
    rest = [match for match in named.found if match.key not in known]
    return _Matches(
        [*first, *_beginnings_first(session, typed, rest)],
        max(named.total, len(first) + len(rest)),
        named.whole,
    )


def _identified(accounts: dict[int, str], score: float, code: str) -> _Matches:
    found = [_Match(_Key(account_id, None), score, (code,)) for account_id in accounts]
    return _Matches(found, len(found))


def _beginnings_first(session: Session, typed: str, matches: list[_Match]) -> list[_Match]:
    """Put first those whose identifier begins with what was typed, if it may be one."""
    if "." not in typed:
        return matches
    ids = [match.key.account_id for match in matches if match.key.account_id]
    begun = {
        account_id
        for account_id, identifier in identifiers_of(session, ids).items()
        if identifier.startswith(typed)
    }
    told = [
        match._replace(score=_BEGINNING, matched_by=("identifier.start", *match.matched_by))
        if match.key.account_id in begun
        else match
        for match in matches
    ]
    return sorted(told, key=lambda match: match.key.account_id not in begun)


def _with_cards(session: Session, matches: Sequence[_Match], now: datetime) -> list[FoundAccount]:
    account_ids = [match.key.account_id for match in matches if match.key.account_id]
    guardian_ids = [match.key.guardian_id for match in matches if match.key.guardian_id]
    accounts = account_cards(session, account_ids, now) if account_ids else {}
    records = record_cards(session, account_ids, guardian_ids)
    by_key: dict[_Key, list[RecordCard]] = defaultdict(list)
    for record in records:
        by_key[_key(record.account_id, record.id)].append(record)
    children = child_cards(session, [record.id for record in records])
    return [
        FoundAccount(
            account=accounts.get(match.key.account_id or 0),
            records=by_key[match.key],
            children=children_of(by_key[match.key], children),
            score=match.score,
            matched_by=match.matched_by,
        )
        for match in matches
    ]


def children_of(
    records: Collection[RecordCard], children: Iterable[ChildCard]
) -> tuple[ChildCard, ...]:
    """Return the children of some records, each once, as the record's own school has it."""
    schools = {record.id: record.uai for record in records}
    mine = [child for child in children if child.guardian_id in schools]
    own_last = sorted(mine, key=lambda child: child.uai == schools[child.guardian_id])
    chosen = {child.id: child for child in own_last}
    return tuple(chosen[child_id] for child_id in dict.fromkeys(child.id for child in mine))
