"""OVHcloud: what its library says to it, signed, and what its answers mean (R-32)."""

from collections.abc import Iterator
from pathlib import Path

import ovh.client
import pytest

from educonnect_admin.domain.mail_errors import SmsUnavailable
from educonnect_admin.gateways.outcomes import SENT, Fate, Outcome
from educonnect_admin.gateways.sms_ovh import OvhSms
from tests.support.sms import GOOD_JOB, HANG_UP, KEYS, SmsServer, ovh_answers, sms_server
from tests.support.smtp import free_port

TO, TEXT, REFERENCE = "+262692123456", "Code 482915, à vous.\n@portail #482915", "ab" * 16


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmsServer]:
    """OVHcloud's interface, on this machine."""
    with sms_server() as running:
        monkeypatch.setitem(ovh.client.ENDPOINTS, "ovh-eu", f"{running.url}/1.0")
        running.answer = ovh_answers(running.url)
        yield running


def written(tmp_path: Path, mode: int = 0o600, **changes: str) -> Path:
    """Write the file of the keys."""
    path = tmp_path / "ovh.conf"
    lines = [f"{name} = {value}" for name, value in {**KEYS, **changes}.items()]
    path.write_text("[ovh]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(mode)
    return path


def gateway(file: Path, sender: str | None = "EDUCONNECT", answer_seconds: float = 5.0) -> OvhSms:
    """Return what speaks to it."""
    return OvhSms(
        service="sms-ab12345-1",
        credentials_file=file,
        sender=sender,
        answer_seconds=answer_seconds,
    )


def test_a_job_is_signed_and_says_what_is_wanted(server: SmsServer, tmp_path: Path) -> None:
    """One receiver, no advertisement's end, half an hour at most; the server checks the hand."""
    assert gateway(written(tmp_path)).send(TO, TEXT, REFERENCE) == SENT

    job = server.taken[-1]
    assert (job.method, job.path) == ("POST", "/1.0/sms/sms-ab12345-1/jobs")
    assert job.json["receivers"] == [TO]
    assert job.json["message"] == TEXT
    assert job.json["sender"] == "EDUCONNECT"
    assert job.json["noStopClause"] is True
    assert job.json["validityPeriod"] == 30
    assert KEYS["application_secret"] not in job.body + str(job.headers)


def test_without_a_name_of_ours_theirs_serves(server: SmsServer, tmp_path: Path) -> None:
    """A short number, which needs nobody's approval."""
    gateway(written(tmp_path), sender=None).send(TO, TEXT, REFERENCE)

    job = server.taken[-1].json
    assert job["senderForResponse"] is True
    assert "sender" not in job


def test_a_wrong_secret_is_told_as_such(server: SmsServer, tmp_path: Path) -> None:
    """No SMS can leave; this one did not."""
    file = written(tmp_path, application_secret="another")

    with pytest.raises(SmsUnavailable) as refused:
        gateway(file).send(TO, TEXT, REFERENCE)
    assert (refused.value.host, refused.value.why) == ("OVHcloud", "credentials")
    assert len(server.taken) == 2


@pytest.mark.parametrize(
    ("job", "outcome"),
    [
        ((200, GOOD_JOB), SENT),
        (
            (200, '{"validReceivers":[],"invalidReceivers":["x"]}'),
            Outcome(Fate.REFUSED, "ovh.invalid_receiver"),
        ),
        ((200, "[]"), Outcome(Fate.UNKNOWN, "sms_bad_reply")),
        ((200, "no JSON"), Outcome(Fate.UNKNOWN, "sms_bad_reply")),
        ((400, '{"message":"bad"}'), Outcome(Fate.REFUSED, "ovh.400")),
        ((409, '{"message":"bad"}'), Outcome(Fate.REFUSED, "ovh.409")),
        ((429, '{"message":"later"}'), Outcome(Fate.DEFERRED, "ovh.429")),
        ((503, '{"message":"later"}'), Outcome(Fate.DEFERRED, "ovh.503")),
        ((500, '{"message":"oops"}'), Outcome(Fate.UNKNOWN, "ovh.500")),
        ((500, "[]"), Outcome(Fate.UNKNOWN, "sms_bad_reply")),
        ((HANG_UP, ""), Outcome(Fate.UNKNOWN, "sms_connection_lost")),
    ],
)
def test_what_each_answer_means(
    server: SmsServer, tmp_path: Path, job: tuple[int, str], outcome: Outcome
) -> None:
    """What may have left is never sent again: one job, whatever became of it."""
    server.answer = ovh_answers(server.url, job)

    assert gateway(written(tmp_path)).send(TO, TEXT, REFERENCE) == outcome
    assert [taken.path for taken in server.taken].count("/1.0/sms/sms-ab12345-1/jobs") == 1


@pytest.mark.parametrize(
    ("status", "why"),
    [(401, "credentials"), (402, "credit"), (403, "credentials"), (404, "address")],
)
def test_an_answer_about_our_settings_stops_them_all(
    server: SmsServer, tmp_path: Path, status: int, why: str
) -> None:
    """Every other would be refused too: they wait."""
    server.answer = ovh_answers(server.url, (status, '{"message":"no"}'))

    with pytest.raises(SmsUnavailable) as refused:
        gateway(written(tmp_path)).send(TO, TEXT, REFERENCE)
    assert refused.value.why == why


def test_a_job_that_is_never_answered_may_have_left(server: SmsServer, tmp_path: Path) -> None:
    """The time was told at once, the job was not."""
    told = ovh_answers(server.url)

    def slow(taken: object) -> object:
        server.delay = 0.0 if "time" in taken.path else 1.0  # type: ignore[attr-defined]
        return told(taken)  # type: ignore[arg-type]

    server.answer = slow  # type: ignore[assignment]
    outcome = gateway(written(tmp_path), answer_seconds=0.3).send(TO, TEXT, REFERENCE)
    assert outcome == Outcome(Fate.UNKNOWN, "sms_connection_lost")


def test_nothing_left_where_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks for the time first: a job that can't be brought is not begun."""
    away = f"http://127.0.0.1:{free_port()}/1.0"
    monkeypatch.setitem(ovh.client.ENDPOINTS, "ovh-eu", away)

    with pytest.raises(SmsUnavailable) as refused:
        gateway(written(tmp_path)).send(TO, TEXT, REFERENCE)
    assert refused.value.why == "unreachable"


@pytest.mark.parametrize(
    ("mode", "changes"),
    [(0o644, {}), (0o600, {"endpoint": "nowhere"}), (0o600, {"consumer_key": ""})],
    ids=["open to others", "no such endpoint", "a key that lacks"],
)
def test_a_bad_file_of_keys_is_found_before_anything_leaves(
    server: SmsServer, tmp_path: Path, mode: int, changes: dict[str, str]
) -> None:
    """Also one that is none."""
    with pytest.raises(SmsUnavailable) as refused:
        gateway(written(tmp_path, mode, **changes)).send(TO, TEXT, REFERENCE)
    with pytest.raises(SmsUnavailable):
        gateway(tmp_path / "missing").send(TO, TEXT, REFERENCE)
    assert refused.value.why == "secrets_file"
    assert server.taken == []
