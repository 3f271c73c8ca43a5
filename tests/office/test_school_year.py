"""A school year in nine imports: after each, numbers and people are as told (R-60)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from educonnect_admin.domain.errors import MassDeparture, MassMove
from educonnect_admin.edge import Services
from educonnect_admin.office.importing.plan_figures import Heads
from tests.office.school_year import Kid, Parent, Roster, SchoolYear
from tests.support.families import OTHER_UAI, UAI

CP, CE1, CM2 = ("CP", "CP A"), ("CE1", "CE1 B"), ("CM2", "CM2")

ENZO = Kid("Enzo", "DUPONT", date(2020, 5, 6), *CP, ine="123456781AB")
LEA = Kid("Léa", "DUPONT", date(2018, 2, 3), *CE1, ine="123456782AB")
NOE = Kid("Noé", "MOREAU", date(2018, 7, 8), *CE1, ine="123456783AB")
AWA = Kid("Awa", "N'DIAYE", date(2020, 9, 1), *CP, ine="123456784AB")
ANNA = Kid("Anna", "ROUX", date(2020, 1, 2), *CP, ine="123456785AB")
EMMA = Kid("Emma", "ROUX", date(2020, 1, 2), *CP, ine="123456786AB")
TOM = Kid("Tom", "LEROY", date(2016, 3, 4), *CM2, ine="123456787AB")
LUC = Kid("Luc", "PETIT", date(2016, 4, 5), *CM2)
ZOE = Kid("Zoé", "GALLET", date(2016, 5, 6), *CM2)
IDA = Kid("Ida", "BLANC", date(2020, 6, 7), *CP)
MAX = Kid("Max", "BRUN", date(2018, 8, 9), *CE1)
EVA = Kid("Eva", "COSTA", date(2018, 9, 10), *CE1)

CELINE = Parent("Mme", "Céline", "DUPONT", "dupont@x.fr", "0612340001", ())
JEAN = Parent("M.", "Jean", "DUPONT", "dupont@x.fr", "0612340001", ())
SOPHIE = Parent("Mme", "Sophie", "MOREAU", "sophie@x.fr", "0612340002", ())
MARC = Parent("M.", "Marc", "MOREAU", "marc@x.fr", "0612340003", ())
FATOU = Parent("Mme", "Fatou", "N'DIAYE", "fatou@x.fr", "0612340004", ())
LOUISE = Parent("Mme", "Louise", "ROUX", "louise@x.fr", "0612340005", ())
ALAIN = Parent("M.", "Alain", "LEROY", "alain@x.fr", "0612340006", ())
ROSE = Parent("Mme", "Rose", "PETIT", "rose@x.fr", "0612340007", ())
HUGO = Parent("M.", "Hugo", "GALLET", "hugo@x.fr", "0612340008", ())
LINE = Parent("Mme", "Line", "BLANC", "line@x.fr", "0612340009", ())
PAUL = Parent("M.", "Paul", "BRUN", "paul@x.fr", "0612340010", ())
RITA = Parent("Mme", "Rita", "COSTA", "rita@x.fr", "0612340011", ())

NOBODY = Heads(0, 0, 0)
SEPTEMBER, NOVEMBER, JANUARY = date(2026, 9, 7), date(2026, 11, 23), date(2027, 1, 4)
FEBRUARY, MARCH, NEXT_SEPTEMBER = date(2027, 2, 22), date(2027, 3, 8), date(2027, 9, 6)


def first_roster() -> Roster:
    """Return the school in September: twelve pupils, three classes, twelve guardians."""
    roster = Roster()
    roster.settle([CELINE, JEAN], ENZO, LEA)
    roster.settle([SOPHIE, MARC], NOE)
    roster.settle([FATOU], AWA)
    roster.settle([LOUISE], ANNA, EMMA)
    for parent, kid in ((ALAIN, TOM), (ROSE, LUC), (HUGO, ZOE), (LINE, IDA), (PAUL, MAX)):
        roster.settle([parent], kid)
    roster.settle([RITA], EVA)
    return roster


FIRST = {
    "celine.dupont", "jean.dupont", "sophie.moreau", "marc.moreau", "fatou.ndiaye",
    "louise.roux", "alain.leroy", "rose.petit", "hugo.gallet", "line.blanc", "paul.brun",
    "rita.costa",
}  # fmt: skip
"""The identifiers of September."""


def september(year: SchoolYear, roster: Roster) -> None:
    """September: everybody is new."""
    plan = year.take_files(SEPTEMBER, roster.write(year.folder))
    assert (plan.new, plan.changed, plan.departed) == (Heads(12, 12, 15), NOBODY, NOBODY)
    assert (plan.refused, plan.remarks, plan.open_questions) == (0, 0, ())
    assert year.enrolled() == {kid.given: kid.class_ for kid in roster.kids.values()}
    assert year.identifiers() == FIRST
    assert year.children_of("celine.dupont") == {"Enzo", "Léa"}
    assert year.children_of("louise.roux") == {"Anna", "Emma"}


def class_changes(year: SchoolYear, roster: Roster) -> None:
    """Two change class, one of them a twin; a mother marries and has another mobile."""
    roster.move("Emma", *CE1)
    roster.move("Noé", "CP", "CP A")
    roster.parents = [
        replace(p, usage="LEGRAND", mobile="0612349999") if p.given == "Fatou" else p
        for p in roster.parents
    ]
    plan = year.take_files(SEPTEMBER, roster.write(year.folder))
    assert (plan.new, plan.changed, plan.departed) == (NOBODY, Heads(2, 1, 0), NOBODY)
    assert plan.unchanged == Heads(10, 11, 15)
    assert (year.enrolled()["Emma"], year.enrolled()["Anna"]) == ("CE1 B", "CP A")
    assert year.identifiers() == FIRST


def a_birth(year: SchoolYear, roster: Roster) -> None:
    """A child is born to the Duponts and comes to the little ones' class."""
    jade = Kid("Jade", "DUPONT", date(2024, 10, 30), "TPS", "Maternelle")
    roster.join(jade, "Céline", "Jean")
    plan = year.take_files(SEPTEMBER, roster.write(year.folder))
    assert (plan.new, plan.changed, plan.departed) == (Heads(1, 0, 2), NOBODY, NOBODY)
    assert year.children_of("jean.dupont") == {"Enzo", "Léa", "Jade"}
    assert year.identifiers() == FIRST


def a_move_to_the_other_school(year: SchoolYear, roster: Roster) -> None:
    """Noé moves to the other school; Ida's family leaves the country."""
    roster.leave("Noé", "Ida")
    plan = year.take_files(NOVEMBER, roster.write(year.folder))
    assert (plan.departed, plan.new, plan.changed) == (Heads(2, 3, 0), NOBODY, NOBODY)
    other = Roster()
    other.settle([SOPHIE, MARC], replace(NOE, class_="CE1-CE2"))
    other.settle(
        [Parent("Mme", "Sophie", "MOREAU", "other.sophie@x.fr", "0612340021", ())],
        Kid("Gil", "MOREAU", date(2018, 1, 1), *CE1),
    )
    plan = year.take_files(NOVEMBER, other.write(year.folder), OTHER_UAI)
    assert (plan.new, plan.moved, plan.departed) == (Heads(2, 3, 3), 1, NOBODY)
    assert next(p.from_school for p in plan.pupils if p.from_school) == UAI
    assert year.children_of("sophie.moreau") == year.children_of("marc.moreau") == {"Noé"}
    assert year.children_of("sophie.moreau1") == {"Gil"}
    assert year.identifiers() == {*FIRST, "sophie.moreau1"}


def a_return(year: SchoolYear, roster: Roster) -> None:
    """Line's account is closed after 90 days; Ida returns, so it is open again."""
    assert year.close_leavers(JANUARY).closed == 0
    assert year.close_leavers(FEBRUARY).closed == 1
    assert year.state_of("line.blanc") == "closed"
    roster.settle([LINE], IDA)
    plan = year.take_files(FEBRUARY, roster.write(year.folder))
    assert (plan.returned, plan.new, plan.departed) == (1, NOBODY, NOBODY)
    assert (year.state_of("line.blanc"), year.children_of("line.blanc")) == (
        "not_notified", {"Ida"},
    )  # fmt: skip
    assert year.identifiers() == {*FIRST, "sophie.moreau1"}


def a_wrong_file(year: SchoolYear, roster: Roster) -> None:
    """The wrong file: the roster of this school given for the other one, and the reverse."""
    before = year.enrolled(), year.enrolled(OTHER_UAI), year.identifiers()
    with pytest.raises(MassMove):
        year.take_files(MARCH, roster.write(year.folder), OTHER_UAI)
    short = Roster({"Enzo": ENZO, "Tom": TOM, "Max": MAX})
    with pytest.raises(MassDeparture):
        year.take_files(MARCH, short.write(year.folder)[:1])
    assert (year.enrolled(), year.enrolled(OTHER_UAI), year.identifiers()) == before


def one_class_only(year: SchoolYear, roster: Roster) -> None:
    """One class only: Zoé has left CM2, a boy has come; the others are not spoken of."""
    roster.leave("Zoé")
    roster.settle(
        [Parent("M.", "Alain", "LEROY", "alain.bis@x.fr", "0612340031", ())],
        Kid("Sam", "LEROY", date(2016, 12, 1), *CM2),
    )
    plan = year.take_files(MARCH, roster.write(year.folder, "CM2"))
    assert (plan.new, plan.departed, plan.unchanged) == (
        Heads(1, 1, 1), Heads(1, 1, 0), Heads(2, 2, 2),
    )  # fmt: skip
    assert year.enrolled() == {kid.given: kid.class_ for kid in roster.kids.values()}
    assert year.children_of("alain.leroy") == {"Tom"}
    assert year.children_of("alain.leroy1") == {"Sam"}


def the_same_file_twice(year: SchoolYear, roster: Roster) -> None:
    """The same file twice: nothing is written, not even in the trail."""
    plan = year.take_files(MARCH, roster.write(year.folder))
    assert not plan.changes_something
    entries = year.count("trail_entries")
    plan = year.take_files(MARCH, roster.write(year.folder))
    assert not plan.changes_something
    assert (plan.unchanged.pupils, year.count("trail_entries")) == (len(roster.kids), entries)


def the_next_september(year: SchoolYear, roster: Roster) -> None:
    """The next September: all go up, CM2 leaves, newcomers, one a homonym's son."""
    roster.leave("Tom", "Luc", "Sam", "Eva")
    for kid in list(roster.kids.values()):
        up = {"TPS": ("PS", "Maternelle"), "CP": CE1, "CE1": ("CE2", "CE2")}[kid.level]
        roster.move(kid.given, *up)
    roster.settle(
        [Parent("M.", "Hugo", "GALLET", "hugo.neuf@x.fr", "0612340041", ())],
        Kid("Axel", "GALLET", date(2021, 6, 6), *CP),
    )
    paths = roster.write(year.folder)
    with pytest.raises(MassDeparture):
        year.take_files_whole(NEXT_SEPTEMBER, paths)
    plan = year.take_files_whole(NEXT_SEPTEMBER, paths, sure=True)
    assert (plan.new, plan.departed.pupils) == (Heads(1, 1, 1), 4)
    assert plan.changed.pupils == len(roster.kids) - 1
    assert year.enrolled() == {kid.given: kid.class_ for kid in roster.kids.values()}
    assert year.children_of("hugo.gallet1") == {"Axel"}
    assert year.close_leavers(date(2027, 12, 13)).closed == 5
    assert {one for one in year.identifiers() if year.state_of(one) == "closed"} == {
        "alain.leroy", "alain.leroy1", "rose.petit", "hugo.gallet", "rita.costa",
    }  # fmt: skip
    assert len(year.identifiers()) == year.count("accounts") == len(FIRST) + 3


NINE = (
    september,
    class_changes,
    a_birth,
    a_move_to_the_other_school,
    a_return,
    a_wrong_file,
    one_class_only,
    the_same_file_twice,
    the_next_september,
)


def test_a_school_year_in_nine_imports(services: Services, tmp_path: Path) -> None:
    """Nobody is doubled, lost or taken for somebody else, whatever September brings."""
    year, roster = SchoolYear(services, tmp_path), first_roster()
    for happens in NINE:
        happens(year, roster)
