"""A plan as a file: exactly what was shown, sealed, to be applied later or by somebody else.

Two lines of JSON: who made it and a seal, then the plan. The seal is a keyed digest, so that
nobody changes a plan between the director who read it and the command that applies it. The
digest of the second line alone is the plan's own: the same plan has the same one, whoever
makes it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from educonnect_admin.domain.errors import BadPlan
from educonnect_admin.domain.trail import Author
from educonnect_admin.office.importing.roster_plan import (
    Change,
    GuardianDecision,
    PupilDecision,
    RosterPlan,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = "educonnect-roster-plan"
VERSION = 1
_DATES = frozenset({"birth_date", "source_birth_date"})
_SEALED = ("format", "version", "school", "basis", "sha256", "key_id")
_Decision = TypeVar("_Decision", PupilDecision, GuardianDecision)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlan:
    """A plan, the school it is for, and what the database said when it was made.

    `basis` is the digest of all that the plan was compared with (`roster_basis`).
    """

    school: str
    basis: str
    sha256: str
    plan: RosterPlan


def plan_sha256(plan: RosterPlan) -> str:
    """Return the digest of what a plan says."""
    return hashlib.sha256(plan_bytes(plan)).hexdigest()


def seal_plan(plan: RosterPlan, school: str, basis: str, author: Author) -> bytes:
    """Return the bytes of a plan's file.

    Args:
        plan: What is to be done.
        school: The UAI of the school it was made for.
        basis: The digest of what it was compared with.
        author: Whose key seals it.
    """
    body = plan_bytes(plan)
    head = {
        "format": FORMAT,
        "version": VERSION,
        "school": school,
        "basis": basis,
        "sha256": hashlib.sha256(body).hexdigest(),
        "key_id": author.pen.key_id,
        "made_at": author.now.isoformat(),
    }
    head["seal"] = _seal(head, author)
    return json.dumps(head).encode() + b"\n" + body + b"\n"


def open_plan(path: Path, content: bytes, author: Author) -> KeptPlan:
    """Return the plan of a file, if this office wrote it and nobody has changed it since.

    Args:
        path: Where it came from, for the refusal.
        content: Its bytes.
        author: Whose keys can tell.

    Raises:
        BadPlan: `not_a_plan`, `other_version`, `other_office` or `changed`.
    """
    first, _, rest = content.partition(b"\n")
    head = _head(path, first)
    body = rest.rstrip(b"\n")
    if not author.pen.still_seals(head["key_id"]):
        raise BadPlan(path, "other_office")
    seal = _seal(head, author)
    if seal != head.get("seal") or hashlib.sha256(body).hexdigest() != head["sha256"]:
        raise BadPlan(path, "changed")
    plan = plan_of(body)
    return KeptPlan(school=head["school"], basis=head["basis"], sha256=head["sha256"], plan=plan)


def _head(path: Path, line: bytes) -> dict[str, Any]:
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        head = None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadPlan(path, "not_a_plan")
    if head.get("version") != VERSION:
        raise BadPlan(path, "other_version")
    if any(not isinstance(head.get(name), str) for name in _SEALED if name != "version"):
        raise BadPlan(path, "changed")
    return head


def _seal(head: dict[str, Any], author: Author) -> str:
    said = json.dumps([head[name] for name in _SEALED]).encode()
    return author.pen.digest(b"roster-plan:" + said, head["key_id"])


def plan_bytes(plan: RosterPlan) -> bytes:
    """Return what a plan says, as JSON."""
    return _adapter().dump_json(plan)


def plan_of(body: bytes) -> RosterPlan:
    """Return the plan of some JSON.

    Raises:
        ValueError: it is none of this version.
    """
    return _dated(_adapter().validate_json(body))


@cache
def _adapter() -> "TypeAdapter[RosterPlan]":
    # Lazily, and once: building it takes longer than most commands.
    from pydantic import TypeAdapter  # noqa: PLC0415

    return TypeAdapter(RosterPlan)


def _dated(plan: RosterPlan) -> RosterPlan:
    """Return a plan whose dates are dates again: in JSON they are texts like any other."""
    return replace(plan, pupils=_with_dates(plan.pupils), guardians=_with_dates(plan.guardians))


def _with_dates(decisions: Sequence[_Decision]) -> tuple[_Decision, ...]:
    return tuple(
        replace(one, changes=tuple(map(_with_date, one.changes))) if one.changes else one
        for one in decisions
    )


def _with_date(change: Change) -> Change:
    if change.field not in _DATES:
        return change
    before, after = (
        date.fromisoformat(value) if isinstance(value, str) else value
        for value in (change.before, change.after)
    )
    return Change(change.field, before, after)
