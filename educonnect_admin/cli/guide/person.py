"""Who sits at the keyboard: what they are told, what they answer, and the two words for all.

`r` goes back to the question before, `q` stops: they are understood wherever something is asked.
"""

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from educonnect_admin.domain.names import name_key

BACK = frozenset({"r", "revenir", "retour"})
OUT = frozenset({"q", "quitter", "arreter", "stop"})
PAUSE = "Entrée pour la suite (r : revenir ; q : arrêter) : "
YES_OR_NO = {"o": "oui", "n": "non"}


class WantsBack(Exception):
    """The person wants the question before."""


class WantsOut(Exception):
    """The person wants to stop here."""


class Person(ABC):
    """Somebody who reads and answers; a subclass says how."""

    asked = 0
    """How many questions were put to them."""

    @abstractmethod
    def tell(self, text: str = "") -> None:
        """Say something, in whole words on the lines of their screen."""

    @abstractmethod
    def show(self, line: str) -> None:
        """Show a line as it stands, to be copied or read in columns."""

    @abstractmethod
    def head(self, text: str) -> None:
        """Say what comes now."""

    @abstractmethod
    def offer(self, choices: str) -> None:
        """Say what may be typed, right before the question."""

    @abstractmethod
    def hear(self, prompt: str) -> str:
        """Return the next line they type.

        Raises:
            WantsOut: nothing will be typed any more.
        """

    @abstractmethod
    def progress(self, label: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """Show how far a long work is; give what moves it on by so many."""

    def ask(self, question: str, *, default: str = "", choices: str = "") -> str:
        """Ask, and return the answer; the proposed one if they only press Enter.

        Args:
            question: What the line says that waits for the answer.
            default: What Enter answers; shown between brackets.
            choices: What may be typed beside `r` and `q`.

        Raises:
            WantsBack, WantsOut: that is what they typed.
        """
        self.asked += 1
        words = [choices] if choices else []
        self.offer("  " + " ; ".join([*words, "r : revenir", "q : arrêter"]))
        proposed = f" [{default}]" if default else ""
        while True:
            answer = self.hear(f"{question}{proposed} : ").strip()
            if not any(unicodedata.category(sign) == "Cc" for sign in answer):
                return understood(answer) or default
            self.tell("Je n'ai pas pu lire cette réponse. Tapez-la de nouveau.")

    def pause(self) -> None:
        """Let them read before more comes.

        Raises:
            WantsBack, WantsOut: that is what they typed.
        """
        understood(self.hear(PAUSE))


def understood(answer: str) -> str:
    """Return an answer, unless it is one of the two words.

    Raises:
        WantsBack, WantsOut: it is.
    """
    key = name_key(answer)
    if key in BACK:
        raise WantsBack
    if key in OUT:
        raise WantsOut
    return answer


def choose(person: Person, question: str, words: Mapping[str, str], *, default: str) -> str:
    """Ask for one of a few words, each a letter with what it means; return the letter."""
    told = " ; ".join(f"{letter} : {meaning}" for letter, meaning in words.items())
    while True:
        answer = person.ask(question, default=default, choices=told)
        for letter, meaning in words.items():
            if name_key(answer) in {letter, name_key(meaning)}:
                return letter
        letters = ", ".join(words)
        person.tell(f"Je n'ai pas compris «{answer}». Tapez une de ces lettres : {letters}.")


def confirm(person: Person, question: str, *, default: bool = True) -> bool:
    """Ask for yes or no."""
    return choose(person, question, YES_OR_NO, default="o" if default else "n") == "o"
