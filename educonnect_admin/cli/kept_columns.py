"""What a school's columns were said to be: where it is kept, and telling that it is used."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.homes import at_home

if TYPE_CHECKING:
    from educonnect_admin.rosters.columns import Columns
    from educonnect_admin.rosters.rows import Reading
    from educonnect_admin.settings import Settings


def columns_path(settings: "Settings", school: str) -> Path:
    """Return the file of a school's columns, which may not be there.

    Raises:
        InvalidUAI: the school's number is none.
        BadDatabaseAddress: the address of the database is none.
    """
    from platformdirs import user_config_path

    from educonnect_admin import databases
    from educonnect_admin.domain.uai import parse_uai

    name = f"{parse_uai(school)}.toml"
    if settings.columns_dir is not None:
        return at_home(settings.columns_dir) / name
    url = databases.parse_address(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return databases.beside(url, ".columns") / name
    return user_config_path("educonnect-admin") / "columns" / name


def kept_columns(settings: "Settings", school: str | None) -> "Columns":
    """Return what was said of a school's columns; nothing without a school.

    Raises:
        InvalidUAI: the school's number is none.
        UnusableColumns: the file is there and can't be used.
    """
    from educonnect_admin.rosters.columns import NOTHING_SAID
    from educonnect_admin.rosters.columns_file import read_columns

    return read_columns(columns_path(settings, school)) if school else NOTHING_SAID


def tell_kept(speech: Speech, columns: "Columns", readings: Iterable["Reading"]) -> None:
    """Tell that kept columns were used, and which of them stand in no file."""
    if not columns:
        return
    headings = [heading for reading in readings for heading in reading.headings]
    there = sum(columns.field_of(heading) is not None for heading in headings)
    used = counted(there, "colonne lue", "colonnes lues")
    speech.say(f"{used} comme retenu pour l'école (voir roster columns)")
    if absent := columns.absent_from(headings):
        named = ", ".join(f"«{heading}»" for heading in absent)
        speech.warn(f"Colonnes retenues pour l'école, mais absentes de ces fichiers : {named}.")
