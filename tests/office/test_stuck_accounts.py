"""Who is to be chased and why: one row an account, in a bounded number of statements (R-64)."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, true, update

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.troubles import Trouble
from educonnect_admin.edge import Services
from educonnect_admin.office.stuck_accounts import Stuck, stuck_accounts
from tests.conftest import NOW
from tests.office.explaining import IDENTIFIERS, Desk, befall, count_statements, generate
from tests.office.printing import fill, issue
from tests.support.households import many_families


def stuck(services: Services, days: float = 0) -> list[Stuck]:
    """Return everybody who is stuck, so many days later."""
    with services.reading() as session:
        return list(stuck_accounts(session, true(), NOW + timedelta(days=days)))


def test_the_list_is_in_satchel_order_each_account_once(services: Services, tmp_path: Path) -> None:
    """A parent of four children stands in the class of the eldest, with all four."""
    fill(services)
    issue(services, tmp_path / "out")

    rows = stuck(services)

    assert [(row.class_label, row.identifier) for row in rows] == [
        ("CE1", "nadia.moreau"),
        ("CE1", "karim.moreau"),
        ("CM2", "celine.dupont"),
        ("CM2", "jean.dupont"),
        ("CM2", "thi.nguyen"),
    ]
    assert [child.given_name for child in rows[-1].children] == ["An", "Bình", "Chi", "Dũng"]
    assert {row.reason for row in rows} == {Trouble.LETTER_LIVE}
    assert rows[2].mobile == "+33612345678"


def test_who_is_active_or_over_is_not_chased(services: Services, tmp_path: Path) -> None:
    """Only accounts on their way are listed."""
    fill(services)
    issue(services, tmp_path / "out")
    with services.transaction() as session:
        for identifier, state in (
            ("nadia.moreau", AccountState.ACTIVE),
            ("karim.moreau", AccountState.CLOSED),
        ):
            session.execute(
                update(Account).where(Account.identifier == identifier).values(state=state)
            )

    assert {row.identifier for row in stuck(services)} == {
        "celine.dupont", "jean.dupont", "thi.nguyen",
    }  # fmt: skip


def test_only_the_schools_asked_for_are_listed(services: Services, tmp_path: Path) -> None:
    """The condition on schools is the caller's."""
    fill(services)
    issue(services, tmp_path / "out")

    with services.reading() as session:
        assert list(stuck_accounts(session, School.uai == "0752387M", NOW)) == []
        assert next(stuck_accounts(session, School.uai == "0140070A", NOW)).uai == "0140070A"


def test_ten_times_as_many_accounts_take_no_more_statements(services: Services) -> None:
    """Eight for a page of a thousand accounts, not some for each account."""
    fill(services, many_families(30))
    generate(services)

    assert count_statements(services, lambda: stuck(services)) <= 8
    with services.reading() as session:
        assert len(session.scalars(select(Account.id)).all()) == 30


@pytest.mark.parametrize("seed", range(8))
def test_the_list_and_explain_give_the_same_reason(
    services: Services, tmp_path: Path, seed: int
) -> None:
    """Whatever befell a mixed population, on whatever day; nobody is left out of the list."""
    fill(services)
    generate(services)
    desk = Desk(services, tmp_path)
    befall(desk, seed)

    for days in (0, 8, 95):
        rows = {row.identifier: row for row in stuck(services, days)}
        whys = {one: desk.why(one, days=days) for one in IDENTIFIERS}
        assert {one: row.reason for one, row in rows.items()} == {
            one: why.main.trouble for one, why in whys.items() if why.state in ON_THE_WAY
        }


ON_THE_WAY = {AccountState.NOT_NOTIFIED, AccountState.NOTIFIED, AccountState.EMAIL_PENDING}
