"""`letters …`: printing letters, recovering a killed run, checking templates."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli import templates
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.failures import REMARKS
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import ClassLabel, DryRun, Json, School
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from educonnect_admin.office.issue_letters import Issued
    from educonnect_admin.office.plan_letters import Planned
    from educonnect_admin.office.printing.print_class import Unprintable
    from educonnect_admin.office.printing.print_room import PrintRoom
    from educonnect_admin.office.printing.target import LetterOrder
    from educonnect_admin.office.recover_letters import Recovered
    from educonnect_admin.queries.batches import LeftBehind

app = typer.Typer(cls=FrenchGroup, help="Les courriers de notification.", no_args_is_help=True)

templates.register(app)


class WhoseLetters(StrEnum):
    """The choices of `--who`, as typed."""

    new = "new"
    expired = "expired"
    pending = "pending"


@app.command("issue", cls=FrenchCommand)
def issue(
    context: typer.Context,
    school: School,
    output: Annotated[
        Path, typer.Option("--output", metavar="DOSSIER", help="Où ranger les fichiers PDF.")
    ],
    class_label: ClassLabel = None,
    who: Annotated[
        WhoseLetters,
        typer.Option(
            "--who",
            metavar="new|expired|pending",
            help="new : jamais notifiés ; expired : tous leurs courriers sont échus ; "
            "pending : adresse mail jamais confirmée.",
        ),
    ] = WhoseLetters.new,
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
    order = LetterOrder(uai=school, class_label=class_label, who=Who(who.value), output=output)
    with desk.office() as services:
        room = services.print_room(clock())
        if dry_run:
            tell_planned(speech, plan_letters(room, order))
            return
        with speech.progress("Courriers", _expected(room, order, speech)) as moved:
            issued = issue_letters(room, order, moved)
    tell_issued(speech, issued, school)
    if issued.unprintable or issued.to_reissue or issued.waiting:
        raise typer.Exit(REMARKS)


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
    _tell_recovered(speech, issued.recovered)
    speech.table(
        ["Classe", "Courriers", "Fichier"],
        [(f.school_class.label or "Sans classe", f.letters, f.path.name) for f in issued.published],
        title=f"Lot n° {issued.batch_id}" if issued.batch_id else "",
    )
    _tell_unprintable(speech, issued.unprintable)
    for path in issued.waiting:
        speech.warn(_WAITING.format(path=path))
    if issued.letters:
        _tell_folder(speech, issued)
    else:
        speech.say(f"Aucun courrier à imprimer pour l'école {uai}.")
    speech.result(_for_program(issued))


_WAITING = (
    "{path} : un autre fichier porte ce nom, et ne sera pas remplacé. Les courriers attendent à "
    "côté, sous le même nom suivi de .part : déplacez l'autre fichier, puis lancez letters recover."
)


def _tell_folder(speech: Speech, issued: "Issued") -> None:
    from educonnect_admin.letters.dates import in_words

    speech.say(
        f"{counted(issued.letters, 'courrier')} dans {issued.published[0].path.parent}, "
        f"avec {counted(len(issued.slips), 'bordereau', 'bordereaux')} de remise."
    )
    speech.say(f"Dernier jour de validité : {in_words(issued.last_day)}.")
    speech.say(
        "Ces fichiers contiennent des mots de passe : imprimez-les, remettez-les, puis effacez-les."
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
    from educonnect_admin.cli.failures import explain

    for one in unprintable:
        sentence, _ = explain(one.error)
        speech.warn(f"Pas de courrier pour {one.identifier}. {sentence}")


@app.command("recover", cls=FrenchCommand)
def recover(context: typer.Context, dry_run: DryRun = False, json: Json = False) -> None:
    """Finir ou retirer ce qu'une impression interrompue a laissé."""
    from educonnect_admin.edge import clock
    from educonnect_admin.office.recover_letters import batches_left, recover_letters

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services:
        room = services.print_room(clock())
        if dry_run:
            _tell_left(speech, batches_left(room))
            return
        done = recover_letters(room)
    if done.nothing:
        speech.say("Rien à reprendre : toutes les impressions se sont bien terminées.")
    _tell_recovered(speech, done)
    for path in done.waiting:
        speech.warn(_WAITING.format(path=path))
    speech.result(
        {
            "published": len(done.published),
            "discarded": done.discarded,
            "voided": len(done.voided),
            "files": [str(path) for path in done.published],
            "to_reissue": done.to_reissue,
            "waiting": [str(path) for path in done.waiting],
            "busy": done.busy,
            "elsewhere": [{"batch": batch, "host": host} for batch, host in done.elsewhere],
        }
    )
    if done.to_reissue or done.voided or done.waiting:
        raise typer.Exit(REMARKS)


def _tell_left(speech: Speech, left: "Sequence[LeftBehind]") -> None:
    speech.say("Essai : rien n'a été touché.")
    for batch in left:
        speech.show(
            f"Le lot n° {batch.batch_id} de l'école {batch.uai} n'est pas terminé "
            f"(machine «{batch.host}», dossier {batch.folder})."
        )
    if not left:
        speech.say("Rien à reprendre : toutes les impressions se sont bien terminées.")
    batches = [{"batch": one.batch_id, "school": one.uai, "folder": one.folder} for one in left]
    speech.result({"dry_run": True, "batches": batches})


def _tell_recovered(speech: Speech, done: "Recovered") -> None:
    for path in done.published:
        speech.say(f"Repris après une interruption : {path} est complet et ses courriers valables.")
    if done.discarded:
        speech.say(
            f"{counted(done.discarded, 'fichier')} d'une impression interrompue : retirés, leurs "
            "mots de passe n'ont jamais été valables. Les comptes restent à notifier."
        )
    for path in done.voided:
        speech.warn(
            f"{path} a disparu ou a été modifié avant d'être publié : ses courriers sont annulés."
        )
    if done.to_reissue:
        speech.warn("À imprimer de nouveau (letters issue le fera) : " + ", ".join(done.to_reissue))
    for uai in done.busy:
        speech.warn(f"École {uai} : une impression est en cours, elle n'a pas été touchée.")
    for batch, host in done.elsewhere:
        speech.warn(
            f"Le lot n° {batch} a été commencé sur la machine «{host}» : lancez letters recover "
            "là-bas."
        )
