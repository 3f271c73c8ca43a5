"""`data export`: everything that is known of a person, for that person."""

import typer


def register(group: typer.Typer) -> None:
    """Add the command to `data`."""
