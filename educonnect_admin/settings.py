"""What an office may set: one frozen object, read once from the environment."""

from getpass import getuser
from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _default_database() -> str:
    return str(user_data_path("educonnect-admin") / "educonnect.sqlite")


def _default_operator() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        # A container may run under a number that no name belongs to.
        return "inconnu"


class Settings(BaseSettings):
    """The settings of one command, each an `EDUCONNECT_…` variable of the environment.

    Attributes:
        database_url: a database URL, or the bare path of an SQLite file.
        secret_key_file: where the key file lies; by default beside the SQLite file.
        operator: who acts, as the trail will tell it.
        templates_dir: the office's own letter templates.
        portal_url: the address of the portal as letters print it.
        hashing: `owasp`, or `cheap-for-tests`, which protects nothing.
        workers: how many hashes are computed at the same time; 0: as many as cores.
    """

    model_config = SettingsConfigDict(
        env_prefix="EDUCONNECT_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    database_url: str = Field(default_factory=_default_database, min_length=1, repr=False)
    secret_key_file: Path | None = None
    operator: str = Field(default_factory=_default_operator, min_length=1, max_length=100)
    templates_dir: Path | None = None
    portal_url: str = Field(
        default="https://educonnect.education.gouv.fr",
        pattern=r"^https?://[^\s/]+(/[^\s?#]*)?$",
        max_length=80,
    )
    hashing: Literal["owasp", "cheap-for-tests"] = "owasp"
    workers: int = Field(default=0, ge=0, le=256)
