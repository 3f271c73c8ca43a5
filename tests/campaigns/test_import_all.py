"""`roster import-all`: what is imported, what is told, and what a second run does."""

import re
import stat
from pathlib import Path

import pytest
from openpyxl import load_workbook

from educonnect_admin.edge import Services
from tests.campaigns.academy import found_academy
from tests.campaigns.night import journal_of
from tests.campaigns.rosters import imports_of, pupils_by_school, write_rosters
from tests.cli.running import Terminal
from tests.rosters.files import PUPILS, pupil, text

KEYS = {
    "kind", "academy", "schools", "done", "remarks", "failed", "left", "failures", "stopped",
    "seconds", "rows", "pupils_new", "pupils_changed", "pupils_departed", "guardians_new",
    "guardians_changed", "guardians_departed", "refused", "kept", "ambiguous", "row_remarks",
    "report", "rejects", "dry_run", "left_out", "without_files", "no_pupils_file", "unchanged",
}  # fmt: skip


def test_all_schools_are_imported_and_a_second_run_changes_nothing(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """Every school whole, with a report; again: nothing new; a new pupil: that one only."""
    uais = found_academy(services, 3, 0)
    rosters = write_rosters(tmp_path / "rosters", uais, 5)
    report = tmp_path / "report"
    answer = run(*imports_of(rosters, "--report", str(report)))
    assert answer.code == 0, answer.err
    assert answer.json.keys() == KEYS
    assert answer.json["done"] == 3
    assert (answer.json["pupils_new"], answer.json["guardians_new"]) == (15, 15)
    assert answer.json["rows"] == 30
    assert pupils_by_school(services) == dict.fromkeys(uais, 5)
    assert answer.json["report"].keys() == {"page", "workbook"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in report.iterdir()} == {0o600}
    assert stat.S_IMODE(report.stat().st_mode) == 0o700
    assert len([line for line in journal_of(report) if line["event"] == "school"]) == 3

    answer = run(*imports_of(rosters))
    assert answer.code == 0, answer.err
    assert (answer.json["pupils_new"], answer.json["pupils_changed"]) == (0, 0)
    assert (answer.json["rows"], answer.json["unchanged"]) == (0, 3)
    assert "Inchangés, pas relus : les fichiers de 3 écoles." in answer.err
    assert answer.json["report"] == {}

    with (rosters / uais[0] / "eleves.csv").open("a") as file:
        file.write(f"{pupil(family='NOUVELLE')}\n")
    answer = run(*imports_of(rosters))
    assert answer.code == 0, answer.err
    assert answer.json["pupils_new"] == 1
    assert pupils_by_school(services) == {uais[0]: 6, uais[1]: 5, uais[2]: 5}


def test_a_dry_run_imports_nothing(run: Terminal, services: Services, tmp_path: Path) -> None:
    """It says what would be done; neither the database nor a folder is touched."""
    uais = found_academy(services, 2, 0)
    rosters = write_rosters(tmp_path / "rosters", uais, 5)
    answer = run(
        *imports_of(rosters, "--dry-run", "--report", str(tmp_path / "report")),
        *("--rejects", str(tmp_path / "rejects")),
    )
    assert answer.code == 0, answer.err
    assert answer.json.keys() == KEYS
    assert answer.json["pupils_new"] == 10
    assert answer.json["dry_run"]
    assert pupils_by_school(services) == {}
    assert not (tmp_path / "report").exists()
    assert not (tmp_path / "rejects").exists()


def test_refused_rows_are_given_back_by_school(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """Exit 4; a workbook for the school that has some, none for the other; modes 700 and 600."""
    uais = found_academy(services, 2, 0)
    rosters = write_rosters(tmp_path / "rosters", uais, 5)
    with (rosters / uais[1] / "eleves.csv").open("a") as file:
        file.write(f"{pupil(family='FAUTIVE', birth='31/02/2018')}\n")
    report = tmp_path / "report"
    answer = run(*imports_of(rosters, "--report", str(report)))
    assert answer.code == 4, answer.err
    files = " ".join(str(rosters / uais[1] / f"{one}.csv") for one in ("eleves", "responsables"))
    rejects = f"--rejects {uais[1]}-lignes-refusees.xlsx"
    assert f"roster import {files} --school {uais[1]} {rejects}" in answer.err
    assert "1 ligne refusée : date de naissance impossible (1)." in answer.err
    book = load_workbook(report / "bilan.xlsx")
    heading, row = book["Remarques"].iter_rows(values_only=True)
    assert dict(zip(heading, row, strict=True)) == {
        "UAI": uais[1], "École": book["Écoles"]["B3"].value, "Fichier": "eleves.csv", "Ligne": 7,
        "Colonne": "Date naissance", "Refusée": "oui", "Code": "impossible_birth_date",
        "Ce que c'est": "date de naissance impossible",
    }  # fmt: skip
    assert "FAUTIVE" not in str([list(sheet.iter_rows(values_only=True)) for sheet in book])

    answer = run(*imports_of(rosters, "--rejects", str(tmp_path / "rejects")))
    assert answer.code == 4, answer.err
    assert (answer.json["done"], answer.json["remarks"], answer.json["refused"]) == (1, 1, 1)
    (path,) = (tmp_path / "rejects").glob(f"{uais[1]}-lignes-refusees-*.xlsx")
    assert answer.json["rejects"] == {uais[1]: str(path)}
    assert f"À corriger dans {path}, puis à importer tel quel." in answer.err
    assert f"educonnect-admin roster import {path} --school {uais[1]}\n" in answer.err
    assert list(path.parent.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    cells = [cell.value for sheet in load_workbook(path) for row in sheet for cell in row]
    assert "FAUTIVE" in cells


def test_two_extractions_in_one_folder_are_told(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """The same pupils in another file, one of them with another birth date."""
    (uai,) = found_academy(services, 1, 0)
    rosters = write_rosters(tmp_path / "rosters", [uai], 5)
    older = (rosters / uai / "eleves.csv").read_text().replace("2018", "2017", 2)
    (rosters / uai / "eleves (1).csv").write_text(older)
    answer = run(*imports_of(rosters))
    assert answer.code == 4, answer.err
    assert "deux extractions dans un dossier ?" in answer.err


def test_rows_that_are_all_refused_are_given_back_too(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """The school fails, nothing of it is imported, and its workbook says why; as one alone."""
    uais = found_academy(services, 1, 0)
    school = tmp_path / "rosters" / uais[0]
    school.mkdir(parents=True)
    (school / "eleves.csv").write_text(text(PUPILS, pupil(family="FAUTIVE", birth="31/02/2018")))
    answer = run(*imports_of(tmp_path / "rosters", "--rejects", str(tmp_path / "rejects")))
    assert answer.code == 3, answer.err
    assert answer.json["failed"] == 1
    path = Path(answer.json["rejects"][uais[0]])
    assert "FAUTIVE" in [cell.value for row in load_workbook(path).worksheets[0] for cell in row]


def test_a_school_that_fails_stops_no_other(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """An unknown school and an unreadable file are told; the others are imported: exit 4."""
    uais = found_academy(services, 3, 0)
    rosters = write_rosters(tmp_path / "rosters", [*uais, "0140070A"], 5)
    (rosters / uais[1] / "eleves.csv").write_bytes(b"\x00\x01")
    answer = run(*imports_of(rosters))
    assert answer.code == 4, answer.err
    assert (answer.json["done"], answer.json["failed"]) == (2, 2)
    assert {failure["school"] for failure in answer.json["failures"]} == {uais[1], "0140070A"}
    assert pupils_by_school(services) == {uais[0]: 5, uais[2]: 5}


def test_schools_that_all_fail_give_the_code_of_a_refusal(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """Nothing was imported: 3, not 4."""
    rosters = write_rosters(tmp_path / "rosters", ["0140070A"], 2)
    answer = run(*imports_of(rosters))
    assert answer.code == 3, answer.err
    assert answer.json["failed"] == 1


def test_a_file_that_goes_away_meanwhile_fails_its_school_alone(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """A link to nowhere, or a file moved while the command starts: the others are imported."""
    uais = found_academy(services, 2, 0)
    rosters = write_rosters(tmp_path / "rosters", uais, 5)
    (rosters / f"{uais[0]}.csv").symlink_to(tmp_path / "nowhere")
    answer = run(*imports_of(rosters))
    assert answer.code == 4, answer.err
    assert pupils_by_school(services) == {uais[1]: 5}


def test_what_is_no_schools_is_named_and_left(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """By path, with the letter a number should end in, and in the report: exit 4, nobody fails."""
    uais = found_academy(services, 1, 0)
    rosters = write_rosters(tmp_path / "rosters", uais, 5)
    (rosters / "notes.csv").write_text(text(PUPILS))
    (rosters / "0140070A").mkdir()
    for wrong in ("0140070B", "0140070A-0752387M"):
        (rosters / wrong).mkdir()
        (rosters / wrong / "CSVExtraction.csv").write_text(text(PUPILS))
    answer = run(*imports_of(rosters, "--report", str(tmp_path / "report")))
    assert answer.code == 4, answer.err
    assert (answer.json["done"], answer.json["failed"]) == (1, 0)
    assert "0140070A" in answer.err
    told = {one["where"]: one["reason"] for one in answer.json["left_out"]}
    assert told.keys() == {
        "notes.csv", "0140070B/CSVExtraction.csv", "0140070A-0752387M/CSVExtraction.csv",
    }  # fmt: skip
    assert "devrait être A" in told["0140070B/CSVExtraction.csv"]
    assert "deux numéros" in told["0140070A-0752387M/CSVExtraction.csv"]
    page = (tmp_path / "report" / "bilan.html").read_text()
    book = load_workbook(tmp_path / "report" / "bilan.xlsx")
    said = [cell.value for cell in book["Fichiers d'aucune école"]["A"]]
    for where in told:
        assert where in answer.err
        assert where in page
        assert where in said
    given = [line for line in journal_of(tmp_path / "report") if line["event"] == "given"]
    assert [(line["left_out"], line["without_files"]) for line in given] == [(3, [])]


def test_schools_that_sent_nothing_are_told(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """Those of the office without a file, and that which sent no pupils: the latter to look at."""
    uais = found_academy(services, 3, 0)
    rosters = write_rosters(tmp_path / "rosters", uais[:2], 2)
    assert run(*imports_of(rosters)).code == 0
    (rosters / uais[0] / "eleves.csv").unlink()
    answer = run(*imports_of(rosters, "--report", str(tmp_path / "report")))
    assert answer.code == 4, answer.err
    assert answer.json["without_files"] == uais[2:]
    assert (answer.json["remarks"], answer.json["no_pupils_file"]) == (1, 1)
    assert "Pas de fichier d'élèves" in answer.err
    page = (tmp_path / "report" / "bilan.html").read_text()
    assert "Écoles du bureau sans fichier (1)" in page
    assert "Écoles du dossier «rosters»" in page
    sheet = load_workbook(tmp_path / "report" / "bilan.xlsx")["Écoles du bureau sans fichier"]
    assert sheet["A2"].value == uais[2]


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_any_school_is_refused(run: Terminal, tmp_path: Path, name: str) -> None:
    """Exit 3, with words."""
    (tmp_path / "empty").mkdir()
    answer = run("roster", "import-all", str(tmp_path / name))
    assert answer.code == 3, answer.err
    assert name in answer.err


def _left_by(rosters: Path, uai: str, other: str) -> None:
    """Let a school send the files of another, under no number that would tell."""
    for name in ("eleves.csv", "responsables.csv"):
        (rosters / uai / name).write_bytes((rosters / other / name).read_bytes())
    text_of = (rosters / uai / "eleves.csv").read_text()
    (rosters / uai / "eleves.csv").write_text(re.sub(r"\d{9}AA", "", text_of))


def test_departures_are_confirmed_school_by_school(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """Told with the school whom they resemble and the command; confirmed for the named one only."""
    uais = found_academy(services, 3, 0)
    rosters = write_rosters(tmp_path / "rosters", uais, 5)
    assert run(*imports_of(rosters)).code == 0
    for uai in uais[:2]:
        _left_by(rosters, uai, uais[2])
    refused = run(*imports_of(rosters))
    assert refused.code == 4, refused.err
    for failure, uai in zip(refused.json["failures"], uais, strict=False):
        files = " ".join(str(rosters / uai / f"{one}.csv") for one in ("eleves", "responsables"))
        assert failure["command"] == (
            f"educonnect-admin roster import {files} --school {uai} --accept-departures"
        )
        assert f"ressemblent à ceux de l'école {uais[2]}" in failure["reasons"][0]
        assert failure["command"] in refused.err

    (tmp_path / "sure.txt").write_text(f"{uais[1]}\n")
    for sure, left in ((uais[0], 1), (str(tmp_path / "sure.txt"), 0)):
        answer = run(*imports_of(rosters, "--accept-departures", sure))
        assert answer.code == (4 if left else 0), answer.err
        assert answer.json["failed"] == left


@pytest.mark.parametrize("typed", ["--json", "0140070B", "bad.txt"])
def test_a_consent_for_nobody_is_refused(run: Terminal, tmp_path: Path, typed: str) -> None:
    """Exit 2: neither a number nor a list, or a list with a wrong line: nothing is half obeyed."""
    (tmp_path / "bad.txt").write_text("0140070A\n0140070B\n")
    typed = str(tmp_path / typed) if typed.endswith(".txt") else typed
    answer = run("roster", "import-all", str(tmp_path), "--accept-departures", typed)
    assert answer.code == 2, answer.err
    assert "Nommez les écoles" in answer.err


def test_a_consent_for_a_school_without_files_is_told(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """A number that was mistyped, and is right all the same, confirms nothing."""
    uais = found_academy(services, 1, 0)
    rosters = write_rosters(tmp_path / "rosters", uais, 2)
    answer = run(*imports_of(rosters, "--accept-moves", "0140070A"))
    assert answer.code == 0, answer.err
    assert "--accept-moves : pas de fichier dans ce dossier pour 0140070A." in answer.err


def test_what_is_no_folder_of_schools_is_told_how_one_is_named(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """Nothing there, a file, a folder without a number: one sentence, the rule in it, exit 3."""
    (tmp_path / "eleves.csv").touch()
    for name in ("nulle-part", "eleves.csv", "."):
        answer = run("roster", "import-all", str(tmp_path / name))
        assert answer.code == 3, answer.err
        assert "0140070A/eleves.csv" in answer.err
