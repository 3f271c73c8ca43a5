"""The schools of a campaign as its report tells them, whatever run did what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.run import Ended
from educonnect_admin.cli.campaigns.words import sentences
from educonnect_admin.cli.roster_words import problem_kind
from educonnect_admin.domain.campaigns import FileKind, FileMade, SchoolLine, SchoolState
from educonnect_admin.domain.manifest_errors import BadManifest
from educonnect_admin.letters.manifest import FILE_NAME, SchoolManifest
from educonnect_admin.letters.manifest_reading import read_manifest
from educonnect_admin.office.printing.class_files import BATCHES
from educonnect_admin.queries.campaigns import CampaignSchool
from educonnect_admin.rosters.problems import ProblemCode


def lines_of(
    schools: Sequence[CampaignSchool],
    ended: Ended,
    folder: Path | None = None,
    commands: Mapping[str, str] = MappingProxyType({}),
    workbooks: Mapping[str, str] = MappingProxyType({}),
) -> list[SchoolLine]:
    """Return a line for every school.

    Args:
        schools: All of the campaign, those too which had nothing left to do.
        ended: What this run came to.
        folder: Of the campaign, if files are made.
        commands: What settles the trouble of a school, by UAI.
        workbooks: Where the refused rows of a school were written, by UAI.
    """
    outcomes = {outcome.uai: outcome for outcome in ended.outcomes}
    left = {order.uai for order in ended.left}
    return [
        replace(
            _line(school, outcomes.get(school.uai), folder, is_left=school.uai in left),
            **_told(outcomes.get(school.uai), workbooks.get(school.uai, "")),
            command=commands.get(school.uai, ""),
        )
        for school in schools
    ]


def _line(
    school: CampaignSchool, outcome: Outcome | None, folder: Path | None, *, is_left: bool
) -> SchoolLine:
    files = outcome.files if outcome and outcome.files else _standing(folder, school.uai)
    state = outcome.state if outcome else SchoolState.LEFT if is_left else SchoolState.DONE
    return SchoolLine(
        uai=school.uai,
        name=school.name,
        city=school.city,
        state=state,
        figures=outcome.figures if outcome else {},
        folder=school.uai if files else "",
        files=files,
        seconds=outcome.seconds if outcome else 0.0,
    )


def _told(outcome: Outcome | None, workbook: str) -> dict[str, Any]:
    if outcome is None:
        return {}
    notes = [replace(note, words=problem_kind(ProblemCode(note.code))) for note in outcome.notes]
    return {"trouble": sentences(outcome, workbook), "notes": notes}


def letters_in(files: Iterable[FileMade]) -> int:
    """Return how many letters stand in some files."""
    return sum(file.letters for file in files if file.kind is FileKind.LETTERS)


def begun_in(folder: Path, lines: Iterable[SchoolLine]) -> list[str]:
    """Return the schools that were begun and not finished, by number.

    Letters were published there that no manifest lists and no figure counts yet.

    Args:
        folder: Of the campaign.
        lines: Its schools.
    """
    unfinished = (line for line in lines if line.state in {SchoolState.FAILED, SchoolState.LEFT})
    return [line.uai for line in unfinished if _holds_more(folder / line.uai, line.files)]


def _holds_more(folder: Path, files: Iterable[FileMade]) -> bool:
    listed = {file.name for file in files}
    return any(path.name not in listed for path in folder.glob(f"{BATCHES}*.pdf"))


def _standing(folder: Path | None, uai: str) -> Sequence[FileMade]:
    """Return what the manifest of a school says, where there is one that can be read."""
    if folder is None:
        return ()
    path = folder / uai / FILE_NAME
    try:
        found = read_manifest(path.read_bytes(), path)
    except (OSError, BadManifest):
        return ()
    return found.files if isinstance(found, SchoolManifest) else ()
