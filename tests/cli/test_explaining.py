"""`accounts explain`: what the desk reads with a parent on the telephone."""

import re
import shlex
from datetime import date, timedelta
from pathlib import Path

import pytest

from educonnect_admin.cli.access_wording import Told, mail_error, told
from educonnect_admin.cli.access_words import ACCESS_WORDS
from educonnect_admin.cli.explaining import _page, typed
from educonnect_admin.domain.setbacks import TryKind
from educonnect_admin.domain.troubles import Fact, Finding, Trouble
from educonnect_admin.edge import Services
from educonnect_admin.office.explain_access import Explanation
from tests.cli.running import Terminal, leaves
from tests.conftest import NOW
from tests.office.explaining import CELINE, IDENTIFIERS, THI, Desk, befall, generate
from tests.support.house import ROOT
from tests.support.households import CHARLEMAGNE


@pytest.fixture
def desk(office: Services, tmp_path: Path) -> Desk:
    """The three families, each parent with an account."""
    generate(office)
    return Desk(office, tmp_path)


FACTS: dict[str, Fact] = {
    "since": NOW, "until": date(2027, 2, 23), "former_since": date(2026, 11, 1),
    "failures": 3, "pupil": 1, "pupils": [1], "guardians": [7], "letter": 4, "batch": 12,
    "number": "ABCDEFGHJKLM", "former_number": "NPQRSTUVWXYZ",
    "uai": CHARLEMAGNE, "attempts": 2, "error": "smtp.550.5.1.1", "next_try": NOW,
    "principal": "a.b", "dormant": ["c.d"], "others": ["c.d"], "last_login": NOW,
    "journey": "sms",
}  # fmt: skip


def words_of(desk: Desk, trouble: Trouble, facts: dict[str, Fact] | None = None) -> Told:
    """Return a reason in French, with every fact it may have."""
    finding = Finding(trouble, FACTS if facts is None else facts)
    return told(desk.why(), finding, ACCESS_WORDS[trouble])


KEY_WORDS = {
    Trouble.CLOSED: ("fermé", "rouvrez", "accounts reopen"),
    Trouble.CLOSED_WITHOUT_CHILD: ("faute d'enfant", "se rouvre", "accounts generate --school"),
    Trouble.REGROUPED: ("regroupé", "autre identifiant", "accounts undo-regroup"),
    Trouble.LOCKED: ("bloqué jusqu'au", "débloquez", "accounts unlock"),
    Trouble.BIRTH_DATE_LOCKED: ("fermée jusqu'au", "sans la lui lire", "pupils show 1"),
    Trouble.NO_CHILD: ("aucun enfant inscrit", "extraie", "roster import"),
    Trouble.NO_LEGAL_LINK: ("responsable légal", "corrige", "roster import"),
    Trouble.BIRTH_DATE_REFUSED: ("refusée 3 fois", "corrigez", "pupils correct-birth-date 1"),
    Trouble.MOBILE_REFUSED: ("mobile tapé", "comparez", "guardians correct 7 --mobile"),
    Trouble.HOMONYMS_REFUSED: ("plusieurs personnes", "mobile", "guardians correct 7 --mobile"),
    Trouble.LETTER_MAIL_FAILED: ("adresse refusée", "corrigez", "letters resend celine.dupont"),
    Trouble.LETTER_MAIL_RETRIED: ("2 essais", "Prochain essai", "mail deliver"),
    Trouble.LETTER_MAIL_WAITING: ("attend encore", "Lancez l'envoi", "mail deliver"),
    Trouble.LETTER_UNPUBLISHED: ("lot 12", "terminez-la", "letters recover"),
    Trouble.LETTER_VOID: ("s'est perdu", "nouveau", "letters resend celine.dupont"),
    Trouble.LETTER_WITHDRAWN: ("annulé", "nouveau", "letters resend celine.dupont"),
    Trouble.LETTER_EXPIRED: ("mardi 23 février 2027", "trois mois", "letters resend celine.dupont"),
    Trouble.LETTER_SUPERSEDED: (
        "remplacé",
        "ABCD-EFGH-JKLM est le bon",
        "letters resend celine.dupont",
    ),
    Trouble.NEVER_NOTIFIED: ("Aucun courrier", "Imprimez", "letters issue --school 0140070A"),
    Trouble.LETTER_LIVE: ("valable jusqu'au", "perdu", "letters resend celine.dupont"),
    Trouble.EMAIL_BOUNCES: ("refuse nos messages", "Lisez l'adresse", "letters resend"),
    Trouble.EMAIL_MISSING: ("n'en a aucune", "nouveau courrier", "letters resend"),
    Trouble.EMAIL_UNCONFIRMED: ("pas été confirmée", "renvoyer", "letters resend"),
    Trouble.EMAIL_CHANGE_PENDING: ("attend d'être confirmée", "Renvoyer", "accounts show"),
    Trouble.NO_CONFIRMED_EMAIL: ("par SMS", "nouveau courrier", "letters resend"),
    Trouble.ACTIVE: ("Rien ne s'y oppose", "identifiant", "accounts show"),
    Trouble.LETTER_USED: ("déjà servi", "qu'il a choisi", None),
    Trouble.WRONG_PASSWORDS: ("24 heures : 3", "ce qu'il tape", "accounts show"),
    Trouble.SECOND_ACCOUNT: ("c.d", "même nom", "accounts regroup a.b c.d"),
    Trouble.HOMONYMS: ("c.d", "courrier", "guardians correct 7 --mobile"),
    Trouble.SCHOOL_MOBILE_MISSING: ("aucun mobile", "Inscrivez", "guardians correct 7 --mobile"),
    Trouble.SCHOOL_EMAIL_MISSING: ("aucune adresse", "Inscrivez", "guardians correct 7 --email"),
}
"""For each reason a word of its sentence, one of its advice, the beginning of a command."""


@pytest.mark.parametrize("trouble", Trouble)
def test_every_reason_has_its_words_and_command(desk: Desk, trouble: Trouble) -> None:
    """The right advice, the right command, nothing left unfilled."""
    said = words_of(desk, trouble)
    sentence, advice, command = KEY_WORDS[trouble]

    assert sentence in said.sentence
    assert advice in said.advice
    assert command is None or any(
        one.startswith(f"educonnect-admin {command}") for one in said.commands
    )
    for text in (*said[:3], *said.commands):
        assert text
        assert "{" not in text
        assert "None" not in text


@pytest.mark.parametrize("trouble", Trouble)
def test_what_is_not_known_stops_no_reason(desk: Desk, trouble: Trouble) -> None:
    """Facts may be missing: rows of another day, a pupil who has left."""
    said = words_of(desk, trouble, {})

    assert "None" not in " ".join((said.sentence, *said.commands))


NODES = {node.path: node for node in leaves()}


@pytest.mark.parametrize("trouble", Trouble)
def test_every_command_told_can_be_typed(desk: Desk, trouble: Trouble) -> None:
    """It is in the tree, with these options, and carries whatever it cannot do without."""
    for command in words_of(desk, trouble).commands:
        words = shlex.split(command)
        assert words[0] == "educonnect-admin"
        node = NODES[tuple(words[1:3])]
        options = {word for word in words[3:] if word.startswith("--")}
        needed = {one.opts[0] for one in node.command.params if one.required and "-" in one.opts[0]}
        assert options <= node.takes
        assert needed <= options


def test_a_class_is_quoted_for_the_shell(desk: Desk) -> None:
    """`CP A` is one word; a label can't end the command and begin another."""
    why = desk.why("karim.moreau")
    child = why.children[0]
    facts = {name: getattr(child, name) for name in child.__dataclass_fields__}
    nasty = type(child)(**{**facts, "class_label": "CP'; rm -rf ~"})
    object.__setattr__(why, "children", (nasty,))

    (command, _) = told(
        why, Finding(Trouble.NEVER_NOTIFIED, {}), ACCESS_WORDS[Trouble.NEVER_NOTIFIED]
    ).commands

    assert shlex.split(command)[shlex.split(command).index("--class") + 1] == "CP'; rm -rf ~"


def test_without_a_child_no_letter_is_proposed(desk: Desk) -> None:
    """None could bring it home: `letters resend` would be refused."""
    desk.issue()
    why = desk.why(CELINE)
    assert [one for one in why_words(why) if "letters resend" in one]
    object.__setattr__(why, "children", ())

    assert not [one for one in why_words(why) if "letters resend" in one]


def test_without_an_address_no_letter_by_mail_is_proposed(desk: Desk) -> None:
    """Thị's school knows none: a command that would be refused is no help."""
    desk.issue()

    by_mail = [one for one in why_words(desk.why(CELINE)) if "--email " in one]
    assert by_mail == ["educonnect-admin letters resend celine.dupont --email --reason "
                       "'nouveau courrier'"]  # fmt: skip
    assert not [one for one in why_words(desk.why(THI)) if "--email --reason" in one]


def why_words(why: Explanation) -> tuple[str, ...]:
    """Return the commands of the main reason."""
    return told(why, why.main, ACCESS_WORDS[why.main.trouble]).commands


def test_the_page_says_who_why_what_to_do_and_what_to_say(run: Terminal, desk: Desk) -> None:
    """In this order, with the real school and class."""
    answer = run("accounts", "explain", " Celine.DUPONT")

    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == "Céline DUPONT · celine.dupont · non notifié"
    assert lines[1] == "Enfants : Léa DUPONT (CM2), Enzo DUPONT (CP A)"
    assert lines[3] == "Aucun courrier n'a encore été fait pour ce compte."
    assert lines[5] == "Que faire"
    assert "educonnect-admin letters issue --school 0140070A --class CM2 --output" in lines[7]
    assert "À dire au parent" in lines


def test_other_findings_are_short_lines(run: Terminal, desk: Desk) -> None:
    """What else the desk should know, each with its first command."""
    said = run("accounts", "explain", THI).out

    assert "À noter aussi\n  - L'école ne connaît aucun mobile" in said
    assert re.search(r"guardians correct \d+ --mobile NUMERO", said)


def test_the_answer_for_a_program(run: Terminal, desk: Desk) -> None:
    """The code, the French advice, the commands, every finding with its facts in ISO dates."""
    desk.fail(TryKind.LOG_IN, 10, until=NOW + timedelta(days=3650))

    said = run("accounts", "explain", CELINE, "--json").json

    assert (said["identifier"], said["state"]) == (CELINE, "not_notified")
    assert said["reason"] == "locked"
    assert said["commands"] == [
        "educonnect-admin accounts unlock celine.dupont --reason 'identité vérifiée'"
    ]
    assert "Vérifiez à qui vous parlez" in said["advice"]
    first, second = said["findings"]
    assert first["facts"] == {"until": "2036-11-20T17:30:00+00:00", "failures": 10}
    assert (second["reason"], bool(second["advice"])) == ("never_notified", True)


def test_an_unknown_identifier_leads_to_the_search(run: Terminal, desk: Desk) -> None:
    """Exit 3, and the command that finds people."""
    answer = run("accounts", "explain", "celine.dupond")

    assert (answer.code, answer.out) == (3, "")
    assert "accounts find" in answer.err


def test_no_birth_date_and_no_password_is_shown(run: Terminal, desk: Desk) -> None:
    """Whatever the trouble: the date is the parent's to say (R-66)."""
    desk.issue()
    desk.fail(TryKind.BIRTH_DATE, 10, until=NOW + timedelta(days=3650))

    said = run("accounts", "explain", CELINE).out + run("accounts", "explain", CELINE, "--json").out

    assert "birth_date_locked" in said
    assert "Léa DUPONT" in said
    for date_of_lea in ("2016-05-06", "06/05/2016", "6 mai 2016"):
        assert date_of_lea not in said


@pytest.mark.parametrize("columns", [40, 80, 100])
def test_long_commands_go_on_after_a_backslash(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """On a terminal what is copied is the same command; no line outgrows the screen."""
    command = "educonnect-admin letters resend celine.dupont --output courriers --reason 'un motif'"
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)

    lines = typed(command, "    ")

    assert shlex.split(" ".join(lines).replace("\\ ", " ")) == shlex.split(command)
    assert all(len(line) <= max(columns, 60) for line in lines)


def test_a_mail_that_failed_says_why_in_french(desk: Desk) -> None:
    """The words of a server are never kept; its numbers are told."""
    assert mail_error("smtp.550.5.1.1") == "adresse refusée, smtp.550.5.1.1"
    assert mail_error("smtp.421") == "serveur qui demande d'attendre, smtp.421"
    assert mail_error(None) == "sans réponse du serveur"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happened_there_is_a_reason_with_words(desk: Desk, seed: int) -> None:
    """Any population, any day: a page for each account, that begins with the main reason."""
    befall(desk, seed)

    for days in (0, 8, 95):
        for identifier in IDENTIFIERS:
            why = desk.why(identifier, days=days)
            reasons = [(one, told(why, one, ACCESS_WORDS[one.trouble])) for one in why.findings]
            assert f"\n{reasons[0][1].sentence}\n" in _page(why, reasons)


def test_the_table_of_the_guide_holds_every_reason_in_order() -> None:
    """`docs/explain.fr.md`: the codes of the enum, each with its meaning and what to do."""
    text = (ROOT / "docs" / "explain.fr.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", text, re.MULTILINE)

    assert [code for code, _, _ in rows] == [trouble.value for trouble in Trouble]
    assert all(meaning and advice for _, meaning, advice in rows)
