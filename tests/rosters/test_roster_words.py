"""Every code of the readers has words in French."""

from pathlib import Path

import pytest

from educonnect_admin.cli.roster_words import problem_sentence, remedy, unreadable_sentence
from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.problems import Problem, ProblemCode, UnreadableReason


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_has_a_sentence_and_a_remedy(code: ProblemCode) -> None:
    """Both are there, the line, the column and the other line in them."""
    problem = Problem(code=code, line=3, column="Date naissance", value="{line}", other_line=7)
    sentence = problem_sentence(problem)
    assert sentence.startswith("ligne 3, colonne «Date naissance» : ")
    assert remedy(problem)
    assert "{value}" not in sentence
    assert ("ligne 7" in sentence) == (
        code
        in {
            ProblemCode.REPEATED_PUPIL,
            ProblemCode.CONTRADICTORY_PUPIL,
            ProblemCode.REPEATED_GUARDIAN,
            ProblemCode.CONTESTED_PUPIL,
            ProblemCode.SAME_NAME_AND_DATE,
            ProblemCode.PUPIL_AGAIN,
            ProblemCode.SOURCE_ID_OF_ANOTHER,
        }
    )


def test_a_clash_with_another_file_names_no_line() -> None:
    """A line of one file would mislead in another."""
    problem = Problem(code=ProblemCode.REPEATED_PUPIL, line=3)
    assert problem_sentence(problem) == "ligne 3 : élève déjà lu à une autre ligne"


@pytest.mark.parametrize("reason", UnreadableReason)
def test_every_unreadable_file_has_its_sentences(reason: UnreadableReason) -> None:
    """What, where, what to do; the file by its name alone."""
    path = Path("/home/alice/eleves.csv")
    error = UnreadableFile(path, reason, line=12, what="Classe", near="Clase")
    sentence = unreadable_sentence(error)
    assert sentence.startswith("Le fichier «eleves.csv» ")
    assert "ligne 12" in sentence
    assert "/home" not in sentence
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_the_words_of_an_impossible_date() -> None:
    """The example a director meets most."""
    problem = Problem(
        code=ProblemCode.IMPOSSIBLE_BIRTH_DATE,
        line=3,
        column="Date naissance",
        value="31/02/2014",
    )
    assert problem_sentence(problem) == (
        "ligne 3, colonne «Date naissance» : date de naissance impossible : «31/02/2014»"
    )
    assert remedy(problem) == "corrigez la date dans ONDE, puis exportez de nouveau"


@pytest.mark.parametrize(
    ("value", "fixed"), [("01 42 00 00 00", True), ("+33 (0)3 20 00 00 00", True), ("12", False)]
)
def test_a_landline_is_called_one(value: str, fixed: bool) -> None:
    """A right number in the wrong place is told from a wrong one."""
    problem = Problem(code=ProblemCode.BAD_MOBILE, line=3, value=value)
    assert ("ligne fixe" in problem_sentence(problem)) is fixed


def test_the_sheet_at_fault_is_told() -> None:
    """A line counts by itself on every sheet."""
    error = UnreadableFile(
        Path("a.xlsx"), UnreadableReason.MISSING_HEADING, line=2, what="Classe", part="CE1"
    )
    assert unreadable_sentence(error).startswith(
        "Le fichier «a.xlsx», feuille «CE1», n'a pas de colonne «Classe» (ligne 2)."
    )
