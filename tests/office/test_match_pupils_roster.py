"""Who among the pupils is met again, and who never is (R-7, R-61)."""

from datetime import date

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.office.importing.plan_figures import Heads
from educonnect_admin.office.importing.roster_plan import RosterPlan, Verdict
from educonnect_admin.rosters.problems import Problem, ProblemCode
from educonnect_admin.rosters.rows import PupilRow
from tests.support.families import BORN, OTHER_UAI, Town, child, file_of, guardian, pupil

INE = "0113014881M"
OTHER_INE = "123456789AB"
LATER = date(2018, 4, 15)


@pytest.fixture
def town(services: Services) -> Town:
    """Two schools, on each database."""
    return Town(services)


@pytest.fixture
def village(sqlite_services: Services) -> Town:
    """Two schools on SQLite, for rules that no database can see."""
    return Town(sqlite_services)


def codes(plan: RosterPlan) -> list[ProblemCode]:
    """Return what a plan found wrong, in order."""
    return [placed.problem.code for placed in plan.problems]


def verdicts(plan: RosterPlan) -> list[Verdict]:
    """Return what a plan decides on pupils, in order."""
    return [decision.verdict for decision in plan.pupils]


def test_twins_are_two_and_stay_two(town: Town) -> None:
    """Pain 7: same surname, birth date, class; only the given name differs."""
    twins = file_of(pupil("Alice", "Martin"), pupil("Aline", "Martin"))
    town.take(twins)

    assert town.take(twins).unchanged == Heads(2, 0, 0)
    assert town.count("pupils") == 2


def test_a_twins_correction_never_touches_the_other(village: Town) -> None:
    """One twin's date is corrected at the source; the other keeps hers."""
    village.take(
        file_of(pupil("Alice", "Martin", ine=INE), pupil("Aline", "Martin", ine=OTHER_INE))
    )

    plan = village.take(
        file_of(pupil("Alice", "Martin", LATER, ine=INE), pupil("Aline", "Martin", ine=OTHER_INE))
    )

    assert verdicts(plan) == [Verdict.CHANGED, Verdict.UNCHANGED]


def test_a_twins_number_on_the_others_row_is_refused(town: Town) -> None:
    """The number says Alice, names and date say Aline: nobody is renamed, nobody leaves."""
    town.take(file_of(pupil("Alice", "Martin", ine=INE), pupil("Aline", "Martin")))
    before = town.rows("SELECT * FROM pupils ORDER BY id")

    plan = town.take(
        file_of(pupil("Aline", "Martin", ine=INE), pupil("Charlie", "Petit", ine=OTHER_INE))
    )

    assert codes(plan) == [ProblemCode.INE_OF_ANOTHER]
    assert plan.new == Heads(1, 0, 0)
    assert plan.departed.pupils == 0
    assert town.rows("SELECT * FROM pupils WHERE id < 3 ORDER BY id") == before


def test_a_new_twin_with_her_sisters_number_is_refused(village: Town) -> None:
    """A row that is not known yet can't take the number of a pupil whom another row is about."""
    village.take(file_of(pupil("Alice", "Martin", ine=INE)))

    plan = village.take(file_of(pupil("Aline", "Martin", ine=INE), pupil("Alice", "Martin")))

    assert codes(plan) == [ProblemCode.INE_OF_ANOTHER]
    assert verdicts(plan) == [Verdict.UNCHANGED]


def test_numbers_that_twins_had_exchanged_are_set_right(town: Town) -> None:
    """Names and date say who is who, and each number is freed by the other row."""
    town.take(file_of(pupil("Alice", "Martin", ine=INE), pupil("Aline", "Martin", ine=OTHER_INE)))
    right = file_of(pupil("Alice", "Martin", ine=OTHER_INE), pupil("Aline", "Martin", ine=INE))

    plan = town.take(right)

    assert codes(plan) == []
    assert town.rows("SELECT given_name, ine FROM pupils ORDER BY id") == [
        ("Alice", OTHER_INE),
        ("Aline", INE),
    ]
    assert not town.take(right).changes_something


def test_the_same_number_with_other_names_and_date_is_refused(town: Town) -> None:
    """Pain 9: a number typed wrong links nobody to a stranger."""
    town.take(file_of(pupil("Alice", "Martin", ine=INE), pupil("Bob", "Petit")))

    plan = town.take(file_of(pupil("Charlie", "Roux", LATER, ine=INE), pupil("Bob", "Petit")))

    assert codes(plan) == [ProblemCode.INE_OF_ANOTHER]
    assert (plan.refused, plan.departed.pupils) == (1, 0)
    assert town.count("pupils WHERE given_name = 'Charlie'") == 0


def test_the_same_number_and_date_with_nothing_of_the_names_is_refused(village: Town) -> None:
    """A name may be corrected; a child does not change every name at once."""
    village.take(file_of(pupil("Alice", "Martin", ine=INE), pupil("Bob", "Petit")))

    plan = village.take(file_of(pupil("Charlie", "Roux", ine=INE), pupil("Bob", "Petit")))

    assert codes(plan) == [ProblemCode.INE_OF_ANOTHER]


def test_the_same_number_and_names_correct_the_date(town: Town) -> None:
    """The source has corrected a birth date: the pupil is the same one."""
    town.take(file_of(pupil("Alice", "Martin", ine=INE)))

    plan = town.take(file_of(pupil("ALICE", "Martin", LATER, ine=INE)))

    assert [change.field for change in plan.pupils[0].changes] == ["given_name", "birth_date"]
    assert town.rows("SELECT given_name, given_key, birth_date FROM pupils")[0][:2] == (
        "ALICE", "alice",
    )  # fmt: skip


def test_the_same_number_and_date_correct_the_surname(town: Town) -> None:
    """A child recognised later bears another surname, and is the same child."""
    town.take(file_of(pupil("Alice", "Martin", ine=INE)))

    town.take(file_of(pupil("Alice", "Petit", ine=INE)))

    assert town.rows("SELECT family_name, family_key FROM pupils") == [("Petit", "petit")]


def test_without_number_names_and_date_meet(town: Town) -> None:
    """Accents, case, apostrophes and hyphens do not make another child."""
    town.take(file_of(pupil("Hélène", "Le Gall-D’Arc", ine=INE)))

    plan = town.take(file_of(pupil("HELENE", "LE GALL D'ARC")))

    assert plan.changed == Heads(1, 0, 0)
    assert town.rows("SELECT ine FROM pupils") == [(INE,)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (pupil("Alice", "Martin", usage_name="Petit"), pupil("Alice", "Petit")),
        (pupil("Alice", "Martin"), pupil("Alice", "Martin", usage_name="Petit")),
    ],
)
def test_family_and_usage_names_both_count(
    village: Town, before: PupilRow, after: PupilRow
) -> None:
    """An export may hold one, the other or both."""
    village.take(file_of(before))

    plan = village.take(file_of(after))

    assert (plan.new.pupils, plan.departed.pupils) == (0, 0)


def test_a_number_that_arrives_later_is_added(village: Town) -> None:
    """The first file had no number; the second one brings it to the same pupil."""
    village.take(file_of(pupil("Alice", "Martin")))

    plan = village.take(file_of(pupil("Alice", "Martin", ine=INE)))

    assert verdicts(plan) == [Verdict.CHANGED]


def test_homonyms_with_other_dates_are_two(town: Town) -> None:
    """Pain 3: two Alice Martin in one class, neither stops nor swallows the other."""
    both = file_of(pupil("Alice", "Martin"), pupil("Alice", "Martin", LATER))
    town.take(both)

    assert town.take(both).unchanged == Heads(2, 0, 0)
    other_date = town.take(file_of(pupil("Alice", "Martin", date(2018, 5, 16))))
    assert verdicts(other_date) == [Verdict.NEW]


def test_two_pupils_whom_a_row_could_be_are_ambiguous(town: Town) -> None:
    """Same names, same date, two numbers: a row without number is not guessed."""
    town.take(file_of(pupil("Alice", "Martin", ine=INE), pupil("Alice", "Martin", ine=OTHER_INE)))

    plan = town.take(file_of(pupil("Alice", "Martin"), pupil("Bob", "Petit")))

    assert codes(plan) == [ProblemCode.AMBIGUOUS_PUPIL]
    assert plan.new == Heads(1, 0, 0)
    assert plan.departed.pupils == 0


def test_two_rows_for_one_pupil_are_ambiguous(village: Town) -> None:
    """The pupil had no number; two rows of the name and date bring two."""
    village.take(file_of(pupil("Alice", "Martin")))

    plan = village.take(
        file_of(
            pupil("Alice", "Martin", ine=INE),
            pupil("Alice", "Martin", ine=OTHER_INE),
            pupil("Bob", "Petit"),
        )
    )

    assert codes(plan) == [ProblemCode.AMBIGUOUS_PUPIL] * 2
    assert village.count("pupils") == 2


def test_another_number_is_believed_when_nobody_else_is_meant(village: Town) -> None:
    """Numbers change once in a school life: names and date carry the pupil over."""
    village.take(file_of(pupil("Alice", "Martin", ine=INE)))

    plan = village.take(file_of(pupil("Alice", "Martin", ine=OTHER_INE)))

    assert [change.field for change in plan.pupils[0].changes] == ["ine"]


def test_a_pupil_named_by_two_files_goes_in_once(town: Town) -> None:
    """The class changed between two exports: the second row is refused, the first contested."""
    plan = town.take(
        file_of(pupil("Alice", "Martin", ine=INE), pupil("Bob", "Petit"), name="cp.csv"),
        file_of(pupil("Alice", "Martin", class_label="CE1"), pupil("Bob", "Petit"), name="ce1.csv"),
    )

    assert codes(plan) == [
        ProblemCode.CONTESTED_PUPIL,
        ProblemCode.CONTRADICTORY_PUPIL,
        ProblemCode.REPEATED_PUPIL,
    ]
    assert (plan.new.pupils, plan.refused) == (2, 2)
    assert town.count("pupils") == 2


def test_one_number_with_two_dates_in_two_files_is_named(village: Town) -> None:
    """Neither the first nor the last wins in silence."""
    plan = village.take(
        file_of(pupil("Alice", "Martin", ine=INE), name="cp.csv"),
        file_of(pupil("Alice", "Martin", LATER, ine=INE), name="ce1.csv"),
    )

    assert codes(plan) == [ProblemCode.CONTESTED_PUPIL, ProblemCode.CONTRADICTORY_PUPIL]


def test_a_refused_row_never_makes_its_pupil_leave(town: Town) -> None:
    """The row has no birth date any more; the pupil stays and is not doubled."""
    town.take(file_of(pupil("Alice", "Martin"), pupil("Bob", "Petit")))
    bad = Problem(code=ProblemCode.NO_BIRTH_DATE, line=3)

    plan = town.take(
        file_of(
            pupil("Bob", "Petit"),
            rows=2,
            problems=(bad,),
            refused_pupils=(child("Alice", "MARTIN", "CP A"),),
        )
    )

    assert plan.departed.pupils == 0
    assert plan.refused == 1


@pytest.mark.parametrize("shadow", [child("", "Martin"), child("Alice", ""), child("", "", "CP A")])
def test_a_refused_row_without_a_name_shelters_whoever_it_may_be(
    village: Town, shadow: object
) -> None:
    """A missing name is why it was refused, so it fits everybody."""
    village.take(file_of(pupil("Alice", "Martin"), pupil("Bob", "Petit")))

    plan = village.take(file_of(pupil("Bob", "Petit"), rows=2, refused_pupils=(shadow,)))

    assert plan.departed.pupils == 0


def test_a_row_left_out_means_that_the_pupil_has_left(village: Town) -> None:
    """Struck off in the file, with the class still there: a departure."""
    village.take(file_of(pupil("Alice", "Martin"), pupil("Bob", "Petit")))

    plan = village.take(
        file_of(pupil("Bob", "Petit"), rows=2, left_out_pupils=(child("Alice", "Martin"),))
    )

    assert plan.departed.pupils == 1


def test_a_pupil_of_two_schools_is_one_pupil(town: Town) -> None:
    """Number, names and date agree: one pupil, two enrolments, the first left as it is."""
    town.take(file_of(pupil("Alice", "Martin", ine=INE)))

    plan = town.take(file_of(pupil("Alice", "MARTIN", ine=INE)), uai=OTHER_UAI)

    assert (plan.new, verdicts(plan)) == (Heads(1, 0, 0), [Verdict.JOINED])
    assert town.count("pupils") == 1
    assert town.count("enrolments WHERE ended_on IS NULL") == 2
    again = town.take(file_of(pupil("Alice", "MARTIN", ine=INE)), uai=OTHER_UAI)
    assert verdicts(again) == [Verdict.UNCHANGED]


@pytest.mark.parametrize(
    "row", [pupil("Alice", "Martin", LATER, ine=INE), pupil("Bob", "Martin", ine=INE)]
)
def test_a_number_of_another_school_alone_merges_nobody(village: Town, row: PupilRow) -> None:
    """Pain 9, across schools: a new pupil, and a remark."""
    village.take(file_of(pupil("Alice", "Martin", ine=INE)))

    plan = village.take(file_of(row), uai=OTHER_UAI)

    assert codes(plan) == [ProblemCode.INE_KNOWN_ELSEWHERE]
    assert village.count("pupils") == 2


def test_names_and_date_merge_nobody_across_schools(village: Town) -> None:
    """Without a number, two schools' homonyms are two."""
    village.take(file_of(pupil("Alice", "Martin")))

    assert village.take(file_of(pupil("Alice", "Martin")), uai=OTHER_UAI).new.pupils == 1


class TestCorrectedBirthDate:
    """A birth date corrected at the desk withstands the source (R-61)."""

    @pytest.fixture
    def corrected(self, town: Town) -> Town:
        """Alice's date was corrected to 15 April; the source says 14 March."""
        town.take(file_of(pupil("Alice", "Martin")))
        town.do(f"UPDATE pupils SET birth_date = '{LATER}', source_birth_date = '{BORN}'")
        return town

    def dates(self, town: Town) -> tuple[str, str | None]:
        """Return the date in force and the source's."""
        birth, source = town.rows("SELECT birth_date, source_birth_date FROM pupils")[0]
        return str(birth), None if source is None else str(source)

    def test_the_old_value_changes_nothing_and_is_told(self, corrected: Town) -> None:
        """The same file again: met by the source's date, the desk's one stays."""
        plan = corrected.take(file_of(pupil("Alice", "Martin")))

        assert (verdicts(plan), codes(plan)) == (
            [Verdict.UNCHANGED],
            [ProblemCode.CORRECTED_DATE_KEPT],
        )
        assert self.dates(corrected) == (str(LATER), str(BORN))

    def test_the_corrected_value_ends_the_exception(self, corrected: Town) -> None:
        """The source agrees at last: one date is enough."""
        plan = corrected.take(file_of(pupil("Alice", "Martin", LATER)))

        assert codes(plan) == []
        assert self.dates(corrected) == (str(LATER), None)
        assert not corrected.take(file_of(pupil("Alice", "Martin", LATER))).changes_something

    def test_a_third_value_is_remembered_not_believed(self, corrected: Town) -> None:
        """By number the pupil is met; the desk's date stays, the source's moves."""
        corrected.do(f"UPDATE pupils SET ine = '{INE}'")

        plan = corrected.take(file_of(pupil("Alice", "Martin", date(2018, 5, 16), ine=INE)))

        assert codes(plan) == [ProblemCode.CORRECTED_DATE_KEPT]
        assert self.dates(corrected) == (str(LATER), "2018-05-16")


def test_a_name_of_punctuation_alone_is_met_again(village: Town) -> None:
    """`-` folds to nothing, and is still not everybody."""
    file = file_of(pupil("-", "Martin"), pupil("?", "Martin"), pupil("Ünal", "李"))
    village.take(file)

    assert village.take(file).unchanged.pupils == 3


def test_guardians_follow_the_child_whose_number_changed(village: Town) -> None:
    """The link hangs on the pupil, not on the number."""
    mother = guardian("Jeanne", "Martin", child("Alice", "Martin"), email="j@x.fr")
    village.take(file_of(pupil("Alice", "Martin", ine=INE)), file_of(mother))

    plan = village.take(file_of(pupil("Alice", "Martin", ine=OTHER_INE)), file_of(mother))

    assert plan.unchanged.links == 1
