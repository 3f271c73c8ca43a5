"""An office's own words: what it may replace, and what stops it before anything is printed."""

from pathlib import Path

import pytest

from educonnect_admin.domain.errors import BadTemplate
from educonnect_admin.letters import guard, specimens
from educonnect_admin.letters.checking import check_templates, preview
from educonnect_admin.letters.press import LetterPress
from educonnect_admin.letters.specimens import HEADING, PASSWORD
from educonnect_admin.letters.templates import PARTS
from tests.letters.reading import page_texts

TITLE = "activation/title.j2"


def write(folder: Path, name: str, text: str) -> Path:
    """Put one template into an office's folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def first_page(folder: Path, tmp_path: Path) -> str:
    """The first page of a letter with an office's templates."""
    pdf = LetterPress(folder).letters(HEADING, [(specimens.ONE_CHILD, "BUNZ57DM")])
    return page_texts(pdf, tmp_path)[0]


def only_problem(folder: Path) -> BadTemplate:
    """The single problem of a folder."""
    (problem,) = check_templates(folder)
    return problem


def test_ours_have_no_problem() -> None:
    """The templates shipped pass their own check, each of them found."""
    assert check_templates(None) == []


def test_office_replaces_one_part(tmp_path: Path) -> None:
    """A file of the same path replaces ours; the other parts stay."""
    folder = write(tmp_path / "office", TITLE, "# Vos services en ligne à {{ school_city }}\n")
    assert check_templates(folder) == []
    page = first_page(folder, tmp_path)
    assert "Vos services en ligne à Villeneuve-sur-Exemple" in page
    assert "Mise à disposition" not in page
    assert "Trois façons" in page


def test_office_includes_ours_as_default(tmp_path: Path) -> None:
    """`default:` reaches the part that the office replaced."""
    name = "activation/secrecy.j2"
    folder = write(
        tmp_path / "office", name, f'{{% include "default:{name}" %}}\nMerci de le garder.\n'
    )
    page = first_page(folder, tmp_path)
    assert "Un courrier personnel" in page
    assert "Merci de le garder." in page


def test_office_may_name_the_holder_in_a_part_of_ours_that_does_not(tmp_path: Path) -> None:
    """A part that uses a variable of the letter is set anew for each letter."""
    folder = write(tmp_path / "office", "activation/introduction.j2", "Bonjour {{ holder }},\n")
    letters = [(letter, "BUNZ57DM") for letter in specimens.LETTERS]
    pages = page_texts(LetterPress(folder).letters(HEADING, letters), tmp_path, "-raw")
    for page, letter in zip(pages, specimens.LETTERS, strict=True):
        assert f"Bonjour {letter.holder}," in " ".join(page.split())


def test_longer_words_make_smaller_type_then_an_error(tmp_path: Path) -> None:
    """A page stays one page: prose shrinks a little, then the office is told."""
    name = "activation/introduction.j2"
    folder = write(tmp_path / "office", name, "Un peu plus de mots que dans la lettre. " * 8)
    assert check_templates(folder) == []
    write(folder, name, "Beaucoup trop de mots pour une seule page. " * 60)
    problem = only_problem(folder)
    assert (problem.template, problem.reason) == ("activation", guard.OVERFLOW)


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("# Titre\n{% if %}", guard.SYNTAX, 2),
        ("# Titre\n\n{{ holdr }}", guard.UNKNOWN_VARIABLE, 3),
        ("# {{ password }}", guard.UNKNOWN_VARIABLE, 1),
        ("# {{ carrier.birth_date }}", guard.FORBIDDEN, 1),
        ("# {{ holder.name }}", guard.UNKNOWN_VARIABLE, 1),
        ("# {{ ''.__class__ }}", guard.FORBIDDEN, 1),
        ("# {{ ''['__class__'] }}", guard.FORBIDDEN, 1),
        ("# {{ holder|attr('__class__') }}", guard.FORBIDDEN, 1),
        ("# {{ holder.upper() }}", guard.FORBIDDEN, 1),
        ("# {{ range(10) }}", guard.FORBIDDEN, 1),
        ("# {{ self.title() }}", guard.FORBIDDEN, 1),
        ("# {{ 'a' * 1000000000 }}", guard.FORBIDDEN, 1),
        ("# {{ 9 ** 9 ** 9 }}", guard.FORBIDDEN, 1),
        (f"# {{{{ {'9' * 5000} }}}}", guard.FORBIDDEN, None),
        ("{% set x = 1 %}", guard.FORBIDDEN, 1),
        ("{% macro m() %}{% endmacro %}", guard.FORBIDDEN, 1),
        ("a\n{% for a in holder %}{% for b in holder %}{% for c in holder %}x{% endfor %}"
         "{% endfor %}{% endfor %}", guard.FORBIDDEN, 2),
        ('{% extends "slip/title.j2" %}', guard.FORBIDDEN, 1),
        ('{% import "slip/title.j2" as x %}', guard.FORBIDDEN, 1),
        ("{% include holder %}", guard.FORBIDDEN, 1),
        (f'{{% include "{TITLE}" %}}', guard.FORBIDDEN, 1),
        ('{% include "../../../etc/passwd" %}', guard.MISSING_FILE, None),
        ("mot " * 6000, guard.TOO_LONG, None),
        ("# 山", guard.GLYPH, None),
    ],
)  # fmt: skip
def test_bad_template_is_named_with_its_line(
    tmp_path: Path, text: str, reason: str, line: int | None
) -> None:
    """File, line and reason of everything that an office may get wrong, or try."""
    problem = only_problem(write(tmp_path, TITLE, text))
    assert problem.reason == reason
    assert problem.line == line
    assert problem.template == (TITLE if ".." not in text else "../../../etc/passwd")


def test_circles_and_avalanches_of_includes_are_refused(tmp_path: Path) -> None:
    """Two files that include each other, or many that include many, never run."""
    write(tmp_path, TITLE, '{% include "_a.j2" %}')
    write(tmp_path, "_a.j2", f'{{% include "{TITLE}" %}}')
    assert only_problem(tmp_path).reason == guard.FORBIDDEN
    write(tmp_path, "_a.j2", '{% include "_b.j2" %}' * 9)
    write(tmp_path, "_b.j2", "mot " * 9 + '{% include "_c.j2" %}' * 9)
    write(tmp_path, "_c.j2", "mot")
    assert only_problem(tmp_path).reason == guard.FORBIDDEN


def test_included_file_is_held_to_the_same_rules(tmp_path: Path) -> None:
    """A forbidden thing does not hide behind an include; its own file is named."""
    write(tmp_path, TITLE, '{% include "_tail.j2" %}')
    problem = only_problem(write(tmp_path, "_tail.j2", "x\n{{ ''.__class__ }}"))
    assert (problem.template, problem.line, problem.what) == ("_tail.j2", 2, "__class__")


def test_credentials_must_show_both_values(tmp_path: Path) -> None:
    """Without the password, twice with it, or the other way round, no letter (R-10)."""
    name = "activation/credentials.j2"
    for text in (
        "Identifiant : {{ identifier }}",
        "Mot de passe : {{ password }}\nIdentifiant : {{ identifier }}",
        "Identifiant : {{ identifier }}\n" + "Mot de passe : {{ password }}\n" * 2,
        "Identifiant : {{ identifier }}\nMot de passe : {{ password|lower }}",
        "Identifiant : {{ identifier }}\n{{ password }} est votre mot de passe",
    ):
        problem = only_problem(write(tmp_path, name, text))
        assert (problem.template, problem.reason) == (name, guard.FIELDS)


def test_file_that_replaces_nothing_is_reported(tmp_path: Path) -> None:
    """A slip of the pen in a file name would otherwise change nothing, silently."""
    problem = only_problem(write(tmp_path, "activation/titel.j2", "# Titre"))
    assert (problem.template, problem.reason) == ("activation/titel.j2", guard.UNKNOWN_FILE)


def test_missing_folder_and_wrong_encoding_are_reported(tmp_path: Path) -> None:
    """A folder that is not there, a file that is not UTF-8."""
    assert only_problem(tmp_path / "nowhere").reason == guard.MISSING_FILE
    write(tmp_path, TITLE, "")
    (tmp_path / TITLE).write_bytes("# Été".encode("cp1252"))
    assert only_problem(tmp_path).reason == guard.ENCODING


def test_slip_needs_four_headings(tmp_path: Path) -> None:
    """The table has four columns, and so many headings."""
    problem = only_problem(write(tmp_path, "slip/columns.j2", "# Élève\n# Responsable"))
    assert (problem.template, problem.reason) == ("slip/columns.j2", guard.FIELDS)


def test_press_refuses_a_bad_template_at_once(tmp_path: Path) -> None:
    """A press is not even made with a template that can't be used."""
    with pytest.raises(BadTemplate):
        LetterPress(write(tmp_path, TITLE, "{{ nobody }}"))


def test_preview_marks_every_page_and_shows_no_real_password(tmp_path: Path) -> None:
    """Three specimens: one child, four, the longest name; the word across each page."""
    pages = page_texts(preview(None), tmp_path, "-raw")
    assert len(pages) == 3
    for page in pages:
        # The letters of the mark climb: each is a line of its own.
        assert "S\nP\nÉ\nC\nI\nM\nE\nN" in page
        assert f"Mot de passe* : {PASSWORD}" in page


def test_every_part_is_a_file_of_ours() -> None:
    """No template lies about unused, none is missing."""
    from educonnect_admin.letters.shipped import shipped

    files = {path.relative_to(shipped()).as_posix() for path in shipped().rglob("*.j2")}
    assert files == set(PARTS)
