"""The letters: for which classes, in which folder, how many, until when; then their files."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from educonnect_admin.cli.folder_warnings import warn_of_folder
from educonnect_admin.cli.guide.person import WantsBack, confirm
from educonnect_admin.cli.guide.places import letters_folder, near
from educonnect_admin.cli.guide.planning import school_of
from educonnect_admin.cli.guide.typed_paths import typed_path
from educonnect_admin.cli.guide.visit import Answers, Visit
from educonnect_admin.cli.letters import tell_issued, telling_what_is_done
from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from educonnect_admin.office.plan_letters import Planned
    from educonnect_admin.office.printing.print_class import PrintedClass
    from educonnect_admin.office.printing.target import LetterOrder

ALL = "toutes"
MOST_LISTED = 12


def choose_classes(visit: Visit, answers: Answers) -> Answers:
    """Ask for which classes letters are wanted; nothing to ask if nobody is to be written to."""
    visit.person.head("Étape 4 sur 5 : les courriers des parents")
    planned = _planned(visit, answers, None)
    if not planned.classes:
        _tell_none(visit, planned)
        return replace(answers, classes=())
    total = _total([planned])
    labels = [one.label for one, _ in planned.classes if one.label]
    visit.person.tell(
        f"{counted(total, 'courrier')} à préparer, un par responsable, valables jusqu'au "
        f"{_day(planned)} compris :"
    )
    for number, (one, letters) in enumerate(planned.classes[:MOST_LISTED], start=1):
        name = f"{number:2}. {one.label}" if one.label else "    Sans classe"
        visit.person.show(f"  {name} : {letters}")
    if len(planned.classes) > MOST_LISTED:
        visit.person.tell(f"  … et {len(planned.classes) - MOST_LISTED} de plus")
    visit.person.tell("Qui a déjà reçu un courrier encore valable n'en aura pas un second.")
    return replace(answers, classes=_asked(visit, labels))


def _tell_none(visit: Visit, planned: "Planned") -> None:
    generated = planned.generated
    if not generated.created + generated.joined + generated.existing:
        visit.person.tell(
            "Il n'y a aucun courrier à préparer : aucun responsable n'est rattaché à un élève de "
            "l'école. Importez aussi le fichier des responsables."
        )
        return
    visit.person.tell(
        "Il n'y a aucun courrier à préparer : chaque responsable a déjà reçu le sien, ou activé "
        "son compte. Un courrier perdu ou échu se refait par cette commande :"
    )
    visit.person.show('  educonnect-admin letters resend IDENTIFIANT --reason "perdu" --output .')


def _asked(visit: Visit, labels: Sequence[str]) -> tuple[str | None, ...]:
    from educonnect_admin.domain.names import name_key

    known = {name_key(label): label for label in labels}
    known |= {str(number): label for number, label in enumerate(labels, start=1)}
    while True:
        answer = visit.person.ask(
            "Quelles classes ?", default=ALL, choices="des numéros, par exemple 1 3"
        )
        if name_key(answer) in {ALL, "tout", "t"}:
            return (None,)
        for words in ([answer], answer.split(","), answer.replace(",", " ").split()):
            keys = [name_key(word) for word in words]
            if all(key in known for key in keys):
                return tuple(dict.fromkeys(known[key] for key in keys))
        visit.person.tell(
            f"Je n'ai pas compris «{answer}». Tapez {ALL}, ou des numéros de la liste."
        )


def choose_folder(visit: Visit, answers: Answers) -> Answers:
    """Ask where the files go; a folder that can't be written to is refused at once."""
    if not answers.classes:
        return answers
    default = letters_folder(visit.day().isoformat())
    visit.person.tell()
    visit.person.tell(
        "Les courriers sont des fichiers PDF, un par classe. Ils contiennent des mots de passe : "
        "seule votre session, sur cet ordinateur, peut les ouvrir."
    )
    while True:
        typed = visit.person.ask("Dossier où les ranger", default=near(default))
        folder = typed_path(typed).absolute()
        if fault := _fault(folder):
            visit.person.tell(fault)
            continue
        if not _is_wanted(visit, folder):
            continue
        return replace(answers, folder=folder)


def _is_wanted(visit: Visit, folder: Path) -> bool:
    """Ask once more about a folder that others see, or that is copied elsewhere."""
    warned = warn_of_folder(visit.speech, folder, encrypt=False)
    question = "Y ranger les courriers tout de même ?"
    return not warned or confirm(visit.person, question, default=False)


def _fault(folder: Path) -> str:
    """Return why nothing can be written there, if so; nothing is made yet."""
    try:
        there = next(path for path in (folder, *folder.parents) if path.exists())
    except OSError:
        return "Ce chemin ne va pas : il est trop long. Choisissez un autre dossier."
    if not there.is_dir():
        return f"{near(there)} est un fichier, pas un dossier. Choisissez un autre dossier."
    if not os.access(there, os.W_OK | os.X_OK):
        return f"Vous n'avez pas le droit d'écrire dans {near(there)}. Choisissez un autre dossier."
    return ""


def print_letters(visit: Visit, answers: Answers) -> Answers:
    """Ask a last time, and make the files.

    Raises:
        WantsBack: not now.
    """
    if not answers.classes or answers.folder is None:
        return answers
    planned = [_planned(visit, answers, label) for label in answers.classes]
    total = _total(planned)
    at_most = "au plus " if len(planned) > 1 else ""
    visit.person.tell()
    visit.person.tell(
        f"Je vais préparer {at_most}{counted(total, 'courrier')}, valables jusqu'au "
        f"{_day(planned[0])} compris, dans {near(answers.folder)}"
    )
    visit.tell_commands(_commands(answers))
    if not confirm(visit.person, f"Préparer ces {counted(total, 'courrier')} ?"):
        visit.person.tell("Aucun courrier n'a été préparé.")
        raise WantsBack
    for label, one in zip(answers.classes, planned, strict=True):
        _print(visit, answers, label, one)
    return answers


def _print(visit: Visit, answers: Answers, label: str | None, planned: "Planned") -> None:
    """Print, and record what is printed even of a run that stops half-way."""
    from educonnect_admin.office.issue_letters import issue_letters

    order = _order(answers, label)
    room = visit.services.print_room(visit.moment())
    finished: list[int] = []
    try:
        with telling_what_is_done(visit.speech, _total([planned])) as done:

            def printed(one: "PrintedClass") -> None:
                finished.append(one.letters)
                done(one)

            issued = issue_letters(room, order, printed)
    except BaseException as why:
        if finished:
            visit.did(f"une partie des courriers, dans {near(order.output)}")
        if isinstance(why, typer.Exit):
            raise WantsBack from why  # told already; what is left is asked for again
        raise
    visit.person.tell()
    tell_issued(visit.speech, issued, order.uai)
    visit.did(f"{counted(issued.letters, 'courrier')} dans {near(order.output)}")
    visit.has_remarks |= bool(issued.unprintable or issued.to_reissue or issued.waiting)


def _total(planned: "Sequence[Planned]") -> int:
    return sum(letters for one in planned for _, letters in one.classes)


def _planned(visit: Visit, answers: Answers, label: str | None) -> "Planned":
    from educonnect_admin.office.plan_letters import plan_letters

    return plan_letters(visit.services.print_room(visit.moment()), _order(answers, label))


def _order(answers: Answers, label: str | None) -> "LetterOrder":
    from educonnect_admin.domain.letters import Who
    from educonnect_admin.office.printing.target import LetterOrder

    output = answers.folder or Path()
    return LetterOrder(uai=school_of(answers).uai, class_label=label, who=Who.NEW, output=output)


def _day(planned: "Planned") -> str:
    from educonnect_admin.dates_in_words import in_words

    return in_words(planned.last_day)


def _commands(answers: Answers) -> list[tuple[str, ...]]:
    uai, folder = school_of(answers).uai, str(answers.folder)
    return [
        ("letters", "issue", "--school", uai, *(("--class", label) if label else ()),
         "--output", folder)
        for label in answers.classes
    ]  # fmt: skip
