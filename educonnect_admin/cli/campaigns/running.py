"""One campaign from the first order to the exit code, whatever it does in each school."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import typer

from educonnect_admin.campaigns.crews import Crew
from educonnect_admin.campaigns.journal import FILE_NAME, Journal
from educonnect_admin.campaigns.orders import SchoolOrder
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.run import Campaign, Ended, Task
from educonnect_admin.cli.campaigns.stopping import heard_once
from educonnect_admin.cli.campaigns.watching import Watching
from educonnect_admin.cli.campaigns.words import RESUME
from educonnect_admin.cli.exit_codes import BUG, INTERRUPTED, REMARKS, UNAVAILABLE
from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.speech import Speech
from educonnect_admin.domain.campaign_errors import CampaignRunning
from educonnect_admin.domain.campaigns import CampaignKind, CampaignReport, Figure, SchoolState
from educonnect_admin.edge import Services, clock
from educonnect_admin.office.printing.letter_folder import prepare_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run of a campaign.

    Attributes:
        kind: what is done in each school.
        academy: the code of the academy, if one was named.
        folder: where log, report and manifest go; None for none.
        began_at: when it began.
        task: what is done in each school.
        counting, noun: the figure whose rate is shown, and what it counts.
    """

    kind: CampaignKind
    academy: str | None
    folder: Path | None
    began_at: datetime
    task: Task
    counting: Figure
    noun: str


@contextmanager
def alone_in(services: Services, folder: Path | None) -> Iterator[None]:
    """Hold the folder of a campaign against any other campaign.

    Raises:
        CampaignRunning: there is one.
        UnwritableFolder: the folder can't be made.
    """
    if folder is None:
        yield
        return
    name = sha256(str(prepare_folder(folder)).encode()).hexdigest()[:16]
    with services.lock(f"campaign-{name}") as held:
        if not held:
            raise CampaignRunning(folder)
        yield


@contextmanager
def log_of(night: Night) -> Iterator[Journal | None]:
    """Open the log of a campaign, and close it durably."""
    if night.folder is None:
        yield None
        return
    journal = Journal(night.folder / FILE_NAME, clock)
    try:
        yield journal
    finally:
        journal.close()


def carry_out(
    services: Services,
    speech: Speech,
    night: Night,
    crew: Crew,
    orders: Sequence[SchoolOrder],
    *,
    failed: Sequence[Outcome] = (),
) -> Ended:
    """Do all of it under the eyes of whoever looks; let the crew go, however it ends.

    Args:
        services: The office.
        speech: How the command speaks.
        night: What the campaign is.
        crew: Who does it.
        orders: What there is to do.
        failed: The schools for which nothing can be ordered: they count as failures.
    """
    with log_of(night) as journal:
        watching = Watching(speech, journal, orders, counting=night.counting, noun=night.noun)
        watching.began(night.kind, night.academy)
        for outcome in failed:
            watching.failed_at_once(outcome)
        campaign = Campaign(
            crew, night.task, watching, patience=services.settings.campaign_patience
        )
        ended = None
        try:
            with watching.shown(), heard_once(campaign.stop):
                ended = campaign.run(orders)
        finally:
            gone_wrong = ended is None or ended.interrupted or ended.stopped is not None
            crew.close(at_once=gone_wrong)
        watching.ended(ended)
    ended.outcomes += failed
    if journal is not None and not journal.is_whole:
        ended.unlogged = True
        speech.warn("Le journal n'est pas entier : le disque a refusé des lignes.")
    return ended


def leave(speech: Speech, ended: Ended, report: CampaignReport, *, told: bool) -> None:
    """Leave with the exit code that is due; the most severe wins.

    Args:
        speech: How the command speaks.
        ended: How the campaign ended.
        report: What the morning is told.
        told: whether all that tells it could be written: report and manifest.

    Raises:
        Exit: something is not as it should be.
    """
    if ended.stopped is not None:
        sentence, code = explain(ended.stopped)
        speech.warn(f"Campagne arrêtée. {sentence} {RESUME}")
        raise typer.Exit(code)
    if ended.interrupted:
        begun = "" if ended.at_once else " : les écoles commencées ont été finies"
        speech.warn(f"Interrompu{begun}. {RESUME}")
        # Not an `Exit`: for that one the program would say again that it was interrupted.
        sys.exit(INTERRUPTED)
    if not told:
        raise typer.Exit(UNAVAILABLE)
    states = report.by_state
    if states[SchoolState.FAILED] and states[SchoolState.FAILED] == len(report.schools):
        codes = [explain(outcome.error)[1] for outcome in ended.outcomes if outcome.error]
        raise typer.Exit(BUG if BUG in codes else max(codes, default=REMARKS))
    if states[SchoolState.FAILED] or states[SchoolState.REMARKS] or ended.unlogged:
        raise typer.Exit(REMARKS)
