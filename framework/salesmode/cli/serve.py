"""`salesmode serve`: the GraphQL API of an app."""

import asyncio
import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from uvicorn.loops.auto import auto_loop_factory

from salesmode.cli.faults import Fault, usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder, Audience, DatabaseUrl, Issuer
from salesmode.cli.project import database_url, looked_at
from salesmode.cli.reloading import changed_models
from salesmode.cli.secret import given_secret, random_secret
from salesmode.cli.serving import HOST, PORT, HostOption, PortOption, address, listening, serve_until_stopped
from salesmode.cli.settings import LIMITS, settings_of
from salesmode.cli.terminal import counted, say_note
from salesmode.cli.workers import serve_by_workers
from salesmode.model.app import Model
from salesmode.server.key_sets import WEB
from salesmode.server.served import Served
from salesmode.tables.migrations import plan

app = typer.Typer(add_completion=False)


@app.command(
    help="Serve the GraphQL API. SALESMODE_SECRET verifies tokens, or a key set does; "
    "SALESMODE_LIMIT_NAME is --limit NAME."
)
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
    workers: Annotated[int, typer.Option("--workers", min=1, metavar="N", help="How many processes.")] = 1,
    work: Annotated[
        bool,
        typer.Option(
            "--work/--no-work", help="Also do timed work and deliver events, where it is one process."
        ),
    ] = True,
    metrics: Annotated[
        bool, typer.Option("--metrics", help="Also serve /metrics (Prometheus), to whoever asks.")
    ] = False,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            "--cors-origin", metavar="ORIGIN", help="Pages of this site may ask (* for all); may be repeated."
        ),
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option("--limit", metavar="NAME=NUMBER", help=f"Another limit of requests: {LIMITS}."),
    ] = None,
    jwks: Annotated[
        str | None,
        typer.Option(
            "--jwks",
            metavar="URL|FILE",
            envvar="SALESMODE_JWKS",
            help="Also believe tokens that these keys sign (a JSON Web Key Set).",
        ),
    ] = None,
    issuer: Issuer = None,
    audience: Audience = None,
) -> None:
    secret = given_secret(required=not dev and jwks is None) or (random_secret() if dev else None)
    limits = settings_of(limit or [], origin or [], os.environ)
    settings = replace(limits, key_set=_key_set(jwks), issuer=issuer, audience=audience, metrics=metrics)
    url = database_url(database, folder)
    with listening(host, port) as at:
        served = Served(compiled(folder).model, url, secret, dev, settings, works=work and workers == 1)
        with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
            runner.run(_fits(url, served.model))
            say_note(f"{served.model.app.name} on {address(at)}/graphql")
            if workers == 1:
                runner.run(_serve(served, folder, at))
        if workers > 1:
            serve_by_workers(served, folder, at, workers)


def _key_set(address: str | None) -> str | None:
    """Where the keys are; wrong usage for a file that is not there."""
    if address is not None and not address.startswith(WEB) and not Path(address).is_file():
        raise usage(f"--jwks: there is no file '{address}'", hint="https://… or the path of a file")
    return address


async def _serve(served: Served, folder: Path, at: socket.socket) -> None:
    reloading = asyncio.create_task(_reload(served, folder))
    try:
        await serve_until_stopped(served, at, lifespan="on")
    finally:
        reloading.cancel()


async def _reload(served: Served, folder: Path) -> None:
    async for each in changed_models(folder, served.model, lambda: served.database):
        served.replace(each)


async def _fits(url: str, model: Model) -> None:
    """A server on other tables than the metadata's would fail request by request."""
    async with looked_at(url) as database:
        steps = (await plan(database, model)).steps
    if steps:
        missing = counted(len(steps), "change")
        raise Fault(f"the database does not fit the metadata: {missing} to make", hint="salesmode apply")
