"""What speaks for two records being one person's, and what against (R-7)."""

from typing import Any

import pytest

from educonnect_admin.domain.civility import Civility
from educonnect_admin.domain.names import name_key
from educonnect_admin.office.merging.evidence import WEIGHTS, Code
from educonnect_admin.office.merging.weigh import THRESHOLD, Weighed, weigh
from educonnect_admin.queries.merge_records import MergeRecord

HOME = {"street": "12 rue des Lilas", "postcode": "14000", "city": "CAEN"}
MADAM: dict[str, Any] = {"civility": Civility.MADAM}
SIR: dict[str, Any] = {"civility": Civility.SIR}


def record(given: str, family: str, usage: str | None = None, **facts: Any) -> MergeRecord:
    """Return a record of a school of its own, unless told otherwise."""
    blank: dict[str, Any] = dict.fromkeys(MergeRecord._fields)
    return MergeRecord(
        **blank
        | {
            "id": 1,
            "school_id": 1,
            "given_name": given,
            "family_name": family,
            "usage_name": usage,
            "given_key": name_key(given),
            "family_key": name_key(family),
            "usage_key": name_key(usage) if usage else None,
            "pupils": frozenset(),
        }
        | facts
    )


def weighed(one: MergeRecord, other: MergeRecord, **options: Any) -> Weighed:
    """Weigh two records of two schools."""
    return weigh(one, other._replace(id=2, school_id=2), **options)


def codes(found: Weighed) -> set[Code]:
    """Return the pieces of evidence."""
    return {fact.code for fact in found.facts}


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("Céline", "CELINE", Code.GIVEN_SAME),
        ("Jean-Pierre", "JEAN PIERRE", Code.GIVEN_SAME),
        ("Christelle", "Cristelle", Code.GIVEN_NEAR),
        ("Jean-Pierre", "Jean", Code.GIVEN_PART),
        ("Marie Claire Anne", "Claire", Code.GIVEN_PART),
        ("Céline", "C.", Code.GIVEN_INITIAL),
        ("Céline", "Nadia", Code.GIVEN_OTHER),
        ("", "Nadia", Code.GIVEN_OTHER),
        ("Al", "Ali", Code.GIVEN_OTHER),
    ],
)
def test_given_names(one: str, other: str, code: Code) -> None:
    """Folded alike, a slip away, a part, an initial, or another name."""
    assert code in codes(weighed(record(one, "MARTIN"), record(other, "MARTIN")))


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (("N'DIAYE", None), ("NDIAYE", None), Code.FAMILY_SAME),
        (("DURAND", "DUPONT"), ("DUPONT", None), Code.FAMILY_CROSSED),
        (("DUPONT", None), ("DURAND", "DUPONT"), Code.FAMILY_CROSSED),
        (("DURAND", "DUPONT"), ("PETIT", "DUPONT"), Code.USAGE_SAME),
        (("MARTIN-DUPONT", None), ("MARTIN", None), Code.FAMILY_PART),
        (("MOREAU", None), ("MORAEU", None), Code.FAMILY_NEAR),
        (("MOREAU", None), ("DURAND", "MORAEU"), Code.FAMILY_NEAR),
        (("MOREAU", None), ("DURAND", None), Code.FAMILY_OTHER),
    ],
)
def test_surnames(one: tuple[str, str | None], other: tuple[str, str | None], code: Code) -> None:
    """The same, crossed by a marriage, a part of a double name, a slip, another."""
    found = weighed(record("Céline", *one), record("Céline", *other))

    assert code in codes(found)


def test_two_usage_names_speak_against() -> None:
    """One birth name, two marriages: sisters, or one who married again."""
    found = weighed(record("Anne", "MARTIN", "ROUX"), record("Anne", "MARTIN", "PETIT"))

    assert codes(found) >= {Code.FAMILY_SAME, Code.USAGE_OTHER}


@pytest.mark.parametrize("slip", ["MARTIN", "MARTIM"])
def test_names_written_for_each_other(slip: str) -> None:
    """«Martin Céline» for «Céline Martin», even with a slip in one of them."""
    found = weighed(record("Céline", "MARTIN", **HOME), record(slip, "CELINE", **HOME))

    assert Code.NAMES_SWAPPED in codes(found)
    assert found.is_proposed


def test_names_alone_propose_nobody() -> None:
    """Homonyms are many; one good contact beside the names is enough."""
    alone = weighed(record("Jeanne", "MARTIN"), record("Jeanne", "MARTIN"))

    assert not alone.is_proposed
    for contact in ({"email": "j@x.fr"}, {"mobile": "+33612345678"}, HOME):
        one, other = (record("Jeanne", "MARTIN", **contact) for _ in range(2))
        assert weighed(one, other).is_proposed


def test_a_couple_is_never_one_person() -> None:
    """One e-mail, one mobile, one address, one child: two given names outweigh it all."""
    shared: dict[str, Any] = {"email": "a@x.fr", "mobile": "+33612345678", **HOME}
    shared["pupils"] = frozenset({7})

    found = weighed(record("Jeanne", "MARTIN", **shared), record("Paul", "MARTIN", **shared))

    assert found.score == 0
    assert Code.GIVEN_OTHER in codes(found)


@pytest.mark.parametrize(
    ("hers", "his"),
    [
        ("Julie", "Julien"), ("Stéphanie", "Stéphane"), ("Michèle", "Michel"), ("Émilie", "Émile"),
        ("Frédérique", "Frédéric"), ("Nicole", "Nicolas"), ("Louise", "Louis"),
        ("Philippine", "Philippe"), ("Laurence", "Laurent"),
    ],
)  # fmt: skip
def test_a_couple_of_near_names_is_never_one_person(hers: str, his: str) -> None:
    """Without civilities the end of the name tells; with two, they do."""
    shared = {"email": "a@x.fr", "mobile": "+33612345678", **HOME}
    one, other = record(hers, "MARTIN", **shared), record(his, "MARTIN", **shared)

    assert weighed(one, other).score == 0
    assert weighed(one._replace(**MADAM), other._replace(**SIR)).score == 0


def test_dominique_and_dominique_are_two() -> None:
    """M. and Mme Dominique Martin share everything but the civility."""
    shared = {"email": "a@x.fr", "mobile": "+33612345678", **HOME}
    one = record("Dominique", "MARTIN", **shared, **MADAM)
    other = record("Dominique", "MARTIN", **shared, **SIR)

    found = weighed(one, other)

    assert (found.score, Code.CIVILITY_OTHER in codes(found)) == (0, True)


def test_father_and_son_of_one_school_are_not_proposed() -> None:
    """One name, one home, other contacts, and the school itself writes two."""
    father = record("Jean", "MARTIN", email="pere@x.fr", mobile="+33612345678", **HOME)
    son = record("Jean", "MARTIN", email="fils@x.fr", mobile="+33687654321", **HOME)

    here = weigh(father, son._replace(id=2))

    assert Code.TOLD_APART in codes(here)
    assert not here.is_proposed
    assert not weigh(father, son._replace(id=2, email=None)).is_proposed


def test_a_guardian_entered_twice_is_proposed() -> None:
    """One child, one name, one mobile, two e-mails."""
    child: dict[str, Any] = {"pupils": frozenset({7})}
    one = record("Jean", "MARTIN", mobile="+33612345678", email="a@x.fr", **child)
    other = record("Jean", "MARTIN", mobile="+33612345678", email="b@x.fr", **child)

    assert weigh(one, other._replace(id=2)).is_proposed


def test_a_married_woman_who_kept_her_mobile_and_mail_is_proposed() -> None:
    """No file tells of the marriage: another surname, all the rest the same."""
    reach = {"email": "celine@x.fr", "mobile": "+33612345678"}

    found = weighed(record("Céline", "DURAND", **reach), record("Céline", "DUPONT", **reach))

    assert found.is_proposed


def test_a_contact_that_everybody_has_is_no_evidence() -> None:
    """The school's own mobile and e-mail count neither for nor against."""
    reach = {"email": "Ecole@x.fr", "mobile": "+33600000000"}
    one, other = (record("Jeanne", "MARTIN", **reach) for _ in range(2))

    crowded = frozenset({"ecole@x.fr", "+33600000000"})

    assert weighed(one, other).is_proposed
    assert codes(weighed(one, other, crowded=crowded)) == {Code.GIVEN_SAME, Code.FAMILY_SAME}


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("celine.dupont@x.fr", "CELINE.DUPONT@x.fr", Code.EMAIL_SAME),
        ("celine.dupont@x.fr", "celine.dupond@x.fr", Code.EMAIL_NEAR),
        ("celine.dupont@orange.fr", "celine.dupont@free.fr", Code.EMAIL_NEAR),
        ("a@x.fr", "b@x.fr", Code.EMAIL_OTHER),
    ],
)
def test_e_mails(one: str, other: str, code: Code) -> None:
    """A slip in a long address is near; two short ones are two."""
    found = weighed(record("A", "B", email=one), record("A", "B", email=other))

    assert code in codes(found)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ("+33612345678", Code.MOBILE_SAME),
        ("+33612345687", Code.MOBILE_NEAR),
        ("+33698765432", Code.MOBILE_OTHER),
    ],
)
def test_mobiles(other: str, code: Code) -> None:
    """One digit, or two swapped, may be a slip."""
    found = weighed(record("A", "B", mobile="+33612345678"), record("A", "B", mobile=other))

    assert code in codes(found)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (("12 RUE DES LILAS", "14000", "Caen"), Code.ADDRESS_SAME),
        (("12, rue des Lilas\nBât. B", "14000", "CAEN"), Code.ADDRESS_NEAR),
        (("12 rue des Llias", "14000", "CAEN"), Code.ADDRESS_NEAR),
        (("12 rue des Lilas", "14000", None), Code.ADDRESS_SAME),
        (("14 rue des Lilas", "14000", "CAEN"), Code.STREET_SAME),
        (("rue des Lilas", "14000", "CAEN"), Code.STREET_SAME),
        (("3 place Foch", "14000", "CAEN"), Code.PLACE_SAME),
        ((None, "14000", "CAEN"), Code.PLACE_SAME),
        (("12 rue des Lilas", "59000", "LILLE"), Code.ADDRESS_OTHER),
        (("12 rue des Lilas", None, None), Code.ADDRESS_SAME),
        (("3 place Foch", None, None), Code.ADDRESS_OTHER),
    ],
)
def test_addresses(other: tuple[str | None, str | None, str | None], code: Code) -> None:
    """The door, the street, the town; the same street of two towns is two."""
    there = dict(zip(("street", "postcode", "city"), other, strict=True))

    assert code in codes(weighed(record("A", "B", **HOME), record("A", "B", **there)))


def test_what_nobody_knows_says_nothing() -> None:
    """An empty cell speaks neither for nor against."""
    assert codes(weighed(record("A", "B", **HOME), record("A", "B"))) == {
        Code.GIVEN_SAME,
        Code.FAMILY_SAME,
    }


def test_the_score_stays_between_nothing_and_a_hundred() -> None:
    """Everything the same is a hundred; and every code has its weight."""
    everything: dict[str, Any] = {"email": "j@x.fr", "mobile": "+33612345678", **HOME}
    everything["pupils"] = frozenset({7})
    one, other = (record("Jeanne", "MARTIN", **everything) for _ in range(2))

    assert weighed(one, other).score == 100
    assert set(WEIGHTS) == set(Code)
    assert 0 < THRESHOLD < 100
