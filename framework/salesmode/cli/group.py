"""The group of all commands: it imports a command's module when that command is called, and no other.

`salesmode --help` and `salesmode validate` therefore never import the server.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version as installed_version
from keyword import iskeyword
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from salesmode.cli.commands import COMMANDS
from salesmode.cli.faults import reported


class LazyGroup(TyperGroup):
    """Lists commands by name and help alone. What goes wrong inside one is reported, never raised."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes | {"commands": {name: _listed(name) for name in COMMANDS}})

    def resolve_command(self, ctx: Any, args: Sequence[str]) -> Any:
        name, found, rest = super().resolve_command(ctx, list(args))
        return name, found and _loaded(found.name), rest

    def invoke(self, ctx: Any) -> Any:
        with reported():
            return super().invoke(ctx)


def _listed(name: str) -> TyperCommand:
    return TyperCommand(name, help=COMMANDS[name])


def _loaded(name: str | None) -> Any:
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
