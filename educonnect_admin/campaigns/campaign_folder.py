"""The folder of a whole campaign of letters: the manifest that answers for all its schools."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from educonnect_admin.campaigns import journal
from educonnect_admin.domain.campaigns import CampaignReport, SchoolLine, SchoolState
from educonnect_admin.domain.errors import UnwritableFolder
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
    """The manifest of a campaign, and how many schools of this run it lists."""

    path: Path
    schools: int


def write_campaign_manifest(
    folder: Path, report: CampaignReport, *, beside: tuple[str, ...] = ()
) -> Listed:
    """Write the manifest of a campaign in the place of the former one.

    Schools that only the former one lists stay in it: a run over a list of some schools takes
    nothing from the others of the same folder.

    Args:
        folder: The campaign's.
        report: What stands there; a school whose folder is on another machine has no place.
        beside: Files of the campaign itself, which are no letters; the log is always one.

    Raises:
        UnwritableFolder: the disk is full or refuses.
    """
    path = folder / FILE_NAME
    try:
        asked = list(_listed(folder, report))
        kept = list(_kept(path, {school.uai for school in report.schools}))
        known = {one.folder for one in (*asked, *kept)}
        schools = [*asked, *kept, *_never_listed(folder, known)]
    except OSError as error:
        raise UnwritableFolder(folder, error.errno) from error
    manifest = CampaignManifest(
        academy=report.academy,
        made_at=report.ended_at,
        schools=schools,
        beside=(*beside, journal.FILE_NAME),
    )
    replace_file(path, campaign_manifest(manifest))
    return Listed(path, len(asked))


def _listed(folder: Path, report: CampaignReport) -> Iterator[ListedSchool]:
    for school in report.schools:
        own = folder / school.folder / FILE_NAME
        if school.folder and own.is_file():
            yield listed_school(school, own.read_bytes())


def _never_listed(folder: Path, listed: Collection[str]) -> Iterator[ListedSchool]:
    """Return the schools of earlier campaigns that were killed before they wrote a manifest."""
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


def _kept(path: Path, mine: Collection[str]) -> Iterator[ListedSchool]:
    """Yield what the former manifest says of schools that are not of this run."""
    try:
        former = read_manifest(path.read_bytes(), path)
    except (OSError, BadManifest):
        return
    if isinstance(former, CampaignManifest):
        # Its folder and all in it gone: printed, and done with.
        there = (one for one in former.schools if (path.parent / one.folder).is_dir())
        yield from (one for one in there if one.uai not in mine)
