"""The refused rows, given back as a workbook to correct, if the person likes."""

from pathlib import Path
from typing import TYPE_CHECKING

from educonnect_admin.cli.guide.places import documents_folder, near
from educonnect_admin.cli.guide.planning import command_words, school_commands
from educonnect_admin.cli.guide.typed_paths import typed_path
from educonnect_admin.cli.guide.visit import Answers, Visit
from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from educonnect_admin.office.importing.roster_plan import RosterPlan

_WORKBOOK = ".xlsx"


def return_refused_rows(visit: Visit, answers: Answers) -> Answers:
    """Offer to give back the rows that the import refused; nothing to ask if it took them all."""
    if visit.applied is not None and visit.applied.refused:
        offer_workbook(visit, answers, visit.applied)
        visit.applied = None
    return answers


def offer_workbook(visit: Visit, answers: Answers, plan: "RosterPlan") -> None:
    """Ask where the workbook of refused rows goes, and write it, unless the person says no.

    Raises:
        FileExists, UnwritableFolder: it can't go there.
        UnreadableFile: a file is gone or has changed since it was read.
    """
    from educonnect_admin.cli.rejects import tell_rejects, write_rejects
    from educonnect_admin.office.written_files import free_path

    path = _asked(visit, plan)
    if path is None:
        return
    rejects = write_rejects(free_path(path), plan, answers.readings)
    tell_rejects(visit.speech, rejects)
    visit.written.append(f"{counted(plan.refused, 'ligne')} à corriger dans {near(path)}")
    words = (*command_words("import", answers), "--rejects", str(path))
    visit.tell_commands([*school_commands(answers), words])


def _asked(visit: Visit, plan: "RosterPlan") -> Path | None:
    said = counted(plan.refused, "ligne refusée", "lignes refusées")
    visit.person.tell()
    visit.person.tell(
        f"{said} : je peux écrire un classeur où la raison est à côté de chaque cellule. Vous le "
        "corrigez dans Excel ou LibreOffice, puis vous l'importez tel quel, par ce guide aussi."
    )
    default = near(_free_name(documents_folder() / f"Lignes refusées {visit.day()}{_WORKBOOK}"))
    while True:
        answer = visit.person.ask(
            "Classeur à écrire", default=default, choices="n : ne pas l'écrire"
        )
        if answer.lower() in {"n", "non"}:
            return None
        path = typed_path(answer).absolute()
        if path.suffix.lower() == _WORKBOOK:
            return path
        visit.person.tell(f"Le nom du classeur doit finir par {_WORKBOOK}")


def _free_name(path: Path) -> Path:
    """Return a name that no file bears yet: with a number, if need be."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem} ({number})")
    return free
