"""The steps of the guided run, in their order; each is loaded when it is come to.

The first question is there at once: reading files, databases and PDF take their time later.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from educonnect_admin.cli.guide.visit import Answers, Visit

Step = Callable[[Visit, Answers], Answers]

_NAMES = (
    ("welcome", "welcome"),
    ("office", "open_the_office"),
    ("school", "choose_school"),
    ("school", "ask_number"),
    ("school", "ask_name"),
    ("school", "ask_city"),
    ("files", "choose_files"),
    ("whole_school", "ask_whole_school"),
    ("importing", "import_files"),
    ("rejecting", "return_refused_rows"),
    ("letters", "choose_classes"),
    ("letters", "choose_folder"),
    ("letters", "print_letters"),
    ("handing_out", "hand_out"),
)


def _step(module: str, name: str) -> Step:
    def take(visit: Visit, answers: Answers) -> Answers:
        step: Any = getattr(import_module(f"educonnect_admin.cli.guide.{module}"), name)
        after: Answers = step(visit, answers)
        return after

    return take


STEPS = tuple(_step(module, name) for module, name in _NAMES)
