"""The commands `letters campaign` and `roster import-all`, as they are typed.

What they do is imported when they do it: help must answer at once.
"""

import typer

from educonnect_admin.cli.campaigns.options import (
    Academy,
    CampaignFolder,
    Dask,
    DeparturesOf,
    MovesOf,
    RejectsFolder,
    ReportFolder,
    RostersFolder,
    SchoolsFile,
    Workers,
)
from educonnect_admin.cli.encrypting import Encrypt
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json, filled
from educonnect_admin.cli.roster_options import WholeSchool
from educonnect_admin.cli.whose_letters import WhoseLetters, WhoseOption


def register_letters(app: typer.Typer) -> None:
    """Add `campaign` to `letters`."""
    app.command("campaign", cls=FrenchCommand)(campaign)


def register_imports(app: typer.Typer) -> None:
    """Add `import-all` to `roster`."""
    app.command("import-all", cls=FrenchCommand)(import_all)


def campaign(
    context: typer.Context,
    output: CampaignFolder,
    academy: Academy = None,
    schools: SchoolsFile = None,
    who: WhoseOption = WhoseLetters.new,
    workers: Workers = None,
    dask: Dask = None,
    encrypt: Encrypt = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Imprimer les courriers de toutes les écoles d'une académie, en une nuit.

    Relancée, la commande ne fait que ce qui manque. Une école en échec n'arrête pas les autres.
    """
    from educonnect_admin.cli.campaigns.letters import LettersAsked, print_letters
    from educonnect_admin.domain.letters import Who

    typed = LettersAsked(
        output=filled(output, "--output"),
        academy=filled(academy, "--academy"),
        schools=schools,
        who=Who(who.value),
        workers=workers,
        dask=filled(dask, "--dask"),
        encrypt=encrypt,
        dry_run=dry_run,
    )
    print_letters(context.obj, typed, json=json)


def import_all(
    context: typer.Context,
    folder: RostersFolder,
    accept_departures: DeparturesOf = None,
    accept_moves: MovesOf = None,
    whole_school: WholeSchool = False,
    workers: Workers = None,
    dask: Dask = None,
    rejects: RejectsFolder = None,
    report: ReportFolder = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Importer les fichiers de toutes les écoles d'un dossier.

    Une école en échec n'arrête pas les autres. Relancée, la commande ne relit que ce qui a changé.
    """
    from educonnect_admin.cli.campaigns.consents import consents
    from educonnect_admin.cli.campaigns.imports import ImportsAsked, import_rosters

    typed = ImportsAsked(
        folder=folder,
        confirmed=consents(accept_departures or (), accept_moves or ()),
        whole_school=whole_school,
        workers=workers,
        dask=filled(dask, "--dask"),
        rejects=filled(rejects, "--rejects"),
        report=filled(report, "--report"),
        dry_run=dry_run,
    )
    import_rosters(context.obj, typed, json=json)
