"""`mail deliver` and `mail list`: what is told, with which exit code, and what never is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from educonnect_admin.cli.failures import explain
from educonnect_admin.cli.mail_words import reason_words
from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.mail_errors import BadMailTemplate, MailUnavailable
from educonnect_admin.domain.messages import Message, MessageKind
from educonnect_admin.domain.people import Guardian
from educonnect_admin.edge import Services, clock
from educonnect_admin.gateways import mail as gateways_mail
from educonnect_admin.gateways.smtp_access import Why
from educonnect_admin.messages import press
from educonnect_admin.messages import templates as mail_templates
from educonnect_admin.office.mailing import prepare_message
from educonnect_admin.office.mailing.mail_room import MAIL_LOCK
from educonnect_admin.settings import Settings
from tests.cli.running import Terminal
from tests.support.households import CHARLEMAGNE
from tests.support.outbox import PASSWORD, SENDER, all_messages, queue, queue_letter
from tests.support.smtp import DROP, MailServer, free_port, mail_server, welcoming

ZOE = "zoe@exemple.fr"


@pytest.fixture
def guardian(run: Terminal, office: Services) -> int:
    """Nadia Moreau's record, her account made."""
    assert run("accounts", "generate", "--school", CHARLEMAGNE).code == 0
    with office.reading() as session:
        found = session.scalar(select(Guardian.id).where(Guardian.given_name == "Nadia"))
    assert isinstance(found, int)
    return found


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server, and the settings that lead to it."""
    with mail_server() as running:
        point_to(monkeypatch, running.port)
        yield running


def point_to(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Set the mail server."""
    monkeypatch.setenv("EDUCONNECT_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("EDUCONNECT_SMTP_PORT", str(port))
    monkeypatch.setenv("EDUCONNECT_SMTP_SECURITY", "none")
    monkeypatch.setenv("EDUCONNECT_MAIL_FROM", SENDER.address)


def test_without_a_server_mails_go_to_a_folder(
    run: Terminal, office: Services, environment: Path
) -> None:
    """Beside the SQLite file, a file a message; a second run has nothing to do."""
    queue(office, ZOE, now=clock())
    queue(office, "+33612345678", MessageKind.ACTIVATION_CODE, now=clock())

    answer = run("mail", "deliver", "--json")

    assert answer.code == 0
    assert answer.json == {
        "sent": 2, "deferred": 0, "failed": 0, "maybe_double": 0, "cancelled": 0, "waiting": 0,
        "busy": False, "stopped": False, "troubles": [],
        "folder": str(environment / "office" / "db.sqlite.messages"),
    }  # fmt: skip
    folder = environment / "office" / "db.sqlite.messages"
    assert "personne ne les reçoit" in answer.err
    assert "EDUCONNECT_SMTP_HOST" in answer.err
    assert sorted(path.suffix for path in folder.iterdir()) == [".eml", ".txt"]
    assert run("mail", "deliver").out == "Aucun message n'attend.\n"


def test_a_folder_of_ones_own(
    run: Terminal, office: Services, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`EDUCONNECT_MAIL_FOLDER`."""
    monkeypatch.setenv("EDUCONNECT_MAIL_FOLDER", str(environment / "mails"))
    queue(office, ZOE, now=clock())

    rehearsed = run("mail", "deliver", "--dry-run", "--json")
    answer = run("mail", "deliver")

    assert rehearsed.json["folder"] == str(environment / "mails")
    assert "personne ne les reçoit" in rehearsed.err
    assert (answer.code, answer.out) == (0, "1 message rangé dans le dossier.\n")
    assert f"dans le dossier {environment / 'mails'}, personne ne les reçoit" in answer.err
    assert len(list((environment / "mails").iterdir())) == 1


def test_mails_leave_by_the_server_of_the_settings(
    run: Terminal, office: Services, server: MailServer
) -> None:
    """Only so many, if asked."""
    for n in range(3):
        queue(office, f"p{n}@exemple.fr", now=clock())

    answer = run("mail", "deliver", "--limit", "2")
    assert (answer.code, answer.out) == (0, "2 messages envoyés. 1 message attend.\n")
    assert "dossier" not in answer.err
    last = run("mail", "deliver", "--json").json
    assert (last["sent"], last["folder"]) == (1, None)
    assert server.recipients() == [f"p{n}@exemple.fr" for n in range(3)]


def test_what_failed_is_told_with_what_to_do(
    run: Terminal, office: Services, guardian: int, server: MailServer
) -> None:
    """Exit 4; the identifier and the command, never the address or the password."""
    queue_letter(office, guardian, ZOE, now=clock())
    server.plan = lambda step, _: "550 5.1.1 <zoe@exemple.fr> unknown" if step == "rcpt" else None

    answer = run("mail", "deliver")

    assert answer.code == 4
    assert answer.out == "1 en échec.\n"
    assert "nadia.moreau" in answer.err
    assert "ne connaît pas cette adresse (550 5.1.1)" in answer.err
    assert "educonnect-admin letters resend nadia.moreau --output" in answer.err
    assert ZOE not in answer.all
    assert PASSWORD not in answer.all
    again = run("mail", "list", "--failed", "--json")
    assert [one["error"] for one in again.json["messages"]] == ["smtp.550.5.1.1"]


def test_what_may_be_double_is_told(run: Terminal, office: Services, server: MailServer) -> None:
    """Exit 4 too: somebody may ask."""
    message_id = queue(office, ZOE, now=clock())
    server.plan = lambda step, _: DROP if step == "answer" else None
    assert run("mail", "deliver").out == "1 à réessayer plus tard. 1 message attend.\n"
    server.plan = welcoming
    with office.transaction() as session:
        session.execute(update(Message).values(due_at=clock()))

    answer = run("mail", "deliver", "--json")

    assert answer.code == 4
    assert (answer.json["sent"], answer.json["maybe_double"]) == (1, 1)
    (trouble,) = answer.json["troubles"]
    assert (trouble["message"], trouble["state"]) == (message_id, "sent")
    assert "peut-être deux fois" in answer.err


def test_a_server_that_is_away_is_exit_5(
    run: Terminal, office: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost, no attempt used up; programs are told how much waits."""
    queue(office, ZOE, now=clock())
    point_to(monkeypatch, free_port())

    answer = run("mail", "deliver", "--json")

    assert answer.code == 5
    assert (answer.json["stopped"], answer.json["sent"], answer.json["waiting"]) == (True, 0, 1)
    assert "il ne répond pas" in answer.err
    assert "Aucun message n'est perdu" in answer.err
    assert [one.attempts for one in all_messages(office)] == [0]


def test_what_left_before_the_server_went_away_is_told(
    run: Terminal, office: Services, server: MailServer
) -> None:
    """The result first, for people and programs, then exit 5 with the sentence."""
    for n in range(4):
        queue(office, f"p{n}@exemple.fr", now=clock())
    served = iter([None])

    def going(step: str, _to: str) -> str | None:
        if step == "mail":
            return next(served, DROP)
        return DROP if step == "connect" and server.taken else None

    server.plan = going
    answer = run("mail", "deliver", "--json")

    assert answer.code == 5
    assert (answer.json["sent"], answer.json["waiting"]) == (1, 3)
    assert answer.json["stopped"]
    assert answer.err.index("1 message envoyé. 3 messages attendent.") < answer.err.index(
        "il ne répond pas"
    )


def test_a_message_whose_key_is_missing_is_exit_5(
    run: Terminal, office: Services, environment: Path, server: MailServer
) -> None:
    """The key file is named, and that nothing is lost."""
    queue(office, ZOE, now=clock())
    with office.transaction() as session:
        session.execute(update(Message).values(sealed=b"k2:of another key"))

    answer = run("mail", "deliver")

    assert (answer.code, answer.out) == (5, "Aucun envoi. 1 message attend.\n")
    assert str(environment / "office" / "db.sqlite.key") in answer.err
    assert "Aucun n'est perdu" in answer.err
    assert "sa clé manque" in run("mail", "deliver", "--dry-run").err


def test_a_second_run_says_so_and_leaves(
    run: Terminal, office: Services, server: MailServer
) -> None:
    """Exit 0: cron must not cry because a run is long."""
    queue(office, ZOE, now=clock())

    with office.lock(MAIL_LOCK):
        answer = run("mail", "deliver", "--json")

    assert answer.code == 0
    assert (answer.json["busy"], answer.json["sent"]) == (True, 0)
    assert "Un autre envoi est en cours" in answer.err
    assert server.recipients() == []


def test_a_dry_run_tells_what_would_leave(
    run: Terminal, office: Services, server: MailServer
) -> None:
    """Nothing is sent; a trouble to come is told."""
    queue(office, ZOE, now=clock())
    queue(office, ZOE, now=clock(), not_after=clock())

    answer = run("mail", "deliver", "--dry-run", "--json")

    assert answer.code == 0
    assert (answer.json["to_send"], answer.json["waiting"]) == (1, 2)
    assert "il ne partirait pas" in answer.err
    assert server.connections == 0
    assert run("mail", "deliver", "--dry-run").out.startswith("Essai : rien n'a été envoyé")


def test_the_list_shows_no_address_unless_asked(
    run: Terminal, office: Services, guardian: int
) -> None:
    """And never what a message says."""
    queue_letter(office, guardian, ZOE, now=clock())

    plain = run("mail", "list")
    assert plain.code == 0
    assert "nadia.moreau" in plain.out
    assert "en attente" in plain.out
    assert ZOE not in plain.all
    shown = run("mail", "list", "--addresses")
    assert ZOE in shown.out
    assert PASSWORD not in plain.all + shown.all
    (told,) = run("mail", "list", "--addresses", "--json").json["messages"]
    assert told["to"] == ZOE
    assert "to" not in run("mail", "list", "--json").json["messages"][0]


def test_an_empty_outbox_is_told(run: Terminal, office: Services) -> None:
    """Good news has words too."""
    assert run("mail", "list").out == "Aucun message n'attend, aucun n'est en échec.\n"
    assert run("mail", "list", "--json").json == {
        "messages": [], "waiting": 0, "failed": 0, "maybe_double": 0,
    }  # fmt: skip
    queue(office, ZOE, now=clock())
    assert run("mail", "list", "--failed").out == "Aucun message n'est en échec.\n"


def test_postgresql_needs_a_server_or_a_folder(
    run: Terminal, postgres_socket: str, environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no "beside"; the setting is named."""
    from tests.support.postgres import new_database

    monkeypatch.setenv("EDUCONNECT_DATABASE_URL", new_database(postgres_socket))
    monkeypatch.setenv("EDUCONNECT_SECRET_KEY_FILE", str(environment / "key"))
    assert run("init").code == 0

    for command in (
        ["mail", "deliver"],
        ["letters", "resend", "zoe.durand", "--email", "--reason", "perdu", "--yes"],
        ["letters", "remind", "--school", CHARLEMAGNE],
    ):
        answer = run(*command)

        assert (answer.code, answer.out) == (2, "")
        assert "EDUCONNECT_MAIL_FOLDER" in answer.err


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"SMTP_SECURITY": "none", "SMTP_HOST": "mail.exemple.fr"}, "SMTP_SECURITY"),
        ({"SMTP_SECURITY": "ssl"}, "SMTP_SECURITY"),
        ({"MAIL_FROM": ""}, "MAIL_FROM"),
        ({"MAIL_FROM": "s3cret"}, "MAIL_FROM"),
        ({"SMTP_USER": "s3cret"}, "SMTP_PASSWORD_FILE"),
        ({"SMTP_PASSWORD_FILE": "s3cret"}, "SMTP_PASSWORD_FILE"),
        ({"SMTP_PORT": "0"}, "SMTP_PORT"),
        ({"SMTP_HOST": "smtp://s3cret"}, "SMTP_HOST"),
        ({"MAIL_REPLY_TO": "a b@exemple.fr"}, "MAIL_REPLY_TO"),
        ({"MAIL_REPLY_TO": "s3cret@ac-exemple..fr"}, "MAIL_REPLY_TO"),
        ({"MAIL_FROM": "s3cret@ac-exemple..fr"}, "MAIL_FROM"),
        ({"MAIL_FROM": "s3cret,b@exemple.fr"}, "MAIL_FROM"),
    ],
)
@pytest.mark.usefixtures("office", "server")
def test_settings_that_would_betray_or_fail_are_refused(
    run: Terminal, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], name: str
) -> None:
    """In clear to another machine, no sender, half of a login: exit 2, named, not quoted."""
    for variable, value in changes.items():
        monkeypatch.setenv(f"EDUCONNECT_{variable}", value)

    answer = run("mail", "deliver")

    assert (answer.code, answer.out) == (2, "")
    assert f"EDUCONNECT_{name}" in answer.err
    assert "s3cret" not in answer.err


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "127.9.9.9"])
def test_to_this_very_machine_clear_is_clear_enough(host: str) -> None:
    """Nothing leaves it."""
    settings = Settings(smtp_host=host, smtp_security="none", mail_from=SENDER.address)

    assert settings.smtp_host == host


def test_what_bounced_is_marked_for_the_desk(
    run: Terminal, office: Services, guardian: int, server: MailServer
) -> None:
    """`accounts explain` and the audit tell of it."""
    with office.transaction() as session:
        account = session.get_one(Account, session.get_one(Guardian, guardian).account_id)
        account.email = ZOE
        account_id = account.id
    queue(office, ZOE, now=clock(), account_id=account_id)
    server.plan = lambda step, _: "550 5.1.1 no" if step == "rcpt" else None

    run("mail", "deliver")

    with office.reading() as session:
        assert session.get_one(Account, account_id).email_bounced_at is not None


@pytest.mark.parametrize("why", Why)
def test_every_trouble_of_a_server_has_words(why: Why) -> None:
    """And says that nothing is lost."""
    sentence, code = explain(MailUnavailable("smtp.exemple.fr", why))

    assert code == 5
    assert f" : {why}. " not in sentence
    assert "Aucun message n'est perdu" in sentence


def test_every_reason_has_words() -> None:
    """Whatever code a message can end with."""
    modules = (prepare_message, gateways_mail)
    codes = {
        value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }

    assert len(codes) >= 10
    assert {code for code in codes if reason_words(code) == "raison inconnue"} == set()
    assert (
        reason_words("smtp.450.4.2.0") == "le serveur de messagerie demande d'attendre (450 4.2.0)"
    )
    assert "ne connaît pas cette adresse" in reason_words("smtp.550.5.1.1")
    for sender in ("smtp.550.5.1.7", "smtp.550.5.1.8"):
        assert "refuse l'expéditeur EDUCONNECT_MAIL_FROM" in reason_words(sender)
    assert reason_words("smtp.554") == "le serveur de messagerie refuse ce message (554)"


@pytest.mark.parametrize(
    "why",
    [
        value
        for module in (mail_templates, press)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    ],
)
def test_every_fault_of_a_template_has_words(why: str) -> None:
    """With the file, and what to do."""
    sentence, _ = explain(BadMailTemplate("letter/text.j2", why, line=3))

    assert "letter/text.j2" in sentence
    assert f" : {why}. " not in sentence
