"""The house rules, each a check that fails on a violation and is proved on one."""

import subprocess
import sys
import tomllib
from statistics import median

import pytest

from tests.support import house
from tests.support.house import PACKAGE, ROOT, Rule, Source, offences

# Statements of one file that a rule does not mean; each with its reason.
MIGRATIONS = frozenset(
    source.name for source in house.sources() if source.name.startswith("migrations/versions/")
)
"""A migration is a record of one day, long and never read twice: no limit of size, no words."""

ENDERS = frozenset({"edge.py", "databases.py", "migrations/__init__.py"})
FRENCH_DATA = frozenset(
    {
        "domain/academies.py",  # the names of the academies are data, as the State writes them
        "domain/names.py",  # the signs to fold are the subject of the module
        "rosters/headings.py",  # the headings of the real files, to be recognised
        "rosters/field_names.py",  # the words of a file that schools write and read
    }
)
WORDLESS_ROOMS = {"domain", "queries", "office", "rosters", "gateways"}


def test_only_the_edge_ends_transactions() -> None:
    """Use cases receive an open session and never begin, commit or roll back (rule 2)."""
    assert offences(house.transaction_ends, allowed=ENDERS) == []


def test_every_flush_says_why_it_is_there() -> None:
    """A comment stands on its line or on the one above (rule 2)."""
    assert offences(house.unexplained_flushes) == []


def test_only_the_command_line_prints() -> None:
    """Nothing below `cli` speaks to anybody (rule 6)."""
    assert [line for line in offences(house.voices) if not line.startswith("cli/")] == []


def test_only_the_clock_reads_the_time() -> None:
    """Everything else is told what time it is (rule 4)."""
    assert offences(house.clocks) == []


def test_chance_has_one_door() -> None:
    """Nothing draws but `gateways/chance.py` (rule 4)."""
    assert offences(house.dice, allowed=frozenset({"gateways/chance.py"})) == []


def test_functions_fit_the_eye() -> None:
    """None is longer than 40 lines, its docstring apart."""
    assert offences(house.long_functions, allowed=MIGRATIONS) == []


def test_files_fit_the_mind() -> None:
    """None is longer than 300 lines."""
    assert offences(house.long_files, allowed=MIGRATIONS) == []


def test_half_of_the_functions_are_short() -> None:
    """The median is 10 lines at most."""
    lengths = [
        house.length(function)
        for source in house.sources()
        for function in house.functions(source.tree)
    ]

    assert median(lengths) <= 10


def test_everything_public_says_what_it_is() -> None:
    """Modules, classes, functions and methods have a docstring."""
    assert offences(house.silent_names, allowed=MIGRATIONS) == []


def test_no_relationship_queries_behind_ones_back() -> None:
    """A relationship raises when it was not loaded on purpose (rule 9)."""
    assert offences(house.lazy_relationships) == []


def test_words_for_people_live_at_the_edges() -> None:
    """Below there are codes and enums, no French (rule 5)."""
    found = [
        line
        for line in offences(house.french_words, allowed=FRENCH_DATA)
        if line.split("/")[0] in WORDLESS_ROOMS
    ]

    assert found == []


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (house.transaction_ends, "def f(session):\n    session.commit()"),
        (house.transaction_ends, "def f(session):\n    session.rollback()"),
        (house.transaction_ends, "def f(engine):\n    with engine.begin() as c: pass"),
        (house.transaction_ends, "connection.execute(text('  rollback'))"),
        (house.unexplained_flushes, "def f(session):\n    session.add(1)\n    session.flush()"),
        (house.voices, "def f():\n    print('x')"),
        (house.voices, "typer.echo('x')"),
        (house.voices, "sys.stdout.write('x')"),
        (house.clocks, "x = datetime.now(UTC)"),
        (house.clocks, "x = date.today()"),
        (house.clocks, "x = func.now()"),
        (house.clocks, "x = time.time()"),
        (house.clocks, "from time import time"),
        (house.dice, "import random"),
        (house.dice, "from secrets import token_bytes"),
        (house.dice, "x = os.urandom(16)"),
        (house.dice, "import numpy.random"),
        (house.dice, "x = AESGCM.generate_key(256)"),
        (house.long_functions, "def f():\n" + "    x = 1\n" * 40),
        (house.long_files, "x = 1\n" * 301),
        (house.silent_names, "x = 1"),
        (house.silent_names, '"""Said."""\ndef f(): pass'),
        (house.silent_names, '"""Said."""\nclass A:\n    """Said."""\n    def f(self): pass'),
        (house.lazy_relationships, "children = relationship('Child')"),
        (house.lazy_relationships, "children = orm.relationship(lazy='select')"),
        (house.french_words, "def f():\n    raise ValueError('La clé manque')"),
        (house.french_words, "x = f'{y} élèves'"),
    ],
)
def test_each_rule_sees_its_violation(rule: Rule, bad: str) -> None:
    """A rule that finds nothing anywhere would prove nothing."""
    assert list(rule(Source("office/planted.py", bad)))


@pytest.mark.parametrize(
    ("rule", "good"),
    [
        (house.transaction_ends, "with room.transaction() as session: session.add(1)"),
        (house.transaction_ends, "connection.execute(text('SELECT 1'))"),
        (house.unexplained_flushes, "session.flush()  # its number is needed"),
        (house.unexplained_flushes, "# its number is needed\nsession.flush()"),
        (house.unexplained_flushes, "file.flush()"),
        (house.clocks, "def f(now): return now.date()"),
        (house.dice, "chance.temporary_password()"),
        (house.long_functions, "def f():\n" + "    x = 1\n" * 39),
        (house.silent_names, '"""Said."""\ndef _f(): pass'),
        (house.lazy_relationships, "children = relationship('Child', lazy='raise')"),
        (house.french_words, '"""Le guide dit «activé»."""\nx = 1'),
    ],
)
def test_each_rule_lets_the_rest_pass(rule: Rule, good: str) -> None:
    """A rule that cries at everything would be switched off."""
    assert list(rule(Source("office/planted.py", good))) == []


def test_the_clock_itself_may_read_the_time() -> None:
    """`edge.clock` is the one place; the rest of the same file is not."""
    clock = "def clock():\n    return datetime.now(UTC)\n"
    other = "def other():\n    return datetime.now(UTC)\n"

    assert [o.line for o in house.clocks(Source("edge.py", clock + other))] == [4]
    assert [o.line for o in house.clocks(Source("office/x.py", clock))] == [2]


def test_imports_point_down() -> None:
    """The contracts of pyproject hold: rooms, and what each may know of the outside (rule 1)."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as l; l()",
         "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.checkout
def test_what_a_wheel_carries_is_there() -> None:
    """The folders and licences that pyproject promises to pack exist, with letters in them."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = told["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    licences = told["project"]["license-files"]

    assert packed == {"templates": "educonnect_admin/_shipped/templates"}
    assert all((ROOT / folder).is_dir() for folder in packed)
    assert list((ROOT / "templates" / "letters" / "activation").glob("*.j2"))
    assert all(list(ROOT.glob(pattern)) for pattern in licences)
    assert not (PACKAGE / "_shipped").exists()
