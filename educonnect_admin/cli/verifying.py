"""`letters verify-manifest`: is what was printed still all there, and still the same."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REFUSED, REMARKS
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import Json
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from educonnect_admin.letters.manifest_findings import Fault, Finding, Verified

MOST_SHOWN = 20
"""Of one kind; a program gets them all."""


def register(app: typer.Typer) -> None:
    """Add the command to `letters`."""
    app.command("verify-manifest", cls=FrenchCommand)(verify_manifest)


def verify_manifest(
    context: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DOSSIER",
            help="Le dossier d'une campagne, ou celui d'une seule école.",
            exists=True,
            file_okay=False,
        ),
    ],
    printed: Annotated[
        bool,
        typer.Option(
            "--printed",
            help="Les fichiers absents ont été imprimés et effacés : ils sont seulement comptés.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Vérifier les fichiers d'un dossier avec les empreintes de son manifeste.

    Rien n'est changé ; ni la base ni la clé ne servent.
    """
    from educonnect_admin.letters.manifest_checking import verify_folder
    from educonnect_admin.letters.manifest_findings import Fault

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    found = verify_folder(folder)
    _tell(speech, found, folder, printed=printed)
    speech.result(_for_program(found, printed=printed))
    if not found.is_whole(printed=printed):
        raise typer.Exit(REFUSED)
    if found.found(Fault.WIDE):
        raise typer.Exit(REMARKS)


def _tell(speech: Speech, found: "Verified", folder: Path, *, printed: bool) -> None:
    from educonnect_admin.cli.verifying_words import NOTHING_GONE, ONLY_MODES
    from educonnect_admin.letters.manifest_findings import Fault

    intact = counted(len(found.intact), "fichier intact", "fichiers intacts")
    speech.say(
        f"{counted(found.schools, 'école')}, {intact} ({counted(found.letters, 'courrier')})."
    )
    if printed and found.gone:
        gone = counted(found.gone, "fichier n'est plus là", "fichiers ne sont plus là")
        speech.say(f"{gone} : imprimés puis effacés, dites-vous.")
    told = [fault for fault in Fault if not (printed and fault is Fault.MISSING)]
    for fault in told:
        findings = found.found(fault)
        if findings:
            _tell_fault(speech, fault, findings, folder)
    if found.is_whole(printed=printed):
        speech.say(ONLY_MODES if found.found(Fault.WIDE) else NOTHING_GONE[printed])


def _tell_fault(speech: Speech, fault: "Fault", findings: "list[Finding]", folder: Path) -> None:
    from educonnect_admin.cli.verifying_words import advice_on, heading_of, named

    speech.warn(heading_of(fault, len(findings)))
    for finding in findings[:MOST_SHOWN]:
        speech.warn(f"  {readable(named(finding, folder))}")
    if len(findings) > MOST_SHOWN:
        speech.warn(f"  … et {len(findings) - MOST_SHOWN} de plus (tous avec --json)")
    speech.warn(advice_on(fault, folder))


def readable(path: str) -> str:
    """Return a path without what a terminal would obey or could not show.

    A file that somebody has put there may bear any name.
    """
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in path)


def _for_program(found: "Verified", *, printed: bool) -> dict[str, Any]:
    from educonnect_admin.letters.manifest_findings import Fault

    def paths(*faults: Fault) -> list[str]:
        return [_sayable(finding.path) for finding in found.found(*faults)]

    gone = [] if printed else [Fault.MISSING]
    return {
        "verified": found.is_whole(printed=printed),
        "schools": found.schools,
        "letters": found.letters,
        "files": [_sayable(path) for path in found.intact],
        "printed": found.gone if printed else 0,
        "missing": paths(*gone, Fault.SCHOOL_GONE, Fault.NO_MANIFEST),
        "not_finished": paths(Fault.NOT_FINISHED),
        "altered": paths(Fault.ALTERED, Fault.BAD_MANIFEST, Fault.REPLACED),
        "unlisted": paths(Fault.UNLISTED, Fault.UNFINISHED, Fault.LINK),
        "modes": paths(Fault.WIDE),
    }


def _sayable(path: Path) -> str:
    """Return a path in UTF-8, which a name on a disk need not be."""
    return str(path).encode("utf-8", "replace").decode()
