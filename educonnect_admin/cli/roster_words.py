"""What the roster readers find wrong, in French: what it is, where it stands, what to do."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from educonnect_admin.cli import siecle_words, table_words
from educonnect_admin.cli.table_words import COLUMNS
from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.problems import Problem, ProblemCode, UnreadableReason
from educonnect_admin.rosters.siecle import SIECLE


class _Words(NamedTuple):
    """A fact, in which `{value}`, `{other}` or `{what}` is filled in, and what to do about it."""

    fact: str
    remedy: str


_IN_ONDE = "dans ONDE, puis exportez de nouveau"
_DATE = f"corrigez la date {_IN_ONDE}"
_ALSO_IN_ONDE = (
    "corrigez aussi ONDE ; si c'est lui qui a raison, corrigez de nouveau : guardians correct"
)

_PROBLEMS: Mapping[ProblemCode, _Words] = {
    ProblemCode.NO_FAMILY_NAME: _Words(
        "le nom de famille manque", f"complétez le nom {_IN_ONDE}"
    ),
    ProblemCode.NO_GIVEN_NAME: _Words("le prénom manque", f"complétez le prénom {_IN_ONDE}"),
    ProblemCode.NAME_TOO_LONG: _Words(
        "un nom de plus de 100 signes : «{value}»",
        f"vérifiez que les colonnes ne sont pas décalées, corrigez {_IN_ONDE}",
    ),
    ProblemCode.NO_BIRTH_DATE: _Words("la date de naissance manque", f"complétez-la {_IN_ONDE}"),
    ProblemCode.IMPOSSIBLE_BIRTH_DATE: _Words("date de naissance impossible : «{value}»", _DATE),
    ProblemCode.TWO_DIGIT_YEAR: _Words(
        "année sur deux chiffres : «{value}»",
        "écrivez l'année sur quatre chiffres (jj/mm/aaaa), ou exportez de nouveau depuis ONDE "
        "sans passer par un tableur",
    ),
    ProblemCode.FUTURE_BIRTH_DATE: _Words(
        "date de naissance dans le futur : «{value}»", _DATE
    ),
    ProblemCode.REPEATED_PUPIL: _Words(
        "élève déjà lu à {other}", "rien à faire si c'est bien le même enfant ; "
        f"sinon corrigez l'un des deux {_IN_ONDE}",
    ),
    ProblemCode.CONTRADICTORY_PUPIL: _Words(
        "contredit {other} : même élève, mais INE, nom, date de naissance ou classe "
        "différents",
        f"vérifiez les deux fiches {_IN_ONDE}",
    ),
    ProblemCode.LEFT_OUT: _Words(
        "laissé de côté, cet élève n'est pas inscrit : «{value}»",
        f"rien à faire, sauf s'il est dans l'école : corrigez alors son état {_IN_ONDE}",
    ),
    ProblemCode.ONLY_LEAVERS: _Words(
        "responsable laissé de côté : ses enfants ne sont pas, ou plus, dans l'établissement",
        "rien à faire, sauf si l'un d'eux y est : corrigez alors sa fiche d'élève",
    ),
    ProblemCode.REPEATED_GUARDIAN: _Words(
        "même responsable, mot pour mot, qu'à {other}",
        "rien à faire, il est pris une fois",
    ),
    ProblemCode.CONTESTED_PUPIL: _Words(
        "élève pris, mais {other} le contredit", f"vérifiez les deux fiches {_IN_ONDE}"
    ),
    ProblemCode.SAME_NAME_AND_DATE: _Words(
        "mêmes nom, prénom et date de naissance qu'à {other}, avec un autre INE : "
        "comptés comme deux élèves",
        f"si c'est un seul enfant, supprimez le doublon {_IN_ONDE}",
    ),
    ProblemCode.UNLIKELY_AGE: _Words("âge peu probable pour une naissance le «{value}»", _DATE),
    ProblemCode.BAD_INE: _Words(
        "INE douteux : «{value}»", "l'élève est pris ; vérifiez son INE dans ONDE"
    ),
    ProblemCode.BAD_EMAIL: _Words(
        "adresse mail écartée : «{value}»",
        f"le responsable est pris sans elle ; corrigez-la {_IN_ONDE}",
    ),
    ProblemCode.BAD_MOBILE: _Words(
        "numéro de portable écarté : «{value}»",
        f"le responsable est pris sans lui ; corrigez-le {_IN_ONDE}",
    ),
    ProblemCode.UNUSUAL_MOBILE: _Words(
        "numéro de portable inhabituel : «{value}»",
        "il est gardé ; vérifiez-le auprès de la famille",
    ),
    ProblemCode.BAD_POSTCODE: _Words(
        "code postal douteux : «{value}»",
        f"le responsable est pris ; corrigez son adresse {_IN_ONDE}",
    ),
    ProblemCode.ODD_NAME: _Words(
        "nom étrange : «{value}»", f"il est pris tel quel ; corrigez-le {_IN_ONDE}"
    ),
    ProblemCode.TEXT_TOO_LONG: _Words(
        "texte trop long, écarté",
        f"vérifiez que les colonnes ne sont pas décalées, corrigez {_IN_ONDE}",
    ),
    ProblemCode.NO_CLASS: _Words(
        "classe absente", f"affectez l'élève à une classe {_IN_ONDE}"
    ),
    ProblemCode.NO_CHILD: _Words(
        "ce responsable ne nomme aucun enfant", f"rattachez-le à ses enfants {_IN_ONDE}"
    ),
    ProblemCode.CHILD_UNREADABLE: _Words(
        "un enfant sans nom ou sans prénom, ou au nom de plus de 100 signes",
        f"complétez-le {_IN_ONDE} ; en attendant, ce responsable garde ses enfants",
    ),
    ProblemCode.INE_OF_ANOTHER: _Words(
        "cet INE est déjà celui d'un autre élève, de nom ou de date de naissance différents",
        f"vérifiez l'INE des deux élèves {_IN_ONDE}",
    ),
    ProblemCode.AMBIGUOUS_PUPIL: _Words(
        "plusieurs élèves connus ont ces nom, prénom et date de naissance",
        f"complétez l'INE ou la classe {_IN_ONDE}",
    ),
    ProblemCode.CORRECTED_DATE_KEPT: _Words(
        "la date de naissance corrigée est gardée, le fichier en porte une autre",
        "corrigez-la aussi dans ONDE",
    ),
    ProblemCode.CORRECTED_EMAIL_KEPT: _Words(
        "l'adresse mail corrigée est gardée, le fichier en porte une autre", _ALSO_IN_ONDE
    ),
    ProblemCode.CORRECTED_MOBILE_KEPT: _Words(
        "le mobile corrigé est gardé, le fichier en porte un autre", _ALSO_IN_ONDE
    ),
    ProblemCode.CORRECTED_ADDRESS_KEPT: _Words(
        "l'adresse corrigée est gardée, le fichier en porte une autre", _ALSO_IN_ONDE
    ),
    ProblemCode.INE_KNOWN_ELSEWHERE: _Words(
        "cet INE est connu dans une autre école, sous un autre nom ou une autre date de naissance",
        "l'élève est pris comme nouveau ; vérifiez son INE dans ONDE",
    ),
    ProblemCode.CHILD_NOT_FOUND: _Words(
        "enfant introuvable parmi les élèves : «{value}»",
        "vérifiez l'orthographe des deux fiches dans ONDE, ou importez aussi le fichier des élèves",
    ),
    ProblemCode.EXTRA_CELLS: _Words(
        "plus de cellules que d'en-têtes",
        f"cherchez un point-virgule de trop, par exemple dans l'adresse, et corrigez {_IN_ONDE}",
    ),
    **{code: _Words(*words) for code, words in table_words.PROBLEMS.items()},
    **{code: _Words(*said) for code, said in siecle_words.PROBLEMS.items()},
}  # fmt: skip

_FIXED = re.compile(r"(?:\+33|0033|0)0?[1-59][0-9]{8}")
_LANDLINE = "numéro de portable écarté, c'est celui d'une ligne fixe : «{value}»"

_EXPORT = (
    "dans ONDE : Listes et documents > Extractions > «Elèves de l'école et leurs responsables»"
)
_AGAIN = f"Exportez-le de nouveau {_EXPORT}."

_UNREADABLE: Mapping[UnreadableReason, _Words] = {
    UnreadableReason.NOT_FOUND: _Words("n'existe pas", "Vérifiez le nom et le dossier."),
    UnreadableReason.FOLDER: _Words(
        "est un dossier", "Indiquez les fichiers qu'il contient, un par un."
    ),
    UnreadableReason.NOT_PERMITTED: _Words(
        "ne peut pas être ouvert", "Demandez le droit de le lire, ou copiez-le dans vos documents."
    ),
    UnreadableReason.DISK: _Words(
        "ne peut pas être lu sur le disque", "Copiez-le ailleurs, puis recommencez."
    ),
    UnreadableReason.TOO_LARGE: _Words(
        "est trop gros : plus de 200 Mo",
        "Vérifiez que c'est le bon fichier ; sinon, importez-le école par école.",
    ),
    UnreadableReason.REPEATED_FILE: _Words(
        "répète un fichier déjà indiqué : le même fichier est donné deux fois",
        "Indiquez le fichier des élèves et celui des responsables, chacun une fois.",
    ),
    UnreadableReason.CHANGED: _Words(
        "a changé pendant l'import", "Fermez-le dans le tableur, puis recommencez."
    ),
    UnreadableReason.EMPTY: _Words("est vide", _AGAIN),
    UnreadableReason.BINARY: _Words("n'est pas un fichier de texte", _AGAIN),
    UnreadableReason.PDF: _Words("est un PDF", f"Il faut le fichier CSV. {_AGAIN}"),
    UnreadableReason.ZIP_ARCHIVE: _Words(
        "est une archive compressée", "Ouvrez-la et indiquez les fichiers qu'elle contient."
    ),
    UnreadableReason.WORD_DOCUMENT: _Words(
        "est un document de traitement de texte", f"Il faut le fichier CSV. {_AGAIN}"
    ),
    UnreadableReason.OPEN_DOCUMENT: _Words(
        "est un document OpenDocument, mais pas un classeur", f"Il faut le tableau. {_AGAIN}"
    ),
    UnreadableReason.WEB_PAGE: _Words(
        "est une page web, sans doute celle d'une session expirée",
        f"Reconnectez-vous. {_AGAIN}",
    ),
    UnreadableReason.TEACHERS_FILE: _Words(
        "est l'extraction des enseignants",
        f"Il faut celle des élèves et celle des responsables, {_EXPORT}.",
    ),
    UnreadableReason.UNKNOWN_ENCODING: _Words(
        "contient des caractères qui ne se lisent dans aucun encodage connu",
        f"N'y touchez pas avec un autre logiciel. {_AGAIN}",
    ),
    UnreadableReason.UNCLOSED_QUOTE: _Words(
        "contient un guillemet qui n'est jamais fermé, ou mal fermé",
        "Cherchez-le à cette ligne et retirez-le, ou exportez de nouveau depuis ONDE.",
    ),
    UnreadableReason.TOO_MANY_COLUMNS: _Words(
        "a une ligne de plus de 500 colonnes", f"Ce n'est pas une liste d'élèves. {_AGAIN}"
    ),
    UnreadableReason.PROTECTED_WORKBOOK: _Words(
        "est protégé par un mot de passe",
        "Ouvrez-le, retirez le mot de passe, enregistrez-le et recommencez.",
    ),
    UnreadableReason.DAMAGED_WORKBOOK: _Words(
        "est un classeur abîmé", "Ouvrez-le dans un tableur, enregistrez-le de nouveau, ou "
        "exportez-le de nouveau depuis ONDE.",
    ),
    UnreadableReason.ZIP_BOMB: _Words(
        "est un fichier piégé : il en déplierait beaucoup trop",
        "Ne l'ouvrez pas, et demandez d'où il vient.",
    ),
    UnreadableReason.TOO_MANY_CELLS: _Words(
        "est un classeur dont une feuille est démesurée",
        "Copiez le tableau seul dans un classeur neuf.",
    ),
    UnreadableReason.UNKNOWN_HEADINGS: _Words(
        "n'a pas d'en-têtes connus, ni d'élèves ni de responsables",
        f"Vérifiez que sa première ligne n'a pas été effacée. {_AGAIN} Si les titres sont les "
        f"vôtres, {COLUMNS}",
    ),
    UnreadableReason.MISSING_HEADING: _Words(
        "n'a pas de colonne «{what}»",
        f"Ne retirez aucune colonne. {_AGAIN} Si elle a un autre titre, {COLUMNS}",
    ),
    UnreadableReason.REPEATED_HEADING: _Words(
        "a deux fois la colonne «{what}»", "Retirez celle qui est de trop."
    ),
    UnreadableReason.HEADINGS_ONLY: _Words(
        "n'a que des en-têtes, et personne dessous",
        "Si c'est le classeur à remplir, écrivez-y une ligne par personne ; sinon exportez toute "
        f"l'école, sans filtre. {_AGAIN}",
    ),
    **{reason: _Words(*words) for reason, words in table_words.UNREADABLE.items()},
    **{reason: _Words(*said) for reason, said in siecle_words.UNREADABLE.items()},
}  # fmt: skip


def problem_sentence(problem: Problem, *, with_name: bool = False) -> str:
    """Return what is wrong and where, as `ligne 3, colonne «Date naissance» : …`.

    Args:
        problem: What is wrong.
        with_name: Also say with whom: to a person at the terminal, not to a program's log.
    """
    where = f"ligne {problem.line}"
    if with_name and problem.who:
        where += f", {problem.who}"
    if problem.column:
        where += f", colonne «{problem.column}»"
    fact = _LANDLINE if _is_landline(problem) else _PROBLEMS[problem.code].fact
    # Rows of two files may clash too; the line alone would then point at the wrong one.
    other = f"la ligne {problem.other_line}" if problem.other_line else "une autre ligne"
    return f"{where} : {fact.format(value=problem.value, other=other)}"


def problem_kind(code: ProblemCode) -> str:
    """Return what is wrong, without where and without what stood there."""
    fact = _PROBLEMS[code].fact.replace(" : «{value}»", "").replace("«{value}»", "…")
    return fact.format(value="…", other="une autre ligne")


def _is_landline(problem: Problem) -> bool:
    """Tell a fixed line, which looks right to whoever typed it, from what is no number."""
    digits = re.sub(r"[^0-9+]", "", problem.value)
    return problem.code is ProblemCode.BAD_MOBILE and bool(_FIXED.fullmatch(digits))


def remedy(problem: Problem, form: str = "") -> str:
    """Return what to do about it, in the software that a file of this format came from."""
    said = _PROBLEMS[problem.code].remedy
    return said.replace("ONDE", "SIECLE") if form == SIECLE else said


def unreadable_sentence(error: UnreadableFile) -> str:
    """Return why a file can't be read, where, and what to do, in whole sentences."""
    words = _UNREADABLE[UnreadableReason(error.reason)]
    where = f" (ligne {error.line})" if error.line else ""
    sheet = f", feuille «{error.part}»," if error.part else ""
    fact = words.fact.format(what=error.what, near=error.near)
    return f"Le fichier «{error.path.name}»{sheet} {fact}{where}. {words.remedy}"
