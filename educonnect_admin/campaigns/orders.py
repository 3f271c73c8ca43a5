"""What a worker is asked to do: plain values that travel, and no secret among them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from educonnect_admin import __version__
from educonnect_admin.domain.letters import Who
from educonnect_admin.edge import Services
from educonnect_admin.office.importing.dangers import Consent
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns

TO_WORKERS = "to-workers"
"""The name under which a passphrase on its way is sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearings:
    """Which office a task is for, and what its workers must not take from their own settings.

    The address of the database and the key stay out of it: a worker of this machine is given
    them when it starts, one of a cluster has its own settings. `fingerprint` tells whether
    both mean the same office, `version` whether they are the same program, `confined` whether
    whoever leads sees but the part of an operator: their workers must then see no more (R-65).
    """

    version: str
    fingerprint: str
    operator: str
    confined: bool
    portal_url: str
    templates_dir: Path | None
    hashing: Literal["owasp", "cheap-for-tests"]

    @classmethod
    def of(cls, services: Services) -> "Bearings":
        """Return what the office of whoever leads says."""
        settings = services.settings
        return cls(
            version=__version__,
            fingerprint=services.keyring.fingerprint(),
            operator=settings.operator,
            confined=services.acting is not None,
            portal_url=settings.portal_url,
            templates_dir=settings.templates_dir,
            hashing=settings.hashing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolOrder:
    """A task: one school.

    `weight` is how much work it is thought to be, in letters or bytes: for the time left.
    """

    uai: str
    bearings: Bearings
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersOfSchool(SchoolOrder):
    """Print the letters of a school into a folder of its own.

    `passphrase`, if files are to be closed, is sealed with the key of the office: neither the
    scheduler of a cluster nor who listens to it can read it.
    """

    who: Who
    folder: Path
    name: str
    dry_run: bool = False
    passphrase: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOfSchool(SchoolOrder):
    """Import the files of a school."""

    files: Sequence[Path]
    consent: Consent
    columns: Columns = NOTHING_SAID
    whole_school: bool = False
    dry_run: bool = False
