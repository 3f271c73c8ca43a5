"""Which files to import: by their numbers in the list, or typed, or dragged into the window."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.guide.finding import files_in
from educonnect_admin.cli.guide.listing import Listed, content, list_files
from educonnect_admin.cli.guide.places import Place
from educonnect_admin.cli.guide.typed_paths import exists, typed_paths
from educonnect_admin.cli.guide.visit import Answers, Visit
from educonnect_admin.cli.reading_report import tell_skipped

if TYPE_CHECKING:
    from educonnect_admin.cli.guide.candidates import Candidate

HEAD = "Étape 2 sur 5 : les fichiers de votre école"


def choose_files(visit: Visit, answers: Answers) -> Answers:
    """Ask which files to import; none, if the school has its pupils already."""
    files = None
    while files is None:
        visit.person.head(HEAD)
        files = _asked(visit, answers, list_files(visit, answers))
    tell_skipped(visit.speech, [reading for one in files for reading in one.readings])
    for one in files:
        visit.person.tell(f"Pris : {one.path.name}, {content(one)}")
    if files:
        visit.tell_command("roster", "read", *(str(one.path) for one in files))
    return replace(answers, files=files)


def _asked(visit: Visit, answers: Answers, listed: Listed) -> "tuple[Candidate, ...] | None":
    """Return the chosen files; `None` to look for them again."""
    can_skip = bool(answers.school and answers.school.pupils)
    choices = "c : chercher de nouveau" + (" ; p : ne rien importer" if can_skip else "")
    while True:
        answer = visit.person.ask("Quels fichiers ?", default=listed.default, choices=choices)
        if answer.lower() == "c":
            visit.search = None
            return None
        if answer.lower() == "p" and can_skip:
            return ()
        files = _understood(visit, answers, answer, listed)
        if files:
            return files


def _understood(
    visit: Visit, answers: Answers, answer: str, listed: Listed
) -> "tuple[Candidate, ...]":
    """Return the files that an answer means, each once; none, after saying what is wrong."""
    from educonnect_admin.domain.errors import EduConnectError

    if not answer:
        visit.person.tell("Je n'ai rien à proposer : indiquez un fichier, ou tapez c.")
        return ()
    chosen: dict[str, Candidate] = {}
    try:
        for path in typed_paths(answer.replace(",", " ") if _is_numbers(answer) else answer):
            for one in _meant(visit, answers, path, listed):
                chosen.setdefault(one.readings[0].sha256, one)
    except EduConnectError as refusal:
        visit.person.tell(explain(refusal)[0])
        return ()
    except IndexError:
        visit.person.tell(f"Il n'y a pas de fichier de ce numéro : {len(listed.files)} au plus.")
        return ()
    return () if _is_of_another_school(visit, answers, chosen.values()) else tuple(chosen.values())


def _is_of_another_school(visit: Visit, answers: Answers, chosen: "Iterable[Candidate]") -> bool:
    """Tell whether a file says to be of another school, and say so."""
    uai = answers.school.uai if answers.school else ""
    for one in chosen:
        if one.school and one.school != uai:
            visit.person.tell(
                f"{one.path.name} est un fichier de l'établissement {one.school}, et non de {uai}. "
                "Prenez-en un autre, ou tapez r pour changer d'école."
            )
            return True
    return False


def _is_numbers(answer: str) -> bool:
    return all(sign.isdigit() or sign in " ," for sign in answer)


def _meant(visit: Visit, answers: Answers, path: Path, listed: Listed) -> "Iterator[Candidate]":
    """Yield what a word means: a number of the list, a file, or the exports of a folder.

    Raises:
        IndexError: the list has no such number.
        UnreadableFile: the file can't be read as a roster.
    """
    from educonnect_admin.cli.guide.candidates import read_candidate

    word = str(path)
    if word.isdecimal() and not exists(path):
        if not 0 < int(word) <= len(listed.files):
            raise IndexError(word)
        yield listed.files[int(word) - 1]
        return
    inside = _of_folder(visit, answers, path) if exists(path) and path.is_dir() else ()
    if inside:
        yield from inside
    else:
        yield read_candidate(path.absolute(), visit.day())


def _of_folder(visit: Visit, answers: Answers, folder: Path) -> "Sequence[Candidate]":
    from educonnect_admin.cli.guide.candidates import read_found
    from educonnect_admin.cli.guide.pairing import proposal

    found = read_found(files_in([Place(folder, 0)]), visit.day())
    return proposal(found.candidates, answers.school.uai if answers.school else "")
