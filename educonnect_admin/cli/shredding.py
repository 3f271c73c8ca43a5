"""`letters shred`: what was printed is destroyed, and the trail says so."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.agreeing import agree
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REMARKS
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json, Yes
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from educonnect_admin.office.shred_letters import Doomed, InFolder, Shredded

_WORTH = (
    "Réécrits puis effacés. Sur un SSD, une clé USB ou un dossier sauvegardé ou synchronisé, une "
    "copie peut subsister : seul un disque chiffré, ou --encrypt à l'impression, en protège."
)


def register(app: typer.Typer) -> None:
    """Add the command to `letters`."""
    app.command("shred", cls=FrenchCommand)(shred)


def shred(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DOSSIER", help="Le dossier des courriers imprimés.")
    ],
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Détruire les PDF de courriers et de bordereaux d'un dossier, une fois imprimés.

    Seuls ceux que ce bureau a écrits, reconnus à leur empreinte : rien d'autre n'est touché. Les
    mots de passe remis aux responsables marchent toujours.
    """
    from educonnect_admin.edge import clock
    from educonnect_admin.office.shred_letters import Shredded, look_into, shred_letters

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services:
        room = services.print_room(clock())
        found = look_into(room, folder)
        done = Shredded()
        if dry_run:
            speech.say("Essai : rien n'a été effacé.")
            _show(speech, found.doomed)
        elif found.doomed:
            agree(speech, _question(found), yes=yes)
            with speech.progress("Fichiers", len(found.doomed)) as moved:
                done = shred_letters(room, found.doomed, moved)
    left = _left(found, done)
    if not dry_run:
        _tell(speech, done, left)
    _tell_left(speech, found, done)
    speech.result(_for_program(found, done, left, dry_run=dry_run))
    if left:
        raise typer.Exit(REMARKS)


def _what(doomed: "Sequence[Doomed]") -> str:
    letters = [one for one in doomed if one.printed]
    parts = [
        f"{counted(len(letters), 'fichier')} de courriers "
        f"({counted(sum(one.letters for one in letters), 'courrier')})",
        counted(len(doomed) - len(letters), "bordereau", "bordereaux"),
    ]
    return " et ".join(part for part in parts if not part.startswith("0 "))


def _question(found: "InFolder") -> str:
    lines = [f"À détruire : {_what(found.doomed)}."]
    if found.live:
        still = counted(found.live, "courrier est encore valable", "courriers sont encore valables")
        lines.append(f"{still} : un papier perdu ne se réimprime pas, il se refait (resend).")
    return "\n".join(lines)


def _show(speech: Speech, doomed: "Sequence[Doomed]") -> None:
    speech.table(
        ["Fichier", "Courriers"],
        [(one.path.name, one.letters if one.printed else "bordereau") for one in doomed],
    )


def _left(found: "InFolder", done: "Shredded") -> list[Path]:
    """Return what is still there and may hold letters."""
    found_left = [*found.altered, *found.unfinished, *found.unreadable]
    return [*found_left, *done.changed, *done.busy, *done.refused]


def _tell(speech: Speech, done: "Shredded", left: "Sequence[Path]") -> None:
    if not done.files:
        nothing = "Rien n'a été détruit." if left else "Il n'y a rien à détruire dans ce dossier."
        speech.say(nothing)
        return
    speech.say(f"Détruits : {_what(done.files)}. Le journal en garde la trace.")
    speech.say(_WORTH)


def _tell_left(speech: Speech, found: "InFolder", done: "Shredded") -> None:
    for path in (*found.altered, *done.changed):
        speech.warn(f"{path} n'est pas, ou plus, le fichier que nous avons écrit : laissé.")
    for path in found.unfinished:
        speech.warn(
            f"{path} est d'une impression qui n'est pas finie : laissé. Lancez d'abord : "
            "educonnect-admin letters recover"
        )
    for path in found.unreadable:
        speech.warn(
            f"{path} : vous n'avez pas le droit de le lire. S'il y a là des courriers, ils y sont "
            "encore."
        )
    for path in done.refused:
        speech.warn(f"{path} : vous n'avez pas le droit de le détruire, ou son dossier est fermé.")
    for path in done.busy:
        speech.warn(f"{path} : une impression de cette école est en cours, laissé.")


def _for_program(
    found: "InFolder", done: "Shredded", left: "Sequence[Path]", *, dry_run: bool
) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "files": [
            {"path": str(one.path), "letters": one.letters, "sha256": one.sha256}
            for one in (found.doomed if dry_run else done.files)
        ],
        "live": found.live,
        "left": [str(path) for path in left],
    }
