"""Whoever watches a campaign: a log for programs, a display for the person in front."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from educonnect_admin.campaigns.journal import Journal
from educonnect_admin.campaigns.orders import SchoolOrder
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.run import Ended
from educonnect_admin.cli.campaigns.words import sentences
from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.campaigns import CampaignKind, Figure, SchoolState
from educonnect_admin.domain.errors import EduConnectError

if TYPE_CHECKING:
    from rich.console import RenderableType

_SHOWN = 5
_BAR = 30
_SECONDS_AN_HOUR = 3600


class Watching:
    """What a campaign has come to: counted, written down, and drawn if somebody looks."""

    def __init__(
        self,
        speech: Speech,
        journal: Journal | None,
        orders: Sequence[SchoolOrder],
        *,
        counting: Figure,
        noun: str,
    ) -> None:
        """Begin to watch.

        Args:
            speech: How the command speaks.
            journal: Where it is written down, if anywhere.
            orders: All that is to be done.
            counting: The figure whose rate is shown.
            noun: What it counts, in the singular.
        """
        self._speech = speech
        self._journal = journal
        self._total = len(orders)
        self._weight = sum(order.weight for order in orders)
        self._counting = counting
        self._noun = noun
        self._began = time.monotonic()
        self._states = dict.fromkeys(SchoolState, 0)
        self._done = 0
        self._done_weight = 0
        self._counted = 0
        self._in_hand = 0
        self._pause = self._stop = ""
        self._troubles: list[str] = []

    def began(self, kind: CampaignKind, academy: str | None) -> None:
        """Write down that it begins."""
        self._note("began", kind=kind.value, academy=academy, schools=self._total)

    def ended(self, ended: Ended) -> None:
        """Write down how it ended."""
        self._note(
            "ended",
            stopped=type(ended.stopped).__name__ if ended.stopped else None,
            interrupted=ended.interrupted,
            **{**self._states, SchoolState.LEFT: len(ended.left)},
        )

    def settled(self, order: SchoolOrder, outcome: Outcome) -> None:
        """Count a school, and keep the last ones that somebody should look at."""
        self._pause = ""
        self._done += 1
        self._done_weight += order.weight
        self._counted += outcome.figures.get(self._counting, 0)
        self._come_out(outcome)

    def failed_at_once(self, outcome: Outcome) -> None:
        """Count a school for which nothing could be ordered."""
        self._come_out(outcome)

    def _come_out(self, outcome: Outcome) -> None:
        self._states[outcome.state] += 1
        for sentence in sentences(outcome):
            self._troubles.append(f"{outcome.uai} : {sentence}")
        del self._troubles[:-_SHOWN]
        self._note(
            "school",
            uai=outcome.uai,
            state=outcome.state.value,
            error=type(outcome.error).__name__ if outcome.error else None,
            seconds=round(outcome.seconds, 3),
            worker=outcome.worker,
            **{figure.value: number for figure, number in outcome.figures.items()},
        )

    def again(self, order: SchoolOrder, why: EduConnectError) -> None:
        """Write down that a school will be tried again."""
        self._note("again", uai=order.uai, error=type(why).__name__)

    def paused(self, why: EduConnectError, seconds: float) -> None:
        """Say that everything waits, and why."""
        self._pause = f"En attente : {explain(why)[0]} Nouvel essai dans {seconds:.0f} s."
        self._note("paused", error=type(why).__name__, seconds=seconds)

    def stopping(self) -> None:
        """Say that it comes to its end before its time."""
        self._stop = (
            "Arrêt demandé : les écoles en cours se finissent. Ctrl-C encore : tout de suite."
        )
        self._note("stopping")

    def looked(self, in_hand: int) -> None:
        """Keep how many schools are in hand; the display draws itself."""
        self._in_hand = in_hand

    def _note(self, event: str, **facts: object) -> None:
        if self._journal is not None:
            self._journal.note(event, **facts)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Draw it on a terminal as long as the block lasts; nothing in a pipe."""
        if not self._speech.watched:
            yield
            return
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True)
        with Live(
            get_renderable=self._drawn, console=console, refresh_per_second=2, transient=True
        ):
            yield

    def _drawn(self) -> "RenderableType":
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        top = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=max(1, self._total), completed=self._done, width=_BAR)
        top.add_row(bar, Text(self._schools()))
        notes = [note for note in (self._pause, self._stop) if note]
        return Group(top, *(Text(line) for line in (self._rate(), *notes, *self._troubles)))

    def _schools(self) -> str:
        parts = [f"{self._done} / {counted(self._total, 'école')}"]
        for state, one, several in (
            (SchoolState.FAILED, "en échec", "en échec"),
            (SchoolState.REMARKS, "à regarder", "à regarder"),
        ):
            if number := self._states[state]:
                parts.append(counted(number, one, several))
        parts.append(f"{self._in_hand} en cours")
        return " · ".join(parts)

    def _rate(self) -> str:
        elapsed = max(time.monotonic() - self._began, 1e-3)
        parts = [
            counted(self._counted, self._noun),
            f"{self._counted / elapsed:.0f} par seconde",
            f"depuis {_clock(elapsed)}",
        ]
        if self._done_weight:
            left = elapsed * (self._weight - self._done_weight) / self._done_weight
            parts.append(f"reste environ {_clock(left)}")
        return " · ".join(parts)


def _clock(seconds: float) -> str:
    hours, rest = divmod(round(seconds), _SECONDS_AN_HOUR)
    minutes, seconds_left = divmod(rest, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds_left:02} s"
