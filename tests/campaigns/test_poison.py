"""A school that kills whoever works at it, as one that takes all the memory would."""

from pathlib import Path

import pytest

from educonnect_admin.cli.campaigns import letters
from educonnect_admin.edge import Services
from tests.campaigns.academy import (
    assert_nothing_printed_is_wrong,
    found_academy,
)
from tests.campaigns.night import environment
from tests.campaigns.poison import POISONOUS, print_or_die
from tests.cli.running import Terminal


@pytest.mark.slow
def test_a_poisonous_school_fails_alone(
    postgres_office: Services,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its worker is lost four times; then it is told, and every other school is done."""
    uais = found_academy(postgres_office, 4, 3)
    for name, value in environment(postgres_office.settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(POISONOUS, uais[1])
    monkeypatch.setattr(letters, "print_school", print_or_die)
    answer = Terminal(capsys)(
        *("letters", "campaign", "--academy", "09", "--output", str(tmp_path / "out")),
        *("--workers", "2", "--json"),
    )
    assert answer.code == 4, answer.err
    assert answer.json["done"] == 3
    (failure,) = answer.json["failures"]
    assert failure["school"] == uais[1]
    assert "4 fois de suite" in failure["reasons"][0]
    assert_nothing_printed_is_wrong(postgres_office, tmp_path / "out")
