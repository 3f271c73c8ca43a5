"""A wrong file, a spreadsheet in between, a big file: stopped, told, undone (R-60, R-62)."""

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.office.school_year import Kid, Parent
from tests.pains.bureau import NOBODY, Bureau
from tests.support.families import UAI

PUPILS = ["Nom élève", "Prénom élève", "Date naissance", "Niveau", "Libellé classe"]
GUARDIANS = [
    "Civilité Responsable", "Nom responsable", "Prénom responsable", "Courriel",
    "Téléphone portable", "Nom de famille enfant", "Prénom enfant", "Classes enfants",
]  # fmt: skip
KIDS = [
    Kid(f"Enfant{chr(65 + n)}", "PETIT", date(2018, 1, 1 + n), "CE1", "CE1 B") for n in range(8)
]
PARENTS = [
    Parent("Mme", f"Mère{kid.given[-1]}", "PETIT", f"{kid.given}@x.fr", f"061234000{n}", (kid,))
    for n, kid in enumerate(KIDS)
]


def test_pain_20_a_mass_removal_is_stopped_and_undone(bureau: Bureau) -> None:
    """Stopped with the names; confirmed by mistake, the right file brings everybody back.

    Even after the accounts were closed: with the same pupils, accounts and identifiers.
    """
    bureau.bring(*bureau.files(KIDS, PARENTS))
    before = (
        bureau.people("*", "pupils"), bureau.people("*"),
        bureau.people("id, identifier, state", "accounts"), bureau.links(), bureau.enrolled(),
    )  # fmt: skip

    said = bureau.refuse(*bureau.files(KIDS[:3], PARENTS[:3]))
    assert "EnfantH PETIT (CE1 B)" in said.all
    assert "--accept-departures" in said.err

    wrong = bureau.files(KIDS[:3], PARENTS[:3])
    told = bureau.bring(*wrong, options=["--accept-departures"])
    assert (told.code, told.heads("departed")[0], len(bureau.enrolled())) == (0, 5, 3)
    assert bureau.children_of("mereh.petit") == set()
    ((left_on,),) = bureau.rows("SELECT max(ended_on) FROM enrolments")
    late = date.fromisoformat(str(left_on)) + timedelta(days=91)
    assert bureau.close_leavers(late).closed == 5
    assert bureau.state_of("mereh.petit") == "closed"

    told = bureau.bring(*bureau.files(KIDS, PARENTS))
    assert (told.code, told["returned"], told.heads("new"), told["reopened"]) == (0, 5, NOBODY, 5)
    assert before == (
        bureau.people("*", "pupils"), bureau.people("*"),
        bureau.people("id, identifier, state", "accounts"), bureau.links(), bureau.enrolled(),
    )  # fmt: skip
    assert bureau.children_of("mereh.petit") == {"EnfantH"}


def test_pain_20_a_mass_loss_of_parents_is_stopped(desk: Bureau) -> None:
    """The pupils are all there, their parents are not: nothing is written."""
    desk.bring(*desk.files(KIDS, PARENTS))
    strangers = [replace(one, given=f"Autre{one.given[-1]}", email="") for one in PARENTS]

    said = desk.refuse(*desk.files(KIDS, strangers))

    assert "--accept-departures" in said.err
    assert len(desk.links()) == 8


def test_pain_21_day_and_month_are_never_swapped_to_please(desk: Bureau) -> None:
    """A thirteenth month is no date: the row is returned, whoever else is in."""
    rows = [";".join(PUPILS), "ROUX;Noé;13/12/2018;CE1;A", "ROUX;Zoé;12/13/2018;CE1;A"]
    told = desk.bring(desk.text("a.csv", *rows))

    assert (told.code, told.problems) == (4, [("a.csv", 3, "impossible_birth_date")])
    assert "a.csv, ligne 3, Zoé ROUX, colonne «Date naissance»" in told.words
    assert "«12/13/2018»" in told.words
    assert desk.people("given_name, birth_date", "pupils") == [
        ("Noé", desk.born(date(2018, 12, 13)))
    ]


SPOILT = {
    "13/12/18": ["two_digit_year"],
    "43447": ["impossible_birth_date"],
    "2018": ["impossible_birth_date"],
    "########": ["cell_error", "no_birth_date"],
    "13/12/2018 08:30": ["impossible_birth_date"],
}


def test_pain_21_what_a_spreadsheet_made_of_a_date_is_reported(desk: Bureau) -> None:
    """Saved as text again, the day is lost or doubtful: refused with the cell, never guessed."""
    rows = [f"ROUX;Zoé;{cell};CE1;A" for cell in SPOILT]
    told = desk.bring(desk.text("a.csv", ";".join(PUPILS), *rows, "ROUX;Noé;13/12/2018;CE1;A"))

    assert (told.code, told["refused"]) == (4, len(SPOILT))
    assert told.problems == [
        ("a.csv", line, code) for line, codes in enumerate(SPOILT.values(), 2) for code in codes
    ]
    for line, cell in enumerate(SPOILT, 2):
        said = [one for one in told.words.splitlines() if f"a.csv, ligne {line}," in one]
        assert all("Zoé ROUX, colonne «Date naissance»" in one for one in said)
        assert any(f"«{cell}»" in one for one in said)
    assert desk.enrolled() == {"Noé": "A"}


def test_pain_21_a_date_is_the_same_day_however_a_workbook_holds_it(desk: Bureau) -> None:
    """A real date, its serial number, a text: nobody's birth date changes."""
    day = date(2018, 12, 13)
    kids = [("Noé", day), ("Zoé", 43447), ("Léa", "13/12/2018"), ("Léo", "2018-12-13")]
    rows = [["ROUX", given, born, "CE1", "A"] for given, born in kids]
    told = desk.bring(desk.workbook("a.xlsx", [PUPILS, *rows]))
    assert (told.code, told.heads("new"), told.problems) == (0, (4, 0, 0), [])
    assert {row[0] for row in desk.people("birth_date", "pupils")} == {desk.born(day)}

    again = [f"ROUX;{given};13/12/2018;CE1;A" for given, _ in kids]
    told = desk.bring(desk.text("a.csv", ";".join(PUPILS), *again))
    assert told.heads("unchanged") == (4, 0, 0)


def test_pain_21_a_column_that_puts_the_month_first_is_reported(desk: Bureau) -> None:
    """What reads both ways is refused and named; what reads one way only is taken."""
    births = {"Ida": "03/04/2018", "Max": "03/25/2018", "Eva": "05/05/2018", "Noé": "2018-09-03"}
    rows = [f"ROUX;{given};{born};CE1;A" for given, born in births.items()]
    told = desk.bring(desk.text("a.csv", ";".join(PUPILS), *rows))

    assert (told.code, told["refused"]) == (4, 2)
    assert told.problems == [("a.csv", 2, "day_or_month"), ("a.csv", 3, "impossible_birth_date")]
    assert "a.csv, ligne 2, Ida ROUX, colonne «Date naissance»" in told.words
    assert "«03/04/2018»" in told.words
    assert desk.enrolled() == {"Eva": "A", "Noé": "A"}


def test_pain_21_dates_that_a_workbook_swapped_are_reported(desk: Bureau) -> None:
    """It made real dates of what it could read its own way: each is refused, the texts are not."""
    swapped = {"Ida": date(2018, 4, 3), "Max": date(2018, 6, 5), "Eva": date(2018, 8, 7)}
    texts = {"Noé": "25/04/2018", "Zoé": "26/06/2018", "Léa": "27/08/2018"}
    rows = [["ROUX", given, born, "CE1", "A"] for given, born in (swapped | texts).items()]
    told = desk.bring(desk.workbook("a.xlsx", [PUPILS, *rows]))

    assert told.code == 4
    assert told.problems == [("a.xlsx", line, "day_or_month") for line in (2, 3, 4)]
    for line, given in enumerate(swapped, 2):
        assert f"a.xlsx, ligne {line}, {given} ROUX, colonne «Date naissance»" in told.words
    assert set(desk.enrolled()) == set(texts)


def test_pain_22_a_mobile_without_its_first_zero_is_the_same_mobile(bureau: Bureau) -> None:
    """A spreadsheet made a number of it: the zero is back, the person is the same."""
    rows = [["Mme", "ROUX", "Sophie", None, cell, "ROUX", "Noé", "A"] for cell in (612345678,)]
    pupils = bureau.text("a.csv", ";".join(PUPILS), "ROUX;Noé;13/12/2018;CE1;A")
    told = bureau.bring(pupils, bureau.workbook("b.xlsx", [GUARDIANS, *rows]))
    assert (told.code, told.heads("new"), told.problems) == (0, (1, 1, 1), [])
    assert bureau.people("mobile") == [("+33612345678",)]
    before = bureau.everything()

    for cell in ("0612345678", "612345678", "06 12 34 56 78", "+33612345678", "33612345678"):
        row = f"Mme;ROUX;Sophie;;{cell};ROUX;Noé;A"
        told = bureau.bring(pupils, bureau.text("b.csv", ";".join(GUARDIANS), row))
        assert (told.code, told.heads("unchanged"), told.problems) == (0, (1, 1, 1), []), cell
        assert bureau.everything() == before


def test_pain_22_what_a_spreadsheet_rounded_is_dropped_and_named(desk: Bureau) -> None:
    """`6,12E+08` is nobody's mobile: a remark with the cell, the guardian goes in without."""
    pupils = desk.text("a.csv", ";".join(PUPILS), "ROUX;Noé;13/12/2018;CE1;A")
    row = "Mme;ROUX;Sophie;s@x.fr;6,12E+08;ROUX;Noé;A"
    told = desk.bring(pupils, desk.text("b.csv", ";".join(GUARDIANS), row))

    assert (told.code, told.problems) == (0, [("b.csv", 2, "bad_mobile")])
    assert "b.csv, ligne 2, Sophie ROUX, colonne «Téléphone portable»" in told.words
    assert "«6,12E+08»" in told.words
    assert desk.people("email, mobile") == [("s@x.fr", None)]


MEGABYTE = 1_000_000
HOME = (
    "Résidence des Trois-Fontaines, bâtiment C, escalier 4, troisième étage, porte gauche, "
    "127 bis avenue du Général-de-Gaulle"
)
BIG = (
    "Nom élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;"
    "Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;Autorisation photo"
)


def a_pupil(at: int) -> str:
    """Return one of many rows: everybody has another name."""
    name = "".join(chr(65 + at // 26**power % 26) for power in range(4))
    born = date(2018, 1, 1) + timedelta(at % 365)
    home = f"{HOME};59000;Villeneuve-d'Ascq;FRANCE"
    return f"PETIT-{name};Zoé;{born:%d/%m/%Y};F;;{home};{home};CYCLE II;CE1;CE1 {at // 25};{at};Oui"


@dataclass(frozen=True)
class Cost:
    """What a command of its own process took."""

    code: int
    seconds: float
    megabytes: float


LAUNCHER = """
import json, os, sys
pid = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)
_, status, used = os.wait4(pid, 0)
cost = os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
print(json.dumps(cost), file=sys.stderr)
"""
"""A process begins with the peak of the one that starts it: this one is small, ours is not."""


def cost_of(*arguments: str) -> Cost:
    """Run the command line in another process, and measure that process alone."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCHER, "-m", "educonnect_admin", *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return Cost(*json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.slow
def test_pain_12_eight_megabytes_go_in_fast_and_small(desk: Bureau) -> None:
    """A file of 8 MB, its process measured: seconds of CPU, and memory that is bounded."""
    rows = [a_pupil(at) for at in range(22_500)]
    path = desk.text("grand.csv", BIG, *rows)
    assert Path(path).stat().st_size >= 8 * MEGABYTE

    cost = cost_of("roster", "import", path, "--school", UAI)

    assert cost.code == 0
    assert desk.count("enrolments WHERE ended_on IS NULL") == len(rows)
    assert cost.megabytes < 300
    assert cost.seconds < 30
