"""Regrouping the accounts of one person, and undoing it (R-8, R-50, R-63)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.desk_errors import (
    AccountEnded,
    DifferentPeople,
    NotRegrouped,
    SameAccount,
    UndoLaterFirst,
)
from educonnect_admin.domain.errors import EduConnectError
from educonnect_admin.edge import Services
from educonnect_admin.office.desk.regroup_accounts import (
    Regrouped,
    regroup_accounts,
    undo_regrouping,
)
from tests.conftest import NOW
from tests.office.desk.desk import Office


@pytest.fixture
def office(services: Services) -> Office:
    """The three families, on each database."""
    return Office(services)


def regroup(office: Office, principal: str, other: str, *, looked: bool = False) -> Regrouped:
    """Regroup two accounts."""
    with office.services.transaction() as session:
        return regroup_accounts(
            session,
            principal,
            other,
            reason="même personne",
            author=office.services.author(NOW),
            looked=looked,
        )


def undo(office: Office, other: str) -> Regrouped:
    """Undo the regrouping of an account."""
    with office.services.transaction() as session:
        return undo_regrouping(session, other, reason="erreur", author=office.services.author(NOW))


def two_schools(office: Office, **facts: object) -> tuple[int, int]:
    """Give Céline an account at each school."""
    first = office.account("c.dupont", office.record("Céline"), state=AccountState.ACTIVE)
    second = office.account("c.dupont1", office.second_record("Céline", **facts))
    return first, second


def records_of(office: Office, account: int) -> list[int]:
    """Return the records of an account."""
    return [
        row[0]
        for row in office.rows(f"SELECT id FROM guardians WHERE account_id = {account} ORDER BY id")
    ]


def test_regrouping_moves_the_records_and_ends_the_other_account(office: Office) -> None:
    """Its letter, messages and sessions are over, its password stays dormant; ours lives on."""
    kept, gone = two_schools(office)
    mine, theirs = office.letter(kept), office.letter(gone)
    office.message(gone)
    moved = records_of(office, gone)

    done = regroup(office, "c.dupont", "c.dupont1")

    assert records_of(office, kept) == [office.record("Céline"), *moved]
    assert records_of(office, gone) == []
    assert (done.state, done.other_state, done.records) == ("active", "regrouped", 1)
    assert office.rows("SELECT id, \"end\" FROM letters ORDER BY id") == [
        (mine, None), (theirs, "regrouped"),
    ]  # fmt: skip
    assert office.rows("SELECT state, sealed IS NULL FROM messages") == [("cancelled", True)]
    assert office.rows(
        f"SELECT former_state, sessions_void_at IS NULL FROM accounts WHERE id = {gone}"
    ) == [("notified", False)]
    assert (
        office.one(f"SELECT count(*) FROM accounts WHERE id = {kept} AND sessions_void_at IS NULL")
        == 1
    )


def test_a_regrouping_is_told_for_both_in_every_school_concerned(office: Office) -> None:
    """Ids and codes: which account, into which, how many records."""
    kept, gone = two_schools(office)

    regroup(office, "c.dupont", "c.dupont1")

    here, there = office.school, office.other_school
    assert sorted(office.trail("account.regrouped")) == sorted(
        [
            (here, kept, f'{{"other":{gone},"records":1}}'),
            (there, kept, f'{{"other":{gone},"records":1}}'),
            (there, gone, f'{{"former":"notified","principal":{kept}}}'),
        ]
    )
    assert office.is_sound([here, there])


def test_undoing_gives_back_records_and_state_but_no_letter(office: Office) -> None:
    """The voided letter stays void: the account shows as «notification expirée»."""
    kept, gone = two_schools(office)
    office.letter(gone)
    before = records_of(office, kept), records_of(office, gone)
    regroup(office, "c.dupont", "c.dupont1")

    done = undo(office, "c.dupont1")

    assert (records_of(office, kept), records_of(office, gone)) == before
    assert (done.other_state, office.state(kept), office.state(gone)) == (
        "notified", "active", "notified",
    )  # fmt: skip
    assert office.one('SELECT "end" FROM letters') == "regrouped"
    assert len(office.trail("account.regrouping_undone")) == 3


def test_undoing_moves_only_what_was_moved_and_is_still_there(office: Office) -> None:
    """A record that joined later stays; one that went elsewhere is not fetched back."""
    kept, gone = two_schools(office)
    moved = records_of(office, gone)
    regroup(office, "c.dupont", "c.dupont1")
    elsewhere = office.account("c.dupont2")
    late = office.record("Nadia")
    with office.services.engine.begin() as connection:
        for record, account in ((moved[0], elsewhere), (late, kept)):
            connection.exec_driver_sql(
                f"UPDATE guardians SET account_id = {account} WHERE id = {record}"
            )

    done = undo(office, "c.dupont1")

    assert done.records == 0
    assert records_of(office, elsewhere) == moved
    assert late in records_of(office, kept)


def test_regrouping_again_after_undoing_works(office: Office) -> None:
    """There and back as often as needed; each time is remembered apart."""
    kept, gone = two_schools(office)
    for _ in range(2):
        regroup(office, "c.dupont", "c.dupont1")
        undo(office, "c.dupont1")
    regroup(office, "c.dupont", "c.dupont1")

    assert len(records_of(office, kept)) == 2
    assert office.state(gone) == "regrouped"
    assert office.one("SELECT count(*) FROM regroupings WHERE undone_at IS NULL") == 1


def three_accounts(office: Office) -> None:
    """Give Céline a third account, for which only somebody who looked would vouch."""
    two_schools(office)
    office.account("c.durand", office.second_record("Céline"))


def test_later_regroupings_into_the_same_account_are_undone_first(office: Office) -> None:
    """In reverse order only, and the refusal says which comes before."""
    three_accounts(office)
    regroup(office, "c.dupont", "c.dupont1")
    regroup(office, "c.dupont", "c.durand", looked=True)

    with pytest.raises(UndoLaterFirst) as refusal:
        undo(office, "c.dupont1")
    assert refusal.value.first == "c.durand"

    undo(office, "c.durand")
    assert undo(office, "c.dupont1").other_state == "notified"


def test_a_principal_that_was_regrouped_itself_is_given_back_first(office: Office) -> None:
    """A chain of three comes apart from its end."""
    three_accounts(office)
    regroup(office, "c.dupont1", "c.durand", looked=True)
    regroup(office, "c.dupont", "c.dupont1")

    with pytest.raises(UndoLaterFirst) as refusal:
        undo(office, "c.durand")
    assert refusal.value.first == "c.dupont1"

    assert undo(office, "c.dupont1").records == 2
    assert undo(office, "c.durand").records == 1


def test_what_was_never_regrouped_has_nothing_to_undo(office: Office) -> None:
    """Nor has what was given back already."""
    two_schools(office)
    with pytest.raises(NotRegrouped):
        undo(office, "c.dupont1")
    regroup(office, "c.dupont", "c.dupont1")
    undo(office, "c.dupont1")
    with pytest.raises(NotRegrouped):
        undo(office, "c.dupont1")


def test_an_account_is_not_regrouped_with_itself_nor_with_one_that_is_over(office: Office) -> None:
    """Each refusal is its own, and names the account that took over."""
    three_accounts(office)
    with pytest.raises(SameAccount):
        regroup(office, "c.dupont", "C.DUPONT")
    regroup(office, "c.dupont", "c.dupont1")
    for principal, other in (("c.durand", "c.dupont1"), ("c.dupont1", "c.durand")):
        with pytest.raises(AccountEnded) as refusal:
            regroup(office, principal, other, looked=True)
        assert refusal.value.principal == "c.dupont"


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"given_name": "Jean"}, ("given_name",)),
        ({"family_name": "MARTIN", "usage_name": None}, ("family_name",)),
        ({"civility": Civility.SIR}, ("civility",)),
    ],
)
def test_two_people_are_not_regrouped_by_haste(
    office: Office, facts: dict[str, object], fields: tuple[str, ...]
) -> None:
    """A name or civility that differs is refused until somebody says to have looked."""
    kept, gone = two_schools(office, **facts)

    with pytest.raises(DifferentPeople) as refusal:
        regroup(office, "c.dupont", "c.dupont1")

    assert refusal.value.fields == fields
    assert (office.state(kept), office.state(gone)) == ("active", "notified")
    assert office.trail("account.regrouped") == []
    assert regroup(office, "c.dupont", "c.dupont1", looked=True).differences == fields


def test_the_married_name_is_a_name_and_contacts_may_differ(office: Office) -> None:
    """Each school knows its own e-mail or mobile; either surname is the same person's."""
    two_schools(office, family_name="DUPONT", usage_name=None, email="c@pro.fr")

    assert regroup(office, "c.dupont", "c.dupont1").differences == ("email",)


@pytest.mark.parametrize("other", [("c@pro.fr", "+33698765432"), (None, None)])
def test_names_alone_never_speak_for_one_person(
    office: Office, other: tuple[str | None, str | None]
) -> None:
    """No contact in common, other ones or none: somebody must have compared them (R-7)."""
    two_schools(office, email=other[0], mobile=other[1])

    with pytest.raises(DifferentPeople) as refusal:
        regroup(office, "c.dupont", "c.dupont1")

    assert refusal.value.fields == ("email", "mobile")
    assert regroup(office, "c.dupont", "c.dupont1", looked=True).records


def test_two_records_of_one_school_are_two_people(office: Office) -> None:
    """Husband and wife share mobile, e-mail and surname; father and son even the name."""
    office.account("c.dupont", office.record("Céline"))
    office.account("j.dupont", office.record("Jean"))

    with pytest.raises(DifferentPeople) as refusal:
        regroup(office, "c.dupont", "j.dupont")

    assert refusal.value.fields == ("given_name", "civility", "same_school")


def test_two_desks_that_regroup_crosswise_leave_one_account(office: Office) -> None:
    """One wins; the other is told that its account is over. Nobody waits for ever."""
    two_schools(office)

    def attempt(pair: tuple[str, str]) -> bool:
        try:
            regroup(office, *pair)
        except EduConnectError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(attempt, [("c.dupont", "c.dupont1"), ("c.dupont1", "c.dupont")]))

    assert sorted(won) == [False, True]
    assert office.one("SELECT count(*) FROM accounts WHERE state = 'regrouped'") == 1
    assert office.one("SELECT count(DISTINCT account_id) FROM guardians") == 1


def test_a_link_that_the_principal_bears_by_now_stays_there(office: Office) -> None:
    """Undone, the account that comes back does not take FranceConnect with it (R-41)."""
    first, second = two_schools(office)
    link = f"franceconnect_digest = '{'f' * 64}', franceconnect_at = created_at"
    with office.services.transaction() as session:
        session.execute(text(f"UPDATE accounts SET {link} WHERE id = {second}"))
    regroup(office, "c.dupont", "c.dupont1")
    with office.services.transaction() as session:
        session.execute(text(f"UPDATE accounts SET {link} WHERE id = {first}"))

    undo(office, "c.dupont1")

    assert office.state(second) == "notified"
    linked = office.rows("SELECT id FROM accounts WHERE franceconnect_digest IS NOT NULL")
    assert linked == [(first,)]
