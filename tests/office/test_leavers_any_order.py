"""Children who come and go in any order: the account is open exactly when it is to be (R-62)."""

from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from educonnect_admin.office.desk.close_account import close_account, reopen_account
from educonnect_admin.opening import open_office
from educonnect_admin.settings import Settings
from tests.office.leaving import JEANNE, SEPTEMBER, Years, noon
from tests.support.families import OTHER_UAI, UAI
from tests.support.schema import copy_file

CHILDREN = {UAI: ("Alice", "Tom"), OTHER_UAI: ("Léo", "Mia")}
DELAY = timedelta(days=90)

STEPS = st.one_of(
    st.tuples(st.just("days"), st.sampled_from([1, 30, 89, 90])),
    st.tuples(st.just("night"), st.none()),
    st.tuples(
        st.just("import"),
        st.sampled_from([(uai, n) for uai in CHILDREN for n in (0, 0, 1, 2)]),
    ),
    st.tuples(st.just("generate"), st.none()),
    st.tuples(st.sampled_from(["close", "reopen"]), st.none()),
)


class Books:
    """What must be, told in a few words."""

    def __init__(self) -> None:
        self.day = self.since = SEPTEMBER
        self.enrolled = {UAI: 1, OTHER_UAI: 0}
        self.joined = {UAI}
        self.by_night = self.by_operator = False

    @property
    def has_child(self) -> bool:
        """Whether a record of the account has a child in its school."""
        return any(self.enrolled[uai] for uai in self.joined)

    @property
    def is_open(self) -> bool:
        """Whether the account is."""
        return not (self.by_night or self.by_operator)

    def look(self, *, before: bool) -> int:
        """Note that the last child has gone, or that one is back; return what that opens."""
        if before and not self.has_child:
            self.since = self.day
        returns = self.by_night and self.has_child
        self.by_night = self.by_night and not returns
        return int(returns)


class Story:
    """An office, its books, and what is done to both."""

    def __init__(self, years: Years) -> None:
        self.years = years
        self.books = Books()

    def days(self, number: int) -> None:
        """Let time pass."""
        self.books.day += timedelta(days=number)

    def night(self, _: None) -> None:
        """Let cron run."""
        books = self.books
        done = self.years.close(books.day)
        alone = books.is_open and not books.has_child
        is_due = alone and books.day - books.since >= DELAY
        books.by_night = books.by_night or is_due
        assert (done.closed, done.kept) == (is_due, alone and not is_due)
        assert done.next_on == (books.since + DELAY if alone and not is_due else None)

    def import_(self, whom: tuple[str, int]) -> None:
        """Import a school with so many of the children."""
        uai, number = whom
        before, self.books.enrolled[uai] = self.books.has_child, number
        opened = self.years.take_in(self.books.day, *CHILDREN[uai][:number], uai=uai)
        assert opened == self.books.look(before=before)

    def generate(self, _: None) -> None:
        """Open the accounts of the other school; a record joins the one there is."""
        books = self.books
        if books.by_operator or not books.enrolled[OTHER_UAI]:
            return
        joins = OTHER_UAI not in books.joined
        before = books.has_child
        books.joined.add(OTHER_UAI)
        done = self.years.generate(books.day, OTHER_UAI)
        assert (done.created, done.joined) == (0, joins)
        assert done.reopened == books.look(before=before)

    def close(self, _: None) -> None:
        """Close the account at the desk."""
        with self.years.services.transaction() as session:
            author = self.years.services.author(noon(self.books.day))
            close_account(session, JEANNE, reason="r", author=author)
        self.books.by_night, self.books.by_operator = False, True

    def reopen(self, _: None) -> None:
        """Open it again at the desk, if it is closed."""
        if self.books.is_open:
            return
        with self.years.services.transaction() as session:
            author = self.years.services.author(noon(self.books.day))
            reopen_account(session, JEANNE, reason="r", author=author)
        self.books.by_night = self.books.by_operator = False
        self.books.since = self.books.day


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_the_account_is_open_exactly_when_it_is_to_be(
    tmp_path: Path, sqlite_template: Path, steps: list[tuple[str, object]]
) -> None:
    """One account for ever, under one identifier, whatever comes; the trail verifies."""
    path = tmp_path / "any.sqlite"
    for file in tmp_path.glob("any.sqlite*"):
        file.unlink()
    copy_file(sqlite_template, path)
    services = open_office(
        Settings(
            database_url=str(path), secret_key_file=tmp_path / "key", hashing="cheap-for-tests"
        ),
        noon(SEPTEMBER),
    )
    try:
        story = Story(Years(services))
        story.years.begin("Alice")
        for name, what in steps:
            note(f"{story.books.day} {name} {what}")
            getattr(story, "import_" if name == "import" else name)(what)
            state = "not_notified" if story.books.is_open else "closed"
            assert story.years.accounts() == {JEANNE: state}
        assert story.years.is_sound()
    finally:
        services.close()


def test_the_books_know_a_return() -> None:
    """What is compared with can tell the difference."""
    books = Books()
    books.enrolled[UAI] = 0
    books.day = date(2026, 12, 1)
    assert (books.look(before=True), books.since) == (0, date(2026, 12, 1))
    books.by_night, books.enrolled[UAI] = True, 1
    assert (books.look(before=False), books.is_open) == (1, True)
