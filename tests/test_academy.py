"""The academy of the measurements: what it writes is what schools deliver, and commands take."""

from collections import defaultdict
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from benchmarks.academy.writing import ROSTERS, SCHOOLS, Academy, write_academy
from educonnect_admin.domain.uai import academy_of, parse_uai
from educonnect_admin.rosters.read import read_files
from educonnect_admin.rosters.rows import FileKind
from educonnect_admin.rosters.schools import read_schools

TODAY = date(2026, 11, 23)
SIZE = 14


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An academy of fourteen schools: a whole sector and the beginning of another."""
    place = tmp_path_factory.mktemp("academy")
    _written(place)
    return place


def _written(folder: Path) -> Academy:
    return write_academy(folder / "academy", SIZE, seed=1)


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Measured again next year, it is the same academy."""
    _written(tmp_path)

    assert _digests(tmp_path) == _digests(folder)


def test_every_school_is_one_of_the_academy_and_has_its_folder(folder: Path) -> None:
    """Numbers have their check letter and belong to one academy; the list has no fault."""
    listed = read_schools(folder / "academy" / SCHOOLS)

    assert listed.problems == ()
    uais = [parse_uai(row.uai) for row in listed.rows]
    assert {academy.code for uai in uais if (academy := academy_of(uai))} == {"70"}
    assert sorted(uais) == sorted(path.name for path in (folder / "academy" / ROSTERS).iterdir())
    assert len(uais) == SIZE


def test_files_are_read_whole_and_families_live_in_two_schools(folder: Path) -> None:
    """No row is refused, collèges deliver SIECLE's files, some parents are known twice (R-7)."""
    schools: dict[tuple[str | None, ...], set[str]] = defaultdict(set)
    pupils = 0
    for place in sorted((folder / "academy" / ROSTERS).iterdir()):
        readings = read_files(sorted(place.iterdir()), today=TODAY)
        assert sum(reading.refused for reading in readings) == 0
        pupils += sum(len(reading.pupils) for reading in readings)
        for reading in readings:
            assert reading.kind in {FileKind.PUPILS, FileKind.GUARDIANS}
            for one in reading.guardians:
                if one.email and one.mobile:
                    who = (one.family_name, one.given_name, one.email, one.mobile)
                    schools[who].add(place.name)

    assert sum(len(found) > 1 for found in schools.values()) > 10
    assert abs(pupils - SIZE * 300_000 / 2_800) < SIZE


def test_an_academy_has_guardians_as_the_real_one(tmp_path: Path) -> None:
    """Five guardians to three pupils, whatever the size."""
    written = _written(tmp_path)

    assert 1.6 < written.guardians / written.pupils < 1.75
