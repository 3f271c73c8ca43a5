"""The manifest of a folder: which files were put there, and the digest of each.

A school's names its letters and slips; a campaign's names the schools and the digest of each
school's manifest, so that one file answers for all. Nothing is signed: a manifest shows what
was damaged, lost, mixed up or added, not who meant harm and could write it anew.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from educonnect_admin.domain.campaigns import FileKind, FileMade, SchoolLine

FILE_NAME = "manifeste.json"
VERSION = 1
SCHOOL, CAMPAIGN = "school", "campaign"
"""What a manifest says it is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolManifest:
    """What a school's folder should hold.

    Attributes:
        uai, school: whose.
        made_at: when it was written, aware.
        files: all that should be there, but for the manifest itself.
    """

    uai: str
    school: str
    made_at: datetime
    files: Sequence[FileMade]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSchool:
    """One school in the manifest of a campaign; `sha256` is of its own manifest."""

    uai: str
    folder: str
    letters: int
    files: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignManifest:
    """What the folder of a campaign should hold.

    Attributes:
        academy: the code of the academy, if one was named.
        made_at: when it was written, aware.
        schools: the folders.
        beside: names of files that lie there too and change after it was written, such as the
            report; nobody verifies them.
    """

    academy: str | None
    made_at: datetime
    schools: Sequence[ListedSchool]
    beside: Sequence[str] = ()


def school_manifest(line: SchoolLine, made_at: datetime) -> bytes:
    """Return the manifest of a school's folder: JSON, indented, in an order that stays.

    Args:
        line: the school and all its files.
        made_at: aware.
    """
    files = [_file(file) for file in sorted(line.files, key=lambda file: file.name)]
    return _written(SCHOOL, made_at, {"uai": line.uai, "school": line.name, "files": files})


def listed_school(line: SchoolLine, manifest: bytes) -> ListedSchool:
    """Return the line of a school in the manifest of its campaign.

    Args:
        line: the school; one without a folder has no place in a manifest.
        manifest: its own manifest, as it was written.
    """
    return ListedSchool(
        uai=line.uai,
        folder=line.folder,
        letters=sum(file.letters for file in line.files if file.kind is FileKind.LETTERS),
        files=len(line.files),
        sha256=sha256(manifest).hexdigest(),
    )


def campaign_manifest(manifest: CampaignManifest) -> bytes:
    """Return the manifest of a campaign's folder: JSON, indented, in an order that stays."""
    schools: list[Mapping[str, Any]] = [
        {
            "uai": one.uai,
            "folder": one.folder,
            "letters": one.letters,
            "files": one.files,
            "sha256": one.sha256,
        }
        for one in sorted(manifest.schools, key=lambda one: one.folder)
    ]
    told = {"academy": manifest.academy, "schools": schools, "beside": sorted(manifest.beside)}
    return _written(CAMPAIGN, manifest.made_at, told)


def _file(file: FileMade) -> Mapping[str, Any]:
    return {
        "name": file.name,
        "kind": str(file.kind),
        "class": file.class_label,
        "letters": file.letters,
        "last_day": _day(file.last_day),
        "sha256": file.sha256,
        "bytes": file.size,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _written(of: str, made_at: datetime, told: Mapping[str, Any]) -> bytes:
    head = {"manifest": of, "version": VERSION, "made_at": made_at.isoformat()}
    text = json.dumps({**head, **told}, ensure_ascii=False, indent=2, sort_keys=True)
    return f"{text}\n".encode()
