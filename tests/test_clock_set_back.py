"""A clock that goes backwards: nothing is doubled, opened or ended by it, and it is told."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from educonnect_admin.check_database import check_database
from educonnect_admin.cli.check_words import finding_sentence
from educonnect_admin.domain.findings import FindingCode
from educonnect_admin.domain.letters import Letter
from educonnect_admin.edge import Services
from educonnect_admin.office.expire_letters import expire_letters
from educonnect_admin.office.issue_letters import issue_letters
from educonnect_admin.portal import seam
from educonnect_admin.queries.trail_check import first_broken_entry
from tests.conftest import NOW
from tests.office.printing import assert_pages_and_database_agree, fill, issue, order
from tests.portal.browser import Browser
from tests.portal.holders import OWN, Holders

EARLIER = NOW - timedelta(days=2)


def _codes(services: Services, *, early: bool) -> set[FindingCode]:
    health = check_database(services.settings, EARLIER if early else NOW)
    return {one.code for one in health.findings}


def test_letters_are_neither_doubled_nor_ended(services: Services, tmp_path: Path) -> None:
    """Two days back: nobody is notified twice, nothing expires, the trail still verifies."""
    school_id = fill(services)
    issue(services, tmp_path / "letters")
    with services.reading() as session:
        before = session.scalar(select(func.count()).select_from(Letter))

    again = issue_letters(services.print_room(EARLIER), order(tmp_path / "letters"))
    ended = expire_letters(partial(services.transaction), services.author(EARLIER))

    assert again.letters == 0
    assert ended.expired == 0
    assert_pages_and_database_agree(services, tmp_path / "letters", school_id)
    with services.reading() as session:
        assert session.scalar(select(func.count()).select_from(Letter)) == before
        assert first_broken_entry(session, services.author(NOW).pen, school_id) is None


def test_a_lock_is_not_opened_by_it(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten wrong passwords, then the clock of the day before: the right one is still not taken."""
    monkeypatch.setattr(seam, "clock", lambda: NOW)
    Holders(services).begun()
    browser = Browser(services)
    for _ in range(10):
        browser.post("/connexion", identifiant="nadia.moreau", mot_de_passe="marronnier5")
    monkeypatch.setattr(seam, "clock", lambda: EARLIER)

    answer = browser.post("/connexion", identifiant="nadia.moreau", mot_de_passe=OWN)

    assert not answer.is_redirect


def test_it_is_told(services: Services) -> None:
    """By `database check`, with how far; a few minutes between two machines are nothing."""
    fill(services)

    assert FindingCode.CLOCK_SET_BACK in _codes(services, early=True)
    assert FindingCode.CLOCK_SET_BACK not in _codes(services, early=False)
    health = check_database(services.settings, EARLIER)
    (found,) = [one for one in health.findings if one.code is FindingCode.CLOCK_SET_BACK]
    assert found.number == 2 * 24 * 60
    assert not found.is_broken
    assert "2880 minutes" in finding_sentence(found).replace("\N{NARROW NO-BREAK SPACE}", "")
    nearly = check_database(services.settings, NOW - timedelta(minutes=4))
    assert FindingCode.CLOCK_SET_BACK not in {one.code for one in nearly.findings}
