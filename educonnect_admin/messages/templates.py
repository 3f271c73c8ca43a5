"""The words of the messages: an office's `mail/` folder first, ours behind it and as `default:`.

Sandboxed, and held to what text needs: no calls, no arithmetic, no assignment, no macro; a
variable that is not there is a defect, never an empty place in somebody's mail.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from educonnect_admin.domain.mail_errors import BadMailTemplate
from educonnect_admin.shipped import shipped_templates

SYNTAX = "syntax"
UNKNOWN_VARIABLE = "unknown_variable"
FORBIDDEN = "forbidden"
MISSING_FILE = "missing_file"
ENCODING = "encoding"
TOO_LONG = "too_long"

SOURCE_LIMIT = 50_000
OUTPUT_LIMIT = 100_000

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
    nodes.Test, nodes.For, nodes.Include, nodes.Filter, nodes.Concat, nodes.Extends, nodes.Block,
)  # fmt: skip
_FILTERS = frozenset(
    {"upper", "lower", "capitalize", "trim", "length", "first", "last", "default", "join"}
)
_TESTS = frozenset({"defined", "none", "undefined"})


class MailTemplates:
    """The templates of all messages as one office has them, by name: `letter/text.j2`."""

    def __init__(self, overrides: Path | None) -> None:
        ours = FileSystemLoader(shipped_templates("mail"))
        theirs: list[BaseLoader] = [FileSystemLoader(overrides / "mail")] if overrides else []
        self._loader = ChoiceLoader([*theirs, ours, PrefixLoader({"default": ours}, ":")])
        # HTML is escaped whatever the name of the file: an include is no way around it.
        self._html = self._environment(escaped=True)
        self._text = self._environment(escaped=False)
        self._inspected: set[str] = set()

    def render(self, name: str, values: dict[str, object]) -> str:
        """Fill a template.

        Raises:
            BadMailTemplate: it can't be used, for one of the reasons of this module.
        """
        environment = self._html if name.endswith("html.j2") else self._text
        try:
            self._inspect_once(environment, name)
            text = environment.get_template(name).render(values)
        except TemplateSyntaxError as error:
            raise BadMailTemplate(error.name or name, SYNTAX, line=error.lineno) from None
        except TemplateNotFound as error:
            raise BadMailTemplate(str(error), MISSING_FILE) from None
        except UnicodeDecodeError:
            raise BadMailTemplate(name, ENCODING) from None
        except UndefinedError as error:
            line = _line(error.__traceback__)
            raise BadMailTemplate(name, UNKNOWN_VARIABLE, line=line) from None
        except (TemplateError, TypeError, ValueError, AttributeError, RecursionError) as error:
            line = _line(error.__traceback__)
            raise BadMailTemplate(name, FORBIDDEN, line=line) from None
        if len(text) > OUTPUT_LIMIT:
            raise BadMailTemplate(name, TOO_LONG)
        return text

    def _inspect_once(self, environment: ImmutableSandboxedEnvironment, name: str) -> None:
        if name not in self._inspected:
            for part, tree in _all_parts(environment, self._loader, name):
                _inspect(part, tree)
            self._inspected.add(name)

    def _environment(self, *, escaped: bool) -> ImmutableSandboxedEnvironment:
        environment = ImmutableSandboxedEnvironment(
            loader=self._loader,
            autoescape=escaped,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        # A template has no business with functions such as `range` or `cycler`.
        environment.globals.clear()
        return environment


def _all_parts(
    environment: ImmutableSandboxedEnvironment, loader: BaseLoader, name: str
) -> Iterator[tuple[str, nodes.Template]]:
    """Yield the tree of a template and of all that it extends or includes."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        source, _, _ = loader.get_source(environment, current)
        if len(source) > SOURCE_LIMIT:
            raise BadMailTemplate(current, TOO_LONG)
        tree = environment.parse(source, current)
        yield current, tree
        waiting += _linked(current, tree)


def _linked(name: str, tree: nodes.Template) -> Iterator[str]:
    """Yield what a template extends or includes; each must be named, not computed."""
    included = [link.template for link in tree.find_all(nodes.Include)]
    for target in (*included, *(link.template for link in tree.find_all(nodes.Extends))):
        if not (isinstance(target, nodes.Const) and isinstance(target.value, str)):
            raise BadMailTemplate(name, FORBIDDEN, line=target.lineno)
        yield target.value


def _inspect(name: str, tree: nodes.Template) -> None:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED) or _is_unknown(node):
            raise BadMailTemplate(name, FORBIDDEN, line=node.lineno)


def _is_unknown(node: nodes.Node) -> bool:
    match node:
        case nodes.Filter():
            return node.name not in _FILTERS
        case nodes.Test():
            return node.name not in _TESTS
        case nodes.For():
            # Lists are short; loops in loops in loops would not be.
            return node.recursive or sum(1 for _ in node.find_all(nodes.For)) > 1
    return False


def _line(trace: TracebackType | None) -> int | None:
    """Return the line of the template where rendering stopped: its innermost frame."""
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith((".j2", "<template>")):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
