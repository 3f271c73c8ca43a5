"""What a plan was compared with, as one digest: another one says that the database moved on."""

import hashlib
import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy.orm import Session

from educonnect_admin.queries.rosters import (
    classes_of_school,
    guardians_of_school,
    links_of_school,
    pupils_by_ine,
    pupils_of_school,
    questions_of_school,
)


def roster_basis(session: Session, school_id: int, ines: Collection[str]) -> str:
    """Return the digest of all that decides what an import of a school means.

    That an account was activated or a letter printed meanwhile changes nothing to a plan;
    that a record has got an account does: it is somebody's from then on.

    Args:
        session: An open transaction.
        school_id: The school.
        ines: The numbers of the newcomers, who may be known elsewhere.
    """
    links = links_of_school(session, school_id)
    found = hashlib.sha256()
    for part in (
        map(tuple, pupils_of_school(session, school_id)),
        (
            (*one[:11], one.account_id is None, one.source_id, sorted(one.sources.items()))
            for one in guardians_of_school(session, school_id)
        ),
        sorted((*ends, *bond, ends in links.ended) for ends, bond in links.bonds.items()),
        sorted(classes_of_school(session, school_id).items()),
        sorted((s, *item) for s, item in questions_of_school(session, school_id).items()),
        ((ine, *map(tuple, known)) for ine, known in pupils_by_ine(session, ines).items()),
    ):
        _add(found, part)
    return found.hexdigest()


def _add(found: Any, facts: Iterable[object]) -> None:
    for fact in facts:
        found.update(json.dumps(fact, default=str).encode())
    found.update(b"\n")
