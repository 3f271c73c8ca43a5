"""Each trouble, as it arises, and the reason that the desk is given for it (R-56)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from educonnect_admin.domain.accounts import AccountState, Journey
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.desk_errors import UnknownAccount
from educonnect_admin.domain.letters import Batch, BatchFile, FileState, Letter, LetterEnd, Who
from educonnect_admin.domain.messages import Message, MessageKind, MessageState
from educonnect_admin.domain.people import Enrolment, Guardianship
from educonnect_admin.domain.schools import School, SchoolClass
from educonnect_admin.domain.setbacks import SetbackKind, TryKind
from educonnect_admin.domain.troubles import Trouble
from educonnect_admin.edge import Services
from educonnect_admin.office.desk.close_account import close_account, reopen_account
from educonnect_admin.office.desk.regroup_accounts import regroup_accounts, undo_regrouping
from educonnect_admin.office.recover_letters import recover_letters
from educonnect_admin.office.resend_letter import foresee_paper, resend_on_paper
from educonnect_admin.queries.outbox import Outgoing, put_in_outbox
from tests.conftest import NOW
from tests.office.explaining import (
    CELINE,
    THI,
    Desk,
    account_id,
    count_statements,
    finding,
    generate,
)
from tests.office.printing import fill
from tests.support.households import (
    CHARLEMAGNE,
    DUPONTS,
    MARIE_CURIE,
    Family,
    Parent,
    add_families,
    add_school,
)

LAST_DAY = date(2027, 2, 23)
IN_AN_HOUR = NOW + timedelta(hours=1)


@pytest.fixture
def desk(services: Services, tmp_path: Path) -> Desk:
    """A school with the three families, each parent with an account."""
    fill(services)
    generate(services)
    return Desk(services, tmp_path)


@pytest.fixture
def notified(desk: Desk) -> Desk:
    """The same, their letters printed."""
    desk.issue()
    return desk


def activate(desk: Desk, identifier: str = CELINE, **columns: object) -> None:
    """Let a parent activate by letter and confirm the address."""
    desk.use_letter(identifier)
    known: dict[str, object] = {
        "state": AccountState.ACTIVE,
        "journey": Journey.LETTER,
        "activated_at": NOW,
        "password_set_at": NOW,
        "email": "celine@example.fr",
        "email_confirmed_at": NOW,
        "last_login_at": NOW,
    }
    desk.change(identifier, **{**known, **columns})


def test_never_notified(desk: Desk) -> None:
    """No letter was ever made."""
    assert desk.reasons() == [Trouble.NEVER_NOTIFIED]


def test_a_live_letter_only_waits(notified: Desk) -> None:
    """Its last day and its day of creation are those of its school."""
    main = notified.why().main

    assert main.trouble is Trouble.LETTER_LIVE
    assert (main.facts["since"], main.facts["until"]) == (date(2026, 11, 23), LAST_DAY)


def test_a_letter_is_over_though_cron_has_not_been_by(notified: Desk) -> None:
    """23 February 23:59 in Paris it lives, a minute later it does not."""
    midnight = datetime(2027, 2, 23, 23, 0, tzinfo=UTC)
    minutes = (midnight - NOW) / timedelta(minutes=1)

    assert notified.reasons(minutes=minutes - 1) == [Trouble.LETTER_LIVE]
    assert notified.reasons(minutes=minutes) == [Trouble.LETTER_EXPIRED]


def test_a_letter_lives_by_its_own_schools_midnight(desk: Desk) -> None:
    """In Martinique it still is the last day when Paris is in the next."""
    with desk.services.transaction() as session:
        session.execute(update(School).values(time_zone="America/Martinique"))
    desk.issue()
    paris = datetime(2027, 2, 23, 23, 0, tzinfo=UTC) - NOW

    assert desk.reasons(minutes=paris / timedelta(minutes=1) + 239) == [Trouble.LETTER_LIVE]
    assert desk.reasons(minutes=paris / timedelta(minutes=1) + 300) == [Trouble.LETTER_EXPIRED]


def test_a_letter_superseded_by_a_newer_one(notified: Desk) -> None:
    """The parent holds two: the reason tells the days of both."""
    resend(notified, days=2)

    main = notified.why(days=3).main

    assert main.trouble is Trouble.LETTER_SUPERSEDED
    assert main.facts["former_since"] == date(2026, 11, 23)
    assert main.facts["number"] != main.facts["former_number"]
    assert main.facts["since"] == date(2026, 11, 25)
    assert main.facts["until"] == date(2027, 2, 25)


def test_a_letter_superseded_long_ago_is_not_typed_any_more(notified: Desk) -> None:
    """Past its own last day the former is nobody's trouble."""
    resend(notified, days=80)

    assert notified.reasons(days=100) == [Trouble.LETTER_LIVE]


def resend(desk: Desk, *, days: float, identifier: str = CELINE) -> None:
    """Print a new letter for one parent, some days later."""
    room = desk.services.print_room(NOW + timedelta(days=days))
    agreed = foresee_paper(room, identifier, None)
    resend_on_paper(room, agreed, desk.folder / "again", reason="perdu")


def test_a_letter_whose_file_was_lost(notified: Desk) -> None:
    """Recovery has voided it: the account is as it was, but not as if nothing had been."""
    with notified.services.transaction() as session:
        session.execute(update(BatchFile).values(state=FileState.COMMITTED))
    for file in (notified.folder / "out").iterdir():
        file.unlink()

    before = notified.reasons()
    recover_letters(notified.services.print_room(NOW))

    assert before == [Trouble.LETTER_UNPUBLISHED]
    assert notified.why().state is AccountState.NOT_NOTIFIED
    assert notified.reasons() == [Trouble.LETTER_VOID]


def test_a_class_still_being_printed(desk: Desk) -> None:
    """Its passwords are not stored: the account does not even know of the letter."""
    with desk.services.transaction() as session:
        room = session.scalars(select(SchoolClass).where(SchoolClass.label == "CM2")).one()
        batch = Batch(
            school_id=room.school_id, who=Who.NEW, operator="bob", started_at=NOW,
            host="x", folder="/x",
        )  # fmt: skip
        session.add(batch)
        session.flush()  # its number is needed
        session.add(BatchFile(batch_id=batch.id, class_id=room.id, name="x.pdf"))

    assert desk.reasons() == [Trouble.LETTER_UNPUBLISHED, Trouble.NEVER_NOTIFIED]
    assert Trouble.LETTER_UNPUBLISHED not in desk.reasons("nadia.moreau")


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({}, Trouble.LETTER_MAIL_WAITING),
        ({"state": MessageState.CLAIMED, "attempts": 1}, Trouble.LETTER_MAIL_WAITING),
        ({"attempts": 2, "error": "smtp.452"}, Trouble.LETTER_MAIL_RETRIED),
        (
            {"state": MessageState.FAILED, "error": "smtp.550.5.1.1", "ended_at": NOW},
            Trouble.LETTER_MAIL_FAILED,
        ),
        ({"state": MessageState.SENT, "ended_at": NOW}, Trouble.LETTER_LIVE),
    ],
)
def test_a_letter_by_mail(notified: Desk, columns: dict[str, Any], reason: Trouble) -> None:
    """Waiting, tried again, refused for good, or arrived."""
    notified.mail_letter(**columns)

    main = notified.why().main

    assert main.trouble is reason
    assert main.facts["error"] == columns.get("error")


def test_a_letter_voided_because_its_mail_was_refused(notified: Desk) -> None:
    """The account is as before, the reason is the mail, not a file."""
    notified.mail_letter(state=MessageState.FAILED, error="smtp.550.5.1.1", ended_at=NOW)
    notified.end_letter(LetterEnd.VOID)
    notified.change(state=AccountState.NOT_NOTIFIED)

    assert notified.reasons() == [Trouble.LETTER_MAIL_FAILED]


def test_an_active_account_whose_new_letter_was_lost(notified: Desk) -> None:
    """Its own password was voided for a letter that nobody got: only another letter helps."""
    activate(notified, email=None, email_confirmed_at=None)
    resend(notified, days=1)
    with notified.services.transaction() as session:
        session.execute(update(BatchFile).values(state=FileState.COMMITTED))
    for file in (notified.folder / "again").iterdir():
        file.unlink()
    recover_letters(notified.services.print_room(NOW + timedelta(days=1)))

    assert notified.why(days=1).state is AccountState.NOTIFIED
    assert notified.reasons(days=1) == [Trouble.LETTER_VOID]


def test_a_closed_account(notified: Desk) -> None:
    """A closing beats the lock and the letter that were there before."""
    notified.fail(TryKind.LOG_IN, 10, until=IN_AN_HOUR)
    with notified.services.transaction() as session:
        close_account(session, CELINE, reason="r", author=notified.services.author(NOW))

    why = notified.why()

    assert [one.trouble for one in why.findings] == [Trouble.CLOSED]
    assert why.main.facts["since"] == NOW


def test_a_closed_account_without_a_child_is_not_said_to_close(notified: Desk) -> None:
    """It is closed: that it will be is no news."""
    with notified.services.transaction() as session:
        close_account(session, CELINE, reason="r", author=notified.services.author(NOW))
        session.execute(update(Guardianship).values(ended_on=NOW.date()))

    assert notified.reasons() == [Trouble.CLOSED]


def test_the_letter_of_an_account_closed_and_opened_again(notified: Desk) -> None:
    """The account serves again, the letter does not."""
    author = notified.services.author(NOW)
    with notified.services.transaction() as session:
        close_account(session, CELINE, reason="r", author=author)
    with notified.services.transaction() as session:
        reopen_account(session, CELINE, reason="r", author=author)

    assert notified.reasons() == [Trouble.LETTER_WITHDRAWN]


def test_a_regrouped_account_names_the_one_that_serves(notified: Desk) -> None:
    """Through two regroupings, the last principal; the name of the person is still known."""
    with notified.services.transaction() as session:
        for principal, other in ((THI, CELINE), ("nadia.moreau", THI)):
            regroup_accounts(
                session, principal, other, reason="r", author=notified.services.author(NOW),
                looked=True,
            )  # fmt: skip

    why = notified.why()

    assert why.main.trouble is Trouble.REGROUPED
    assert why.main.facts["principal"] == "nadia.moreau"
    assert why.name == ("Céline", "DUPONT")


def test_an_undone_regrouping_leaves_a_withdrawn_letter(notified: Desk) -> None:
    """R-8: a letter voided by the regrouping stays void."""
    author = notified.services.author(NOW)
    with notified.services.transaction() as session:
        regroup_accounts(session, THI, CELINE, reason="r", author=author, looked=True)
    with notified.services.transaction() as session:
        undo_regrouping(session, CELINE, reason="r", author=author)

    assert notified.reasons() == [Trouble.LETTER_WITHDRAWN]


def test_a_locked_account(notified: Desk) -> None:
    """Until the lock ends; then only the wrong passwords are told, and after a day nothing."""
    notified.fail(TryKind.LOG_IN, 10, until=IN_AN_HOUR)

    main = notified.why().main
    assert (main.trouble, main.facts["until"]) == (Trouble.LOCKED, IN_AN_HOUR)
    assert main.facts["failures"] == 10
    assert notified.reasons(minutes=60) == [Trouble.LETTER_LIVE, Trouble.WRONG_PASSWORDS]
    assert notified.reasons(days=1.1) == [Trouble.LETTER_LIVE]


def test_a_browser_known_from_before_can_be_closed_too(notified: Desk) -> None:
    """R-9: its count is its own, and the desk is told of one lock, whichever closes longer."""
    notified.fail(TryKind.LOG_IN, 5, until=NOW + timedelta(minutes=1))
    notified.fail(TryKind.DEVICE, 10, until=IN_AN_HOUR)

    assert notified.reasons().count(Trouble.LOCKED) == 1
    assert notified.why().main.facts == {"until": IN_AN_HOUR, "failures": 15}
    assert notified.reasons(minutes=60) == [Trouble.LETTER_LIVE, Trouble.WRONG_PASSWORDS]


def test_a_birth_date_refused_then_closed(notified: Desk) -> None:
    """Which child, how often; closed for 24 hours it weighs more."""
    pupil = notified.fail(TryKind.BIRTH_DATE, 2)
    main = notified.why().main
    assert (main.trouble, main.facts["pupil"]) == (Trouble.BIRTH_DATE_REFUSED, pupil)
    assert main.facts["failures"] == 2

    other = notified.fail(TryKind.BIRTH_DATE, 10, identifier=THI, until=NOW + timedelta(days=1))
    main = notified.why(THI).main
    assert (main.trouble, main.facts["pupil"]) == (Trouble.BIRTH_DATE_LOCKED, other)
    assert notified.why(THI).children[0].pupil_id == other


def test_birth_dates_count_for_little_once_the_account_is_active(notified: Desk) -> None:
    """They are asked before the activation: afterwards they keep nobody out."""
    activate(notified)
    notified.fail(TryKind.BIRTH_DATE, 10, until=IN_AN_HOUR)

    assert notified.reasons() == [
        Trouble.ACTIVE, Trouble.LETTER_USED, Trouble.BIRTH_DATE_LOCKED,
    ]  # fmt: skip


def test_an_email_to_confirm(notified: Desk) -> None:
    """Since the password was chosen; that the letter is used up comes after."""
    notified.use_letter()
    notified.change(
        state=AccountState.EMAIL_PENDING, email="celine@example.fr", password_set_at=NOW
    )

    why = notified.why(days=4)

    assert [one.trouble for one in why.findings] == [
        Trouble.EMAIL_UNCONFIRMED, Trouble.LETTER_USED,
    ]  # fmt: skip
    assert why.main.facts["since"] == NOW
    assert why.email == "celine@example.fr"


def test_an_email_that_bounces(notified: Desk) -> None:
    """It beats waiting for the confirmation, which can't come."""
    notified.use_letter()
    notified.change(
        state=AccountState.EMAIL_PENDING, email="celine@example.fr", email_bounced_at=NOW
    )

    assert notified.reasons()[:2] == [Trouble.EMAIL_BOUNCES, Trouble.EMAIL_UNCONFIRMED]


def test_an_email_to_confirm_that_is_none(notified: Desk) -> None:
    """Nothing can be confirmed."""
    notified.use_letter()
    notified.change(state=AccountState.EMAIL_PENDING)

    assert notified.reasons()[0] is Trouble.EMAIL_MISSING


def test_a_change_of_email_under_way(notified: Desk) -> None:
    """Mails go to the old address until then."""
    activate(notified, pending_email="new@example.fr", pending_email_at=NOW)

    why = notified.why()

    assert why.main.trouble is Trouble.EMAIL_CHANGE_PENDING
    assert (why.email, why.pending_email) == ("celine@example.fr", "new@example.fr")


@pytest.mark.parametrize("journey", [Journey.SMS, Journey.FRANCECONNECT])
def test_active_without_a_confirmed_email(desk: Desk, journey: Journey) -> None:
    """A lost password can't be sent anywhere."""
    desk.change(state=AccountState.ACTIVE, journey=journey, activated_at=NOW)

    main = desk.why().main

    assert (main.trouble, main.facts["journey"]) == (Trouble.NO_CONFIRMED_EMAIL, journey)


def test_active_and_fine(notified: Desk) -> None:
    """Nothing is against it: the last log-in is told."""
    activate(notified)

    main = notified.why().main

    assert (main.trouble, main.facts["last_login"]) == (Trouble.ACTIVE, NOW)


def test_no_child_any_more(notified: Desk) -> None:
    """All enrolments are over: whatever the letter, there is nothing to get in for."""
    with notified.services.transaction() as session:
        session.execute(update(Enrolment).values(ended_on=date(2026, 11, 1)))

    main = notified.why().main
    assert main.trouble is Trouble.NO_CHILD
    # Ninety days after its creation: the children have left before.
    assert main.facts["closes_on"] == date(2027, 2, 21)
    assert notified.why(days=200).main.facts["closes_on"] == date(2027, 6, 11)


def test_closed_for_want_of_a_child(notified: Desk) -> None:
    """By no one: what is told is how it opens again; one closed at the desk says otherwise."""
    notified.change(
        state=AccountState.CLOSED, ended_at=NOW, closed_without_child=True, former_state="active"
    )

    why = notified.why(days=1)

    assert [one.trouble for one in why.findings] == [Trouble.CLOSED_WITHOUT_CHILD]
    assert why.main.facts == {"since": NOW, "schools": [CHARLEMAGNE]}


def test_no_legal_link(notified: Desk) -> None:
    """The children are enrolled, the link gives no right."""
    with notified.services.transaction() as session:
        session.execute(update(Guardianship).values(legal=False))

    main = notified.why().main

    assert main.trouble is Trouble.NO_LEGAL_LINK
    assert main.facts["closes_on"] == date(2027, 2, 21)
    assert main.facts["pupils"] == [child.pupil_id for child in notified.why().children]


def test_a_mobile_that_the_school_does_not_know(notified: Desk) -> None:
    """Neither SMS nor FranceConnect can work; with a letter that is a weakness only."""
    assert notified.reasons(THI) == [
        Trouble.LETTER_LIVE, Trouble.SCHOOL_MOBILE_MISSING, Trouble.SCHOOL_EMAIL_MISSING,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (SetbackKind.MOBILE_UNKNOWN, Trouble.MOBILE_REFUSED),
        (SetbackKind.HOMONYMS, Trouble.HOMONYMS_REFUSED),
    ],
)
def test_a_dead_end_of_the_sms_journey(notified: Desk, kind: SetbackKind, reason: Trouble) -> None:
    """These days it is what the parent telephones about; after a week it no longer is."""
    notified.meet(kind, days_ago=2)
    notified.meet(kind, days_ago=1)

    main = notified.why().main

    assert main.trouble is reason
    assert (main.facts["since"], main.facts["failures"]) == (NOW - timedelta(days=1), 2)
    assert notified.reasons(days=7) == [Trouble.LETTER_LIVE]


def twin(desk: Desk, **facts: object) -> None:
    """Let another school know somebody of Céline's name."""
    known: dict[str, object] = {"family_name": "Durand", "usage_name": None}
    other = Parent(given_name="CELINE", **{**known, **facts})  # type: ignore[arg-type]
    with desk.services.transaction() as session:
        school = add_school(session, MARIE_CURIE, "École Marie Curie")
        add_families(session, school, [Family((other,), DUPONTS.children[:1])])
    generate(desk.services, MARIE_CURIE)


def test_the_same_person_twice(notified: Desk) -> None:
    """Same folded names, birth name on one side, and one e-mail: proposed, nothing more."""
    twin(notified, email="DUPONT@example.fr")

    found = finding(notified.why(), Trouble.SECOND_ACCOUNT)

    assert notified.reasons()[0] is Trouble.LETTER_LIVE
    assert found.facts["others"] == ["celine.durand"]
    assert (found.facts["principal"], found.facts["dormant"]) == (CELINE, ["celine.durand"])


def test_the_active_one_of_two_accounts_is_kept(notified: Desk) -> None:
    """Whichever of them is asked about."""
    twin(notified, email="dupont@example.fr")
    notified.change("celine.durand", state=AccountState.ACTIVE)

    for identifier in (CELINE, "celine.durand"):
        found = finding(notified.why(identifier), Trouble.SECOND_ACCOUNT)
        assert (found.facts["principal"], found.facts["dormant"]) == ("celine.durand", [CELINE])


def test_homonyms_who_share_a_mobile(notified: Desk) -> None:
    """R-31: no journey can choose; M. and Mme are two people, never proposed as one."""
    twin(notified, mobile="+33612345678", civility=Civility.SIR)

    why = notified.why()

    assert finding(why, Trouble.HOMONYMS).facts["others"] == ["celine.durand"]
    assert Trouble.SECOND_ACCOUNT not in [one.trouble for one in why.findings]


def test_a_couple_that_shares_contacts_is_no_homonym(notified: Desk) -> None:
    """Céline and Jean have one mobile and one e-mail, and two given names."""
    assert notified.reasons() == [Trouble.LETTER_LIVE]


def test_who_shares_a_name_only_is_no_homonym(notified: Desk) -> None:
    """Names alone prove nothing; neither do contacts that are both missing."""
    twin(notified)
    notified.change_record(email=None, mobile=None)

    reasons = notified.reasons()

    assert Trouble.HOMONYMS not in reasons
    assert Trouble.SECOND_ACCOUNT not in reasons


ORDER = (
    Trouble.LOCKED,
    Trouble.BIRTH_DATE_LOCKED,
    Trouble.NO_CHILD,
    Trouble.MOBILE_REFUSED,
    Trouble.HOMONYMS_REFUSED,
    Trouble.LETTER_MAIL_RETRIED,
    Trouble.LETTER_SUPERSEDED,
    Trouble.SCHOOL_MOBILE_MISSING,
)


def test_of_many_troubles_at_once_the_order_is_the_written_one(notified: Desk) -> None:
    """Eight at once: the lock first, what was seen to refuse, the letter, weaknesses last."""
    notified.fail(TryKind.BIRTH_DATE, 10, until=IN_AN_HOUR)
    notified.fail(TryKind.LOG_IN, 10, until=IN_AN_HOUR)
    notified.meet(SetbackKind.HOMONYMS)
    notified.meet(SetbackKind.MOBILE_UNKNOWN)
    notified.change_record(mobile=None)
    resend(notified, days=0.01)
    with notified.services.transaction() as session:
        new = session.scalars(
            select(Letter).where(
                Letter.account_id == account_id(session, CELINE), Letter.ended_at.is_(None)
            )
        ).one()
        session.execute(update(Enrolment).values(ended_on=date(2026, 11, 1)))
        message = {"attempts": 1, "error": "smtp.451"}
        new_id = new.id
    mail(notified, new_id, message)

    assert tuple(notified.reasons(minutes=20)) == ORDER


def mail(desk: Desk, letter_id: int, columns: dict[str, object]) -> None:
    """Tell that a letter left by mail."""
    with desk.services.transaction() as session:
        message = put_in_outbox(
            session,
            desk.services.postbox,
            Outgoing(kind=MessageKind.LETTER, to="x@example.fr", values={}, letter_id=letter_id),
            NOW,
        )
        session.flush()  # its row is changed by a plain statement
        session.execute(update(Message).where(Message.id == message.id).values(**columns))


@pytest.mark.parametrize("typed", ["CELINE.DUPONT", "  celine.dupont ", "Celine. Dupont"])
def test_the_identifier_as_the_parent_types_it(desk: Desk, typed: str) -> None:
    """Capitals and spaces don't count, wherever they are."""
    assert desk.why(typed).identifier == CELINE


def test_an_unknown_identifier_is_refused(desk: Desk) -> None:
    """Nobody is guessed."""
    with pytest.raises(UnknownAccount):
        desk.why("celine.dupond")


def test_explaining_takes_a_few_statements(notified: Desk) -> None:
    """However much is known of the account."""
    notified.fail(TryKind.BIRTH_DATE, 3)
    twin(notified, email="dupont@example.fr")

    assert count_statements(notified.services, notified.why) <= 10
