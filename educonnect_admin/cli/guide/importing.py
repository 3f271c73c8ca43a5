"""What the files change, shown before it is done; then done, exactly as it was shown."""

from dataclasses import replace
from typing import TYPE_CHECKING

from educonnect_admin.cli.guide.dangers import is_sure, tell_danger, widened
from educonnect_admin.cli.guide.person import WantsBack, choose
from educonnect_admin.cli.guide.planning import (
    PlanMoved,
    danger_of,
    do_plan,
    make_plan,
    school_of,
    tell_details,
    tell_import_commands,
    tell_plan,
)
from educonnect_admin.cli.guide.rejecting import offer_workbook
from educonnect_admin.cli.guide.visit import Answers, Visit
from educonnect_admin.cli.import_report import placed
from educonnect_admin.cli.problem_list import tell_problems
from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from educonnect_admin.domain.errors import EduConnectError
    from educonnect_admin.office.importing.dangers import Consent
    from educonnect_admin.office.importing.roster_plan import RosterPlan

HEAD = "Étape 3 sur 5 : ce que ces fichiers changent"
_WORDS = {"o": "oui", "n": "non", "d": "voir le détail"}


class _NotSure(Exception):
    """The person said yes, then no."""


def import_files(visit: Visit, answers: Answers) -> Answers:
    """Show what the files change, ask, and import them.

    Raises:
        WantsBack: the person does not want this import.
    """
    if not answers.files:
        return answers
    from educonnect_admin.office.importing.dangers import NO_CONSENT

    visit.person.head(HEAD)
    while True:
        plan = make_plan(visit, answers)
        danger = _danger(visit, answers, plan, NO_CONSENT)
        tell_plan(visit, answers, plan)
        if not plan.changes_something:
            return answers
        try:
            consent = _consent(visit, answers, plan, danger)
            visit.person.tell("Import en cours…")
            reopened = do_plan(visit, answers, plan, consent)
        except PlanMoved:
            visit.person.tell("La base vient de changer. Voici de nouveau ce que fait l'import.")
        except _NotSure:
            visit.person.tell("Rien n'a été importé.")
        else:
            _tell_done(visit, plan, reopened)
            tell_import_commands(visit, answers, consent)
            return replace(answers, school=replace(school_of(answers), is_new=False))


def _consent(
    visit: Visit, answers: Answers, plan: "RosterPlan", danger: "EduConnectError | None"
) -> "Consent":
    """Ask whether to import; once more for each thing that a wrong file would do.

    Raises:
        WantsBack: no.
    """
    from educonnect_admin.office.importing.dangers import NO_CONSENT

    consent = NO_CONSENT
    if danger is not None:
        tell_danger(visit, danger)
    default = "n" if danger else "o"
    while (answer := choose(visit.person, "Importer ?", _WORDS, default=default)) == "d":
        tell_details(visit, answers, plan)
    if answer == "n":
        visit.person.tell("Rien n'a été importé. Choisissez d'autres fichiers, ou tapez q.")
        raise WantsBack
    while danger is not None:
        if not is_sure(visit, danger):
            raise _NotSure
        consent = widened(consent, danger)
        danger = danger_of(plan, consent)
        if danger is not None:
            tell_danger(visit, danger)
    return consent


def _danger(
    visit: Visit, answers: Answers, plan: "RosterPlan", consent: "Consent"
) -> "EduConnectError | None":
    """Return what speaks against the plan, if anything; where every row is refused, lead back."""
    from educonnect_admin.domain.errors import NothingAccepted

    try:
        return danger_of(plan, consent)
    except NothingAccepted:
        tell_problems(visit.speech, placed(plan))
        visit.person.tell("Toutes les lignes sont refusées : il n'y a rien à importer.")
        offer_workbook(visit, answers, plan)
        raise WantsBack from None


def _tell_done(visit: Visit, plan: "RosterPlan", reopened: int) -> None:
    from educonnect_admin.office.importing.keep_corrections import keeps_corrections

    new = plan.new
    visit.did(
        f"l'import ({counted(new.pupils, 'nouvel élève', 'nouveaux élèves')}, "
        f"{counted(new.guardians, 'nouveau responsable', 'nouveaux responsables')})"
    )
    visit.applied = plan
    visit.has_remarks |= bool(plan.refused) or keeps_corrections(plan)
    visit.questions = len(plan.open_questions)
    visit.person.tell()
    visit.person.tell("C'est importé.")
    if reopened:
        said = counted(reopened, "compte rouvert", "comptes rouverts")
        visit.person.tell(f"{said} : leurs enfants sont revenus.")
    tell_problems(visit.speech, [one for one in placed(plan) if one.problem.refuses])
