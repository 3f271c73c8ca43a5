"""What an office's template may contain: a list of what is allowed, all else is refused.

The sandbox keeps a template from reaching Python; this keeps it from running for ever or
filling the memory, which the sandbox does not: no calls, no arithmetic, no assignment, no
macro, loops over given lists only and not deeper than two, includes without a circle.
"""

from collections.abc import Callable, Iterator

from jinja2 import nodes

from educonnect_admin.domain.errors import BadTemplate
from educonnect_admin.letters.variables import CHILD_ATTRIBUTES

SYNTAX = "syntax"
UNKNOWN_VARIABLE = "unknown_variable"
FORBIDDEN = "forbidden"
UNKNOWN_FILE = "unknown_file"
MISSING_FILE = "missing_file"
ENCODING = "encoding"
TOO_LONG = "too_long"
FIELDS = "fields"
OVERFLOW = "overflow"
GLYPH = "glyph"

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Test, nodes.For, nodes.Include, nodes.Filter, nodes.Concat,
)  # fmt: skip
FILTERS = frozenset({"upper", "lower", "capitalize", "trim", "length", "first", "last", "default"})
TESTS = frozenset({"defined", "none", "undefined"})
ATTRIBUTES = CHILD_ATTRIBUTES | {"index", "first", "last", "length"}
DEPTH = 2
INCLUDES = 20

Parse = Callable[[str], nodes.Template]


def inspect(name: str, variables: frozenset[str], parse: Parse) -> None:
    """Refuse a part, or what it includes, if it holds anything not allowed.

    Args:
        name: the part.
        variables: the names it may use.
        parse: gives the syntax tree of a part or include by its name.

    Raises:
        BadTemplate: `forbidden`, `unknown_variable`, or what `parse` finds.
    """
    for included in _walk_includes(name, parse, ()):
        _inspect_tree(included, parse(included), variables)


def _walk_includes(name: str, parse: Parse, above: tuple[str, ...]) -> Iterator[str]:
    """Yield a template and all that it includes, refusing circles and avalanches."""
    yield name
    count = 0
    for include in parse(name).find_all(nodes.Include):
        target = include.template
        if not (isinstance(target, nodes.Const) and isinstance(target.value, str)):
            raise BadTemplate(name, FORBIDDEN, line=include.lineno, what="include")
        if target.value in (*above, name) or len(above) > DEPTH:
            raise BadTemplate(name, FORBIDDEN, line=include.lineno, what=target.value)
        for inner in _walk_includes(target.value, parse, (*above, name)):
            count += 1
            if count > INCLUDES:
                raise BadTemplate(name, FORBIDDEN, line=include.lineno, what="include")
            yield inner


def _inspect_tree(name: str, tree: nodes.Template, variables: frozenset[str]) -> None:
    _inspect(name, tree, variables, 0)


def _inspect(name: str, node: nodes.Node, known: frozenset[str], depth: int) -> None:
    """Check a node, then those under it, with the loop variables in scope."""
    if reason := _objection(node, known):
        raise BadTemplate(name, *reason[:1], line=node.lineno, what=reason[1])
    if isinstance(node, nodes.For):
        if depth == DEPTH or node.recursive or not isinstance(node.target, nodes.Name):
            raise BadTemplate(name, FORBIDDEN, line=node.lineno, what="for")
        known = known | {node.target.name, "loop"}
        depth += 1
    for child in node.iter_child_nodes():
        _inspect(name, child, known, depth)


def _objection(node: nodes.Node, known: frozenset[str]) -> tuple[str, str] | None:
    """Return a reason code and the thing itself, None when the node is fine."""
    match node:
        case nodes.Name() if node.ctx == "load" and node.name not in known:
            return UNKNOWN_VARIABLE, node.name
        case nodes.Getattr() if node.attr not in ATTRIBUTES:
            return FORBIDDEN, node.attr
        case nodes.Filter() if node.name not in FILTERS:
            return FORBIDDEN, node.name
        case nodes.Test() if node.name not in TESTS:
            return FORBIDDEN, node.name
        case _ if not isinstance(node, _ALLOWED):
            return FORBIDDEN, type(node).__name__.lower()
    return None
