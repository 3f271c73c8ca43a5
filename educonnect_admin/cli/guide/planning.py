"""The plan of an import: made without writing anything, told in short, done as it was told."""

from dataclasses import replace
from typing import TYPE_CHECKING

from educonnect_admin.cli.guide.person import WantsBack
from educonnect_admin.cli.guide.school import school_command
from educonnect_admin.cli.guide.visit import Answers, ChosenSchool, Visit
from educonnect_admin.cli.import_report import placed, tell_numbers
from educonnect_admin.cli.problem_list import tell_problems
from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from educonnect_admin.domain.errors import MassDeparture, MassUnlinking
    from educonnect_admin.domain.trail import Author
    from educonnect_admin.office.importing.roster_plan import RosterPlan


class PlanMoved(Exception):
    """What the import would do is no longer what was shown."""


def school_of(answers: Answers) -> ChosenSchool:
    """Return the school of this run."""
    assert answers.school is not None, "an earlier step asks for it"  # noqa: S101
    return answers.school


def make_plan(
    visit: Visit, answers: Answers
) -> "tuple[RosterPlan, MassDeparture | MassUnlinking | None]":
    """Return what the import would do, and what it would do to the whole school, if so.

    Raises:
        WantsBack: every row is refused, which was told.
    """
    from educonnect_admin.domain.errors import MassDeparture, MassUnlinking, NothingAccepted
    from educonnect_admin.office.apply_plan import refuse_dangers

    author = visit.services.author(visit.moment())
    with visit.services.transaction(dry_run=True) as session:
        plan = _planned(session, answers, author)
    try:
        refuse_dangers(plan, accept_departures=False)
    except NothingAccepted:
        tell_problems(visit.speech, placed(plan))
        visit.person.tell("Toutes les lignes sont refusées : il n'y a rien à importer.")
        raise WantsBack from None
    except (MassDeparture, MassUnlinking) as danger:
        return plan, danger
    return plan, None


def do_plan(
    visit: Visit, answers: Answers, shown: "RosterPlan", *, accept_departures: bool
) -> None:
    """Import the files, and the school with them if it is new.

    Raises:
        PlanMoved: that would no longer do what was shown; nothing was written.
    """
    from educonnect_admin.cli.roster import announcer_of
    from educonnect_admin.office.apply_plan import apply_plan

    author = visit.services.author(visit.moment())
    with visit.services.transaction() as session:
        plan = _planned(session, answers, author)
        if _to_compare(plan, answers) != _to_compare(shown, answers):
            raise PlanMoved
        apply_plan(
            session,
            plan,
            author,
            accept_departures=accept_departures,
            announcer=announcer_of(visit.services),
        )


def _planned(session: "Session", answers: Answers, author: "Author") -> "RosterPlan":
    from educonnect_admin.office.add_school import SchoolFacts, add_school
    from educonnect_admin.office.import_roster import plan_import

    school = school_of(answers)
    if school.is_new:
        add_school(session, SchoolFacts(school.uai, school.name, city=school.city), author)
    readings = [reading for one in answers.files for reading in one.readings]
    return plan_import(session, school.uai, readings, author)


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
        return
    _tell_departures(visit, plan)
    visit.tell_commands(command_of(answers, dry_run=True))


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


FEW = 3


def command_of(
    answers: Answers, *, dry_run: bool = False, accept_departures: bool = False
) -> list[tuple[str, ...]]:
    """Return the commands that do the same: the school if it is new, then the import."""
    school = school_of(answers)
    paths = (str(one.path) for one in answers.files)
    options = [("--dry-run", dry_run), ("--accept-departures", accept_departures)]
    wanted = (option for option, is_wanted in options if is_wanted)
    import_ = ("roster", "import", *paths, "--school", school.uai, *wanted)
    return [school_command(school), import_] if school.is_new and not dry_run else [import_]
