"""The words of the workbook of refused rows: reasons, what to write where, how to go on."""

from collections.abc import Mapping
from pathlib import Path

from educonnect_admin.cli.roster_words import problem_sentence, remedy
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import FileKind

REASON, ACTION = "Motif du refus", "Que faire"
GUIDE = (
    ("Lignes refusées à l'import", ""),
    (
        "1. Corriger",
        "Chaque ligne refusée est ici telle qu'elle était dans son fichier. Corrigez les cellules "
        "encadrées et colorées ; «Motif du refus» et «Que faire» disent pourquoi et comment.",
    ),
    (
        "2. Enregistrer",
        "En .xlsx ou .ods, sous ce nom ou un autre. Ne changez pas les titres des colonnes et "
        "n'enlevez pas les deux dernières : elles disent que ce sont des lignes à reprendre.",
    ),
    ("3. Importer", "educonnect-admin roster import CE_CLASSEUR --school UAI"),
    (
        "Ce qui se passe",
        "Seules ces lignes entrent : personne d'autre ne change, personne n'est compté parti. "
        "Une ligne encore fausse est refusée de nouveau ; une ligne supprimée ou vidée est "
        "oubliée.",
    ),
    (
        "Lignes grises",
        "Elles ont déjà été prises et sont ici pour comparer, ou parce qu'un responsable attend "
        "l'enfant d'une ligne refusée. Laissez-les, sauf si «Que faire» dit autre chose.",
    ),
    ("Dates", "jj/mm/aaaa, par exemple 14/03/2018 : toujours quatre chiffres pour l'année."),
    (
        "À la source",
        "Corrigez aussi dans le logiciel de l'école (ONDE, SIECLE), sinon la même erreur "
        "reviendra au prochain import.",
    ),
    (
        "Confidentiel",
        "Ce classeur porte des noms et des dates de naissance : effacez-le après usage.",
    ),
)

_TYPE_DATE = "Écrivez la date de naissance dans la cellule colorée : jj/mm/aaaa."
_ACTIONS: Mapping[ProblemCode, str] = {
    ProblemCode.NO_FAMILY_NAME: "Écrivez le nom de famille dans la cellule colorée.",
    ProblemCode.NO_GIVEN_NAME: "Écrivez le prénom dans la cellule colorée.",
    ProblemCode.NAME_TOO_LONG: (
        "Raccourcissez ce nom, ou remettez à leur place les cellules décalées."
    ),
    ProblemCode.NO_BIRTH_DATE: _TYPE_DATE,
    ProblemCode.IMPOSSIBLE_BIRTH_DATE: _TYPE_DATE,
    ProblemCode.TWO_DIGIT_YEAR: "Écrivez l'année sur quatre chiffres : jj/mm/aaaa.",
    ProblemCode.FUTURE_BIRTH_DATE: _TYPE_DATE,
    ProblemCode.REPEATED_PUPIL: (
        "Supprimez cette ligne si c'est bien le même enfant ; sinon corrigez-la."
    ),
    ProblemCode.CONTRADICTORY_PUPIL: (
        "Comparez avec la ligne grise : corrigez celle qui est fausse, ou supprimez-la."
    ),
    ProblemCode.INE_OF_ANOTHER: (
        "Corrigez l'INE ; sans le connaître, videz la cellule : l'élève sera pris sans INE."
    ),
    ProblemCode.AMBIGUOUS_PUPIL: "Complétez l'INE ou la classe, pour dire duquel il s'agit.",
}
_LIKE = (
    "Ligne déjà prise, pour comparer : une ligne refusée la répète, la contredit ou lui ressemble."
)
_LEAVE_OR_DELETE = "Laissez-la si elle est juste ; si elle est fausse, corrigez-la ou supprimez-la."
_WAITS = "Responsable déjà pris ; il attend un enfant, peut-être celui d'une ligne refusée."
_LEAVE = "Laissez cette ligne : le rattachement se fera quand l'élève sera pris."


def source_words(path: Path, part: str) -> str:
    """Return what a file, or a part of one, is called in a reason."""
    return f"{path.name} [{part}]" if part else path.name


def reason_words(source: str, problem: Problem) -> str:
    """Return why a row was refused, with its file and line: no error without its place."""
    remark = "" if problem.refuses else "remarque : "
    return f"{remark}{source}, {problem_sentence(problem)}"


def action_words(problem: Problem) -> str:
    """Return what to write in the workbook."""
    found = _ACTIONS.get(problem.code) or f"{remedy(problem)}."
    return found[0].upper() + found[1:]


def context_words(kind: FileKind) -> tuple[str, str]:
    """Return why a row that went in is there, and what to do with it."""
    return (_WAITS, _LEAVE) if kind is FileKind.GUARDIANS else (_LIKE, _LEAVE_OR_DELETE)
