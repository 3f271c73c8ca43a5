"""Removing people with everything that points at them, whatever tables there are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, delete, func, or_, select, text
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.letters import Letter
from educonnect_admin.domain.metadata import METADATA
from educonnect_admin.domain.numbers import UsedNumber
from educonnect_admin.domain.people import Guardian, Pupil
from educonnect_admin.domain.regroupings import Regrouping
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import TrailEntry, TrailReason
from educonnect_admin.domain.vocabulary import NameWord
from educonnect_admin.queries.among import among
from educonnect_admin.queries.upsert import insert_or

Doomed = Mapping[str, Sequence[int]]
"""Numbers of rows by table."""

_TOLD_OF = {
    "accounts": TrailEntry.account_id,
    "guardians": TrailEntry.guardian_id,
    "pupils": TrailEntry.pupil_id,
    "letters": TrailEntry.letter_id,
}
"""What the trail speaks of by number, after it is gone."""


def hold_everything(session: Session) -> None:
    """Hold every school until the transaction ends: no import or desk brings somebody back."""
    session.execute(select(School.id).order_by(School.id).with_for_update(key_share=True)).all()


def with_their_regrouped(session: Session, account_ids: Sequence[int]) -> list[int]:
    """Return accounts and those regrouped into them, and so on; their rows are locked."""
    found, newer = set(account_ids), set(account_ids)
    while newer:
        others = session.scalars(
            select(Regrouping.other_id).where(
                among(Regrouping.principal_id, newer), Regrouping.undone_at.is_(None)
            )
        )
        newer = set(others) - found
        found |= newer
    return lock_rows(session, Account, sorted(found))


def lock_rows(
    session: Session, table: type[Account | Guardian | Pupil], ids: Iterable[int]
) -> list[int]:
    """Lock rows so that nobody points at them any more, until the transaction ends."""
    rows = select(table.id).where(among(table.id, ids)).order_by(table.id).with_for_update()
    return list(session.scalars(rows))


def doomed_with(session: Session, roots: Doomed) -> dict[str, list[int]]:
    """Return the numbered rows that go with some, by the foreign keys of the schema.

    A table that is added and points at people is found here without being named.
    """
    found: dict[str, set[int]] = {name: set(ids) for name, ids in roots.items()}
    for table in METADATA.sorted_tables:
        if "id" not in table.primary_key.columns:
            continue
        for column, target in _pointing(table):
            if found.get(target):
                rows = session.scalars(select(table.c.id).where(among(column, found[target])))
                found.setdefault(table.name, set()).update(rows)
    return {name: sorted(ids) for name, ids in found.items() if ids}


def _pointing(table: Table) -> list[tuple[Column[Any], str]]:
    return [(key.parent, key.column.table.name) for key in table.foreign_keys]


def remove(session: Session, doomed: Doomed) -> dict[str, int]:
    """Remove rows, the rows without a number that point at them, and what was said of them.

    The entries of the trail stay as they are, so that its chains verify; their numbers lead
    to nobody, and the free texts are gone (R-63).

    Returns:
        How many rows of each table went.
    """
    _keep_numbers(session, doomed)
    gone = {"trail_reasons": _forget_reasons(session, doomed)}
    for table in reversed(METADATA.sorted_tables):
        if "id" in table.primary_key.columns:
            conditions = [among(table.c.id, doomed[table.name])] if table.name in doomed else []
        else:
            conditions = [
                among(column, doomed[target])
                for column, target in _pointing(table)
                if target in doomed and target in _GOES_WITH
            ]
        if conditions:
            done = session.connection().execute(delete(table).where(or_(*conditions)))
            gone[table.name] = done.rowcount
    return gone


_GOES_WITH = frozenset(METADATA.tables) - {"trail_entries"}


def _forget_reasons(session: Session, doomed: Doomed) -> int:
    """Remove the free texts of the entries that tell of somebody."""
    told = [among(column, doomed[name]) for name, column in _TOLD_OF.items() if name in doomed]
    if not told:
        return 0
    entries = select(TrailEntry.id).where(or_(*told))
    statement = delete(TrailReason).where(TrailReason.entry_id.in_(entries))
    return session.connection().execute(statement).rowcount


def _keep_numbers(session: Session, doomed: Doomed) -> None:
    """Note the highest number of each table while it is still there."""
    for kind in (Account, Guardian, Letter, Pupil):
        name = kind.__tablename__
        if doomed.get(name):
            insert = insert_or(session, UsedNumber)
            highest = session.scalar(select(func.max(kind.id))) or 0
            session.execute(
                insert.on_conflict_do_update(
                    index_elements=["table_name"],
                    set_={"highest": highest},
                    where=UsedNumber.highest < highest,
                ),
                {"table_name": name, "highest": highest},
            )


def forget_names(session: Session) -> int:
    """Remove the words that nobody bears any more from what people are found by.

    Returns:
        How many.
    """
    borne = [
        select(kind.id).where(column == NameWord.word).exists()
        for kind in (Guardian, Pupil)
        for column in (kind.family_key, kind.given_key, kind.usage_key)
    ]
    unborne = session.execute(select(NameWord.id, NameWord.word).where(~or_(*borne))).all()
    if unborne and session.get_bind().dialect.name == "sqlite":
        # What keeps no content is told what to take out.
        session.execute(
            text(
                "INSERT INTO name_trigrams (name_trigrams, rowid, word) VALUES ('delete', :n, :w)"
            ),
            [{"n": number, "w": f"  {word} "} for number, word in unborne],
        )
        session.execute(text("INSERT INTO name_trigrams (name_trigrams) VALUES ('optimize')"))
    for start in range(0, len(unborne), 1000):
        ids = [number for number, _ in unborne[start : start + 1000]]
        session.execute(delete(NameWord).where(among(NameWord.id, ids)))
    return len(unborne)
