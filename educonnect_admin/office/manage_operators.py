"""Operators: added, changed, removed, listed; on PostgreSQL with a role of the server (R-65)."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.academies import academy_by_code
from educonnect_admin.domain.errors import UnknownAcademy
from educonnect_admin.domain.operator_errors import BadOperator, UnknownOperator
from educonnect_admin.domain.operators import (
    Operator,
    OperatorSchool,
    Role,
    Scope,
    is_operator_name,
)
from educonnect_admin.domain.trail import HOLDER, Author, Happening, TrailKind
from educonnect_admin.queries.operators import operators_in_order, school_ids_of
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.server_rights import admit, dismiss, renew_rights
from educonnect_admin.queries.trail import append_to_trail


class Asked(NamedTuple):
    """What is asked of an operator; `uais` as typed."""

    name: str
    role: Role
    uais: Collection[str] = ()
    academy_code: str | None = None
    everything: bool = False


class OperatorLine(NamedTuple):
    """An operator as listed."""

    name: str
    role: Role
    everything: bool
    academy_code: str | None
    uais: tuple[str, ...]


class OperatorSet(NamedTuple):
    """An operator, and what became of it: `added`, `changed`, `unchanged`, `removed`."""

    operator: OperatorLine
    verdict: str

    @property
    def changed(self) -> bool:
        """Whether anything is other than before."""
        return self.verdict != "unchanged"


def list_operators(session: Session) -> list[OperatorLine]:
    """Return every operator, by name."""
    return [_line(one, uais) for one, uais in operators_in_order(session)]


def set_operator(
    session: Session, asked: Asked, *, owner: str | None, author: Author, reason: str | None = None
) -> OperatorSet:
    """Add an operator, or change the one of this name; with the same facts nothing changes.

    Args:
        session: The owner's open transaction.
        asked: Who, in which role, how far.
        owner: The name under which the owner works, which no operator can have.
        author: Who asks.
        reason: Why, for the trail.

    Raises:
        BadOperator: a name that can't be one, or a scope that the role can't have.
        UnknownSchool, UnknownAcademy, InvalidUAI: the scope is none.

    Rules: R-63, R-65.
    """
    if not is_operator_name(asked.name):
        raise BadOperator("name")
    if asked.name == owner:
        raise BadOperator("owner")
    if asked.name == HOLDER and asked.role is not Role.PORTAL:
        raise BadOperator("holder")
    scope = _scope(session, asked)
    operator = _operator_of(session, asked.name)
    verdict = "added" if operator is None else "changed"
    if operator is None:
        operator = Operator(name=asked.name, added_at=author.now)
        session.add(operator)
    elif (operator.role, _scope_of(session, operator)) == (asked.role, scope):
        return OperatorSet(_listed(session, operator), "unchanged")
    operator.role, operator.everything = asked.role, scope.everything
    operator.academy_code = scope.academy_code
    _name_schools(session, operator, scope.school_ids)
    if _is_server(session.connection()):
        admit(session.connection(), operator.name)
        renew_rights(session.connection())
    kind = TrailKind.OPERATOR_ADDED if verdict == "added" else TrailKind.OPERATOR_CHANGED
    append_to_trail(session, author, [_told(kind, operator, reason)])
    return OperatorSet(_listed(session, operator), verdict)


def remove_operator(session: Session, name: str, *, author: Author, reason: str) -> OperatorSet:
    """Remove an operator: the name opens nothing any more, whatever is connected under it.

    Raises:
        UnknownOperator: nobody bears this name.
    """
    operator = _operator_of(session, name)
    if operator is None:
        raise UnknownOperator(name)
    line = _listed(session, operator)
    told = _told(TrailKind.OPERATOR_REMOVED, operator, reason)
    session.execute(delete(OperatorSchool).where(OperatorSchool.operator_id == operator.id))
    session.delete(operator)
    session.flush()  # the policies are made for those who are left
    if _is_server(session.connection()):
        renew_rights(session.connection())
        dismiss(session.connection(), name)
    append_to_trail(session, author, [told])
    return OperatorSet(line, "removed")


def _is_server(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _operator_of(session: Session, name: str) -> Operator | None:
    return session.scalar(select(Operator).where(Operator.name == name).with_for_update())


def _scope(session: Session, asked: Asked) -> Scope:
    schools = {school_by_uai(session, uai).id for uai in asked.uais}
    if asked.academy_code is not None and academy_by_code(asked.academy_code) is None:
        raise UnknownAcademy(asked.academy_code)
    scope = Scope(tuple(sorted(schools)), asked.academy_code, asked.everything)
    if not scope.fits(asked.role):
        raise BadOperator("scope")
    return scope


def _scope_of(session: Session, operator: Operator) -> Scope:
    return Scope(school_ids_of(session, operator), operator.academy_code, operator.everything)


def _name_schools(session: Session, operator: Operator, school_ids: Collection[int]) -> None:
    session.flush()  # the operator's number
    session.execute(delete(OperatorSchool).where(OperatorSchool.operator_id == operator.id))
    session.add_all(OperatorSchool(operator_id=operator.id, school_id=one) for one in school_ids)
    session.flush()  # the lists and the server read it


def _told(kind: TrailKind, operator: Operator, reason: str | None) -> Happening:
    details = {"operator": operator.name, "role": str(operator.role)}
    return Happening(kind, details=details, reason=reason)


def _listed(session: Session, operator: Operator) -> OperatorLine:
    return next(line for line in list_operators(session) if line.name == operator.name)


def _line(operator: Operator, uais: tuple[str, ...]) -> OperatorLine:
    return OperatorLine(
        operator.name, operator.role, operator.everything, operator.academy_code, uais
    )
