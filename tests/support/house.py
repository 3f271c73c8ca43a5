"""The house rules as questions to ask of a source file; each returns its offences.

An offence is a line number and what stands there, so that a failing test reads like a list of
what to change.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = Path(str(files("educonnect_admin")))
"""What is tested: the sources beside the tests, or a wheel that was installed elsewhere."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Offence(NamedTuple):
    """A line that breaks a rule."""

    line: int
    what: str


@dataclass(frozen=True)
class Source:
    """A module of the package: its path from there, its text."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines, the first one at index 0."""
        return self.text.splitlines()

    @property
    def room(self) -> str:
        """Return the room it stands in (`office`), or its own name at the top."""
        return self.name.split("/")[0]


Rule = Callable[[Source], Iterator[Offence]]


@cache
def sources() -> tuple[Source, ...]:
    """Return every module of the package, read once."""
    return tuple(
        Source(path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    )


def offences(rule: Rule, *, allowed: frozenset[str] = frozenset()) -> list[str]:
    """Return where the package breaks a rule, as `file:line what`, outside allowed files."""
    return [
        f"{source.name}:{offence.line} {offence.what}"
        for source in sources()
        if source.name not in allowed
        for offence in rule(source)
    ]


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function, method and nested function."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def length(node: Function) -> int:
    """Return how many lines a function takes from its `def` to its end, docstring apart."""
    first = node.body[0]
    spoken = 0
    if ast.get_docstring(node, clean=False) is not None:
        spoken = (first.end_lineno or first.lineno) - first.lineno + 1
    return (node.end_lineno or node.lineno) - node.lineno + 1 - spoken


def _called(node: ast.AST) -> str:
    """Return what a call calls as it is written, `a.b.c`; empty for anything else."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


# ---------------------------------------------------------------- transactions

_ENDS = {"begin", "begin_nested", "commit", "rollback"}
_ENDS_IN_SQL = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|END)\b", re.IGNORECASE)


def transaction_ends(source: Source) -> Iterator[Offence]:
    """Find what begins, commits or rolls back, by method or by statement (house rule 2)."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in _ENDS:
            yield Offence(node.lineno, _called(node))
        for argument in node.args:
            if (
                isinstance(argument, ast.Constant)
                and isinstance(argument.value, str)
                and _called(node).endswith(("text", "exec_driver_sql", "execute"))
                and _ENDS_IN_SQL.match(argument.value)
            ):
                yield Offence(node.lineno, argument.value)


_FILES = {"file", "out", "sys.stdout", "sys.stderr"}


def unexplained_flushes(source: Source) -> Iterator[Offence]:
    """Find each `flush()` of a session without a comment on its line or the one above."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr != "flush" or ast.unparse(node.func.value) in _FILES:
            continue
        here = source.lines[node.lineno - 1]
        above = source.lines[node.lineno - 2] if node.lineno > 1 else ""
        if "#" not in here and not above.lstrip().startswith("#"):
            yield Offence(node.lineno, _called(node))


# ---------------------------------------------------------------- the outside

_VOICES = {
    "print", "typer.echo", "typer.secho", "echo", "secho", "rich.print", "Console", "pprint",
    "sys.stdout.write", "sys.stderr.write", "stdout.write", "stderr.write", "logging.basicConfig",
}  # fmt: skip


def voices(source: Source) -> Iterator[Offence]:
    """Find what prints (house rule 6)."""
    for node in ast.walk(source.tree):
        if _called(node) in _VOICES:
            yield Offence(getattr(node, "lineno", 0), _called(node))


_CLOCKS = re.compile(
    r"(.*\.)?(now|today|utcnow|current_timestamp|localtime|gmtime|time_ns)|time\.time"
)


def clocks(source: Source) -> Iterator[Offence]:
    """Find what reads the time, outside `edge.clock` (house rule 4)."""
    allowed: set[int] = set()
    if source.name == "edge.py":
        for function in functions(source.tree):
            if function.name == "clock":
                allowed = set(range(function.lineno, (function.end_lineno or 0) + 1))
    for node in ast.walk(source.tree):
        line = getattr(node, "lineno", 0)
        if line in allowed:
            continue
        if _CLOCKS.fullmatch(_called(node)):
            yield Offence(line, _called(node))
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield Offence(line, "from time import …")


_DICE = {"random", "secrets", "uuid"}


def dice(source: Source) -> Iterator[Offence]:
    """Find whatever draws (house rule 4)."""
    for node in ast.walk(source.tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import):
            yield from (
                Offence(line, name.name) for name in node.names if name.name.split(".")[-1] in _DICE
            )
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] in _DICE:
            yield Offence(line, str(node.module))
        if _called(node).endswith(("os.urandom", "generate_key", ".random", "getrandom")):
            yield Offence(line, _called(node))


# ---------------------------------------------------------------- size and speech

LONGEST_FUNCTION = 40
LONGEST_FILE = 300


def long_functions(source: Source) -> Iterator[Offence]:
    """Find functions that no longer fit the eye."""
    for node in functions(source.tree):
        if length(node) > LONGEST_FUNCTION:
            yield Offence(node.lineno, f"{node.name} {length(node)}")


def long_files(source: Source) -> Iterator[Offence]:
    """Find files that should be two."""
    if len(source.lines) > LONGEST_FILE:
        yield Offence(len(source.lines), "lines")


def silent_names(source: Source) -> Iterator[Offence]:
    """Find modules and public functions, classes and methods without a docstring."""
    if ast.get_docstring(source.tree) is None:
        yield Offence(1, "module")
    yield from _silent_in(source.tree.body)


def _silent_in(body: list[ast.stmt]) -> Iterator[Offence]:
    for node in body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        if ast.get_docstring(node) is None:
            yield Offence(node.lineno, node.name)
        if isinstance(node, ast.ClassDef):
            yield from _silent_in(node.body)


def lazy_relationships(source: Source) -> Iterator[Offence]:
    """Find relationships that would query behind one's back (house rule 9)."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _called(node).split(".")[-1] == "relationship":
            lazy = [word.value for word in node.keywords if word.arg == "lazy"]
            if not any(isinstance(one, ast.Constant) and one.value == "raise" for one in lazy):
                yield Offence(node.lineno, ast.unparse(node))


_ACCENTED = re.compile("[àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ«»]")


def french_words(source: Source) -> Iterator[Offence]:
    """Find strings with French letters that are no docstrings (house rule 5)."""
    spoken = set(_docstrings(source.tree))
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in spoken
            and _ACCENTED.search(node.value)
        ):
            yield Offence(node.lineno, node.value)


def _docstrings(tree: ast.AST) -> Iterator[int]:
    """Yield the bare strings: docstrings of modules, classes, functions and attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
