"""Whose roster a file is that fits its school so badly: for the words of a refusal (R-60)."""

from collections import Counter

from sqlalchemy.orm import Session

from educonnect_admin.domain.errors import MassDeparture
from educonnect_admin.domain.names import name_key
from educonnect_admin.office.importing.dangers import FEW, Consent, refuse_dangers
from educonnect_admin.office.importing.roster_plan import RosterPlan, Verdict
from educonnect_admin.queries.namesakes import schools_of_namesakes

_COMING = {Verdict.NEW, Verdict.JOINED}


def refuse_dangers_knowing_whose(session: Session, plan: RosterPlan, consent: Consent) -> None:
    """Stop what a wrong file would do, as `refuse_dangers`; say whose roster it seems to be.

    Raises:
        NothingAccepted, MassDeparture, MassUnlinking, MassMove: see `refuse_dangers`.
    """
    try:
        refuse_dangers(plan, consent)
    except MassDeparture as found:
        alike = school_alike(session, plan)
        raise MassDeparture(found.departed, found.enrolled, alike) from None


def school_alike(session: Session, plan: RosterPlan) -> str | None:
    """Return the UAI of the school where most pupils of a plan are enrolled, if there is one.

    By names and birth date, for a file without numbers too. Nobody is taken for anybody by it.
    """
    rows = [pupil.row for pupil in plan.pupils if pupil.verdict in _COMING]
    people = {(name_key(r.family_name), name_key(r.given_name), r.birth_date) for r in rows}
    schools = Counter(schools_of_namesakes(session, people, but=plan.school_id))
    for uai, number in schools.most_common(1):
        if number > FEW and number * 2 > len(plan.pupils):
            return uai
    return None
