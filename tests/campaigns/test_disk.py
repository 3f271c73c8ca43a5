"""Disks that are full or read-only: the campaign stops with words, and is resumed whole."""

import json
import shutil
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.letters.manifest_checking import verify_folder
from tests.campaigns.academy import (
    assert_nothing_printed_is_wrong,
    assert_whole,
    found_academy,
    found_schools,
)
from tests.campaigns.disks import small_disk
from tests.campaigns.night import campaign_of, journal_of, night

SCHOOLS, LETTERS = 4, 9
ALL = SCHOOLS * LETTERS


def run(office: Services, folder: Path, place: Path) -> tuple[int, str]:
    """Run the campaign once; return its exit code and what it told a person."""
    number = len(list(place.glob("said-*")))
    command = campaign_of(folder, "--workers", "1")
    with night(command, office.settings, place / f"said-{number}") as running:
        code = running.code()
        running.assert_left_nobody()
        return code, running.err


@pytest.mark.slow
def test_a_full_disk_stops_the_campaign_and_a_larger_one_completes_it(
    postgres_office: Services, tmp_path: Path
) -> None:
    """Exit 5 and one sentence; nothing half-published, not one byte of a letter left over."""
    found_academy(postgres_office, SCHOOLS, LETTERS)
    with small_disk(tmp_path / "disk", "160k") as disk:
        code, said = run(postgres_office, disk.folder, tmp_path)
        assert code == 5, said
        assert "Campagne arrêtée." in said
        assert "plein" in said
        assert "Relancez la même commande" in said
        assert_nothing_printed_is_wrong(postgres_office, disk.folder)
        journal_of(disk.folder)
        disk.again("size=8m")
        code, said = run(postgres_office, disk.folder, tmp_path)
        assert code == 0, said
        assert_whole(postgres_office, disk.folder, ALL)
        assert journal_of(disk.folder)[-1]["event"] == "ended"


@pytest.mark.slow
def test_a_disk_that_fills_up_after_the_letters_is_told(
    postgres_office: Services, tmp_path: Path
) -> None:
    """Report and manifest of the night before stay whole; exit 5; the next run writes them."""
    found_academy(postgres_office, 1, 3)
    with small_disk(tmp_path / "disk", "8m") as disk:
        assert run(postgres_office, disk.folder, tmp_path)[0] == 0
        before = {path.name: path.read_bytes() for path in disk.folder.iterdir() if path.is_file()}
        # The log has room left in its last block, but not for a line.
        with (disk.folder / "journal.jsonl").open("a") as log:
            log.write(json.dumps("x" * (4096 - log.tell() % 4096 - 10)) + "\n")
        disk.fill()
        code, said = run(postgres_office, disk.folder, tmp_path)
        assert code == 5, said
        assert "Le bilan n'a pas pu être écrit." in said
        assert "Le manifeste n'a pas pu être écrit." in said
        assert "Le journal n'est pas entier" in said
        journal_of(disk.folder)
        disk.empty()
        for name in ("bilan.html", "bilan.xlsx", "manifeste.json"):
            assert (disk.folder / name).read_bytes() == before[name]
        assert verify_folder(disk.folder).findings == []
        assert run(postgres_office, disk.folder, tmp_path)[0] == 0
        assert_whole(postgres_office, disk.folder, 3)


@pytest.mark.slow
def test_a_read_only_folder_is_refused_before_any_account_is_opened(
    postgres_office: Services, tmp_path: Path
) -> None:
    """Exit 5, and the database is as it was."""
    found_academy(postgres_office, 1, 3)
    with small_disk(tmp_path / "disk", "8m") as disk:
        disk.again("ro")
        code, said = run(postgres_office, disk.folder, tmp_path)
        assert code == 5, said
        assert "lecture seule" in said
        assert_nothing_printed_is_wrong(postgres_office, disk.folder)
        assert list(disk.folder.iterdir()) == []
        disk.again("rw")
        assert run(postgres_office, disk.folder, tmp_path)[0] == 0
        assert_whole(postgres_office, disk.folder, 3)


@pytest.mark.slow
def test_a_school_whose_folder_is_a_file_fails_alone(
    postgres_office: Services, tmp_path: Path
) -> None:
    """Exit 4, the others are done; once the file is away it is done too."""
    first, *_ = found_academy(postgres_office, 3, 3)
    output = tmp_path / "out"
    output.mkdir(mode=0o700)
    (output / first).write_text("not a folder")
    code, said = run(postgres_office, output, tmp_path)
    assert code == 4, said
    assert first in said
    assert_nothing_printed_is_wrong(postgres_office, output)
    assert {path.parent.name for path in output.rglob("*-courriers.pdf")} == set(
        found_schools(postgres_office)
    ) - {first}
    (output / first).unlink()
    assert run(postgres_office, output, tmp_path)[0] == 0
    assert_whole(postgres_office, output, 9)


@pytest.mark.slow
def test_a_manifest_that_a_kill_prevented_is_written_by_the_next_run(
    postgres_office: Services, tmp_path: Path
) -> None:
    """Letters without manifest, or half of one: nothing is printed, both manifests are whole."""
    first, second, third = found_academy(postgres_office, 3, 3)
    output = tmp_path / "out"
    assert run(postgres_office, output, tmp_path)[0] == 0
    (output / first / "manifeste.json").unlink()
    (output / second / "manifeste.json.part").write_bytes(b"{")
    shutil.rmtree(output / third)  # printed, handed out and erased: nothing to be written there
    assert run(postgres_office, output, tmp_path)[0] == 0
    assert not (output / third).exists()
    found = verify_folder(output)
    assert found.findings == []
    assert found.letters == 6
