"""What somebody said of a school's columns: it wins, it is kept, it can be read again."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from educonnect_admin.domain.errors import UnreadableFile, UnusableColumns
from educonnect_admin.rosters.columns import NOTHING_SAID, Columns
from educonnect_admin.rosters.columns_file import read_columns, write_columns
from educonnect_admin.rosters.heading_rows import read_heading_rows
from educonnect_admin.rosters.read import read_parts
from educonnect_admin.rosters.rows import FileKind, Reading
from educonnect_admin.rosters.vocabulary import IGNORED, NAMES, Field, Role
from tests.rosters.files import TODAY, text, xlsx

ODD = "Identité;Petit nom;Anniversaire;Groupe;Maman;Son portable"
SAID = Columns(
    {
        "identite": Field(Role.PUPIL, 0, "family_name"),
        "Petit nom": Field(Role.PUPIL, 0, "given_name"),
        "ANNIVERSAIRE": Field(Role.PUPIL, 0, "birth_date"),
        "Groupe": Field(Role.NONE, 0, "class_label"),
        "Son portable": Field(Role.MOTHER, 0, "mobile"),
    }
)
ROW = "DURAND;Alice;03/09/2018;CE1 B;PETIT Anne;0612345678"
FIELDS = st.builds(Field, st.sampled_from(Role), st.just(0), st.sampled_from(NAMES[:-1]))


def _read(folder: Path, content: str | bytes, columns: Columns) -> Reading:
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (reading,) = read_parts(path, today=TODAY, columns=columns)
    return reading


def test_what_was_said_makes_a_roster_of_any_table(tmp_path: Path) -> None:
    """By CSV and by workbook, whatever accents and capitals were typed."""
    for content in (text(ODD, ROW), xlsx([ODD.split(";"), ROW.split(";")])):
        with pytest.raises(UnreadableFile):
            _read(tmp_path, content, NOTHING_SAID)
        reading = _read(tmp_path, content, SAID)
        assert reading.kind is FileKind.FAMILIES
        assert [row.class_label for row in reading.pupils] == ["CE1 B"]
        assert [row.mobile for row in reading.guardians] == ["+33612345678"]
        assert reading.columns == SAID


def test_what_was_said_wins_over_what_a_heading_seems(tmp_path: Path) -> None:
    """One is not read, another is what it does not say."""
    head = "Nom;Prénom;Né(e) le;Classe;Niveau;Section"
    columns = Columns({"Classe": IGNORED, "Section": Field(Role.NONE, 0, "class_label")})
    reading = _read(tmp_path, text(head, "DURAND;Alice;03/09/2018;x;CE1;CE1 B"), columns)
    assert reading.pupils[0].class_label == "CE1 B"
    assert reading.headings["Classe"] == ""


def test_guardians_by_what_was_said(tmp_path: Path) -> None:
    """Of a file with a guardian a row, children of their own."""
    head = "Nom;Prénom;Bip;Nom de l'élève;Prénom de l'élève"
    columns = Columns({"Bip": Field(Role.GUARDIAN, 0, "mobile")})
    reading = _read(tmp_path, text(head, "PETIT;Anne;0612345678;DURAND;Alice"), columns)
    assert (reading.kind, reading.guardians[0].mobile) == (FileKind.GUARDIANS, "+33612345678")


def test_kept_headings_that_no_file_has_are_named() -> None:
    """What is ignored need not be there."""
    columns = Columns({**SAID.fields, "Autre": IGNORED})
    assert columns.absent_from(["Identité", "petit nom", "Groupe", "Son portable"]) == (
        "ANNIVERSAIRE",
    )


def test_a_heading_that_is_said_again_changes() -> None:
    """Under whatever capitals; the others stay."""
    changed = SAID.with_fields({"GROUPE": Field(Role.NONE, 0, "level")})
    assert changed.field_of("groupe") == Field(Role.NONE, 0, "level")
    assert len(changed.fields) == len(SAID.fields)
    assert bool(NOTHING_SAID) is False


def test_the_file_is_private_whole_and_readable(tmp_path: Path) -> None:
    """Mode 600 in a folder of mode 700; French words that people may change."""
    path = tmp_path / "new" / "0599901S.toml"
    write_columns(path, SAID, comment="Une ligne.\n\nUne autre.")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    lines = path.read_text("utf-8").splitlines()
    assert lines[:3] == ["# Une ligne.", "#", "# Une autre."]
    assert '"Son portable" = "mère : mobile"' in lines
    assert read_columns(path) == SAID
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_file_that_people_wrote_is_read_as_freely_as_headings(tmp_path: Path) -> None:
    """With a byte-order mark, comments, words in another order."""
    path = tmp_path / "a.toml"
    path.write_text('\ufeff[colonnes]\n# note\n"A" = "tél portable du père"\nB = "IGNORER"\n')
    assert read_columns(path).fields == {"A": Field(Role.FATHER, 0, "mobile"), "B": IGNORED}
    assert read_columns(tmp_path / "none.toml") == NOTHING_SAID


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b"[colonnes]\nA = \nB = 'nom'", 2, ""),
        (b"[autres]\nA = 'nom'", None, ""),
        (b"colonnes = 3", None, ""),
        (b"[colonnes]\nA = 'machin'", None, "A"),
        (b"[colonnes]\nA = 3", None, "A"),
        (b"[colonnes]\nA = " + b"9" * 5000, None, ""),
        (b"\xff\xfe", None, ""),
        (b"#" * 300_000, None, ""),
    ],
)
def test_a_file_that_cannot_be_used(
    tmp_path: Path, content: bytes, line: int | None, what: str
) -> None:
    """The line or the heading is told."""
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(UnusableColumns) as caught:
        read_columns(path)
    assert (caught.value.line, caught.value.what) == (line, what)
    with pytest.raises(UnusableColumns):
        read_columns(tmp_path)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=20).filter(str.strip), FIELDS, max_size=5))
def test_any_heading_can_be_kept(tmp_path_factory: pytest.TempPathFactory, said: object) -> None:
    """Quotes, line breaks, signs of no keyboard."""
    assert isinstance(said, dict)
    path = tmp_path_factory.getbasetemp() / "any.toml"
    try:
        write_columns(path, Columns(said), comment="x")
    except UnicodeEncodeError:
        return
    assert read_columns(path).fields == said


def test_a_table_without_a_known_heading_can_still_be_shown(tmp_path: Path) -> None:
    """The fullest of the first rows is taken for the headings, digits or not beneath."""
    for content in (
        text("Liste", ODD, ROW).encode(),
        xlsx([["x"], ODD.split(";"), ROW.split(";")]),
    ):
        path = tmp_path / "odd"
        path.write_bytes(content)
        (row,) = read_heading_rows(path, NOTHING_SAID)
        assert (row.line, row.headings) == (2, tuple(ODD.split(";")))
        assert row.layout is None
        assert row.why_not is not None
    path.write_text("un\ndeux\n")
    with pytest.raises(UnreadableFile):
        read_heading_rows(path, NOTHING_SAID)
