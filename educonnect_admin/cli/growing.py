"""The groups of commands, each loaded when somebody asks for it.

To build all of them takes longer than most commands do: one is run, and the help shows the rest.
"""

from importlib import import_module
from typing import Any

import typer
from typer.main import get_group

from educonnect_admin.cli.french import FrenchGroup

GROUPS = (
    "operators", "schools", "roster", "accounts", "pupils", "guardians", "letters", "mail", "audit",
    "services", "keys", "data", "portal",
)  # fmt: skip
"""In the order of the help; each is the `app` of the module of this name."""


class GrowingGroup(FrenchGroup):
    """The root of the tree, to which a group is added when its name is met."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return every name, those of groups that are not loaded too."""
        own = [name for name in super().list_commands(ctx) if name not in GROUPS]
        return [*own, *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command or group of a name, nothing if there is none."""
        if cmd_name in GROUPS and cmd_name not in self.commands:
            self.commands[cmd_name] = _load(cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find what is asked for; where nothing bears the name, one like it, among all."""
        if args and self.get_command(ctx, args[0]) is None:
            for name in GROUPS:
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


def _load(name: str) -> Any:
    """Return a group as Typer makes it when it stands under another."""
    above = typer.Typer(rich_markup_mode="rich")
    above.add_typer(import_module(f"educonnect_admin.cli.{name}").app, name=name)
    return get_group(above).commands[name]
