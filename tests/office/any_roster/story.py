"""A story of two schools in any order: its office, its books, what happens in the village."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from educonnect_admin.domain.schools import School
from educonnect_admin.domain.trail import Author, Happening, TrailHead, TrailKind
from educonnect_admin.edge import Services
from educonnect_admin.queries.schools import school_by_uai
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.trail_check import first_broken_entry
from tests.conftest import NOW
from tests.office.any_roster.books import Books
from tests.office.any_roster.exports import Order, Software
from tests.office.any_roster.picture import Picture
from tests.office.any_roster.village import (
    GRANDMOTHER,
    LEVELS,
    LIKES,
    NAMESAKE_PARENTS,
    NAMESAKES,
    OF_A_KID,
    OF_AN_ADULT,
    SCHOOLS,
    TWINS,
    Village,
    adults,
    kids,
)
from tests.support.families import OTHER_UAI, UAI

KIDS, ADULTS = sorted(kids()), sorted(adults())
KID = st.sampled_from([*KIDS, *TWINS, *TWINS, *NAMESAKES, *NAMESAKES])
ADULT = st.sampled_from([*ADULTS, *NAMESAKE_PARENTS, *NAMESAKE_PARENTS])
SCHOOL = st.sampled_from(SCHOOLS)
MOSTLY = st.sampled_from([True, True, True, False])
SELDOM = st.sampled_from([False, False, False, True])
PICK = st.integers(0, 30)
ORDERS = st.builds(
    Order,
    school=SCHOOL,
    classes=st.one_of(
        st.just(frozenset(LEVELS)),
        st.just(frozenset(LEVELS)),
        st.sets(st.sampled_from(sorted(LEVELS)), min_size=1, max_size=2).map(frozenset),
    ),
    siecle=SELDOM,
    labels=st.sampled_from(["label", "level", "nothing"]),
    pupils=MOSTLY,
    guardians=MOSTLY,
    one_file=SELDOM,
    file_a_class=SELDOM,
    backwards=st.booleans(),
)


class Wish(NamedTuple):
    """How files are imported."""

    departures: bool
    moves: bool
    whole_school: bool = False
    by_file: bool = False


WISHES = st.builds(
    Wish, departures=MOSTLY, moves=st.booleans(), whole_school=SELDOM, by_file=st.booleans()
)


class Story(RuleBasedStateMachine):
    """The village, the office of its two schools, and the books."""

    depth: Counter[str]

    def office(self) -> Services:
        """Return an open office without anything in it; each story leaves it so."""
        raise NotImplementedError

    @initialize(
        place=st.sampled_from([(UAI, UAI), (UAI, UAI), (UAI, OTHER_UAI), (OTHER_UAI, UAI)]),
        labels=st.lists(st.sampled_from(sorted(LEVELS)), min_size=3, max_size=3),
        absent=st.sets(st.sampled_from(sorted(LIKES)), max_size=2),
        order=ORDERS,
    )
    def open(
        self, place: tuple[str, str], labels: list[str], absent: set[str], order: Order
    ) -> None:
        """Begin in a transaction that is undone in the end: an office a story takes too long."""
        self.services = self.office()
        self.connection: Connection = self.services.engine.connect()
        self.outer = self.connection.begin()
        self.now: datetime = NOW
        self.seen: Picture | None = None
        self.village = Village()
        self.software = Software(self.village)
        self.books = Books(self.village)
        self.moves_of_house = 0
        with self.transaction() as session:
            session.add_all([School(uai=uai, name="École") for uai in SCHOOLS])
        with self.transaction() as session:
            self.school_ids = {uai: school_by_uai(session, uai).id for uai in SCHOOLS}
            begun = [
                Happening(TrailKind.SCHOOL_ADDED, school_id=n) for n in self.school_ids.values()
            ]
            append_to_trail(session, self.author, begun)
        for kid in self.village.kids.values():
            kid.places[place[kid.number > 5]] = labels[kid.number % 3]
        self.village.quirks |= {(place[0], who, "refused") for who in absent}
        for school in dict.fromkeys(place):
            self.take_in_everything(
                replace(order, school=school), Wish(departures=True, moves=True)
            )

    def teardown(self) -> None:
        """The trail verifies; the story never was."""
        if not hasattr(self, "outer"):
            return
        try:
            with self.transaction() as session:
                for chain in session.scalars(select(TrailHead.chain)).all():
                    assert first_broken_entry(session, self.author.pen, chain) is None
        finally:
            self.outer.rollback()
            self.connection.close()

    @contextmanager
    def transaction(self, *, dry_run: bool = False) -> Iterator[Session]:
        """Open a session of its own inside the story's transaction; commit it, or not."""
        with (
            Session(
                self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False
            ) as session,
            session.begin() as transaction,
        ):
            yield session
            if dry_run:
                session.flush()
                transaction.rollback()
            else:
                self.seen = None

    @property
    def author(self) -> Author:
        """Who acts, now."""
        return self.services.author(self.now)

    def picture(self) -> Picture:
        """Look at the database."""
        with self.transaction(dry_run=True) as session:
            self.seen = Picture.of(session)
        return self.seen

    def last_picture(self) -> Picture:
        """Look at the database, unless nothing was written since somebody did."""
        return self.seen or self.picture()

    def take_in_everything(self, order: Order, wish: Wish) -> None:
        """Import the files of a whole school."""
        raise NotImplementedError

    # What happens in the village

    @rule(kid=KID, school=SCHOOL, label=st.sampled_from(sorted(LEVELS)))
    def settle(self, kid: str, school: str, label: str) -> None:
        """A child joins, changes class, moves to the other school, comes back."""
        self.village.kids[kid].places = {school: label}

    @rule(kid=KID)
    def leave(self, kid: str) -> None:
        """A child leaves both schools."""
        self.village.kids[kid].places = {}

    @rule(mistakes=st.lists(st.tuples(KID, st.sampled_from(OF_A_KID)), min_size=1, max_size=3))
    def mistake_kids(self, mistakes: list[tuple[str, str]]) -> None:
        """A school gets something wrong about its pupils, or mends it."""
        for kid, quirk in mistakes:
            for school in self.village.kids[kid].places:
                self.village.toggle(school, kid, quirk)

    @rule(
        mistakes=st.lists(st.tuples(ADULT, st.sampled_from(OF_AN_ADULT)), min_size=1, max_size=3),
        only=st.sampled_from([None, *SCHOOLS]),
    )
    def mistake_adults(self, mistakes: list[tuple[str, str]], only: str | None) -> None:
        """The schools, or one, get something wrong about guardians, or mend it."""
        for adult, quirk in mistakes:
            for school in self.village.schools_of(adult) & {only or UAI, only or OTHER_UAI}:
                self.village.toggle(school, adult, quirk)

    @rule(school=SCHOOL)
    def exchange(self, school: str) -> None:
        """The numbers of the twins are exchanged, or right again."""
        self.village.exchanged ^= {school}

    @rule(adult=ADULT, what=st.sampled_from(["mobile", "email", "street"]))
    def move_house(self, adult: str, what: str) -> None:
        """A guardian has another mobile, e-mail or address: one that nobody else ever has."""
        person = self.village.adults[adult]
        self.moves_of_house += 1
        number = self.moves_of_house
        fresh = {
            "mobile": f"+3362{person.number:02}{number % 100_000:05}",
            "email": f"{adult}.{number}@y.fr",
            "street": f"{number} quai de {adult}",
        }
        setattr(person, what, fresh[what])

    @rule(adult=st.sampled_from(["nadia", "anne", "dominique_too"]))
    def marry(self, adult: str) -> None:
        """A guardian bears another name, or no longer."""
        person = self.village.adults[adult]
        person.usage = None if person.usage else "Martin"

    @rule(
        adult=st.sampled_from(sorted({*ADULTS} - {"jean_junior", "claire_born_martin"})),
        kid=st.sampled_from(["sami", "ali", "tom", "noe"]),
    )
    def tie(self, adult: str, kid: str) -> None:
        """Somebody else answers for a child, or no longer does."""
        bond = None if adult in self.village.kids[kid].bonds else GRANDMOTHER
        self.village.tie(adult, kid, bond)
