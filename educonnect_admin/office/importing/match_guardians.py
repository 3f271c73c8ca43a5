"""Meet the guardians of the files again among the records of the school (R-7).

In rounds, the strongest evidence first, one to one in each: who was met is no candidate any
more, so that homonyms don't steal each other's records. Who stays with several candidates
is a question for a person.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from educonnect_admin.office.importing.gather_guardians import Person
from educonnect_admin.office.importing.likeness import (
    Contacts,
    civility_contradicts,
    compare_contacts,
    is_reached_alike,
    key,
    same_names,
    surname_keys,
    usage_contradicts,
)
from educonnect_admin.office.importing.pairing import pair_off
from educonnect_admin.queries.rosters import KnownGuardian, KnownLinks

Test = Callable[[int, KnownGuardian], bool]

_FACTS = (
    "civility", "family_name", "usage_name", "given_name", "email", "mobile", "street",
    "postcode", "city", "country",
)  # fmt: skip


@dataclass(slots=True)
class Matches:
    """By the number of a person: the record met, or the records among which nobody can choose."""

    met: dict[int, KnownGuardian] = field(default_factory=dict)
    held: dict[int, tuple[int, ...]] = field(default_factory=dict)


def match_guardians(
    people: Sequence[Person],
    known: Sequence[KnownGuardian],
    links: KnownLinks,
    children: Sequence[AbstractSet[int]],
) -> Matches:
    """Tell which record each person of the files is; one in no heap is new.

    Args:
        people: The guardians of the files.
        known: The school's records.
        links: The pupils that each record answers for, and used to.
        children: By person, the pupils that the named children are or may be.

    Rule: R-7.
    """
    matcher = _Matcher(people, known, links, children)
    matcher.hold_ambiguous()
    matcher.meet_by_number()
    matcher.meet_word_for_word(with_the_same_children=True)
    for test in (matcher.is_the_same, matcher.is_reachable_alike, matcher.has_married):
        matcher.play(test)
    matcher.play(matcher.has_contact_or_child)
    matcher.meet_word_for_word(with_the_same_children=False)
    return matcher.matches


def _namesakes(person: Person, by_name: Mapping[tuple[str, str], list[int]]) -> tuple[int, ...]:
    given = key(person.facts.given_name)
    surnames = sorted(surname_keys(person.facts))
    found = (n for surname in surnames for n in by_name.get((given, surname), ()))
    return tuple(dict.fromkeys(found))


class _Matcher:
    def __init__(
        self,
        people: Sequence[Person],
        known: Sequence[KnownGuardian],
        links: KnownLinks,
        children: Sequence[AbstractSet[int]],
    ) -> None:
        self.matches = Matches()
        self._people = people
        self._links = links.open
        self._former = {guardian_id for guardian_id, _ in links.ended}
        self._children = children
        self._known = {guardian.id: guardian for guardian in known}
        self._taken: set[int] = set()
        by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._by_number: dict[str, list[int]] = defaultdict(list)
        for guardian in known:
            if guardian.source_id:
                self._by_number[guardian.source_id].append(guardian.id)
            for surname in surname_keys(guardian):
                by_name[key(guardian.given_name), surname].append(guardian.id)
        # Once, for all rounds: most people of a first roster have no namesake at all.
        self._namesakes = [_namesakes(person, by_name) for person in people]

    def hold_ambiguous(self) -> None:
        """Hold the rows that may be several people's; they compete with nobody."""
        for at, person in enumerate(self._people):
            if person.is_ambiguous:
                self.matches.held[at] = tuple(sorted(self._wishes(at, self.has_contact_or_child)))

    def meet_by_number(self) -> None:
        """Meet the records that the school's software knows by the same number.

        A name may have been corrected at the source; then a child or a contact speaks too.
        """
        if not self._by_number:
            return
        numbers = Counter(person.facts.source_id for person in self._people)
        for at, person in enumerate(self._people):
            facts = person.facts
            found = self._by_number.get(facts.source_id or "", [])
            if (
                len(found) == 1
                and at not in self.matches.held
                and numbers[facts.source_id] == 1
                and self._is_of_that_number(at, self._known[found[0]])
            ):
                self._take(at, found[0])

    def _is_of_that_number(self, at: int, guardian: KnownGuardian) -> bool:
        facts = self._people[at].facts
        if guardian.id in self._taken or civility_contradicts(facts, guardian):
            return False
        if same_names(facts, guardian):
            return True
        shares_a_name = key(facts.given_name) == key(guardian.given_name) or not surname_keys(
            facts
        ).isdisjoint(surname_keys(guardian))
        speaks = self._has_common_child(at, guardian) or is_reached_alike(facts, guardian)
        return shares_a_name and speaks

    def _take(self, at: int, guardian_id: int) -> None:
        self.matches.met[at] = self._known[guardian_id]
        self._taken.add(guardian_id)

    def play(self, test: Test) -> None:
        """Play one round: pair off by a test, hold those who have several candidates."""
        wishes = {at: self._wishes(at, test) for at in self._open_people()}
        pairs = pair_off(wishes)
        for at, guardian_id in pairs.met.items():
            self._take(at, guardian_id)
        for at in pairs.contested:
            self.matches.held[at] = tuple(sorted(wishes[at]))

    def is_the_same(self, at: int, guardian: KnownGuardian) -> bool:
        """Every fact is the same, and a child is common."""
        return self._has_common_child(at, guardian) and self._is_word_for_word(at, guardian)

    def is_reachable_alike(self, at: int, guardian: KnownGuardian) -> bool:
        """A contact agrees, none contradicts, and a child is common."""
        return self._has_one_name(at, guardian) and self.has_married(at, guardian)

    def has_married(self, at: int, guardian: KnownGuardian) -> bool:
        """The same with another surname, of which family or usage name tells."""
        return self._has_common_child(at, guardian) and self._agrees(at, guardian)

    def has_contact_or_child(self, at: int, guardian: KnownGuardian) -> bool:
        """A contact agrees and none contradicts, or a child is common.

        Both in one round: where contacts point at one record and the child at another,
        nobody but a person can tell.
        """
        if not self._has_one_name(at, guardian):
            return False
        facts = self._people[at].facts
        return self._has_common_child(at, guardian) or (
            not usage_contradicts(facts, guardian) and self._agrees(at, guardian)
        )

    def meet_word_for_word(self, *, with_the_same_children: bool) -> None:
        """Meet the records that say the very same, and answer for the same or for nobody.

        A record that nobody can tell from the row needs no evidence; among several any will
        do. Without this, somebody without child or contact would be new every time. A record
        that had a child or has an account is somebody's: it is not handed to a homonym.
        """
        for at in self._open_people():
            children = self._children[at] if with_the_same_children else set()
            same = [
                guardian_id
                for guardian_id in sorted(self._wishes(at, self._is_word_for_word))
                if self._links.get(guardian_id, set()) == children
                and (children or self._is_nobodys(guardian_id))
            ]
            if same:
                self._take(at, same[0])

    def _is_nobodys(self, guardian_id: int) -> bool:
        return guardian_id not in self._former and self._known[guardian_id].account_id is None

    def _wishes(self, at: int, test: Test) -> set[int]:
        facts = self._people[at].facts
        return {
            guardian_id
            for guardian_id in self._namesakes[at]
            if guardian_id not in self._taken
            and not civility_contradicts(facts, guardian := self._known[guardian_id])
            and test(at, guardian)
        }

    def _open_people(self) -> list[int]:
        """Return who is neither met nor held, and may be met by name at all."""
        heaps = self.matches
        return [
            n
            for n, namesakes in enumerate(self._namesakes)
            if namesakes and n not in heaps.met and n not in heaps.held
        ]

    def _has_common_child(self, at: int, guardian: KnownGuardian) -> bool:
        return not self._children[at].isdisjoint(self._links.get(guardian.id, ()))

    def _agrees(self, at: int, guardian: KnownGuardian) -> bool:
        facts = self._people[at].facts
        if not same_names(facts, guardian):
            return False
        ways = (guardian, guardian.as_the_file_says) if guardian.sources else (guardian,)
        return compare_contacts(facts, *ways) is Contacts.AGREE

    def _has_one_name(self, at: int, guardian: KnownGuardian) -> bool:
        return key(self._people[at].facts.family_name) == key(guardian.family_name)

    def _is_word_for_word(self, at: int, guardian: KnownGuardian) -> bool:
        facts = self._people[at].facts
        filed = guardian.as_the_file_says
        return all(
            getattr(facts, name) in {getattr(guardian, name), getattr(filed, name)}
            for name in _FACTS
        )
