"""Two campaigns at the same moment: in one folder, over the same schools, with the same child."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.people import Guardian, Pupil
from educonnect_admin.edge import Services
from tests.campaigns.academy import (
    assert_nothing_printed_is_wrong,
    assert_whole,
    found_academy,
)
from tests.campaigns.night import campaign_of, night, wait_until
from tests.campaigns.rosters import imports_of, write_rosters_that_share
from tests.campaigns.watched import WatchedDatabase
from tests.support.pdf import letters_in

SCHOOLS, LETTERS = 5, 9


@pytest.mark.slow
def test_a_second_campaign_in_the_same_folder_is_refused(
    postgres_office: Services, tmp_path: Path
) -> None:
    """Exit 3 with words, nothing written by it; the first is not disturbed."""
    found_academy(postgres_office, SCHOOLS, LETTERS)
    output = tmp_path / "out"
    command = campaign_of(output, "--workers", "1")
    settings = postgres_office.settings
    watched = WatchedDatabase(settings.database_url)
    slow = {"EDUCONNECT_HASHING": "owasp"}
    with night(command, settings, tmp_path / "first", **slow) as first:
        wait_until(lambda: watched.progress().files)
        with night(command, settings, tmp_path / "second") as second:
            assert second.code() == 3, second.err
            assert "Une autre campagne travaille déjà dans le dossier" in second.err
        assert first.code() == 0, first.err
    watched.close()
    assert_whole(postgres_office, output, SCHOOLS * LETTERS)


@pytest.mark.slow
def test_two_campaigns_over_the_same_schools_print_no_letter_twice(
    postgres_office: Services, tmp_path: Path
) -> None:
    """Each school goes to one of them, or to both in parts; both come to their end."""
    uais = found_academy(postgres_office, SCHOOLS, LETTERS)
    settings = postgres_office.settings
    folders = [tmp_path / name / "out" for name in ("one", "two")]
    nights = []
    for folder, schools in zip(folders, (uais[:4], uais[1:]), strict=True):
        folder.parent.mkdir()
        listed = folder.parent / "schools.txt"
        listed.write_text("\n".join(schools))
        command = ["letters", "campaign", "--schools", str(listed), "--output", str(folder),
                   "--workers", "1", "--json"]  # fmt: skip
        nights.append((command, folder.parent / "said"))
    (first, its_words), (second, other_words) = nights
    with night(first, settings, its_words) as one, night(second, settings, other_words) as two:
        assert (one.code(), two.code()) == (0, 0), one.err + two.err
        assert one.out["letters"] + two.out["letters"] == SCHOOLS * LETTERS
    assert_nothing_printed_is_wrong(postgres_office, tmp_path)
    pages = [one for path in tmp_path.rglob("*-courriers.pdf") for one in letters_in(path)]
    assert len({page.identifier for page in pages}) == len(pages) == SCHOOLS * LETTERS


@pytest.mark.slow
def test_schools_imported_at_once_that_share_children_share_them(
    postgres_office: Services, tmp_path: Path
) -> None:
    """One pupil for each child, one account and one letter for the parents of both schools."""
    uais = found_academy(postgres_office, 4, 0)
    rosters = write_rosters_that_share(tmp_path / "rosters", uais, pupils=20, shared=4)
    settings = postgres_office.settings
    with night(imports_of(rosters, "--workers", "2"), settings, tmp_path / "imports") as running:
        assert running.code() == 0, running.err
    with postgres_office.reading() as session:
        numbers = session.scalars(select(Pupil.ine)).all()
        assert session.scalar(select(func.count()).select_from(Guardian)) == 4 * 20
    assert len(set(numbers)) == len(numbers) == 4 * 20 - 3 * 4
    command = campaign_of(tmp_path / "out", "--workers", "2")
    with night(command, settings, tmp_path / "letters") as running:
        assert running.code() == 0, running.err
    with postgres_office.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 4 * 20 - 3 * 4
    assert_whole(postgres_office, tmp_path / "out", 4 * 20 - 3 * 4)
