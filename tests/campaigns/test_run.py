"""How a campaign goes on, waits, tries again and gives up: with a crew that follows a script."""

import errno
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from educonnect_admin.campaigns import run
from educonnect_admin.campaigns.outcomes import Outcome
from educonnect_admin.campaigns.run import Campaign, Ended
from educonnect_admin.domain.campaign_errors import (
    ClusterUnavailable,
    TaskFailed,
    WorkerLost,
    WorkersLost,
    WrongOffice,
)
from educonnect_admin.domain.database_trouble import DatabaseTrouble
from educonnect_admin.domain.errors import (
    AlreadyRunning,
    DatabaseUnavailable,
    UnknownSchool,
    UnwritableFolder,
)
from tests.campaigns.crew import Ears, Gone, GoneAlone, ScriptedCrew, done, failed, orders

LOST = DatabaseUnavailable(DatabaseTrouble.LOST)
BUSY = AlreadyRunning("A")
FULL = UnwritableFolder(Path("out"), errno.ENOSPC)


@pytest.fixture(autouse=True)
def a_clock_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Naps take no time: the clock goes on by them."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def nap(futures: object, seconds: float, until: object) -> tuple[list[object], list[object]]:
        # In the order they were given out: that of a set is chance.
        ended = [one for one in futures if one.done()]  # type: ignore[attr-defined]
        now[0] += 0 if ended else seconds
        return ended, []

    monkeypatch.setattr(run, "wait", nap)


def campaign(
    crew: ScriptedCrew, *uais: str, patience: float = 60, ears: Ears | None = None
) -> Ended:
    """Run a campaign over these schools."""
    ears = ears or Ears()
    one = Campaign(crew, lambda order: done(order.uai), ears, patience=patience)
    return one.run(orders(*uais))


def states(ended: Ended) -> dict[str, str]:
    """Return how each school came out; each comes out once."""
    assert len({one.uai for one in ended.outcomes}) == len(ended.outcomes)
    return {one.uai: one.state.value for one in ended.outcomes}


def left(ended: Ended) -> list[str]:
    """Return the schools that were left."""
    return [order.uai for order in ended.left]


def error_of(ended: Ended, uai: str) -> object:
    """Return why a school failed."""
    return next(one.error for one in ended.outcomes if one.uai == uai)


def test_no_more_than_two_schools_a_worker_are_in_hand() -> None:
    """Few are lost when a worker is."""
    hang = ScriptedCrew.HANG
    crew = ScriptedCrew(2, **{uai: [hang] for uai in "ABCDEF"})
    ears = Ears()
    one = Campaign(crew, lambda order: done(order.uai), ears, patience=60)
    looks = []

    def look() -> None:
        looks.append(1)
        if len(looks) > 2:
            raise KeyboardInterrupt

    ears.on_look = look
    ended = one.run(orders(*"ABCDEF"))
    assert crew.given == ["A", "B", "C", "D"]
    assert sorted(left(ended)) == list("ABCDEF")
    assert ended.at_once


def test_a_failed_school_stops_no_other() -> None:
    """What is wrong with one school concerns that school."""
    ended = campaign(ScriptedCrew(A=[failed("A", UnknownSchool("A"))]), "A", "B")
    assert states(ended) == {"A": "failed", "B": "done"}
    assert ended.stopped is None
    assert not ended.left


def test_a_school_that_somebody_else_holds_is_tried_later() -> None:
    """The others come first, and it is done in the end."""
    ears = Ears()
    crew = ScriptedCrew(A=[failed("A", BUSY), failed("A", BUSY)])
    ended = campaign(crew, "A", "B", "C", ears=ears)
    assert states(ended) == {"A": "done", "B": "done", "C": "done"}
    assert ears.told("again") == [("again", "A", "AlreadyRunning")] * 2
    assert crew.given == ["A", "B", "C", "A", "A"]


def test_a_school_that_is_held_for_ever_fails_alone() -> None:
    """It is tried for as long as patience lasts, longer and longer apart; then it is told."""
    crew = ScriptedCrew(A=[failed("A", BUSY)] * 99)
    ended = campaign(crew, "A", "B", patience=60)
    assert states(ended) == {"A": "failed", "B": "done"}
    assert crew.given.count("A") == 7  # after 0, 1, 3, 7, 15, 31 and 61 s


def test_a_database_that_comes_back_is_waited_for() -> None:
    """Everything waits, longer each time, and goes on."""
    ears = Ears()
    crew = ScriptedCrew(A=[failed("A", LOST)] * 3, B=[failed("B", LOST)] * 3)
    ended = campaign(crew, "A", "B", ears=ears)
    assert states(ended) == {"A": "done", "B": "done"}
    assert [seconds for _, _, seconds in ears.told("paused")] == [1.0, 2.0, 4.0]


def test_patience_ends_when_it_was_said_to_end() -> None:
    """No nap goes beyond it; what is left is said, nothing is called failed."""
    ears = Ears()
    # Both are lost: one that is done forgets the trouble, and nobody says which comes back first.
    crew = ScriptedCrew(A=[failed("A", LOST)] * 99, B=[failed("B", LOST)] * 99)
    ended = campaign(crew, "A", "B", patience=5, ears=ears)
    assert ended.stopped is LOST
    assert sum(seconds for _, _, seconds in ears.told("paused")) == 5  # type: ignore[misc]
    assert sorted(left(ended)) == ["A", "B"]
    assert not states(ended)


def test_trouble_that_ended_is_forgotten() -> None:
    """Patience counts anew from the next trouble on."""
    crew = ScriptedCrew(
        1,
        A=[failed("A", LOST)] * 2,
        B=[failed("B", AlreadyRunning("B"))] * 2 + [failed("B", LOST)] * 2,
    )
    ears = Ears()
    ended = campaign(crew, "A", "B", patience=40, ears=ears)
    assert states(ended) == {"A": "done", "B": "done"}
    assert [seconds for _, _, seconds in ears.told("paused")] == [1.0, 2.0, 1.0, 2.0]


def test_what_every_school_would_meet_stops_the_campaign() -> None:
    """A disk is full for all: what is in hand comes to its end, the rest is left."""
    crew = ScriptedCrew(1, A=[failed("A", FULL)])
    ended = campaign(crew, "A", "B", "C", "D")
    assert ended.stopped is FULL
    assert states(ended) == {"A": "failed", "B": "done"}
    assert left(ended) == ["C", "D"]


def test_workers_of_another_office_stop_it_too() -> None:
    """Nothing is printed for an office that is not ours."""
    ended = campaign(ScriptedCrew(A=[failed("A", WrongOffice("node"))]), "A", "B", "C")
    assert isinstance(ended.stopped, WrongOffice)
    assert left(ended) == ["C"]


def test_what_a_dead_worker_had_in_hand_is_done_again() -> None:
    """The whole crew is renewed, and no school is lost."""
    crew = ScriptedCrew(2, A=[Gone()], B=[ScriptedCrew.HANG])
    ended = campaign(crew, "A", "B", "C")
    assert states(ended) == dict.fromkeys("ABC", "done")
    assert crew.renewals == 1
    assert crew.given.count("B") == 2


def test_what_came_back_a_moment_before_is_not_done_again() -> None:
    """A school that was done when the crew broke counts, with its letters."""
    crew = ScriptedCrew(2, A=[Gone()])
    ended = campaign(crew, "A", "B")
    assert states(ended) == dict.fromkeys("AB", "done")
    assert crew.given == ["A", "B", "A"]


def test_a_crew_that_lost_one_worker_keeps_the_others() -> None:
    """A cluster gives its tasks to others: nobody is hired anew, nothing else is lost."""
    crew = ScriptedCrew(2, A=[GoneAlone()])
    ended = campaign(crew, "A", "B")
    assert states(ended) == dict.fromkeys("AB", "done")
    assert crew.renewals == 0
    assert crew.given.count("B") == 1


def test_a_school_that_kills_its_worker_is_tried_alone_and_given_up() -> None:
    """After two losses it is alone in hand, after four it fails; the others are done."""
    crew = ScriptedCrew(2, B=[Gone()] * 9)
    ended = campaign(crew, *"ABCD")
    assert states(ended) == {"A": "done", "B": "failed", "C": "done", "D": "done"}
    assert isinstance(error_of(ended, "B"), WorkerLost)
    alone = [
        together for uai, together in zip(crew.given, crew.together, strict=True) if uai == "B"
    ]
    assert len(alone) == 4
    assert alone[2:] == [{"B"}, {"B"}]


def test_workers_that_all_die_are_nobodys_fault() -> None:
    """Ten losses and not one school done: it stops, rather than fail two thousand schools."""
    uais = [f"S{number}" for number in range(30)]
    crew = ScriptedCrew(2, **{uai: [Gone()] * 99 for uai in uais})
    ended = campaign(crew, *uais)
    assert isinstance(ended.stopped, WorkersLost)
    assert crew.renewals < 10
    assert len(left(ended)) + len(ended.outcomes) == 30


def test_a_cluster_that_comes_back_is_waited_for() -> None:
    """The scheduler is away twice, then there again."""
    crew = ScriptedCrew(1, A=[Gone()])
    crew.refusals.extend([ClusterUnavailable("tcp://x", "no_answer")])
    ears = Ears()
    ended = campaign(crew, "A", "B", ears=ears)
    assert states(ended) == dict.fromkeys("AB", "done")
    assert ears.told("paused") == [("paused", "ClusterUnavailable", 1.0)]


def test_a_cluster_that_is_gone_for_good_is_given_up() -> None:
    """After the patience, with all that is left."""
    crew = ScriptedCrew(1, A=[Gone()])
    gone = ClusterUnavailable("tcp://x", "no_answer")

    def refuse(_uai: str) -> None:
        if crew.renewals:
            crew.refusals.append(gone)
            raise gone

    crew.refusals.append(gone)
    crew.on_submit = refuse
    ended = campaign(crew, "A", "B", patience=5)
    assert ended.stopped is gone
    assert sorted(left(ended)) in (["A"], ["A", "B"])


def test_a_cluster_that_is_long_away_is_waited_for_as_long_as_was_said() -> None:
    """An hour's patience is an hour: looking for a cluster in vain is no loss of workers."""
    crew = ScriptedCrew(1, A=[Gone()])
    gone = ClusterUnavailable("tcp://x", "no_answer")
    crew.refusals.extend([gone] * 40)

    def refuse(_uai: str) -> None:
        if crew.renewals and crew.refusals:
            raise gone

    crew.on_submit = refuse
    ended = campaign(crew, "A", "B", patience=3600)
    assert ended.stopped is None
    assert states(ended) == {"A": "done", "B": "done"}


def test_tasks_that_cannot_travel_stop_the_campaign() -> None:
    """Workers without this program: no school is called failed, the kind of error is told."""
    ended = campaign(ScriptedCrew(A=[ModuleNotFoundError("educonnect_admin")]), "A", "B", "C")
    assert isinstance(ended.stopped, TaskFailed)
    assert ended.stopped.kind == "ModuleNotFoundError"
    assert "A" in left(ended)
    assert "A" not in states(ended)


def test_a_stop_lets_what_is_in_hand_come_to_its_end() -> None:
    """Nothing more is handed out; the rest is left."""
    crew = ScriptedCrew(1)
    ears = Ears()
    one = Campaign(crew, lambda order: done(order.uai), ears, patience=60)
    crew.on_submit = lambda uai: one.stop() if uai == "B" else None
    ended = one.run(orders(*"ABCD"))
    assert states(ended) == {"A": "done", "B": "done"}
    assert left(ended) == ["C", "D"]
    assert ended.interrupted
    assert not ended.at_once
    assert ears.told("stopping") == [("stopping",)]
    assert crew.closed == []


def test_a_stop_is_heard_while_everything_waits() -> None:
    """Nobody waits five minutes for a database that somebody has given up."""
    ears = Ears()
    one = Campaign(
        ScriptedCrew(A=[failed("A", LOST)] * 99), lambda order: done(order.uai), ears, patience=600
    )
    ears.on_look = one.stop
    ended = one.run(orders("A"))
    assert ended.interrupted
    assert left(ended) == ["A"]


@pytest.mark.parametrize("where", ["settled", "look", "again"])
def test_an_interruption_forgets_no_school(where: str) -> None:
    """Wherever it strikes, each school has come out or is left, and nothing is waited for."""
    crew = ScriptedCrew(2, A=[failed("A", BUSY)], C=[ScriptedCrew.HANG])
    ears = Ears()
    strike = _strike(KeyboardInterrupt())
    if where == "look":
        ears.on_look = strike
    elif where == "settled":
        ears.settled = lambda *_: strike()  # type: ignore[method-assign]
    else:
        ears.again = lambda *_: strike()  # type: ignore[method-assign]
    one = Campaign(crew, lambda order: done(order.uai), ears, patience=60)
    ended = one.run(orders(*"ABCD"))
    assert sorted([*states(ended), *left(ended)]) == list("ABCD")
    assert ended.interrupted
    assert ended.at_once
    assert crew.closed == [True]


def _strike(error: BaseException) -> Callable[[], None]:
    def strike() -> None:
        raise error

    return strike


def test_an_empty_campaign_is_over_at_once() -> None:
    """Nothing to do is done."""
    ended = campaign(ScriptedCrew())
    assert ended == Ended(left=[])


def test_an_outcome_with_letters_to_reissue_is_worth_a_look() -> None:
    """A school that is done is not always as it should be."""
    assert Outcome(uai="A", elsewhere=["other"]).state.value == "remarks"


def test_a_stop_leaves_what_only_waits_in_a_workers_hand() -> None:
    """A school that nobody has begun is left, not failed; what is worked at is what is told."""
    crew = ScriptedCrew(1, A=[ScriptedCrew.HANG], B=[ScriptedCrew.HANG])
    ears = Ears()
    one = Campaign(crew, lambda order: done(order.uai), ears, patience=60)
    ears.on_look = one.stop
    ended = one.run(orders(*"ABC"))
    assert ears.in_hand[0] == 1
    assert crew.given == ["A", "B"]
    assert sorted(left(ended)) == list("ABC")
    assert not states(ended)
    assert not ears.told("again")
