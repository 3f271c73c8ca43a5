"""Folders of a campaign with their manifests, as a night leaves them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from educonnect_admin.domain.campaigns import FileKind, FileMade, SchoolLine, SchoolState
from educonnect_admin.letters.manifest import (
    FILE_NAME,
    CampaignManifest,
    campaign_manifest,
    listed_school,
    school_manifest,
)
from educonnect_admin.office.printing.letter_folder import (
    prepare_folder,
    publish_part,
    replace_file,
    write_part,
)
from tests.conftest import NOW
from tests.support.households import CHARLEMAGNE

LAST_DAY = date(2027, 2, 23)


def school_line(uai: str = CHARLEMAGNE, name: str = "École Charlemagne") -> SchoolLine:
    """Return a school that is done, with one class: its letters and its slip."""
    return SchoolLine(
        uai=uai,
        name=name,
        city="Caen",
        state=SchoolState.DONE,
        folder=uai,
        files=(
            _file(FileKind.LETTERS, "lot-000001-01-CP-courriers.pdf", 21),
            _file(FileKind.SLIP, "lot-000001-01-CP-bordereau.pdf", 0),
        ),
    )


def _file(kind: FileKind, name: str, letters: int) -> FileMade:
    content = content_of(name)
    return FileMade(
        name=name,
        kind=kind,
        class_label="CP A",
        letters=letters,
        sha256=sha256(content).hexdigest(),
        last_day=LAST_DAY if letters else None,
        size=len(content),
    )


def content_of(name: str) -> bytes:
    """Return the bytes that a file of this name is made of."""
    return f"%PDF-1.7 {name}".encode() * 99


def write_school(folder: Path, line: SchoolLine) -> bytes:
    """Write the files of a school and its manifest, which is returned."""
    prepare_folder(folder)
    for file in line.files:
        if not (folder / file.name).exists():
            write_part(folder / file.name, content_of(file.name))
            publish_part(folder / file.name)
    manifest = school_manifest(line, NOW)
    replace_file(folder / FILE_NAME, manifest)
    return manifest


def write_campaign(folder: Path, lines: Sequence[SchoolLine], beside: Sequence[str] = ()) -> None:
    """Write the folder of a whole campaign, the schools' folders named after their numbers."""
    prepare_folder(folder)
    placed = [replace(line, folder=line.uai) for line in lines]
    listed = [listed_school(line, write_school(folder / line.folder, line)) for line in placed]
    manifest = CampaignManifest(academy="70", made_at=NOW, schools=listed, beside=beside)
    replace_file(folder / FILE_NAME, campaign_manifest(manifest))
