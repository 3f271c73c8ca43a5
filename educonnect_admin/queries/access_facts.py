"""What the database knows of the ways into some accounts, in a handful of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.access import (
    AccessFacts,
    ChildFacts,
    HolderFacts,
    LetterFacts,
    RecordFacts,
    SetbackFacts,
    TryFacts,
    UnfinishedFile,
)
from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.letters import Batch, BatchFile, BatchState, FileState, Letter
from educonnect_admin.domain.messages import Message, MessageKind
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship, Pupil
from educonnect_admin.domain.schools import School, SchoolClass
from educonnect_admin.domain.setbacks import Setback
from educonnect_admin.domain.setbacks import TryCount as Tries

Fact = TypeVar("Fact", RecordFacts, ChildFacts, LetterFacts, TryFacts, SetbackFacts)


def access_facts(session: Session, account_ids: Sequence[int]) -> dict[int, AccessFacts]:
    """Return the facts of some accounts, by account, in seven statements however many.

    Args:
        session: An open session; reading is enough.
        account_ids: At most a page of them: each statement names them all.
    """
    records = _by_account(_records(session, account_ids))
    children = _by_account(_children(session, account_ids))
    letters = _by_account(_letters(session, account_ids))
    tries = _by_account(_tries(session, account_ids))
    setbacks = _by_account(_setbacks(session, account_ids))
    unfinished = unfinished_files(session)
    return {
        holder.id: AccessFacts(
            holder,
            records[holder.id],
            children[holder.id],
            letters[holder.id],
            tries[holder.id],
            setbacks[holder.id],
            unfinished,
        )
        for holder in _holders(session, account_ids)
    }


def _by_account(facts: Iterable[Fact]) -> dict[int, list[Fact]]:
    groups: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.account_id].append(fact)
    return groups


_HOLDER = [getattr(Account, name) for name in HolderFacts.__dataclass_fields__]


def _holders(session: Session, account_ids: Sequence[int]) -> list[HolderFacts]:
    rows = session.execute(select(*_HOLDER).where(Account.id.in_(account_ids)))
    return [HolderFacts(**row) for row in rows.mappings()]


def _records(session: Session, account_ids: Sequence[int]) -> list[RecordFacts]:
    rows = session.execute(
        select(
            Guardian.account_id,
            Guardian.id.label("guardian_id"),
            Guardian.given_name,
            Guardian.usage_name,
            Guardian.family_name,
            Guardian.email,
            Guardian.mobile,
            Guardian.school_id,
            School.uai,
            School.time_zone,
        )
        .join(School, School.id == Guardian.school_id)
        .where(Guardian.account_id.in_(account_ids))
        .order_by(Guardian.id)
    )
    return [RecordFacts(**_with_surname(row)) for row in rows.mappings()]


def _children(session: Session, account_ids: Sequence[int]) -> list[ChildFacts]:
    rows = session.execute(
        select(
            Guardian.account_id,
            Pupil.id.label("pupil_id"),
            Pupil.given_name,
            Pupil.usage_name,
            Pupil.family_name,
            Guardianship.legal,
            Enrolment.id.is_not(None).label("enrolled"),
            Guardian.school_id,
            School.uai,
            Enrolment.class_id,
            SchoolClass.label.label("class_label"),
        )
        .join(School, School.id == Guardian.school_id)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .join(Pupil, Pupil.id == Guardianship.pupil_id)
        .outerjoin(
            Enrolment,
            (Enrolment.pupil_id == Pupil.id)
            & (Enrolment.school_id == Guardian.school_id)
            & Enrolment.ended_on.is_(None),
        )
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Guardian.account_id.in_(account_ids), Guardianship.ended_on.is_(None))
        .order_by(Pupil.birth_date, Pupil.family_key, Pupil.given_key, Pupil.id, Guardian.id)
    )
    return [ChildFacts(**_with_surname(row)) for row in rows.mappings()]


def _with_surname(row: Any) -> dict[str, Any]:
    """Return a row with one surname: the usage name where there is one, as on the letter."""
    values = dict(row)
    family_name, usage_name = values.pop("family_name"), values.pop("usage_name")
    return {**values, "surname": usage_name or family_name}


def _letters(session: Session, account_ids: Sequence[int]) -> list[LetterFacts]:
    """Return the letters, oldest first; of several messages for one letter, the last."""
    rows = session.execute(
        select(
            Letter.account_id,
            Letter.id,
            Letter.number,
            Letter.guardian_id,
            School.uai,
            School.time_zone,
            Letter.created_at,
            Letter.last_day,
            Letter.ended_at,
            Letter.end,
            BatchFile.batch_id,
            BatchFile.state,
            Message.id,
            Message.guardian_id,
            Message.state,
            Message.attempts,
            Message.due_at,
            Message.ended_at,
            Message.error,
        )
        .join(School, School.id == Letter.school_id)
        .outerjoin(BatchFile, BatchFile.id == Letter.file_id)
        .outerjoin(
            Message, and_(Message.letter_id == Letter.id, Message.kind == MessageKind.LETTER)
        )
        .where(Letter.account_id.in_(account_ids))
        .order_by(Letter.created_at, Letter.id, Message.id)
    )
    return list({row.id: row for row in map(LetterFacts._make, rows)}.values())


def _tries(session: Session, account_ids: Sequence[int]) -> list[TryFacts]:
    rows = session.execute(
        select(
            Tries.account_id,
            Tries.kind,
            Tries.pupil_id,
            Tries.failures,
            Tries.last_at,
            Tries.locked_until,
        )
        .where(Tries.account_id.in_(account_ids))
        .order_by(Tries.id)
    )
    return [TryFacts._make(row) for row in rows]


def _setbacks(session: Session, account_ids: Sequence[int]) -> list[SetbackFacts]:
    rows = session.execute(
        select(Setback.account_id, Setback.kind, Setback.happened_at)
        .where(Setback.account_id.in_(account_ids))
        .order_by(Setback.happened_at, Setback.id)
    )
    return [SetbackFacts._make(row) for row in rows]


def unfinished_files(session: Session) -> list[UnfinishedFile]:
    """Return the class files whose passwords are not stored yet; few, if any."""
    rows = session.execute(
        select(Batch.id, Batch.school_id, School.uai, BatchFile.class_id, Batch.who)
        .join(Batch, Batch.id == BatchFile.batch_id)
        .join(School, School.id == Batch.school_id)
        .where(BatchFile.state == FileState.PLANNED, Batch.state == BatchState.RUNNING)
        .order_by(BatchFile.id)
    )
    return [UnfinishedFile._make(row) for row in rows]
