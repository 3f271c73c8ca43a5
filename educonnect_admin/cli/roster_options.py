"""What the commands that read rosters share: files, consents, the day."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from educonnect_admin.rosters.columns import Columns
    from educonnect_admin.rosters.rows import Reading

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FICHIER…",
        help="Les extractions d'ONDE, les exports de SIECLE ou vos propres listes, en CSV, XLSX, "
        "ODS, XLS, XML ou zip : élèves et responsables, sous n'importe quel nom.",
    ),
]
AcceptDepartures = Annotated[
    bool,
    typer.Option("--accept-departures", help="Confirmer des départs nombreux (plus de 10 %)."),
]
AcceptMoves = Annotated[
    bool,
    typer.Option(
        "--accept-moves",
        help="Confirmer que la plupart de ces élèves viennent d'une autre école.",
    ),
]
WholeSchool = Annotated[
    bool,
    typer.Option(
        "--whole-school",
        help="Ces fichiers sont ceux de toute l'école : les élèves des classes absentes du "
        "fichier sont partis.",
    ),
]


def read_rosters(speech: Speech, files: Sequence[Path], columns: "Columns") -> "list[Reading]":
    """Read the files of a command, by the day in Paris and by what the school's columns are."""
    from educonnect_admin.cli.kept_columns import tell_kept
    from educonnect_admin.domain.calendar import day_in
    from educonnect_admin.edge import clock
    from educonnect_admin.rosters.read import read_files

    readings = read_files(files, today=day_in("Europe/Paris", clock()), columns=columns)
    tell_kept(speech, columns, readings)
    return readings
