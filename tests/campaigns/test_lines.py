"""What a campaign says of schools that it began and did not finish."""

from dataclasses import replace
from pathlib import Path

import pytest

from educonnect_admin.cli.campaigns.letters import _tell_folder
from educonnect_admin.cli.campaigns.lines import begun_in
from educonnect_admin.cli.speech import Speech
from educonnect_admin.domain.campaigns import SchoolState
from tests.support.manifests import school_line, write_school

CUT, WHOLE, EMPTY, DONE = "0270345D", "0270011R", "0760012A", "0140070A"


def test_a_school_in_which_more_was_published_than_is_listed_was_begun(tmp_path: Path) -> None:
    """Cut before its manifest: begun. Listed, empty, or done: not."""
    lines = [replace(school_line(uai), folder=uai) for uai in (CUT, WHOLE, EMPTY, DONE)]
    for line in lines:
        write_school(tmp_path / line.uai, line)
    for path in (tmp_path / EMPTY).iterdir():
        path.unlink()
    cut, whole, empty, done = lines
    left = [replace(line, state=SchoolState.LEFT) for line in (whole, replace(empty, files=()))]
    failed = replace(cut, state=SchoolState.FAILED, files=())

    assert begun_in(tmp_path, [failed, *left, replace(done, files=())]) == [CUT]


def test_letters_of_schools_to_be_resumed_are_said_to_be_beside_the_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever counts the letters on the disk finds more, and is told why."""
    speech = Speech(json=False, quiet=False)
    _tell_folder(speech, tmp_path, 108, 108, [CUT, WHOLE], {})
    said = capsys.readouterr().out
    assert f"108 courriers dans {tmp_path}, sans compter ceux de 2 écoles commencées" in said
    assert f"à reprendre ({CUT}, {WHOLE})" in said
