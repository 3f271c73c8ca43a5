"""What an account or a child has where whoever acts does not see it (R-8, R-41, R-65).

An operator of one school must not move half of an account that two schools share: the other
school's record would stay with an account that is over, and its children with nobody.
"""

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from educonnect_admin.queries.copying import CONFINED

_LEFT = {
    "postgresql": text("SELECT NOT account_is_emptied(:number)"),
    "sqlite": text("SELECT EXISTS (SELECT 1 FROM main.guardians WHERE account_id = :number)"),
}
_KEPT = {
    "postgresql": text("SELECT NOT regrouping_is_given_back(:number)"),
    "sqlite": text(
        "SELECT EXISTS (SELECT 1 FROM main.regrouped_records AS its"
        " JOIN main.guardians AS record ON record.id = its.guardian_id"
        " JOIN main.regroupings AS one ON one.id = its.regrouping_id"
        " WHERE one.id = :number AND record.account_id = one.principal_id)"
    ),
}
_LINKED = {
    "postgresql": text("SELECT NOT link_is_free(:number)"),
    "sqlite": text(
        "SELECT EXISTS (SELECT 1 FROM main.accounts AS its JOIN main.accounts AS one"
        " ON one.franceconnect_digest = its.franceconnect_digest"
        " WHERE its.id = :number AND one.id <> its.id AND one.ended_at IS NULL)"
    ),
}
_SHARED = {
    "postgresql": text(
        "SELECT records_of_account(:number) >"
        " (SELECT count(*) FROM guardians WHERE account_id = :number)"
    ),
    "sqlite": text(
        "SELECT (SELECT count(*) FROM main.guardians WHERE account_id = :number) >"
        " (SELECT count(*) FROM guardians WHERE account_id = :number)"
    ),
}
_IN_SIGHT = "(SELECT count(*) FROM {enrolments} WHERE pupil_id = :number AND ended_on IS NULL)"
_ENROLLED = {
    "postgresql": text(
        f"SELECT places_of_pupil(:number) > {_IN_SIGHT.format(enrolments='enrolments')}"
    ),
    "sqlite": text(
        f"SELECT {_IN_SIGHT.format(enrolments='main.enrolments')}"
        f" > {_IN_SIGHT.format(enrolments='enrolments')}"
    ),
}


def has_records_elsewhere(session: Session, account_id: int) -> bool:
    """Tell whether a school out of sight has a record of an account."""
    return _asked(session, _SHARED, account_id)


def is_enrolled_elsewhere(session: Session, pupil_id: int) -> bool:
    """Tell whether a pupil is enrolled in a school out of sight."""
    return _asked(session, _ENROLLED, pupil_id)


def is_left_with_records(session: Session, account_id: int) -> bool:
    """Tell whether an account, all of whose records in sight have moved, has others."""
    return _asked(session, _LEFT, account_id)


def keeps_records(session: Session, regrouping_id: int) -> bool:
    """Tell whether records of a regrouping are not given back, those in sight being so."""
    return _asked(session, _KEPT, regrouping_id)


def is_linked_elsewhere(session: Session, account_id: int) -> bool:
    """Tell whether a living account bears the FranceConnect link of an account, seen or not."""
    return _asked(session, _LINKED, account_id)


def _asked(session: Session, questions: dict[str, TextClause], number: int) -> bool:
    """Ask past the scope; whoever has none sees all, and has asked in the common way."""
    connection = session.connection()
    if not connection.info.get(CONFINED):
        return False
    question = questions[connection.dialect.name]
    return bool(connection.scalar(question, {"number": number}))
