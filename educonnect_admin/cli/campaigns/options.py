"""The options of both commands of a night."""

from pathlib import Path
from typing import Annotated

import typer

from educonnect_admin.cli.options import academy_code

Academy = Annotated[
    str | None,
    typer.Option(
        "--academy",
        metavar="CODE",
        help="Toutes les écoles d'une académie, par son code ou son nom, ex. 70 ou Normandie.",
        callback=academy_code,
    ),
]
SchoolsFile = Annotated[
    Path | None,
    typer.Option(
        "--schools",
        metavar="FICHIER",
        help="Les écoles d'une liste : un numéro UAI par ligne, ou un tableau qui en a.",
    ),
]
CampaignFolder = Annotated[
    str, typer.Option("--output", metavar="DOSSIER", help="Où ranger un dossier par école.")
]
RostersFolder = Annotated[
    Path,
    typer.Argument(
        metavar="DOSSIER",
        help="Un sous-dossier par école, nommé par son numéro UAI ; ou des fichiers dont le "
        "nom le porte.",
    ),
]
ReportFolder = Annotated[
    str | None,
    typer.Option(
        "--report",
        metavar="DOSSIER",
        help="Y écrire le bilan du matin (HTML et XLSX) et le journal.",
    ),
]
RejectsFolder = Annotated[
    str | None,
    typer.Option(
        "--rejects",
        metavar="DOSSIER",
        help="Y rendre les lignes refusées de chaque école, dans un classeur à corriger.",
    ),
]
DeparturesOf = Annotated[
    list[str] | None,
    typer.Option(
        "--accept-departures",
        metavar="UAI|FICHIER",
        help="Confirmer les départs nombreux (plus de 10 %) de cette école, ou de celles que liste "
        "ce fichier. Peut se répéter.",
    ),
]
MovesOf = Annotated[
    list[str] | None,
    typer.Option(
        "--accept-moves",
        metavar="UAI|FICHIER",
        help="Confirmer que la plupart des élèves de cette école viennent d'une autre. "
        "Peut se répéter.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        max=256,
        help="Combien d'écoles à la fois, par des processus de cette machine. "
        "Par défaut, autant que de cœurs ; une seule pour importer dans un fichier SQLite.",
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADRESSE",
        help="Confier les écoles à un cluster Dask, par l'adresse de son ordonnanceur, "
        "ex. tls://ordonnanceur:8786.",
    ),
]
