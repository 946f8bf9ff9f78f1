"""`salesmode serve`: the GraphQL API of an app."""

import asyncio
import socket
from typing import Annotated

import typer
from uvicorn.loops.auto import auto_loop_factory

from salesmode.cli.faults import Fault
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder, DatabaseUrl
from salesmode.cli.project import database_url, opened
from salesmode.cli.secret import given_secret, random_secret
from salesmode.cli.serving import HOST, PORT, HostOption, PortOption, address, listening, serve_until_stopped
from salesmode.cli.terminal import counted, say_note
from salesmode.database.driver import Database
from salesmode.model.app import Model
from salesmode.server.application import application
from salesmode.tables.migrations import plan

app = typer.Typer(add_completion=False)


@app.command(help="Serve the GraphQL API. SALESMODE_SECRET verifies tokens.")
def serve(
    folder: AppFolder = HERE,
    *,
    database: DatabaseUrl = None,
    host: HostOption = HOST,
    port: PortOption = PORT,
    dev: Annotated[
        bool,
        typer.Option("--dev", help="Also believe an X-User header; needs no secret. Never in production."),
    ] = False,
) -> None:
    secret = given_secret(required=not dev) or random_secret()
    url = database_url(database, folder)
    with listening(host, port) as at, asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_serve(url, compiled(folder).model, at, secret, dev=dev))


async def _serve(url: str, model: Model, at: socket.socket, secret: str, *, dev: bool) -> None:
    async with opened(url) as database:
        await _fits(database, model)
        say_note(f"{model.app.name} on {address(at)}/graphql")
        await serve_until_stopped(application(model, database, secret=secret, dev=dev), at)


async def _fits(database: Database, model: Model) -> None:
    """A server on other tables than the metadata's would fail request by request."""
    steps = (await plan(database, model)).steps
    if steps:
        missing = counted(len(steps), "change")
        raise Fault(f"the database does not fit the metadata: {missing} to make", hint="salesmode apply")
