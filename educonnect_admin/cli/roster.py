"""`roster …`: reading the files of a school, importing them, listing what waits for a person."""

from typing import Annotated

import typer

from educonnect_admin.cli import columns, planning, reviewing, roster_template
from educonnect_admin.cli.campaigns import commands as campaigns
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REFUSED, REMARKS
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.importing import Task, carry_out_import, recall
from educonnect_admin.cli.options import DryRun, Json, School
from educonnect_admin.cli.rejects import Option as RejectsOption
from educonnect_admin.cli.rejects import Returning
from educonnect_admin.cli.roster_options import (
    AcceptDepartures,
    AcceptMoves,
    Files,
    WholeSchool,
    read_rosters,
)

app = typer.Typer(
    cls=FrenchGroup,
    help="Les élèves et les responsables : lire les fichiers, les importer.",
    no_args_is_help=True,
)
planning.register(app)
columns.register(app)
roster_template.register(app)
campaigns.register_imports(app)
app.add_typer(reviewing.app, name="review")


@app.command("read", cls=FrenchCommand)
def read(
    context: typer.Context,
    files: Files,
    school: Annotated[
        str | None,
        typer.Option(
            "--school", metavar="UAI", help="Lire les colonnes comme retenu pour cette école."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Lire des fichiers et dire ce qui est reconnu, sans toucher à la base."""
    from educonnect_admin.cli.kept_columns import kept_columns
    from educonnect_admin.cli.reading_report import reading_as_json, tell_reading

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    readings = read_rosters(speech, files, kept_columns(desk.settings(), school))
    for reading in readings:
        tell_reading(speech, reading)
    speech.result({"files": [reading_as_json(reading) for reading in readings]})
    refused = sum(reading.refused for reading in readings)
    if refused:
        is_all = refused == sum(reading.rows for reading in readings)
        raise typer.Exit(REFUSED if is_all else REMARKS)


@app.command("import", cls=FrenchCommand)
def import_(
    context: typer.Context,
    files: Files,
    school: School,
    dry_run: DryRun = False,
    accept_departures: AcceptDepartures = False,
    accept_moves: AcceptMoves = False,
    whole_school: WholeSchool = False,
    rejects: RejectsOption = None,
    json: Json = False,
) -> None:
    """Importer des élèves et des responsables. Refaire le même import ne change rien."""
    from educonnect_admin.cli.import_report import tell_import
    from educonnect_admin.cli.kept_columns import kept_columns
    from educonnect_admin.cli.reading_report import tell_footers
    from educonnect_admin.office.importing.dangers import Consent
    from educonnect_admin.office.importing.keep_corrections import keeps_corrections
    from educonnect_admin.rosters.digests import digest_of_files

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    consent = Consent(departures=accept_departures, moves=accept_moves)
    returning = Returning(rejects, dry_run=dry_run)
    with desk.office() as services:
        columns = kept_columns(services.settings, school)
        request = digest_of_files(files, school, whole_school, columns)
        plan = None if rejects else recall(services, school, request)
        reopened = 0
        if plan is None:
            readings = read_rosters(speech, files, columns)
            tell_footers(speech, readings)
            task = Task(
                school, readings, consent, request, whole_school=whole_school, dry_run=dry_run
            )
            plan, reopened = carry_out_import(services, speech, task, returning)
    told = {"reopened": reopened}
    tell_import(speech, plan, school, dry_run=dry_run, told=told, returning=returning)
    if plan.refused or keeps_corrections(plan):
        raise typer.Exit(REMARKS)
