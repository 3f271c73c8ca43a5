"""Every refusal has words and a code, every command its help, and both are in the documents."""

import errno
import pickle
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from typing import Any

import pytest

from educonnect_admin.cli import exit_codes, failures
from educonnect_admin.cli.letter_words import problem_sentence, template_sentence
from educonnect_admin.cli.refusals import WORDS
from educonnect_admin.domain import (
    backup_errors,
    campaign_errors,
    desk_errors,
    errors,
    file_errors,
    key_errors,
    mail_errors,
    manifest_errors,
    operator_errors,
    passphrase_errors,
    portal_errors,
)
from educonnect_admin.letters import guard
from educonnect_admin.settings import Settings
from tests.cli.running import ENGLISH, Node, leaves, tree
from tests.support.house import ROOT

DOCS = ROOT / "docs"

ARGUMENTS: dict[type[errors.EduConnectError], tuple[Any, ...]] = {
    errors.InvalidUAI: ("0140070B", "A"),
    errors.UnknownSchool: ("0140070A",),
    errors.UnknownClass: ("0140070A", "CP Z", ("CP A", "CE1")),
    errors.UnknownTimeZone: ("Mars/Olympus",),
    errors.NoDatabase: (),
    errors.OutdatedDatabase: ("0001", "0002"),
    errors.DatabaseUnavailable: (),
    errors.MissingKeyFile: (Path("office.key"),),
    errors.DamagedKeyFile: (Path("office.key"),),
    errors.WrongKey: (Path("office.key"),),
    errors.UnreadableFile: (Path("eleves.csv"), "empty"),
    errors.UnusableColumns: (Path("0599901S.toml"),),
    errors.NothingAccepted: (12,),
    errors.MassDeparture: (40, 110, "0752387M"),
    errors.MassUnlinking: (40, 110),
    errors.MassMove: (40, 50, "0752387M"),
    errors.FileOfAnotherSchool: (Path("eleves.xml"), "0752387M", "0140070A"),
    errors.BadPlan: (Path("rentree.plan"), "changed"),
    errors.PlanOutdated: ("0140070A",),
    errors.AlreadyRunning: ("0140070A",),
    errors.UnwritableFolder: (Path("courriers"), ""),
    errors.FileExists: (Path("lot-1.pdf"),),
    errors.BadTemplate: ("activation/title.j2", guard.SYNTAX),
    errors.TextOverflow: ("title",),
    errors.MissingGlyph: ("children", "漢"),
    errors.UnknownAcademy: ("99",),
    errors.BadSetting: (("EDUCONNECT_WORKERS",),),
    errors.BadDatabaseAddress: (),
    backup_errors.DamagedBackup: (Path("nuit.edu"), backup_errors.BackupDamage.CUT),
    backup_errors.WrongPassphrase: (Path("nuit.edu"),),
    backup_errors.BackupOfAnotherKey: (Path("office.key"),),
    backup_errors.BackupOfAnotherKind: (Path("nuit.edu"), "sqlite"),
    backup_errors.PlaceNotEmpty: (),
    backup_errors.BackupRunning: (),
    backup_errors.RestoreRunning: (),
    errors.KeyFileNotSet: (),
    desk_errors.UnknownAccount: ("m.durand",),
    desk_errors.UnknownPupil: ("12",),
    desk_errors.AmbiguousPupil: ("0123456789A", (12, 13)),
    desk_errors.UnknownGuardian: (12,),
    desk_errors.AccountEnded: ("m.durand", "regrouped", "m.durand1"),
    desk_errors.AlreadyActive: ("m.durand",),
    desk_errors.NoEnrolledChild: ("m.durand",),
    desk_errors.NoAddress: ("m.durand",),
    desk_errors.AccountChanged: ("m.durand",),
    desk_errors.ReasonTooLong: (500,),
    desk_errors.AccountNotClosed: ("m.durand", "active"),
    desk_errors.SameAccount: ("m.durand",),
    desk_errors.DifferentPeople: ("m.durand", "m.durand1", ("given_name", "same_school")),
    desk_errors.NotRegrouped: ("m.durand",),
    desk_errors.UndoLaterFirst: ("m.durand", "m.durand1"),
    desk_errors.BadBirthDate: ("two_digit_year",),
    desk_errors.BadContact: ("mobile",),
    desk_errors.NothingToCorrect: (),
    desk_errors.ContradictoryOptions: ("--email", "--no-email"),
    desk_errors.UnknownService: ("livret",),
    desk_errors.BadService: ("url",),
    desk_errors.UnknownQuestion: (12,),
    desk_errors.QuestionAnswered: (12, "two_people"),
    desk_errors.AnswerDoesNotFit: (12, "merge_proposal"),
    desk_errors.NoAnswer: (),
    desk_errors.NotAPupilHere: (12, 34),
    desk_errors.NotARecordHere: (12, 34),
    desk_errors.ContradictsAnswers: (12, 7),
    desk_errors.NothingToTakeBack: (12, "linked"),
    desk_errors.KeepsNeither: (12, "m.durand", ("a.martin", "b.martin")),
    campaign_errors.NoSchools: ("70",),
    campaign_errors.NoRosters: (Path("rentree"),),
    campaign_errors.CampaignRunning: (Path("nuit"),),
    campaign_errors.NoSuchConsent: ("--accept-departures", "n'importe quoi"),
    campaign_errors.WorkerLost: ("0140070A", 4),
    campaign_errors.WorkersLost: (10,),
    campaign_errors.TaskFailed: ("StopIteration", "press.py:12"),
    campaign_errors.WrongOffice: ("calcul-3",),
    campaign_errors.WrongVersion: ("calcul-3", "0.1.0", "0.2.0"),
    campaign_errors.ClusterUnavailable: ("tcp://calcul:8786", "no_worker"),
    campaign_errors.DaskMissing: (),
    mail_errors.MailUnavailable: ("smtp.example", "refused"),
    mail_errors.SmsUnavailable: ("sms.example", "credit"),
    mail_errors.MailNotSet: (),
    mail_errors.MissingMessageKey: (Path("office.key"),),
    mail_errors.BadMailTemplate: ("letter/subject.j2", "syntax"),
    manifest_errors.BadManifest: (
        Path("courriers/manifeste.json"),
        manifest_errors.ManifestTrouble.DAMAGED,
    ),
    manifest_errors.NoManifest: (Path("courriers"),),
    key_errors.MissingKey: (Path("office.key"), "k2-9f3a1c"),
    key_errors.KeysBusy: (),
    key_errors.KeysNeeded: ({"links": 2, "recent": 1}, datetime(2026, 11, 26, tzinfo=UTC)),
    passphrase_errors.NoPassphrase: ("EDUCONNECT_BACKUP_PASSPHRASE_FILE",),
    passphrase_errors.UnusablePassphrase: ("short", 12, "EDUCONNECT_BACKUP_PASSPHRASE_FILE"),
    file_errors.SlipsLocked: (12, Path("courriers")),
    file_errors.NoSuchFolder: (Path("courriers"),),
    portal_errors.CannotListen: ("127.0.0.1", 8000, None),
    portal_errors.PortalFailed: (),
    portal_errors.DevelopmentRefused: ("host",),
    operator_errors.UnknownOperator: ("nadia",),
    operator_errors.NotYourRole: ("letters issue", "helpdesk", ("director", "rectorate")),
    operator_errors.OwnerOnly: (),
    operator_errors.HeldElsewhere: ("m.durand",),
    operator_errors.BeyondScope: (),
    operator_errors.BadOperator: ("scope",),
}
"""A plausible instance of each refusal."""

FRENCH = re.compile(
    r"\b(le|la|les|l'|un|une|des|du|de|d'|et|n'|est|pas|sur|cette)\b", re.IGNORECASE
)
ENDS_WITH_A_COMMAND = re.compile(r" : educonnect-admin [a-z-]+( \S.*)?$")


def _refusals(root: type[errors.EduConnectError] = errors.EduConnectError) -> Iterator[Any]:
    for child in root.__subclasses__():
        yield child
        yield from _refusals(child)


REFUSALS = sorted(set(_refusals()), key=lambda refusal: refusal.__name__)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_every_refusal_has_a_sentence_and_a_code(refusal: type[errors.EduConnectError]) -> None:
    """It can be told, in French, and ends the process with one of the published codes."""
    assert refusal in ARGUMENTS, "give this test a plausible instance"
    error = refusal(*ARGUMENTS[refusal])

    sentence, code = failures.explain(error)

    is_bug = refusal is campaign_errors.TaskFailed  # met in one school, so it is told as a refusal
    assert code in {exit_codes.USAGE, exit_codes.REFUSED, exit_codes.UNAVAILABLE} or is_bug
    assert sentence[0].isupper() or sentence[0] == "«" or isinstance(error, errors.BadTemplate)
    assert FRENCH.search(sentence)
    assert [word for word in ENGLISH if word in sentence] == []
    # A command to copy bears no full stop: it would be typed with it.
    assert sentence.endswith(".") or ENDS_WITH_A_COMMAND.search(sentence)
    assert "None" not in sentence


@pytest.mark.parametrize("refusal", ARGUMENTS, ids=lambda refusal: refusal.__name__)
def test_every_refusal_travels_between_processes(refusal: type[errors.EduConnectError]) -> None:
    """A worker's refusal arrives whole: the same sentence, the same code."""
    error = refusal(*ARGUMENTS[refusal])

    arrived = pickle.loads(pickle.dumps(error))

    assert type(arrived) is refusal
    assert failures.explain(arrived) == failures.explain(error)


def test_no_refusal_is_left_without_words() -> None:
    """The table and the tree of errors are the same set."""
    assert set(WORDS) == set(REFUSALS) == set(ARGUMENTS)


@pytest.mark.parametrize(
    "error",
    [
        errors.InvalidUAI("x", None),
        errors.UnknownClass("0140070A", "CP", ()),
        errors.OutdatedDatabase(None, "0002"),
        errors.UnwritableFolder(Path("x"), 28),
        errors.BadSetting(()),
        errors.BadTemplate("slip/title.j2", guard.UNKNOWN_VARIABLE, line=3, what="nom"),
    ],
)
def test_the_other_forms_of_a_sentence_are_whole_too(error: errors.EduConnectError) -> None:
    """What is not known leaves no hole in the sentence."""
    sentence, _ = failures.explain(error)

    assert "None" not in sentence
    assert "  " not in sentence
    assert "()" not in sentence


def _reasons() -> list[str]:
    names = [name for name in vars(guard) if name.isupper() and name not in {"DEPTH", "INCLUDES"}]
    return [value for name in names if isinstance(value := getattr(guard, name), str)]


@pytest.mark.parametrize("reason", _reasons())
def test_every_reason_of_a_bad_template_has_words(reason: str) -> None:
    """File, line, what is wrong, what to do."""
    sentence = template_sentence(errors.BadTemplate("a/b.j2", reason, line=7, what="x"))

    assert sentence.startswith("a/b.j2, ligne 7 : ")
    assert "(«x») ; " in sentence
    assert sentence.endswith(".")


def test_whatever_a_check_of_templates_meets_can_be_told() -> None:
    """Three kinds of problem, each with its place; anything else is a bug."""
    for error in (
        errors.BadTemplate("a.j2", guard.ENCODING),
        errors.TextOverflow("title"),
        errors.MissingGlyph("title", "漢"),
    ):
        assert problem_sentence(error).endswith(".")
    with pytest.raises(TypeError):
        problem_sentence(errors.NoDatabase())


# ---------------------------------------------------------------- help and documents


@pytest.mark.parametrize("node", tree(), ids=lambda node: " ".join(node.path) or "(root)")
def test_every_command_and_option_says_what_it_does(node: Node) -> None:
    """In French, a sentence for a command, something for each option and argument."""
    told = [node.command.help, *(one.help for one in node.command.params)]

    for text in told:
        assert text
        assert text[0].isupper() or ":" in text
        assert text.rstrip().endswith((".", ")"))
        assert [word for word in ENGLISH if word in text] == []
    assert FRENCH.search(" ".join(told))


def _section(node: Node) -> str:
    """Return what the documentation says under the heading of a command."""
    text = (DOCS / "commands.fr.md").read_text(encoding="utf-8")
    heading = f"### `educonnect-admin {' '.join(node.path)}`\n"
    assert text.count(heading) == 1, f"no section {heading!r} in docs/commands.fr.md"
    return re.split(r"\n##", text.partition(heading)[2])[0]


@pytest.mark.parametrize("node", leaves(), ids=lambda node: " ".join(node.path))
def test_every_command_is_documented(node: Node) -> None:
    """Its section names every option and argument, and what a program reads."""
    section = _section(node)

    missing = [option for option in node.takes if f"`{option}" not in section]
    arguments = [one for one in node.command.params if one.param_type_name == "argument"]
    missing += [
        str(one.metavar) for one in arguments if f"`{str(one.metavar).strip('[]')}" not in section
    ]
    assert missing == []
    if "--json" in node.takes:
        assert "JSON :" in section
    assert "Codes :" in section


def test_no_command_is_documented_that_is_not_there() -> None:
    """A document that promises more than the program is worse than none."""
    text = (DOCS / "commands.fr.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^### `educonnect-admin (.+)`$", text, re.MULTILINE))

    assert told == {" ".join(node.path) for node in leaves()}


def test_the_options_before_the_command_are_documented() -> None:
    """The four that stand first."""
    text = (DOCS / "commands.fr.md").read_text(encoding="utf-8")

    assert [option for option in tree()[0].takes if f"`{option}" not in text] == []


def test_every_setting_is_documented() -> None:
    """Each variable of the environment has its heading, and none is made up."""
    text = (DOCS / "settings.fr.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^## `(EDUCONNECT_[A-Z_]+)`$", text, re.MULTILINE))

    known = {f"EDUCONNECT_{name.upper()}" for name in Settings.model_fields}
    assert told == known | {"EDUCONNECT_TRACEBACK"}


def test_every_exit_code_is_documented() -> None:
    """The table has a row for each code, and one for each refusal with its code."""
    text = (DOCS / "exit-codes.md").read_text(encoding="utf-8")

    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert codes == {0, 1, 2, 3, 4, 5, 130}
    told = dict(re.findall(r"^\| `(\w+)` \| (\d) \|", text, re.MULTILINE))
    assert told == {refusal.__name__: str(words.exit_code) for refusal, words in WORDS.items()}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "Faites de la place"),
        (errno.ENOTDIR, "Un fichier porte ce nom"),
        (errno.EACCES, f"à la session «{getuser()}»"),
        (errno.EROFS, "où l'on peut écrire"),
        (None, "Choisissez un autre dossier."),
    ],
)
def test_a_disk_that_refuses_has_one_remedy_a_cause(number: int | None, words: str) -> None:
    """Room is asked for where there is none, and only there."""
    said, _ = failures.explain(errors.UnwritableFolder(Path("courriers"), number))
    assert words in said
    assert ("place" in said) is (number == errno.ENOSPC)
