"""What other programs rely on: exit codes, one JSON object, French, silence where promised."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin import __version__
from educonnect_admin.edge import Services
from tests.cli.running import ENGLISH, Node, Terminal, leaves, tree
from tests.support.house import ROOT
from tests.support.households import CHARLEMAGNE
from tests.support.manifests import school_line, write_campaign

ISSUE = ("letters", "issue", "--school", CHARLEMAGNE, "--output")


def assert_french(said: str) -> None:
    """Nothing of the library's own words is left."""
    assert [word for word in ENGLISH if word in said] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--nope"], "L'option --nope n'existe pas."),
        (["nope"], "La commande «nope» n'existe pas."),
        (["letters", "isue"], "La commande «isue» n'existe pas. Peut-être : "),
        (["letters", "issue"], "Il manque l'option --school."),
        (["letters", "issue", "--school"], "L'option --school attend une valeur."),
        ([*ISSUE], "L'option --output attend une valeur."),
        ([*ISSUE, "x", "--who", "bad"], "--who : «bad» n'est pas possible ici ; choix : new, exp"),
        ([*ISSUE, "x", "trop"], "Argument en trop : trop."),
        ([*ISSUE, "x", "trop", "plus"], "Argument en trop : trop plus."),
        ([*ISSUE, "x", "--dry-rum"], "L'option --dry-rum n'existe pas. Peut-être : --dry-run ?"),
        (["letters", "preview"], "Il manque un argument : FICHIER.pdf."),
        (["letters", "check-templates", "absent"], "«absent» n'existe pas"),
        (["audit", "activations", "--by", "zz"], "--by : «zz» n'est pas possible ici"),
        (["init", "--json=3"], "L'option --json ne prend pas de valeur."),
        (["roster", "import-all", "x", "--accept-moves"], "attend une école : son numéro UAI"),
        (["roster", "import-all", "x", "--accept-moves", "--json"], "«--json» n'est ni un numéro"),
        (["--database"], "L'option --database attend une valeur."),
    ],
)
def test_what_was_mistyped_is_told_in_french(
    run: Terminal, arguments: list[str], words: str
) -> None:
    """A usage error exits 2 with one French sentence on standard error."""
    answer = run(*arguments)

    assert (answer.code, answer.out) == (2, "")
    assert words in answer.err
    assert answer.err.count("\n") == 1
    assert_french(answer.err)


@pytest.mark.parametrize("node", leaves(), ids=lambda node: " ".join(node.path))
def test_every_command_refuses_what_it_does_not_know(run: Terminal, node: Node) -> None:
    """Whatever the command: an unknown option, an argument too many."""
    answers = [run(*node.path, "--inconnue")]
    if not node.takes_any_number:
        answers.append(run(*node.path, *["de trop"] * 9))

    for answer in answers:
        assert (answer.code, answer.out) == (2, "")
        assert_french(answer.err)


@pytest.mark.parametrize("path", [("letters",), ("audit",), ("accounts",), ("database",), ()])
def test_a_group_alone_shows_its_commands(run: Terminal, path: tuple[str, ...]) -> None:
    """Who types no command wants to know which there are."""
    answer = run(*path)

    assert "Commandes :" in answer.all
    assert_french(answer.all)


@pytest.mark.parametrize("node", tree(), ids=lambda node: " ".join(node.path))
def test_every_help_is_french(run: Terminal, node: Node) -> None:
    """`--help` exits 0 on standard output and names itself and its options in French."""
    answer = run(*node.path, "--help")

    assert (answer.code, answer.err) == (0, "")
    assert "Afficher cette aide." in answer.out
    assert_french(answer.out)


def test_the_marks_of_options_are_french_too(run: Terminal) -> None:
    """In a pipe as on a terminal: «[obligatoire]», «[défaut : new]»."""
    said = run("letters", "issue", "--help").out

    assert "[obligatoire]" in said
    assert "[défaut : new]" in said
    assert_french(said)


def test_the_version(run: Terminal) -> None:
    """`--version` gives one line, name and number."""
    answer = run("--version")

    assert (answer.code, answer.out, answer.err) == (0, f"educonnect-admin {__version__}\n", "")


def test_without_a_database_nothing_works(run: Terminal, environment: Path) -> None:
    """Exit 5, the command that makes one, and none made in passing."""
    answer = run("audit", "activations")

    assert (answer.code, answer.out) == (5, "")
    assert "educonnect-admin init" in answer.err
    assert not (environment / "office").exists()


def test_without_its_key_an_office_stays_shut(run: Terminal, office: Services) -> None:
    """Exit 5, for `init` too: a second key would lose every password."""
    office.keyring.path.unlink()

    for command in (["audit", "activations"], ["init"], ["letters", "recover"]):
        answer = run(*command)
        assert (answer.code, answer.out) == (5, "")
        assert str(office.keyring.path) in answer.err
    assert not office.keyring.path.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EDUCONNECT_WORKERS", "beaucoup-s3cret"),
        ("EDUCONNECT_HASHING", "s3cret"),
        ("EDUCONNECT_PORTAL_URL", "ftp://s3cret"),
        ("EDUCONNECT_OPERATOR", "s3cret" * 30),
    ],
)
def test_a_bad_setting_is_named_but_never_quoted(
    run: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Exit 2; the value of a variable may be a password."""
    monkeypatch.setenv(name, value)

    answer = run("audit", "activations")

    assert (answer.code, answer.out) == (2, "")
    assert name in answer.err
    assert "s3cret" not in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("mysql://alice:s3cret@h/x", 2),
        ("postgresql://alice:s3cret@127.0.0.1:1/office", 5),
        ("sqlite://", 2),
    ],
)
def test_the_address_of_a_database_is_never_quoted(
    run: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, code: int
) -> None:
    """What can't be used exits 2, what does not answer 5, and no password shows."""
    monkeypatch.setenv("EDUCONNECT_SECRET_KEY_FILE", str(tmp_path / "k"))

    answer = run("--database", address, "audit", "activations")

    assert (answer.code, answer.out) == (code, "")
    assert "s3cret" not in answer.err
    assert answer.err.count("\n") == 1


def test_a_file_that_is_no_database_is_told_so(run: Terminal, tmp_path: Path) -> None:
    """Exit 5: the wrong file was named, or the disk has damaged it."""
    (tmp_path / "letter.doc").write_bytes(b"PK\x03\x04" * 100)

    answer = run("--database", "letter.doc", "audit", "activations")

    assert answer.code == 5


def test_the_errors_of_the_system_are_french_too(run: Terminal, tmp_path: Path) -> None:
    """A disk that refuses exits 5 and says which folder."""
    (tmp_path / "file").write_text("x", encoding="utf-8")

    answer = run("letters", "preview", "file/out.pdf")

    assert answer.code == 5
    assert str(tmp_path / "file") in answer.err


@pytest.mark.parametrize(("typed", "letter"), [("0140070B", "A"), ("0752387A", "M")])
def test_a_wrong_school_number_shows_its_letter(
    run: Terminal, office: Services, typed: str, letter: str
) -> None:
    """Exit 3: the seven digits call for a letter, which is told."""
    answer = run("accounts", "generate", "--school", typed)

    assert (answer.code, answer.out) == (3, "")
    assert f"«{typed}» n'est pas un numéro UAI" in answer.err
    assert f"devrait être {letter}." in answer.err


def test_an_unknown_school_or_class_is_refused(run: Terminal, office: Services) -> None:
    """Exit 3; the classes that exist are listed, to be copied."""
    school = run("accounts", "generate", "--school", "0752387M")
    room = run("accounts", "generate", "--school", CHARLEMAGNE, "--class", "CP Z")

    assert (school.code, room.code) == (3, 3)
    assert "schools add 0752387M" in school.err
    assert "«CE1»" in room.err
    assert "«CM2»" in room.err


def test_a_bug_of_ours_says_where_and_no_more(
    run: Terminal, office: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 1, one French line without traceback: the message could quote a person."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Céline DURAND, née le 4 mars")

    monkeypatch.setattr("educonnect_admin.office.audit_activations.audit_activations", broken)
    answer = run("audit", "activations", "--json")

    (last,) = [line for line in answer.err.splitlines() if "ATTENTION" not in line]
    assert (answer.code, answer.out) == (1, "")
    assert last.startswith("Erreur interne (RuntimeError, test_promises.py:")
    assert "DURAND" not in answer.err
    assert "Traceback" not in answer.err


def test_ctrl_c_has_its_own_code(
    run: Terminal, office: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 130, without a traceback."""
    stop_the_audit(monkeypatch)

    answer = run("audit", "activations")

    assert (answer.code, answer.out) == (130, "")
    assert_french(answer.err)


def test_ctrl_c_says_what_was_kept(
    run: Terminal, office: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence that failures.py holds for it is heard."""
    stop_the_audit(monkeypatch)

    assert "Interrompu." in run("audit", "activations").err


def stop_the_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make one command end as if somebody had pressed Ctrl-C in the middle."""

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("educonnect_admin.office.audit_activations.audit_activations", stopped)


@pytest.mark.parametrize("arguments", [["--help"], ["audit", "activations"]])
def test_a_reader_that_goes_away_is_no_failure(office: Services, arguments: list[str]) -> None:
    """`educonnect-admin … | head` ends quietly, whatever was left to say."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "educonnect_admin", *arguments],
        stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)

    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "ATTENTION" not in line] == []


def test_quiet_keeps_errors_and_results(run: Terminal, office: Services) -> None:
    """`--quiet` drops what is said in passing; a result for a program still comes."""
    assert run("--quiet", "audit", "activations", "--json").json["accounts"] == 0
    quiet = run("-q", "accounts", "generate", "--school", CHARLEMAGNE)
    wrong = run("-q", "accounts", "generate", "--school", "0752387M")

    assert (quiet.code, quiet.out) == (0, "")
    assert wrong.code == 3
    assert "0752387M" in wrong.err


SAMPLES = ROOT / "data" / "samples"
PUPILS, GUARDIANS = (
    str(SAMPLES / "ecole-charlemagne" / f"CSVExtraction-{whom}.csv")
    for whom in ("eleves", "responsables")
)
HOLDER = "celine.dupont"
WHY = ("--reason", "vu avec la famille")
LIVRET = ("livret", "Livret Scolaire", "https://livret.example.fr/", "--levels", "CP..3e")
JSON = {
    ("init",): (),
    ("database", "upgrade"): (),
    ("database", "check"): (),
    ("database", "backup"): ("nuit.edu",),
    ("database", "restore"): ("nuit.edu",),
    ("database", "recount"): (),
    ("schools", "add"): ("0752387M", "Collège Marie Curie"),
    ("schools", "import"): (str(SAMPLES / "ecoles.csv"),),
    ("operators", "list"): (),
    ("operators", "add"): ("dora", "--role", "director", "--school", CHARLEMAGNE),
    ("operators", "remove"): ("dora", *WHY),
    ("schools", "list"): (),
    ("roster", "read"): (PUPILS, GUARDIANS),
    ("roster", "columns"): (PUPILS, GUARDIANS),
    ("roster", "import"): (PUPILS, GUARDIANS, "--school", CHARLEMAGNE, "--accept-departures"),
    ("roster", "import-all"): ("rentree", "--accept-departures", CHARLEMAGNE),
    ("roster", "plan"): (GUARDIANS, "--school", CHARLEMAGNE, "--output", "rentree.plan"),
    ("roster", "apply"): ("rentree.plan",),
    ("roster", "template"): ("modele.xlsx",),
    ("roster", "review"): (),
    ("roster", "review", "resolve"): ("1", "--none", *WHY),
    ("accounts", "generate"): ("--school", CHARLEMAGNE),
    ("accounts", "find"): ("dupond",),
    ("accounts", "show"): (HOLDER,),
    ("accounts", "explain"): (HOLDER,),
    ("accounts", "close-leavers"): (),
    ("accounts", "unlock"): (HOLDER, *WHY),
    ("accounts", "close"): (HOLDER, *WHY),
    ("accounts", "reopen"): (HOLDER, *WHY),
    ("accounts", "regroup"): (HOLDER, "jean.dupont", "--yes", *WHY),
    ("accounts", "undo-regroup"): ("jean.dupont", *WHY),
    ("pupils", "find"): ("enzo",),
    ("pupils", "show"): ("1",),
    ("pupils", "correct-birth-date"): ("1", "03/04/2020", *WHY),
    ("guardians", "correct"): ("1", "--email", "celine@example.fr", *WHY),
    ("letters", "issue"): ("--school", CHARLEMAGNE, "--output", "out"),
    ("letters", "campaign"): ("--academy", "70", "--output", "nuit-2"),
    ("letters", "resend"): (HOLDER, *WHY, "--output", "out"),
    ("letters", "list"): (),
    ("letters", "expire"): (),
    ("letters", "remind"): ("--school", CHARLEMAGNE),
    ("letters", "recover"): (),
    ("letters", "check-templates"): (),
    ("letters", "preview"): ("specimen.pdf",),
    ("letters", "verify-manifest"): ("nuit",),
    ("letters", "shred"): ("out",),
    ("mail", "deliver"): (),
    ("mail", "list"): (),
    ("data", "export"): ("--guardian", "1"),
    ("data", "purge"): (),
    ("audit", "activations"): (),
    ("audit", "trail"): (),
    ("services", "list"): (),
    ("services", "add"): LIVRET,
    ("services", "remove"): ("livret", *WHY),
    ("keys", "list"): (),
    ("keys", "rotate"): WHY,
    ("keys", "retire"): WHY,
}
"""How to call each command that reports something."""
BEFORE: dict[tuple[str, ...], list[tuple[str, str]]] = {
    ("accounts", "reopen"): [("accounts", "close")],
    ("accounts", "undo-regroup"): [("accounts", "generate"), ("accounts", "regroup")],
    ("letters", "shred"): [("letters", "issue")],
    ("operators", "remove"): [("operators", "add")],
    ("roster", "apply"): [("roster", "plan")],
    ("roster", "review", "resolve"): [("roster", "import")],
    ("services", "remove"): [("services", "add")],
}
"""What must be done before, so that there is something to undo."""


def test_every_command_that_reports_is_tried() -> None:
    """None with `--json` is missing from the table above."""
    assert set(JSON) == {node.path for node in leaves() if "--json" in node.takes}


def prepare(run: Terminal, path: tuple[str, ...]) -> None:
    """Lay out what a command finds before it."""
    if path == ("letters", "verify-manifest"):
        write_campaign(Path("nuit"), [school_line()])
    if path == ("database", "restore"):
        assert run("database", "backup", "nuit.edu").code == 0
        for part in Path("office").glob("db.sqlite*"):
            if part.suffix != ".key" and part.is_file():
                part.rename(f"former{part.suffix}")
    if path == ("roster", "import-all"):
        shutil.copytree(Path(PUPILS).parent, Path("rentree") / CHARLEMAGNE)
    if HOLDER in JSON[path]:
        assert run("accounts", "generate", "--school", CHARLEMAGNE).code == 0


@pytest.mark.parametrize("path", JSON, ids=" ".join)
def test_json_is_one_object_and_nothing_else(
    run: Terminal, office: Services, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard output is for the program, everything for people goes to standard error."""
    if path[0] == "operators":
        monkeypatch.delenv("EDUCONNECT_OPERATOR")  # once there is one, `alice` is nobody
    prepare(run, path)
    for earlier in BEFORE.get(path, ()):
        assert run(*earlier, *JSON[earlier]).code == 0

    answer = run(*path, *JSON[path], "--json")

    assert answer.code == 0
    assert answer.json


def test_what_a_person_reads_stays_off_the_json_output(run: Terminal, office: Services) -> None:
    """With `--json` the same sentences come on standard error."""
    without = run("letters", "recover")
    with_json = run("letters", "recover", "--json")

    assert "Rien à reprendre" in without.out
    assert "Rien à reprendre" in with_json.err
    assert "Rien" not in with_json.out


def test_a_pipe_of_another_encoding_loses_a_sign_not_the_work(office: Services) -> None:
    """On Windows a pipe is cp1252, which has neither `→` nor `ễ`: still no bug of ours."""
    done = subprocess.run(
        [sys.executable, "-m", "educonnect_admin", "roster", "read", PUPILS],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"}, capture_output=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0


@pytest.mark.parametrize("name", ["EDUCONNECT_SECRET_KEY_FILE", "EDUCONNECT_TEMPLATES_DIR"])
def test_an_empty_path_means_none(
    run: Terminal, office: Services, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A unit file that sets a variable to nothing leaves the default in force."""
    monkeypatch.setenv(name, "")

    assert run("audit", "activations").code == 0
    assert run("letters", "check-templates").code == 0


def test_python_m_is_the_same_program(office: Services) -> None:
    """`python -m educonnect_admin` answers as the script does."""
    done = subprocess.run(
        [sys.executable, "-m", "educonnect_admin", "--version"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, f"educonnect-admin {__version__}\n")


def test_the_options_before_the_command_come_first(
    run: Terminal, office: Services, tmp_path: Path
) -> None:
    """`--database` and `--operator` win over the environment; the trail tells the operator."""
    other = tmp_path / "other.sqlite"

    made = run("--database", str(other), "--operator", "bob", "init", "--json")

    assert made.json["database"] == f"sqlite:///{other}"
    assert made.json["key_file"] == f"{other}.key"
    with office.reading() as session:
        told = session.scalars(text("SELECT operator FROM trail_entries")).all()
        assert set(told) == {"alice"}
