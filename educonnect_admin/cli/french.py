"""The help and usage errors of the command-line library, in French.

Typer writes its own words in English; these two classes and one table are all that it
takes to have them in French, and a test looks for English left over.
"""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup

from educonnect_admin.cli.roles import roles_line

_PANELS = {
    "COMMANDS_PANEL_TITLE": "Commandes",
    "DEFAULT_STRING": "[défaut : {}]",
    "REQUIRED_LONG_STRING": "[obligatoire]",
    "ENVVAR_STRING": "[variable : {}]",
    "DEPRECATED_STRING": "(abandonné) ",
    "ERRORS_PANEL_TITLE": "Erreur",
}
_PLAIN = {
    "Commands:\n": "Commandes :\n",
    "Options:\n": "Options :\n",
    "Arguments:\n": "Arguments :\n",
    "[required]": "[obligatoire]",
    "[default: ": "[défaut : ",
}


def _plain_french(text: str) -> str:
    for english, french in _PLAIN.items():
        text = text.replace(english, french)
    return text


def _format_help(command: Any, ctx: Any, show: Callable[[], None], formatter: Any) -> None:
    """Print a help in French: drawn on a terminal, plain and at once in a pipe."""
    command.epilog = roles_line(_path(ctx)) or None
    for argument in command.params:
        if isinstance(argument, TyperArgument):
            _hide_type_of_argument(argument)
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        command.rich_markup_mode = None
        show()
        formatter.buffer[:] = [_plain_french("".join(formatter.buffer))]
        return
    from typer import rich_utils

    for name, words in _PANELS.items():
        setattr(rich_utils, name, words)
    for param in command.params:
        _hide_type_of_flag(param)
    show()


def _hide_type_of_argument(argument: Any) -> None:
    """`<path>` beside an argument is English, and braces around its name mean nothing to people."""
    name = argument.display_name_raw
    argument.display_type_rich = lambda ctx: None  # noqa: ARG005
    argument.get_usage_pieces = lambda ctx: [  # noqa: ARG005
        name if argument.required else f"[{name}]"
    ]


def _hide_type_of_flag(param: Any) -> None:
    """A switch takes no value; `<bool>` beside it would only puzzle."""
    if getattr(param, "is_flag", False):
        param.metavar = ""


def _path(ctx: Any) -> str:
    """Return the names of a command and its groups, without the program's."""
    names = []
    while ctx.parent is not None:
        names.append(ctx.info_name)
        ctx = ctx.parent
    return " ".join(reversed(names))


def _tell_desk(ctx: Any) -> None:
    """Let the desk know which command is run: its office asks for the role."""
    if ctx.obj is not None:
        ctx.obj = replace(ctx.obj, command=_path(ctx))


class FrenchCommand(TyperCommand):
    """A command whose help is French throughout."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        _tell_desk(ctx)
        return super().invoke(ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help in French."""
        _format_help(
            self, ctx, lambda: super(FrenchCommand, self).format_help(ctx, formatter), formatter
        )

    def get_help_option(self, ctx: Any) -> Any:
        """Describe `--help` itself in French."""
        return _in_french(super().get_help_option(ctx))


class FrenchGroup(TyperGroup):
    """A group of commands whose help is French throughout."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subcommand_metavar = "COMMANDE …"

    def invoke(self, ctx: Any) -> Any:
        """Run the group, which may do something by itself, and what stands under it."""
        _tell_desk(ctx)
        return super().invoke(ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help in French."""
        _format_help(
            self, ctx, lambda: super(FrenchGroup, self).format_help(ctx, formatter), formatter
        )

    def get_help_option(self, ctx: Any) -> Any:
        """Describe `--help` itself in French."""
        return _in_french(super().get_help_option(ctx))


def _in_french(help_option: Any) -> Any:
    if help_option is not None:
        help_option.help = "Afficher cette aide."
        _hide_type_of_flag(help_option)
    return help_option


def _quoted(text: str) -> str:
    return text.strip("'\" ")


def _bare(choices: str) -> str:
    return choices.rstrip(".").replace("'", "")


_USAGE: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (
        r"No such option: (\S+)(?: \(Possible options: (.*)\))?",
        lambda m: f"L'option {m[1]} n'existe pas." + (f" Peut-être : {m[2]} ?" if m[2] else ""),
    ),
    (
        r"No such command '?([^']*)'?\.?(?: Did you mean (.*)\?)?",
        lambda m: (
            f"La commande «{m[1]}» n'existe pas."
            + (f" Peut-être : {m[2].replace(' or ', ' ou ')} ?" if m[2] else "")
        ),
    ),
    (
        r"No terminal",
        lambda _: (
            "Le guide pose des questions : il lui faut un terminal et quelqu'un devant. Pour un "
            "programme, voyez les autres commandes : educonnect-admin --help"
        ),
    ),
    (r"Missing command\.?", lambda _: "Il manque une commande."),
    (
        r"Missing argument (.*)\.",
        lambda m: f"Il manque un argument : {_quoted(m[1])}.",
    ),
    (r"Missing option (.*)\.", lambda m: f"Il manque l'option {_quoted(m[1])}."),
    (
        r"Option '?(--accept-[^' ]*)'? requires an argument\.?",
        lambda m: f"L'option {m[1]} attend une école : son numéro UAI, ou un fichier qui en liste.",
    ),
    (
        r"Option '?([^' ]*)'? requires an argument\.?",
        lambda m: f"L'option {m[1]} attend une valeur.",
    ),
    (
        r"Option '?([^' ]*)'? does not take a value\.?",
        lambda m: f"L'option {m[1]} ne prend pas de valeur.",
    ),
    (
        r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)",
        lambda m: f"Argument en trop : {m[1]}.",
    ),
    (
        r"Invalid value for (.*?): .*?'(.*)' (?:does not exist|is not readable)\.?",
        lambda m: f"{_quoted(m[1])} : «{m[2]}» n'existe pas ou ne peut pas être lu.",
    ),
    (
        r"Invalid value for (.*?): .*?'(.*)' is a (?:directory|file)\.?",
        lambda m: f"{_quoted(m[1])} : «{m[2]}» n'est pas du bon genre (fichier ou dossier).",
    ),
    (
        r"Invalid value for (.*?): .*?'(.*?)' is not one of (.*)\.?",
        lambda m: f"{_quoted(m[1])} : «{m[2]}» n'est pas possible ici ; choix : {_bare(m[3])}.",
    ),
    (
        r"Invalid value for (.*?):(?: .*)?",
        lambda m: f"{_quoted(m[1])} : cette valeur n'est pas possible ici.",
    ),
)


def usage_in_french(message: str) -> str:
    """Return a usage error of the library in French; never an English one."""
    for pattern, words in _USAGE:
        found = re.fullmatch(pattern, message.strip(), re.DOTALL)
        if found:
            return words(found)
    return "Cette commande n'a pas été comprise."
