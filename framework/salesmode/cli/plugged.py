"""Commands of the plugins of an app: listed, made with their arguments, and run."""

import asyncio
import inspect
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table as Grid
from typer.core import TyperCommand

from salesmode.access.scope import SystemScope
from salesmode.cli.commands import COMMANDS
from salesmode.cli.faults import Fault
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppOption, AsJson, DatabaseUrl
from salesmode.cli.project import database_url, environment_of, filled
from salesmode.cli.terminal import console
from salesmode.compiler.plugged import plugins_named
from salesmode.database.driver import UnitOf
from salesmode.hooks.shell import Argument, Command, Table
from salesmode.model.app import Model
from salesmode.plugins import Added, Commands, commands_of, shown
from salesmode.records.desks.desk import plugged
from salesmode.tables import tables_of

_TAKEN = (*((name,) for name in COMMANDS), ("explain", "access"), ("explain", "stage"))


def plugged_commands(folder: Path) -> Mapping[str, TyperCommand]:
    """Those of the app in that folder, by name; none where it is no app. Fault for one that cannot be."""
    found = _commands(folder)
    for fault in found.faults:
        raise Fault(f"{fault.message}: {fault.why}", hint=fault.hint)
    return {" ".join(name): _command(each) for name, each in found.found.items()}


def _commands(folder: Path) -> Commands:
    return commands_of(plugins_named(folder), _TAKEN)


def _command(added: Added[Command]) -> TyperCommand:
    """The command as typer takes it: its own arguments, and what every command has."""
    command = added.given

    def run(*, folder: Path, database: str | None, as_json: bool, **given: str | None) -> None:
        answer = _answer(added, given, compiled(folder).model, database_url(database, folder))
        _print(answer, as_json=as_json)

    own = [_parameter(each) for each in command.arguments]
    shared = [
        inspect.Parameter("folder", inspect.Parameter.KEYWORD_ONLY, default=HERE, annotation=AppOption),
        inspect.Parameter("database", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=DatabaseUrl),
        inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=AsJson),
    ]
    required = [each for each in own if each.default is inspect.Parameter.empty]
    optional = [each for each in own if each.default is None]
    run.__signature__ = inspect.Signature([*required, *optional, *shared])  # type: ignore[attr-defined]
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(name=" ".join(command.name), help=command.help)(run)
    made = typer.main.get_command(app)
    assert isinstance(made, TyperCommand)
    return made


def _parameter(argument: Argument) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    if argument.optional:
        option = typer.Option(f"--{argument.name.replace('_', '-')}", help=argument.help)
        annotation: Any = Annotated[str | None, option]
        return inspect.Parameter(argument.name, kind, default=None, annotation=annotation)
    word = typer.Argument(metavar=argument.name.upper(), help=argument.help)
    return inspect.Parameter(argument.name, kind, annotation=Annotated[str, word])


def _answer(
    added: Added[Command], given: Mapping[str, str | None], model: Model, url: str
) -> Sequence[str] | Table:
    return asyncio.run(_run(added, given, model, url))


async def _run(
    added: Added[Command], given: Mapping[str, str | None], model: Model, url: str
) -> Sequence[str] | Table:
    async with filled(url) as database:
        scope, environment = SystemScope(tables_of(model, database.dialect)), environment_of(model)
        code, desk = plugged(added.plugin, "cli_commands", scope, environment)

        def unit() -> UnitOf[Sequence[str] | Table]:
            answer = yield from code.called(partial(added.given.run, desk, given))
            if not _is_answer(answer):
                raise code.nonsense(f"{shown(answer)} is neither lines nor a table")
            found: Sequence[str] | Table = answer
            return found

        return await (database.run(unit) if added.given.writes else database.tried(unit))


def _is_answer(answer: Any) -> bool:
    if not isinstance(answer, list | tuple):
        return False
    rows = all(isinstance(each, Mapping) and all(isinstance(key, str) for key in each) for each in answer)
    return rows or all(isinstance(each, str) for each in answer)


def _print(answer: Sequence[str] | Table, *, as_json: bool) -> None:
    if as_json:
        console.print(orjson.dumps(answer, default=str, option=orjson.OPT_INDENT_2).decode())
        return
    rows = [each for each in answer if isinstance(each, Mapping)]
    for line in answer:
        if isinstance(line, str):
            console.print(line)
    if rows:
        console.print(_grid(rows))


def _grid(rows: Sequence[Mapping[str, object]]) -> Grid:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    grid = Grid(box=None, pad_edge=False)
    for name in columns:
        grid.add_column(name)
    for row in rows:
        grid.add_row(*(_cell(row.get(name)) for name in columns))
    return grid


def _cell(value: object) -> str:
    return "" if value is None else str(value)
