"""The group of all commands: it imports a command's module when that command is called, and no other.

`salesmode --help` and `salesmode validate` therefore never import the server.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import version as installed_version
from keyword import iskeyword
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from salesmode.cli.commands import COMMANDS
from salesmode.cli.faults import reported
from salesmode.cli.memory import staying

_EXTENDED, _APP = "explain", "--app"


class LazyGroup(TyperGroup):
    """Lists commands by name and help alone. What goes wrong inside one is reported, never raised."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes | {"commands": {name: _listed(name) for name in COMMANDS}})

    def resolve_command(self, ctx: Any, args: Sequence[str]) -> Any:
        """A command of the engine's own, or of the app's plugins: those may have two words."""
        if _may_be_plugged(args):
            plugged = _plugged(_folder(args))
            for words in (2, 1):
                name = " ".join(args[:words])
                if len(args) >= words and name in plugged:
                    return name, plugged[name], list(args[words:])
            self.commands.update(plugged)
        known, found, rest = super().resolve_command(ctx, list(args))
        return known, found and _loaded(found.name), rest

    def list_commands(self, ctx: Any) -> list[str]:
        """In the folder of an app those of its plugins too."""
        if next(Path().glob("*.y*ml"), None) is not None:
            self.commands.update(_plugged(Path()))
        return super().list_commands(ctx)

    def invoke(self, ctx: Any) -> Any:
        with reported():
            return super().invoke(ctx)


def _may_be_plugged(args: Sequence[str]) -> bool:
    """Of its own commands, plugins have something to say to `explain` alone."""
    if not args or args[0].startswith("-"):
        return False
    return args[0] not in COMMANDS or (args[0] == _EXTENDED and len(args) > 1 and args[1][:1] != "-")


def _folder(args: Sequence[str]) -> Path:
    """The app's folder, which decides what commands there are."""
    for at, each in enumerate(args):
        if each == _APP and at + 1 < len(args):
            return Path(args[at + 1])
        if each.startswith(f"{_APP}="):
            return Path(each.partition("=")[2])
    return Path()


def _plugged(folder: Path) -> Mapping[str, TyperCommand]:
    found: Mapping[str, TyperCommand] = import_module("salesmode.cli.plugged").plugged_commands(folder)
    return found


def _listed(name: str) -> TyperCommand:
    return TyperCommand(name, help=COMMANDS[name])


def _loaded(name: str | None) -> Any:
    with staying():
        module = import_module(f"salesmode.cli.{name}{'_' * iskeyword(str(name))}")
    return typer.main.get_command(module.app)


main = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"salesmode {installed_version('salesmode')}")
        raise typer.Exit


@main.callback(help="A CRM from metadata: YAML becomes SQL tables and a GraphQL API that enforces all of it.")
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None: ...
