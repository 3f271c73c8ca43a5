"""Which files of a folder are which school's."""

import os
from pathlib import Path

import pytest

from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.school_folders import files_by_school, uai_in

ONE, TWO = "0140070A", "0752387M"


def made(folder: Path, *names: str) -> Path:
    """Make these files, empty."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def names(folder: Path) -> dict[str, list[str]]:
    """Return the files of each school, from the folder."""
    found = files_by_school(folder).files
    return {
        uai: [path.relative_to(folder).as_posix() for path in files] for uai, files in found.items()
    }


def test_a_folder_of_a_school_holds_its_files_at_any_depth(tmp_path: Path) -> None:
    """The number is in the folder's name, with words around it or not."""
    made(tmp_path, f"{ONE}/eleves.csv", f"{ONE}/b/c/responsables.xlsx", f"{TWO} Curie/base.xml")
    assert names(tmp_path) == {
        ONE: [f"{ONE}/b/c/responsables.xlsx", f"{ONE}/eleves.csv"],
        TWO: [f"{TWO} Curie/base.xml"],
    }


def test_files_that_lie_in_the_folder_bear_the_number_themselves(tmp_path: Path) -> None:
    """With dashes, underscores, in lower case: and they join those of a sub-folder."""
    made(tmp_path, f"{ONE}-eleves.csv", f"resp_{ONE.lower()}_v2.csv", f"{ONE}/plus.csv")
    assert names(tmp_path) == {
        ONE: [f"{ONE}/plus.csv", f"{ONE}-eleves.csv", f"resp_{ONE.lower()}_v2.csv"]
    }


def test_what_is_no_schools_is_stray(tmp_path: Path) -> None:
    """No number, a wrong check letter, two numbers, a number inside a longer one."""
    stray = ("eleves.csv", "0140070B.csv", f"{ONE}-{TWO}.csv", f"1{ONE}.csv", "autres/x.csv")
    found = files_by_school(made(tmp_path, *stray))
    assert found.files == {}
    assert sorted(path.relative_to(tmp_path).as_posix() for path in found.stray) == sorted(stray)


def test_the_same_number_twice_in_a_name_is_one(tmp_path: Path) -> None:
    """`0140070A-0140070A.csv` is no riddle."""
    assert uai_in(f"{ONE}-{ONE.lower()}.csv") == ONE


def test_hidden_files_and_other_kinds_are_left_alone(tmp_path: Path) -> None:
    """A spreadsheet's lock, a hidden folder, a note or a picture is no roster, and not stray."""
    made(
        tmp_path,
        f"{ONE}/~$eleves.xlsx",
        f"{ONE}/.cache/eleves.csv",
        f"{ONE}/lisez-moi.pdf",
        f".{TWO}.csv",
        "photo.png",
    )
    found = files_by_school(tmp_path)
    assert found.files == {}
    assert found.stray == []
    assert found.empty == [ONE]


def test_an_empty_folder_holds_nobody(tmp_path: Path) -> None:
    """It is no error here: whoever asked says so."""
    found = files_by_school(tmp_path)
    assert (found.files, found.stray, found.empty) == ({}, [], [])


def test_an_empty_folder_of_a_school_with_files_beside_it_is_not_empty(tmp_path: Path) -> None:
    """Its files lie elsewhere."""
    (tmp_path / ONE).mkdir()
    made(tmp_path, f"{ONE}.csv")
    assert files_by_school(tmp_path).empty == []


@pytest.mark.parametrize("name", ["missing", "file"])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    """A file, or nothing at all."""
    made(tmp_path, "file")
    with pytest.raises(UnreadableFile):
        files_by_school(tmp_path / name)


def test_a_closed_folder_makes_its_school_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can't be looked into stands among the files: half a school would seem departed."""
    made(tmp_path, f"{ONE}/eleves.csv", f"{ONE}/ce2/eleves.csv", f"{TWO}/eleves.csv")
    closed, scandir = tmp_path / ONE / "ce2", os.scandir

    def refusing(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "closed", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)

    assert names(tmp_path) == {ONE: [f"{ONE}/ce2", f"{ONE}/eleves.csv"], TWO: [f"{TWO}/eleves.csv"]}
