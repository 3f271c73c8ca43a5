"""The folder of a whole campaign of letters: the manifest that answers for all its schools."""

from collections.abc import Iterator
from pathlib import Path

from educonnect_admin.campaigns import journal
from educonnect_admin.domain.campaigns import CampaignReport
from educonnect_admin.letters.manifest import (
    FILE_NAME,
    CampaignManifest,
    ListedSchool,
    campaign_manifest,
    listed_school,
)
from educonnect_admin.office.printing.letter_folder import replace_file


def write_campaign_manifest(
    folder: Path, report: CampaignReport, *, beside: tuple[str, ...] = ()
) -> Path:
    """Write the manifest of a campaign in the place of the former one, and return its path.

    Args:
        folder: The campaign's.
        report: What stands there; a school whose folder is on another machine has no place.
        beside: Files of the campaign itself, which are no letters; the log is always one.

    Raises:
        UnwritableFolder: the disk is full or refuses.
    """
    manifest = CampaignManifest(
        academy=report.academy,
        made_at=report.ended_at,
        schools=list(_listed(folder, report)),
        beside=(*beside, journal.FILE_NAME),
    )
    path = folder / FILE_NAME
    replace_file(path, campaign_manifest(manifest))
    return path


def _listed(folder: Path, report: CampaignReport) -> Iterator[ListedSchool]:
    for school in report.schools:
        own = folder / school.folder / FILE_NAME
        if school.folder and own.is_file():
            yield listed_school(school, own.read_bytes())
