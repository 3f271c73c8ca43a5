"""Every command, in every role, within the scope and out of it, on both databases (R-65)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from educonnect_admin.cli.roles import ROLE_NAMES, ROLES, roles_in_words, roles_line
from educonnect_admin.domain.operators import Role
from educonnect_admin.domain.trail import HOLDER as PORTAL_SIGNS
from educonnect_admin.edge import Services
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.opening import open_office
from educonnect_admin.queries.schools import school_by_uai
from tests.cli.running import Answer, Terminal, leaves
from tests.cli.test_promises import HOLDER, JSON, SAMPLES, WHY
from tests.conftest import NOW
from tests.operators.conftest import TerminalOf, new_settings
from tests.support.house import ROOT
from tests.support.households import add_families, add_school
from tests.support.manifests import school_line, write_campaign
from tests.support.two_schools import HERE, OURS, SCOPED, TEAM, THEIRS, THERE, register_team

NOBODYS_SCHOOL = "0750001U"
FILES = tuple(
    str(SAMPLES / "ecole-charlemagne" / f"CSVExtraction-{whom}.csv")
    for whom in ("eleves", "responsables")
)
NEEDS_TERMINAL = {"guide"}
FOREVER = {"portal serve"}
ELSEWHERE = {"database restore"}
"""It opens no office: whoever owns an empty place may fill it."""
REFUSED = re.compile(r"n'est pas pour votre rôle|réservée au propriétaire")
BEYOND = "La base vous le refuse"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def bureau(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    """An office of two schools whose guardians have accounts, and its operators."""
    office = open_office(new_settings(request, tmp_path_factory.mktemp("bureau")), NOW)
    author = office.author(NOW)
    with office.transaction() as session:
        for uai, families in ((HERE, OURS), (THERE, THEIRS)):
            add_families(session, add_school(session, uai, f"École {uai}", author=author), families)
            school = school_by_uai(session, uai)
            digest = office.keyring.stem_digest
            generate_accounts(session, school, stem_digest=digest, author=author)
    register_team(office)
    yield office
    office.close()


@pytest.fixture
def run(
    bureau: Services,
    terminal_of: TerminalOf,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Terminal:
    """A terminal whose environment names the office; who acts is said by each command."""
    monkeypatch.chdir(tmp_path)
    write_campaign(Path("nuit"), [school_line()])
    Path("rentree", HERE).mkdir(parents=True)
    for file in FILES:
        Path("rentree", HERE, Path(file).name).write_bytes(Path(file).read_bytes())
    return terminal_of(bureau)


def as_operator(run: Terminal, bureau: Services, name: str, *arguments: str) -> Answer:
    """Run a command as an operator: on PostgreSQL by a login of his own."""
    url = bureau.engine.url
    if url.get_backend_name() != "postgresql":
        return run("--operator", name, *arguments)
    own = url.set(drivername="postgresql", username=name).render_as_string(hide_password=False)
    return run("--database", own, *arguments)


def call(command: str) -> tuple[str, ...]:
    """Return how a line of the table is called, on the school of the operators."""
    words, _, option = command.partition(" --")
    path = tuple(words.split())
    if command in FOREVER:
        return (*path, "--port", "8123")
    if command == "letters resend":
        return (*path, HOLDER, *WHY, "--email")
    given = {"output": (), "addresses": ("--addresses",), "verify": ("--verify",), "": ()}[option]
    return (*path, *JSON[path], *given)


def test_every_command_has_one_line_of_roles() -> None:
    """None is missing, none is left over; the codes are those of the roles there are."""
    assert {line for line in ROLES if " --" not in line} == {" ".join(n.path) for n in leaves()}
    assert list(ROLE_NAMES) == [str(role) for role in Role]


def test_every_help_says_which_role_it_needs(run: Terminal, bureau: Services) -> None:
    """At its end, in the words of the table in the documents."""
    for node in leaves():
        said = " ".join(run(*node.path, "--help").out.split())
        assert said.endswith(roles_line(" ".join(node.path))), node.path


def test_the_documents_have_the_same_table() -> None:
    """docs/operators.fr.md: one row a command, in the same order."""
    page = (ROOT / "docs" / "operators.fr.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|$", page, re.MULTILINE)

    assert rows == [(command, roles_in_words(command)) for command in ROLES]


@pytest.mark.parametrize("name", TEAM)
def test_a_command_of_another_role_is_refused(run: Terminal, bureau: Services, name: str) -> None:
    """Exit 3, whatever else was typed; nothing is written, not even in the trail."""
    before = _length_of_trail(bureau)
    role = str(TEAM[name].role)
    for command, roles in ROLES.items():
        if role not in roles and command not in NEEDS_TERMINAL | ELSEWHERE:
            answer = as_operator(run, bureau, name, *call(command))
            assert (answer.code, answer.out) == (3, ""), command
            assert REFUSED.search(answer.err), command
    assert _length_of_trail(bureau) == before


def _length_of_trail(office: Services) -> object:
    with office.reading() as session:
        return session.scalar(text("SELECT count(*) FROM trail_entries"))


ORDER = (
    "roster plan", "roster apply", "roster import", "roster import-all", "roster review resolve",
    "accounts close", "accounts reopen", "accounts regroup", "accounts undo-regroup",
)  # fmt: skip
"""The last ones of a day: they change what the others need."""


@pytest.mark.parametrize("name", TEAM)
def test_a_command_of_the_own_role_works(run: Terminal, bureau: Services, name: str) -> None:
    """On the own school: no right is missing for what the role is there for."""
    role = str(TEAM[name].role)
    allowed = [one for one in ROLES if role in ROLES[one] and one not in NEEDS_TERMINAL | FOREVER]
    for command in sorted(allowed, key=_late):
        answer = as_operator(run, bureau, name, *call(command))
        assert answer.code in _codes(command), (command, answer.err)
        assert BEYOND not in answer.err, command
        assert not REFUSED.search(answer.err), command


def _late(command: str) -> tuple[bool, int]:
    return command in ORDER, list(ROLES).index(command)


def _codes(command: str) -> set[int]:
    """Return the codes a command may end with here: some find nothing to do, and say so."""
    nothing_there = {"roster review resolve", "accounts reopen", "accounts regroup",
                     "accounts undo-regroup", "letters resend", "letters resend --output",
                     "roster import-all"}  # fmt: skip
    return {0, 3, 4} if command in nothing_there else {0, 4}


def outside(bureau: Services) -> list[tuple[tuple[str, ...], str, str]]:
    """Return commands with a place for a target: one of the other school, and nobody's."""
    with bureau.reading() as session:
        pupil, guardian = (
            str(session.scalar(text(f"SELECT max({column}) FROM {table} WHERE school_id = 2")))
            for table, column in (("enrolments", "pupil_id"), ("guardians", "id"))
        )
    account = ("awa.zinsouvi", "ewa.zansouve")
    school, number = (THERE, NOBODYS_SCHOOL), (pupil, "987654")
    return [
        *(((*words.split(), "{}", *extra), *account) for words, extra in (
            ("accounts show", ()), ("accounts explain", ()), ("accounts unlock", WHY),
            ("accounts close", WHY), ("accounts reopen", WHY), ("accounts undo-regroup", WHY),
            ("letters resend", (*WHY, "--email")), ("letters resend", (*WHY, "--output", "out")),
            (f"accounts regroup {HOLDER}", (*WHY, "--yes")), ("audit trail --account", ()),
        )),
        *(((*words.split(), "--school", "{}", *extra), *school) for words, extra in (
            ("accounts generate", ()), ("letters issue", ("--output", "out")), ("letters list", ()),
            ("letters remind", ()), ("audit activations", ()), ("audit trail", ()),
            ("roster review", ()), ("letters recover", ()),
            ("roster import", FILES), ("roster plan", (*FILES, "--output", "a.plan")),
        )),
        (("pupils", "show", "{}"), *number),
        (("pupils", "correct-birth-date", "{}", "03/04/2020", *WHY), *number),
        (("guardians", "correct", "{}", "--email", "a@example.fr", *WHY), guardian, "987654"),
        (("audit", "activations", "--academy", "{}"), "01", "02"),
        (("letters", "campaign", "--academy", "{}", "--output", "n2"), "01", "02"),
        (("accounts", "find", "{}"), "awa.zinsouvi", "ewa.zansouve"),
        (("accounts", "find", "{}"), "ZINSOUVI", "ZENSAUVU"),
        (("accounts", "find", "{}"), "+33698765432", "+33698765431"),
        (("pupils", "find", "{}"), "Kpadonoux", "Kpidanaux"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", SCOPED)
def test_out_of_scope_answers_as_does_not_exist(run: Terminal, bureau: Services, name: str) -> None:
    """The same words, the same code, whatever is asked of the other school."""
    for pattern, theirs, nobodys in outside(bureau):
        there, nowhere = (
            as_operator(run, bureau, name, *(one.replace("{}", target) for one in pattern))
            for target in (theirs, nobodys)
        )
        assert there.code == nowhere.code, (pattern, there.err)
        said, expected = (
            one.all.replace(target, "?").replace(target.lower(), "?")
            for one, target in ((there, theirs), (nowhere, nobodys))
        )
        assert said == expected, pattern


@pytest.mark.parametrize("name", SCOPED)
def test_lists_hold_the_own_school_alone(run: Terminal, bureau: Services, name: str) -> None:
    """What is asked without a target shows nothing of the other one."""
    for words in ("schools list", "accounts find dupont", "audit activations --by school",
                  "audit trail", "letters list", "mail list", "roster review"):  # fmt: skip
        answer = as_operator(run, bureau, name, *words.split())
        assert answer.code == 0, (words, answer.err)
        assert not re.search(f"{THERE}|zinsouvi|quenumbo|kpadonoux", answer.all, re.IGNORECASE), (
            words
        )


def test_the_trail_tells_the_name_of_the_operator(run: Terminal, bureau: Services) -> None:
    """Whatever name the environment gives, an own login is who it is."""
    before = _length_of_trail(bureau)
    for change in ("close", "reopen"):  # one of them at least has something to do
        as_operator(run, bureau, "dora", "accounts", change, HOLDER, *WHY)
    assert _length_of_trail(bureau) != before
    with bureau.reading() as session:
        last = "SELECT operator FROM trail_entries ORDER BY id DESC LIMIT 1"
        assert session.scalar(text(last)) == "dora"


def test_the_owner_manages_operators(run: Terminal, bureau: Services) -> None:
    """Added, changed, listed, removed; a removed one is nobody, whatever is open under his name."""
    add = ("operators", "add", "nadia", "--role", "director", "--school")
    assert run(*add, HERE).code == 0
    assert run(*add, HERE, "--json").json["verdict"] == "unchanged"
    assert run(*add, THERE, "--json").json["verdict"] == "changed"
    seen = as_operator(run, bureau, "nadia", "schools", "list", "--json").json["schools"]
    listed = run("operators", "list", "--json").json["operators"]
    assert run("operators", "remove", "nadia", *WHY).code == 0

    assert [one["uai"] for one in seen] == [THERE]
    assert {one["name"] for one in listed} == {*TEAM, "nadia"}
    answer = as_operator(run, bureau, "nadia", "schools", "list")
    assert (answer.code, "retiré" in answer.err) in {(3, False), (5, True)}
    assert "réessayez" not in answer.err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("Nadia", "--role", "director", "--school", HERE), "minuscules"),
        (("nadia", "--role", "director", "--everything"), "--school"),
        ((PORTAL_SIGNS, "--role", "director", "--school", HERE), "les parents"),
        (("nadia", "--role", "rectorate", "--academy", "70", "--school", HERE), "--academy"),
        (("nadia", "--role", "cron"), "--everything"),
        (("nadia", "--role", "director", "--school", NOBODYS_SCHOOL), NOBODYS_SCHOOL),
        (("nadia", "--role", "helpdesk", "--academy", "99"), "99"),
    ],
)
def test_an_operator_who_makes_no_sense_is_refused(
    run: Terminal, bureau: Services, arguments: tuple[str, ...], word: str
) -> None:
    """Exit 3, and what would do."""
    answer = run("operators", "add", *arguments)

    assert answer.code == 3
    assert word in answer.err
