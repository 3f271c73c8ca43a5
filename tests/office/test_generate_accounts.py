"""Which records join an account of another school, and which get one of their own (R-7, R-8)."""

from collections.abc import Iterable, Mapping

import pytest
from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import AccountState
from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.trail import Author, Happening
from educonnect_admin.edge import Services
from educonnect_admin.office import generate_accounts as module
from educonnect_admin.office.generate_accounts import Generated, generate_accounts
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.rosters.rows import GuardianRow
from tests.conftest import NOW
from tests.support.families import OTHER_UAI, UAI, Town, child, file_of, guardian, pupil

CONTACTS = {"email": "j@x.fr", "mobile": "+33612345678"}


@pytest.fixture
def town(services: Services) -> Town:
    """Two schools, on each database."""
    return Town(services)


@pytest.fixture
def village(sqlite_services: Services) -> Town:
    """Two schools on SQLite, for rules that no database can see."""
    return Town(sqlite_services)


def mother(child_name: str, **facts: object) -> GuardianRow:
    """Return Jeanne Martin with both contacts, unless told otherwise."""
    names = {"given": "Jeanne", "family": "Martin"}
    names |= {name: str(facts.pop(name)) for name in names if name in facts}
    return guardian(
        names["given"],
        names["family"],
        child(child_name, "Martin"),
        **{"civility": None, **CONTACTS, **facts},
    )


def fill(town: Town, uai: str, *rows: GuardianRow) -> None:
    """Take the guardians into a school, with the children they name, each in its own class."""
    children = dict.fromkeys(mention.given_name for row in rows for mention in row.children)
    pupils = [pupil(name, "Martin", class_label=f"Classe de {name}") for name in children]
    town.take(file_of(*pupils), file_of(*rows), uai=uai)


def generate(town: Town, uai: str, class_id: int | None = None) -> Generated:
    """Open the accounts of a school or class."""
    with town.services.transaction() as session:
        return generate_accounts(
            session,
            school_by_uai(session, uai),
            class_id=class_id,
            stem_digest=town.services.keyring.stem_digest,
            author=town.services.author(NOW),
        )


def joined(town: Town, here: Mapping[str, object], there: Mapping[str, object]) -> int:
    """Return how many records join when one school says `there` and then another `here`."""
    fill(town, OTHER_UAI, mother("Tom", **there))
    generate(town, OTHER_UAI)
    fill(town, UAI, mother("Alice", **here))
    return generate(town, UAI).joined


def test_the_same_four_facts_join(town: Town) -> None:
    """Surname, given name, e-mail and mobile, however they are written."""
    there = {"given": "JEANNE", "family": "MARTIN", "email": "J@X.fr", "civility": Civility.MADAM}

    assert joined(town, {"usage_name": "Roux"}, there) == 1
    assert town.count("accounts") == 1


@pytest.mark.parametrize(
    "fact",
    [
        {"family": "Martinet"},
        {"given": "Jeannine"},
        {"email": "other@x.fr"},
        {"mobile": "+33612345679"},
        {"email": None},
        {"mobile": None},
    ],
)
@pytest.mark.parametrize("is_here", [True, False])
def test_one_fact_that_differs_or_lacks_joins_nobody(
    village: Town, fact: dict[str, object], *, is_here: bool
) -> None:
    """Three facts of four are a proposal at most, at whichever school the fourth differs."""
    here, there = (fact, {}) if is_here else ({}, fact)

    assert joined(village, here, there) == 0
    assert village.count("accounts") == 2


def test_a_fact_that_both_lack_is_no_common_fact(village: Town) -> None:
    """No mobile at either school is not the same mobile."""
    assert joined(village, {"mobile": None}, {"mobile": None}) == 0


def test_another_civility_is_another_person(town: Town) -> None:
    """M. and Mme Dominique Martin share everything else, as couples do."""
    assert joined(town, {"civility": Civility.MADAM}, {"civility": Civility.SIR}) == 0


def test_another_usage_name_is_another_person(village: Town) -> None:
    """Two usage names that fold differently contradict."""
    assert joined(village, {"usage_name": "Roux"}, {"usage_name": "Petit"}) == 0


def test_a_usage_name_written_otherwise_is_the_same(village: Town) -> None:
    """Accents and capitals make no other name."""
    assert joined(village, {"usage_name": "LEFEVRE"}, {"usage_name": "Lefèvre"}) == 1


@pytest.mark.parametrize("state", [AccountState.CLOSED, AccountState.REGROUPED])
def test_an_ended_account_is_not_joined(town: Town, state: AccountState) -> None:
    """Closed or regrouped: the person gets an account of their own."""
    fill(town, OTHER_UAI, mother("Tom"))
    generate(town, OTHER_UAI)
    town.do(f"UPDATE accounts SET state = '{state}'")
    fill(town, UAI, mother("Alice"))

    assert generate(town, UAI) == Generated(1, 0, 0)


def test_an_account_that_ends_before_the_lock_is_not_joined(
    village: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found is looked at again under the lock."""
    fill(village, OTHER_UAI, mother("Tom"))
    generate(village, OTHER_UAI)
    fill(village, UAI, mother("Alice"))
    village.do("UPDATE accounts SET state = 'closed'")
    # As if it had been found while it was still open.
    monkeypatch.setattr(module, "same_person_elsewhere", lambda _session, _school, ids: {ids[0]: 1})

    assert generate(village, UAI) == Generated(1, 0, 0)


def two_here(village: Town) -> None:
    """Open Jeanne's account elsewhere; here two records, of two classes, could be hers."""
    fill(village, OTHER_UAI, mother("Tom"))
    generate(village, OTHER_UAI)
    fill(
        village,
        UAI,
        mother("Alice", civility=Civility.MADAM),
        mother("Bob", civility=Civility.SIR),
    )


def test_two_records_here_join_nobody(village: Town) -> None:
    """M. and Mme: the other school does not say which of them it knows."""
    two_here(village)

    assert generate(village, UAI) == Generated(2, 0, 0)


def test_a_rival_of_another_class_counts(town: Town) -> None:
    """The class asked for holds one of the two: the other could be meant all the same."""
    two_here(town)
    (class_id,) = town.rows("SELECT id FROM school_classes WHERE label = 'Classe de Alice'")[0]

    assert generate(town, UAI, class_id) == Generated(1, 0, 0)


def test_a_rival_of_another_page_counts(village: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the pages are cut changes nothing."""
    monkeypatch.setattr(module, "_PAGE", 1)
    two_here(village)

    assert generate(village, UAI) == Generated(2, 0, 0)


def test_the_trail_is_told_once_after_the_last_page(
    village: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page locks accounts, which come before the trail: two generations never cross."""
    monkeypatch.setattr(module, "_PAGE", 1)
    two_here(village)
    told: list[int] = []

    def noted(session: Session, author: Author, happenings: Iterable[Happening]) -> None:
        written = list(happenings)
        told.append(len(written))
        append_to_trail(session, author, written)

    monkeypatch.setattr(module, "append_to_trail", noted)
    generate(village, UAI)

    assert told == [2]


def test_a_rival_elsewhere_without_an_account_counts(town: Town) -> None:
    """The other school knows two, and has opened one account: the other may be ours."""
    fill(
        town,
        OTHER_UAI,
        mother("Tom", civility=Civility.MADAM),
        mother("Zoé", civility=Civility.SIR),
    )
    (class_id,) = town.rows("SELECT id FROM school_classes WHERE label = 'Classe de Tom'")[0]
    generate(town, OTHER_UAI, class_id)
    fill(town, UAI, mother("Alice"))

    assert generate(town, UAI) == Generated(1, 0, 0)


def test_two_accounts_elsewhere_join_nobody(village: Town) -> None:
    """Two people of one name and one household, each with an account."""
    fill(
        village,
        OTHER_UAI,
        mother("Tom", civility=Civility.MADAM),
        mother("Zoé", civility=Civility.SIR),
    )
    generate(village, OTHER_UAI)
    fill(village, UAI, mother("Alice"))

    assert generate(village, UAI) == Generated(1, 0, 0)


def test_postgresql_is_told_how_many_rows_came_in(town: Town) -> None:
    """Without statistics it opens accounts in quadratic time."""
    fill(town, UAI, mother("Alice"))

    if town.services.engine.dialect.name == "postgresql":
        query = "SELECT reltuples FROM pg_class WHERE relname = 'guardians'"
        assert town.rows(query) == [(1,)]
    assert town.count("guardians") == 1
