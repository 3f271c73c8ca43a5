"""`--who`: whose letters a command prints."""

from enum import StrEnum
from typing import Annotated

import typer


class WhoseLetters(StrEnum):
    """The choices of `--who`, as typed."""

    new = "new"
    expired = "expired"
    pending = "pending"


WhoseOption = Annotated[
    WhoseLetters,
    typer.Option(
        "--who",
        metavar="new|expired|pending",
        help="new : jamais notifiés ; expired : tous leurs courriers sont échus ; "
        "pending : adresse mail jamais confirmée.",
    ),
]
