"""Coming back from FranceConnect: once, to the browser that left (R-40)."""

from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from sqlalchemy import event

from dev.franceconnect.provider import Provider
from educonnect_admin.edge import Services, clock
from educonnect_admin.parents.coming_in import TOKEN_USE
from educonnect_admin.parents.sign_in_with_franceconnect import Verdict, arrive, finish
from educonnect_admin.portal.cookies import VISIT
from educonnect_admin.queries.franceconnect import account_linked, was_closed
from educonnect_admin.queries.visits import Visitor, visitor_of
from tests.support.franceconnect import (
    CELINE,
    Traveller,
    asked_of,
    openings,
    running_provider,
    with_franceconnect,
)


@pytest.fixture
def provider() -> Iterator[Provider]:
    """An honest provider."""
    with running_provider() as one:
        yield one


@pytest.fixture
def traveller(services: Services, provider: Provider, tmp_path: Path) -> Traveller:
    """Somebody at the portal, on both databases."""
    return Traveller(with_franceconnect(services, provider, tmp_path), provider)


def visitor(traveller: Traveller) -> Visitor:
    """Return who is behind the browser, as a request finds them."""
    means = traveller.services.means(clock())
    with means.reading() as session:
        digests = means.digests.known(TOKEN_USE, traveller.client.cookies[VISIT])
        found = visitor_of(session, digests, means.now)
    assert found is not None
    return found


def test_one_of_two_answers_at_once_is_taken(traveller: Traveller) -> None:
    """Both requests have read the same visit; the first to end it exchanges the code."""
    query = asked_of(traveller.choose(traveller.leave(), CELINE))
    me = visitor(traveller)
    means = traveller.services.means(clock())

    verdicts = [arrive(means, me, query).verdict for _ in range(2)]

    assert verdicts == [Verdict.PROOFS, Verdict.NO_DEPARTURE]
    assert traveller.provider.fetched.count("/token") == 1


@pytest.mark.parametrize("state", ["", "é", "x" * 900])
def test_whatever_stands_for_the_state(traveller: Traveller, state: str) -> None:
    """It is compared, never trusted; the right one still counts after a wrong one."""
    query = asked_of(traveller.choose(traveller.leave(), CELINE))
    me = visitor(traveller)
    means = traveller.services.means(clock())

    assert arrive(means, me, {**query, "state": state}).verdict is Verdict.NO_DEPARTURE
    assert arrive(means, me, query).verdict is Verdict.PROOFS


def test_nothing_is_finished_without_the_proofs(traveller: Traveller) -> None:
    """An identity alone links nobody."""
    traveller.sign_in()

    assert finish(traveller.services.means(clock()), visitor(traveller)) is None
    assert openings(traveller.services) == (0, 0)


def test_what_is_kept_on_the_way_tells_nothing_when_printed(traveller: Traveller) -> None:
    """Neither the state nor a token shows in a repr (R-66)."""
    query = asked_of(traveller.choose(traveller.leave(), CELINE))
    arrived = arrive(traveller.services.means(clock()), visitor(traveller), query)

    assert repr(arrived) == "Arrived(proofs, None)"


def test_the_provider_says_no_to_what_is_not_ours(traveller: Traveller) -> None:
    """The development provider checks its client as the real one does."""
    way = httpx.URL(traveller.leave())
    with httpx.Client(trust_env=False) as client:
        for wrong, status in (
            ({"client_id": "x"}, 400),
            ({"redirect_uri": "https://elsewhere.example/"}, 400),
            ({"acr_values": "eidas2"}, 303),
            ({"nonce": "short"}, 303),
            ({"code_challenge": ""}, 303),
        ):
            assert client.get(way.copy_merge_params(wrong)).status_code == status


def test_a_newcomer_is_looked_for_by_an_index(sqlite_services: Services) -> None:
    """Among half a million accounts, while SQLite lets nobody else write."""
    asked: list[str] = []
    event.listen(
        sqlite_services.engine, "before_cursor_execute", lambda *told: asked.append(told[2])
    )
    with sqlite_services.reading() as session:
        assert account_linked(session, "0" * 64) is None
        assert not was_closed(session, "0" * 64)
    plans = []
    with sqlite_services.engine.connect() as connection:
        for statement in [one for one in asked if one.startswith("SELECT")]:
            values = tuple("0" * statement.count("?"))
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plans += [str(row[3]) for row in rows]

    assert any("uq_accounts_franceconnect" in plan for plan in plans)
    assert not [plan for plan in plans if plan.startswith("SCAN")]
