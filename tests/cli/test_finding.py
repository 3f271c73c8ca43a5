"""`accounts find|show`, `pupils find|show`, as the desk types them."""

import re
from datetime import date, timedelta

from sqlalchemy import select

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.messages import Channel, Message, MessageKind, MessageState
from educonnect_admin.domain.people import Enrolment, Guardian, GuardianCorrection, Pupil
from educonnect_admin.domain.regroupings import Regrouping
from educonnect_admin.domain.setbacks import TryCount, TryKind
from educonnect_admin.edge import Services, clock
from tests.cli.running import Terminal
from tests.support.households import CHARLEMAGNE, MARIE_CURIE

BIRTH_DATES = ("2016", "2020", "05/06", "06/05", "04/03", "03/04")


def _open(run: Terminal) -> None:
    assert run("accounts", "generate", "--school", CHARLEMAGNE).code == 0


def test_a_misspelt_name_finds_the_account(run: Terminal, office: Services) -> None:
    """Identifier, name, state, school, children with class, and why."""
    _open(run)

    answer = run("accounts", "find", "celine", "dupond")

    assert answer.code == 0
    assert "celine.dupont  Céline DUPONT (nom de naissance DURAND)  [non notifié]" in answer.out
    assert f"École Charlemagne ({CHARLEMAGNE})" in answer.out
    assert "Enzo DUPONT (CP A), Léa DUPONT (CM2)" in answer.out
    assert "nom d'usage proche" in answer.out


def test_who_has_no_account_is_found_with_what_opens_one(run: Terminal, office: Services) -> None:
    """«sans compte», and the command."""
    answer = run("accounts", "find", "karim moreau")

    assert "(sans compte)  Karim MOREAU  fiche " in answer.out
    assert f"educonnect-admin accounts generate --school {CHARLEMAGNE}" in answer.out


def test_nobody_is_an_answer_not_a_failure(run: Terminal, office: Services) -> None:
    """Exit 0, and what to try next; also where nothing could be looked for."""
    for text, words in (
        ("zzzzzz", "moins de mots"),
        ("%", "au moins un nom"),
        ("06 99 99 99 99", "Aucune école n'a donné ce mobile"),
        ("x@y.example", "Aucune école, aucun compte"),
        ("123456789AB", "Aucun élève"),
    ):
        answer = run("accounts", "find", text)
        assert answer.code == 0
        assert "Personne n'a été trouvé." in answer.out
        assert words in answer.out


def test_find_tells_a_program_what_it_needs(run: Terminal, office: Services) -> None:
    """The keys that others rely on; no birth date: it is a proof parents must give."""
    _open(run)

    found = run("accounts", "find", "06.12.34.56.78", "--json").json

    assert [one["identifier"] for one in found["accounts"]] == ["celine.dupont", "jean.dupont"]
    first = found["accounts"][0]
    assert {
        "identifier", "state", "family_name", "usage_name", "given_name", "schools", "children",
        "guardian_ids", "score", "matched_by",
    } <= set(first)  # fmt: skip
    assert first["matched_by"] == ["mobile"]
    assert [(child["given_name"], child["class"]) for child in first["children"]] == [
        ("Enzo", "CP A"),
        ("Léa", "CM2"),
    ]
    assert "birth" not in str(found)


def test_a_limit_says_what_would_narrow(run: Terminal, office: Services) -> None:
    """One shown, how many others, and what to add."""
    answer = run("accounts", "find", "dupont", "--limit", "1")

    assert "1 réponse ; 1 autre aussi. Ajoutez un prénom" in answer.out


def test_a_sheet_fits_a_screen_and_holds_no_birth_date(run: Terminal, office: Services) -> None:
    """A normal family: 24 lines of 80 signs at most, the children without the proof."""
    _open(run)
    assert run("letters", "issue", "--school", CHARLEMAGNE, "--output", "out").code == 0

    answer = run("accounts", "show", "CELINE.dupont")

    assert answer.code == 0
    folded = sum(1 + len(line) // 80 for line in answer.out.splitlines())
    assert folded <= 24
    assert "celine.dupont  [notifié et non activé]" in answer.out
    assert "Enzo DUPONT (CP A) ; Léa DUPONT (CM2)" in answer.out
    assert "papier  en cours de validité" in answer.out
    assert "courrier émis, par alice" in answer.out
    assert not [year for year in BIRTH_DATES if re.search(rf"\b{year}\b", answer.out)]


def test_the_sheet_of_a_troubled_account_says_all_of_it(run: Terminal, office: Services) -> None:
    """Lock, address that bounces, corrected mobile, message that failed, regrouping."""
    _open(run)
    now = clock()
    with office.transaction() as session:
        celine = session.scalars(select(Account).filter_by(identifier="celine.dupont")).one()
        jean = session.scalars(select(Account).filter_by(identifier="jean.dupont")).one()
        record = session.scalars(select(Guardian).filter_by(account_id=celine.id)).one()
        celine.email, celine.email_bounced_at = "celine@example.fr", now
        celine.franceconnect_digest, celine.franceconnect_at = "0" * 64, now
        jean.state = AccountState.REGROUPED
        count = TryCount(kind=TryKind.LOG_IN, subject="x", first_at=now, account_id=celine.id)
        count.locked_until = now + timedelta(hours=1)
        message = Message(
            reference="r", kind=MessageKind.REMINDER, channel=Channel.MAIL, account_id=celine.id,
            state=MessageState.FAILED, created_at=now, due_at=now, attempts=1, maybe_double=False,
            error="smtp.550.5.1.1",
        )  # fmt: skip
        session.add_all(
            [
                count,
                message,
                GuardianCorrection(
                    guardian_id=record.id, field="mobile", source_value=None, corrected_at=now
                ),
                Regrouping(principal_id=celine.id, other_id=jean.id, regrouped_at=now),
            ]
        )

    said = " ".join(run("accounts", "show", "celine.dupont").out.split())
    other = run("accounts", "show", "jean.dupont").out
    data = run("accounts", "show", "celine.dupont", "--json").json

    for words in (
        "VERROUILLÉ jusqu'au", "accounts unlock celine.dupont", "(non confirmée)",
        "messages refusés depuis", "(corrigé au bureau)", "A reçu le compte jean.dupont",
        "ne connaît pas cette adresse", "Lié à FranceConnect depuis le",
    ):  # fmt: skip
        assert words in said
    assert "Regroupé dans celine.dupont" in other
    assert data["locked_until"]
    assert data["email_bounced"] is True
    assert data["franceconnect_at"]
    assert "0" * 64 not in said
    assert data["guardians"][0]["corrected"] == ["mobile"]
    assert data["messages"][0]["error"] == "smtp.550.5.1.1"
    assert data["regroupings"][0]["other"] == "jean.dupont"


def test_show_tells_a_program_what_it_needs(run: Terminal, office: Services) -> None:
    """The promised keys, the newest entry of the timeline last."""
    _open(run)
    assert run("letters", "issue", "--school", CHARLEMAGNE, "--output", "out").code == 0

    sheet = run("accounts", "show", "nadia.moreau", "--json").json

    assert {"identifier", "state", "children", "letters", "timeline"} <= set(sheet)
    assert sheet["state"] == "notified"
    assert [letter["live"] for letter in sheet["letters"]] == [True]
    assert [entry["kind"] for entry in sheet["timeline"]] == ["account.opened", "letter.issued"]


def test_what_several_schools_were_told_stands_once(run: Terminal, office: Services) -> None:
    """An account of two schools has its entries in two chains; the timeline shows one."""
    from educonnect_admin.domain.trail import Happening, TrailKind
    from educonnect_admin.queries.trail import append_to_trail
    from tests.conftest import NOW

    _open(run)
    assert run("schools", "add", MARIE_CURIE, "Collège").code == 0
    with office.transaction() as session:
        account = session.scalars(select(Account).filter_by(identifier="nadia.moreau")).one()
        append_to_trail(
            session,
            office.author(NOW),
            [
                Happening(
                    TrailKind.ACCOUNT_UNLOCKED, school_id=school, account_id=account.id, reason="su"
                )
                for school in (1, 2)
            ],
        )

    sheet = run("accounts", "show", "nadia.moreau", "--json").json

    assert [entry["kind"] for entry in sheet["timeline"]].count("account.unlocked") == 1
    assert "compte déverrouillé, par alice : su" in run("accounts", "show", "nadia.moreau").out


def test_a_child_that_left_is_said_to_have_left(run: Terminal, office: Services) -> None:
    """Its link stays, its enrolment is over."""
    _open(run)
    with office.transaction() as session:
        lea = session.scalars(select(Pupil).filter_by(given_name="Léa")).one()
        enrolment = session.scalars(select(Enrolment).filter_by(pupil_id=lea.id)).one()
        enrolment.ended_on = date(2026, 11, 1)

    assert "Léa DUPONT (plus inscrit)" in run("accounts", "show", "celine.dupont").out


def test_nobody_bears_such_an_identifier(run: Terminal, office: Services) -> None:
    """Exit 3, and how to search."""
    answer = run("accounts", "show", "celine.dupond")

    assert (answer.code, answer.out) == (3, "")
    assert "accounts find" in answer.err


def test_a_pupil_is_found_and_shown_by_number_and_ine(run: Terminal, office: Services) -> None:
    """Birth date, class, who answers for it, and whether the desk corrected the date."""
    _open(run)
    with office.transaction() as session:
        lea = session.scalars(select(Pupil).filter_by(given_name="Léa")).one()
        lea.ine, lea.source_birth_date = "123456789AB", date(2015, 5, 6)

    (found,) = run("pupils", "find", "lea dupond", "--json").json["pupils"]
    by_number = run("pupils", "show", str(found["id"]))
    by_ine = run("pupils", "show", "123456789ab")

    assert {
        "id", "ine", "family_name", "given_names", "usage_name", "birth_date", "class", "school",
        "level",
    } <= set(found)  # fmt: skip
    assert (found["birth_date"], found["class"]) == ("2016-05-06", "CM2")
    assert by_number.out == by_ine.out
    assert "06/05/2016 (corrigée au bureau" in by_number.out
    assert "celine.dupont [non notifié]" in by_number.out
    assert "pupils correct-birth-date" in by_number.out


def test_an_ine_that_two_pupils_share_is_refused_with_their_numbers(
    run: Terminal, office: Services
) -> None:
    """A wrong file must not make the desk correct the wrong child (exit 3)."""
    with office.transaction() as session:
        pupils = session.scalars(select(Pupil).order_by(Pupil.id).limit(2)).all()
        for pupil in pupils:
            pupil.ine = "123456789AB"

    answer = run("pupils", "show", "123456789AB")

    assert (answer.code, answer.out) == (3, "")
    assert "les numéros 1 et 2" in answer.err
    for text in ("999999", "99999999999", "abc", "-1", "٣"):
        assert run("pupils", "show", "--", text).code == 3
