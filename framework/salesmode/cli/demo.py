"""`salesmode demo [PRESET]`: a CRM with data, users, tokens and a query to paste."""

import asyncio
import socket
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from uvicorn.loops.auto import auto_loop_factory

from salesmode.cli.demo_data import ready
from salesmode.cli.demo_greeting import Person, greet, query_of
from salesmode.cli.demo_place import Place, place_of
from salesmode.cli.metadata import compiled
from salesmode.cli.presets import preset_folder
from salesmode.cli.project import opened
from salesmode.cli.secret import kept_secret
from salesmode.cli.serving import HOST, PORT, HostOption, PortOption, address, listening, serve_until_stopped
from salesmode.demo.population import Size
from salesmode.jobs import Worker, working
from salesmode.server.application import application
from salesmode.server.tokens import new_token
from salesmode.tables import tables_of

_PRESET = "expert_b2b"
_LIFETIME = timedelta(days=365)

app = typer.Typer(add_completion=False)


@app.command(help="Start a CRM with data, users and tokens; everything is kept for the next start.")
def demo(
    preset: Annotated[str, typer.Argument(metavar="[PRESET]", help="Which sales mode.")] = _PRESET,
    *,
    size: Annotated[Size, typer.Option("--size", help="How much data to make.")] = "m",
    host: HostOption = HOST,
    port: PortOption = PORT,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", show_default="a file of the demo's own in .salesmode"),
    ] = None,
) -> None:
    folder = preset_folder(preset)
    place = place_of(preset, database)
    with listening(host, port) as at, asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_demo(folder, place, at, size))


async def _demo(folder: Path, place: Place, at: socket.socket, size: Size) -> None:
    app = compiled(folder)
    async with opened(place.url) as database:
        people = await ready(database, app, size)
        secret = kept_secret(place.secret)
        signed_in = [
            Person(name, roles, new_token(secret, name, lifetime=_LIFETIME)) for name, roles in people
        ]
        greet(address(at), signed_in, query_of(folder))
        async with working(Worker(tables_of(app.model, database.dialect), database)):
            await serve_until_stopped(application(app.model, database, secret=secret), at)
