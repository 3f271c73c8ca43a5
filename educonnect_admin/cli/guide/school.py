"""Which school it is: known already, told by a file, or typed by its number."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.guide.person import confirm
from educonnect_admin.cli.guide.searching import look_for_files
from educonnect_admin.cli.guide.visit import Answers, ChosenSchool, Visit
from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from educonnect_admin.queries.school_list import SchoolLine

MOST_LISTED = 12
LONGEST_NAME, LONGEST_CITY = 200, 100
HEAD = "Étape 1 sur 5 : votre école"


def choose_school(visit: Visit, answers: Answers) -> Answers:
    """Ask which of the known schools it is; nothing to ask if there is none."""
    lines = _lines(visit)
    if not lines:
        _refuse_without_school(visit)
        return replace(answers, school=None)
    visit.person.head(HEAD)
    school = _confirmed(visit, lines[0]) if len(lines) == 1 else _picked(visit, lines)
    return replace(answers, school=school)


def ask_number(visit: Visit, answers: Answers) -> Answers:
    """Ask the number of a school that is not known yet."""
    if answers.school is not None:
        return answers
    if not _lines(visit):
        visit.person.head(HEAD)
    told = _told_by_files(visit)
    visit.person.tell(
        "Chaque école a un numéro, l'UAI (autrefois RNE) : sept chiffres et une lettre, par "
        "exemple 0752387M. Vous le lisez dans ONDE ou SIECLE, sur les courriers de l'académie, "
        "ou dans l'annuaire du site education.gouv.fr."
    )
    if told:
        visit.person.tell(f"Vos fichiers disent être ceux de l'école {told}.")
    known = {line.uai: line for line in _lines(visit)}
    while True:
        uai = _typed_number(visit, told)
        if uai in known:
            return replace(answers, school=_known(known[uai]))
        if visit.services.acting is None:
            return replace(answers, school=ChosenSchool(uai, is_new=True))
        visit.person.tell(
            f"L'école {uai} n'est pas dans votre périmètre, ou n'existe pas dans ce bureau : seul "
            "son propriétaire peut l'ajouter. Tapez le numéro d'une des vôtres, ou r."
        )


def ask_name(visit: Visit, answers: Answers) -> Answers:
    """Ask how a new school is called."""
    school = answers.school
    if school is None or not school.is_new:
        return answers
    visit.person.tell("Ce nom sera imprimé sur les courriers, par exemple : École Jules Ferry.")
    name = _text(visit, "Nom de l'école", LONGEST_NAME, needed=True)
    return replace(answers, school=replace(school, name=name))


def ask_city(visit: Visit, answers: Answers) -> Answers:
    """Ask where a new school is, which may stay unsaid."""
    school = answers.school
    if school is None or not school.is_new:
        return answers
    city = _text(visit, "Ville (Entrée seule : ne pas la dire)", LONGEST_CITY, needed=False)
    chosen = replace(school, city=city or None)
    visit.person.tell()
    visit.person.tell(f"Entendu : {chosen.title}. Elle sera ajoutée avec le premier import.")
    visit.tell_command(*school_command(chosen))
    return replace(answers, school=chosen)


def school_command(school: ChosenSchool) -> tuple[str, ...]:
    """Return the words of the command that adds a school."""
    city = ("--city", school.city) if school.city else ()
    return ("schools", "add", school.uai, school.name, *city)


def _refuse_without_school(visit: Visit) -> None:
    """Stop an operator who sees no school: he can't add one either.

    Raises:
        OwnerOnly: only the owner adds one.
    """
    from educonnect_admin.domain.operator_errors import OwnerOnly

    if visit.services.acting is not None:
        visit.person.tell("Aucune école n'est dans votre périmètre, et vous ne pouvez en ajouter.")
        raise OwnerOnly


def _lines(visit: Visit) -> "list[SchoolLine]":
    from educonnect_admin.queries.school_list import school_lines

    with visit.services.reading() as session:
        return school_lines(session)


def _known(line: "SchoolLine") -> ChosenSchool:
    return ChosenSchool(line.uai, line.name, line.city, pupils=line.pupils)


def _confirmed(visit: Visit, line: "SchoolLine") -> ChosenSchool | None:
    school = _known(line)
    visit.person.tell(f"{school.title} : {counted(school.pupils, 'élève')}.")
    return school if confirm(visit.person, "Est-ce cette école ?") else None


def _picked(visit: Visit, lines: "Sequence[SchoolLine]") -> ChosenSchool | None:
    told = _told_by_files(visit)
    for number, line in enumerate(lines[:MOST_LISTED], start=1):
        visit.person.tell(f"  {number}. {_known(line).title}")
    if len(lines) > MOST_LISTED:
        visit.person.tell(f"  … et {len(lines) - MOST_LISTED} de plus, à choisir par leur UAI")
    numbers = {str(number): line for number, line in enumerate(lines, start=1)}
    numbers |= {line.uai: line for line in lines}
    default = next((number for number, line in numbers.items() if line.uai == told), "1")
    while True:
        answer = visit.person.ask(
            "Numéro de votre école", default=default, choices="0 : une autre école"
        )
        if answer == "0":
            return None
        found = numbers.get("".join(answer.split()).upper())
        if found:
            return _known(found)
        visit.person.tell(
            f"«{answer}» n'est pas dans la liste. Tapez un des numéros ci-dessus, ou 0."
        )


def _told_by_files(visit: Visit) -> str:
    """Return the number of the school that the files found say to be of, if they do."""
    found = {one.school for one in look_for_files(visit).candidates if one.school}
    return found.pop() if len(found) == 1 else ""


def _typed_number(visit: Visit, told: str) -> str:
    from educonnect_admin.domain.errors import InvalidUAI
    from educonnect_admin.domain.uai import parse_uai

    while True:
        answer = visit.person.ask("Numéro UAI de l'école", default=told)
        if not answer:
            visit.person.tell("Il faut ce numéro ; je ne peux pas le deviner.")
            continue
        try:
            return parse_uai(answer)
        except InvalidUAI as wrong:
            visit.person.tell(explain(wrong)[0])


def _text(visit: Visit, question: str, longest: int, *, needed: bool) -> str:
    """Ask for a text that the database has room for."""
    from educonnect_admin.domain.names import tidy

    while True:
        text = tidy(visit.person.ask(question))
        if len(text) > longest:
            visit.person.tell(f"C'est trop long : {longest} signes au plus.")
        elif needed and not text:
            visit.person.tell("Il faut une réponse ici ; je ne peux pas la deviner.")
        else:
            return text
