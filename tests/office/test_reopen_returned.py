"""Whoever comes back finds the account as it was; nobody else's is opened (R-62)."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.desk_errors import UndoLaterFirst
from educonnect_admin.domain.letters import Who
from educonnect_admin.domain.messages import Channel
from educonnect_admin.domain.schools import School
from educonnect_admin.domain.uai import check_letter
from educonnect_admin.edge import Services
from educonnect_admin.office.desk.close_account import close_account
from educonnect_admin.office.desk.regroup_accounts import regroup_accounts, undo_regrouping
from educonnect_admin.office.generate_accounts import Generated
from educonnect_admin.office.issue_letters import issue_letters
from educonnect_admin.office.printing.target import LetterOrder
from educonnect_admin.parents.prove_password import ProofVerdict
from tests.office.leaving import CLOSING, JEANNE, JULY, SEPTEMBER, Years, noon
from tests.parents.portal_office import messages
from tests.support.families import OTHER_UAI, UAI, child, guardian, pupil

THIRD = "0750001" + check_letter("0750001")
BACK = date(2027, 11, 8)
DAY = timedelta(days=1)


@pytest.fixture
def years(services: Services) -> Years:
    """Two schools, on each database."""
    return Years(services)


@pytest.fixture
def village(sqlite_services: Services) -> Years:
    """Two schools on SQLite, for rules that no database can see."""
    return Years(sqlite_services)


def leave(years: Years) -> None:
    """Let Jeanne's child leave, and the night come that closes her account."""
    years.take_in(JULY)
    assert years.close(CLOSING).closed == 1


def operator_closes(years: Years, identifier: str = JEANNE) -> bool:
    """Close an account at the desk; return whether that changed anything."""
    with years.services.transaction() as session:
        author = years.services.author(noon(CLOSING))
        return close_account(session, identifier, reason="décès", author=author).changed


def test_the_child_is_back_and_so_is_the_account(years: Years) -> None:
    """The same identifier, active again, the old password; nothing of it works in between."""
    years.begin("Alice")
    years.activate()
    assert years.log_in(JULY - DAY) is ProofVerdict.OWN
    leave(years)
    assert years.log_in(CLOSING) is ProofVerdict.ACCOUNT_OVER

    assert years.take_in(BACK, "Alice") == 1

    assert years.accounts() == {JEANNE: "active"}
    assert years.log_in(BACK) is ProofVerdict.OWN
    assert years.count("accounts WHERE closed_without_child") == 0
    assert years.generate(BACK) == Generated(0, 0, 1)
    ((chain, details),) = years.trail("account.reopened")
    assert (chain, json.loads(details)) == (1, {"state": "active", "why": "child_returned"})
    assert years.is_sound()


@pytest.mark.parametrize("state", [s for s in AccountState if s not in {"closed", "regrouped"}])
def test_it_is_what_it_was(village: Years, state: AccountState) -> None:
    """Whatever step its holder had come to."""
    village.begin("Alice")
    village.do(f"UPDATE accounts SET state = '{state}'")
    leave(village)

    village.take_in(BACK, "Alice")

    assert village.accounts() == {JEANNE: state}
    assert village.rows("SELECT former_state, ended_at FROM accounts") == [(None, None)]


def test_another_child_is_a_return_as_well(years: Years) -> None:
    """Alice has left for good; her little brother begins."""
    years.begin("Alice")
    leave(years)

    assert years.take_in(BACK, "Tom") == 1
    assert years.accounts() == {JEANNE: "not_notified"}


def test_who_comes_back_in_time_was_never_closed(years: Years) -> None:
    """Nothing is told of a reopening; the next delay begins with the next departure."""
    years.begin("Alice")
    years.take_in(JULY)
    assert years.take_in(CLOSING - DAY, "Alice") == 0
    assert years.close(CLOSING).kept == 0
    years.take_in(CLOSING + DAY)

    assert years.trail("account.reopened") == []
    assert years.close(CLOSING + 90 * DAY).kept == 1
    assert years.close(CLOSING + 91 * DAY).closed == 1


def test_an_import_that_brings_nobody_back_opens_nothing(years: Years) -> None:
    """The child of another family comes."""
    years.begin("Alice")
    leave(years)
    people = [pupil("Bob", "Roux"), pupil("Zoé", "Personne")]

    assert years.take_rows(BACK, people, [guardian("Paul", "Roux", child("Bob", "Roux"))]) == 0
    assert years.accounts() == {JEANNE: "closed"}


def test_what_an_operator_closed_stays_closed(years: Years) -> None:
    """Whether before the child left, or after the night that closed the account."""
    years.begin("Alice")
    assert operator_closes(years)
    years.take_in(JULY)
    assert years.close(CLOSING).closed == 0
    assert years.take_in(BACK, "Alice") == 0
    assert years.accounts() == {JEANNE: "closed"}


def test_an_operator_makes_the_closing_of_a_leaver_final(years: Years) -> None:
    """Told to the trail with its reason; a second time nothing changes."""
    years.begin("Alice")
    leave(years)

    assert operator_closes(years)
    assert not operator_closes(years)

    assert years.take_in(BACK, "Alice") == 0
    assert years.accounts() == {JEANNE: "closed"}
    assert [json.loads(details)["former"] for _, details in years.trail("account.closed")] == [
        "not_notified", "closed",
    ]  # fmt: skip


def test_a_new_letter_is_made_for_who_was_notified(years: Years, tmp_path: Path) -> None:
    """The old one stays over: the account is «notification expirée» until the next round."""
    years.begin("Alice")
    issue(years, SEPTEMBER, tmp_path / "first", Who.NEW)
    years.take_in(SEPTEMBER + DAY)
    years.close(SEPTEMBER + 91 * DAY)
    years.take_in(SEPTEMBER + 92 * DAY, "Alice")

    assert years.accounts() == {JEANNE: "notified"}
    assert years.rows('SELECT "end" FROM letters') == [("closed",)]
    assert issue(years, SEPTEMBER + 92 * DAY, tmp_path / "second", Who.EXPIRED) == 1


def issue(years: Years, day: date, output: Path, who: Who) -> int:
    """Print letters on a day, and return how many."""
    order = LetterOrder(uai=UAI, class_label=None, who=who, output=output)
    return issue_letters(years.services.print_room(noon(day)), order).letters


def test_the_holder_of_an_active_account_is_told(years: Years) -> None:
    """By mail to the confirmed address, once; who never activated learns it by letter."""
    years.begin("Alice")
    years.activate(email="jeanne@x.fr", email_confirmed_at=noon(SEPTEMBER))
    leave(years)

    years.take_in(BACK, "Alice")

    ((to, values),) = messages(years.services, Channel.MAIL)
    assert (to, values["child"]) == (
        "jeanne@x.fr",
        {"name": "Alice Martin", "school": "École Charlemagne", "class": "CP A"},
    )


def test_a_family_that_moved_finds_its_account_at_the_other_school(years: Years) -> None:
    """The four facts are the same: the new record joins the closed account and opens it."""
    years.begin("Alice")
    years.activate()
    leave(years)
    assert years.take_in(BACK, "Alice", uai=OTHER_UAI) == 0

    assert years.generate(BACK, OTHER_UAI) == Generated(0, 1, 0, 1)

    assert years.accounts() == {JEANNE: "active"}
    assert years.log_in(BACK) is ProofVerdict.OWN
    assert [chain for chain, _ in years.trail("account.reopened")] == [1, 2]
    assert years.generate(BACK, OTHER_UAI) == Generated(0, 0, 1)
    assert years.close(BACK + 300 * DAY).closed == 0


def test_a_family_that_moved_and_changed_its_mobile_is_not_guessed(years: Years) -> None:
    """Three facts of four: a new account, and the old one stays closed (R-7)."""
    years.begin("Alice")
    leave(years)
    years.take_in(BACK, "Alice", uai=OTHER_UAI, mobile="+33612345679")

    assert years.generate(BACK, OTHER_UAI) == Generated(1, 0, 0)
    assert years.accounts() == {JEANNE: "closed", "jeanne.martin1": "not_notified"}


def test_what_an_operator_closed_is_not_joined(years: Years) -> None:
    """The person gets an account of their own, as before."""
    years.begin("Alice")
    leave(years)
    operator_closes(years)
    years.take_in(BACK, "Alice", uai=OTHER_UAI)

    assert years.generate(BACK, OTHER_UAI) == Generated(1, 0, 0)


def test_of_a_living_account_and_a_closed_one_the_living_is_joined(years: Years) -> None:
    """Jeanne has an account at a third school: the closed one stays closed."""
    years.begin("Alice")
    leave(years)
    with years.services.transaction() as session:
        session.add(School(uai=THIRD, name="École Jean Moulin"))
    years.take_in(BACK, "Tom", uai=THIRD, mobile="+33612345679")
    years.generate(BACK, THIRD)
    years.do("UPDATE guardians SET mobile = '+33612345678'")
    years.take_in(BACK, "Léo", uai=OTHER_UAI)

    assert years.generate(BACK, OTHER_UAI) == Generated(0, 1, 0)
    assert years.accounts() == {JEANNE: "closed", "jeanne.martin1": "not_notified"}


@pytest.mark.parametrize("taken", [True, False])
def test_a_franceconnect_link_given_away_since_stays_there(years: Years, *, taken: bool) -> None:
    """One living account bears it (R-41)."""
    years.begin("Alice")
    years.activate(franceconnect_digest="f" * 64, franceconnect_at=noon(SEPTEMBER))
    leave(years)
    if taken:
        years.do(
            "INSERT INTO accounts (id, identifier, state, created_at, franceconnect_digest)"
            f" VALUES (9, 'j.m', 'active', '2027-10-02 08:00:00', '{'f' * 64}')"
        )

    years.take_in(BACK, "Alice")

    assert years.accounts()[JEANNE] == "active"
    linked = years.rows("SELECT identifier FROM accounts WHERE franceconnect_digest IS NOT NULL")
    assert linked == [("j.m" if taken else JEANNE,)]


def two_accounts(years: Years) -> None:
    """Give Jeanne an account at each school, the second regrouped into the first."""
    years.begin("Alice")
    years.take_in(SEPTEMBER, "Tom", uai=OTHER_UAI, mobile="+33612345679")
    years.generate(SEPTEMBER, OTHER_UAI)
    with years.services.transaction() as session:
        author = years.services.author(noon(SEPTEMBER))
        regroup_accounts(session, JEANNE, "jeanne.martin1", reason="r", author=author, looked=True)


def test_of_regrouped_accounts_the_principal_is_closed_and_opened(years: Years) -> None:
    """It holds the records: the return of the other account's child opens the principal one."""
    two_accounts(years)
    years.take_in(JULY)
    assert years.close(CLOSING).closed == 0  # Tom is still there
    years.take_in(CLOSING, uai=OTHER_UAI)
    assert years.close(CLOSING + 90 * DAY).closed == 1

    assert years.take_in(BACK + 90 * DAY, "Tom", uai=OTHER_UAI) == 1
    assert years.accounts() == {JEANNE: "not_notified", "jeanne.martin1": "regrouped"}
    assert [chain for chain, _ in years.trail("account.reopened")] == [1, 2]


def test_a_regrouping_is_undone_though_the_principal_was_closed(years: Years) -> None:
    """The other account lives again, with 90 days of its own; the principal waits for its child."""
    two_accounts(years)
    years.take_in(JULY)
    years.take_in(JULY, uai=OTHER_UAI)
    assert years.close(CLOSING).closed == 1

    undo(years, "jeanne.martin1")

    assert years.accounts() == {JEANNE: "closed", "jeanne.martin1": "not_notified"}
    assert years.close(CLOSING + 89 * DAY).kept == 1
    assert years.close(CLOSING + 90 * DAY).closed == 1
    assert years.take_in(BACK + 90 * DAY, "Tom", uai=OTHER_UAI, mobile="+33612345679") == 1
    assert years.take_in(BACK + 90 * DAY, "Alice") == 1
    assert years.is_sound()


def undo(years: Years, identifier: str) -> None:
    """Undo a regrouping on the day of the closing."""
    with years.services.transaction() as session:
        author = years.services.author(noon(CLOSING))
        undo_regrouping(session, identifier, reason="r", author=author)


def test_the_order_of_undoing_stands(years: Years) -> None:
    """The later regrouping first, closed or not (R-8)."""
    two_accounts(years)
    years.take_in(SEPTEMBER, "Tom", "Léo", uai=OTHER_UAI, mobile="+33612345679")
    years.do(
        "INSERT INTO accounts (id, identifier, state, created_at, closed_without_child)"
        " VALUES (9, 'j.m', 'active', '2026-09-01 08:00:00', false)"
    )
    with years.services.transaction() as session:
        author = years.services.author(noon(SEPTEMBER))
        regroup_accounts(session, JEANNE, "j.m", reason="r", author=author, looked=True)
    years.take_in(JULY)
    years.take_in(JULY, uai=OTHER_UAI)
    assert years.close(CLOSING).closed == 1

    with pytest.raises(UndoLaterFirst):
        undo(years, "jeanne.martin1")
    undo(years, "j.m")
    undo(years, "jeanne.martin1")
