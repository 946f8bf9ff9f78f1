"""`salesmode apply`: bring the database to the metadata, load the metadata's own records, and let its rules
choose again.
"""

import asyncio
from typing import Annotated

import typer

from salesmode.cli.faults import AT_FAULT, usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder, DatabaseUrl
from salesmode.cli.project import database_url, environment_of, opened
from salesmode.cli.terminal import console, counted, error_console
from salesmode.cli.user_roles import make_administrator
from salesmode.compiler.compiled import Compiled
from salesmode.database.driver import Database
from salesmode.diagnostics import MetadataError
from salesmode.records import load_user_data, reassign, sweep
from salesmode.tables import tables_of
from salesmode.tables.migrations import Plan, apply as bring_to, as_text, undo as take_back

app = typer.Typer(add_completion=False)


@app.command(help="Change the database to fit the metadata, wholly or not at all, and load its records.")
def apply(
    folder: AppFolder = HERE,
    *,
    database: DatabaseUrl = None,
    allow_destructive: Annotated[
        bool, typer.Option("--allow-destructive", help="Also do what loses values.")
    ] = False,
    admin: Annotated[
        str | None, typer.Option("--admin", metavar="NAME", help="Make this user an administrator.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back the last apply, but for what it dropped.")
    ] = False,
) -> None:
    if undo and admin:
        raise usage("--undo and --admin exclude each other")
    url = database_url(database, folder)
    if undo:
        asyncio.run(_undo(url, allow_destructive=allow_destructive))
    else:
        asyncio.run(_apply(url, compiled(folder), admin, allow_destructive=allow_destructive))


async def _undo(url: str, *, allow_destructive: bool) -> None:
    async with opened(url) as database:
        _say(await take_back(database, allow_destructive=allow_destructive))


async def _apply(url: str, found: Compiled, admin: str | None, *, allow_destructive: bool) -> None:
    async with opened(url) as database:
        _say(await bring_to(database, found.model, allow_destructive=allow_destructive))
        await load_records(database, found)
        await _reassigned(database, found)
        if admin:
            await make_administrator(database, tables_of(found.model, database.dialect), admin)
            console.print(f"{admin} is an administrator.")


def _say(plan: Plan) -> None:
    if plan.refusals:
        error_console.print(as_text(plan))
        raise typer.Exit(AT_FAULT)
    console.print(as_text(plan))


async def _reassigned(database: Database, found: Compiled) -> None:
    """What rules choose (`assign`, tags) follows the rules, and the records that were just loaded."""
    tables = tables_of(found.model, database.dialect)
    count = await database.run(lambda: reassign(tables, environment_of(found.model)))
    if count:
        console.print(f"Rules chose otherwise for {counted(count, 'record')}.")
    count = await database.run(lambda: sweep(tables, environment_of(found.model)))
    if count:
        console.print(f"Rules set or removed tags of {counted(count, 'record')}.")


async def load_records(database: Database, found: Compiled) -> None:
    """Bring the metadata's own records (`kind: user_data`) into the database."""
    tables = tables_of(found.model, database.dialect)
    try:
        count = await database.run(lambda: load_user_data(tables, environment_of(found.model)))
    except MetadataError as error:
        raise MetadataError(error.diagnostics, found.sources) from error
    if count:
        console.print(f"{counted(count, 'record')} of the metadata loaded.")
