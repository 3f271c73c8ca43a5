"""Which files to import: by their numbers in the list, or typed, or dragged into the window."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.guide.finding import files_in
from educonnect_admin.cli.guide.listing import AGAIN, Listed, content, list_files
from educonnect_admin.cli.guide.places import Place
from educonnect_admin.cli.guide.searching import look_for_files
from educonnect_admin.cli.guide.typed_paths import exists, typed_paths
from educonnect_admin.cli.guide.visit import Answers, Visit
from educonnect_admin.cli.reading_report import tell_skipped

if TYPE_CHECKING:
    from educonnect_admin.rosters.rows import Reading

HEAD = "Étape 2 sur 5 : les fichiers de votre école"


class _NoSuchNumber(Exception):
    """The list has no file of this number."""


def choose_files(visit: Visit, answers: Answers) -> Answers:
    """Ask which files to import; none, if the school has its pupils already."""
    chosen = None
    while chosen is None:
        visit.person.head(HEAD)
        chosen = _asked(visit, answers, list_files(visit, answers))
    if chosen.readings:
        _tell_taken(visit, chosen)
    return chosen


def _asked(visit: Visit, answers: Answers, listed: Listed) -> Answers | None:
    """Return the answers with the chosen files; `None` to look for them again."""
    can_skip = bool(answers.school and answers.school.pupils)
    choices = f"{AGAIN} : chercher de nouveau" + (" ; p : ne rien importer" if can_skip else "")
    while True:
        answer = visit.person.ask("Quels fichiers ?", default=listed.default, choices=choices)
        if answer.lower() == AGAIN:
            visit.search = None
            return None
        if answer.lower() == "p" and can_skip:
            return replace(answers, files=(), readings=())
        chosen = _understood(visit, answers, answer, listed)
        if chosen is not None:
            return chosen


def _understood(visit: Visit, answers: Answers, answer: str, listed: Listed) -> Answers | None:
    """Return the answers with the files that an answer means; `None` after saying what is wrong."""
    from educonnect_admin.domain.errors import EduConnectError

    if len(answer) == 1 and not answer.isdecimal():
        visit.person.tell(f"Je n'ai pas compris «{answer}». Tapez des numéros, ou un chemin.")
        return None
    try:
        paths = list(dict.fromkeys(_meant(visit, answers, answer, listed)))
        chosen = _read_together(visit, answers, paths)
    except EduConnectError as refusal:
        visit.person.tell(explain(refusal)[0])
        return None
    except _NoSuchNumber:
        visit.person.tell(f"Il n'y a pas de fichier de ce numéro : {len(listed.files)} au plus.")
        return None
    return None if _is_of_another_school(visit, chosen) else chosen


def _meant(visit: Visit, answers: Answers, answer: str, listed: Listed) -> Iterator[Path]:
    """Yield the files that an answer means: numbers of the list, paths, the exports of a folder.

    Raises:
        _NoSuchNumber: the list has no such number.
    """
    is_numbers = all(sign.isdecimal() or sign in " ,;" for sign in answer)
    for path in typed_paths(answer.translate({44: " ", 59: " "}) if is_numbers else answer):
        if str(path).isdecimal() and not exists(path):
            if not 0 < int(str(path)) <= len(listed.files):
                raise _NoSuchNumber
            yield listed.files[int(str(path)) - 1].path
        elif inside := _of_folder(visit, answers, path):
            yield from inside
        else:
            yield path.absolute()


def _of_folder(visit: Visit, answers: Answers, folder: Path) -> list[Path]:
    """Return the exports that a folder holds, if it is one."""
    from educonnect_admin.cli.guide.candidates import read_found
    from educonnect_admin.cli.guide.pairing import proposal

    if not (exists(folder) and folder.is_dir()):
        return []
    found = read_found(files_in([Place(folder.absolute(), 0)]), visit.day())
    uai = answers.school.uai if answers.school else ""
    return [one.path for one in proposal(found.candidates, uai)]


def _read_together(visit: Visit, answers: Answers, paths: list[Path]) -> Answers:
    """Read the chosen files as the commands do, and beside them what SIECLE exports with them.

    Raises:
        UnreadableFile: the first that can't be read.
    """
    from educonnect_admin.domain.errors import UnreadableFile
    from educonnect_admin.rosters.read import read_files

    readings = read_files(paths, today=visit.day())
    companions = [one for one in look_for_files(visit).companions if one not in paths]
    while companions and any(reading.format == "siecle" for reading in readings):
        try:
            readings = read_files([*paths, *companions], today=visit.day())
            paths = [*paths, *companions]
            break
        except UnreadableFile as refusal:
            if refusal.path not in companions:
                raise
            companions.remove(refusal.path)  # another school's
    return replace(answers, files=tuple(paths), readings=tuple(readings))


def _is_of_another_school(visit: Visit, chosen: Answers) -> bool:
    """Tell whether a file says to be of another school, and say so."""
    uai = chosen.school.uai if chosen.school else ""
    for reading in chosen.readings:
        if reading.school and reading.school.upper() != uai:
            visit.person.tell(
                f"{reading.path.name} est un fichier de l'établissement {reading.school}, et non "
                f"de {uai}. Prenez-en un autre, ou tapez r pour changer d'école."
            )
            return True
    return False


def _tell_taken(visit: Visit, chosen: Answers) -> None:
    tell_skipped(visit.speech, chosen.readings)
    for path in chosen.files:
        visit.person.tell(f"Pris : {path.name}{_told(path, chosen.readings)}")
    visit.tell_command("roster", "read", *map(str, chosen.files))


def _told(path: Path, readings: "Sequence[Reading]") -> str:
    own = [reading for reading in readings if reading.path == path]
    return f", {content(own)}" if own else ""
