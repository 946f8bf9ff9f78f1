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
from salesmode.cli.faults import usage
from salesmode.cli.metadata import compiled
from salesmode.cli.presets import preset_folder
from salesmode.cli.project import opened
from salesmode.cli.secret import kept_secret
from salesmode.cli.serving import HOST, PORT, HostOption, PortOption, address, listening, serve_until_stopped
from salesmode.demo.population import Size
from salesmode.jobs import Worker, working
from salesmode.model.app import App
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
    locale: Annotated[
        str | None,
        typer.Option("--locale", help="Language of the records.", show_default="the preset's first"),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", show_default="a file of the demo's own in .salesmode"),
    ] = None,
) -> None:
    folder = preset_folder(preset)
    place = place_of(preset, database)
    with listening(host, port) as at, asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_demo(folder, place, at, size=size, locale=locale))


async def _demo(folder: Path, place: Place, at: socket.socket, *, size: Size, locale: str | None) -> None:
    app = compiled(folder)
    said = _language(locale, app.model.app)
    async with opened(place.url) as database:
        people = await ready(database, app, size, said)
        secret = kept_secret(place.secret)
        signed_in = [
            Person(name, roles, new_token(secret, name, lifetime=_LIFETIME)) for name, roles in people
        ]
        greet(address(at), signed_in, query_of(folder), locale=said)
        async with working(Worker(tables_of(app.model, database.dialect), database)):
            await serve_until_stopped(application(app.model, database, secret=secret), at)


def _language(wanted: str | None, app: App) -> str:
    """One of the preset's languages; wrong usage where it is none."""
    if wanted is None:
        return app.locales[0]
    if wanted not in app.locales:
        raise usage(f"'{app.name}' is not in '{wanted}'", hint=f"there are {', '.join(app.locales)}")
    return wanted
