"""`salesmode apply`: bring the database to the metadata, then load the metadata's own records."""

import asyncio
from typing import Annotated

import typer

from salesmode.cli.user_roles import make_administrator
from salesmode.cli.faults import AT_FAULT
from salesmode.cli.options import HERE, AppFolder, DatabaseUrl
from salesmode.cli.project import compiled, database_url, environment_of, opened
from salesmode.cli.terminal import console, error_console
from salesmode.database.driver import Database
from salesmode.model.app import Model
from salesmode.records.user_data import load_user_data
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
) -> None:
    model = compiled(folder).model
    asyncio.run(_apply(database_url(database, folder), model, admin, allow_destructive=allow_destructive))


async def _apply(url: str, model: Model, admin: str | None, *, allow_destructive: bool) -> None:
    async with opened(url) as database:
        _told(await bring_to(database, model, allow_destructive=allow_destructive))
        await fill(database, model)
        if admin:
            await make_administrator(database, tables_of(model, database.dialect), admin)
            console.print(f"{admin} is an administrator.")


def _told(plan: Plan) -> None:
    if plan.refusals:
        error_console.print(as_text(plan))
        raise typer.Exit(AT_FAULT)
    console.print(as_text(plan))


async def fill(database: Database, model: Model) -> None:
    """Load the metadata's own records (`kind: user_data`)."""
    tables = tables_of(model, database.dialect)
    await database.run(lambda: load_user_data(tables, environment_of(model)))
