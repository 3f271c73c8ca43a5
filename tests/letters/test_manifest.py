"""A manifest tells what was put there, and a folder is compared with it file by file."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from educonnect_admin.domain.errors import UnwritableFolder
from educonnect_admin.domain.manifest_errors import BadManifest, ManifestTrouble, NoManifest
from educonnect_admin.letters.manifest import (
    FILE_NAME,
    CampaignManifest,
    SchoolManifest,
    campaign_manifest,
    school_manifest,
)
from educonnect_admin.letters.manifest_checking import verify_folder
from educonnect_admin.letters.manifest_findings import Fault
from educonnect_admin.letters.manifest_reading import read_manifest
from educonnect_admin.office.printing.letter_folder import part_of, replace_file
from tests.conftest import NOW
from tests.support.households import CHARLEMAGNE, MARIE_CURIE
from tests.support.manifests import school_line, write_campaign, write_school

LETTERS = "lot-000001-01-CP-courriers.pdf"
BEGUN = "0270345D"
SLIP = "lot-000001-01-CP-bordereau.pdf"


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """Two schools, two files each, and a report beside them."""
    folder = tmp_path / "nuit"
    write_campaign(folder, [school_line(), school_line(MARIE_CURIE)], beside=["bilan.html"])
    (folder / "bilan.html").touch(mode=0o600)
    return folder


def test_a_manifest_is_read_as_it_was_written() -> None:
    """Every figure comes back; the files stand in the order of their names."""
    line = school_line()

    manifest = read_manifest(school_manifest(line, NOW), Path(FILE_NAME))

    assert isinstance(manifest, SchoolManifest)
    assert (manifest.uai, manifest.school, manifest.made_at) == (line.uai, line.name, NOW)
    assert sorted(line.files, key=lambda file: file.name) == list(manifest.files)


def test_a_manifest_says_what_programs_may_read() -> None:
    """The keys of the file are promises too; the same facts make the same bytes."""
    written = school_manifest(school_line(), NOW)
    told = json.loads(written)

    assert set(told) == {"manifest", "version", "uai", "school", "made_at", "files"}
    assert told["files"][1] == {
        "name": LETTERS,
        "kind": "letters",
        "class": "CP A",
        "letters": 21,
        "last_day": "2027-02-23",
        "sha256": school_line().files[0].sha256,
        "bytes": school_line().files[0].size,
    }
    assert written == school_manifest(school_line(), NOW)


def test_a_campaign_answers_for_its_schools(night: Path) -> None:
    """Each with the digest of its own manifest, its letters and files counted."""
    content = (night / FILE_NAME).read_bytes()
    manifest = read_manifest(content, night / FILE_NAME)

    assert isinstance(manifest, CampaignManifest)
    assert [(one.uai, one.letters, one.files) for one in manifest.schools] == [
        (CHARLEMAGNE, 21, 2),
        (MARIE_CURIE, 21, 2),
    ]
    assert campaign_manifest(manifest) == content


def _damaged(**changes: Any) -> bytes:
    told = json.loads(school_manifest(school_line(), NOW))
    told["files"] = told["files"][:1]
    told["files"][0] |= {key: changes.pop(key) for key in set(changes) & set(told["files"][0])}
    return json.dumps(told | changes).encode()


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", "unreadable"),
        (school_manifest(school_line(), NOW)[:-9], "unreadable"),
        (b"\xff\xfe{}", "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b"[]", "foreign"),
        (b'{"name": "npm"}', "foreign"),
        (_damaged(version=2), "other_version"),
        (_damaged(uai="0140070B"), "damaged"),
        (_damaged(made_at="2026-11-23"), "damaged"),
        (_damaged(made_at=12), "damaged"),
        (_damaged(more="x"), "damaged"),
        (_damaged(files={}), "damaged"),
        (_damaged(files=[{}]), "damaged"),
        (_damaged(kind="photo"), "damaged"),
        (_damaged(letters=True), "damaged"),
        (_damaged(letters=-1), "damaged"),
        (_damaged(bytes=1.5), "damaged"),
        (_damaged(sha256="ABC"), "damaged"),
        (_damaged(last_day="2027-02-30"), "damaged"),
        (_damaged().replace(b'"letters": 0', b'"letters": NaN'), "damaged"),
        (_damaged().replace(b'"version": 1', b'"version": 1, "version": 1'), "damaged"),
        *(
            (_damaged(name=name), "unsafe_name")
            for name in (
                "", ".", "..", "../a.pdf", "/etc/passwd", "a/b.pdf", "a\\b.pdf", "C:a.pdf",
                "a\x00.pdf", "\x1b[2J.pdf", "\udcff.pdf", "manifeste.json", "a" * 256,
            )
        ),
    ],
)  # fmt: skip
def test_a_damaged_manifest_is_refused(content: bytes, trouble: str) -> None:
    """Nothing of it is believed, and no name in it leads out of its folder."""
    with pytest.raises(BadManifest) as refused:
        read_manifest(content, Path(FILE_NAME))

    assert refused.value.trouble is ManifestTrouble(trouble)


@pytest.mark.parametrize("folder", ["../x", "/x", "a/b", "..", ""])
def test_a_campaign_names_no_folder_elsewhere(night: Path, folder: str) -> None:
    """The folder of a school lies in that of the campaign."""
    told = json.loads((night / FILE_NAME).read_bytes())
    told["schools"][0]["folder"] = folder
    (night / FILE_NAME).write_text(json.dumps(told), encoding="utf-8")

    with pytest.raises(BadManifest) as refused:
        verify_folder(night)
    assert refused.value.trouble is ManifestTrouble.UNSAFE_NAME


def test_an_untouched_folder_is_whole(night: Path) -> None:
    """Of a campaign, of a school: no finding, and every file was read."""
    whole, one = verify_folder(night), verify_folder(night / CHARLEMAGNE)

    assert (whole.schools, len(whole.intact), whole.letters) == (2, 4, 42)
    assert (one.schools, sorted(map(str, one.intact))) == (1, [SLIP, LETTERS])
    assert [*whole.findings, *one.findings] == []
    assert whole.is_whole()


def _alter(night: Path) -> None:
    path = night / CHARLEMAGNE / LETTERS
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    path.write_bytes(content)


def _link_instead(night: Path) -> None:
    path = night / CHARLEMAGNE / LETTERS
    shutil.move(path, night.parent / "elsewhere.pdf")
    path.symlink_to(night.parent / "elsewhere.pdf")


def _link_the_folder(night: Path) -> None:
    shutil.move(night / CHARLEMAGNE, night.parent / "elsewhere")
    (night / CHARLEMAGNE).symlink_to(night.parent / "elsewhere")


def _pipe_instead(night: Path) -> None:
    (night / CHARLEMAGNE / LETTERS).unlink()
    os.mkfifo(night / CHARLEMAGNE / LETTERS)


def _rewrite(night: Path) -> None:
    path = night / CHARLEMAGNE / FILE_NAME
    path.write_bytes(path.read_bytes().replace(b'"letters": 21', b'"letters": 20'))


def _begin(night: Path) -> None:
    (night / BEGUN).mkdir(0o700)
    for name in (LETTERS, f"{SLIP}.part"):
        (night / BEGUN / name).touch(0o600)


def _begin_with_a_stranger(night: Path) -> None:
    (night / BEGUN).mkdir(0o700)
    for name in (LETTERS, "x.pdf"):
        (night / BEGUN / name).touch(0o600)


def _finish_unlisted(night: Path) -> None:
    write_school(night / BEGUN, school_line(BEGUN))


def _roster_of(night: Path) -> None:
    (night / BEGUN).mkdir(0o700)
    (night / BEGUN / "eleves.csv").touch(0o600)


PLANTED: list[tuple[str, Callable[[Path], Any], list[tuple[Fault, str]]]] = [
    ("altered", _alter, [(Fault.ALTERED, f"{CHARLEMAGNE}/{LETTERS}")]),
    ("gone", lambda night: (night / CHARLEMAGNE / SLIP).unlink(),
     [(Fault.MISSING, f"{CHARLEMAGNE}/{SLIP}")]),
    ("added", lambda night: (night / CHARLEMAGNE / "x.pdf").touch(0o600),
     [(Fault.UNLISTED, f"{CHARLEMAGNE}/x.pdf")]),
    ("added beside", lambda night: (night / "x").mkdir(0o700), [(Fault.UNLISTED, "x")]),
    ("unfinished", lambda night: (night / CHARLEMAGNE / f"{SLIP}.part").touch(0o600),
     [(Fault.UNFINISHED, f"{CHARLEMAGNE}/{SLIP}.part")]),
    ("mode", lambda night: (night / CHARLEMAGNE / SLIP).chmod(0o640),
     [(Fault.WIDE, f"{CHARLEMAGNE}/{SLIP}")]),
    ("mode of a folder", lambda night: (night / CHARLEMAGNE).chmod(0o701),
     [(Fault.WIDE, CHARLEMAGNE)]),
    ("mode of the whole", lambda night: night.chmod(0o750), [(Fault.WIDE, ".")]),
    ("mode of the report", lambda night: (night / "bilan.html").chmod(0o644),
     [(Fault.WIDE, "bilan.html")]),
    ("link", lambda night: (night / CHARLEMAGNE / "x.pdf").symlink_to("/etc/passwd"),
     [(Fault.LINK, f"{CHARLEMAGNE}/x.pdf")]),
    ("link instead", _link_instead, [(Fault.REPLACED, f"{CHARLEMAGNE}/{LETTERS}")]),
    ("pipe instead", _pipe_instead, [(Fault.REPLACED, f"{CHARLEMAGNE}/{LETTERS}")]),
    ("folder by link", _link_the_folder, [(Fault.REPLACED, CHARLEMAGNE)]),
    ("no manifest", lambda night: (night / CHARLEMAGNE / FILE_NAME).unlink(),
     [(Fault.NO_MANIFEST, f"{CHARLEMAGNE}/{FILE_NAME}")]),
    ("no folder", lambda night: shutil.rmtree(night / CHARLEMAGNE),
     [(Fault.SCHOOL_GONE, f"{CHARLEMAGNE}/{FILE_NAME}")]),
    ("begun and cut", _begin,
     [(Fault.NOT_FINISHED, BEGUN), (Fault.UNFINISHED, f"{BEGUN}/{SLIP}.part")]),
    ("begun, nothing made yet", lambda night: (night / BEGUN).mkdir(0o700),
     [(Fault.NOT_FINISHED, BEGUN)]),
    ("a stranger in what was begun", _begin_with_a_stranger,
     [(Fault.NOT_FINISHED, BEGUN), (Fault.UNLISTED, f"{BEGUN}/x.pdf")]),
    ("finished, not listed yet", _finish_unlisted, [(Fault.NOT_FINISHED, BEGUN)]),
    ("a school's number on what no campaign made", _roster_of,  [(Fault.UNLISTED, BEGUN)]),
    ("no manifest of all", lambda night: (night / FILE_NAME).unlink(),
     [(Fault.NO_MANIFEST, FILE_NAME)]),
    ("manifest rewritten", _rewrite, [(Fault.BAD_MANIFEST, f"{CHARLEMAGNE}/{FILE_NAME}")]),
    ("manifest cut", lambda night: os.truncate(night / CHARLEMAGNE / FILE_NAME, 99),
     [(Fault.BAD_MANIFEST, f"{CHARLEMAGNE}/{FILE_NAME}")]),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "found"), [one[1:] for one in PLANTED],
                         ids=[one[0] for one in PLANTED])  # fmt: skip
def test_each_defect_is_found_and_nothing_else(
    night: Path, plant: Callable[[Path], Any], found: list[tuple[Fault, str]]
) -> None:
    """What was planted, where it was planted; the other school stays intact."""
    plant(night)

    verified = verify_folder(night)

    assert [(one.fault, str(one.path)) for one in verified.findings] == found
    assert Path(MARIE_CURIE, LETTERS) in verified.intact
    assert verified.is_whole() is (found[0][0] is Fault.WIDE)
    assert verified.is_whole(printed=True) is (found[0][0] in {Fault.WIDE, Fault.MISSING})


def test_a_school_that_is_gone_is_more_than_files_that_are(night: Path) -> None:
    """Its manifest went too, which nobody erases by printing: `printed` does not cover it."""
    shutil.rmtree(night / CHARLEMAGNE)
    (night / MARIE_CURIE / SLIP).unlink()

    verified = verify_folder(night)

    assert verified.gone == 1
    assert [one.files for one in verified.found(Fault.SCHOOL_GONE)] == [2]
    assert not verified.is_whole(printed=True)


@pytest.mark.parametrize("plant", [_begin, lambda night: (night / BEGUN).mkdir(0o700)])
def test_a_school_that_was_begun_is_one_by_itself(
    tmp_path: Path, plant: Callable[[Path], Any]
) -> None:
    """Its folder alone, before any manifest was written: not finished, which is no refusal."""
    plant(tmp_path)

    found = verify_folder(tmp_path / BEGUN).findings

    assert (found[0].fault, found[0].path) == (Fault.NOT_FINISHED, Path())


def test_a_campaign_that_was_cut_before_any_manifest_is_told(tmp_path: Path) -> None:
    """Its begun school is found; a folder of rosters beside it would not have been one."""
    _begin(tmp_path)

    assert Fault.NOT_FINISHED in [one.fault for one in verify_folder(tmp_path).findings]
    shutil.rmtree(tmp_path / BEGUN)
    _roster_of(tmp_path)
    for folder in (tmp_path, tmp_path / BEGUN):
        with pytest.raises(NoManifest):
            verify_folder(folder)


def test_a_folder_without_any_manifest_is_refused(tmp_path: Path) -> None:
    """There is nothing to compare it with."""
    (tmp_path / "photos").mkdir()

    with pytest.raises(NoManifest):
        verify_folder(tmp_path)


def test_a_manifest_is_replaced_whole(tmp_path: Path) -> None:
    """Mode 600 whatever stood there; on failure the former one stays."""
    path = tmp_path / FILE_NAME
    path.write_text("former", encoding="utf-8")
    path.chmod(0o644)

    replace_file(path, b"new")

    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)
    assert not part_of(path).exists()
    part_of(path).mkdir()
    with pytest.raises(UnwritableFolder):
        replace_file(path, b"newer")
    assert path.read_bytes() == b"new"
