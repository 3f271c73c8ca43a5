"""Refused rows and remarks as people read them: every refusal, remarks gathered by kind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from educonnect_admin.cli.roster_words import problem_sentence, remedy
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.rosters.problems import Problem, ProblemCode

FEW = 3
"""From more remarks of one kind on, only the lines of the others are given."""

Placed = tuple[str, Problem]
"""A problem and the name of its file."""


def tell_problems(speech: Speech, problems: Iterable[Placed]) -> None:
    """Tell every refused row with its reason and remedy, then the remarks."""
    placed = list(problems)
    refused = [(name, problem) for name, problem in placed if problem.refuses]
    if refused:
        speech.say()
        speech.warn(counted(len(refused), "ligne refusée", "lignes refusées") + " :")
    for name, problem in refused:
        speech.warn(f"  {Path(name).name}, {problem_sentence(problem)} → {remedy(problem)}.")
    _tell_remarks(speech, [(name, problem) for name, problem in placed if not problem.refuses])


def _tell_remarks(speech: Speech, remarks: Sequence[Placed]) -> None:
    if not remarks:
        return
    speech.say()
    speech.say(counted(len(remarks), "remarque") + ", sur des lignes prises :")
    groups: dict[tuple[str, ProblemCode], list[Problem]] = defaultdict(list)
    for name, problem in remarks:
        groups[name, problem.code].append(problem)
    for (name, _), alike in groups.items():
        for problem in alike[:FEW]:
            speech.say(f"  {Path(name).name}, {problem_sentence(problem)} → {remedy(problem)}.")
        if others := [str(problem.line) for problem in alike[FEW:]]:
            said = "autre remarque du même genre", "autres remarques du même genre"
            speech.say(f"    et {counted(len(others), *said)}, lignes {', '.join(others)}.")


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as programs read it; its words are those people read."""
    return {
        "code": str(problem.code),
        "line": problem.line,
        "column": problem.column,
        "other_line": problem.other_line,
        "refused": problem.refuses,
        "message": problem_sentence(problem),
        "remedy": remedy(problem),
    }
