"""The words of the letters: an office's folder first, ours behind it and as `default:`."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from educonnect_admin.domain.errors import BadTemplate
from educonnect_admin.letters import guard
from educonnect_admin.letters.content import ChildLine
from educonnect_admin.letters.markup import Block, Role, parse, shield
from educonnect_admin.letters.shipped import shipped
from educonnect_admin.letters.variables import (
    BATCH_NAMES,
    CHILD_ATTRIBUTES,
    FIELD_MARKS,
    FIELD_NAMES,
    LETTER_NAMES,
    SLIP_NAMES,
)

SOURCE_LIMIT = 20_000
OUTPUT_LIMIT = 20_000

# In the order in which a letter is read aloud.
LETTER_PARTS = (
    "sender", "carrier", "addressee", "created", "title", "introduction", "children",
    "credentials", "validity", "ways", "steps", "scan", "franceconnect", "sms",
    "missing_child", "mistakes", "secrecy", "reference",
)  # fmt: skip
SLIP_PARTS = ("title", "columns", "summary", "signature", "page")
DOCUMENT_TITLES = ("activation/document.j2", "slip/document.j2")
PARTS = (
    *(f"activation/{part}.j2" for part in LETTER_PARTS),
    *(f"slip/{part}.j2" for part in SLIP_PARTS),
    *DOCUMENT_TITLES,
    "specimen/mark.j2",
)


def variables_of(part: str) -> frozenset[str]:
    """Return the variables that a part may use; titles of documents name no person."""
    if part in DOCUMENT_TITLES:
        return BATCH_NAMES
    if part.startswith("slip/"):
        return BATCH_NAMES | SLIP_NAMES
    if part == "activation/credentials.j2":
        return BATCH_NAMES | FIELD_NAMES
    return BATCH_NAMES | LETTER_NAMES if part.startswith("activation/") else BATCH_NAMES


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a letter, checked and compiled.

    Attributes:
        uses: the variables in it and in what it includes.
    """

    name: str
    template: Template
    uses: frozenset[str]

    @property
    def varies(self) -> bool:
        """Tell whether it differs from letter to letter."""
        return not self.uses <= BATCH_NAMES | FIELD_NAMES

    def blocks(self, values: dict[str, object]) -> tuple[Block, ...]:
        """Render it.

        Raises:
            BadTemplate: an unknown attribute, too long a text …, with its line.
        """
        try:
            text = self.template.render(values)
        except UndefinedError as error:
            line = _line(error.__traceback__)
            raise BadTemplate(self.name, guard.UNKNOWN_VARIABLE, line=line) from None
        except (TemplateError, TypeError, ValueError, AttributeError, RecursionError) as error:
            line = _line(error.__traceback__)
            raise BadTemplate(self.name, guard.FORBIDDEN, line=line) from None
        if len(text) > OUTPUT_LIMIT:
            raise BadTemplate(self.name, guard.TOO_LONG)
        return parse(text)


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, which lets through at once the attributes that our variables have."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        if type(obj) is ChildLine:
            return attr in CHILD_ATTRIBUTES
        return super().is_safe_attribute(obj, attr, value)


class Templates:
    """The parts of all letters as one office has them."""

    def __init__(self, overrides: Path | None = None) -> None:
        """Look into the office's folder, if one is given, before ours.

        Raises:
            BadTemplate: `missing_file`, there is no such folder.
        """
        if overrides and not overrides.is_dir():
            raise BadTemplate(str(overrides), guard.MISSING_FILE)
        ours = FileSystemLoader(shipped())
        theirs: list[BaseLoader] = [FileSystemLoader(overrides)] if overrides else []
        loader = ChoiceLoader([*theirs, ours, PrefixLoader({"default": ours}, ":")])
        self._environment = _Sandbox(
            loader=loader,
            undefined=StrictUndefined,
            finalize=shield,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        # A template has no business with functions such as `range` or `cycler`.
        self._environment.globals.clear()
        self._trees: dict[str, nodes.Template] = {}
        self._parts: dict[str, Part] = {}

    def part(self, name: str) -> Part:
        """Return a part, read and checked at its first use.

        Raises:
            BadTemplate: it can't be used.
        """
        if name not in self._parts:
            self._parts[name] = self._load(name)
        return self._parts[name]

    def _load(self, name: str) -> Part:
        allowed = variables_of(name)
        guard.inspect(name, allowed, self._tree)
        names = [name, *self._included(name)]
        uses = {node.name for each in names for node in self._tree(each).find_all(nodes.Name)}
        part = Part(name, self._environment.get_template(name), frozenset(uses & allowed))
        if name == "activation/credentials.j2":
            _require_fields(part)
        return part

    def _included(self, name: str) -> list[str]:
        found = []
        for include in self._tree(name).find_all(nodes.Include):
            target = include.template
            if isinstance(target, nodes.Const):
                found += [target.value, *self._included(target.value)]
        return found

    def _tree(self, name: str) -> nodes.Template:
        """Return the syntax tree of a template, refusing what can't be one."""
        if name not in self._trees:
            self._trees[name] = self._parse(name)
        return self._trees[name]

    def _parse(self, name: str) -> nodes.Template:
        try:
            source, _, _ = self._loader.get_source(self._environment, name)
            if len(source) > SOURCE_LIMIT:
                raise BadTemplate(name, guard.TOO_LONG)
            return self._environment.parse(source, name)
        except TemplateSyntaxError as error:
            raise BadTemplate(name, guard.SYNTAX, line=error.lineno) from None
        except TemplateNotFound:
            raise BadTemplate(name, guard.MISSING_FILE) from None
        except UnicodeDecodeError:
            raise BadTemplate(name, guard.ENCODING) from None
        except (RecursionError, ValueError):
            # Brackets in brackets without end; a number of thousands of digits.
            raise BadTemplate(name, guard.FORBIDDEN) from None

    @cached_property
    def _loader(self) -> BaseLoader:
        loader = self._environment.loader
        assert loader is not None  # noqa: S101 - given in __init__
        return loader


def _require_fields(part: Part) -> None:
    """Refuse credentials that do not show both values, identifier first (R-10)."""
    values: dict[str, object] = dict.fromkeys(BATCH_NAMES, "x")
    blocks = part.blocks(values | FIELD_MARKS)
    shown = [block.marker for block in blocks if block.role is Role.FIELD]
    stray = [span for block in blocks for span in block.spans if not _MARKS.isdisjoint(span.text)]
    if shown != list(FIELD_MARKS.values()) or stray:
        raise BadTemplate(part.name, guard.FIELDS)


_MARKS = frozenset(FIELD_MARKS.values())


def _line(trace: TracebackType | None) -> int | None:
    """Return the line of the template where rendering stopped: its innermost frame."""
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith((".j2", "<template>")):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
