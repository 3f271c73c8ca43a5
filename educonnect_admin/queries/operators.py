"""Questions about operators."""

from sqlalchemy import Connection, exists, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.operators import Acting, Operator, OperatorSchool
from educonnect_admin.domain.schools import School

# Made once: each command begins with it.
_FACTS = select(Operator.name, Operator.role, Operator.everything)
_ANY = select(exists().where(Operator.id.is_not(None)))


def acting_of_name(connection: Connection, name: str) -> Acting | None:
    """Return the operator who bears a name, or nothing."""
    row = connection.execute(_FACTS.where(Operator.name == name)).one_or_none()
    return None if row is None else Acting(*row)


def all_acting(connection: Connection) -> list[Acting]:
    """Return every operator, by name."""
    return [Acting(*row) for row in connection.execute(_FACTS.order_by(Operator.name))]


def has_operators(connection: Connection) -> bool:
    """Tell whether anybody is registered."""
    return bool(connection.scalar(_ANY))


def operators_in_order(session: Session) -> list[tuple[Operator, tuple[str, ...]]]:
    """Return every operator by name, with the UAI of the schools that are named for them."""
    named: dict[int, list[str]] = {}
    for operator_id, uai in session.execute(
        select(OperatorSchool.operator_id, School.uai)
        .join(School, School.id == OperatorSchool.school_id)
        .order_by(School.uai)
    ):
        named.setdefault(operator_id, []).append(uai)
    found = session.scalars(select(Operator).order_by(Operator.name)).all()
    return [(one, tuple(named.get(one.id, ()))) for one in found]


def school_ids_of(session: Session, operator: Operator) -> tuple[int, ...]:
    """Return the schools that are named for an operator."""
    return tuple(
        session.scalars(
            select(OperatorSchool.school_id)
            .where(OperatorSchool.operator_id == operator.id)
            .order_by(OperatorSchool.school_id)
        )
    )
