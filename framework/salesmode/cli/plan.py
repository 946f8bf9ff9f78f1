"""`salesmode plan`: what `apply` would do to the database."""

import asyncio
from typing import Annotated

import orjson
import typer

from salesmode.cli.faults import AT_FAULT, usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder, AsJson, DatabaseUrl
from salesmode.cli.project import database_url, looked_at
from salesmode.cli.terminal import console
from salesmode.model.app import Model
from salesmode.tables.migrations import Plan, as_mapping, as_sql, as_text, plan as make_plan

app = typer.Typer(add_completion=False)


@app.command(help="Show what would change in the database, and what stands against it.")
def plan(
    folder: AppFolder = HERE,
    *,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL.")] = False,
) -> None:
    if as_json and sql:
        raise usage("--json and --sql exclude each other")
    made = asyncio.run(_planned(database_url(database, folder), compiled(folder).model))
    if as_json:
        console.print(orjson.dumps(as_mapping(made), option=orjson.OPT_INDENT_2).decode())
    else:
        console.print(as_sql(made).rstrip() if sql else as_text(made))
    if made.refusals:
        raise typer.Exit(AT_FAULT)


async def _planned(url: str, model: Model) -> Plan:
    async with looked_at(url) as database:
        return await make_plan(database, model)
