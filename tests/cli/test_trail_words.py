"""The words of the trail: every kind, every code."""

import pytest

from educonnect_admin.cli import trail_words
from educonnect_admin.cli.state_words import state_words
from educonnect_admin.cli.trail_words import KIND_WORDS, end_words, message_words, told
from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.letters import LetterEnd
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.trail import TrailKind


@pytest.mark.parametrize("kind", TrailKind)
def test_every_kind_has_words_of_its_own(kind: TrailKind) -> None:
    """None is shown as a code, and no two are told alike."""
    assert told(kind, {}) == KIND_WORDS[kind]
    assert "." not in KIND_WORDS[kind]
    assert list(KIND_WORDS.values()).count(KIND_WORDS[kind]) == 1


def test_every_state_end_and_message_has_words() -> None:
    """Whatever a code of the database is, a person reads French."""
    assert len({state_words(state) for state in AccountState}) == len(AccountState)
    assert len({end_words(end) for end in LetterEnd}) == len(LetterEnd)
    assert len({message_words(kind) for kind in MessageKind}) == len(MessageKind)


def test_a_notified_account_whose_letters_are_over_is_called_so() -> None:
    """«notification expirée» is a fact about letters: no other state bears it (R-1)."""
    assert state_words("notified", expired=True) == "notification expirée"
    assert state_words("notified") == "notifié et non activé"
    assert state_words("active", expired=True) == "activé"


@pytest.mark.parametrize(
    ("kind", "details", "words"),
    [
        (TrailKind.LETTER_ENDED, {"end": "superseded"}, "courrier terminé (remplacé par un autre)"),
        (
            TrailKind.GUARDIAN_CHANGED,
            {"fields": "email,usage_name"},
            "responsable modifié par un import (champs adresse mail, nom d'usage)",
        ),
        (TrailKind.BATCH_FINISHED, {"published": 3}, "lot de courriers fini (publiés 3)"),
        (TrailKind.MESSAGE_SENT, {"new_key": "x"}, "message envoyé (new_key x)"),
        (
            TrailKind.ACCOUNT_CLOSED,
            {"former_state": "active"},
            "compte fermé (état d'avant activé)",
        ),
    ],
)
def test_details_are_told_and_none_is_lost(
    kind: TrailKind, details: dict[str, str | int], words: str
) -> None:
    """A code we know is told in French, one that we don't stands as it is."""
    assert told(kind, details) == words


def test_no_word_is_for_a_code_that_does_not_exist() -> None:
    """The tables follow the enums both ways."""
    assert set(trail_words.KIND_WORDS) == set(TrailKind)
