"""The FranceConnect journey as a browser has it (§2.1, R-40 to R-42)."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dev.franceconnect.people import Person, person
from dev.franceconnect.provider import Provider
from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.names import name_key
from educonnect_admin.domain.people import Guardian
from educonnect_admin.edge import Services
from educonnect_admin.parents import sign_in_with_franceconnect
from educonnect_admin.portal.cookies import VISIT
from educonnect_admin.queries.franceconnect import unlink_others
from tests.conftest import NOW
from tests.office.desk.desk import Office
from tests.parents.portal_office import last_code, messages
from tests.portal.browser import OURS, words
from tests.portal.outgoing import queued
from tests.support.franceconnect import (
    CELINE,
    JEAN,
    STRANGER,
    Traveller,
    openings,
    running_provider,
    with_franceconnect,
)
from tests.support.households import DUPONTS, Child, Family, add_families

MOBILE = "06 12 34 56 78"
LONG = person(
    ["Marie-Antoinette", "Joséphine", "Philippine"],
    "DE LA ROCHEFOUCAULD-MONTMORENCY-LUXEMBOURG-SAINT-AIGNAN",
)
ALONE = person([], "DURAND")
DAYLESS = person(["Céline"], "DURAND", birthdate="1992-11-00")
YEAR_ONLY = person(["Céline"], "DURAND", birthdate="1992")
BROTHER = person(["Paul", "Jean"], "DUPONT")


@pytest.fixture(autouse=True)
def _nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is posted stays in the outbox, where the test reads it."""
    monkeypatch.setattr(Services, "deliver", lambda _self, _ids: None)


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that knows everybody."""
    with running_provider(LONG, ALONE, DAYLESS, YEAR_ONLY, BROTHER) as one:
        yield one


class Parent(Traveller):
    """Céline, whose account awaits her, in front of her browser."""

    def __init__(self, services: Services, provider: Provider) -> None:
        super().__init__(services, provider)
        self.office = Office(services)
        self.account = self.office.account("celine.dupont", self.office.record("Céline"))

    def give_mobile(self, mobile: str = MOBILE) -> httpx.Response:
        """Type a mobile."""
        return self.post("/franceconnect/mobile", mobile=mobile)

    def prove(self, who: Person = CELINE, mobile: str = MOBILE) -> httpx.Response:
        """Give every proof, from the button to the last birth date."""
        assert self.sign_in(who).headers["location"] == "/franceconnect/mobile"
        assert self.give_mobile(mobile).headers["location"] == "/inscription/code"
        answer = self.post("/inscription/code", code=last_code(self.services))
        assert answer.headers["location"] == "/inscription/enfants"
        return self.give_dates()

    def give_dates(self, **changes: str) -> httpx.Response:
        """Type the birth dates."""
        typed = {"Enzo": "4/3/2020", "Léa": "06/05/2016", **changes}
        fields = {}
        for name, day in typed.items():
            pupil = self.office.pupil(name)
            fields[f"date_{pupil}_jour"] = day
            fields[f"date_{pupil}_mois"] = fields[f"date_{pupil}_annee"] = ""
        return self.post("/inscription/enfants", **fields)

    def namesake(self, school: int) -> int:
        """Add somebody of the same names and contacts, with a child and an account."""
        child = Child(
            given_name="Hugo", family_name="DUPONT", born=date(2014, 2, 1), class_label="6A"
        )
        with self.services.transaction() as session:
            add_families(session, school, [Family(DUPONTS.parents[:1], [child])])
            record = session.scalars(
                select(Guardian.id)
                .where(Guardian.given_name == "Céline")
                .order_by(Guardian.id.desc())
            ).first()
        assert record
        return self.office.account("celine.dupont1", record)

    def set(self, account_id: int | None = None, **facts: Any) -> None:
        """Change an account."""
        with self.services.transaction() as session:
            session.execute(
                update(Account).where(Account.id == (account_id or self.account)).values(**facts)
            )

    def forget(self) -> None:
        """Go to another computer."""
        self.client.cookies.clear()

    @property
    def linked(self) -> list[int]:
        """The accounts that are linked."""
        rows = self.office.rows(
            "SELECT id FROM accounts WHERE franceconnect_digest IS NOT NULL ORDER BY id"
        )
        return [row[0] for row in rows]


@pytest.fixture
def parent(services: Services, provider: Provider, tmp_path: Path) -> Parent:
    """On both databases."""
    return Parent(with_franceconnect(services, provider, tmp_path), provider)


@pytest.fixture
def celine(sqlite_services: Services, provider: Provider, tmp_path: Path) -> Parent:
    """On SQLite, for what does not depend on the database."""
    return Parent(with_franceconnect(sqlite_services, provider, tmp_path), provider)


def test_the_first_time_and_ever_after(parent: Parent) -> None:
    """Identity, mobile, code, children: active and linked at once; later, straight in."""
    letter = parent.office.letter(parent.account)
    said = words(parent.follow(parent.sign_in()))
    assert "Bienvenue Céline DUPONT." in said
    assert "Je ne souhaite pas utiliser de téléphone portable" in said
    assert parent.give_mobile().headers["location"] == "/inscription/code"
    answer = parent.post("/inscription/code", code=last_code(parent.services))
    said = words(parent.follow(answer))
    assert "Je suis bien Céline DUPONT" in said
    assert parent.give_dates(Enzo="5/3/2020").status_code == 422
    assert openings(parent.services) == (0, 0)

    answer = parent.give_dates()

    assert answer.headers["location"] == "/accueil"
    assert "Léa DUPONT" in words(parent.follow(answer))
    office = parent.office
    assert office.rows("SELECT state, journey FROM accounts") == [("active", "franceconnect")]
    assert office.one(f'SELECT "end" FROM letters WHERE id = {letter}') == "used"
    assert [row[1] for row in office.trail("account.franceconnect_linked")] == [parent.account]
    assert len(office.trail("account.activated")) == 1
    assert office.is_sound([office.school])
    assert queued(parent.services, MessageKind.FRANCECONNECT_LINKED) == []

    parent.forget()
    answer = parent.sign_in()
    assert answer.headers["location"] == "/accueil"
    assert "Léa DUPONT" in words(parent.follow(answer))
    assert len(messages(parent.services)) == 1


def test_neither_identifier_nor_password(celine: Parent) -> None:
    """Whoever came in by FranceConnect sees no identifier and changes no password (R-42)."""
    celine.prove()

    page = celine.get("/compte")
    assert page.status_code == 200
    assert "celine.dupont" not in page.text
    assert "/compte/mot-de-passe" not in page.text
    assert celine.get("/compte/mot-de-passe").status_code != 200


def test_leaving_here_is_leaving_there(celine: Parent) -> None:
    """The provider's visit ends too, by the token of this one; then a page of ours."""
    celine.prove()

    answer = celine.post("/deconnexion")
    way = str(answer.headers["location"])

    assert way.startswith(f"{celine.provider.issuer}/session/end?id_token_hint=")
    assert VISIT not in celine.client.cookies
    with httpx.Client(trust_env=False) as client:
        back = str(client.get(way).headers["location"])
    assert back.startswith(f"{OURS}/franceconnect/deconnexion?state=")
    assert len(celine.provider.ended) == 1
    assert len(celine.provider.ended[0]) >= 32
    said = words(celine.come_back(back))
    assert "Vous êtes déconnecté d'EduConnect et de FranceConnect." in said


def test_leaving_on_the_way_is_leaving_there_too(celine: Parent) -> None:
    """On a shared computer, whoever gives up before the end does not stay signed in."""
    celine.sign_in()

    answer = celine.post("/deconnexion")

    assert "/session/end?" in answer.headers["location"]


def test_leaving_when_the_provider_is_down(celine: Parent) -> None:
    """Our visit ends whatever the provider does."""
    celine.prove()
    celine.provider.misdeeds = type(celine.provider.misdeeds)(down=True)
    fresh = Services(
        celine.services.settings,
        celine.services.engine,
        celine.services.keyring,
        celine.services.chance,
    )
    elsewhere = Traveller(fresh, celine.provider)  # another process, which knows no address yet
    elsewhere.client.cookies.set(VISIT, celine.client.cookies[VISIT])

    assert elsewhere.post("/deconnexion").headers["location"] == "/deconnexion"
    assert openings(celine.services) == (1, 0)


def test_a_mobile_that_the_school_does_not_know(parent: Parent) -> None:
    """«Numéro de téléphone non reconnu» (§2.1.4.1): what to check, whom to ask; the desk hears."""
    parent.sign_in()

    answer = parent.give_mobile("06 99 99 99 99")

    assert answer.status_code == 422
    said = words(answer)
    assert "Numéro de téléphone non reconnu" in said
    assert "Réessayer" in said
    assert "Contact" in said
    assert messages(parent.services) == []
    assert openings(parent.services) == (0, 0)
    setbacks = parent.office.rows("SELECT kind, account_id FROM setbacks")
    assert setbacks == [("mobile_unknown", parent.account)]


@pytest.mark.parametrize("typed", ["", "01 23 45 67 89", "bonjour"])
def test_what_is_no_mobile(celine: Parent, typed: str) -> None:
    """Said beside the field, where it stays as it was typed; it is no guess."""
    celine.sign_in()

    answer = celine.give_mobile(typed)

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert celine.office.one("SELECT count(*) FROM try_counts") == 0


def test_a_stranger_with_the_right_mobile(celine: Parent) -> None:
    """The names must match too: a telephone that was found opens nothing."""
    celine.sign_in(STRANGER)

    assert "non reconnu" in words(celine.give_mobile())
    assert messages(celine.services) == []


def test_the_spouse_who_shares_the_mobile(celine: Parent) -> None:
    """Jean finds his own account, not Céline's, by the same number."""
    jean = celine.office.account("jean.dupont", celine.office.record("Jean"))

    celine.prove(JEAN)

    assert celine.linked == [jean]
    assert celine.office.state(celine.account) == "notified"
    assert celine.office.one(f"SELECT journey FROM accounts WHERE id = {celine.account}") is None


def test_a_second_name_is_not_enough(celine: Parent) -> None:
    """Paul Jean is not Jean: a second name may be a brother's first."""
    celine.office.account("jean.dupont", celine.office.record("Jean"))
    celine.sign_in(BROTHER)

    assert "non reconnu" in words(celine.give_mobile())


@pytest.mark.parametrize(
    ("family", "usage", "given"),
    [
        ("DURAND", "DUPONT", "Céline"),
        ("DUPONT", None, "Céline Marie"),
        ("durand", None, "CELINE"),
        ("DURAND", "MARTIN", "Céline Marie Louise"),
    ],
)
def test_either_name_and_any_of_the_given_names_in_order(
    celine: Parent, family: str, usage: str | None, given: str
) -> None:
    """The school has the birth name or the usage name, one given name or all (formats §6.4)."""
    with celine.services.transaction() as session:
        session.execute(
            update(Guardian)
            .where(Guardian.account_id == celine.account)
            .values(
                family_name=family,
                usage_name=usage,
                given_name=given,
                family_key=name_key(family),
                usage_key=name_key(usage) if usage else None,
                given_key=name_key(given),
            )
        )

    celine.prove()

    assert celine.linked == [celine.account]


@pytest.mark.parametrize("who", [DAYLESS, YEAR_ONLY])
def test_a_birth_date_that_is_partly_unknown(celine: Parent, who: Person) -> None:
    """`1992-11-00`, `1992`: not asked for, and no obstacle where they are sent anyway."""
    celine.provider.misdeeds = replace(celine.provider.misdeeds, sends_everything=True)

    celine.prove(who)

    assert celine.linked == [celine.account]


def test_nobody_without_a_given_name_is_guessed_at(celine: Parent) -> None:
    """A page with the other ways; no mobile is asked for."""
    answer = celine.sign_in(ALONE)

    assert answer.status_code == 422
    said = words(answer)
    assert "FranceConnect ne nous a pas donné votre nom et votre prénom" in said
    assert "Me connecter autrement" in said
    assert "Me déconnecter de FranceConnect" in said
    assert openings(celine.services) == (0, 0)
    assert celine.get("/franceconnect/mobile").headers["location"] == "/connexion"
    assert celine.give_mobile().headers["location"] == "/connexion"


def test_a_name_of_more_than_fifty_signs(celine: Parent) -> None:
    """Compared and shown whole."""
    family = str(LONG.claims["family_name"])
    assert len(family) > 50
    with celine.services.transaction() as session:
        session.execute(
            update(Guardian)
            .where(Guardian.account_id == celine.account)
            .values(
                family_name=family,
                usage_name=None,
                given_name="Marie-Antoinette",
                family_key=name_key(family),
                usage_key=None,
                given_key=name_key("Marie-Antoinette"),
            )
        )
    assert f"Bienvenue Marie-Antoinette {family}." in words(celine.follow(celine.sign_in(LONG)))

    celine.prove(LONG)

    assert celine.linked == [celine.account]


def test_homonyms_who_share_a_mobile(celine: Parent) -> None:
    """Two people of one name and number: neither is chosen, the desk hears (R-31)."""
    celine.namesake(celine.office.school)
    celine.sign_in()

    answer = celine.give_mobile()

    assert answer.status_code == 422
    assert "Plusieurs personnes" in words(answer)
    assert messages(celine.services) == []
    kinds = celine.office.rows("SELECT DISTINCT kind FROM setbacks")
    assert kinds == [("homonyms",)]


def test_an_active_account_is_linked_by_the_same_proofs(parent: Parent) -> None:
    """§2.2.3.2 and §5.2 send parents here; the confirmed address learns of it."""
    parent.set(state=AccountState.ACTIVE, journey="letter", activated_at=NOW)
    parent.set(email="dupont@example.fr", email_confirmed_at=NOW)

    parent.prove()

    assert parent.linked == [parent.account]
    assert parent.office.rows("SELECT state, journey FROM accounts") == [("active", "letter")]
    told = queued(parent.services, MessageKind.FRANCECONNECT_LINKED)
    assert [(kind, to) for kind, to, _ in told] == [("franceconnect_linked", "dupont@example.fr")]
    assert parent.office.trail("account.activated") == []
    assert [row[2] for row in parent.office.trail("account.franceconnect_linked")] == ["{}"]


def test_a_former_link_is_replaced_by_the_same_proofs_only(celine: Parent) -> None:
    """The trail and a mail tell of it; whoever was in by the former link is out."""
    celine.prove()
    celine.set(email="dupont@example.fr", email_confirmed_at=NOW)
    former = Traveller(celine.services, celine.provider)
    former.sign_in()
    digest = celine.office.one("SELECT franceconnect_digest FROM accounts")

    celine.forget()
    other = person(["Céline"], "DURAND", birthdate="1990-01-01")
    celine.provider.people = [*celine.provider.people, other]
    celine.sign_in(other)
    assert celine.office.one("SELECT franceconnect_digest FROM accounts") == digest
    celine.prove(other)

    assert celine.office.one("SELECT franceconnect_digest FROM accounts") != digest
    details = [row[2] for row in celine.office.trail("account.franceconnect_linked")]
    assert details == ["{}", '{"replaced":1}']
    assert len(queued(celine.services, MessageKind.FRANCECONNECT_LINKED)) == 1
    assert former.get("/accueil").headers["location"] == "/session-expiree"
    assert celine.get("/accueil").status_code == 200


def test_whoever_was_regrouped_gives_the_proofs_again(parent: Parent) -> None:
    """The link of the regrouped account is dormant; the account that stays is linked (R-8)."""
    gone = parent.office.account("celine.durand")
    parent.prove()
    digest = parent.office.one("SELECT franceconnect_digest FROM accounts WHERE state = 'active'")
    parent.set(franceconnect_digest=None, franceconnect_at=None)
    ended = {"former_state": "active", "ended_at": NOW, "state": AccountState.REGROUPED}
    parent.set(gone, franceconnect_digest=digest, **ended)
    parent.forget()

    answer = parent.sign_in()
    assert answer.headers["location"] == "/franceconnect/mobile"
    parent.prove()

    assert parent.linked == sorted([parent.account, gone])
    parent.forget()
    assert parent.sign_in().headers["location"] == "/accueil"


def test_whoever_was_closed_is_told(celine: Parent) -> None:
    """No child any more; whoever has one elsewhere may go on by the proofs."""
    celine.prove()
    celine.set(state=AccountState.CLOSED, former_state="active", ended_at=NOW)
    celine.forget()

    answer = celine.sign_in()

    said = words(answer)
    assert "Votre compte est fermé" in said
    assert "Continuer avec mon numéro de mobile" in said
    assert celine.get("/franceconnect/mobile").status_code == 200
    assert "non reconnu" in words(celine.give_mobile())
    assert celine.get("/accueil").headers["location"] == "/connexion"


def test_an_account_that_a_letter_has_reset_asks_for_the_proofs(celine: Parent) -> None:
    """Back to notified (R-13), a former link alone does not open it."""
    celine.prove()
    celine.set(state=AccountState.NOTIFIED, sessions_void_at=None)
    celine.forget()

    assert celine.sign_in().headers["location"] == "/franceconnect/mobile"
    celine.prove()
    assert celine.office.state(celine.account) == "active"


def test_the_link_leaves_the_account_that_was_reset(parent: Parent) -> None:
    """Proved to be another account's holder by now: one living account bears the link."""
    parent.prove()
    parent.set(state=AccountState.NOTIFIED, sessions_void_at=None)
    with parent.services.transaction() as session:
        session.execute(update(Guardian).values(account_id=None))
    other = parent.office.account("celine.dupont1", parent.office.record("Céline"))
    parent.forget()

    parent.prove()

    assert parent.linked == [other]


def test_two_accounts_linked_in_the_same_moment(
    parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes second does not see the first link yet, until the database refuses theirs."""
    parent.prove()
    parent.set(state=AccountState.NOTIFIED, sessions_void_at=None)
    with parent.services.transaction() as session:
        session.execute(update(Guardian).values(account_id=None))
    other = parent.office.account("celine.dupont1", parent.office.record("Céline"))
    parent.forget()
    looks: list[int] = []

    def blind_at_first(session: Session, digest: str, kept_id: int) -> None:
        looks.append(kept_id)
        if len(looks) > 1:
            unlink_others(session, digest, kept_id)

    monkeypatch.setattr(sign_in_with_franceconnect, "unlink_others", blind_at_first)

    assert parent.prove().status_code == 303

    assert looks == [other, other]
    assert parent.linked == [other]
    assert len(parent.office.trail("account.activated")) == 2


def test_guesses_are_counted_for_the_address(celine: Parent) -> None:
    """So many numbers an hour, then none is looked for: not even the right one."""
    celine.sign_in()
    for number in range(30):
        assert celine.give_mobile(f"06 99 99 99 {number:02}").status_code == 422

    answer = celine.give_mobile()

    assert answer.status_code == 429
    assert "Réessayez dans" in words(answer)
    assert messages(celine.services) == []


def test_too_many_codes(celine: Parent) -> None:
    """The limits of a mobile hold on this way too; the journey can still go on later."""
    for _ in range(3):
        celine.sign_in()
        celine.give_mobile()
    celine.sign_in()

    answer = celine.give_mobile()

    assert answer.status_code == 429
    assert "Trop de codes" in words(answer)
    assert celine.get("/franceconnect/mobile").status_code == 200


def test_the_mobile_is_asked_of_whoever_came_back_only(celine: Parent) -> None:
    """Without an identity there is nothing to look for."""
    assert celine.get("/franceconnect/mobile").headers["location"] == "/connexion"
    celine.leave()
    assert celine.get("/franceconnect/mobile").headers["location"] == "/connexion"
    assert celine.give_mobile().headers["location"] == "/connexion"


def test_a_new_visit_begins_with_the_identity(celine: Parent) -> None:
    """A token known before the provider's answer is worth nothing after it."""
    celine.leave()
    before = celine.client.cookies[VISIT]
    celine.sign_in()
    known = celine.client.cookies[VISIT]
    assert known != before

    celine.prove()

    assert celine.client.cookies[VISIT] not in {before, known}


def test_whoever_is_in_stays_in(celine: Parent) -> None:
    """The button, or the way back once more: the first page."""
    celine.prove()

    assert celine.post("/franceconnect").headers["location"] == "/accueil"
    assert celine.get("/franceconnect/retour?state=x&code=y").headers["location"] == "/accueil"


def test_nobody_is_named_in_the_log(celine: Parent, caplog: pytest.LogCaptureFixture) -> None:
    """Neither who came nor their number, whatever happens (R-66)."""
    caplog.set_level(logging.DEBUG)
    celine.prove()
    celine.forget()
    celine.sign_in(id_token={"nonce": "x"})

    told = caplog.text.lower()
    for secret in ("céline", "celine", "durand", "dupont", CELINE.sub, "612345678"):
        assert secret not in told
    # A signed token: a head, which is an object in Base64, a body and a signature.
    assert not re.search(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", caplog.text)


def test_nothing_personal_in_the_database(celine: Parent) -> None:
    """Who somebody is at the provider is kept as a digest; what waits is sealed."""
    celine.sign_in()
    sealed = celine.office.one("SELECT sealed FROM visits")
    assert b"DURAND" not in bytes(sealed)
    celine.prove()

    digest = celine.office.one("SELECT franceconnect_digest FROM accounts")
    assert CELINE.sub not in digest
    assert len(digest) == 64


def test_an_office_without_franceconnect(sqlite_services: Services, provider: Provider) -> None:
    """Nothing is offered, and nothing answers."""
    nobody = Traveller(sqlite_services, provider)

    assert nobody.post("/franceconnect").headers["location"] == "/connexion"
    assert nobody.get("/franceconnect/retour?state=x").headers["location"] == "/connexion"
    assert "FranceConnect" not in nobody.get("/connexion").text


def test_several_accounts_of_one_person_become_one(parent: Parent) -> None:
    """Never activated, of two schools, the same person's (R-7): all children, one account."""
    other = parent.namesake(parent.office.other_school)
    parent.sign_in()
    parent.give_mobile()
    page = parent.follow(parent.post("/inscription/code", code=last_code(parent.services)))
    assert "Hugo DUPONT" in words(page)
    assert "École Marie Curie" in words(page)

    answer = parent.give_dates(Hugo="1/2/2014")

    assert answer.headers["location"] == "/accueil"
    assert parent.linked == [parent.account]
    assert parent.office.state(parent.account) == "active"
    assert parent.office.state(other) == "regrouped"
    assert parent.office.is_sound([parent.office.school, parent.office.other_school])
