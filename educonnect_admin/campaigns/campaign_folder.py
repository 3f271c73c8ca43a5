"""The folder of a whole campaign of letters: the manifest that answers for all its schools."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from educonnect_admin.campaigns import journal
from educonnect_admin.domain.campaigns import CampaignReport, SchoolLine, SchoolState
from educonnect_admin.domain.manifest_errors import BadManifest
from educonnect_admin.letters.manifest import (
    FILE_NAME,
    CampaignManifest,
    ListedSchool,
    SchoolManifest,
    campaign_manifest,
    listed_school,
)
from educonnect_admin.letters.manifest_reading import read_manifest
from educonnect_admin.office.printing.letter_folder import replace_file


class Listed(NamedTuple):
    """The manifest of a campaign, and of how many schools it speaks."""

    path: Path
    schools: int


def write_campaign_manifest(
    folder: Path, report: CampaignReport, *, beside: tuple[str, ...] = ()
) -> Listed:
    """Write the manifest of a campaign in the place of the former one.

    Args:
        folder: The campaign's.
        report: What stands there; a school whose folder is on another machine has no place.
        beside: Files of the campaign itself, which are no letters; the log is always one.

    Raises:
        UnwritableFolder: the disk is full or refuses.
    """
    asked = list(_listed(folder, report))
    schools = [*asked, *_of_other_campaigns(folder, {one.folder for one in asked})]
    manifest = CampaignManifest(
        academy=report.academy,
        made_at=report.ended_at,
        schools=schools,
        beside=(*beside, journal.FILE_NAME),
    )
    path = folder / FILE_NAME
    replace_file(path, campaign_manifest(manifest))
    return Listed(path, len(asked))


def _listed(folder: Path, report: CampaignReport) -> Iterator[ListedSchool]:
    for school in report.schools:
        own = folder / school.folder / FILE_NAME
        if school.folder and own.is_file():
            yield listed_school(school, own.read_bytes())


def _of_other_campaigns(folder: Path, listed: set[str]) -> Iterator[ListedSchool]:
    """Return the schools that earlier campaigns, for other schools, left in the same folder."""
    for path in sorted(folder.glob(f"*/{FILE_NAME}")):
        if path.parent.name in listed or path.parent.is_symlink():
            continue
        content = path.read_bytes()
        try:
            found = read_manifest(content, path)
        except BadManifest:
            continue  # no manifest of ours: whoever verifies the folder is told
        if isinstance(found, SchoolManifest):
            yield listed_school(_line(found, path.parent.name), content)


def _line(manifest: SchoolManifest, folder: str) -> SchoolLine:
    return SchoolLine(
        uai=manifest.uai,
        name=manifest.school,
        city=None,
        state=SchoolState.DONE,
        folder=folder,
        files=manifest.files,
    )
