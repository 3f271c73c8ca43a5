"""`letters campaign`: what is printed, what is told, and what a second run does."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import func, select

from educonnect_admin.cli.campaigns import letters
from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.campaign_errors import ClusterUnavailable
from educonnect_admin.edge import Services
from educonnect_admin.letters.manifest_checking import verify_folder
from tests.campaigns.academy import add_pupils, assert_whole, found_academy
from tests.campaigns.inline import InlineCrew
from tests.campaigns.night import campaign_of, journal_of
from tests.cli.running import Answer, Terminal

KEYS = {
    "kind", "academy", "schools", "done", "remarks", "failed", "left", "failures", "stopped",
    "seconds", "letters", "standing", "accounts_created", "last_day", "output", "report",
    "dry_run",
}  # fmt: skip


def listed(folder: Path, *lines: str) -> Path:
    """Return a list of schools."""
    path = folder / "ecoles.txt"
    path.write_text("\n".join(lines))
    return path


def of_list(path: Path, output: Path) -> tuple[str, ...]:
    """Return the command line of a campaign over a list."""
    return ("letters", "campaign", "--schools", str(path), "--output", str(output), "--json")


def counts(answer: Answer) -> tuple[int, int, int]:
    """Return how many letters were printed now, stand in the folder, and accounts were opened."""
    said = answer.json
    return said["letters"], said["standing"], said["accounts_created"]


def test_a_campaign_prints_all_and_a_second_one_nothing(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """A folder a school, both manifests, the report; again: nothing; new pupils: theirs only."""
    first, *_ = found_academy(services, 3, 6)
    output = tmp_path / "out"
    answer = run(*campaign_of(output))
    assert answer.code == 0, answer.err
    assert answer.json.keys() == KEYS
    assert counts(answer) == (18, 18, 18)
    assert answer.json["report"] == {
        "page": str(output / "bilan.html"),
        "workbook": str(output / "bilan.xlsx"),
        "manifest": str(output / "manifeste.json"),
    }
    assert_whole(services, output, 18)

    before = {path: path.read_bytes() for path in output.glob("*/*")}
    answer = run(*campaign_of(output))
    assert answer.code == 0, answer.err
    assert counts(answer) == (0, 18, 0)
    assert answer.json["done"] == 3
    assert {path: path.read_bytes() for path in output.glob("*/*")} == before

    add_pupils(services, first, 2)
    answer = run(*campaign_of(output))
    assert answer.code == 0, answer.err
    assert counts(answer) == (2, 20, 2)
    assert_whole(services, output, 20)
    schools = [line["uai"] for line in journal_of(output) if line["event"] == "school"]
    assert len(schools) == 4
    assert schools[-1] == first


def test_a_folder_spelt_in_two_ways_is_one_folder(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """By a link and around a corner: nothing is printed again, all of it stands."""
    found_academy(services, 2, 3)
    output = tmp_path / "out"
    assert run(*campaign_of(output)).code == 0
    (tmp_path / "link").symlink_to(output)
    for same in (tmp_path / "link", output / ".." / "out"):
        answer = run(*campaign_of(same))
        assert answer.code == 0, answer.err
        assert counts(answer) == (0, 6, 0)
    assert_whole(services, output, 6)


def test_what_a_campaign_writes_is_its_owners_alone(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """Folders 700, files 600, whatever the umask."""
    found_academy(services, 2, 3)
    output = tmp_path / "out"
    assert run(*campaign_of(output)).code == 0
    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (output, *output.rglob("*"))
    }
    assert modes == {(True, 0o700), (False, 0o600)}


def test_a_dry_run_writes_nothing_and_draws_nothing(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """It says how many letters there are to print; folder and database are as they were."""
    found_academy(services, 2, 3)
    answer = run(*campaign_of(tmp_path / "out", "--dry-run"))
    assert answer.code == 0, answer.err
    assert answer.json.keys() == KEYS
    assert counts(answer) == (6, 0, 6)
    assert answer.json["dry_run"]
    assert answer.json["report"] == {}
    assert not (tmp_path / "out").exists()
    with services.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_schools_of_a_list_that_nobody_knows_fail_alone(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """Exit 4, and which; a line without a number is told and left."""
    uais = found_academy(services, 2, 3)
    path = listed(tmp_path, "UAI", uais[0], "0140070A", "n'importe quoi")
    answer = run(*of_list(path, tmp_path / "out"))
    assert answer.code == 4, answer.err
    assert (answer.json["schools"], answer.json["done"], answer.json["failed"]) == (2, 1, 1)
    assert answer.json["failures"][0]["school"] == "0140070A"
    assert "lignes 4" in answer.err
    lines = journal_of(tmp_path / "out")
    assert [line["uai"] for line in lines if line.get("state") == "failed"] == ["0140070A"]
    assert [path.name for path in (tmp_path / "out").iterdir() if path.is_dir()] == uais[:1]


def test_a_run_over_some_schools_takes_nothing_from_the_others(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """After a night of all, one school of a list in the same folder: all of it is still known."""
    uais = found_academy(services, 3, 3)
    output = tmp_path / "out"
    assert run(*campaign_of(output)).code == 0
    add_pupils(services, uais[0], 2)
    answer = run(*of_list(listed(tmp_path, uais[0]), output))
    assert answer.code == 0, answer.err
    assert counts(answer) == (2, 5, 2)
    answer = run("letters", "verify-manifest", str(output), "--json")
    assert answer.code == 0, answer.err
    assert (answer.json["schools"], answer.json["letters"]) == (3, 11)


def test_a_list_of_which_nobody_knows_any_school_is_refused(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """All fail: exit 3, and nothing is printed."""
    path = listed(tmp_path, "0140070A", "0752387M")
    answer = run(*of_list(path, tmp_path / "out"))
    assert answer.code == 3, answer.err
    assert answer.json["failed"] == 2


def test_a_folder_answers_for_the_schools_of_every_campaign_in_it(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """A campaign for other schools keeps what an earlier one printed there in the manifest."""
    first, second, _ = found_academy(services, 3, 2)
    output = tmp_path / "out"
    for uai in (first, second):
        answer = run(*of_list(listed(tmp_path, uai), output))
        assert answer.code == 0, answer.err

    found = verify_folder(output)

    assert found.is_whole()
    assert (found.schools, found.letters) == (2, 4)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--academy", "09"), 3, "Aucune école à traiter"),
        (("--academy", "99"), 3, "99"),
        ((), 2, "--academy"),
        (("--academy", "09", "--schools", "x.txt"), 2, "--schools"),
        (("--schools", "x.txt"), 3, "x.txt"),
    ],
)
def test_a_campaign_for_nobody_is_refused(
    run: Terminal, tmp_path: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    """Words and a code, and no folder."""
    answer = run("letters", "campaign", "--output", str(tmp_path / "out"), *options)
    assert answer.code == code, answer.err
    assert words in answer.err
    assert not (tmp_path / "out").exists()


def test_a_report_that_cannot_be_written_is_told(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """The letters are there; exit 5, for whoever reads the report in the morning."""
    found_academy(services, 1, 3)
    output = tmp_path / "out"
    (output / "bilan.html").mkdir(parents=True)
    answer = run(*campaign_of(output))
    assert answer.code == 5, answer.err
    assert "Le bilan n'a pas pu être écrit." in answer.err
    assert answer.json["letters"] == 3
    assert not list(output.glob("*.part"))
    (output / "bilan.html").rmdir()
    assert run(*campaign_of(output)).code == 0


def test_a_cluster_is_not_asked_for_what_is_done_already(
    run: Terminal, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing left to do: it does not matter whether anybody could do it."""
    (uai,) = found_academy(services, 1, 3)
    output = tmp_path / "out"
    assert run(*campaign_of(output)).code == 0

    def hire(_services: Services, _workers: int | None, dask: str | None) -> InlineCrew:
        if dask:
            raise ClusterUnavailable(dask, "no_answer")
        return InlineCrew()

    monkeypatch.setattr(letters, "hire", hire)
    assert run(*campaign_of(output, "--dask", "tcp://nowhere:1")).code == 0
    add_pupils(services, uai, 1)
    assert run(*campaign_of(output, "--dask", "tcp://nowhere:1")).code == 5


def test_a_batch_whose_folder_refuses_is_worth_a_look(
    run: Terminal, services: Services, tmp_path: Path
) -> None:
    """What a killed run left and nobody can finish is told each time, until somebody can."""
    (uai,) = found_academy(services, 1, 3)
    assert run(*campaign_of(tmp_path / "before")).code == 0
    with services.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE batches SET state = 'running'")
    (slip,) = (tmp_path / "before" / uai).glob("*-bordereau.pdf")
    slip.unlink()
    in_its_way = slip.with_name(f"{slip.name}.part")
    in_its_way.mkdir()
    answer = run(*campaign_of(tmp_path / "out"))
    assert answer.code == 4, answer.err
    assert answer.json["remarks"] == 1
    assert "letters recover" in answer.err
    in_its_way.rmdir()
    assert run(*campaign_of(tmp_path / "out")).code == 0
    assert slip.exists()
