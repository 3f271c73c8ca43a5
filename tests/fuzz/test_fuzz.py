"""A few cases for every reader, and proof that the fuzzer sees what it is there for.

`make fuzz` runs each reader for minutes, in a process of its own.
"""

from itertools import islice
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, the same cases again; nothing secret comes of it

import pytest

from tests.fuzz.__main__ import run_apart
from tests.fuzz.mutations import LONGEST, Mutator, members_of
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS
from tests.fuzz.targets.portal import PAGES
from tests.fuzz.targets.servers import SERVERS
from tests.fuzz.trial import put, watch_the_time
from tests.fuzz.worker import cases_of
from tests.rosters.files import PUPILS, pupil, xlsx

_CASES = 15
_OF_SERVERS = 4
"""Each may wait for what never comes."""
# `portal/test_any_byte.py` asks every page.
_HERE = [target for target in TARGETS if target not in PAGES]


@pytest.mark.parametrize("target", _HERE, ids=lambda target: target.name)
def test_a_reader_reads_or_refuses_what_chance_makes_of_its_files(target: Target) -> None:
    """Nothing but its refusals comes out, within its seconds."""
    watch_the_time()
    seeds = sum(1 for _ in target.seeds())
    wanted = _OF_SERVERS if target in SERVERS else _CASES
    cases = islice(cases_of(target, Random(7), lambda: False), seeds, seeds + wanted)

    with target.open() as read:
        found = [put(target, read, case)[1] for case in cases]

    assert [one.told for one in found if one] == []


def test_its_own_seeds_are_read_and_not_refused() -> None:
    """A fuzzer whose seeds are all refused at the door would prove nothing."""
    for target in _HERE:
        with target.open() as read:
            outcomes = [_is_read(target, read, seed) for seed in islice(target.seeds(), 3)]
        # Nobody opens what another office has sealed.
        assert any(outcomes) is (target.name not in {"plans", "seals"}), target.name


def _is_read(target: Target, read: object, seed: bytes) -> bool:
    assert callable(read)
    try:
        read(seed)
    except target.refusals:
        return False
    return True


def test_every_target_has_a_name_of_its_own() -> None:
    """By which it is asked for, and its findings are kept."""
    assert len({target.name for target in TARGETS}) == len(TARGETS)


def test_failures_hangs_and_hunger_are_found_and_kept(tmp_path: Path) -> None:
    """A reader that fails, goes round for ever or takes all memory; not one that refuses."""
    told = run_apart("planted", 0.6, 1, tmp_path)

    kinds = {key.split()[0] for key in told["findings"]}
    assert kinds == {"KeyError", "TooSlow", "MemoryError"}
    for key, name in told["findings"].items():
        case = (tmp_path / name).read_bytes()
        assert case[:4] in {b"fail", b"hang", b"grow"}, key
        assert "planted.py" in (tmp_path / name).with_suffix(".txt").read_text(encoding="utf-8")
    assert told["cases"] >= 4


def test_a_process_that_dies_is_found_with_its_last_case(tmp_path: Path) -> None:
    """No report comes; the case that was being tried is there."""
    told = run_apart("planted-death", 0.6, 1, tmp_path)

    assert told["findings"] == {"ended with 3": "planted-death.case"}
    assert (tmp_path / "planted-death.case").read_bytes() == b"die"


def test_a_seed_gives_the_same_cases_again() -> None:
    """What was found once can be found again."""
    seeds = [b"Nom;Prenom\n1;2", b"<a b='1'>x</a>"]

    def made(seed: int) -> list[bytes]:
        mutator = Mutator(Random(seed), (b"word",))
        return [mutator.changed(seeds[n % 2], seeds) for n in range(200)]

    assert made(1) == made(1)
    assert made(1) != made(2)
    assert max(map(len, made(1))) <= LONGEST


def test_archives_are_changed_inside() -> None:
    """A wound to the packed bytes alone would never come by the check sums."""
    book = xlsx([PUPILS.split(";"), pupil().split(";")])
    mutator = Mutator(Random(1), ())
    made = [members_of(mutator.changed(book, [book], is_archive=True)) for _ in range(30)]

    whole = members_of(book)
    changed = [one for one in made if set(one) == set(whole) and one != whole]
    assert len(changed) > 10
