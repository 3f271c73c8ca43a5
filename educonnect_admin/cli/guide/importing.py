"""What the files change, shown before it is done; then done, exactly as it was shown."""

from dataclasses import replace
from typing import TYPE_CHECKING

from educonnect_admin.cli.guide.person import WantsBack, choose, confirm
from educonnect_admin.cli.guide.planning import (
    PlanMoved,
    command_of,
    do_plan,
    make_plan,
    school_of,
    tell_plan,
)
from educonnect_admin.cli.guide.visit import Answers, Visit
from educonnect_admin.cli.import_report import placed, tell_details
from educonnect_admin.cli.problem_list import tell_problems
from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from educonnect_admin.domain.errors import MassDeparture, MassUnlinking
    from educonnect_admin.office.importing.roster_plan import RosterPlan

_WORDS = {"o": "oui", "n": "non", "d": "voir le détail"}


def import_files(visit: Visit, answers: Answers) -> Answers:
    """Show what the files change, ask, and import them.

    Raises:
        WantsBack: the person does not want this import.
    """
    if not answers.files:
        return answers
    visit.person.head("Étape 3 sur 5 : ce que ces fichiers changent")
    while True:
        plan, danger = make_plan(visit, answers)
        tell_plan(visit, answers, plan)
        if not plan.changes_something:
            return answers
        try:
            _ask(visit, answers, plan, danger)
            visit.person.tell("Import en cours…")
            do_plan(visit, answers, plan, accept_departures=danger is not None)
        except PlanMoved:
            visit.person.tell("La base vient de changer : voici de nouveau ce que fait l'import.")
            continue
        except _NotSure:
            continue
        _tell_done(visit, answers, plan, accept_departures=danger is not None)
        return replace(answers, school=replace(school_of(answers), is_new=False))


class _NotSure(Exception):
    """The person said yes, then no."""


def _ask(
    visit: Visit,
    answers: Answers,
    plan: "RosterPlan",
    danger: "MassDeparture | MassUnlinking | None",
) -> None:
    """Ask whether to import, twice if many would leave.

    Raises:
        WantsBack: no.
    """
    if danger is not None:
        _tell_danger(visit, danger)
    default = "n" if danger else "o"
    while (answer := choose(visit.person, "Importer ?", _WORDS, default=default)) == "d":
        tell_details(visit.speech, plan, school_of(answers).uai)
    if answer == "n":
        visit.person.tell("Rien n'a été importé. Choisissez d'autres fichiers, ou tapez q.")
        raise WantsBack
    if danger is not None:
        _ask_again(visit, danger)


def _tell_danger(visit: Visit, danger: "MassDeparture | MassUnlinking") -> None:
    from educonnect_admin.domain.errors import MassDeparture

    what = (
        f"cet import ferait partir {danger.departed} élèves sur {danger.enrolled}"
        if isinstance(danger, MassDeparture)
        else f"cet import détacherait {danger.ended} enfants de leurs responsables, sur "
        f"{danger.links} rattachements"
    )
    visit.person.tell(
        f"ATTENTION : {what}. Est-ce le fichier d'une autre école, d'une autre année, ou exporté "
        "avec un filtre ? En cas de doute, répondez n."
    )


def _ask_again(visit: Visit, danger: "MassDeparture | MassUnlinking") -> None:
    from educonnect_admin.domain.errors import MassDeparture

    what = (
        f"Ces {danger.departed} élèves sont-ils vraiment partis ?"
        if isinstance(danger, MassDeparture)
        else f"Détacher vraiment ces {danger.ended} enfants de leurs responsables ?"
    )
    try:
        is_sure = confirm(visit.person, what, default=False)
    except WantsBack:
        is_sure = False
    if not is_sure:
        visit.person.tell("Rien n'a été importé.")
        raise _NotSure


def _tell_done(
    visit: Visit, answers: Answers, plan: "RosterPlan", *, accept_departures: bool
) -> None:
    from educonnect_admin.office.importing.keep_corrections import keeps_corrections

    new = plan.new
    visit.did(
        f"l'import est fait ({counted(new.pupils, 'nouvel élève', 'nouveaux élèves')}, "
        f"{counted(new.guardians, 'nouveau responsable', 'nouveaux responsables')})"
    )
    visit.has_remarks |= bool(plan.refused) or keeps_corrections(plan)
    visit.questions = len(plan.open_questions)
    visit.person.tell()
    visit.person.tell("C'est importé.")
    if plan.refused:
        tell_problems(visit.speech, [one for one in placed(plan) if one[1].refuses])
    commands = command_of(answers, accept_departures=accept_departures)
    visit.tell_commands(commands)
