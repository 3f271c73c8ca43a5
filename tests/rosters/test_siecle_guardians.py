"""BEE_RESPONSABLES to guardians: contacts, addresses, and what each one is to each child."""

import pytest

from educonnect_admin.domain.civility import Civility
from educonnect_admin.rosters.kinship import is_legal, is_unclear, parse_kinship
from educonnect_admin.rosters.rows import FileKind
from tests.rosters.files import codes, is_whole
from tests.rosters.siecle import adresse, guardians, link, old_link, personne, read


def test_a_guardian_with_contacts_address_and_children() -> None:
    """Everything that a letter needs; the number of the person and of each child."""
    reading = read(
        guardians(
            personne(
                "901",
                NOM_USAGE="PETIT",
                TEL_PERSONNEL="+33231204444",
                TEL_PORTABLE="+33764444288",
                MEL="carole@example.fr",
                ADRESSE_ID="501",
                CODE_PROFESSION="75",
            ),
            links=link("901", "101") + link("901", "102"),
            homes=adresse("501", LIGNE2_ADRESSE="Bât. B", BOITE_POSTALE="12"),
        )
    )
    (found,) = reading.guardians
    assert (found.source_id, found.civility, found.family_name, found.usage_name) == (
        "901", Civility.MADAM, "DURAND", "PETIT",
    )  # fmt: skip
    assert (found.email, found.mobile) == ("carole@example.fr", "+33764444288")
    assert found.street == "18 RUE DES HOMMETS\nBât. B\nBP 12"
    assert (found.postcode, found.city, found.country) == (
        "14270", "MEZIDON VALLEE D AUGE", "FRANCE",
    )  # fmt: skip
    assert [(one.source_id, one.legal, one.kinship) for one in found.children] == [
        ("101", True, "10"),
        ("102", True, "10"),
    ]
    assert {(one.family_name, one.given_name) for one in found.children} == {("", "")}
    assert (reading.kind, reading.format, reading.problems) == (FileKind.GUARDIANS, "siecle", ())


def test_two_mothers_are_two_legal_guardians() -> None:
    """One mobile, one e-mail, one address, one kinship: two people all the same."""
    shared = {"MEL": "nous@example.fr", "TEL_PORTABLE": "0764444288", "ADRESSE_ID": "501"}
    reading = read(
        guardians(
            personne("901", **shared),
            personne("902", NOM_DE_FAMILLE="PETIT", PRENOM="Anne", **shared),
            links=link("901") + link("902"),
            homes=adresse(),
        )
    )
    assert [one.given_name for one in reading.guardians] == ["Carole", "Anne"]
    assert all(child.legal for one in reading.guardians for child in one.children)
    assert {child.kinship for one in reading.guardians for child in one.children} == {"10"}


@pytest.mark.parametrize(("rank", "legal"), [("1", True), ("2", True), ("0", False)])
def test_the_links_of_before_2018(rank: str, legal: bool) -> None:
    """1 and 2 are the legal guardians; the kinship of one digit says nothing certain."""
    (found,) = read(guardians(personne(), links=old_link(rank=rank))).guardians
    (child,) = found.children
    assert (child.source_id, child.legal, child.kinship) == ("101", legal, None)


@pytest.mark.parametrize(("level", "legal"), [("1", True), ("2", False), ("3", False)])
def test_the_links_of_after_2018(level: str, legal: bool) -> None:
    """1 is legal; who looks after the child, or is to be reached, is not."""
    more = {"PAIE_FRAIS_SCOLAIRES": "1", "HEBERGE_ELEVE": "true"}
    (found,) = read(guardians(personne(), links=link(level=level, kinship="90", **more))).guardians
    (child,) = found.children
    assert (child.legal, child.kinship) == (legal, "90")


def test_both_generations_in_one_file() -> None:
    """Each link is read as it stands."""
    reading = read(
        guardians(
            personne("901"), personne("902", PRENOM="Anne"),
            links=old_link("901", rank="2") + link("902", level="2", kinship="38"),
        )
    )  # fmt: skip
    assert [one.children[0].legal for one in reading.guardians] == [True, False]


def test_legal_for_one_child_and_not_for_another() -> None:
    """A step-father is a father too: the link decides, not the person."""
    links = link("901", "101", level="1", kinship="20") + link("901", "102", level="3")
    (found,) = read(guardians(personne(), links=links)).guardians
    assert [(one.source_id, one.legal) for one in found.children] == [("101", True), ("102", False)]


@pytest.mark.parametrize("order", [("3", "1"), ("1", "3")])
def test_a_second_role_takes_nothing_away(order: tuple[str, str]) -> None:
    """Legal, and to be reached first: one link, legal."""
    (found,) = read(
        guardians(personne(), links="".join(link(level=one) for one in order))
    ).guardians
    assert [one.legal for one in found.children] == [True]


@pytest.mark.parametrize("level", ["", "7", "true"])
def test_what_does_not_say_whether_it_is_legal_is_not(level: str) -> None:
    """Nobody gets an account by an accident; a remark says so."""
    reading = read(guardians(personne(), links=link(level=level)))
    assert [one.children[0].legal for one in reading.guardians] == [False]
    assert [code for _, code in codes(reading)] == ["unclear_legal_level"]


def test_a_pupil_of_age_is_no_parent() -> None:
    """Kinship 70: the pupil answers for himself; told, and no account of a guardian."""
    reading = read(guardians(personne(), links=link(kinship="70")))
    (found,) = reading.guardians
    assert [(one.legal, one.kinship) for one in found.children] == [(False, "70")]
    assert [code for _, code in codes(reading)] == ["own_guardian"]


def test_before_2016_the_name_had_another_tag() -> None:
    """NOM, then NOM_DE_FAMILLE; what is wrong with it is told under the tag of the file."""
    old = {"NOM_DE_FAMILLE": "", "NOM": "DURAND"}
    reading = read(guardians(personne(**old), links=link()))
    assert [one.family_name for one in reading.guardians] == ["DURAND"]
    old["NOM"] = "DURAND2"
    reading = read(guardians(personne(**old), links=link()))
    assert [(one.code.value, one.column) for one in reading.problems] == [("odd_name", "NOM")]


def test_sections_in_any_order() -> None:
    """Addresses and links before persons: the same guardians."""
    data = guardians(personne(ADRESSE_ID="501"), links=link(), homes=adresse())
    at, end = data.index(b"<PERSONNES>"), data.index(b"</PERSONNES>\n") + len(b"</PERSONNES>\n")
    persons = data[at:end]
    turned = data.replace(persons, b"").replace(b"</DONNEES>", persons + b"</DONNEES>")
    (one,), (other,) = read(data).guardians, read(turned).guardians
    assert (one.street, one.children) == (other.street, other.children)
    assert one.line < other.line


def test_who_is_tied_to_nobody_and_ties_to_nobody_are_told() -> None:
    """A person without a link; links and an address that lead nowhere; nobody is lost."""
    reading = read(
        guardians(
            personne("901", ADRESSE_ID="777"),
            personne("902", PRENOM="Anne", ADRESSE_ID="501"),
            links=link("902") + link("999") + link("", "101"),
            homes=adresse(),
        )
    )
    assert len(reading.guardians) == 2
    assert sorted((one.code.value, one.column, one.value) for one in reading.problems) == [
        ("no_child", "", ""),
        ("points_nowhere", "ADRESSE_ID", "777"),
        ("points_nowhere", "PERSONNE_ID", ""),
        ("points_nowhere", "PERSONNE_ID", "999"),
    ]
    assert [one.street for one in reading.guardians] == [None, "18 RUE DES HOMMETS"]
    assert is_whole(reading)


def test_an_export_without_addresses_says_nothing_of_them() -> None:
    """Every person has the number of an address that is not there: no hundred remarks."""
    reading = read(guardians(personne(ADRESSE_ID="777"), links=link()))
    assert (reading.problems, reading.guardians[0].street) == ((), None)


def test_a_link_to_no_child_shelters_the_others() -> None:
    """Nobody can tell whom it means: told, and kept as a mention of somebody."""
    reading = read(guardians(personne(), links=link(child="101") + link(child="", kinship="20")))
    assert [one.source_id for one in reading.guardians[0].children] == ["101", None]
    assert len(codes(reading)) == 1


def test_somebody_of_many_children() -> None:
    """A social worker answers for three hundred: each is there, once."""
    links = "".join(link("901", str(1000 + at % 300), kinship="51") for at in range(400))
    (found,) = read(guardians(personne(), links=links)).guardians
    assert len(found.children) == 300


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"NOM_DE_FAMILLE": ""}, "no_family_name"),
        ({"PRENOM": ""}, "no_given_name"),
        ({"MEL": "carole.example.fr"}, "bad_email"),
        ({"TEL_PORTABLE": "0231204444"}, "bad_mobile"),
    ],
)
def test_bad_cells_are_told_under_their_tag(facts: dict[str, str], code: str) -> None:
    """A name that lacks refuses the person; a contact is dropped."""
    tag = next(iter(facts))
    reading = read(guardians(personne(**facts), personne("902"), links=link("901") + link("902")))
    assert [(one.code.value, one.column) for one in reading.problems] == [(code, tag)]
    assert is_whole(reading)
    if reading.refused:
        assert [one.source_id for one in reading.refused_children] == ["101"]


def test_abroad() -> None:
    """The town stands under another tag, and no French postcode is asked for."""
    home = adresse(
        LIBELLE_POSTAL="", COMMUNE_ETRANGERE="BRUXELLES", CODE_POSTAL="1000", LL_PAYS="BELGIQUE"
    )
    (found,) = read(guardians(personne(ADRESSE_ID="501"), links=link(), homes=home)).guardians
    assert (found.city, found.postcode, found.country) == ("BRUXELLES", "1000", "BELGIQUE")


def test_one_number_for_two_people() -> None:
    """The second is refused, not the last to win; the same person said twice counts once."""
    reading = read(
        guardians(
            personne("901"), personne("901", PRENOM="Anne"), personne("901"), links=link("901")
        )
    )
    assert [one.given_name for one in reading.guardians] == ["Carole"]
    assert [code for _, code in codes(reading)] == ["source_id_of_another", "repeated_guardian"]
    assert [one.source_id for one in reading.refused_children] == ["101"]
    assert is_whole(reading)


def test_the_cells_that_say_who_is_legal() -> None:
    """The newer one wins; neither is a no, and unclear."""
    assert is_legal("", "1")
    assert not is_legal("1", "2")
    assert not is_legal("", "")
    assert is_unclear("", "")
    assert is_unclear("9", "")
    assert not is_unclear("0", "")
    assert [parse_kinship(text) for text in ("10", "1", "", "ABC", "100")] == ["10"] + [None] * 4
