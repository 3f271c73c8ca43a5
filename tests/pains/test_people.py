"""Who is one person: nobody doubled, merged or taken for somebody else (R-7)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.office.school_year import Kid, Parent
from tests.pains.bureau import NOBODY, Bureau
from tests.rosters import siecle
from tests.support.families import OTHER_UAI, UAI

CP, CE1 = ("CP", "CP A"), ("CE1", "CE1 B")
LEA = Kid("Léa", "MARTIN", date(2018, 3, 14), *CE1, ine="123456781AB")
LEO = Kid("Léo", "MARTIN", date(2020, 5, 6), *CP, ine="123456782AB")
NOE = Kid("Noé", "ROUX", date(2018, 7, 8), *CE1)
JEANNE = Parent("Mme", "Jeanne", "MARTIN", "jeanne@x.fr", "0612340001", (LEA, LEO))
PAUL = Parent("M.", "Paul", "MARTIN", "paul@x.fr", "0612340002", (LEA,))
SOPHIE = Parent("Mme", "Sophie", "ROUX", "sophie@x.fr", "0612340003", (NOE,))
KIDS, PARENTS = [LEA, LEO, NOE], [JEANNE, PAUL, SOPHIE]


def test_pain_02_importing_again_doubles_nobody(bureau: Bureau) -> None:
    """The same people, saved anew in other ways: not a row changes, not even in the trail."""
    pupils, guardians = bureau.files(KIDS, PARENTS)
    assert bureau.bring(pupils, guardians).heads("new") == (3, 3, 4)
    before, opened = bureau.everything(), bureau.people("*", "accounts")

    lines = [Path(path).read_text("cp1252").splitlines() for path in (pupils, guardians)]
    ways = {
        "the same files": (pupils, guardians),
        "guardians first": (guardians, pupils),
        "in UTF-8": (
            bureau.text("a.csv", *lines[0], encoding="utf-8"),
            bureau.text("b.csv", *lines[1], encoding="utf-8-sig"),
        ),
        "the last row first": (
            bureau.text("c.csv", lines[0][0], *reversed(lines[0][1:])),
            bureau.text("d.csv", lines[1][0], *reversed(lines[1][1:])),
        ),
        "as workbooks": (
            bureau.workbook("a.xlsx", [line.split(";") for line in lines[0]]),
            bureau.workbook("b.xlsx", [line.split(";") for line in lines[1]]),
        ),
    }
    for way, paths in ways.items():
        told = bureau.bring(*paths)
        assert (told.code, told.heads("unchanged"), told.problems) == (0, (3, 3, 4), []), way
        assert told.heads("new") == told.heads("changed") == told.heads("departed") == NOBODY
        assert (bureau.everything(), bureau.people("*", "accounts")) == (before, opened), way


CORRECTIONS = {
    "the case of the surname": (";MARTIN;Jeanne", ";Martin;Jeanne"),
    "the accent of the given name": (";Jeanne;", ";Jeannè;"),
    "the usage name": ("Mme;;MARTIN;Jeanne", "Mme;LEGRAND;MARTIN;Jeanne"),
    "a married name and a maiden name": ("Mme;;MARTIN;Jeanne", "Mme;MARTIN;DUBOIS;Jeanne"),
    "the e-mail": ("jeanne@x.fr", "neuve@y.fr"),
    "the mobile": ("0612340001", "0698765432"),
    "the address": ("Jeanne;1 rue Pasteur;59000;Lille", "Jeanne;9 quai Zola;75013;Paris"),
    "all contacts": (
        "1 rue Pasteur;59000;Lille;FRANCE;jeanne@x.fr;0612340001",
        "9 quai Zola;75013;Paris;FRANCE;neuve@y.fr;0698765432",
    ),
}


@pytest.mark.parametrize("what", CORRECTIONS)
def test_pain_04_correcting_a_parent_makes_no_other_one(desk: Bureau, what: str) -> None:
    """Whatever is corrected at the source: the same record, account and identifier."""
    pupils, guardians = desk.files(KIDS, PARENTS)
    desk.bring(pupils, guardians)
    before = desk.people("id, account_id"), desk.people("id, identifier", "accounts")

    desk.edit(guardians, *CORRECTIONS[what])
    told = desk.bring(pupils, guardians)

    assert (told.code, told.heads("new"), told.heads("departed")) == (0, NOBODY, NOBODY)
    assert (told.heads("changed"), told["ambiguous"]) == ((0, 1, 0), 0)
    assert "Jeann" in told.words
    after = desk.people("id, account_id"), desk.people("id, identifier", "accounts")
    assert after == before
    assert desk.bring(pupils, guardians).heads("unchanged") == (3, 3, 4)


@pytest.mark.parametrize(
    ("old", "new"), [(";MARTIN;Jeanne", ";MARTEN;Jeanne"), (";Jeanne;", ";Jeane;")]
)
def test_pain_04_a_parent_spelt_anew_is_proposed_at_once(
    bureau: Bureau, old: str, new: str
) -> None:
    """Without a number another name may be another person: asked, with the reasons, and answered.

    The answer leaves one account that serves, with the identifier of before and all children.
    """
    pupils, guardians = bureau.files(KIDS, PARENTS)
    bureau.bring(pupils, guardians)
    bureau.edit(guardians, old, new)
    bureau.bring(pupils, guardians)

    (item,) = bureau.run("roster", "review", "--school", UAI, "--json").json["items"]
    assert (item["kind"], item["guardian"]["identifier"]) == ("merge_proposal", "jeanne.martin")
    assert "un enfant en commun" in item["for"]
    resolved = bureau.run(
        "roster", "review", "resolve", str(item["id"]), "--same", "--reason", "une faute", "--yes"
    )

    assert resolved.code == 0
    assert bureau.children_of("jeanne.martin") == {"Léa", "Léo"}
    assert bureau.count("accounts WHERE state = 'regrouped'") == 1
    assert bureau.count("guardians g JOIN accounts a ON a.id = g.account_id AND a.identifier = "
                        "'jeanne.martin'") == 2  # fmt: skip
    told = bureau.bring(pupils, guardians)
    assert (told.heads("unchanged"), told["ambiguous"]) == ((3, 3, 4), 0)
    assert bureau.children_of("jeanne.martin") == {"Léa", "Léo"}


def test_pain_04_a_parent_with_a_number_is_spelt_anew_in_place(desk: Bureau) -> None:
    """Where the software numbers people, another name with the same child is the same person."""
    pupils = desk.folder / "ElevesSansAdresses.xml"
    pupils.write_bytes(siecle.pupils(siecle.eleve(), structures=siecle.in_class("101", "3A")))
    guardians = desk.folder / "ResponsablesAvecAdresses.xml"
    paths = str(pupils), str(guardians)
    for name in ("DURAND", "DURANT"):
        person = siecle.personne(NOM_DE_FAMILLE=name, MEL="carole@x.fr")
        guardians.write_bytes(siecle.guardians(person, links=siecle.link()))
        told = desk.bring(*paths)
        assert told.code == 0

    assert (told.heads("new"), told.heads("changed")) == (NOBODY, (0, 1, 0))
    assert desk.people("family_name") == [("DURANT",)]
    assert desk.identifiers() == {"carole.durand"}
    assert desk.children_of("carole.durand") == {"Alice"}


ANNA = Kid("Anna", "ROUX", date(2020, 1, 2), *CP)
EMMA = replace(ANNA, given="Emma")
LOUISE = Parent("Mme", "Louise", "ROUX", "louise@x.fr", "0612340005", (ANNA, EMMA))


def test_pain_07_twins_are_two_pupils_and_are_corrected_one_by_one(bureau: Bureau) -> None:
    """One surname, birth date, class and mother: what befalls one never befalls the other."""
    files = bureau.files([ANNA, EMMA], [LOUISE])
    assert bureau.bring(*files).heads("new") == (2, 1, 2)
    assert bureau.children_of("louise.roux") == {"Anna", "Emma"}
    twin = bureau.people("*", "pupils")[1]

    done = bureau.run("pupils", "correct-birth-date", "1", "03/01/2020", "--reason", "x", "--yes")
    told = bureau.bring(*files)
    assert (done.code, told.code, told.problems) == (
        0, 4, [("CSVExtraction.csv", 2, "corrected_date_kept")],
    )  # fmt: skip
    assert bureau.people("*", "pupils")[1] == twin

    anna = replace(ANNA, born=date(2020, 1, 3), level="CE1", class_="CE1 B", ine="123456785AB")
    told = bureau.bring(*bureau.files([EMMA, anna], [replace(LOUISE, kids=(EMMA, anna))]))
    assert (told.code, told.heads("new"), told.heads("departed")) == (0, NOBODY, NOBODY)
    assert told.heads("changed") == (1, 0, 0)
    assert bureau.people("*", "pupils")[1] == twin
    assert bureau.enrolled() == {"Anna": "CE1 B", "Emma": "CP A"}
    assert bureau.children_of("louise.roux") == {"Anna", "Emma"}


def test_pain_07_one_twin_leaves_and_the_other_stays(desk: Bureau) -> None:
    """Who is left is not taken for the other, were the numbers exchanged by the source."""
    numbered = [replace(ANNA, ine="123456785AB"), replace(EMMA, ine="123456786AB")]
    desk.bring(*desk.files(numbered, [replace(LOUISE, kids=tuple(numbered))]))
    swapped = [replace(ANNA, ine="123456786AB"), replace(EMMA, ine="123456785AB")]
    told = desk.bring(*desk.files(swapped, [replace(LOUISE, kids=tuple(swapped))]))
    assert told.heads("changed") == (2, 0, 0)
    assert desk.people("given_name, ine", "pupils") == [
        ("Anna", "123456786AB"), ("Emma", "123456785AB"),
    ]  # fmt: skip

    told = desk.bring(*desk.files(swapped[1:], [replace(LOUISE, kids=(swapped[1],))]))

    assert (told.heads("new"), told.heads("departed")) == (NOBODY, (1, 0, 0))
    assert desk.enrolled() == {"Emma": "CP A"}
    assert desk.children_of("louise.roux") == {"Emma"}


def test_pain_08_the_little_brother_is_not_his_sister(bureau: Bureau) -> None:
    """Same initials, name, class and household: each account has its own children exactly."""
    bureau.bring(*bureau.files([LEA], [replace(JEANNE, kids=(LEA,)), PAUL]))
    theo = Parent("M.", "Théo", "MARTIN", "theo@x.fr", "0612340004", (LEO,))

    # The sister has left her class, the brother comes to it, without a number.
    leo = replace(LEO, class_="CE1 B", level="CE1", ine="")
    mother, theo = replace(JEANNE, kids=(leo,)), replace(theo, kids=(leo,))
    told = bureau.bring(*bureau.files([leo], [mother, theo]))

    assert (told.code, told.heads("new"), told.heads("departed")) == (0, (1, 1, 2), (1, 1, 0))
    assert bureau.people("given_name, ine", "pupils") == [("Léa", LEA.ine), ("Léo", None)]
    accounts = {one: bureau.children_of(one) for one in bureau.identifiers()}
    assert accounts == {
        "jeanne.martin": {"Léo"}, "paul.martin": set(), "theo.martin": {"Léo"},
    }  # fmt: skip

    # She is back, beside him: half-sister and half-brother, one mother, two fathers.
    told = bureau.bring(*bureau.files([LEA, leo], [replace(mother, kids=(LEA, leo)), PAUL, theo]))
    assert (told.code, told["returned"], told.heads("new")) == (0, 1, NOBODY)
    accounts = {one: bureau.children_of(one) for one in bureau.identifiers()}
    assert accounts == {
        "jeanne.martin": {"Léa", "Léo"}, "paul.martin": {"Léa"}, "theo.martin": {"Léo"},
    }  # fmt: skip


def test_pain_08_two_children_of_one_name_have_each_their_parents(bureau: Bureau) -> None:
    """Two Léo MARTIN, of two families and classes: the class says whose each is."""
    other = replace(LEO, born=date(2018, 9, 9), level="CE1", class_="CE1 B", ine="")
    rita = Parent("Mme", "Rita", "MARTIN", "rita@x.fr", "0612340006", (other,))
    jeanne = replace(JEANNE, kids=(LEO,))
    files = bureau.files([LEO, other], [jeanne, rita])

    for _ in range(2):
        assert bureau.bring(*files).code == 0
        assert bureau.rows(
            "SELECT a.identifier, p.birth_date FROM accounts a"
            " JOIN guardians g ON g.account_id = a.id JOIN guardianships l ON l.guardian_id = g.id"
            " JOIN pupils p ON p.id = l.pupil_id ORDER BY 1"
        ) == [
            ("jeanne.martin", bureau.born(LEO.born)), ("rita.martin", bureau.born(other.born)),
        ]  # fmt: skip


def test_pain_09_a_number_with_another_birth_date_links_nobody(bureau: Bureau) -> None:
    """The brother's row bears his sister's number: refused, named, and she is untouched."""
    bureau.bring(*bureau.files([LEA, NOE], [replace(JEANNE, kids=(LEA,)), SOPHIE]))
    before = bureau.people("*", "pupils"), bureau.links()

    leo = replace(LEO, ine=LEA.ine)
    told = bureau.bring(*bureau.files([NOE, leo], [replace(JEANNE, kids=(leo,)), SOPHIE]))

    assert (told.code, told["refused"]) == (4, 1)
    assert told.problems == [
        ("CSVExtraction.csv", 3, "ine_of_another"),
    ]
    assert "CSVExtraction.csv, ligne 3, Léo MARTIN : cet INE est déjà celui" in told.words
    assert (bureau.people("*", "pupils"), bureau.links()) == before
    assert bureau.enrolled() == {"Léa": "CE1 B", "Noé": "CE1 B"}


def test_pain_09_one_number_and_two_dates_in_a_file_are_named(desk: Bureau) -> None:
    """Nobody knows which is right: the first is taken and contested, the second is refused."""
    twice = [LEA, replace(LEA, born=date(2017, 3, 14)), NOE]
    told = desk.bring(*desk.files(twice))

    assert (told.code, told.heads("new")) == (4, (2, 0, 0))
    assert told.problems == [
        ("CSVExtraction.csv", 2, "contested_pupil"),
        ("CSVExtraction.csv", 3, "contradictory_pupil"),
    ]
    assert "ligne 3, Léa MARTIN, colonne «INE» : contredit la ligne 2" in told.words
    assert "ligne 2, Léa MARTIN : élève pris, mais la ligne 3 le contredit" in told.words
    assert desk.people("given_name, birth_date", "pupils")[0] == ("Léa", desk.born(LEA.born))


def test_pain_09_a_number_known_elsewhere_with_another_date_joins_nobody(desk: Bureau) -> None:
    """In another school the number is a child's of another date: two pupils, and a remark."""
    desk.bring(*desk.files([LEA], [replace(JEANNE, kids=(LEA,))]))
    paths = desk.files([replace(LEA, born=date(2019, 9, 9))])
    told = desk.bring(*paths, school=OTHER_UAI)

    assert (told.code, told["moved"], told.heads("new")) == (0, 0, (1, 0, 0))
    assert told.problems == [("CSVExtraction.csv", 2, "ine_known_elsewhere")]
    assert "Léa MARTIN : cet INE est connu dans une autre école" in told.words
    assert desk.count("pupils") == 2
    assert desk.children_of("jeanne.martin") == {"Léa"}
    assert desk.count("guardianships") == 1


@pytest.mark.parametrize(("civility", "given"), [("M.", "Paul"), ("Mme", "Lise")])
def test_pain_10_a_couple_that_shares_everything_is_two(
    bureau: Bureau, civility: str, given: str
) -> None:
    """One surname, e-mail, mobile and address: two records, two accounts, two letters."""
    mother = replace(JEANNE, email="famille@x.fr")
    other = replace(mother, civility=civility, given=given)
    files = bureau.files([LEA, LEO], [mother, other])

    assert bureau.bring(*files).heads("new") == (2, 2, 4)
    told = bureau.bring(*files)
    assert (told.heads("unchanged"), told["ambiguous"]) == ((2, 2, 4), 0)
    accounts = {one: bureau.children_of(one) for one in bureau.identifiers()}
    both = {"Léa", "Léo"}
    assert accounts == {"jeanne.martin": both, f"{given.lower()}.martin": both}


def test_pain_10_father_and_son_of_one_name_are_two(bureau: Bureau) -> None:
    """One name and address, two e-mails: each keeps his child, whichever row comes first."""
    father = Parent("M.", "Jean", "MARTIN", "pere@x.fr", "0612340001", (LEA,))
    son = replace(father, email="fils@x.fr", mobile="0612340002", kids=(LEO,))
    assert bureau.bring(*bureau.files([LEA, LEO], [father, son])).heads("new") == (2, 2, 2)

    told = bureau.bring(*bureau.files([LEA, LEO], [son, father]))

    assert (told.heads("unchanged"), told["ambiguous"]) == ((2, 2, 2), 0)
    assert bureau.children_of("jean.martin") == {"Léa"}
    assert bureau.children_of("jean.martin1") == {"Léo"}


def test_pain_10_two_mothers_of_one_first_name_without_contacts_are_two(desk: Bureau) -> None:
    """Names alone prove nothing: nobody is merged, neither now nor the next time."""
    one = Parent("Mme", "Jeanne", "MARTIN", "", "", (LEA,))
    files = desk.files([LEA, LEO], [one, replace(one, kids=(LEO,))])
    desk.edit(files[1], "1 rue Pasteur;59000;Lille;FRANCE", ";;;")

    assert desk.bring(*files, checked=False).heads("new") == (2, 2, 2)
    assert desk.bring(*files, checked=False).heads("unchanged") == (2, 2, 2)
    assert desk.identifiers() == {"jeanne.martin", "jeanne.martin1"}


def test_pain_23_siblings_may_share_the_e_mail_of_one_parent(bureau: Bureau) -> None:
    """One row a child, one e-mail: one mother of both, one account."""
    rows = [replace(JEANNE, kids=(LEA,)), replace(JEANNE, kids=(LEO,))]
    told = bureau.bring(*bureau.files([LEA, LEO], rows))

    assert (told.code, told.heads("new"), told.problems) == (0, (2, 1, 2), [])
    assert bureau.people("email") == [("jeanne@x.fr",)]
    assert bureau.children_of("jeanne.martin") == {"Léa", "Léo"}


def test_pain_23_two_parents_and_two_families_may_share_an_e_mail(bureau: Bureau) -> None:
    """Nothing is refused, nobody is linked to another's child for an e-mail."""
    shared = [replace(one, email="commune@x.fr") for one in (JEANNE, PAUL, SOPHIE)]
    told = bureau.bring(*bureau.files(KIDS, shared))

    assert (told.code, told.heads("new"), told.problems) == (0, (3, 3, 4), [])
    assert bureau.people("email") == [("commune@x.fr",)] * 3
    accounts = {one: bureau.children_of(one) for one in bureau.identifiers()}
    assert accounts == {
        "jeanne.martin": {"Léa", "Léo"}, "paul.martin": {"Léa"}, "sophie.roux": {"Noé"},
    }  # fmt: skip
