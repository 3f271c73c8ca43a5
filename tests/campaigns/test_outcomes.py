"""How a school came out, from what was counted there."""

import pytest

from educonnect_admin.campaigns.outcomes import WORTH_A_LOOK, Outcome
from educonnect_admin.cli.campaigns.words import sentences
from educonnect_admin.domain.campaigns import Figure, SchoolState


@pytest.mark.parametrize("figure", WORTH_A_LOOK)
def test_what_is_worth_a_look_has_a_sentence(figure: Figure) -> None:
    """No school is shown among those to look at without a reason."""
    outcome = Outcome(uai="0140070A", figures={figure: 1})

    assert outcome.state is SchoolState.REMARKS
    assert len(sentences(outcome)) == 1


def test_a_school_of_which_nothing_is_to_be_said_is_done() -> None:
    """Figures that are merely counted make nobody look."""
    outcome = Outcome(uai="0140070A", figures={Figure.LETTERS: 12, Figure.REFUSED: 0})

    assert outcome.state is SchoolState.DONE
    assert sentences(outcome) == []
