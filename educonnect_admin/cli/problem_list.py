"""Refused rows and remarks as people read them: every refusal, remarks gathered by kind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from educonnect_admin.cli.roster_words import problem_sentence, remedy
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.rosters.problems import Problem, ProblemCode

FEW = 3
"""From more remarks of one kind on, only the lines of the others are given."""


class Placed(NamedTuple):
    """A problem, the name of its file and the format of that."""

    file: str
    problem: Problem
    form: str = ""


def tell_problems(speech: Speech, problems: Iterable[Placed]) -> None:
    """Tell every refused row with its reason and remedy, then the remarks."""
    placed = list(problems)
    refused = [one for one in placed if one.problem.refuses]
    if refused:
        speech.say()
        rows = len({(one.file, one.problem.line) for one in refused})
        speech.warn(counted(rows, "ligne refusée", "lignes refusées") + " :")
    for one in refused:
        speech.warn(f"  {_sentence(one)}")
    _tell_remarks(speech, [one for one in placed if not one.problem.refuses])


def _sentence(placed: Placed) -> str:
    name, problem, form = placed
    sentence = problem_sentence(problem, with_name=True)
    return f"{Path(name).name}, {sentence} → {remedy(problem, form)}."


def _tell_remarks(speech: Speech, remarks: Sequence[Placed]) -> None:
    if not remarks:
        return
    speech.say()
    speech.say(counted(len(remarks), "remarque") + ", sur des lignes prises :")
    groups: dict[tuple[str, ProblemCode], list[Placed]] = defaultdict(list)
    for one in remarks:
        groups[one.file, one.problem.code].append(one)
    for alike in groups.values():
        for one in alike[:FEW]:
            speech.say(f"  {_sentence(one)}")
        if others := [str(one.problem.line) for one in alike[FEW:]]:
            said = "autre remarque du même genre", "autres remarques du même genre"
            speech.say(f"    et {counted(len(others), *said)}, lignes {', '.join(others)}.")


def problem_as_json(problem: Problem, form: str = "") -> dict[str, Any]:
    """Return a problem as programs read it; its words are those people read."""
    return {
        "code": str(problem.code),
        "line": problem.line,
        "column": problem.column,
        "other_line": problem.other_line,
        "refused": problem.refuses,
        "message": problem_sentence(problem),
        "remedy": remedy(problem, form),
    }
