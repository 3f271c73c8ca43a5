"""Letters out: whose, where, in which order, and what no page may show (R-10 to R-15)."""

import stat
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.errors import AlreadyRunning, UnknownClass, UnknownSchool
from educonnect_admin.domain.letters import Batch, Letter, LetterEnd, Who
from educonnect_admin.domain.people import Enrolment, Guardian, Guardianship
from educonnect_admin.edge import Services
from educonnect_admin.letters.content import BatchHeading, LetterContent
from educonnect_admin.letters.press import LetterPress
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.office.issue_letters import issue_letters
from educonnect_admin.office.plan_letters import plan_letters
from educonnect_admin.office.printing.print_room import letters_lock
from educonnect_admin.queries.schools import school_by_uai
from tests.conftest import NOW
from tests.office.printing import assert_pages_and_database_agree, fill, issue, order
from tests.support.households import (
    CHARLEMAGNE,
    DUPONTS,
    MARIE_CURIE,
    NGUYENS,
    Child,
    Family,
    Parent,
    add_families,
    add_school,
    many_families,
)
from tests.support.pdf import letters_in, letters_under, pages_of

Letters = Sequence[tuple[LetterContent, str]]


def test_every_guardian_gets_one_letter_whose_password_works(
    services: Services, tmp_path: Path
) -> None:
    """As many letters as accounts, each page's password accepted, no other accepted."""
    school = fill(services)

    issued = issue(services, tmp_path / "out")

    assert (issued.letters, issued.generated.created) == (5, 5)
    assert issued.last_day == date(2027, 2, 23)
    assert_pages_and_database_agree(services, tmp_path / "out", school)


def test_the_eldest_child_carries_the_letter(services: Services, tmp_path: Path) -> None:
    """The Duponts' letters go with Léa of CM2, not with Enzo of CP; he is listed (R-13)."""
    fill(services)

    issue(services, tmp_path)

    (cm2,) = tmp_path.glob("*-CM2-courriers.pdf")
    assert [page.identifier for page in letters_in(cm2)] == [
        "celine.dupont", "jean.dupont", "thi.nguyen",
    ]  # fmt: skip
    assert "Léa DUPONT" in pages_of(cm2)[0]
    assert "Enzo DUPONT" in pages_of(cm2)[0]
    assert list(tmp_path.glob("*-CP-courriers.pdf")) == []


def test_the_slip_of_the_little_brother_says_who_carries_it(
    services: Services, tmp_path: Path
) -> None:
    """A class without letters still has its slip: «remis à …, classe …» (R-13)."""
    fill(services)

    issue(services, tmp_path)

    (slip,) = tmp_path.glob("*-CP-bordereau.pdf")
    text = " ".join(" ".join(pages_of(slip)).split())
    assert "remis à Léa DUPONT, classe CM2" in text
    assert "remis à An NGUYỄN, classe CM2" in text


def test_separated_parents_never_see_each_other(services: Services, tmp_path: Path) -> None:
    """Two households, two letters: no name, address or contact of the other one (R-15)."""
    fill(services)

    issue(services, tmp_path)

    (ce1,) = tmp_path.glob("*-CE1-courriers.pdf")
    karim, nadia = (page.text for page in letters_in(ce1))
    assert "Nadia" not in karim
    assert "Puits" not in karim
    assert "Karim" not in nadia
    assert "Caen" not in nadia


def test_issuing_again_makes_nothing(services: Services, tmp_path: Path) -> None:
    """The command is idempotent: who holds a letter is not notified twice (R-12)."""
    school = fill(services)
    issue(services, tmp_path)

    again = issue(services, tmp_path)

    assert (again.letters, again.batch_id, list(again.files)) == (0, None, [])
    assert_pages_and_database_agree(services, tmp_path, school)


def test_one_class_only(services: Services, tmp_path: Path) -> None:
    """With a class asked for, the eldest child *of that class* carries the letter."""
    fill(services)

    issued = issue_letters(services.print_room(NOW), order(tmp_path, class_label="cp  a"))

    (only,) = issued.files
    assert only.school_class.label == "CP A"
    assert [page.identifier for page in letters_in(only.path)] == [
        "celine.dupont", "jean.dupont", "thi.nguyen",
    ]  # fmt: skip


def test_a_letter_of_another_school_is_not_doubled(services: Services, tmp_path: Path) -> None:
    """A family known by two schools has one account, and one live letter (R-7, R-12)."""
    fill(services, (DUPONTS,))
    with services.transaction() as session:
        other = add_school(session, MARIE_CURIE, "Collège Marie Curie")
        big = Child(given_name="Tom", family_name="DUPONT", born=date(2013, 1, 1), class_label="5B")
        add_families(session, other, [Family(DUPONTS.parents, (big,))])
    issue(services, tmp_path / "a")

    second = issue_letters(services.print_room(NOW), order(tmp_path / "b", uai=MARIE_CURIE))

    assert second.letters == 0
    assert second.generated.joined == 2
    assert second.generated.created == 0


def test_a_letter_lists_the_children_of_both_schools(services: Services, tmp_path: Path) -> None:
    """Every child attached to the account is on the letter, whatever the school (R-10)."""
    fill(services, (DUPONTS,))
    with services.transaction() as session:
        other = add_school(session, MARIE_CURIE, "Collège Marie Curie")
        big = Child(given_name="Tom", family_name="DUPONT", born=date(2013, 1, 1), class_label="5B")
        add_families(session, other, [Family(DUPONTS.parents, (big,))])
    for uai in (CHARLEMAGNE, MARIE_CURIE):
        with services.transaction() as session:
            generate_accounts(
                session,
                school_by_uai(session, uai),
                stem_digest=services.keyring.stem_digest,
                author=services.author(NOW),
            )

    issue(services, tmp_path)

    pages = letters_under(tmp_path)
    assert len(pages) == 2
    assert all("Tom DUPONT" in page.text and "Collège Marie Curie" in page.text for page in pages)


def test_files_are_for_their_owner_alone(services: Services, tmp_path: Path) -> None:
    """Letters and slips are 600, the folder that was made for them 700."""
    fill(services)

    issue(services, tmp_path / "new" / "folder")

    files = list((tmp_path / "new" / "folder").iterdir())
    assert len(files) == 6
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_file_names_tell_batch_and_level_but_nobody(services: Services, tmp_path: Path) -> None:
    """A class named after its teacher does not put her name on a file (R-66)."""
    child = Child(
        given_name="A", family_name="B", born=date(2019, 1, 1),
        class_label="Classe de Mme Bailly", level="CE1",
    )  # fmt: skip
    fill(services, (Family((Parent(given_name="C", family_name="B"),), (child,)),))

    issue(services, tmp_path / "out")

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "lot-000001-01-CE1-bordereau.pdf",
        "lot-000001-01-CE1-courriers.pdf",
    ]


def test_a_name_without_glyph_stops_only_its_own_letter(services: Services, tmp_path: Path) -> None:
    """Who can't be printed is named; the others go out (R-10: nothing is ever cut)."""
    strange = Parent(given_name="Ada", family_name="𓀀𓀁")
    school = fill(services, (Family((strange, *NGUYENS.parents), NGUYENS.children),))

    issued = issue(services, tmp_path)

    assert [one.identifier for one in issued.unprintable] == ["ada.a1a"]
    assert issued.letters == 1
    assert_pages_and_database_agree(services, tmp_path, school)


def test_expired_letters_are_made_again(services: Services, tmp_path: Path) -> None:
    """`--who expired`: a new password for those whose letters are all over, and only them."""
    fill(services)
    issue(services, tmp_path / "first")
    later = NOW + timedelta(days=93)

    early = issue(services, tmp_path / "early", who=Who.EXPIRED)
    again = issue_letters(services.print_room(later), order(tmp_path / "b", who=Who.EXPIRED))

    assert early.letters == 0
    assert again.letters == 5
    with services.reading() as session:
        ends = (
            session.execute(select(Letter.end).where(Letter.ended_at.is_not(None))).scalars().all()
        )
        assert ends == [LetterEnd.EXPIRED] * 5
    old = {page.identifier: page.password for page in letters_under(tmp_path / "first")}
    new = {page.identifier: page.password for page in letters_under(tmp_path / "b")}
    assert old.keys() == new.keys()
    assert all(old[name] != new[name] for name in old)


def test_the_last_day_is_the_schools_own(services: Services, tmp_path: Path) -> None:
    """15 October 23:30 UTC is 16 October in Paris and 15 October in Martinique (R-11)."""
    moment = datetime(2026, 10, 15, 23, 30, tzinfo=UTC)
    with services.transaction() as session:
        for uai, name in (("0752387M", "Paris"), ("9720001Z", "Martinique")):
            from educonnect_admin.domain.uai import check_letter

            school = add_school(session, uai[:7] + check_letter(uai[:7]), name)
            add_families(session, school, [DUPONTS])

    days = {}
    for uai in ("0752387", "9720001"):
        from educonnect_admin.domain.uai import check_letter

        issued = issue_letters(
            services.print_room(moment), order(tmp_path / uai, uai=uai + check_letter(uai))
        )
        days[uai] = issued.last_day

    assert days == {"0752387": date(2027, 1, 16), "9720001": date(2027, 1, 15)}


def test_pending_accounts_get_a_new_letter(services: Services, tmp_path: Path) -> None:
    """`--who pending`: an e-mail never confirmed goes back to a letter (R-13)."""
    fill(services)
    issue(services, tmp_path / "a")
    with services.transaction() as session:
        session.execute(
            update(Account)
            .where(Account.identifier == "nadia.moreau")
            .values(state=AccountState.EMAIL_PENDING)
        )
        session.execute(
            update(Letter).where(Letter.account_id.in_(
                select(Account.id).where(Account.identifier == "nadia.moreau")
            )).values(ended_at=NOW, end=LetterEnd.USED)
        )  # fmt: skip

    issued = issue(services, tmp_path / "b", who=Who.PENDING)

    assert [page.identifier for page in letters_under(tmp_path / "b")] == ["nadia.moreau"]
    assert issued.letters == 1


def test_the_second_of_two_runs_says_so(services: Services, tmp_path: Path) -> None:
    """Two runs for one school at once: one wins, the other is told."""
    school = fill(services)

    with services.lock(letters_lock(school)), pytest.raises(AlreadyRunning):
        issue(services, tmp_path)


def test_unknown_school_and_class_are_refused(services: Services, tmp_path: Path) -> None:
    """Nothing is written for a school or a class that is not there."""
    with pytest.raises(UnknownSchool):
        issue(services, tmp_path / "x")
    fill(services)
    with pytest.raises(UnknownClass) as refusal:
        issue_letters(services.print_room(NOW), order(tmp_path / "x", class_label="CM3"))
    assert refusal.value.known == ("CE1", "CE2", "CM2", "CP A")


def test_a_dry_run_foresees_the_same_and_keeps_nothing(services: Services, tmp_path: Path) -> None:
    """The dry run says what the run then does; no account, batch or file comes of it."""
    fill(services)

    planned = plan_letters(services.print_room(NOW), order(tmp_path / "out"))

    assert not (tmp_path / "out").exists()
    with services.reading() as session:
        assert session.scalars(select(Account)).all() == []
        assert session.scalars(select(Batch)).all() == []
    issued = issue(services, tmp_path / "out")
    assert [(c.label, n) for c, n in planned.classes] == [
        (file.school_class.label, file.letters) for file in issued.files
    ]


def test_pupils_of_a_class_are_in_satchel_order(services: Services, tmp_path: Path) -> None:
    """Inside a class, letters lie in the order of the pupils' names."""
    fill(services, many_families(20))

    issued = issue(services, tmp_path)

    for file in issued.files:
        carriers = [page.text.split("FAMILLE")[1].split()[0] for page in letters_in(file.path)]
        assert carriers == sorted(carriers)
    assert [file.letters for file in issued.files] == [10, 10]


def test_a_slip_is_never_lost_for_a_name(services: Services, tmp_path: Path) -> None:
    """A name that no column takes is broken, a sign without glyph told: the slip comes out."""
    long = Child(
        given_name="Z" * 60,
        family_name="FAMILLE",
        born=date(2018, 1, 1),
        class_label="CE1",
        level="CE1",
    )
    odd = Parent(given_name="Ada", family_name="𓀀")
    fill(services, (Family((odd, Parent(given_name="Bo", family_name="W")), (long,)),))

    issued = issue(services, tmp_path)

    assert issued.letters + len(issued.unprintable) == 2
    if issued.letters:
        assert "Ada ?" in " ".join(pages_of(issued.slips[0].path))


def test_a_child_of_two_schools_brings_the_letter_home_from_either(
    services: Services, tmp_path: Path
) -> None:
    """A pupil enrolled here and elsewhere carries the letter of the school that issues it."""
    first = fill(services, (DUPONTS,))
    with services.transaction() as session:
        other = add_school(session, MARIE_CURIE, "École Marie Curie")
        add_families(session, other, [Family(DUPONTS.parents, ())])
        for enrolment in session.scalars(select(Enrolment).where(Enrolment.school_id == first)):
            here = Enrolment(
                pupil_id=enrolment.pupil_id,
                school_id=other,
                class_id=None,
                level="CM2",
                started_on=date(2026, 11, 1),
            )
            session.add(here)
            for parent in session.scalars(select(Guardian).where(Guardian.school_id == other)):
                session.add(
                    Guardianship(
                        guardian_id=parent.id,
                        pupil_id=enrolment.pupil_id,
                        legal=True,
                        started_on=date(2026, 11, 1),
                    )
                )
        generate_accounts(
            session,
            school_by_uai(session, CHARLEMAGNE),
            stem_digest=services.keyring.stem_digest,
            author=services.author(NOW),
        )

    issued = issue_letters(services.print_room(NOW), order(tmp_path, uai=MARIE_CURIE))

    assert (issued.generated.joined, issued.letters) == (2, 2)
    assert all(page.text.count("Léa DUPONT") == 2 for page in letters_under(tmp_path))


@pytest.mark.parametrize("change", ["given_name", "street"])
def test_a_page_that_is_no_longer_true_is_made_again(
    services: Services, tmp_path: Path, change: str
) -> None:
    """A name or an address corrected during the draw: the letter waits for the next run."""
    school = fill(services, (DUPONTS,))
    issue(services, tmp_path / "a", who=Who.EXPIRED)

    class Correcting(LetterPress):
        done = False

        def letters(self, heading: BatchHeading, letters: Letters) -> bytes:
            if not self.done:
                with services.transaction() as session:
                    guardian = session.scalars(
                        select(Guardian).where(Guardian.given_name == "Jean")
                    ).one()
                    setattr(guardian, change, "Jean-Paul")
                self.done = True
            return super().letters(heading, letters)

    issued = issue_letters(replace(services.print_room(NOW), press=Correcting()), order(tmp_path))

    assert [page.identifier for page in letters_under(tmp_path)] == ["celine.dupont"]
    assert issued.letters == 1
    assert_pages_and_database_agree(services, tmp_path, school)
    assert issue(services, tmp_path / "b").letters == 1


def test_on_its_last_day_a_letter_still_lives(services: Services, tmp_path: Path) -> None:
    """The last day is included: nobody is notified again before it is over (R-11)."""
    fill(services)
    first = issue(services, tmp_path / "a")
    last = datetime.combine(first.last_day, time(22, 59), UTC)

    on_it = issue_letters(services.print_room(last), order(tmp_path / "b", who=Who.EXPIRED))
    after = issue_letters(
        services.print_room(last + timedelta(minutes=1)), order(tmp_path / "c", who=Who.EXPIRED)
    )

    assert (on_it.letters, after.letters) == (0, 5)


def test_a_guardian_who_is_not_legal_gets_no_letter(services: Services, tmp_path: Path) -> None:
    """A person to call is not a person who may read (R-60)."""
    fill(services, (DUPONTS,))
    with services.transaction() as session:
        jean = select(Guardian.id).where(Guardian.given_name == "Jean")
        session.execute(
            update(Guardianship).where(Guardianship.guardian_id.in_(jean)).values(legal=False)
        )

    issue(services, tmp_path)

    assert [page.identifier for page in letters_under(tmp_path)] == ["celine.dupont"]
