"""Names and a mobile: whose account they claim, and what the desk hears (R-7, R-30, R-31)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.people import Enrolment, Guardian
from educonnect_admin.domain.setbacks import SetbackKind
from educonnect_admin.edge import Services
from educonnect_admin.parents.claiming import (
    Claim,
    Claimant,
    ClaimVerdict,
    find_claim,
    tidy_mobile,
)
from tests.office.desk.desk import Office
from tests.parents.portal_office import Clock

MOBILE = "+33612345678"


class Looking(Clock):
    """Céline DURAND, usage name DUPONT, has an account at Charlemagne."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.office = Office(services)
        self.account = self.office.account("celine.dupont", self.office.record("Céline"))

    def look(self, surname: str, given_name: str, mobile: str = MOBILE) -> Claim:
        """Look for somebody."""
        claimant = Claimant.of(given_names=[given_name], surnames=[surname], mobile=mobile)
        means = self.means
        with means.transaction() as session:
            return find_claim(session, means, claimant)

    def setbacks(self) -> list[Any]:
        """Return the dead ends that the desk hears of."""
        return self.office.rows("SELECT kind, account_id FROM setbacks ORDER BY id")

    def elsewhere(self, state: AccountState = AccountState.NOTIFIED, **facts: Any) -> int:
        """Let the second school know Céline, and Enzo too, in an account of its own."""
        record = self.office.second_record("Céline", **facts)
        self.office.answer_for(record, self.office.pupil("Enzo"))
        with self.services.transaction() as session:
            session.add(
                Enrolment(
                    pupil_id=self.office.pupil("Enzo"),
                    school_id=self.office.other_school,
                    class_id=None,
                    level=None,
                    started_on=self.now.date(),
                )
            )
        return self.office.account("celine.dupont1", record, state=state)


@pytest.fixture
def looking(services: Services) -> Looking:
    """An office on both databases."""
    return Looking(services)


@pytest.fixture
def sqlite_looking(sqlite_services: Services) -> Looking:
    """The same on SQLite, for what does not depend on the database."""
    return Looking(sqlite_services)


@pytest.mark.parametrize("surname", ["DURAND", "dupont", " Dûpont "])
def test_either_surname_leads_to_the_account(looking: Looking, surname: str) -> None:
    """Folded: accents, capitals and spaces don't count (R-30)."""
    claim = looking.look(surname, "CELINE")

    assert (claim.verdict, claim.account_id) == (ClaimVerdict.FREE, looking.account)
    assert claim.name == "Céline DUPONT"
    assert claim.guardian_id == looking.office.record("Céline")
    assert looking.setbacks() == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [("06 12 34 56 78", MOBILE), ("0692.12.34.56", "+262692123456"), ("0033 6 12345678", MOBILE)],
)
def test_a_mobile_is_read_however_it_is_written(typed: str, found: str) -> None:
    """As E.164; what is no mobile is none."""
    assert tidy_mobile(typed) == found
    assert tidy_mobile("02 33 12 34 56") is None
    assert tidy_mobile("") is None


def test_nobody_bears_the_names(looking: Looking) -> None:
    """Nothing is told to the desk: it is about nobody."""
    assert looking.look("PERSONNE", "Céline").verdict is ClaimVerdict.UNKNOWN
    assert looking.look("?!", "?!").verdict is ClaimVerdict.UNKNOWN
    assert looking.setbacks() == []


def test_the_desk_hears_of_names_without_their_mobile(looking: Looking) -> None:
    """Once an hour: clicking again is no news. To whoever typed it is nobody (R-31)."""
    for _ in range(3):
        assert looking.look("DUPONT", "Céline", "+33699999999") == looking.look("X", "Y")
    assert looking.setbacks() == [(SetbackKind.MOBILE_UNKNOWN, looking.account)]

    looking.later(timedelta(minutes=61)).look("DUPONT", "Céline", "+33699999999")
    assert len(looking.setbacks()) == 2


def test_no_setback_where_nobody_could_tell_whose(sqlite_looking: Looking) -> None:
    """Names that several accounts bear."""
    sqlite_looking.elsewhere(mobile="+33600000000")
    claim = sqlite_looking.look("DUPONT", "Céline", "+33699999999")

    assert claim.verdict is ClaimVerdict.UNKNOWN
    assert sqlite_looking.setbacks() == []


@pytest.mark.parametrize(
    "state", [AccountState.NOT_NOTIFIED, AccountState.NOTIFIED, AccountState.EMAIL_PENDING]
)
def test_an_account_that_was_never_activated_is_free(
    sqlite_looking: Looking, state: AccountState
) -> None:
    """Before any letter, with one, or with an address that was never confirmed (§2.2)."""
    record = sqlite_looking.office.record("Jean")
    account = sqlite_looking.office.account("jean.dupont", record, state=state)
    claim = sqlite_looking.look("DUPONT", "Jean")

    assert (claim.verdict, claim.account_id) == (ClaimVerdict.FREE, account)


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.REGROUPED])
def test_an_account_that_is_over_is_nobodys(sqlite_looking: Looking, state: AccountState) -> None:
    """As if there had never been one."""
    record = sqlite_looking.office.record("Jean")
    sqlite_looking.office.account("jean.dupont", record, state=state)

    assert sqlite_looking.look("DUPONT", "Jean").verdict is ClaimVerdict.UNKNOWN


def test_a_record_without_an_account_leads_nowhere(sqlite_looking: Looking) -> None:
    """The school has not opened one yet: it is the one to be asked."""
    assert sqlite_looking.look("DUPONT", "Jean").verdict is ClaimVerdict.UNKNOWN


def test_an_account_without_a_child_leads_nowhere(looking: Looking) -> None:
    """There is no birth date to prove it by; an active one is told apart all the same."""
    with looking.services.transaction() as session:
        session.execute(update(Enrolment).values(ended_on=looking.now.date()))

    assert looking.look("DUPONT", "Céline").verdict is ClaimVerdict.UNKNOWN
    record = looking.office.record("Jean")
    looking.office.account("jean.dupont", record, state=AccountState.ACTIVE)
    assert looking.look("DUPONT", "Jean").verdict is ClaimVerdict.ACTIVE


def test_one_person_of_two_schools_holds_both_accounts(looking: Looking) -> None:
    """The same four facts: one stays, the other is to join it (R-7)."""
    other = looking.elsewhere()
    claim = looking.look("DUPONT", "Céline")

    assert claim.verdict is ClaimVerdict.FREE
    assert (claim.account_id, claim.other_ids) == (looking.account, (other,))


def test_the_account_that_has_come_farthest_stays(sqlite_looking: Looking) -> None:
    """An address that awaits its link before a letter that was never opened."""
    other = sqlite_looking.elsewhere(AccountState.EMAIL_PENDING)
    claim = sqlite_looking.look("DUPONT", "Céline")

    assert (claim.account_id, claim.other_ids) == (other, (sqlite_looking.account,))


def test_one_active_account_of_the_same_person_is_enough(sqlite_looking: Looking) -> None:
    """They log in, and add the other one's children from there (§2.2.3.2, R-50)."""
    other = sqlite_looking.elsewhere(AccountState.ACTIVE)
    claim = sqlite_looking.look("DUPONT", "Céline")

    assert (claim.verdict, claim.account_id) == (ClaimVerdict.ACTIVE, other)


@pytest.mark.parametrize(
    "facts",
    [{"email": None}, {"email": "other@example.fr"}, {"usage_name": "DUPONT-AUTRE"}],
    ids=["no e-mail", "another e-mail", "another usage name"],
)
def test_whoever_may_be_two_people_is_sent_to_the_school(
    looking: Looking, facts: dict[str, Any]
) -> None:
    """The same names and mobile, and nothing that makes sure; the desk hears of both (R-31)."""
    other = looking.elsewhere(**facts)
    claim = looking.look("DURAND", "Céline")

    assert (claim.verdict, claim.account_id) == (ClaimVerdict.HOMONYMS, 0)
    assert looking.setbacks() == [
        (SetbackKind.HOMONYMS, looking.account),
        (SetbackKind.HOMONYMS, other),
    ]


def test_two_accounts_of_one_school_are_two_people(sqlite_looking: Looking) -> None:
    """Father and son, one telephone: even if all four facts are the same."""
    with sqlite_looking.services.transaction() as session:
        session.execute(
            update(Guardian)
            .where(Guardian.given_name == "Jean")
            .values(
                given_name="Céline", given_key="celine", family_name="DURAND", family_key="durand"
            )
        )
    with sqlite_looking.services.reading() as session:
        ids = session.query(Guardian.id).filter_by(given_key="celine").order_by(Guardian.id).all()
    sqlite_looking.office.account("celine.durand", ids[1][0])

    assert sqlite_looking.look("DURAND", "Céline").verdict is ClaimVerdict.HOMONYMS
