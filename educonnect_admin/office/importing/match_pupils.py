"""Meet the pupils of a file again in the database: by INE, else by names and birth date (R-7).

Twins share surname, birth date, class and address; homonyms share their names. So nothing
short of an INE or of all of given name, surname and birth date meets anybody, one to one,
and an INE that points elsewhere than names and date do is refused, never followed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from educonnect_admin.office.importing.likeness import key, same_names, surname_keys
from educonnect_admin.office.importing.pairing import pair_off
from educonnect_admin.office.importing.roster_plan import Place
from educonnect_admin.queries.rosters import KnownPupil
from educonnect_admin.rosters.problems import ProblemCode
from educonnect_admin.rosters.rows import PupilRow

Identity = tuple[str, str, date]
Test = Callable[[PupilRow, KnownPupil], bool]
Elsewhere = Callable[[Collection[str]], Mapping[str, Sequence[KnownPupil]]]


class PlacedPupil(NamedTuple):
    """A row and where it stands."""

    place: Place
    row: PupilRow


@dataclass(slots=True)
class Meetings:
    """Whom each row met, by the row's number.

    `suspects` are the pupils that a refused row may well be about: nothing may be concluded
    from their absence.
    """

    met: dict[int, KnownPupil] = field(default_factory=dict)
    joined: dict[int, KnownPupil] = field(default_factory=dict)
    refused: dict[int, ProblemCode] = field(default_factory=dict)
    remarks: dict[int, ProblemCode] = field(default_factory=dict)
    suspects: set[int] = field(default_factory=set)


def meet_pupils(
    rows: Sequence[PlacedPupil], known: Sequence[KnownPupil], elsewhere: Elsewhere
) -> Meetings:
    """Tell which pupil each row is about; a row in no heap is of a new pupil.

    Args:
        rows: The rows of every file of the import.
        known: Everybody who is or was in the school.
        elsewhere: Gives the pupils of any school who bear some numbers.

    Rules: R-7, R-61.
    """
    matcher = _Matcher(rows, known)
    matcher.refuse_said_twice()
    matcher.meet_by_ine()
    matcher.meet_by_source_number()
    matcher.meet_by_names()
    matcher.meet_elsewhere(elsewhere)
    return matcher.meetings


def identities(row: PupilRow) -> Iterator[Identity]:
    """Yield the row's names with its birth date, once for each surname."""
    return ((key(row.given_name), name, row.birth_date) for name in surname_keys(row))


def known_identities(pupil: KnownPupil) -> Iterator[Identity]:
    """Return who a known pupil is, by each of their names and dates."""
    given = key(pupil.given_name)
    return ((given, name, day) for name in surname_keys(pupil) for day in pupil.birth_dates)


class _Matcher:
    def __init__(self, rows: Sequence[PlacedPupil], known: Sequence[KnownPupil]) -> None:
        self.meetings = Meetings()
        self._rows = rows
        self._known = {pupil.id: pupil for pupil in known}
        self._by_ine: dict[str, list[KnownPupil]] = defaultdict(list)
        self._by_source: dict[str, list[KnownPupil]] = defaultdict(list)
        self._by_identity: dict[Identity, set[int]] = defaultdict(set)
        self._rows_by_identity: dict[Identity, set[int]] = defaultdict(set)
        self._taken: set[int] = set()
        for pupil in known:
            if pupil.ine:
                self._by_ine[pupil.ine].append(pupil)
            if pupil.source_id:
                self._by_source[pupil.source_id].append(pupil)
            for identity in known_identities(pupil):
                self._by_identity[identity].add(pupil.id)
        self._alike: list[frozenset[int]] = []
        for at, (_, row) in enumerate(rows):
            alike: set[int] = set()
            for identity in identities(row):
                self._rows_by_identity[identity].add(at)
                alike |= self._by_identity.get(identity, set())
            self._alike.append(frozenset(alike))

    def refuse_said_twice(self) -> None:
        """Refuse, as the reader does inside a file, a pupil whom a second file names again."""
        by_ine: dict[str, int] = {}
        for at, (place, row) in enumerate(self._rows):
            first = by_ine.setdefault(row.ine, at) if row.ine else at
            same = (other for name in identities(row) for other in self._rows_by_identity[name])
            earlier = [first, *(n for n in same if self._same_pupil(row, self._rows[n].row))]
            met = min(earlier)
            if met < at and self._rows[met].place.file != place.file:
                self._refuse_second(at, met)

    def _same_pupil(self, row: PupilRow, other: PupilRow) -> bool:
        return not (row.ine and other.ine) or row.ine == other.ine

    def _refuse_second(self, at: int, met: int) -> None:
        row, first = self._rows[at].row, self._rows[met].row
        agree = same_names(row, first) and row.birth_date == first.birth_date
        if agree and key(row.class_label) == key(first.class_label):
            self.meetings.refused[at] = ProblemCode.REPEATED_PUPIL
            return
        self.meetings.refused[at] = ProblemCode.CONTRADICTORY_PUPIL
        self.meetings.remarks[met] = ProblemCode.CONTESTED_PUPIL

    def meet_by_ine(self) -> None:
        """Meet by number, unless names and date say that the number is somebody else's."""
        astray: dict[int, KnownPupil] = {}
        for at in self._open_rows():
            row = self._rows[at].row
            bearers = self._by_ine.get(row.ine or "", [])
            if not bearers:
                continue
            full = [pupil for pupil in bearers if pupil.id in self._fully_alike(at)]
            found = full if len(bearers) > 1 else bearers
            if len(found) != 1:
                self._refuse(at, ProblemCode.AMBIGUOUS_PUPIL, {pupil.id for pupil in bearers})
            elif self._is_of_another(at, found[0]):
                astray[at] = found[0]
            else:
                self._meet(at, found[0])
        self._refuse_astray(astray)

    def meet_by_source_number(self) -> None:
        """Meet by the number of the school's software, where a name or the date was corrected.

        It never goes against an INE, and never against names and date together.
        """
        numbers = Counter(row.source_id for _, row in self._rows)
        for at in self._open_rows():
            row = self._rows[at].row
            bearers = self._by_source.get(row.source_id or "", [])
            if (
                len(bearers) == 1
                and numbers[row.source_id] == 1
                and bearers[0].id not in self._taken
                and self._has_no_other_number(row, bearers[0])
                and not self._is_of_another(at, bearers[0])
            ):
                self._meet(at, bearers[0])

    def _refuse_astray(self, astray: dict[int, KnownPupil]) -> None:
        """Refuse numbers of others, save those whose bearer gets another one from these files.

        So the exchanged numbers of twins are set right by names and date, in one import.
        """
        while lost := [at for at, pupil in astray.items() if not self._is_freed(pupil, astray)]:
            for at in lost:
                self._refuse(at, ProblemCode.INE_OF_ANOTHER, {astray.pop(at).id})

    def _is_freed(self, pupil: KnownPupil, astray: Mapping[int, KnownPupil]) -> bool:
        about = self._rows_about(pupil)
        if len(about) != 1:
            return False
        (at,) = about
        row = self._rows[at].row
        is_sure = at in astray or at not in self.meetings.refused
        return is_sure and row.ine not in {None, pupil.ine} and self._fully_alike(at) == {pupil.id}

    def _is_of_another(self, at: int, pupil: KnownPupil) -> bool:
        """Tell whether a number went astray: to a twin's row, to a homonym's, to anybody's.

        A name *or* a date may be corrected at the source; not both, and not when the row
        is, by names and date, another pupil, or the pupil another row.
        """
        row = self._rows[at].row
        rivals = self._rows_about(pupil) - {at}
        if pupil.id in self._fully_alike(at):
            return not self._is_written_alike(row, pupil) and any(
                self._is_written_alike(self._rows[rival].row, pupil) for rival in rivals
            )
        if not same_names(row, pupil) and not (
            row.birth_date in pupil.birth_dates and self._share_a_name(row, pupil)
        ):
            return True
        return bool(self._fully_alike(at) or rivals)

    def _rows_about(self, pupil: KnownPupil) -> set[int]:
        """Return the rows that are this pupil's by names and date."""
        return {n for name in known_identities(pupil) for n in self._rows_by_identity[name]}

    def _share_a_name(self, row: PupilRow, pupil: KnownPupil) -> bool:
        return key(row.given_name) == key(pupil.given_name) or not surname_keys(row).isdisjoint(
            surname_keys(pupil)
        )

    def meet_by_names(self) -> None:
        """Meet the others by names and birth date, in the school only, one to one.

        Family name against family name before either against a usage name; the class tells
        homonyms born on one day apart, if it can; another number is believed last.
        """
        tests = (self._is_written_alike, self._is_in_the_class, self._has_no_other_number)
        for kept, is_last in (
            (tests, False),
            ((tests[0], tests[2]), False),
            (tests[1:], False),
            (tests[2:], True),
            ((), True),
        ):
            wishes = {
                at: self._wishes(at, kept) for at in self._open_rows() if self._fully_alike(at)
            }
            pairs = pair_off(wishes)
            for at, pupil_id in pairs.met.items():
                self._meet(at, self._known[pupil_id])
            for at in pairs.contested if is_last else ():
                self._refuse(at, ProblemCode.AMBIGUOUS_PUPIL, wishes[at])

    def _wishes(self, at: int, tests: Sequence[Test]) -> set[int]:
        row = self._rows[at].row
        return {
            pupil_id
            for pupil_id in self._fully_alike(at) - self._taken
            if all(test(row, self._known[pupil_id]) for test in tests)
        }

    def _is_written_alike(self, row: PupilRow, pupil: KnownPupil) -> bool:
        return key(row.family_name) == key(pupil.family_name)

    def _is_in_the_class(self, row: PupilRow, pupil: KnownPupil) -> bool:
        return bool(row.class_label) and key(row.class_label) == key(pupil.class_label)

    def _has_no_other_number(self, row: PupilRow, pupil: KnownPupil) -> bool:
        return not row.ine or pupil.ine in {None, row.ine}

    def meet_elsewhere(self, elsewhere: Elsewhere) -> None:
        """Meet newcomers at other schools: number, names and birth date, all three."""
        wanted = {row.ine: at for at in self._open_rows() if (row := self._rows[at].row).ine}
        if not wanted:
            return
        for ine, pupils in elsewhere([ine for ine in wanted if ine]).items():
            at = wanted[ine]
            mine = set(identities(self._rows[at].row))
            others = [pupil for pupil in pupils if pupil.id not in self._known]
            found = [p for p in others if not mine.isdisjoint(known_identities(p))]
            if len(found) == 1:
                self.meetings.joined[at] = found[0]
            elif others:
                self.meetings.remarks.setdefault(at, ProblemCode.INE_KNOWN_ELSEWHERE)

    def _open_rows(self) -> list[int]:
        heaps = self.meetings
        return [n for n in range(len(self._rows)) if n not in heaps.met and n not in heaps.refused]

    def _fully_alike(self, at: int) -> frozenset[int]:
        return self._alike[at]

    def _meet(self, at: int, pupil: KnownPupil) -> None:
        if pupil.id in self._taken:
            self._refuse(at, ProblemCode.CONTRADICTORY_PUPIL, {pupil.id})
            return
        self.meetings.met[at] = pupil
        self._taken.add(pupil.id)

    def _refuse(self, at: int, code: ProblemCode, suspects: set[int]) -> None:
        self.meetings.refused[at] = code
        self.meetings.suspects |= suspects
