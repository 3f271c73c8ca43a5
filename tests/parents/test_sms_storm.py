"""Processes that ask for codes, and type them, all at once: no limit is ever passed (R-6)."""

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from educonnect_admin.edge import Services
from educonnect_admin.opening import open_services
from educonnect_admin.parents.sms_proof import CodeVerdict, SendVerdict, check_code, send_code
from educonnect_admin.settings import Settings
from tests.office.desk.desk import Office
from tests.parents.portal_office import Clock, last_code

PROCESSES, EACH = 4, 12
ONE_MOBILE = "+33612345678"


def main(arguments: Sequence[str]) -> None:
    """Be one of the processes: what was asked for, so many times, its verdicts printed."""
    work, database, key, hour, number, visit_or_first = arguments
    settings = Settings(
        database_url=database,
        secret_key_file=Path(key),
        hashing="cheap-for-tests",
        sms_an_hour=int(hour),
    )
    services = open_services(settings)
    clock = Clock(services)
    try:
        print("ready", flush=True)  # noqa: T201 - what the test reads
        sys.stdin.readline()
        for n in range(int(number)):
            print(_one(clock, work, int(visit_or_first), n), flush=True)  # noqa: T201
    finally:
        services.close()


def _one(clock: Clock, work: str, given: int, n: int) -> str:
    means = clock.means
    if work == "type":
        visitor = clock.visit(given)
        with means.transaction() as session:
            return check_code(session, means, visitor, f"no code {n}")
    visitor = clock.journey()
    mobile = ONE_MOBILE if work == "one" else f"+33{600_000_000 + given + n}"
    with means.transaction() as session:
        sent = send_code(
            session, means, visitor, mobile=mobile, account_id=1, guardian_id=None, school_id=None
        )
        return sent.verdict


def together(services: Services, work: str, *, hour: int = 1000, given: int = 0) -> Counter[str]:
    """Let the processes begin at the same moment, and count what they were told."""
    settings = services.settings
    command = [sys.executable, "-m", "tests.parents.test_sms_storm", work, settings.database_url]
    command += [str(settings.secret_key_file), str(hour), str(EACH)]
    running = [
        subprocess.Popen(
            [*command, str(given + 1000 * n if work == "many" else given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(PROCESSES)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=120)[0].split() for process in running]
    assert [process.returncode for process in running] == [0] * PROCESSES
    return Counter(word for words in told for word in words)


@pytest.fixture
def office(services: Services) -> Office:
    """An office with one account, on both databases."""
    office = Office(services)
    office.account("celine.dupont", office.record("Céline"))
    return office


def test_one_mobile_gets_three_codes_whoever_asks(office: Office) -> None:
    """Four servers, forty-eight requests, three SMS; the refused ones left nothing behind."""
    told = together(office.services, "one")

    assert told == {SendVerdict.SENT: 3, SendVerdict.TOO_MANY: PROCESSES * EACH - 3}
    assert office.one("SELECT count(*) FROM messages") == 3
    assert office.one("SELECT count(*) FROM sms_codes") == 3
    counts = dict(office.rows("SELECT kind, failures FROM try_counts"))
    assert counts == {"mobile_hour": 3, "mobile_day": 3, "sms_hour": 3, "sms_day": 3}


def test_the_service_sends_no_more_than_it_may(office: Office) -> None:
    """Forty-eight mobiles, twenty SMS in an hour: the guard of what they cost."""
    told = together(office.services, "many", hour=20)

    assert told == {SendVerdict.SENT: 20, SendVerdict.TOO_MANY: PROCESSES * EACH - 20}
    assert office.one("SELECT count(*) FROM messages") == 20
    sent = "SELECT count(*) FROM try_counts WHERE kind = 'mobile_hour' AND failures = 1"
    assert office.one(sent) == 20
    assert office.one("SELECT failures FROM try_counts WHERE kind = 'sms_day'") == 20


def test_a_code_has_five_tries_however_many_hands_type(office: Office) -> None:
    """At the same moment, from four servers; then the right one is refused too."""
    clock = Clock(office.services)
    visitor = clock.journey()
    means = clock.means
    with means.transaction() as session:
        send_code(
            session,
            means,
            visitor,
            mobile=ONE_MOBILE,
            account_id=1,
            guardian_id=None,
            school_id=None,
        )
    told = together(office.services, "type", given=visitor.visit_id)

    assert told[CodeVerdict.WRONG] == 4
    assert told[CodeVerdict.TOO_OFTEN] == PROCESSES * EACH - 4
    with means.transaction() as session:
        verdict = check_code(session, means, visitor, last_code(office.services))
    assert verdict is CodeVerdict.TOO_OFTEN
    assert office.one("SELECT failures FROM sms_codes") == 5


if __name__ == "__main__":
    main(sys.argv[1:])
