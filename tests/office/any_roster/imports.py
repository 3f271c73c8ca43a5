"""The imports of a story: planned, kept, applied at once or later, and checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import rule

from educonnect_admin.domain.errors import (
    FileOfAnotherSchool,
    MassDeparture,
    MassMove,
    MassUnlinking,
    NothingAccepted,
    PlanOutdated,
)
from educonnect_admin.office.import_roster import import_roster
from educonnect_admin.office.importing.dangers import Consent
from educonnect_admin.office.importing.plan_file import KeptPlan, open_plan, seal_plan
from educonnect_admin.office.importing.roster_plan import RosterPlan
from educonnect_admin.office.keep_plan import apply_kept_plan, make_plan
from tests.office.any_roster.exports import Export, Order
from tests.office.any_roster.picture import Picture
from tests.office.any_roster.story import ADULTS, KIDS, ORDERS, PICK, WISHES, Story, Wish
from tests.office.any_roster.village import (
    LEVELS,
    SCHOOLS,
)

REFUSALS = (NothingAccepted, MassDeparture, MassUnlinking, MassMove)


class Kept(NamedTuple):
    """A plan in its file, to be applied one day."""

    content: bytes
    export: Export
    wish: Wish


class Imports(Story):
    """A story in which schools import, rightly or not."""

    def __init__(self) -> None:
        super().__init__()
        self.exports: list[Export] = []
        self.kept: Kept | None = None

    @rule(order=ORDERS, wish=WISHES)
    def take_in(self, order: Order, wish: Wish) -> None:
        """A school imports what its software writes."""
        self._import(order.school, self._written(order), wish)

    @rule(order=ORDERS, wish=WISHES)
    def take_in_everything(self, order: Order, wish: Wish) -> None:
        """The plain case: every class, pupils and guardians."""
        plain = replace(order, classes=frozenset(LEVELS), pupils=True, guardians=True)
        self._import(plain.school, self._written(plain), wish._replace(departures=True))

    @rule(order=ORDERS, wish=WISHES, who=st.sets(st.sampled_from(KIDS + ADULTS), max_size=6))
    def take_in_picked_rows(self, order: Order, wish: Wish, who: set[str]) -> None:
        """A workbook of refused rows: some rows only."""
        self._import(order.school, self._written(replace(order, picked=frozenset(who))), wish)

    @rule(which=PICK, wish=WISHES)
    def take_in_again(self, which: int, wish: Wish) -> None:
        """A file of some time ago, whatever has happened since."""
        whole = [one for one in self.exports if one.is_whole and one.order.pupils]
        if whole:
            export = whole[which % len(whole)]
            self._import(export.order.school, export, wish)

    @rule(order=ORDERS, wish=WISHES)
    def take_in_the_wrong_file(self, order: Order, wish: Wish) -> None:
        """The other school's file."""
        (other,) = set(SCHOOLS) - {order.school}
        plain = replace(order, pupils=True, classes=frozenset(LEVELS))
        self._import(other, self._written(plain), wish)

    @rule(order=ORDERS, wish=WISHES)
    def plan_for_later(self, order: Order, wish: Wish) -> None:
        """A plan is written, and waits."""
        plain = replace(order, pupils=True, classes=frozenset(LEVELS))
        export = self._written(plain)
        content, _ = self._planned(order.school, export, wish)
        self.kept = Kept(content, export, wish)

    @rule()
    def apply_what_waits(self) -> None:
        """The plan that waits is applied: exactly it, or nothing."""
        if self.kept is not None:
            self._apply(*self.kept)
            self.kept = None

    def _written(self, order: Order) -> Export:
        export = self.software.write(order)
        if export.readings:
            self.exports.append(export)
        return export

    def _import(self, school: str, export: Export, wish: Wish) -> None:
        if not export.readings:
            return
        self.depth["imports"] += 1
        before = self.last_picture()
        try:
            content, planned = self._planned(school, export, wish)
        except FileOfAnotherSchool:
            assert export.order.siecle
            assert export.order.school != school
            self.depth["files of another school"] += 1
            assert self.picture() == before
            return
        if wish.by_file:
            self._apply(content, export, wish)
            return
        plan = self._directly(school, export, wish, before)
        if plan is not None:
            assert plan == planned
            self._follow(plan, export, wish, before)

    def _planned(self, school: str, export: Export, wish: Wish) -> tuple[bytes, RosterPlan]:
        """Make a plan, its file, and a dry run, of which nothing is left."""
        before = self.last_picture()
        with self.transaction(dry_run=True) as session:
            kept = make_plan(
                session, school, export.readings, self.author, whole_school=wish.whole_school
            )
            with self._refusable():
                apply_kept_plan(session, kept, self.author, Consent(departures=True, moves=True))
        assert self.picture() == before, "a dry run leaves nothing"
        content = seal_plan(kept.plan, kept.school, kept.basis, self.author)
        assert self._opened(content) == kept
        return content, kept.plan

    def _opened(self, content: bytes) -> KeptPlan:
        return open_plan(Path("plan"), content, self.author)

    @contextmanager
    def _refusable(self) -> Iterator[None]:
        try:
            yield
        except REFUSALS as refusal:
            self.depth[type(refusal).__name__] += 1

    def _directly(
        self, school: str, export: Export, wish: Wish, before: Picture
    ) -> RosterPlan | None:
        try:
            with self.transaction() as session:
                return import_roster(
                    session,
                    school,
                    export.readings,
                    self.author,
                    accept_departures=wish.departures,
                    accept_moves=wish.moves,
                    whole_school=wish.whole_school,
                )
        except REFUSALS as refusal:
            self.depth[type(refusal).__name__] += 1
            assert self.picture() == before, "a refused import writes nothing"
            return None

    def _apply(self, content: bytes, export: Export, wish: Wish) -> None:
        before = self.last_picture()
        kept = self._opened(content)
        consent = Consent(departures=wish.departures, moves=wish.moves)
        try:
            with self.transaction() as session:
                apply_kept_plan(session, kept, self.author, consent)
        except (*REFUSALS, PlanOutdated) as refusal:
            self.depth[type(refusal).__name__] += 1
            assert self.picture() == before, "a refused plan writes nothing"
            return
        self._follow(kept.plan, export, wish, before)

    def _follow(self, plan: RosterPlan, export: Export, wish: Wish, before: Picture) -> None:
        """Check what was done, and that a second time does nothing."""
        after = self.picture()
        self.depth["rows"] += len(export.people)
        self.depth.update(f"asked {one.kind} {one.standing}" for one in plan.questions)
        self.depth["refused rows"] += plan.refused
        self.depth["moved"] += plan.moved
        self.depth["returned"] += plan.returned
        self.depth["departed"] += plan.departed.pupils
        self.depth["links ended"] += plan.departed.links
        self.books.whole_school = wish.whole_school
        self.books.follow(plan, export, before, after, self.now)
        (uai,) = (one for one, number in self.school_ids.items() if number == plan.school_id)
        with self.transaction() as session:
            again = import_roster(
                session,
                uai,
                export.readings,
                self.author,
                whole_school=wish.whole_school,
            )
        assert not again.changes_something, "a second plan is empty"
        assert self.picture() == after, "a second import writes nothing"
        self.books.hold(after)
