"""Whatever is asked, followed or left to expire, in any order: the newest link works, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from educonnect_admin.domain.mail_links import LIFE, LinkKind
from educonnect_admin.domain.throttling import HOUR
from educonnect_admin.opening import open_office
from educonnect_admin.parents.mail_links import LinkVerdict
from educonnect_admin.parents.recover_password import ResetVerdict
from educonnect_admin.parents.reset_password import Reset, look_at_reset
from educonnect_admin.settings import Settings
from tests.conftest import NOW
from tests.parents.test_mail_links import Sending
from tests.parents.test_recover_password import Forgetful
from tests.support.schema import copy_file

ORDER = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(LinkKind), st.just(0)),
        st.tuples(st.just("follow"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.sampled_from([1, 50, 60, 61, 60 * 48, 60 * 72])),
    ),
    max_size=25,
)
ASKED = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.just(0)),
        st.tuples(st.just("follow"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.sampled_from([1, 20, 59, 60, 61])),
    ),
    max_size=25,
)
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@contextmanager
def office(template: Path) -> Iterator[Settings]:
    """An office of its own for each example."""
    with TemporaryDirectory() as folder:
        copy_file(template, Path(folder) / "office.sqlite")
        yield Settings(
            database_url=str(Path(folder) / "office.sqlite"),
            secret_key_file=Path(folder) / "secret.key",
            operator="alice",
            hashing="cheap-for-tests",
        )


class Model:
    """What should be true of the links that were sent: the newest of a kind, until its hour."""

    def __init__(self, celine: Sending) -> None:
        self.celine = celine
        self.sent: list[tuple[LinkKind, str]] = []
        self.live: dict[LinkKind, tuple[str, datetime]] = {}

    def works(self, kind: LinkKind, token: str) -> bool:
        """Tell whether a link should do something now."""
        newest, until = self.live.get(kind, ("", NOW))
        return token == newest and self.celine.now < until

    def step(self, what: str, which: int) -> None:
        """Do one thing, and compare what it did with what it should."""
        if what in set(LinkKind):
            kind = LinkKind(what)
            self.sent.append((kind, self.celine.send(kind)))
            self.live[kind] = (self.sent[-1][1], self.celine.now + LIFE[kind])
        elif what == "wait":
            self.celine.later(timedelta(minutes=which))
        elif what == "follow" and self.sent:
            kind, token = self.sent[which % len(self.sent)]
            expected = self.works(kind, token)
            assert self.celine.use(token, kind) is expected
            if expected:
                self.live.pop(kind)
        for kind, token in self.sent:
            assert (self.celine.look(token) is LinkVerdict.LIVE) is self.works(kind, token)


@pytest.mark.slow
@settings(deadline=None, max_examples=60, suppress_health_check=SLOW)
@given(steps=ORDER)
def test_at_most_the_newest_link_of_a_kind_works_once(
    sqlite_template: Path, steps: list[tuple[str, int]]
) -> None:
    """Looked at after every step."""
    with office(sqlite_template) as its_settings:
        services = open_office(its_settings, NOW)
        model = Model(Sending(services))
        for what, which in steps:
            model.step(what, which)
        services.close()


@pytest.mark.slow
@settings(deadline=None, max_examples=60, suppress_health_check=SLOW)
@given(steps=ASKED)
def test_a_holder_who_keeps_asking_always_has_a_link_that_works(
    sqlite_template: Path, steps: list[tuple[str, int]]
) -> None:
    """Even beyond the limit of mails: one link at most, and right after asking one at least."""
    with office(sqlite_template) as its_settings:
        services = open_office(its_settings, NOW)
        jean = Forgetful(services)
        tries = 0
        for what, which in steps:
            if what == "ask":
                assert jean.ask().verdict is ResetVerdict.SENT
            elif what == "wait":
                jean.later(timedelta(minutes=which))
            elif tokens := jean.tokens():
                token = tokens[which % len(tokens)]
                link = look_at_reset(jean.means, token)
                was_live = link is not None and link.verdict is LinkVerdict.LIVE
                tries += 1
                password = f"Soleil{tries}x"
                assert (jean.reset(token, password) is Reset.DONE) is was_live
                assert jean.accepts(password) is was_live
            verdicts = [look_at_reset(jean.means, token) for token in jean.tokens()]
            alive = sum(one is not None and one.verdict is LinkVerdict.LIVE for one in verdicts)
            assert alive <= 1
            if what == "ask":
                assert alive == 1
        services.close()


def test_the_limit_of_mails_is_no_longer_than_the_life_of_a_link(sqlite_template: Path) -> None:
    """Else a holder could wait for a mail that does not come, with a link that has expired."""
    with office(sqlite_template) as its_settings:
        services = open_office(its_settings, NOW)
        limits = services.means(NOW).limits
        assert limits.mail.window <= LIFE[LinkKind.PASSWORD_RESET]
        assert limits.mail.lock <= HOUR
        services.close()
