"""`data export`: everything that is known of a person, for that person."""

import json as json_library
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import Json, filled
from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from educonnect_admin.domain.personal_data import PersonData


def register(group: typer.Typer) -> None:
    """Add the command to `data`."""
    group.command("export", cls=FrenchCommand)(export)


def export(
    context: typer.Context,
    guardian: Annotated[
        str,
        typer.Option(
            "--guardian",
            metavar="NUMERO",
            help="Le numéro d'une fiche de responsable, ou l'identifiant d'un compte.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="DOSSIER", help="Où écrire les deux fichiers."),
    ] = None,
    json: Json = False,
) -> None:
    """Remettre à une personne tout ce que la base sait d'elle : JSON et page à lire.

    Ni secret, ni donnée d'un autre responsable. Le journal note que ces données ont été remises.
    """
    from educonnect_admin.edge import clock
    from educonnect_admin.office.export_person import export_person

    desk: Desk = context.obj
    speech, typed = desk.speech(json=json), filled(guardian, "--guardian")
    with desk.office() as services, services.transaction() as session:
        found = export_person(session, typed, services.author(clock()))
        # Before the trail tells that it was given out.
        paths = _free(output, found) if output is not None else ()
    if output is None:
        _show(speech, found)
        _warn_of_reasons(speech, found)
        return
    _write(paths, found)
    for path in paths:
        speech.say(f"Écrit : {path}")
    _warn_of_reasons(speech, found)
    speech.result({**_told(found), "files": [str(path) for path in paths]})


def _warn_of_reasons(speech: Speech, found: "PersonData") -> None:
    if found.tables["trail_reasons"]:
        speech.warn(
            "Relisez les motifs du journal avant de remettre ces données : s'ils parlent d'une "
            "autre personne, masquez-les."
        )


def _free(folder: Path, found: "PersonData") -> tuple[Path, Path]:
    """Return where the two files go; a number, never a name (R-66).

    Raises:
        FileExists, UnwritableFolder: they can't be written there.
    """
    from educonnect_admin.office.written_files import free_path

    stem = f"donnees-responsable-{found.guardian_id}"
    return free_path(folder / f"{stem}.json"), free_path(folder / f"{stem}.html")


def _write(paths: tuple[Path, ...], found: "PersonData") -> None:
    from educonnect_admin.cli.person_codes import in_words
    from educonnect_admin.office.written_files import write_file
    from educonnect_admin.reports.person_page import person_page

    for_program, for_person = paths
    text = json_library.dumps(_data(found), ensure_ascii=False, indent=1)
    write_file(for_program, text.encode())
    write_file(for_person, person_page(found, in_words))


def _show(speech: Speech, found: "PersonData") -> None:
    from educonnect_admin.cli.person_codes import in_words
    from educonnect_admin.reports.person_page import person_lines

    for line in person_lines(found, in_words):
        speech.show(line)
    speech.result({**_told(found), "files": [], "data": _data(found)})


def _told(found: "PersonData") -> dict[str, Any]:
    return {
        "guardian": found.guardian_id,
        "account": found.identifier,
        "rows": {name: len(rows) for name, rows in found.tables.items()},
    }


def _data(found: "PersonData") -> dict[str, Any]:
    schools = [{"id": n, "uai": uai, "name": name} for n, (uai, name) in found.schools.items()]
    return {
        "guardian": found.guardian_id,
        "account": found.identifier,
        "made_at": found.at.isoformat(),
        **found.tables,
        "schools": schools,
        "classes": [{"id": number, "label": label} for number, label in found.classes.items()],
    }
