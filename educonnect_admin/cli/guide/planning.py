"""The plan of an import: made without writing anything, told in short, done as it was told."""

from dataclasses import replace
from typing import TYPE_CHECKING

from educonnect_admin.cli.guide.school import school_command
from educonnect_admin.cli.guide.visit import Answers, ChosenSchool, Visit
from educonnect_admin.cli.import_report import placed, tell_numbers
from educonnect_admin.cli.plan_people import Manner, tell_arrivals, tell_people, tell_waiting
from educonnect_admin.cli.problem_list import tell_problems
from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from educonnect_admin.domain.errors import EduConnectError
    from educonnect_admin.domain.trail import Author
    from educonnect_admin.office.importing.dangers import Consent
    from educonnect_admin.office.importing.roster_plan import RosterPlan


FEW = 3
"""How many of those who leave are named before anybody asks for the detail."""


class PlanMoved(Exception):
    """What the import would do is no longer what was shown."""


def school_of(answers: Answers) -> ChosenSchool:
    """Return the school of this run."""
    assert answers.school is not None, "an earlier step asks for it"  # noqa: S101
    return answers.school


def make_plan(visit: Visit, answers: Answers) -> "RosterPlan":
    """Return what the import would do; nothing is written.

    Raises:
        FileOfAnotherSchool: a file says that it is another school's.
    """
    author = visit.services.author(visit.moment())
    with visit.services.transaction(dry_run=True) as session:
        return _planned(session, answers, author)


def danger_of(plan: "RosterPlan", consent: "Consent") -> "EduConnectError | None":
    """Return what a wrong file would do to the whole school and nobody has confirmed, if any.

    Raises:
        NothingAccepted: every row is refused.
    """
    from educonnect_admin.domain.errors import EduConnectError, NothingAccepted
    from educonnect_admin.office.importing.dangers import refuse_dangers

    try:
        refuse_dangers(plan, consent)
    except NothingAccepted:
        raise
    except EduConnectError as danger:
        return danger
    return None


def do_plan(visit: Visit, answers: Answers, shown: "RosterPlan", consent: "Consent") -> int:
    """Import the files, and the school with them if it is new.

    Returns:
        How many accounts were opened again, of children who are back.

    Raises:
        PlanMoved: that would no longer do what was shown; nothing was written.
    """
    from educonnect_admin.office.apply_plan import apply_plan

    author = visit.services.author(visit.moment())
    with visit.services.transaction() as session:
        plan = _planned(session, answers, author)
        if _to_compare(plan, answers) != _to_compare(shown, answers):
            raise PlanMoved
        return apply_plan(session, plan, author, consent, announcer=visit.services.announcer)


def _planned(session: "Session", answers: Answers, author: "Author") -> "RosterPlan":
    from educonnect_admin.office.add_school import SchoolFacts, add_school
    from educonnect_admin.office.import_roster import plan_import

    school = school_of(answers)
    if school.is_new:
        add_school(session, SchoolFacts(school.uai, school.name, city=school.city), author)
    whole = answers.whole_school
    return plan_import(session, school.uai, answers.readings, author, whole_school=whole)


def _to_compare(plan: "RosterPlan", answers: Answers) -> "RosterPlan":
    """A new school has another number each time it is tried."""
    return replace(plan, school_id=0) if school_of(answers).is_new else plan


def tell_plan(visit: Visit, answers: Answers, plan: "RosterPlan") -> None:
    """Tell in a few lines what the import would do."""
    visit.person.tell(f"Dans {school_of(answers).title}, cet import ferait ceci :")
    visit.person.tell()
    tell_numbers(visit.speech, plan)
    visit.person.tell()
    for line in _facts(plan):
        visit.person.tell(f"  {line}")
    if not plan.changes_something:
        visit.person.tell("Rien n'a changé depuis le dernier import : il n'y a rien à importer.")
        return
    _tell_departures(visit, plan)
    visit.tell_commands([*school_commands(answers), command_words("plan", answers)])


def _facts(plan: "RosterPlan") -> list[str]:
    facts = []
    if plan.refused:
        facts.append(
            f"{counted(plan.refused, 'ligne refusée', 'lignes refusées')} : à corriger, les "
            "autres sont prises"
        )
    if plan.remarks:
        facts.append(f"{counted(plan.remarks, 'remarque')}, sur des lignes qui sont prises")
    if plan.open_questions:
        questions = counted(len(plan.open_questions), "question")
        facts.append(f"{questions} pour plus tard : des liens que je ne devine pas")
    return facts


def _tell_departures(visit: Visit, plan: "RosterPlan") -> None:
    if not plan.departures:
        return
    gone = plan.departures
    names = ", ".join(f"{one.given_name} {one.family_name}" for one in gone[:FEW])
    more = f", et {len(gone) - FEW} de plus" if len(gone) > FEW else ""
    visit.person.tell(f"  Partiraient : {names}{more}")


def tell_details(visit: Visit, answers: Answers, plan: "RosterPlan") -> None:
    """Tell by name who comes, changes and goes, then what to correct and what waits."""
    manner = Manner(conditional=True)
    if plan.enrolled:
        tell_arrivals(visit.speech, plan, manner)
    tell_people(visit.speech, plan, manner)
    tell_problems(visit.speech, placed(plan))
    tell_waiting(visit.speech, plan, school_of(answers).uai)


def tell_import_commands(visit: Visit, answers: Answers, consent: "Consent") -> None:
    """Show the commands that do the same: the school if it is new, then the import."""
    options = {"--accept-departures": consent.departures, "--accept-moves": consent.moves}
    wanted = [option for option, is_wanted in options.items() if is_wanted]
    visit.tell_commands([*school_commands(answers), (*command_words("import", answers), *wanted)])


def school_commands(answers: Answers) -> list[tuple[str, ...]]:
    """Return the command that adds the school, if it is new."""
    school = school_of(answers)
    return [school_command(school)] if school.is_new else []


def command_words(name: str, answers: Answers) -> tuple[str, ...]:
    """Return the words of `roster plan` or `roster import` of the chosen files."""
    whole = ("--whole-school",) if answers.whole_school else ()
    return ("roster", name, *map(str, answers.files), "--school", school_of(answers).uai, *whole)
