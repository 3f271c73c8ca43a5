"""What a campaign tells when it has ended: on the terminal, to a program, in the morning."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from educonnect_admin.campaigns.run import Ended
from educonnect_admin.cli.campaigns.left_out import tell_left_out
from educonnect_admin.cli.campaigns.running import Night
from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.campaigns import CampaignReport, SchoolLine, SchoolState
from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.office.printing.letter_folder import replace_file
from educonnect_admin.reports.morning_table import summary_of

_TOLD = 20
"""Schools to look at that are named on the terminal; the report names them all."""
PAGE, WORKBOOK = "bilan.html", "bilan.xlsx"


def report_of(
    night: Night, operator: str, ended: Ended, lines: Sequence[SchoolLine], at: datetime
) -> CampaignReport:
    """Return what the morning is told."""
    stopped = explain(ended.stopped)[0] if ended.stopped else ""
    if ended.interrupted and not stopped:
        stopped = "Quelqu'un a demandé son arrêt."
    return CampaignReport(
        kind=night.kind,
        academy=night.academy,
        operator=operator,
        began_at=night.began_at,
        ended_at=at,
        schools=lines,
        stopped=stopped,
        source=night.source,
        left_out=night.left_out,
        silent=night.silent,
    )


def write_report(speech: Speech, night: Night, report: CampaignReport) -> dict[str, str]:
    """Write the report of the morning in the place of the former one.

    The campaign is done, whatever the disk says now: a refusal is told, and that is all.

    Returns:
        The paths of what was written, by what it is.
    """
    if night.folder is None:
        return {}
    from educonnect_admin.reports.morning_page import morning_page
    from educonnect_admin.reports.morning_workbook import morning_workbook

    written = {}
    try:
        for what, name, made in (
            ("page", PAGE, morning_page),
            ("workbook", WORKBOOK, morning_workbook),
        ):
            replace_file(night.folder / name, made(report))
            written[what] = str(night.folder / name)
    except UnwritableFolder as refusal:
        speech.warn(f"Le bilan n'a pas pu être écrit. {explain(refusal)[0]}")
    return written


def tell(speech: Speech, report: CampaignReport) -> None:
    """Tell how it went: figures, then the schools that somebody should look at."""
    speech.say(summary_of(report))
    tell_left_out(speech, report)
    concerned = [school for school in report.schools if school.trouble]
    for school in concerned[:_TOLD]:
        speech.warn(
            " ".join(f"{school.uai} {school.name}".split()) + f" : {' '.join(school.trouble)}"
        )
        if school.command:
            speech.warn(f"  {school.command}")
    if len(concerned) > _TOLD:
        more = counted(len(concerned) - _TOLD, "autre école", "autres écoles")
        speech.warn(f"… et {more} ; le bilan les nomme toutes.")


def as_json(report: CampaignReport) -> dict[str, Any]:
    """Return what programs read of any campaign."""
    states = report.by_state
    return {
        "kind": report.kind.value,
        "academy": report.academy,
        "schools": len(report.schools),
        **{state.value: number for state, number in states.items()},
        "seconds": round((report.ended_at - report.began_at).total_seconds(), 1),
        "failures": [
            {
                "school": school.uai,
                "reasons": list(school.trouble),
                "command": school.command or None,
            }
            for school in report.schools
            if school.state is SchoolState.FAILED
        ],
        "stopped": report.stopped or None,
        "left_out": [{"where": one.where, "reason": one.why} for one in report.left_out],
    }
