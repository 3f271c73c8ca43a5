"""`letters …`: printing letters, recovering a killed run, checking templates."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli import (
    expiring,
    letter_list,
    recovering,
    reminding,
    resending,
    shredding,
    templates,
    verifying,
)
from educonnect_admin.cli.campaigns import commands as campaigns
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.encrypting import CLOSED_WORDS, Encrypt, asked_protection
from educonnect_admin.cli.exit_codes import REFUSED, REMARKS
from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.folder_warnings import warn_of_folder
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import ClassLabel, DryRun, Json, School, filled
from educonnect_admin.cli.recovering import REISSUE, WAITING, tell_recovered
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.cli.whose_letters import WhoseLetters, WhoseOption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from educonnect_admin.office.issue_letters import Issued
    from educonnect_admin.office.plan_letters import Planned
    from educonnect_admin.office.printing.print_class import PrintedClass, Unprintable
    from educonnect_admin.office.printing.print_room import PrintRoom
    from educonnect_admin.office.printing.target import LetterOrder

app = typer.Typer(cls=FrenchGroup, help="Les courriers de notification.", no_args_is_help=True)

for _commands in (
    resending, letter_list, expiring, reminding, recovering, shredding, templates, verifying,
):  # fmt: skip
    _commands.register(app)
campaigns.register_letters(app)


@app.command("issue", cls=FrenchCommand)
def issue(
    context: typer.Context,
    school: School,
    output: Annotated[
        str, typer.Option("--output", metavar="DOSSIER", help="Où ranger les fichiers PDF.")
    ],
    class_label: ClassLabel = None,
    who: WhoseOption = WhoseLetters.new,
    encrypt: Encrypt = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Imprimer les courriers : un PDF par classe, dans l'ordre des cartables, et un bordereau.

    Les comptes qui manquent sont ouverts. Chaque mot de passe n'est écrit que dans le PDF.
    """
    from educonnect_admin.domain.letters import Who
    from educonnect_admin.edge import clock
    from educonnect_admin.office.issue_letters import issue_letters
    from educonnect_admin.office.plan_letters import plan_letters
    from educonnect_admin.office.printing.target import LetterOrder

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    label, folder = filled(class_label, "--class"), Path(filled(output, "--output"))
    order = LetterOrder(uai=school, class_label=label, who=Who(who.value), output=folder)
    with desk.office() as services:
        protection = asked_protection(services, encrypt=encrypt and not dry_run)
        room = services.print_room(clock(), protection)
        warn_of_folder(speech, folder, encrypt=encrypt)
        if dry_run:
            tell_planned(speech, plan_letters(room, order))
            return
        with telling_what_is_done(speech, _expected(room, order, speech)) as done:
            issued = issue_letters(room, order, done)
    tell_issued(speech, issued, school)
    if encrypt and issued.published:
        speech.say(CLOSED_WORDS)
    if issued.unprintable or issued.to_reissue or issued.waiting:
        raise typer.Exit(REMARKS)


@contextmanager
def telling_what_is_done(
    speech: Speech, expected: int
) -> "Iterator[Callable[[PrintedClass], None]]":
    """Move the bar; if the run stops half-way, tell what is printed and where."""
    from educonnect_admin.domain.errors import EduConnectError

    printed: list[PrintedClass] = []
    try:
        with speech.progress("Courriers", expected) as moved:

            def done(one: "PrintedClass") -> None:
                printed.append(one)
                moved(one.letters)

            yield done
    except (EduConnectError, KeyboardInterrupt) as stop:
        if not printed:
            raise
        classes = ", ".join(one.school_class.label or "Sans classe" for one in printed)
        letters = counted(sum(one.letters for one in printed), "courrier")
        speech.warn(
            f"Déjà imprimé dans {printed[0].path.parent} : {classes} ({letters}, valables). "
            "Relancez la même commande pour les autres classes."
        )
        if isinstance(stop, EduConnectError) and explain(stop)[1] == REFUSED:
            # "Refused, nothing written" would no longer be true.
            speech.warn(explain(stop)[0])
            raise typer.Exit(REMARKS) from stop
        raise


def _expected(room: "PrintRoom", order: "LetterOrder", speech: Speech) -> int:
    """Return how long the progress bar is; only counted when somebody sees it."""
    from educonnect_admin.office.plan_letters import plan_letters

    return sum(n for _, n in plan_letters(room, order).classes) if speech.watched else 0


def tell_planned(speech: Speech, planned: "Planned") -> None:
    """Tell what a dry run foresees."""
    total = sum(letters for _, letters in planned.classes)
    speech.say("Essai : rien n'a été écrit, aucun mot de passe n'a été tiré.")
    speech.table(
        ["Classe", "Courriers"],
        [(one.label or "Sans classe", letters) for one, letters in planned.classes],
    )
    _tell_unprintable(speech, planned.unprintable)
    speech.say(f"{counted(total, 'courrier')}, valables jusqu'au {planned.last_day:%d/%m/%Y}.")
    speech.result(
        {
            "dry_run": True,
            "batch": None,
            "letters": total,
            "last_day": planned.last_day.isoformat(),
            "accounts_created": planned.generated.created,
            "files": [
                {"path": None, "class": one.label, "letters": letters, "pages": letters,
                 "sha256": None}
                for one, letters in planned.classes
            ],
            "unprintable": [one.identifier for one in planned.unprintable],
        }
    )  # fmt: skip


def tell_issued(speech: Speech, issued: "Issued", uai: str) -> None:
    """Tell where the letters are, and what did not go as it should."""
    tell_recovered(speech, issued.recovered)
    speech.table(
        ["Classe", "Courriers", "Fichier"],
        [(f.school_class.label or "Sans classe", f.letters, f.path.name) for f in issued.published],
        title=f"Lot n° {issued.batch_id}" if issued.batch_id else "",
    )
    _tell_unprintable(speech, issued.unprintable)
    for path in issued.waiting:
        speech.warn(WAITING.format(path=path))
    if issued.letters:
        _tell_folder(speech, issued)
    else:
        speech.say(f"Aucun courrier à imprimer pour l'école {uai} : {_why_none(issued)}")
    if issued.taken_back:
        speech.warn(REISSUE + ", ".join(issued.taken_back))
    speech.result(_for_program(issued))


def _why_none(issued: "Issued") -> str:
    known = issued.generated.created + issued.generated.joined + issued.generated.existing
    if not known:
        return (
            "aucun responsable n'est rattaché à un élève inscrit. Importez les élèves et les "
            "responsables."
        )
    return f"aucun des {counted(known, 'compte')} n'est à notifier (voyez aussi --who expired)."


def _tell_folder(speech: Speech, issued: "Issued") -> None:
    from educonnect_admin.letters.dates import in_words

    speech.say(
        f"{counted(issued.letters, 'courrier')} dans {issued.published[0].path.parent}, "
        f"avec {counted(len(issued.slips), 'bordereau', 'bordereaux')} de remise."
    )
    speech.say(f"Dernier jour de validité : {in_words(issued.last_day)}.")
    speech.say(
        "Ces fichiers contiennent des mots de passe : imprimez-les, remettez-les, puis effacez-les "
        "par letters shred."
    )


def _for_program(issued: "Issued") -> dict[str, Any]:
    return {
        "batch": issued.batch_id,
        "letters": issued.letters,
        "last_day": issued.last_day.isoformat(),
        "accounts_created": issued.generated.created,
        "files": [
            {
                "path": str(file.path),
                "class": file.school_class.label,
                "letters": file.letters,
                "pages": file.letters,
                "sha256": file.sha256,
            }
            for file in issued.published
        ],
        "slips": [
            {"path": str(slip.path), "class": slip.school_class.label, "sha256": slip.sha256}
            for slip in issued.slips
        ],
        "unprintable": [one.identifier for one in issued.unprintable],
        "to_reissue": issued.to_reissue,
        "waiting": [str(path) for path in issued.waiting],
    }


def _tell_unprintable(speech: Speech, unprintable: "Sequence[Unprintable]") -> None:
    for one in unprintable:
        sentence, _ = explain(one.error)
        speech.warn(f"Pas de courrier pour {one.identifier}. {sentence}")
