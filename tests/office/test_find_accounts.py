"""Finding people as families say their names, on both databases."""

from datetime import date

import pytest

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.people import Guardian, Guardianship, Pupil
from educonnect_admin.edge import Services
from educonnect_admin.office.find_accounts import FoundAccount, FoundAccounts, find_accounts
from educonnect_admin.office.find_pupils import find_pupils
from educonnect_admin.office.searching.asked import What
from tests.conftest import NOW
from tests.support.households import START, add_school

PEOPLE = (
    # given, family, usage, child
    ("Cécile", "LEFEBVRE", None, ("Zoé", "LEFEBVRE")),
    ("Marie", "DUPONT", None, ("Tom", "DUPONT")),
    ("Jean", "DUPOND", None, ("Ana", "DUPOND")),
    ("Aïssatou", "N'DIAYE", None, ("Moussa", "N'DIAYE")),
    ("Thị Hoa", "NGUYỄN", None, ("Linh", "NGUYỄN")),
    ("Anne", "DE LA ROCHEFOUCAULD", None, ("Côme", "DE LA ROCHEFOUCAULD")),
    ("Jean-Pierre", "LE GALL", None, ("Maël", "LE GALL")),
    ("Sophie", "MARTIN", "MARTIN-DUPUIS", ("Lucie", "DUPUIS")),
    ("Philippe", "GAUTHIER", None, ("Léo", "GAUTHIER")),
    ("محمد", "العربي", None, ("سارة", "العربي")),
    ("Mickaël", "PETIT", None, ("Nina", "PETIT")),
    ("Li", "AN", None, ("Mei", "AN")),
    ("Bernard", "ROUX", None, ("Éva", "ROUX")),
)


@pytest.fixture
def people(services: Services) -> Services:
    """A school of people whose names are easily mistyped; none has an account yet."""
    with services.transaction() as session:
        school = add_school(session)
        for given, family, usage, (child_given, child_family) in PEOPLE:
            guardian = Guardian(school_id=school, family_name=family, given_name=given)
            if usage:
                guardian.usage_name, guardian.usage_key = usage, usage.lower().replace("-", "")
            pupil = Pupil(
                family_name=child_family,
                usage_name=None,
                given_name=child_given,
                birth_date=date(2018, 3, 4),
                ine=None,
            )
            session.add_all([guardian, pupil])
            session.flush()  # their numbers are needed
            session.add(
                Guardianship(
                    guardian_id=guardian.id, pupil_id=pupil.id, legal=True, started_on=START
                )
            )
    return services


def look(services: Services, text: str, limit: int = 20) -> FoundAccounts:
    """Search, as the desk does."""
    with services.reading() as session:
        return find_accounts(session, text, limit=limit, now=NOW)


def names(found: FoundAccounts) -> list[str]:
    """Return who was found, in order."""
    return [f"{one.records[0].given_name} {one.records[0].family_name}" for one in found.accounts]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lefevre", "Cécile LEFEBVRE"),
        ("LEFEBVRE", "Cécile LEFEBVRE"),
        ("lefbevre cecil", "Cécile LEFEBVRE"),
        ("cécile lefevbre", "Cécile LEFEBVRE"),
        ("dupont", "Marie DUPONT"),
        ("dupond", "Jean DUPOND"),
        ("jean dupont", "Jean DUPOND"),
        ("ndiaye", "Aïssatou N'DIAYE"),
        ("n diaye", "Aïssatou N'DIAYE"),
        ("N’Diaye aissatou", "Aïssatou N'DIAYE"),
        ("ndaiye", "Aïssatou N'DIAYE"),
        ("nguyen", "Thị Hoa NGUYỄN"),
        ("nguyen thi hoa", "Thị Hoa NGUYỄN"),
        ("nugyen", "Thị Hoa NGUYỄN"),
        ("De La Rochefoucauld", "Anne DE LA ROCHEFOUCAULD"),
        ("rochefoucauld", "Anne DE LA ROCHEFOUCAULD"),
        ("delarochefoucault anne", "Anne DE LA ROCHEFOUCAULD"),
        ("la rochefoucaud", "Anne DE LA ROCHEFOUCAULD"),
        ("jean pierre le gall", "Jean-Pierre LE GALL"),
        ("legall jeanpierre", "Jean-Pierre LE GALL"),
        ("legal jean-piere", "Jean-Pierre LE GALL"),
        ("pierre le gall", "Jean-Pierre LE GALL"),
        ("sophie dupuis", "Sophie MARTIN"),
        ("martin lucie", "Sophie MARTIN"),
        ("lucie dupuis", "Sophie MARTIN"),
        ("sophie martin dupuis", "Sophie MARTIN"),
        ("philipe gautier", "Philippe GAUTHIER"),
        ("gautheir", "Philippe GAUTHIER"),
        ("gauthie léo", "Philippe GAUTHIER"),
        ("p gauthier", "Philippe GAUTHIER"),
        ("J.-P. Le Gall", "Jean-Pierre LE GALL"),
        ("محمد العربي", "محمد العربي"),
        ("سارة", "محمد العربي"),
        ("michael petit", "Mickaël PETIT"),
        ("li an", "Li AN"),
        ("bernard ruox", "Bernard ROUX"),
        ("roux eva", "Bernard ROUX"),
        ("c.lefebvre", "Cécile LEFEBVRE"),
        ("c.lef", "Cécile LEFEBVRE"),
    ],
)
def test_the_person_meant_comes_first(people: Services, typed: str, meant: str) -> None:
    """Accents, order, joined and parted words, initials and small slips are forgiven."""
    found = look(people, typed)

    assert names(found)[:1] == [meant]
    assert found.accounts[0].account is None


def test_an_exact_name_comes_before_a_near_one(people: Services) -> None:
    """Both are shown: the one typed, then the one a letter away, and which is which is said."""
    found = look(people, "dupond")

    assert names(found) == ["Jean DUPOND", "Marie DUPONT"]
    assert found.accounts[0].matched_by == ("family_name",)
    assert found.accounts[1].matched_by == ("family_name:near",)
    assert found.accounts[0].score > found.accounts[1].score


@pytest.mark.parametrize(
    "typed",
    [
        "marie lefebvre",
        "dupont tom ana",
        "zoé gauthier",
        "anne roux",
        "zzzz",
        "marie xyz",
        "petite lucie",
    ],
)
def test_all_words_must_fit_somewhere(people: Services, typed: str) -> None:
    """A word that fits nobody of the household is not passed over."""
    assert names(look(people, typed)) == []


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "%", "_", "%%%", "____", "'", '"', '"" OR ""', "a", "a b c",
        "dupont'; DROP TABLE x", "name_trigrams MATCH", "NEAR(dupont)", "dup*",
        "^dupont AND", "-", "()", "\\", "\x00",
        "dupont " * 50, "é" * 300, "x" * 300, "@", "@@", "a@", "漢", "🙂", "0612", "++", ".", "..",
        "1" * 11, "%martin%",
    ],
)  # fmt: skip
def test_what_is_no_name_is_harmless(people: Services, typed: str) -> None:
    """Signs of SQL, of patterns and of full-text search are signs like any other."""
    found = look(people, typed)

    assert len(found.accounts) <= 3
    assert look(people, "dupont").accounts


def test_homonyms_stand_side_by_side(services: Services) -> None:
    """Father and son of one name, at one address, are two results in a stable order."""
    with services.transaction() as session:
        school = add_school(session)
        for _ in range(3):
            session.add(Guardian(school_id=school, family_name="MARTIN", given_name="Paul"))

    found = look(services, "paul martin")

    assert [[record.id for record in one.records] for one in found.accounts] == [[1], [2], [3]]
    assert look(services, "paul martin") == found


def test_a_limit_shows_the_best_and_counts_the_rest(services: Services) -> None:
    """The first are the same whatever the limit; the others are counted."""
    with services.transaction() as session:
        school = add_school(session)
        for given in ("Zoé", "Ada", "Max", "Léo", "Eve"):
            session.add(Guardian(school_id=school, family_name="BLANC", given_name=given))
        session.add(Guardian(school_id=school, family_name="BLANCO", given_name="Abel"))

    whole, cut = look(services, "blanc"), look(services, "blanc", limit=2)

    assert names(whole) == [f"{given} BLANC" for given in ("Ada", "Eve", "Léo", "Max", "Zoé")] + [
        "Abel BLANCO"
    ]
    assert names(cut) == names(whole)[:2]
    assert (cut.more, cut.about) == (3, False)


def test_thousands_of_bearers_are_counted_not_read(services: Services) -> None:
    """A name that very many bear gives the first of them, and about how many there are."""
    with services.transaction() as session:
        school = add_school(session)
        for number in range(900):
            given = "Abcdefghij"[number % 10] + "xyz"[number % 3]
            session.add(Guardian(school_id=school, family_name="MARTIN", given_name=given))

    found = look(services, "martin")

    assert len(found.accounts) == 20
    assert (found.more, found.about) == (880, True)


def _with_accounts(services: Services) -> None:
    with services.transaction() as session:
        first = add_school(session)
        second = add_school(session, "0752387M", "Collège Marie Curie")
        for identifier, given, family in (
            ("v.durant", "Victor", "DURANT"),
            ("v.durant1", "Valérie", "DURANT"),
            ("valerie.durant", "Valérie", "DURANT"),
        ):
            account = Account(identifier=identifier, created_at=NOW)
            session.add(account)
            session.flush()  # its number is needed
            for school in (first, second) if identifier == "v.durant1" else (first,):
                record = Guardian(school_id=school, family_name=family, given_name=given)
                record.account_id = account.id
                record.email = f"{identifier}@Example.fr"
                record.mobile = "+262692123456" if identifier == "v.durant" else "+33612345678"
                session.add(record)
        gone = Account(identifier="old.one", created_at=NOW)
        gone.state = AccountState.CLOSED
        gone.email = "Old@Example.fr"
        session.add(gone)


def _identifiers(found: FoundAccounts) -> list[str]:
    return [one.account.identifier for one in found.accounts if one.account]


@pytest.mark.parametrize(
    ("typed", "first", "why"),
    [
        ("v.durant1", "v.durant1", ("identifier",)),
        ("V.DURANT1", "v.durant1", ("identifier",)),
        ("valrie.durant", "valerie.durant", ("identifier:near",)),
        ("valerie.dur", "valerie.durant", ("identifier.start", "given_name", "family_name:near")),
        ("OLD@example.FR", "old.one", ("email",)),
        ("v.durant@example.fr", "v.durant", ("email",)),
        ("0692 12 34 56", "v.durant", ("mobile",)),
        ("+262 692 12 34 56", "v.durant", ("mobile",)),
        ("00262692123456", "v.durant", ("mobile",)),
        ("old.one", "old.one", ("identifier",)),
    ],
)
def test_what_is_ones_own_leads_straight_to_it(
    services: Services, typed: str, first: str, why: tuple[str, ...]
) -> None:
    """Identifiers, addresses and mobiles, however they are written."""
    _with_accounts(services)

    found = look(services, typed)

    assert _identifiers(found)[0] == first
    assert tuple(code.replace(":near", "") for code in found.accounts[0].matched_by) == tuple(
        code.replace(":near", "") for code in why
    )


@pytest.mark.parametrize("typed", ["06 12 34 56 78", "+33 (0)6.12.34.56.78", "0033612345678"])
def test_who_shares_a_mobile_is_found_together(services: Services, typed: str) -> None:
    """Couples share one; an account of two records stands once, with both schools."""
    _with_accounts(services)

    found = look(services, typed)

    assert found.what is What.MOBILE
    assert _identifiers(found) == ["v.durant1", "valerie.durant"]
    assert [record.uai for record in found.accounts[0].records] == ["0140070A", "0752387M"]


def test_an_unknown_address_is_guessed_by_its_words(services: Services) -> None:
    """`valerie.durant75@…`: nobody has it, its words are names, and it is said to be a guess."""
    _with_accounts(services)

    found = look(services, "valerie.durant75@nowhere.example")

    assert found.guessed
    assert _identifiers(found) == ["v.durant1", "valerie.durant"]
    assert found.accounts[0].matched_by[0] == "email:near"
    assert found.accounts[0].score < 80


def test_an_ine_leads_to_those_who_answer_for_the_child(people: Services) -> None:
    """The pupil's own, in any case and with spaces; an unknown one leads to nobody."""
    with people.transaction() as session:
        pupil = session.get(Pupil, 1)
        assert pupil is not None
        pupil.ine = "123456789AB"

    assert names(look(people, "123 456 789 ab")) == ["Cécile LEFEBVRE"]
    assert names(look(people, "123456789AC")) == []


def test_notified_without_a_live_letter_is_expired(services: Services) -> None:
    """The state shown is «notification expirée» when no letter works any more (R-1)."""
    _with_accounts(services)
    with services.transaction() as session:
        account = session.get(Account, 1)
        assert account is not None
        account.state = AccountState.NOTIFIED

    (found,) = look(services, "v.durant").accounts[:1]

    assert found.account is not None
    assert found.account.expired


def test_no_result_shows_a_person_in_its_repr(people: Services) -> None:
    """Logs carry ids (R-66)."""
    found: FoundAccount = look(people, "lefebvre").accounts[0]

    assert "LEFEBVRE" not in repr(found)
    assert "Zo" not in repr(found)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zoe lefevre", "Zoé"),
        ("cecile lefebvre", "Zoé"),
        ("ndiaye mousa", "Moussa"),
        ("lucie martin", "Lucie"),
    ],
)
def test_pupils_are_found_by_their_names_and_their_guardians(
    people: Services, typed: str, meant: str
) -> None:
    """The same search, the other way round."""
    with people.reading() as session:
        found = find_pupils(session, typed)

    assert [one.pupil.given_name for one in found.pupils][:1] == [meant]


def test_twins_are_two_pupils(services: Services) -> None:
    """Same surname, birth date and class: each stands alone."""
    with services.transaction() as session:
        for given in ("Emma", "Emmy"):
            session.add(
                Pupil(family_name="ROY", usage_name=None, given_name=given,
                      birth_date=date(2018, 1, 2), ine=None)
            )  # fmt: skip

    with services.reading() as session:
        emma = find_pupils(session, "emma roy").pupils
        both = find_pupils(session, "roy").pupils

    assert [one.pupil.given_name for one in emma] == ["Emma", "Emmy"]
    assert emma[0].score == 100 > emma[1].score
    assert len(both) == 2
